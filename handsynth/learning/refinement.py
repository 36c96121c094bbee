"""Latents moved until their strokes lie amid the ink: Gauss-Newton steps with derivatives of the decoder."""

from __future__ import annotations

import numpy as np

from handsynth.hands.letters import PUT
from handsynth.model.model import Model

STEPS = 14
"""Gauss-Newton steps, at most."""

_STILL, _STUCK = 0.005, 10.0
"""A letter is left alone when a step brings it nearer by less px, or when its damping has grown to so much."""

_CORRECTED = 3
"""Steps after which slopes are taken anew, though they may still do."""

_EPSILON = 0.02
"""Step of the finite differences, in units of the latent."""

_PRIOR = 0.3
"""Standard deviation of ink about a letter's strokes, frame px: how much the encoder's word counts beside it."""

_HUBER = 6.0
"""Distances in px beyond which a point says no more than that it is far: the threshold of Huber's loss."""

_MARGIN, _YIELD, _ROUNDS = 2.0, 0.25, 6
"""Standard deviations of copies by which no stroke is to come or go, px of distance to the ink that are given for it,
and steps towards it."""

_DAMPING = 0.05, 0.3
"""Share of the diagonal added at first, and what that is multiplied by after each step."""


class LatentStrokes:
    """What latents [n,V] of characters [n] draw."""

    def __init__(self, model: Model, index: np.ndarray, latents: np.ndarray) -> None:
        style = np.zeros(model.card.style_size, np.float32)
        points, exist = model.decode_strokes(index, style, latents.astype(np.float32))
        self.points, self.exist = points.astype(np.float64), exist.astype(np.float64)
        self.there = np.repeat(exist > 0, model.card.slots, axis=1)

    def off(self, targets: list[np.ndarray]) -> np.ndarray:
        """Root mean square distance to `targets`, both ways [n]."""
        result = np.full(len(targets), np.inf)
        for i, target in enumerate(targets):
            if len(target):
                gap = _squares(self.points[i, self.there[i]], target)
                ways = gap.min(axis=1).mean() + gap.min(axis=0).mean()
                result[i] = np.sqrt(ways / 2)
        return result


def _squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances [p,q] of points [p,2] and [q,2]."""
    across = np.subtract.outer(a[:, 0], b[:, 0])
    down = np.subtract.outer(a[:, 1], b[:, 1])
    return np.asarray(across * across + down * down)


def refined(
    model: Model, index: np.ndarray, start: np.ndarray, mean: np.ndarray, deviation: np.ndarray,
    targets: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Latents from `start`, held to `mean` with `deviation` [n,V]; how far off they are [n], and how sure [n,V].

    Finite differences are taken anew only where a step by the old ones, corrected by what came of the steps before
    (Broyden: A class of methods for solving nonlinear simultaneous equations, 1965), brought a letter no nearer.
    """
    n, size = start.shape
    place = start.copy()
    here = LatentStrokes(model, index, place)
    off = here.off(targets)
    damping = np.full(n, _DAMPING[0])
    hold = 1 / np.maximum(deviation, 0.05) ** 2
    hessian = hold[:, :, None] * np.eye(size)
    slopes, age = np.empty((n, size, *here.points.shape[1:])), np.full(n, -1)
    rows = np.flatnonzero(np.isfinite(off))
    for _ in range(STEPS):
        if not len(rows):
            break
        anew = rows[age[rows] < 0]
        if len(anew):
            slopes[anew] = _slopes(model, index[anew], place[anew], here.points[anew], here.exist[anew])[0]
            age[anew] = 0
        right = np.empty((len(rows), size))
        for k, i in enumerate(rows.tolist()):
            there = here.there[i]
            normal, right[k] = _pull(here.points[i, there], slopes[i][:, there], targets[i])
            hessian[i] = normal + np.diag(hold[i])
        damped = hessian[rows] * (1 + damping[rows, None, None] * np.eye(size))
        step = np.linalg.solve(damped, (right + hold[rows] * (mean[rows] - place[rows]))[..., None])[..., 0]
        tried = place[rows] + np.clip(step, -1.5, 1.5)
        new = LatentStrokes(model, index[rows], tried)
        far = new.off([targets[i] for i in rows])
        nearer = off[rows] - far
        better, exact = nearer > 0, age[rows] == 0
        good = rows[better]
        for k in np.flatnonzero(better).tolist():
            i, way = rows[k], tried[k] - place[rows[k]]
            missed = new.points[k] - here.points[i] - np.tensordot(way, slopes[i], 1)
            slopes[i] += np.multiply.outer(way / max(float(way @ way), 1e-12), missed)
        place[good], off[good] = tried[better], far[better]
        here.points[good], here.there[good] = new.points[better], new.there[better]
        here.exist[good] = new.exist[better]
        damping[rows] *= np.where(better, _DAMPING[1], np.where(exact, 8, 1))
        # slopes that failed, or have been corrected often, are taken anew; those of a place that was not left are true
        age[good] += 1
        failed = ~exact & (nearer <= _STILL)
        age[rows[failed]] = -1
        age[age > _CORRECTED] = -1
        rows = rows[failed | np.where(better, nearer > _STILL, damping[rows] < _STUCK)]
    return place, off, np.sqrt(np.diagonal(np.linalg.inv(hessian), axis1=1, axis2=2))


def _slopes(
    model: Model, index: np.ndarray, place: np.ndarray, points: np.ndarray, exist: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Derivatives float64 [n,V,P,2] of points and [n,V,K] of whether strokes exist, by latents [n,V] that draw them."""
    n, size = place.shape
    moved = (place[:, None] + _EPSILON * np.eye(size)).reshape(-1, size)
    beside = LatentStrokes(model, np.repeat(index, size), moved)
    return (
        (beside.points.reshape(n, size, -1, 2) - points[:, None]) / _EPSILON,
        (beside.exist.reshape(n, size, -1) - exist[:, None]) / _EPSILON,
    )


def whole(
    model: Model, index: np.ndarray, place: np.ndarray, off: np.ndarray, targets: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Latents [n,V], and how far off they are [n], from which copies keep the strokes that the letters have.

    And whether they do, bool [n]. Where copies would often gain or lose a stroke a latent is moved, to where that costs
    least distance to the ink.
    """
    place, off = place.copy(), off.copy()
    worst = off + _YIELD
    reach = np.array(model.card.spread) * PUT
    rows, share = np.flatnonzero(np.isfinite(off)), np.ones(len(off))
    for _ in range(_ROUNDS):
        if not len(rows):
            break
        here = LatentStrokes(model, index[rows], place[rows])
        slopes, slopes_exist = _slopes(model, index[rows], place[rows], here.points, here.exist)
        sway = np.sqrt(((slopes_exist * reach[:, None]) ** 2).sum(axis=1))  # [rows,K]
        lack = _MARGIN * sway - np.abs(here.exist)
        step = np.zeros_like(place[rows])
        for k, i in enumerate(rows.tolist()):
            short = lack[k] > 0
            if not short.any():
                continue
            there = here.there[k]
            normal, _ = _pull(here.points[k, there], slopes[k][:, there], targets[i])
            towards = (np.sign(here.exist[k]) * slopes_exist[k])[:, short]  # [V,strokes]
            cheap = np.linalg.solve(normal + np.eye(len(normal)), towards)
            step[k] = cheap @ np.linalg.lstsq(towards.T @ cheap, lack[k][short], rcond=None)[0]
        tried = place[rows] + share[rows, None] * np.clip(step, -1, 1)
        new = LatentStrokes(model, index[rows], tried)
        far = new.off([targets[i] for i in rows])
        wanting = (lack > 0).any(axis=1)
        good = wanting & ((new.exist > 0) == (here.exist > 0)).all(axis=1) & (far <= worst[rows])
        place[rows[good]], off[rows[good]] = tried[good], far[good]
        share[rows[~good]] /= 2
        rows = rows[wanting]
    firm = np.ones(len(off), bool)
    firm[rows] = False
    return place, off, firm


def _pull(drawn: np.ndarray, slopes: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normal equations, float64 [V,V] and [V], of bringing points [p,2] with derivatives [V,p,2] to the ink [q,2]."""
    size = len(slopes)
    gap = _squares(drawn, target)
    # pairs of points: each drawn one with the nearest of the ink, and each of the ink with the nearest drawn
    back = gap.argmin(axis=0)
    one, other = target[gap.argmin(axis=1)] - drawn, target - drawn[back]
    # as many independent points as there are px of line, about; far ones are held back
    held = len(target) / 4 / _PRIOR**2
    weight, pull = np.zeros(len(drawn)), np.zeros((len(drawn), 2))
    for residual, to, count in ((one, None, len(drawn)), (other, back, len(target))):
        length = np.sqrt((residual**2).sum(axis=1))
        share = held / count * np.minimum(1, _HUBER / np.maximum(length, 1e-9))
        towards = residual * share[:, None]
        if to is None:
            weight, pull = weight + share, pull + towards
        else:
            weight += np.bincount(to, share, len(drawn))
            pull += np.stack([np.bincount(to, axis, len(drawn)) for axis in towards.T], axis=1)
    flat = slopes.reshape(size, -1)
    heavy = (slopes * weight[None, :, None]).reshape(size, -1)
    return heavy @ flat.T, flat @ pull.ravel()

"""Letters on pictures as latents of the model: read by its encoder, refined until the strokes lie amid the ink.

The encoder knows a letter's strokes at once and about where they run; a few Gauss-Newton steps with the decoder's
derivatives, finite differences that each step corrects, move them onto the centreline of the ink. Distances are taken
both ways, from the drawn strokes to the centreline and back, so that neither an order nor a direction of writing
matters. What the latent leaves is made up for by offsets of the points.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from handsynth import noise
from handsynth.hands.letters import PUT
from handsynth.ink.centreline import traces
from handsynth.ink.measure import pen_width
from handsynth.learning.legible import brought_back, spoilt
from handsynth.learning.offsets import offsets
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

_SPACING = 1.0
"""Frame px between points of a centreline."""

WORST, LEFT = 1.2, 0.36
"""A letter whose latent's strokes lie further than so many px from its ink was not understood, unless offsets leave no
more than the second."""

STARTS, POOR = 12, 0.5
"""Letters that lie further than so many px from their ink after the first try are tried from the nearest of so many
other drawings of the character."""

MORE, NEAREST = 64, 8
"""Those that were not understood are from each of the nearest of these. Others are not: where ink has run together its
centreline may be nearer to another form than the one that the encoder saw."""

ASTRAY, _OTHERS, _NEARER = 1.5, 3, 0.2
"""Letters with a stroke that runs further than so many px from all ink, or with ink so far from all strokes, are tried
from so many of those, too; and by how much nearer those have to be."""

_MARGIN, _YIELD, _ROUNDS = 2.0, 0.25, 6
"""Standard deviations of copies by which no stroke is to come or go, px of distance to the ink that are given for it,
and steps towards it."""

_DAMPING = 0.05, 0.3
"""Share of the diagonal added at first, and what that is multiplied by after each step."""


@dataclass(frozen=True)
class Fitted:
    """n letters; V the size of the latent, P the points of a letter."""

    latents: np.ndarray
    """f32 [n,V]: variations that draw the letters, in half precision, as files keep them."""
    deviation: np.ndarray
    """f32 [n,V]: their standard deviations, as far as the ink tells."""
    off: np.ndarray
    """f64 [n]: root mean square distance between those strokes and the centreline, both ways, frame px; inf without
    ink."""
    offsets: np.ndarray
    """f32 [n,P,2]: what moves those strokes' points onto the centreline."""
    left: np.ndarray
    """f64 [n]: the distance that this leaves."""
    astray: np.ndarray
    """f64 [n]: the greatest distance that this leaves, of a stroke to the ink or of ink to the strokes."""
    firm: np.ndarray
    """bool [n]: whether copies keep the letter's strokes."""

    @property
    def good(self) -> np.ndarray:
        """Which letters were understood, bool [n]."""
        return np.asarray((self.off <= WORST) | ((self.left <= LEFT) & self.firm))

    def take(self, rows: np.ndarray) -> Fitted:
        """Some of the letters."""
        return Fitted(*(getattr(self, part.name)[rows] for part in fields(self)))

    def put(self, rows: np.ndarray, other: Fitted) -> None:
        """Set the letters `rows` to those of `other`."""
        for part in fields(self):
            getattr(self, part.name)[rows] = getattr(other, part.name)


def fitted(
    model: Model, index: np.ndarray, images: np.ndarray, ink: np.ndarray, style: np.ndarray, *, lead: bool = True
) -> Fitted:
    """Latents of `images` uint8 [n,H,H] (255 = ink) with the fields `ink` [n,H,H] of the characters `index` [n].

    `style` f32 [S] draws the other starts. `lead`: all ink is the letter's; strokes that run astray are led along it.
    """
    mean, logvar, *_ = model.encode(images.astype(np.float32) / 255, index)
    letters = _InkLines([[trace.points for trace in letter] for letter in traces(ink, model.frame)])
    deviation = np.exp(0.5 * np.clip(logvar, -12, 4)).astype(np.float64)
    found, off, sure = _refined(model, index, mean.astype(np.float64), mean, deviation, letters.targets)
    again = np.flatnonzero((off > POOR) & np.isfinite(off))
    some = letters.take(again)
    start = _starts(model, index[again], some, style, STARTS, 1)
    other, off_other, sure_other = _anew(model, index[again], start, some)
    better = off_other < off[again]
    rows = again[better]
    found[rows], off[rows], sure[rows] = other[better], off_other[better], sure_other[better]
    result = _finished(model, index, found, off, sure, letters, lead)
    again = np.flatnonzero((result.off > WORST) & np.isfinite(off))
    start = _starts(model, index[again], letters.take(again), style, MORE, NEAREST)
    again = np.repeat(again, NEAREST)
    some = letters.take(again)
    trial = _finished(model, index[again], *_anew(model, index[again], start, some), some, lead)
    for k in np.argsort(-trial.left, kind="stable").tolist():  # the nearest last
        if trial.firm[k] and trial.left[k] < result.left[again[k]]:
            result.put(again[[k]], trial.take(np.array([k])))
    if lead:
        _otherwise(model, index, letters, style, result)
        if model.has("reader"):
            _read_again(model, index, images, pen_width(ink), mean, letters, result)
    return result


def _read_again(
    model: Model, index: np.ndarray, images: np.ndarray, pen: float, told: np.ndarray, ink: _InkLines, result: Fitted
) -> None:
    """Letters that are not read where their strokes lie amid the ink, from latents nearer to what the encoder told."""
    known = np.flatnonzero(result.good)
    lost, seen = spoilt(model, index[known], images[known], result.latents[known], result.offsets[known], pen)
    rows, seen = known[lost], seen[lost]
    if not len(rows):
        return
    latents, found = brought_back(model, index[rows], told[rows], result.latents[rows], seen, pen)
    rows, latents = rows[found], latents[found]
    if not len(rows):
        return
    some, strokes = ink.take(rows), _Strokes(model, index[rows], latents)
    off = strokes.off(some.targets)
    moves, left, _ = offsets(strokes.points, strokes.exist > 0, some.lines, model.card.slots, lead=False)
    again, _ = spoilt(model, index[rows], images[rows], latents, moves, pen)
    moves[again], left[again] = 0, off[again]
    near = (off <= WORST) | (left <= LEFT)
    rows = rows[near]
    result.latents[rows], result.offsets[rows] = latents[near], moves[near]
    result.off[rows], result.left[rows] = off[near], left[near]


def _otherwise(model: Model, index: np.ndarray, ink: _InkLines, style: np.ndarray, result: Fitted) -> None:
    """Letters whose strokes run astray from drawings with other strokes, which are led along the ink at once."""
    again = np.flatnonzero((result.astray > ASTRAY) & np.isfinite(result.off))
    if not len(again):
        return
    start = _starts(model, index[again], ink.take(again), style, MORE, _OTHERS)
    again = np.repeat(again, _OTHERS)
    some = ink.take(again)
    off = _Strokes(model, index[again], start).off(some.targets)
    trial = _finished(model, index[again], start, off, result.deviation[again], some, True)
    for k in np.argsort(-trial.astray - trial.left, kind="stable").tolist():  # the nearest last
        better = trial.astray[k] + trial.left[k] < result.astray[again[k]] + result.left[again[k]] - _NEARER
        if trial.firm[k] and trial.left[k] <= LEFT and better:
            result.put(again[[k]], trial.take(np.array([k])))


class _InkLines:
    """Centrelines of the ink of n letters."""

    def __init__(self, lines: list[list[np.ndarray]], targets: list[np.ndarray] | None = None) -> None:
        self.lines = lines
        self.targets = [_points(letter) for letter in lines] if targets is None else targets

    def take(self, rows: np.ndarray) -> _InkLines:
        return _InkLines([self.lines[i] for i in rows.tolist()], [self.targets[i] for i in rows.tolist()])


def _starts(model: Model, index: np.ndarray, ink: _InkLines, style: np.ndarray, count: int, nearest: int) -> np.ndarray:
    """Of so many drawings of each character [n] the `nearest` to its ink, float64 [n nearest,V], letter by letter."""
    many = np.repeat(index, count)
    places = np.array([noise.key_of("start", k) for k in range(count)] * len(index), np.uint64)
    drawn = noise.normals(0, "hand", places, model.card.variation_size)
    start = model.prior(many, model.style_noise(style), drawn)[1].astype(np.float64)
    # all starts are looked at as they are, the nearest are refined
    far = _Strokes(model, many, start).off([target for target in ink.targets for _ in range(count)])
    order = np.argsort(far.reshape(-1, count), axis=1, kind="stable")[:, :nearest]
    return np.asarray(start[(order + count * np.arange(len(index))[:, None]).ravel()])


def _anew(
    model: Model, index: np.ndarray, start: np.ndarray, ink: _InkLines
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As `_refined`, where the encoder has no say."""
    return _refined(model, index, start, start, np.ones_like(start), ink.targets)


def _finished(
    model: Model, index: np.ndarray, place: np.ndarray, off: np.ndarray, sure: np.ndarray, ink: _InkLines, lead: bool
) -> Fitted:
    """Letters of latents [n,V] that are `off` [n] and so `sure` [n,V], with their offsets."""
    place, off, firm = _whole(model, index, place, off, ink.targets)
    kept, deviation = (part.astype(np.float16).astype(np.float32) for part in (place, sure))
    strokes = _Strokes(model, index, kept)
    moves, left, astray = offsets(strokes.points, strokes.exist > 0, ink.lines, model.card.slots, lead=lead)
    return Fitted(kept, deviation, off, moves, left, astray, firm)


def _points(lines: list[np.ndarray]) -> np.ndarray:
    """Points float64 [k,2] at even distances along all of a glyph's lines."""
    parts = []
    for line in lines:
        length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
        at = np.linspace(0, length[-1], max(2, round(length[-1] / _SPACING) + 1))
        parts.append(np.stack([np.interp(at, length, line[:, k]) for k in (0, 1)], axis=1))
    return np.concatenate(parts) if parts else np.empty((0, 2))


class _Strokes:
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


def _refined(
    model: Model, index: np.ndarray, start: np.ndarray, mean: np.ndarray, deviation: np.ndarray,
    targets: list[np.ndarray],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Latents from `start`, held to `mean` with `deviation` [n,V]; how far off they are [n], and how sure [n,V].

    Finite differences are taken anew only where a step by the old ones, corrected by what came of the steps before
    (Broyden: A class of methods for solving nonlinear simultaneous equations, 1965), brought a letter no nearer.
    """
    n, size = start.shape
    place = start.copy()
    here = _Strokes(model, index, place)
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
        new = _Strokes(model, index[rows], tried)
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
    beside = _Strokes(model, np.repeat(index, size), moved)
    return (
        (beside.points.reshape(n, size, -1, 2) - points[:, None]) / _EPSILON,
        (beside.exist.reshape(n, size, -1) - exist[:, None]) / _EPSILON,
    )


def _whole(
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
        here = _Strokes(model, index[rows], place[rows])
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
        new = _Strokes(model, index[rows], tried)
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

"""What a latent cannot say of a letter: small smooth moves of its strokes' points onto the ink's centreline.

Points and ink are paired anew each round, both ways, and the moves solved for: a spline's bending energy, its stretch
and its size are weighed against the distances, all for each px of line, so that slots of any length are as stiff. Where
the moves would jag a stroke the letter is taken to be stiffer. Where a stroke still runs astray, it is led along the
ink's lines (see `routes`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from handsynth.arrays import Floats
from handsynth.hands.letters import OFFSETS, in_steps
from handsynth.ink.branches import along, between
from handsynth.ink.paths import Paths, splined
from handsynth.learning.routes import routed

SPACING = 0.5
"""Frame px between points of a centreline."""

_UP = 4
"""Points that the distance is taken from, for each point of a stroke."""

_BEND, _STRETCH, _SIZE = 1.0, 0.02, 0.02
"""Weights, beside that of the distance, of the moves' second and first derivatives along a stroke and of the moves."""

_OUTLIER = 6.0
"""Frame px: pairs so far apart count a quarter (Geman, McClure)."""

_ACROSS = 4.0
"""Square px that are added to the distance of points whose lines are at right angles: strokes cross."""

_ROUNDS, _SETTLED = 10, 2e-3
"""Rounds at most, and px by which the moves change in the last: far less than a step that files keep."""

_STIFFER, _TRIES = 4.0, 4
"""Times as stiff a letter is that was spoilt, and how often it is tried; at last it keeps the latent's strokes."""

CREASE, _SMOOTH, _NEAR = 1.0, 0.5, 8
"""Radians of a sharp turn, those by which the latent's stroke turns at most where that is new, and points within which
three new ones are a jag: one is a corner that the person wrote, two are a knee."""

_ASTRAY, _NEARER = 1.0, 0.2
"""Frame px: how far a stroke is from all ink, or ink from all strokes, that has to be led along it; and how much nearer
that has to bring it."""

_SHORT = 4.0
"""Strokes shorter than so many px have no jags: dots."""


def offsets(
    points: np.ndarray,
    there: np.ndarray,
    lines: Sequence[Sequence[np.ndarray]],
    slots: Sequence[int],
    *,
    lead: bool = True,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Moves f32 [n,P,2] of `points` [n,P,2] onto the ink, in whole steps as files keep them; zero where there is none.

    And the root mean square distance between strokes and ink that they leave, and the greatest, both ways, float64 [n]
    each; inf without ink.

    `there` bool [n,K]: which strokes exist, of so many points as `slots` [K] says. `lines`: of each letter's ink the
    centrelines, float64 [k,2] each. `lead`: lead strokes that run astray along all ink, whatever it is. In frame px.
    """
    result = np.zeros(points.shape, np.float32)
    left, astray = np.full((2, len(points)), np.inf)
    for i, ink in enumerate(lines):
        strokes = strokes_of(there[i], slots)
        if ink and strokes:
            rows = np.concatenate(strokes)
            letter = SplineSystem([points[i, some].astype(np.float64) for some in strokes])
            spaced = [even(line) for line in ink]
            result[i, rows] = in_steps(_moves(letter, spaced))
            left[i], astray[i] = letter.off(result[i, rows], np.concatenate(spaced))
            if lead and astray[i] > _ASTRAY:
                result[i, rows], left[i], astray[i] = _led(letter, spaced, result[i, rows], left[i], astray[i])
    return result, left, astray


def _led(
    letter: SplineSystem, spaced: Sequence[np.ndarray], moves: np.ndarray, left: float, astray: float
) -> tuple[np.ndarray, float, float]:
    """The best moves [P,2] along the ink's lines, and what they leave; those that are given where none is better."""
    best = moves, left, astray
    for way in routed(np.split(letter.points + moves, letter.starts[1:-1]), spaced):
        tried = in_steps(np.concatenate(way) - letter.points)
        off, far = letter.off(tried, np.concatenate(spaced))
        if letter.spoilt(tried, CREASE):
            continue
        if off + far < best[1] + best[2] - (_NEARER if best[0] is moves else 0):
            best = tried, off, far
    return best


def _moves(letter: SplineSystem, spaced: Sequence[np.ndarray]) -> np.ndarray:
    """Moves float64 [P,2] of the points of strokes towards lines of evenly spaced points."""
    target, way = np.concatenate(spaced), np.concatenate([directions(line) for line in spaced])
    for attempt in range(_TRIES):
        moves = bounded(letter.solved(target, way, _STIFFER**attempt))
        # what was spoilt once is to become smooth
        if not letter.spoilt(moves, CREASE if not attempt else _SMOOTH):
            return moves
    return np.zeros_like(moves)


def bounded(moves: np.ndarray) -> np.ndarray:
    """The same moves [P,2], none longer than may be."""
    length = np.linalg.norm(moves, axis=1)
    return np.asarray(moves * np.minimum(1, OFFSETS / np.maximum(length, 1e-9))[:, None])


def strokes_of(there: np.ndarray, slots: Sequence[int]) -> list[np.ndarray]:
    """The points, int64 [k] each, of the strokes that are `there`, bool [K], of so many points as `slots` [K] says."""
    bounds = np.concatenate([[0], np.cumsum(slots)])
    return [np.arange(bounds[k], bounds[k + 1]) for k in np.flatnonzero(there).tolist()]


class SplineSystem:
    """Strokes of one letter as one linear system: P points, F points of the splines through them."""

    def __init__(self, strokes: list[np.ndarray]) -> None:
        self.strokes = strokes
        self.points = np.concatenate(strokes)
        sizes = [len(stroke) for stroke in strokes]
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self.splines = splines = [_spline(size) for size in sizes]
        self.fine = np.concatenate([[0], np.cumsum([len(spline) for spline in splines])])
        self.lengths = [float(np.linalg.norm(np.diff(stroke, axis=0), axis=1).sum()) for stroke in strokes]
        self.spline = np.zeros((self.fine[-1], self.starts[-1]))
        self.weight = np.empty(self.fine[-1])
        for k, spline in enumerate(splines):
            self.spline[self.fine[k] : self.fine[k + 1], self.starts[k] : self.starts[k + 1]] = spline
            self.weight[self.fine[k] : self.fine[k + 1]] = max(self.lengths[k], 1.0) / len(spline)

    def _stiffness(self, times: float) -> np.ndarray:
        """Quadratic form float64 [P,P] of the moves, `times` as stiff as usual."""
        result = np.zeros((len(self.points), len(self.points)))
        for k, stroke in enumerate(self.strokes):
            step = max(self.lengths[k] / (len(stroke) - 1), 0.15)
            own = slice(self.starts[k], self.starts[k + 1])
            bend, stretch = _energies(len(stroke))
            result[own, own] = times * (_BEND / step**3 * bend + _STRETCH / step * stretch)
            result[own, own] += _SIZE * step * np.eye(len(stroke))
        return result

    def solved(
        self, target: np.ndarray, way: np.ndarray, times: float, moves: np.ndarray | None = None,
        rounds: int = _ROUNDS, free: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> np.ndarray:  # fmt: skip
        """Moves [P,2] towards ink [q,2] that runs in the directions `way` [q,2], from `moves`.

        `free` says of points [F,2] which are where they may be, bool [F]; only ink draws those.
        """
        stiffness = self._stiffness(times)
        start = self.spline @ self.points
        near = _Nearest(target, way)
        moves = np.zeros_like(self.points) if moves is None else moves
        for _ in range(rounds):
            before, here = moves, start + self.spline @ moves
            # each point of a stroke with the nearest of the ink, and each of the ink with the nearest of a stroke
            to, back = near.pairs(here, np.concatenate([directions(part) for part in np.split(here, self.fine[1:-1])]))
            one = self.weight * _trust(here - target[to])
            if free is not None:
                one[free(here)] = 0
            other = SPACING * _trust(here[back] - target)
            weight = one + np.bincount(back, other, len(start))
            drawn = (np.bincount(back, other * axis, len(start)) for axis in target.T)
            pull = one[:, None] * target[to] + np.stack([*drawn], axis=1) - weight[:, None] * start
            normal = stiffness.copy()
            for k, spline in enumerate(self.splines):
                own, fine = slice(*self.starts[k : k + 2]), slice(*self.fine[k : k + 2])
                normal[own, own] += (spline * weight[fine, None]).T @ spline
            moves = np.linalg.solve(normal, self.spline.T @ pull)
            if np.abs(moves - before).max() < _SETTLED:
                break
        return moves

    def off(self, moves: np.ndarray, target: np.ndarray) -> tuple[float, float]:
        """Root mean square and greatest distance to ink [q,2], both ways."""
        here = self.spline @ (self.points + moves)
        apart = np.maximum(squares(here, target), 0)
        ways = apart.min(axis=0), apart.min(axis=1)
        return float(np.sqrt((ways[0].mean() + ways[1].mean()) / 2)), float(np.sqrt(max(way.max() for way in ways)))

    def winding(self, moves: np.ndarray) -> float:
        """Radians by which the strokes turn more than the latent's, of all strokes the most."""
        after = np.split(self.points + moves, self.starts[1:-1])
        pairs = zip(after, self.strokes, strict=True)
        return max(float(turns(np.diff(new, axis=0)).sum() - turns(np.diff(old, axis=0)).sum()) for new, old in pairs)

    def spoilt(self, moves: np.ndarray, crease: float) -> bool:
        """Whether a stroke is jagged, with turns above `crease`, where the latent's ran smoothly."""
        for k, before in enumerate(self.strokes):
            if self.lengths[k] < _SHORT:
                continue
            after = before + moves[self.starts[k] : self.starts[k + 1]]
            now, was = turns(np.diff(after, axis=0)), turns(np.diff(before, axis=0))
            turned = np.pad(was, 2, mode="edge")
            about = np.lib.stride_tricks.sliding_window_view(turned, 5).max(axis=1)
            sharp = np.flatnonzero((now > crease) & (about < _SMOOTH))
            if (sharp[2:] - sharp[:-2] <= _NEAR).any():
                return True
        return False


class _Nearest:
    """Ink [q,2] that runs in the directions `way` [q,2], and which of it is nearest; in single precision."""

    def __init__(self, target: np.ndarray, way: np.ndarray) -> None:
        self._middle = target.mean(axis=0)
        ink = target - self._middle
        self._square = (ink**2).sum(axis=1).astype(np.float32)
        self._ink, self._way = (2 * ink.T).astype(np.float32), (_ACROSS**0.5 * way.T).astype(np.float32)

    def pairs(self, here: np.ndarray, ways: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each point [p,2] of strokes in the directions `ways` [p,2] the nearest ink, int64 [p], and back [q]."""
        here = (here - self._middle).astype(np.float32)
        apart = ways.astype(np.float32) @ self._way
        apart *= apart
        apart += here @ self._ink
        np.subtract(self._square, apart, out=apart)
        apart += (here**2).sum(axis=1)[:, None]
        return apart.argmin(axis=1), apart.argmin(axis=0)


def squares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Squared distances [p,q] of points [p,2] and [q,2]."""
    return np.asarray((a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1) - 2 * a @ b.T)


def _trust(gap: np.ndarray) -> np.ndarray:
    """Weight [n] of pairs that are `gap` [n,2] apart."""
    return np.asarray(1 / (1 + (gap**2).sum(axis=1) / _OUTLIER**2) ** 2)


def turns(steps: Floats) -> Floats:
    """Angles 0 … pi between steps [k,2] that follow each other."""
    angle = np.diff(np.arctan2(steps[:, 1], steps[:, 0]))
    return np.abs((angle + np.pi) % (2 * np.pi) - np.pi)


def directions(points: np.ndarray) -> np.ndarray:
    """Unit vectors [k,2] along a line [k,2]."""
    steps = np.empty_like(points)
    steps[1:-1] = (points[2:] - points[:-2]) / 2
    steps[0], steps[-1] = points[1] - points[0], points[-1] - points[-2]
    return np.asarray(steps / np.maximum(np.sqrt((steps**2).sum(axis=1)), 1e-6)[:, None])


def even(line: np.ndarray) -> np.ndarray:
    """The same line [_,2] with points `SPACING` apart, two at least."""
    lengths = along(line)
    return between(line, lengths, np.linspace(0, lengths[-1], max(2, round(lengths[-1] / SPACING) + 1)))


@lru_cache(64)
def _spline(size: int) -> np.ndarray:
    """What makes the spline's points of a stroke's, float64 [F,size]."""
    one = np.eye(size)
    found = splined(Paths.of([[np.stack([row, row], axis=1)] for row in one], 1.0), _UP)
    return found.points[:, 0].reshape(size, -1).T.astype(np.float64)


@lru_cache(64)
def _energies(size: int) -> tuple[np.ndarray, np.ndarray]:
    """Squares of second and of first differences along a stroke, as quadratic forms float64 [size,size]."""
    second, first = np.diff(np.eye(size), 2, axis=0), np.diff(np.eye(size), axis=0)
    return second.T @ second, first.T @ first

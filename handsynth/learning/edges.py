"""Strokes moved until the edge of a pen's ink along them is the edge of the ink that was written.

A pen's edge is half a pen from the line that its middle went, at ends and at corners, too. A thinned picture is not as
true: it ends too soon or too late, cuts corners, and makes one line of two strokes that ran together. So strokes that
lie about where their ink is are moved to half a pen inside of its edge. Deeper within ink than that they are let be:
there a blot hides what was written, and the latent's word counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from handsynth.arrays import Flags, Floats, middle
from handsynth.frame import Frame
from handsynth.hands.letters import in_steps
from handsynth.ink import contours
from handsynth.learning.offsets import CREASE, SplineSystem, bounded, directions, even, squares, strokes_of

_ROUNDS = 3
"""Rounds of pairing: strokes are near."""

_STIFF, _WINDING = (1.0, 4.0, 16.0), 4.0
"""Times as stiff as usual that a letter is, the next where the one before jags it, or makes a stroke turn by so many
radians more than the latent's: curls that hide in a blot show with a finer pen."""

_DEEPER = 0.3
"""Frame px by which a stroke is deeper within ink than half a pen where it is let be."""

_THINNER, _FACING = 0.3, -0.7
"""Frame px by which ink may be thinner than the pen, and the cosine of the normals on both sides of thin ink, at most,
whose middle is taken; else it is a nook where strokes meet."""

_ROUND, _BESIDE = 0.5, 2
"""Cosine of an edge's directions so many points before and after, below which it goes round the end of a stroke."""

_RIM = 0.75
"""Frame px from the border of the frame within which an edge is the picture's."""

_NEAR = 1.0
"""Frame px within which the other side of ink is not looked for."""

_LEAST = 4
"""Points of an edge, at least."""


@dataclass(frozen=True, eq=False)
class LetterEdge:
    """The edge of one letter's ink at q points."""

    points: Floats
    """[q,2], frame px."""
    ways: Floats
    """[q,2]: unit vectors along it, as the stroke within goes; zero round the ends of strokes."""
    inward: Floats
    """[q,2]: unit vectors into the ink."""
    radius: Floats
    """[q]: of the largest circle within the ink that touches the edge here (medial axis transform, Blum 1967)."""
    facing: Flags
    """[q]: whether that circle touches the other side of a stroke."""

    def middles(self, half: float) -> tuple[Floats, Floats]:
        """Where the middle of a pen of so much half a width went, [k,2], and in which direction, or zero."""
        thin = self.facing & (self.radius < half)
        known = thin | (self.radius >= half - _THINNER)
        inset = np.where(thin, self.radius, half)[:, None]
        return (self.points + inset * self.inward)[known], self.ways[known]

    def free(self, here: Floats, half: float) -> Flags:
        """Which of the points [p,2] are deep within the ink, bool [p]."""
        apart = squares(here, self.points)
        nearest = apart.argmin(axis=1)
        inside = ((here - self.points[nearest]) * self.inward[nearest]).sum(axis=1) > 0
        return np.asarray(inside & (apart[np.arange(len(here)), nearest] > (half + _DEEPER) ** 2))


def edges(fields: np.ndarray, frame: Frame) -> list[LetterEdge | None]:
    """The edges of letters with `fields` [n,H,H], signed distances in frame px; None where there is no ink."""
    found = contours.trace(fields, frame)
    areas = found.areas()
    result: list[LetterEdge | None] = []
    for first, end in zip(found.glyphs[:-1], found.glyphs[1:], strict=True):
        rings = [found.points[slice(*found.contours[k : k + 2])] for k in range(first, end)]
        # the largest goes around the ink, and ink is on the same side of all
        side = np.sign(areas[first + np.abs(areas[first:end]).argmax()]) if rings else 0.0
        result.append(_edge(rings, float(side), frame))
    return result


def half_pen(found: Sequence[LetterEdge | None]) -> float:
    """Half the usual width of strokes, frame px; 0 without ink."""
    radii = [edge.radius[edge.facing] for edge in found if edge is not None]
    whole = np.concatenate([*radii, np.empty(0)])
    return float(middle(whole)) if len(whole) else 0.0


def moved_to_edges(
    points: np.ndarray, there: np.ndarray, moves: np.ndarray, ink: Sequence[LetterEdge | None], half: float,
    slots: Sequence[int],
) -> np.ndarray:  # fmt: skip
    """Moves f32 [n,P,2] of `points` [n,P,2] by which a pen of so much half a width covers the ink, from `moves`.

    In whole steps, as `offsets` has them, with `there` and `slots` as there. Letters that would jag or curl stay.
    """
    result = moves.copy()
    for i, edge in enumerate(ink):
        strokes = strokes_of(there[i], slots)
        if edge is None or not strokes or half <= 0:
            continue
        target, ways = edge.middles(half)
        if len(target) < _LEAST:
            continue
        rows = np.concatenate(strokes)
        letter = SplineSystem([points[i, some].astype(np.float64) for some in strokes])
        free = partial(edge.free, half=half)
        for stiff in _STIFF:
            solved = letter.solved(target, ways, stiff, moves[i, rows].astype(np.float64), _ROUNDS, free)
            tried = in_steps(bounded(solved))
            if letter.winding(tried) <= _WINDING and not letter.spoilt(tried, CREASE):
                result[i, rows] = tried
                break
    return result


def _edge(rings: Sequence[Floats], side: float, frame: Frame) -> LetterEdge | None:
    parts = []
    for ring in rings:
        points = even(np.concatenate([ring, ring[:1]]))[:-1]
        if len(points) >= _LEAST:
            ways = directions(np.concatenate([points[-2:], points, points[:2]]))
            ways = ways[1:-3] + 2 * ways[2:-2] + ways[3:-1]
            ways /= np.maximum(np.sqrt((ways**2).sum(axis=1)), 1e-6)[:, None]
            around = (np.roll(ways, _BESIDE, axis=0) * np.roll(ways, -_BESIDE, axis=0)).sum(axis=1) < _ROUND
            parts.append((points, ways, around))
    if not parts:
        return None
    points, ways, around = (np.concatenate(part) for part in zip(*parts, strict=True))
    inward = side * np.stack([-ways[:, 1], ways[:, 0]], axis=1)
    radius, other = _circles(points, inward)
    facing = (inward * inward[other]).sum(axis=1) < _FACING
    seen = ((points > _RIM) & (points < frame.size - _RIM)).all(axis=1)
    ways = np.where(around[:, None], 0.0, ways)
    return LetterEdge(points[seen], ways[seen], inward[seen], radius[seen], facing[seen]) if seen.any() else None


def _circles(points: Floats, inward: Floats) -> tuple[Floats, np.ndarray]:
    """Radii [q] of circles that touch an edge [q,2] within, and the points, int64 [q], where they touch it again."""
    apart = squares(points, points)
    ahead = inward @ points.T - (inward * points).sum(axis=1)[:, None]
    # a circle about p + r n goes through c where |c - p|² = 2 r n·(c - p)
    radius = np.where((ahead > 1e-6) & (apart > _NEAR**2), apart / np.maximum(2 * ahead, 1e-9), np.inf)
    other = radius.argmin(axis=1)
    return np.asarray(radius[np.arange(len(points)), other]), other

"""Pen paths of many glyphs as flat columns, and what follows from them without pixels: splines, bounds, moves.

Coordinates are frame px: x to the right, y down from the frame's upper left corner.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from handsynth.ink import pens


@dataclass(frozen=True, eq=False)
class Paths:
    """m strokes of n glyphs, in writing order. A smooth line runs through the points of each (see `splined`)."""

    points: np.ndarray
    """float32 [p,2]."""
    strokes: np.ndarray
    """int64 [m+1]: where each stroke begins in `points`; none is empty."""
    glyphs: np.ndarray
    """int64 [n+1]: where each glyph begins in `strokes`."""
    width: np.ndarray
    """float32 [m]: of the pen, in px."""
    pen: np.ndarray | None = None
    """uint8 [m]: the kind of pen of each stroke (`pens.number`); None: all are round."""
    swell: np.ndarray | None = None
    """float32 [p]: width at each point as a share of the stroke's, where `pensweep.swept` has found it; None: 1."""
    tone: np.ndarray | None = None
    """float32 [p]: darkness at each point as a share of full ink, as `swell`."""

    def __len__(self) -> int:
        return len(self.glyphs) - 1

    @property
    def owner(self) -> np.ndarray:
        """int64 [m]: the glyph of each stroke."""
        return np.repeat(np.arange(len(self)), np.diff(self.glyphs))

    @property
    def stroke(self) -> np.ndarray:
        """int64 [p]: the stroke of each point."""
        return np.repeat(np.arange(len(self.strokes) - 1), np.diff(self.strokes))

    @classmethod
    def empty(cls, count: int) -> Paths:
        """`count` glyphs without ink."""
        none = np.zeros(1, np.int64)
        return cls(np.empty((0, 2), np.float32), none, np.zeros(count + 1, np.int64), np.empty(0, np.float32))

    @classmethod
    def of(cls, drawn: Sequence[Sequence[np.ndarray]], width: float, pen: int = 0) -> Paths:
        """From each glyph's strokes, float [k,2] each; `pen`: the number of its kind."""
        flat = [np.asarray(stroke, np.float32) for glyph in drawn for stroke in glyph]
        return cls(
            np.concatenate(flat) if flat else np.empty((0, 2), np.float32),
            _starts([len(stroke) for stroke in flat]),
            _starts([len(glyph) for glyph in drawn]),
            np.full(len(flat), width, np.float32),
            np.full(len(flat), pen, np.uint8) if pen else None,
        )

    @property
    def first_pen(self) -> int:
        """The kind of pen of the first stroke; 0, the round one, without any."""
        return 0 if self.pen is None or not len(self.pen) else int(self.pen[0])

    def take(self, rows: np.ndarray | slice) -> Paths:
        """Some of the glyphs, in any order and number."""
        rows = np.arange(len(self))[rows]
        strokes = _ranges(self.glyphs, rows)
        points = _ranges(self.strokes, strokes)
        return Paths(
            self.points[points],
            _starts(np.diff(self.strokes)[strokes]),
            _starts(np.diff(self.glyphs)[rows]),
            self.width[strokes],
            None if self.pen is None else self.pen[strokes],
            None if self.swell is None else self.swell[points],
            None if self.tone is None else self.tone[points],
        )

    def with_strokes(self, rows: np.ndarray) -> Paths:
        """The same glyphs with some of their strokes alone, rising int64 [k]."""
        some = replace(self, glyphs=np.arange(len(self.width) + 1)).take(rows)
        return replace(some, glyphs=np.searchsorted(self.owner[rows], np.arange(len(self) + 1)))

    @classmethod
    def joined(cls, parts: Sequence[Paths]) -> Paths:
        """The glyphs of all parts, one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.empty(0)
        return cls(
            np.concatenate([part.points for part in parts]),
            _starts(np.concatenate([np.diff(part.strokes) for part in parts])),
            _starts(np.concatenate([np.diff(part.glyphs) for part in parts])),
            np.concatenate([part.width for part in parts]),
            _column(parts, "pen", "width", np.zeros),
            _column(parts, "swell", "points", np.ones),
            _column(parts, "tone", "points", np.ones),
        )

    def merged(self, counts: np.ndarray) -> Paths:
        """Fewer glyphs: each of as many of these, one after the other, as `counts` [k] says."""
        return replace(self, glyphs=self.glyphs[_starts(counts)])

    def moved(self, matrices: np.ndarray) -> Paths:
        """The points under an affine map for each glyph, float [n,2,3]; widths stay."""
        each = matrices.astype(np.float32)[self.owner[self.stroke]]
        x, y = self.points.T
        moved = each[:, :, 0] * x[:, None] + each[:, :, 1] * y[:, None] + each[:, :, 2]
        return replace(self, points=moved)

    def wider(self, times: np.ndarray | float) -> Paths:
        """Strokes so many times as wide, one number or float [n], one for each glyph: how bold is written."""
        each = np.broadcast_to(np.asarray(times, np.float32), (len(self),))[self.owner]
        return replace(self, width=self.width * each)

    def bounds(self) -> np.ndarray:
        """Boxes of the ink, float64 [n,4]: left, top, right, bottom; glyphs without ink have right < left."""
        result = np.tile(np.array([0.0, 0.0, -1.0, -1.0]), (len(self), 1))
        inked = np.flatnonzero(np.diff(self.glyphs))
        if len(inked):
            half = (0.5 * self.width)[:, None]
            if self.pen is not None:
                half = half * pens.reach()[self.pen].astype(np.float32)
            if self.swell is None:
                low = np.minimum.reduceat(self.points, self.strokes[:-1]) - half
                high = np.maximum.reduceat(self.points, self.strokes[:-1]) + half
            else:
                each = half[self.stroke] * self.swell[:, None]
                low = np.minimum.reduceat(self.points - each, self.strokes[:-1])
                high = np.maximum.reduceat(self.points + each, self.strokes[:-1])
            first = self.glyphs[inked]
            result[inked, :2] = np.minimum.reduceat(low, first)
            result[inked, 2:] = np.maximum.reduceat(high, first)
        return result


def splined(paths: Paths, up: int) -> Paths:
    """The same lines through `up` times as many points: Catmull and Rom's spline (1974), uniform, ends mirrored."""
    if up <= 1 or not len(paths.points):
        return paths
    at = np.arange(len(paths.points))
    last = np.zeros(len(at), bool)
    last[paths.strokes[1:] - 1] = True
    first = np.zeros(len(at), bool)
    first[paths.strokes[:-1]] = True
    begin = at[~last]
    p1, p2 = paths.points[begin], paths.points[begin + 1]
    p0 = np.where(first[begin, None], 2 * p1 - p2, paths.points[np.maximum(begin - 1, 0)])
    p3 = np.where(last[begin + 1, None], 2 * p2 - p1, paths.points[np.minimum(begin + 2, len(at) - 1)])
    t = (np.arange(up, dtype=np.float32) / np.float32(up))[:, None, None]
    a, b = 2 * p1, p2 - p0
    c, d = 2 * p0 - 5 * p1 + 4 * p2 - p3, 3 * p1 - p0 - 3 * p2 + p3
    fine = np.float32(0.5) * (a + t * (b + t * (c + t * d)))
    counts = np.where(last, 1, up)
    starts = _starts(counts)
    points = np.empty((starts[-1], 2), np.float32)
    points[(starts[:-1][begin] + np.arange(up)[:, None])] = fine
    points[starts[:-1][last]] = paths.points[last]

    def between(values: np.ndarray | None) -> np.ndarray | None:
        if values is None:
            return None
        result = np.empty(starts[-1], np.float32)
        step = values[begin + 1] - values[begin]
        result[starts[:-1][begin] + np.arange(up)[:, None]] = values[begin] + t[:, :, 0] * step
        result[starts[:-1][last]] = values[last]
        return result

    return replace(
        paths,
        points=points,
        strokes=_starts(np.add.reduceat(counts, paths.strokes[:-1])),
        swell=between(paths.swell),
        tone=between(paths.tone),
    )


def thinned(paths: Paths, step: int) -> Paths:
    """Every `step`-th point of each stroke, and its last."""
    if step <= 1 or not len(paths.points):
        return paths
    length = np.diff(paths.strokes)
    place = np.arange(len(paths.points)) - np.repeat(paths.strokes[:-1], length)
    keep = place % step == 0
    keep[paths.strokes[1:] - 1] = True
    counts = np.add.reduceat(keep.astype(np.int64), paths.strokes[:-1])
    return replace(
        paths,
        points=paths.points[keep],
        strokes=_starts(counts),
        swell=None if paths.swell is None else paths.swell[keep],
        tone=None if paths.tone is None else paths.tone[keep],
    )


def _column(
    parts: Sequence[Paths], name: str, like: str, usual: Callable[[int, type], np.ndarray]
) -> np.ndarray | None:
    """A column that some parts have, the usual values for those that do not; None where no part has it."""
    found: list[np.ndarray | None] = [getattr(part, name) for part in parts]
    kind = next((values.dtype for values in found if values is not None), None)
    if kind is None:
        return None
    return np.concatenate(
        [
            usual(len(getattr(part, like)), kind.type) if values is None else values
            for part, values in zip(parts, found, strict=True)
        ]
    )


def _starts(counts: Sequence[int] | np.ndarray) -> np.ndarray:
    """int64 [k+1]: where each of so many begins, and where all end."""
    result = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=result[1:])
    return result


def _ranges(starts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The places from starts[i] up to starts[i + 1] for each i of `rows`, one after the other."""
    counts = starts[rows + 1] - starts[rows]
    begins = np.repeat(starts[rows] - _starts(counts)[:-1], counts)
    return begins + np.arange(len(begins))

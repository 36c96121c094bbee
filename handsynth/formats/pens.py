"""Pen strokes of a page's glyphs as curves on the sheet in whole units, and as the text of a path, whatever its syntax.

Each glyph is one path that a round pen strokes: where its lines cross, ink lies once. Drops of ink where lines end are
small rings of the same pen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from handsynth.ink.paths import Paths
from handsynth.ink.pencurves import StrokeCurves, curves
from handsynth.layout.page import Page

_HALVES = np.array([[(-1, 0), (-1, -4 / 3), (1, -4 / 3), (1, 0)], [(1, 0), (1, 4 / 3), (-1, 4 / 3), (-1, 0)]])
"""Two cubics that make a circle about the origin, within 2 % of its radius 1."""


@dataclass(frozen=True)
class Syntax:
    """How a format writes a path: templates of whole numbers."""

    first: str
    """Before a path's first stroke: x, y."""
    move: str
    line: str
    curve: str
    """Three points: x1, y1, x2, y2, x, y."""
    end: str
    """After a path's last stroke."""
    relative: bool
    """Whether operators count from where the pen is, and the first is on the sheet; else all count from the path's
    point."""


@dataclass(frozen=True, eq=False)
class PathStrokes:
    """m strokes of n paths, whole units: a path for each glyph with ink, or several where its pens are."""

    points: np.ndarray
    """int64 [s,4,2]: cubic curves about the path's own point, x right and y down."""
    straight: np.ndarray
    """bool [s]."""
    strokes: np.ndarray
    """int64 [m+1]: where each stroke begins in `points`."""
    paths: np.ndarray
    """int64 [n+1]: where each path begins in `strokes`; none is empty."""
    width: np.ndarray
    """float64 [n]: of the pen, in units."""
    at: np.ndarray
    """int64 [n,2]: the point of each path on the sheet."""
    glyph: np.ndarray
    """int64 [n]: which of the page's glyphs each path belongs to."""

    def text(self, rows: np.ndarray, begins: Sequence[str], syntax: Syntax) -> str:
        """The paths `rows`, int64 [k], one after the other, each after its text of `begins` [k]."""
        strokes = np.diff(self.paths)[rows]
        stroke = np.repeat(self.paths[rows] - np.cumsum(strokes) + strokes, strokes) + np.arange(strokes.sum())
        pieces = np.diff(self.strokes)[stroke]
        piece = np.repeat(self.strokes[stroke] - np.cumsum(pieces) + pieces, pieces) + np.arange(pieces.sum())
        # the rows of text: a path's beginning, for each stroke a move and its pieces, the path's end
        path = np.repeat(np.arange(len(rows)), strokes)
        moves = np.cumsum(pieces) - pieces + np.arange(len(stroke)) + 2 * path + 1
        draws = np.arange(len(piece)) + np.repeat(np.arange(len(stroke)) + 2 * path + 2, pieces)
        first = np.flatnonzero(np.diff(path, prepend=-1))
        last = np.append(first[1:], len(stroke)) - 1
        total = len(piece) + len(stroke) + 2 * len(rows)
        words, numbers, counts = np.full(total, "", object), np.zeros((total, 6), np.int64), np.zeros(total, np.int64)
        words[moves[first] - 1] = np.array(begins, object)[path[first]]
        words[moves[last] + pieces[last] + 1] = syntax.end
        words[moves], words[moves[first]] = syntax.move, syntax.first
        straight, points = self.straight[piece], self.points[piece]
        words[draws] = np.where(straight, syntax.line, syntax.curve)
        begin = self.points[self.strokes[stroke], 0]
        if syntax.relative:
            points = points - points[:, :1]
            begin = np.diff(begin, axis=0, prepend=0) - np.concatenate([[[0, 0]], self._along(stroke[:-1])])
            begin[first] = self.at[rows[path[first]]] + self.points[self.strokes[stroke[first]], 0]
        numbers[moves, :2], counts[moves] = begin, 2
        numbers[draws] = np.where(straight[:, None], np.tile(points[:, 3], 3), points[:, 1:].reshape(-1, 6))
        counts[draws] = np.where(straight, 2, 6)
        used = numbers[np.arange(6) < counts[:, None]]
        written = "".join(words.tolist()) % tuple(used.tolist())
        return written.replace(" -", "-") if syntax.relative else written

    def _along(self, stroke: np.ndarray) -> np.ndarray:
        """From the beginning of strokes to their ends."""
        return np.asarray(self.points[self.strokes[stroke + 1] - 1, 3] - self.points[self.strokes[stroke], 0])


def lines(page: Page, unit: float) -> PathStrokes:
    """The glyphs of `page`, which have strokes, with `unit` units to an x-height."""
    assert page.glyphs.strokes is not None
    return _placed(curves(page.glyphs.strokes), page, unit)


def single_lines(page: Page, unit: float) -> PathStrokes:
    """The same in the order of writing, each stroke a path of its own, and no drops of ink."""
    assert page.glyphs.strokes is not None
    return _placed(curves(written(page.glyphs.strokes)), page, unit, single=True)


def _placed(found: StrokeCurves, page: Page, unit: float, single: bool = False) -> PathStrokes:
    pieces = np.diff(found.strokes)
    owner = np.repeat(np.arange(len(found)), np.diff(found.glyphs))
    matrices, frame = page.matrices() * unit, page.frame
    point = np.array([frame.size / 2, frame.baseline])
    shift = matrices[:, :, :2] @ point + matrices[:, :, 2]
    at = np.rint(shift).astype(np.int64)
    each = np.repeat(owner, pieces)
    turn, rest = matrices[:, :, :2][each], (shift - at)[each]
    x, y = np.moveaxis(found.segments.astype(np.float64) - point, 2, 0)
    points = np.stack([x * turn[:, i, :1] + y * turn[:, i, 1:] + rest[:, i, None] for i in (0, 1)], axis=2)
    straight, strokes = found.straight, found.strokes
    scale = page.scale.astype(np.float64) * unit / frame.xheight
    dot = (pieces == 1) & (points[strokes[:-1]] == points[strokes[:-1], :1]).all(axis=(1, 2))
    base, blob = _pens(owner, found.width, dot)
    if blob.any() and not single:
        radius = ((found.width - base) / 2 * scale[owner])[blob]
        times = 1 + np.repeat(blob, pieces)
        points, straight = np.repeat(points, times, axis=0), np.repeat(straight, times)
        strokes = np.concatenate([[0], np.cumsum(np.add.reduceat(times, strokes[:-1]))])
        for half in range(2):
            rows = strokes[:-1][blob] + half
            points[rows] += _HALVES[half] * radius[:, None, None]
            straight[rows] = False
    pen = np.where(blob, base, found.width)
    begins = np.ones(len(owner), bool)
    if not single:
        begins[1:] = (np.diff(owner) > 0) | (np.diff(pen) != 0)
    starts = np.flatnonzero(begins)
    glyph = owner[starts]
    ends = np.append(starts, len(owner))
    return PathStrokes(
        np.rint(points).astype(np.int64), straight, strokes, ends, pen[starts] * scale[glyph], at[glyph], glyph
    )


def _pens(owner: np.ndarray, width: np.ndarray, dot: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The finest pen of the glyph of each stroke, [m], and whether the stroke is a blob that this pen can draw, too.

    A dot up to twice as wide as the pen is a small ring of it, without a hole.
    """
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    count = np.diff(np.append(starts, len(owner)))
    base = np.repeat(np.minimum.reduceat(width, starts), count) if len(starts) else width
    return base, dot & (width > base) & (width <= 2 * base)


def several(paths: Paths) -> np.ndarray:
    """Which glyphs one pen cannot draw, bool [n]: some of their strokes are wider, and no blobs."""
    base, blob = _pens(paths.owner, paths.width, np.diff(paths.strokes) == 1)
    result = np.zeros(len(paths), bool)
    result[paths.owner[(paths.width != base) & ~blob]] = True
    return result


def written(paths: Paths) -> Paths:
    """The strokes without the drops of ink that lie where they end: what moves a pen."""
    single = np.diff(paths.strokes) == 1
    if not single.any():
        return paths
    ends = np.column_stack([paths.owner, paths.points[paths.strokes[1:] - 1]])
    known = np.zeros(len(ends), bool)
    known[np.unique(ends, axis=0, return_index=True)[1]] = True
    kept = np.flatnonzero(known | ~single)
    some = replace(paths, glyphs=np.arange(len(single) + 1)).take(kept)
    return replace(some, glyphs=np.searchsorted(paths.owner[kept], np.arange(len(paths) + 1)))

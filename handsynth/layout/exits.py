"""How letters are left whose pen ends at their left: back along what it wrote, by a bar, or before the last stroke."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, along, unit, way
from handsynth.layout.penends import Ends

BOTTOMS, TOPS = "sbp", "o"
"""Letters of which the pen may go back to the lowest point of their last curve, or to its highest."""

BOWLS, BOTTOM = "bp", 0.3
"""Letters whose bowl is left along its bottom where it ends so near to the baseline, in x-heights."""

LOWEST, HIGHEST = (-0.3, 0.55), (0.4, 1.25)
"""Heights over the baseline where it leaves them there, in x-heights."""

HOOKED = 0.12
"""So far from its end a stroke may go anywhere, x-heights."""

FLAT = 0.5
"""It goes back until the way to the right is as steep as this."""

BARS, BAR = (0.3, 1.35), 0.2
"""Heights at which a bar may end that the next letter is joined to, and how far it goes to the right, in x-heights."""

KNOT = 0.1, 1.1
"""Heights at which an f of one stroke may end at its stem."""

FOOT = 0.4
"""An x is left where its first stroke ends, below this."""


def other_exits(some: Ends, paths: Paths, points: np.ndarray, frame: Frame, texts: Sequence[str]) -> None:
    """Let letters be left that end at their left, in place.

    `points`: those of `paths`, float64; `texts` [n]: what each writes.
    """
    shut = np.flatnonzero(~some.leaves & (np.diff(paths.glyphs) > 0))
    firsts = [texts[row][:1] for row in shut.tolist()]
    for letters, top in ((BOTTOMS, False), (TOPS, True)):
        rows = shut[np.array([char and char in letters for char in firsts], bool)]
        if len(rows):
            _back(some, paths, points, rows, frame, top)
    heights = (frame.baseline - some.exit[shut, 1]) / frame.xheight
    bowls = np.array([char and char in BOWLS for char in firsts], bool) & (np.abs(heights) < BOTTOM)
    some.leaves[shut[bowls]] = True
    for row, char in zip(shut.tolist(), firsts, strict=True):
        if char == "f":
            _by_bar(some, paths, points, row, frame)
        elif char == "x":
            _by_foot(some, paths, points, row, frame)


def _back(some: Ends, paths: Paths, points: np.ndarray, rows: np.ndarray, frame: Frame, top: bool) -> None:
    """Leave letters `rows` [m] at the lowest point of the curve that they end with, or at its highest, in place."""
    k = float(frame.xheight)
    stroke = paths.glyphs[rows] + some.stroke[rows]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1

    def hooks(some: np.ndarray, place: np.ndarray) -> np.ndarray:
        away = points[np.maximum(place - 1, begin[some, None])] - points[end[some], None]
        return np.asarray((np.hypot(away[:, :, 0], away[:, :, 1]) < HOOKED * k) & (place > begin[some, None]))

    def curves_back(some: np.ndarray, place: np.ndarray) -> np.ndarray:
        first = begin[some, None]
        step = points[np.maximum(place - 1, first)] - points[np.maximum(place, first)]
        ahead, on_side = step[:, :, 0], -step[:, :, 1] if top else step[:, :, 1]
        return np.asarray((place - 1 > first) & ((on_side > 0) | ((ahead > 0) & (-on_side <= FLAT * ahead))))

    at = along(along(end, -1, 6, hooks), -1, 24, curves_back)  # a hook at the very end may go anywhere
    least, most = HIGHEST if top else LOWEST
    height = (frame.baseline - points[at, 1]) / k
    out = unit(points[np.maximum(at - 1, begin)] - points[np.minimum(at + 1, end)])
    good = (at < end) & (height > least) & (height < most) & (out[:, 0] > 0)
    rows, at = rows[good], at[good]
    some.exit[rows], some.out[rows], some.leaves[rows] = points[at], out[good], True
    some.returns[rows] = end[good] - at


def _by_bar(some: Ends, paths: Paths, points: np.ndarray, row: int, frame: Frame) -> None:
    """Leave an f along its bar, where that is its last stroke, in place."""
    last = int(paths.glyphs[row + 1]) - 1
    number, k = last - int(paths.glyphs[row]), float(frame.xheight)
    if number <= some.stroke[row]:
        # its bar is what its loop ends with
        height = (frame.baseline - some.exit[row, 1]) / k
        some.leaves[row] = some.stroke[row] == number == 0 and KNOT[0] < height < KNOT[1]
        return
    bar = points[paths.strokes[last] : paths.strokes[last + 1]]
    stem = points[paths.strokes[last - 1] : paths.strokes[last]]
    height = (frame.baseline - bar[-1, 1]) / k
    right = stem[np.abs(stem[:, 1] - bar[-1, 1]) < BAR * k, 0].max(initial=-np.inf)
    if BARS[0] < height < BARS[1] and bar[-1, 0] - bar[0, 0] > BAR * k and bar[-1, 0] > right > -np.inf:
        _left(some, paths, row, number, points, k)


def _by_foot(some: Ends, paths: Paths, points: np.ndarray, row: int, frame: Frame) -> None:
    """Leave an x where its first stroke ends, at its right foot; the other follows as a bar does. In place."""
    first, k = int(paths.glyphs[row]), float(frame.xheight)
    stroke = points[paths.strokes[first] : paths.strokes[first + 1]]
    if some.stroke[row] == 1 and (frame.baseline - stroke[-1, 1]) / k < FOOT and stroke[-1, 0] > stroke[0, 0]:
        _left(some, paths, row, 0, points, k)


def _left(some: Ends, paths: Paths, row: int, number: int, points: np.ndarray, k: float) -> None:
    stroke = int(paths.glyphs[row]) + number
    begin, end = paths.strokes[stroke : stroke + 1], paths.strokes[stroke + 1 : stroke + 2] - 1
    some.exit[row], some.out[row] = points[end[0]], way(points, end, begin, REACH * k, -1)[0]
    some.stroke[row], some.leaves[row] = number, True


def with_return(paths: Paths, some: Ends, rows: np.ndarray, tails: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What follows the strokes that glyphs `rows` [m] are left by: the stroke int64 [p] and the point [p,2] of each.

    `tails` [m,k,2] are the joins; the pen goes back to where they begin.
    """
    leaving, back = paths.glyphs[rows] + some.stroke[rows], some.returns[rows]
    number = np.arange(back.sum()) - np.repeat(np.cumsum(back) - back, back) + 1
    ways = paths.points[np.repeat(paths.strokes[leaving + 1] - 1, back) - number]
    strokes = np.concatenate([np.repeat(leaving, back), np.repeat(leaving, tails.shape[1])])
    order = np.argsort(strokes, kind="stable")
    return strokes[order], np.concatenate([ways, tails.reshape(-1, 2)])[order]

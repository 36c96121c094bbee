"""How letters are entered whose beginning is not at their left: over their top, or at that of a stem that slopes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, unit, way
from handsynth.layout.penends import Ends

STEMS, TALL = frozenset("bhijklmnprtuvwxy"), frozenset("bhklt")
"""Letters that begin at their left, though what slopes to the right may begin right of the rest of them."""

LOWEST, HIGHEST, TALLEST = -0.25, 1.25, 2.3
"""Heights over the baseline at which they may begin, in x-heights. The way to the top of an l that slopes would be a
bar, so only those of TALL may begin up to TALLEST."""

ROUNDS, RISES = frozenset("acdgqs"), 0.15
"""Letters that begin by going up, at this height or above, and then down at their left."""

SHAKES = 0.1
"""So far back a stroke may go on its way to where it begins to go down, x-heights."""

_FURTHEST = 24
"""Points after which it does so at the latest."""

BAND, LEFT, THIN, TOP = 0.2, 0.35, 0.2, 0.6
"""A stem is entered at the left of what lies so near to its height, or is as thin as THIN; others at the left of TOP of
the width of their top."""


def other_entries(
    some: Ends, paths: Paths, points: np.ndarray, big: np.ndarray, frame: Frame, texts: Sequence[str]
) -> None:
    """Let letters be entered that begin at their right, in place.

    `points`: those of `paths`, float64; `texts` [n]: what each writes; `big` bool [strokes]: which are of bodies.
    """
    shut = np.flatnonzero(~some.enters & (np.diff(paths.glyphs) > 0))
    shut = shut[big[paths.glyphs[shut]]]
    k = float(frame.xheight)
    for row in shut.tolist():
        char, stroke = texts[row][:1], paths.glyphs[row : row + 1]
        first, last = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
        height = (frame.baseline - points[first[0], 1]) / k
        if char in STEMS and LOWEST < height < (TALLEST if char in TALL else HIGHEST):
            left, right = _edges(some, paths, big, row, k)
            entered = some.entry[row, 0] <= left + LEFT * (right - left) or right - left < THIN * k
        elif char in ROUNDS and RISES < height < HIGHEST and way(points, first, last, REACH * k, 1)[0, 1] < 0:
            over_the_top(some, points, first, last, np.array([row]), k)
            left, right = _edges(some, paths, big, row, k)
            entered = some.retraced[row] > 0 and some.entry[row, 0] <= left + TOP * (right - left)
        else:
            entered = False
        some.enters[row] = entered


def _edges(some: Ends, paths: Paths, big: np.ndarray, row: int, k: float) -> tuple[float, float]:
    """Left and right edge of what lies at the height of a letter's entry in its body."""
    begin, end = int(paths.glyphs[row]), int(paths.glyphs[row + 1])
    ink = slice(int(paths.strokes[begin]), int(paths.strokes[end]))
    near = big[begin:end].repeat(np.diff(paths.strokes[begin : end + 1]))
    near &= np.abs(paths.points[ink, 1] - some.entry[row, 1]) < BAND * k
    across = paths.points[ink, 0][near]
    return float(across.min(initial=np.inf)), float(across.max(initial=-np.inf))


def over_the_top(
    some: Ends, points: np.ndarray, first: np.ndarray, last: np.ndarray, rows: np.ndarray, k: float
) -> None:
    """Enter letters `rows` [m] where their bowl begins to go down, in place; `first`, `last` [m] of their strokes."""
    if not len(rows):
        return
    number = np.minimum(np.arange(_FURTHEST + 1), np.maximum(last - first - 1, 0)[:, None])
    place = first[:, None] + number
    sides = points[place, 0] + points[place, 1]
    least = np.minimum.accumulate(sides, axis=1)
    # pens tremble where they are set down
    back = sides[:, 1:] > least[:, :-1] + SHAKES * k
    sides[:, 1:][np.logical_or.accumulate(back, axis=1)] = np.inf
    some.retraced[rows] = np.argmin(sides, axis=1)
    at = first + some.retraced[rows]
    some.entry[rows] = points[at]
    before, after = np.maximum(at - 1, first), np.minimum(at + 1, last)
    some.into[rows] = unit(points[before] - points[after])

"""Where the pen leaves one letter and enters the next: tails and upstrokes between two letters are one line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.ends import REACH, Ends, way

RISEN, LIFT = 0.95, 0.06
"""Upstrokes are left out up to where the pen comes from, and LIFT more, but no further than to RISEN, in x-heights."""


BESIDE = 0.09
"""An upstroke is outside its letter where it is left of what lies so near to its height, in x-heights."""


@dataclass(frozen=True, eq=False)
class Meeting:
    """How the pen goes from m glyphs to those after them. Points and directions in the frame px of their glyphs."""

    exit: np.ndarray
    out: np.ndarray
    cut: np.ndarray
    """int64 [m]: how many points the stroke that is left loses at its end."""
    entry: np.ndarray
    into: np.ndarray
    skipped: np.ndarray
    """int64 [m]: how many points the stroke that is entered loses at its beginning."""


def meet(some: Ends, paths: Paths, before: np.ndarray, after: np.ndarray, frame: Frame) -> Meeting:
    """Where glyphs `before` [m] are left and `after` [m] are entered.

    A tail and an upstroke are one line in a word: the pen does not go down once more between them. So an upstroke
    begins where the letter before was left, as far as it lies outside its own letter, and what is left of the tail
    above that is cut.
    """
    points, k = paths.points.astype(np.float64), float(frame.xheight)
    first, last = paths.strokes[paths.glyphs[after]], paths.strokes[paths.glyphs[after] + 1] - 1
    left = np.maximum(some.exit[before, 1], frame.baseline - RISEN * k) - LIFT * k
    at = risen(some, points, after, first, last, left, k)
    lower = at > first
    entry = np.where(lower[:, None], points[at], some.entry[after])
    into = np.where(lower[:, None], way(points, at, last, REACH * k, 1), some.into[after])
    # the tail
    stroke = paths.glyphs[before] + some.stroke[before]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    tail = lower & (some.exit[before, 1] > frame.baseline - (RISEN + LIFT) * k)
    back = shortened(points, begin, end, entry[:, 1] + LIFT * k, tail)
    cut = end - back
    out = np.where((cut > 0)[:, None], way(points, back, begin, REACH * k, -1), some.out[before])
    return Meeting(points[back], out, cut, entry, into, at - first)


def risen(
    some: Ends, points: np.ndarray, rows: np.ndarray, first: np.ndarray, last: np.ndarray, height: np.ndarray, k: float
) -> np.ndarray:
    """At which point of their first strokes, `first` … `last` [m], the upstrokes of `rows` have come to `height`.

    No further than they lie outside their letters; letters that begin with no upstroke below it: at the first.
    """
    result = first.copy()
    lower = np.flatnonzero((some.rises[rows] >= 0) & (some.entry[rows, 1] > height + LIFT * k))
    at, last, height = first[lower] + some.rises[rows[lower]], last[lower], height[lower]
    body = _bodies(points, at, last)
    for _ in range(40):
        ahead = points[np.minimum(at + 1, last)]
        beside = np.abs(body[:, :, 1] - ahead[:, None, 1]) < BESIDE * k
        limit = np.where(beside, body[:, :, 0], np.inf).min(axis=1)
        rises = (ahead[:, 1] < points[at, 1]) & (ahead[:, 0] < limit)
        on = (points[at, 1] > height) & rises & (at + 2 < last)
        if not on.any():
            break
        at += on
    result[lower] = at
    return result


def shortened(
    points: np.ndarray, begin: np.ndarray, end: np.ndarray, height: np.ndarray, tail: np.ndarray
) -> np.ndarray:
    """The last point of strokes `begin` … `end` [m]; those that are a `tail` bool [m] end no higher than `height`."""
    back = end.copy()
    for _ in range(40):
        earlier = points[np.maximum(back - 1, begin)]
        falls = (earlier[:, 1] > points[back, 1]) & (earlier[:, 0] < points[back, 0])
        on = tail & (points[back, 1] < height) & falls & (back - 3 > begin)
        if not on.any():
            break
        back -= on
    return back


def _bodies(points: np.ndarray, begin: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The points float64 [m,p,2] of strokes without the upstroke that they have from `begin` [m] on; inf beyond."""
    top = begin.copy()
    for _ in range(60):
        on = (points[np.minimum(top + 1, last), 1] < points[top, 1]) & (top + 1 < last)
        if not on.any():
            break
        top += on
    place = top[:, None] + 1 + np.arange(max(1, int((last - top).max(initial=0))))
    there = place <= last[:, None]
    result: np.ndarray = np.where(there[:, :, None], points[np.minimum(place, len(points) - 1)], np.inf)
    return result

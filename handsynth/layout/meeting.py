"""Where the pen leaves one letter and enters the next: tails and upstrokes between two letters are one line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, way
from handsynth.layout.ends import Ends

RISEN, LIFT = 0.95, 0.06
"""Upstrokes are left out up to where the pen comes from, and LIFT more, but no further than to RISEN, in x-heights."""


FLAT, LOW_BAR, BAR = 0.7, 0.62, 0.3
"""A bar that a letter below LOW_BAR begins with, as an e: it goes up or down by less than FLAT of its way; so much
of it at most is left out, in x-heights, where the pen comes from no higher."""

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
    bar: np.ndarray
    """float64 [m]: how far to the right the letter is entered for a bar that is left out."""


def meet(some: Ends, paths: Paths, before: np.ndarray, after: np.ndarray, frame: Frame) -> Meeting:
    """Where glyphs `before` [m] are left and `after` [m] are entered.

    A tail and an upstroke are one line in a word: the pen does not go down once more between them. So an upstroke
    begins where the letter before was left, as far as it lies outside its own letter, and what is left of the tail
    above that is cut. A bar that begins over where the letter before was left is entered further on: a way straight up
    to its beginning would be a stem.
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
    tail = lower & (some.exit[before, 1] > frame.baseline - (RISEN + LIFT) * k) & (some.returns[before] == 0)
    back = shortened(points, begin, end, entry[:, 1] + LIFT * k, tail)
    cut = end - back
    out = np.where((cut > 0)[:, None], way(points, back, begin, REACH * k, -1), some.out[before])
    leave = np.where((cut > 0)[:, None], points[back], some.exit[before])
    from_below = np.flatnonzero(~lower & (leave[:, 1] > some.entry[after, 1] - 2 * LIFT * k))
    far = barred(points, first[from_below], last[from_below], some.entry[after[from_below]], k, frame.baseline)
    on = (far > first[from_below]) & (points[far, 0] > entry[from_below, 0] + LIFT * k)
    from_below, far = from_below[on], far[on]
    bar = np.zeros(len(after))
    bar[from_below] = points[far, 0] - entry[from_below, 0]
    at[from_below], entry[from_below] = far, points[far]
    into[from_below] = way(points, far, last[from_below], REACH * k, 1)
    return Meeting(leave, out, cut, entry, into, at - first, bar)


def barred(
    points: np.ndarray, first: np.ndarray, last: np.ndarray, entry: np.ndarray, k: float, baseline: float
) -> np.ndarray:
    """At which point of their first strokes, `first` … `last` [m], letters are entered that begin with a low bar."""
    result = first.copy()
    # letters that are entered over their top begin elsewhere
    low = (entry[:, 1] > baseline - LOW_BAR * k) & (entry == points[first]).all(axis=1)
    for _ in range(24):
        ahead = points[np.minimum(result + 1, last)]
        away = ahead - entry
        flat = np.abs(away[:, 1]) < FLAT * away[:, 0] + LIFT * k  # where the pen comes down it may hook a little
        on = low & flat & (away[:, 0] < BAR * k) & (result + 3 < last)
        if not on.any():
            break
        result += on
    return result


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
    return np.where(there[:, :, None], points[np.minimum(place, len(points) - 1)], np.inf)

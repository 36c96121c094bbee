"""Where the pen leaves one letter and enters the next: tails and upstrokes between two letters are one line."""

from __future__ import annotations

from dataclasses import dataclass, fields
from weakref import WeakKeyDictionary

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, along, way
from handsynth.layout.penends import Ends

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

    def take(self, pairs: np.ndarray) -> Meeting:
        return Meeting(*(getattr(self, column.name)[pairs] for column in fields(self)))


_known: WeakKeyDictionary[Ends, tuple[np.ndarray, np.ndarray, Meeting]] = WeakKeyDictionary()
"""The pairs int64 [m] that were asked for last, before and after, rising, and how they meet: joins ask for the same
ones as distances."""


def meet(some: Ends, paths: Paths, before: np.ndarray, after: np.ndarray, frame: Frame) -> Meeting:
    """Where glyphs `before` [m] are left and `after` [m] are entered.

    A tail and an upstroke are one line in a word: the pen does not go down once more between them. So an upstroke
    begins where the letter before was left, as far as it lies outside its own letter, and what is left of the tail
    above that is cut. A bar that begins over where the letter before was left is entered further on: a way straight up
    to its beginning would be a stem.
    """
    known = _known.get(some)
    if known is not None:
        at = np.minimum(np.searchsorted(known[0], before), len(known[0]) - 1)
        if len(known[0]) and (known[0][at] == before).all() and (known[1][at] == after).all():
            return known[2].take(at)
    made = _meet(some, paths, before, after, frame)
    _known[some] = before, after, made
    return made


def carried(whole: Ends, some: Ends, rows: np.ndarray, count: int) -> None:
    """Know of glyphs `some`, which are `rows` [k] of the `count` glyphs `whole`, how they meet as is known of those."""
    if whole in _known:
        before, after, met = _known[whole]
        place = np.full(count, -1)
        place[rows] = np.arange(len(rows))
        pairs = np.flatnonzero((place[before] >= 0) & (place[after] >= 0))
        pairs = pairs[np.argsort(place[before[pairs]], kind="stable")]
        _known[some] = place[before[pairs]], place[after[pairs]], met.take(pairs)


def _meet(some: Ends, paths: Paths, before: np.ndarray, after: np.ndarray, frame: Frame) -> Meeting:
    points, k = paths.points.astype(np.float64), float(frame.xheight)
    first, last = paths.strokes[paths.glyphs[after]], paths.strokes[paths.glyphs[after] + 1] - 1
    left = np.maximum(some.exit[before, 1], frame.baseline - RISEN * k) - LIFT * k
    at = risen(some, points, after, first, last, left, k)
    lower = at > first
    entry = np.where(lower[:, None], points[at], some.entry[after])
    # the tail
    stroke = paths.glyphs[before] + some.stroke[before]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    tail = lower & (some.exit[before, 1] > frame.baseline - (RISEN + LIFT) * k) & (some.returns[before] == 0)
    tail &= ~some.arms[before]
    back = shortened(points, begin, end, entry[:, 1] + LIFT * k, tail)
    cut = end - back
    sides = np.repeat([1, -1], len(after))
    ways = way(points, np.concatenate([at, back]), np.concatenate([last, begin]), REACH * k, sides)
    into = np.where(lower[:, None], ways[: len(after)], some.into[after])
    out = np.where((cut > 0)[:, None], ways[len(after) :], some.out[before])
    leave = np.where((cut > 0)[:, None], points[back], some.exit[before])
    from_below = np.flatnonzero(~lower & (leave[:, 1] > some.entry[after, 1] - 2 * LIFT * k))
    far = barred(points, first[from_below], last[from_below], some.entry[after[from_below]], k, frame.baseline)
    on = (far > first[from_below]) & (points[far, 0] > entry[from_below, 0] + LIFT * k)
    from_below, far = from_below[on], far[on]
    bar = np.zeros(len(after))
    if not len(far):
        return Meeting(leave, out, cut, entry, into, at - first, bar)
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
    low = np.flatnonzero((entry[:, 1] > baseline - LOW_BAR * k) & (entry == points[first]).all(axis=1))

    def flat(rows: np.ndarray, place: np.ndarray) -> np.ndarray:
        end = last[low[rows], None]
        away = points[np.minimum(place + 1, end)] - entry[low[rows], None]
        across = away[:, :, 0]
        # where the pen comes down it may hook a little
        level = np.abs(away[:, :, 1]) < FLAT * across + LIFT * k
        return np.asarray(level & (across < BAR * k) & (place + 3 < end))

    result[low] = along(first[low], 1, 24, flat)
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
    if not len(lower):
        return result
    body = _bodies(points, at, last)

    def rises(rows: np.ndarray, place: np.ndarray) -> np.ndarray:
        end = last[rows, None]
        here, ahead = points[np.minimum(place, end), 1], points[np.minimum(place + 1, end)]
        near = (here > height[rows, None]) & (ahead[:, :, 1] < here) & (place + 2 < end)
        row, step = np.nonzero(near)
        ahead, others = ahead[row, step], body[rows[row]]
        beside = np.abs(others[:, :, 1] - ahead[:, None, 1]) < BESIDE * k
        near[row, step] = ahead[:, 0] < np.where(beside, others[:, :, 0], np.inf).min(axis=1)
        return np.asarray(near)

    result[lower] = along(at, 1, 40, rises)
    return result


def shortened(
    points: np.ndarray, begin: np.ndarray, end: np.ndarray, height: np.ndarray, tail: np.ndarray
) -> np.ndarray:
    """The last point of strokes `begin` … `end` [m]; those that are a `tail` bool [m] end no higher than `height`."""
    back = end.copy()
    tails = np.flatnonzero(tail)

    def falls(rows: np.ndarray, place: np.ndarray) -> np.ndarray:
        first = begin[tails[rows], None]
        here, earlier = points[np.maximum(place, first)], points[np.maximum(place - 1, first)]
        on = (earlier[:, :, 1] > here[:, :, 1]) & (earlier[:, :, 0] < here[:, :, 0])
        return np.asarray(on & (here[:, :, 1] < height[tails[rows], None]) & (place - 3 > first))

    back[tails] = along(end[tails], -1, 40, falls)
    return back


def _bodies(points: np.ndarray, begin: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The points float64 [m,p,2] of strokes without the upstroke that they have from `begin` [m] on; inf beyond."""
    heights = points[:, 1]

    def rises(rows: np.ndarray, place: np.ndarray) -> np.ndarray:
        end = last[rows, None]
        on = (heights[np.minimum(place + 1, end)] < heights[np.minimum(place, end)]) & (place + 1 < end)
        return np.asarray(on)

    top = along(begin, 1, 60, rises)
    place = top[:, None] + 1 + np.arange(max(1, int((last - top).max(initial=0))))
    there = place <= last[:, None]
    return np.where(there[:, :, None], points[np.minimum(place, len(points) - 1)], np.inf)

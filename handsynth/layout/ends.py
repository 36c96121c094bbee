"""Where letters can be entered and left by a pen that joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from handsynth.arrays import Flags, Floats, Ints
from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, along, way
from handsynth.layout.entries import other_entries, over_the_top
from handsynth.layout.exits import other_exits
from handsynth.layout.penends import Ends
from handsynth.text.bases import base

BIG = 0.42
"""A stroke as high as this, in x-heights, is a letter's body; smaller ones are dots, bars and marks."""

SMALL = 0.22
"""But of a letter without such strokes the highest one is its body, if it is as high as this."""

LEAVES = -1.3, 1.25
ENTERS = -0.25, 2.3
"""Heights over the baseline at which a letter may be left and entered, in x-heights."""

LOW = 0.6
"""A letter that begins below this, in x-heights, and goes up begins with an upstroke."""

TAIL, TAILED, HOOK = -0.3, frozenset("gjy"), 0.25
"""Tails that end below this swing up to the next letter, wherever they end; those of some letters up to HOOK, where
they come from below TAIL."""

HANGS = 0.3
"""A tail that ends so steeply downwards is straight, and the pen is lifted there: a way back up along it would make a z
of a y, or a p."""

OPEN = frozenset("u")
"""Letters that may lack their last downstroke and then end at their top, where a join would make a v of them."""

BAND, NARROW = 0.2, 0.3
"""An end is at a letter's right among what lies so near to its height; what is so narrow has no sides."""

DIP = 0.18
"""An upstroke may go down by so much first, in x-heights."""

ARMED = frozenset("vw")
"""Letters that end with an arm up to their top, which is no tail."""

POINTED = 0.5
"""They are pointed where they begin so steeply downwards."""

CURLED, ACROSS = frozenset("x"), 0.25
"""The first stroke of an x that ends above or below its beginning, within so many x-heights, is half a bowl, which a
join from below would close: an a."""

ASCENDERS = frozenset("bhklt")
"""Letters that may be entered at the top of a stem."""

DOWNSTROKES = {"m": 3, "n": 2, "r": 1}
DOWN, UP = 0.35, 0.2
"""Of letters with legs, beside an upstroke: how often they go down by so much, after going up by so much at least, in
x-heights or, of lower ones, of their own height."""

ROUND, OVER = 0.5, 0.35
"""A letter that is left above ROUND is left high; one that begins leftwards above OVER is entered over its top: a, c,
d, g, o, q."""


_known: WeakKeyDictionary[Paths, tuple[Sequence[str], Ends]] = WeakKeyDictionary()
"""Of drawings that are still in use: distances and joins ask for the same ones."""


def ends(paths: Paths, frame: Frame, texts: Sequence[str] = ()) -> Ends:
    """Where the glyphs of `paths` can be entered and left; `texts` [n], where they are known: what each writes."""
    known = _known.get(paths)
    if known is None or known[0] != tuple(texts):
        known = _known[paths] = tuple(texts), _found(paths, frame, texts)
    return known[1]


def carried(whole: Paths, some: Paths, rows: np.ndarray) -> tuple[Ends, Ends] | None:
    """What is known of glyphs `whole`, and the same of `some`, which are `rows` int64 [k] of them; None: nothing."""
    known = _known.get(whole)
    if known is None:
        return None
    texts, found = known
    _known[some] = tuple(texts[row] for row in rows.tolist()) if texts else (), found.take(rows)
    return found, _known[some][1]


def last_bodies(paths: Paths, frame: Frame) -> np.ndarray:
    """Which stroke of each glyph is the last of its body, int64 [n], before dots, bars and marks."""
    result = np.zeros(len(paths), np.int64)
    if len(paths.points):
        rows = paths.points[:, 1]
        high = np.maximum.reduceat(rows, paths.strokes[:-1]) - np.minimum.reduceat(rows, paths.strokes[:-1])
        strokes = np.flatnonzero(_bodies(high, paths.owner, len(paths), frame.xheight))
        result[paths.owner[strokes]] = strokes - paths.glyphs[paths.owner[strokes]]
    return result


def bodies_first(paths: Paths, frame: Frame, texts: Sequence[str]) -> Paths:
    """`paths` with the bars and dots that letters begin with at their end: who joins writes those afterwards."""
    if not len(paths.points):
        return paths
    rows, owner = paths.points[:, 1], paths.owner
    high = np.maximum.reduceat(rows, paths.strokes[:-1]) - np.minimum.reduceat(rows, paths.strokes[:-1])
    body = _bodies(high, owner, len(paths), frame.xheight)
    number = np.arange(len(owner))
    first = np.full(len(paths), len(owner))
    np.minimum.at(first, owner[body], number[body])
    letters = np.array([text[:1].isalpha() for text in texts], bool)
    late = letters[owner] & (number < first[owner]) & (first < len(owner))[owner]
    if not late.any():
        return paths
    order = np.lexsort([number, late, owner])
    single = replace(paths, glyphs=np.arange(len(owner) + 1)).take(order)
    return replace(single, glyphs=paths.glyphs)


def _bodies(high: Floats, owner: Ints, count: int, k: float) -> Flags:
    """Which strokes, `high` [strokes] frame px, are of bodies, bool [strokes]: those of small letters are small."""
    tallest = np.zeros(count)
    np.maximum.at(tallest, owner, high)
    return high > np.clip(tallest - 1e-3, SMALL * k, BIG * k)[owner]


def _found(paths: Paths, frame: Frame, texts: Sequence[str]) -> Ends:
    count, k = len(paths), float(frame.xheight)
    points = paths.points.astype(np.float64)
    first, last = paths.strokes[:-1], paths.strokes[1:] - 1
    result = Ends.nowhere(count)
    if not len(points):
        return result
    low, high = np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)
    owner = paths.owner
    big = _bodies(high[:, 1] - low[:, 1], owner, count, k)
    texts = [base(text) for text in texts]
    there = np.bincount(owner[big], minlength=count) > 0
    rows = np.flatnonzero(there)
    # of letters' bodies: left and right edge, the last stroke
    left, right = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(left, owner[big], low[big, 0])
    np.maximum.at(right, owner[big], high[big, 0])
    final = np.zeros(count, np.int64)
    final[owner[big]] = np.flatnonzero(big)  # the last one stays
    begin = np.minimum(paths.glyphs[:-1], len(first) - 1)  # the last glyphs may have no strokes
    start, stop = first[begin[rows]], last[final[rows]]
    result.entry[rows], result.exit[rows] = points[start], points[stop]
    sides = np.repeat([1, -1], len(rows))
    others = np.concatenate([last[begin[rows]], first[final[rows]]])
    ways = way(points, np.concatenate([start, stop]), others, REACH * k, sides)
    result.into[rows], result.out[rows] = ways[: len(rows)], ways[len(rows) :]
    result.stroke[rows] = final[rows] - begin[rows]
    wide = right - left
    entered, left_at = (frame.baseline - result.entry[:, 1]) / k, (frame.baseline - result.exit[:, 1]) / k
    over = (result.into[:, 0] < 0) & (entered > OVER) & (entered < LEAVES[1])
    round_about = np.flatnonzero(over)
    over_the_top(result, points, first[begin[round_about]], last[begin[round_about]], round_about, k)
    high_exit = left_at > ROUND
    low = np.flatnonzero(entered < LOW)
    low = low[there[low]]
    _upstrokes(result, points, first[begin], last[begin], low, k)
    for row in (i for i in low.tolist() if texts and texts[i] in DOWNSTROKES and result.rises[i] >= 0):
        stroke = points[first[begin[row]] + result.rises[row] : last[begin[row]] + 1, 1]
        if _downstrokes(stroke / min(float(np.ptp(stroke)), k), DOWNSTROKES[texts[row]]) < DOWNSTROKES[texts[row]]:
            result.rises[row] = -1  # the first leg of an m without a stem is no upstroke
    with np.errstate(invalid="ignore"):
        result.enters[rows] = (
            (result.entry[:, 0] <= left + np.where(entered > LEAVES[1], 0.45, 0.6) * wide)
            & (entered > ENTERS[0]) & (entered < ENTERS[1])
        )[rows] & big[begin[rows]]  # fmt: skip
        tail = left_at < TAIL
        if texts:
            hooks = np.array([text[:1] in TAILED for text in texts], bool) & (left_at < HOOK)
            lowest = np.full(count, -np.inf)
            np.maximum.at(lowest, owner[big], high[big, 1])
            tail |= hooks & ((frame.baseline - lowest) / k < TAIL)
        at_right, thin = _rightmost(result.exit, points, paths.stroke, big, owner, k, np.where(high_exit, 0.35, 0.5))
        result.leaves[rows] = (
            (at_right | tail)
            & (left_at > LEAVES[0]) & (left_at < LEAVES[1])
            & ((result.out[:, 0] > -0.5) | high_exit | tail | thin)
        )[rows]  # fmt: skip
        if texts:
            across = (points[last[begin], 0] - points[first[begin], 0]) / k
            _by_letter(result, rows, texts, entered, left_at, left + 0.5 * wide, tail, across)
            other_entries(result, paths, points, big, frame, texts)
            other_exits(result, paths, points, frame, texts)
    return result


def _by_letter(
    some: Ends, rows: np.ndarray, texts: Sequence[str], entered: np.ndarray, left_at: np.ndarray, middle: np.ndarray,
    tail: np.ndarray, across: np.ndarray,
) -> None:  # fmt: skip
    """What only some letters allow, in place; `entered`, `left_at` [n]: heights, `middle` [n]: of their bodies,
    `across` [n]: how far to the right their first strokes go, in x-heights."""
    first = np.array([text[:1] for text in texts])
    some.arms[:] = np.isin(first, list(ARMED))
    some.pointed[:] = some.arms & (some.into[:, 1] > POINTED) | (
        np.isin(first, list(CURLED)) & (np.abs(across) < ACROSS)
    )
    some.slopes[:] = ((first == "s") & (some.rises >= 0)) | ((first == "x") & (entered > ROUND))
    # a d whose stem is written first is entered nowhere, nor is the hook of an f, whose foot is no tail
    some.enters[:] &= np.isin(first, list(ASCENDERS)) | (entered <= LEAVES[1])
    some.leaves[rows] &= ((first != "f") | tail | (some.exit[:, 0] >= middle))[rows]
    straight = (left_at < TAIL) & (some.out[:, 1] > HANGS)
    some.leaves[rows] &= ~(straight | (np.isin(first, list(OPEN)) & (left_at > ROUND)))[rows]


def _rightmost(
    exits: np.ndarray, points: np.ndarray, stroke: np.ndarray, big: np.ndarray, owner: np.ndarray, k: float,
    share: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Whether `exits` [n,2] are at the right of their letters at their height, and whether those are thin, bool [n]."""
    of = owner[stroke]
    near = big[stroke] & (np.abs(points[:, 1] - exits[of, 1]) < BAND * k)
    left, right = np.full(len(exits), np.inf), np.full(len(exits), -np.inf)
    np.minimum.at(left, of[near], points[near, 0])
    np.maximum.at(right, of[near], points[near, 0])
    with np.errstate(invalid="ignore"):
        thin = right - left < NARROW * k
        return (exits[:, 0] >= left + share * (right - left)) | thin, thin


def _upstrokes(some: Ends, points: np.ndarray, first: np.ndarray, last: np.ndarray, rows: np.ndarray, k: float) -> None:
    """Find where letters `rows` [m] begin to rise that begin with an upstroke, or dip a little before, in place."""
    start, stop = first[rows], last[rows]
    height = points[start, 1]

    def dips(some: np.ndarray, place: np.ndarray) -> np.ndarray:
        end = stop[some, None]
        here = points[np.minimum(place, end)]
        ahead = points[np.minimum(place + 1, end)] - here
        on = (ahead[:, :, 1] > 0) & (ahead[:, :, 0] > -0.5 * ahead[:, :, 1])
        return np.asarray(on & (here[:, :, 1] < height[some, None] + DIP * k))

    at = along(start, 1, 24, dips)
    rising = way(points, at, stop, REACH * k, 1)[:, 1] < -0.1
    dipped = points[at, 1] < height + DIP * k
    some.rises[rows] = np.where(rising & dipped, at - start, -1)


def _downstrokes(heights: np.ndarray, most: int) -> int:
    """How often a line goes down by DOWN, counted up to `most`; heights in x-heights, y down."""
    count, falling = 0, False
    peak = valley = float(heights[0])
    for height in heights.tolist():
        if falling:
            if height > valley:
                valley = height
            elif valley - height > UP:
                falling, peak = False, height
            continue
        if height < peak:
            peak = height
        elif height - peak > DOWN:
            count, falling, valley = count + 1, True, height
            if count == most:
                break
    return count

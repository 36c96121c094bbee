"""Letters that are joined to whatever stands beside them, for fonts, whose letters do not know each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, unit, way
from handsynth.layout.ends import ends
from handsynth.layout.exits import with_return
from handsynth.layout.meeting import risen, shortened
from handsynth.layout.penends import Ends
from handsynth.layout.stems import BAND, HIGH, OPEN, feet
from handsynth.layout.turning import AHEAD, LeastCost, ahead, turning
from handsynth.layout.ways import curves, grown, looped, needed, with_retrace
from handsynth.text.bases import among

GATE, BESIDE_STEM = 0.1, 0.25
"""How far from a letter's ink the joins of fonts meet, at least, in x-heights; and from a stem that is entered at its
top or left at its foot (see `stems`), and from a `c` that is entered from above, which would be an x with an o."""

ROOMS, WIDTH_COSTS = (0.0, 0.07, 0.14, 0.21, 0.28), 2.0
"""How much further off they may meet, in x-heights, for a way with fewer turns: an x-height costs so many radians."""

STEPS, SKIPPED, SKIPPED_COSTS = (0, 2, 4, 6), 0.3, 0.8
"""So many of its first points, over so many x-heights, a letter that goes down may lose for that where the pen comes
from above, and what an x-height costs."""

DOWNWARDS = frozenset("bhijklmnprtuvwy")
"""Letters whose first stroke goes down."""


def halves(
    paths: Paths, enter: np.ndarray, leave: np.ndarray, gates: np.ndarray, frame: Frame, texts: Sequence[str]
) -> tuple[Paths, np.ndarray]:
    """The glyphs `paths` with the halves of their joins, and where those end, float64 [n,2] in frame px, nan: nowhere.

    Joins go through gates, float64 [2,3], low and high: the height over the baseline, in x-heights, and the direction
    of the pen, x to the right and y down. `enter` int64 [n]: the gate through which each is entered, `leave` the one
    through which it is left; -1: none.
    """
    some, k, count = ends(paths, frame, texts), float(frame.xheight), len(paths)
    base, edges = float(frame.baseline), np.full((count, 2), np.nan)
    less = np.zeros((2, len(paths.width)), np.int64)
    rows = np.flatnonzero(enter >= 0)
    stroke, gate = paths.glyphs[rows], gates[enter[rows]]
    at, entry, into, edges[rows, 0] = _entered(some, paths, rows, gate, frame, texts)
    less[0, stroke] = at - paths.strokes[stroke]
    begin, tall = _places(edges[rows, 0], gate, frame), looped(texts, rows, (base - entry[:, 1]) / k)
    leads = curves(begin, unit(gate[:, 1:]), entry, into, tall=tall)
    entering, ways = with_retrace(paths, some, rows, leads[:, :-1])
    rows = np.flatnonzero(leave >= 0)
    stroke, gate = paths.glyphs[rows] + some.stroke[rows], gates[leave[rows]]
    back, leaving, out, edges[rows, 1] = _left(some, paths, rows, gate, leave[rows] == 0, frame, texts)
    less[1, stroke] = paths.strokes[stroke + 1] - 1 - back
    tails = curves(leaving, out, _places(edges[rows, 1], gate, frame), unit(gate[:, 1:]))[:, 1:]
    strokes, ends_of = with_return(paths, some, rows, tails)
    made = grown(paths, less, strokes, ends_of.astype(np.float32), entering, ways.astype(np.float32))
    return made, edges


def _entered(
    some: Ends, paths: Paths, rows: np.ndarray, gate: np.ndarray, frame: Frame, texts: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """How letters `rows` [m] are entered from the gates [m,3]: as `entries` says, the direction [m,2], and where joins
    meet, [m]. Of several such ways that on which the pen turns least."""
    base, k, points = float(frame.baseline), float(frame.xheight), paths.points.astype(np.float64)
    first, last = paths.strokes[paths.glyphs[rows]], paths.strokes[paths.glyphs[rows] + 1] - 1
    direct, left, ink = unit(gate[:, 1:]), paths.bounds()[rows, 0], _across(paths, frame)[rows, 0]
    at, entry = entries(some, paths, rows, gate[:, 0], frame)
    into = np.where((at > first)[:, None], way(points, at, last, REACH * k, 1), some.into[rows])
    above, tall = (base - entry[:, 1]) / k < gate[:, 0], looped(texts, rows, (base - entry[:, 1]) / k)
    apart = ((base - entry[:, 1]) / k > HIGH) | (among(texts, rows, OPEN) & above)
    down = (entry == points[at]).all(axis=1) & above & among(texts, rows, DOWNWARDS)
    until = ahead(points, at, last, AHEAD * k)
    ways = LeastCost(at, entry, into, np.zeros(len(rows)))
    for step in STEPS:
        # all letters, then those that may lose so much
        those = np.flatnonzero(down & (at + step + 3 < last)) if step else np.arange(len(rows))
        here = at[those] + step
        place = points[here] if step else entry
        toward = way(points, here, last[those], REACH * k, 1) if step else into
        lost = np.hypot(*(place - entry[those]).T) / k
        spared = np.where(lost < SKIPPED, SKIPPED_COSTS * lost, np.inf)
        height = (base - place[:, 1]) / k
        least = np.maximum(needed(height - gate[those, 0], height), GATE)
        for room in ROOMS:
            edge = np.minimum(place[:, 0] - k * (least + room), left[those] + 0.5 * k * GATE)
            edge = np.where(apart[those], np.minimum(edge, ink[those] - k * BESIDE_STEM), edge)
            leads = curves(_places(edge, gate[those], frame), direct[those], place, toward, tall=tall[those])
            cost = turning(leads, points, here, until[those]) + WIDTH_COSTS * room + spared
            ways.offer(cost, those, here, place, toward, edge)
    at, entry, into, edges = ways.found
    return at, entry, into, edges


def _left(
    some: Ends, paths: Paths, rows: np.ndarray, gate: np.ndarray, low: np.ndarray, frame: Frame, texts: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """How letters `rows` [m] are left through the gates [m,3]: their last points int64 [m], where they are left and in
    which direction [m,2], and where joins meet, [m]. `low` bool [m]: which gates are the low one."""
    base, k, points = float(frame.baseline), float(frame.xheight), paths.points.astype(np.float64)
    stroke = paths.glyphs[rows] + some.stroke[rows]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    direct, right, ink = unit(gate[:, 1:]), paths.bounds()[rows, 2], _across(paths, frame)[rows, 1]
    back = shortened(points, begin, end, base - gate[:, 0] * k, low & (some.returns[rows] == 0))
    cut = back < end
    leaving = np.where(cut[:, None], points[back], some.exit[rows])
    out = np.where(cut[:, None], way(points, back, begin, REACH * k, -1), some.out[rows])
    height = (base - leaving[:, 1]) / k
    least, at_foot = np.maximum(needed(gate[:, 0] - height, gate[:, 0]), GATE), feet(texts, rows, height)
    until, all_rows = ahead(points, back, begin, AHEAD * k), np.arange(len(rows))
    ways = LeastCost(np.zeros(len(rows)))
    for room in ROOMS:
        edge = np.maximum(leaving[:, 0] + k * (least + room), right - 0.5 * k * GATE)
        edge = np.where(cut, leaving[:, 0] + k * (GATE + room), edge)
        edge = np.where(at_foot, np.maximum(edge, ink + k * BESIDE_STEM), edge)
        tails = curves(leaving, out, _places(edge, gate, frame), direct)
        ways.offer(turning(tails[:, ::-1], points, back, until) + WIDTH_COSTS * room, all_rows, edge)
    return back, leaving, out, ways.found[0]


def _places(edges: np.ndarray, gate: np.ndarray, frame: Frame) -> np.ndarray:
    """Where joins go through gates [m,3], float64 [m,2], `edges` [m] across."""
    return np.stack([edges, frame.baseline - gate[:, 0] * frame.xheight], axis=1)


def entries(
    some: Ends, paths: Paths, rows: np.ndarray, gate: np.ndarray, frame: Frame
) -> tuple[np.ndarray, np.ndarray]:
    """Where letters `rows` [m] are entered from gates so high [m], in x-heights: a point of `paths` int64 [m], and the
    place itself float64 [m,2]. Upstrokes are left out up to there."""
    k, points = float(frame.xheight), paths.points.astype(np.float64)
    first, last = paths.strokes[paths.glyphs[rows]], paths.strokes[paths.glyphs[rows] + 1] - 1
    at = risen(some, points, rows, first, last, frame.baseline - gate * k, k)
    return at, np.where((at > first)[:, None], points[at], some.entry[rows])


def _across(paths: Paths, frame: Frame) -> np.ndarray:
    """Left and right edge [n,2] of the ink beside whose stems there is to be room; inf: there is none."""
    height = (frame.baseline - paths.points[:, 1]) / frame.xheight
    near = (height > BAND[0]) & (height < BAND[1])
    glyph, across = paths.owner[paths.stroke[near]], paths.points[near, 0].astype(np.float64)
    found = np.tile([np.inf, -np.inf], (len(paths), 1))
    np.minimum.at(found[:, 0], glyph, across)
    np.maximum.at(found[:, 1], glyph, across)
    return found

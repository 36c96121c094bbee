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
from handsynth.layout.stems import BAND, HIGH, feet
from handsynth.layout.ways import curves, grown, looped, needed, with_retrace

GATE, BESIDE_STEM = 0.1, 0.25
"""How far from a letter's ink the joins of fonts meet, at least, in x-heights; and from a stem that is entered at its
top or left at its foot (see `stems`)."""


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
    body, ink = paths.bounds(), _across(paths, frame)
    less = np.zeros((2, len(paths.width)), np.int64)
    rows = np.flatnonzero(enter >= 0)
    stroke, gate = paths.glyphs[rows], gates[enter[rows]]
    first, last = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    height = base - gate[:, 0] * k
    points = paths.points.astype(np.float64)
    at, entry = entries(some, paths, rows, gate[:, 0], frame)
    into = np.where((at > first)[:, None], way(points, at, last, REACH * k, 1), some.into[rows])
    least = needed((height - entry[:, 1]) / k, (base - entry[:, 1]) / k)
    edges[rows, 0] = np.minimum(entry[:, 0] - k * np.maximum(least, GATE), body[rows, 0] + 0.5 * k * GATE)
    at_top = (base - entry[:, 1]) / k > HIGH
    edges[rows, 0] = np.where(at_top, np.minimum(edges[rows, 0], ink[rows, 0] - k * BESIDE_STEM), edges[rows, 0])
    less[0, stroke] = at - first
    tall = looped(texts, rows, (base - entry[:, 1]) / k)
    leads = curves(np.stack([edges[rows, 0], height], axis=1), unit(gate[:, 1:]), entry, into, tall=tall)
    entering, ways = with_retrace(paths, some, rows, leads[:, :-1])
    rows = np.flatnonzero(leave >= 0)
    stroke, gate = paths.glyphs[rows] + some.stroke[rows], gates[leave[rows]]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    height = base - gate[:, 0] * k
    back = shortened(points, begin, end, height, (leave[rows] == 0) & (some.returns[rows] == 0))
    leaving = np.where((back < end)[:, None], points[back], some.exit[rows])
    out = np.where((back < end)[:, None], way(points, back, begin, REACH * k, -1), some.out[rows])
    less[1, stroke] = end - back
    least = needed((leaving[:, 1] - height) / k, gate[:, 0])
    edges[rows, 1] = np.maximum(leaving[:, 0] + k * np.maximum(least, GATE), body[rows, 2] - 0.5 * k * GATE)
    edges[rows, 1] = np.where(back < end, leaving[:, 0] + k * GATE, edges[rows, 1])
    at_foot = feet(texts, rows, (base - leaving[:, 1]) / k)
    edges[rows, 1] = np.where(at_foot, np.maximum(edges[rows, 1], ink[rows, 1] + k * BESIDE_STEM), edges[rows, 1])
    tails = curves(leaving, out, np.stack([edges[rows, 1], height], axis=1), unit(gate[:, 1:]))[:, 1:]
    strokes, ends_of = with_return(paths, some, rows, tails)
    made = grown(paths, less, strokes, ends_of.astype(np.float32), entering, ways.astype(np.float32))
    return made, edges


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

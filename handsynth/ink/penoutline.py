"""Outlines of pen strokes: the edge of what a pen covers, overlaps removed, as few cubic curves.

The exact distance to the strokes, on a grid of a quarter of a px, is zero along the edge; there marching squares
(contourpy) find it to a hundredth of a px, and curves are fitted to what they find.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import contourpy
import numpy as np

from handsynth.ink import fitting, pens
from handsynth.ink.contours import Contours
from handsynth.ink.outline import Outlines
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penink import fields

_UP = 4
"""Steps of the grid in a px, at least; a pen is three of them wide."""

_REACH = 2.0
"""How far from the edge distances are needed, in steps."""

_SPLINE = 2
_FITTED, _TRACED = 256, 32
"""Glyphs that are fitted, and traced, at a time."""


def outlines(paths: Paths, tolerance: float, least: float = 0.0) -> Outlines:
    """Outlines of n glyphs within about `tolerance` px of the ink's edge; each depends on its own strokes alone.

    Holes of less than `least` px² are filled: nobody sees them, and they are where fonts go wrong.
    """
    traced = contours(paths, least)
    segments, straight, sizes = [np.empty((0, 4, 2), np.float32)], [np.empty(0, bool)], [np.zeros(1, np.int64)]
    for start in range(0, len(paths), _FITTED):
        ends = traced.contours[traced.glyphs[start] : traced.glyphs[min(start + _FITTED, len(paths))] + 1]
        if len(ends) < 2:
            continue
        fitted = fitting.fit(traced.points[ends[0] : ends[-1]], ends - ends[0], tolerance)
        segments.append(fitted.segments.astype(np.float32))
        straight.append(fitted.straight)
        sizes.append(np.diff(fitted.contours))
    whole = np.cumsum(np.concatenate(sizes))
    return Outlines(np.concatenate(segments), np.concatenate(straight), whole, traced.glyphs)


def contours(paths: Paths, least: float = 0.0) -> Contours:
    """The edge of the ink of n glyphs as polygons, without holes of less than `least` px²."""
    fine = splined(paths, _SPLINE)
    box = fine.bounds()
    inked = np.flatnonzero(box[:, 2] > box[:, 0])
    extent = (box[:, 2:] - box[:, :2]).max(axis=1)
    inked = inked[np.argsort(extent[inked], kind="stable")]  # of about equal size together
    thinnest = np.full(len(paths), np.inf)
    np.minimum.at(thinnest, fine.owner, fine.width * (1 if fine.pen is None else pens.column("thin")[fine.pen]))
    up = _UP * 2 ** np.ceil(np.log2(np.clip(3 / _UP / thinnest, 1, 8))).astype(np.int64)
    found: list[list[np.ndarray]] = [[] for _ in range(len(paths))]
    for steps in np.unique(up[inked]).tolist():
        alike = inked[up[inked] == steps]
        for start in range(0, len(alike), _TRACED):
            some = alike[start : start + _TRACED]
            for glyph, rings in zip(some.tolist(), _traced(fine.take(some), box[some], steps), strict=True):
                found[glyph] = [ring for ring in rings if (area := _area(ring)) > 0 or -area >= least]
    flat = [ring for rings in found for ring in rings]
    return Contours(
        np.concatenate(flat) if flat else np.empty((0, 2)),
        np.concatenate([[0], np.cumsum([len(ring) for ring in flat], dtype=np.int64)]),
        np.concatenate([[0], np.cumsum([len(rings) for rings in found], dtype=np.int64)]),
    )


def _traced(some: Paths, box: np.ndarray, up: int) -> list[list[np.ndarray]]:
    """For each glyph its contours float64 [k,2] in px: outer ones clockwise as seen, holes the other way."""
    # on whole px, so that a glyph's grid is the same whatever is traced with it
    low = np.floor(box[:, :2]) - 1
    size = int(np.ceil((box[:, 2:] - low).max())) + 1
    shift = low.astype(np.float32)[some.owner[some.stroke]]
    large = replace(some, points=(some.points - shift) * np.float32(up), width=some.width * np.float32(up))
    z = fields(large, size * up, _REACH).astype(np.float32)
    n, side = len(some), size * up
    grid = (np.arange(side) + 0.5) / up
    across, down = (np.broadcast_to(low[:, axis, None] + grid, (n, side)) for axis in (0, 1))
    # one tall picture, cut into chunks of a glyph each
    generator = contourpy.contour_generator(
        x=np.broadcast_to(across[:, None, :], (n, side, side)).reshape(-1, side),
        y=np.broadcast_to(down[:, :, None], (n, side, side)).reshape(-1, side),
        z=z.reshape(-1, side),
        name="serial",
        line_type=contourpy.LineType.ChunkCombinedOffset,
        chunk_size=(side, side),
    )
    lines: Any = generator.lines(0.0)
    result: list[list[np.ndarray]] = []
    for points, offsets in zip(lines[0], lines[1], strict=True):
        # the last point of a line is its first
        ends = [] if points is None else offsets.tolist()
        result.append([points[a : b - 1] for a, b in zip(ends[:-1], ends[1:], strict=True) if b - a > 3])
    return result


def _area(ring: np.ndarray) -> float:
    """Signed area in px²: positive for contours that run clockwise as seen."""
    x, y = (ring - ring[0]).T
    return float(x @ np.roll(y, -1) - np.roll(x, -1) @ y) / 2

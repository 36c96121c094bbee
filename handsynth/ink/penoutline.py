"""Outlines of pen strokes: the edge of what a pen covers, overlaps removed, as few cubic curves.

The exact distance to the strokes, on a grid of a quarter of a px, is zero along the edge; there marching squares
(contourpy) find it to a hundredth of a px, and curves are fitted to what they find.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from handsynth.ink import fitting, pens
from handsynth.ink.contours import Contours, marched
from handsynth.ink.outline import Outlines
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penink import signed_distances

_UP = 4
"""Steps of the grid in a px, at least; a pen is three of them wide."""

_REACH = 2.0
"""How far from the edge distances are needed, in steps."""

_NORMAL = 2.0**-14
"""Smaller numbers of 16 bits have fewer digits."""

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
    thinnest = np.full(len(paths), np.inf)
    np.minimum.at(thinnest, fine.owner, fine.width * (1 if fine.pen is None else pens.column("thin")[fine.pen]))
    up = _UP * 2 ** np.ceil(np.log2(np.clip(3 / _UP / thinnest, 1, 8))).astype(np.int64)
    # whole steps from a whole px, so that a glyph's grid is the same whatever is traced with it, with an empty border
    step = 1 / up[:, None]
    low = np.floor(box[:, :2] / step) * step - step
    size = np.ceil((box[:, 2:] - low) / step).astype(np.int64) + 1
    # of about equal size together
    inked = inked[np.lexsort([size[inked, 0], size[inked, 1], up[inked]])]
    new = np.flatnonzero(np.diff(up[inked])) + 1
    found: list[tuple[Any, Any]] = [(None, None)] * len(paths)
    for alike in np.split(inked, new):
        for start in range(0, len(alike), _TRACED):
            some = alike[start : start + _TRACED]
            lines = _traced(fine.take(some), low[some], size[some].max(axis=0).tolist(), int(up[some[0]]))
            for glyph, line in zip(some.tolist(), lines, strict=True):
                found[glyph] = line
    return _without(found, least)


def _traced(some: Paths, low: np.ndarray, size: list[int], up: int) -> list[tuple[Any, Any]]:
    """For each glyph the points of its contours float64 [k,2] in px, and where each begins.

    Outer ones run clockwise as seen, holes the other way. The last point of a contour is its first.
    """
    shift = low.astype(np.float32)[some.owner[some.stroke]]
    large = replace(some, points=(some.points - shift) * np.float32(up), width=some.width * np.float32(up))
    width, height = size
    z = _halved(signed_distances(large, width, height, _REACH))
    across, down = (low[:, axis, None] + (np.arange(size[axis]) + 0.5) / up for axis in (0, 1))
    return marched(across[:, None, :], down[:, :, None], z)


def _halved(values: np.ndarray) -> np.ndarray:
    """float32 as near as float16 is, in place: few machines do it as fast as with whole numbers."""
    small = np.flatnonzero(np.abs(values) < _NORMAL)
    flat = values.reshape(-1)
    kept = flat[small]
    bits = values.view(np.int32)
    bits += ((bits >> 13) & 1) + 0xFFF
    bits &= ~0x1FFF
    flat[small] = kept.astype(np.float16)
    return values


def _without(found: list[tuple[Any, Any]], least: float) -> Contours:
    """One structure of all glyphs, without repeated points, lines of two points and holes of less than `least` px²."""
    counts = np.array([0 if ends is None else len(ends) - 1 for _, ends in found], np.int64)
    inked = [(points, ends) for points, ends in found if ends is not None]
    if not inked:
        return Contours(np.empty((0, 2)), np.zeros(1, np.int64), np.zeros(len(found) + 1, np.int64))
    points = np.concatenate([points for points, _ in inked])
    length = np.concatenate([np.diff(ends.astype(np.int64)) for _, ends in inked])
    keep = np.ones(len(points), bool)
    keep[np.cumsum(length) - 1] = False
    every = Contours(points[keep], np.concatenate([[0], np.cumsum(length - 1)]), np.zeros(1, np.int64))
    area = every.areas()
    stays = (length > 3) & ((area > 0) | (-area >= least))
    owner = np.repeat(np.arange(len(found)), counts)[stays]
    return Contours(
        every.points[np.repeat(stays, length - 1)],
        np.concatenate([[0], np.cumsum((length - 1)[stays])]),
        np.searchsorted(owner, np.arange(len(found) + 1)),
    )

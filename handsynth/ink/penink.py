"""Pen paths to pixels: how much of each pixel the strokes of a pen cover.

The distance to the nearest stroke is exact, so ends and joins are round at any size and pens thinner than a pixel turn
grey instead of breaking up: coverage is clip(0.5 + half width - distance) and at most the width itself, whose sum
across a stroke is its width. Only + - × ÷ and square roots are used, on float32, so every machine gets the same bytes.
Pens of other kinds have other edges (`penedges`), and the rest is the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from handsynth.ink import pens
from handsynth.ink.fields import FAR
from handsynth.ink.paths import Paths, splined, thinned
from handsynth.ink.penedges import Edge, Nib, Pieces, Round, Swelling, pieces

STEP = 1.2
"""Length of the pieces that strokes are cut into, in px of the picture."""

SPACING = 1.1
"""Usual distance between the points of a stroke, in frame px."""

_PART = 1 << 16
"""Pixels that are looked at at once: so many stay in a processor's cache."""

_ROUNDED = 4
"""Fields are worked out in pieces of so many px, or a multiple."""


def fitted(paths: Paths, k: float) -> Paths:
    """`paths` with points close enough for `k` pixels to a frame px, and no closer."""
    spacing = SPACING * k
    if spacing > STEP:
        return splined(paths, min(16, math.ceil(spacing / STEP)))
    return thinned(paths, max(1, int(STEP / spacing)))


def cover(
    canvas: np.ndarray,
    points: np.ndarray,
    strokes: np.ndarray,
    half: np.ndarray,
    depth: np.ndarray | None = None,
    base: np.ndarray | None = None,
    sizes: np.ndarray | None = None,
) -> None:
    """Lay strokes of round pens on `canvas`, uint8 [height,width], where more covers less; in place.

    `points` float32 [p,2] in px of the canvas, `strokes` int64 [m+1], `half` float32 [m]: half the pen's width in px.
    `depth` float32 [m] 0 … 1 is the share of full ink. With `base` and `sizes` int64 [m] and [m,2] the canvas is flat:
    each stroke has a picture (width, height) of its own there, which begins at its base.
    """
    found = pieces(points, strokes)
    most, full = _most(half, depth)
    ink = _InkLimits(most[found.owner], None if full is None else full[found.owner])
    _lay(canvas, found, Round(half[found.owner], 0.5), ink, base, sizes)


def cover_swept(
    canvas: np.ndarray,
    paths: Paths,
    depth: np.ndarray | None = None,
    base: np.ndarray | None = None,
    sizes: np.ndarray | None = None,
) -> None:
    """The same for `paths` whose strokes have been swept (`pensweep.swept`), by pens of any kind."""
    assert paths.tone is not None
    for found, edge in _edges(paths, 0.5):
        tone = np.float32(0.5) * (paths.tone[found.first] + paths.tone[found.last])
        most, full = _most(edge.thinnest, tone if depth is None else tone * depth.astype(np.float32)[found.owner])
        _lay(canvas, found, edge, _InkLimits(most, full), base, sizes)


def _edges(paths: Paths, beyond: float = 0.0) -> Iterator[tuple[Pieces, Edge]]:
    """The pieces of strokes and their edge, moved outwards by `beyond` px: those of nibs, and those of all others."""
    found = pieces(paths.points, paths.strokes)
    half = (paths.width / 2)[found.owner]
    if paths.swell is None or paths.pen is None:
        yield found, Round(half, beyond)
        return
    pen = paths.pen[found.owner]
    nib = pens.nibs()[pen]
    rows = np.flatnonzero(~nib)
    if len(rows):
        some = found.take(rows)
        begin, end = half[rows] * paths.swell[some.first], half[rows] * paths.swell[some.last]
        yield some, Swelling(begin, end, beyond)
    rows = np.flatnonzero(nib)
    if len(rows):
        yield found.take(rows), Nib(half[rows], pen[rows], found.way[rows], beyond)


@dataclass(frozen=True)
class _InkLimits:
    """How much ink pieces [k] leave on a pixel: at most so much of 255, and so much where they cover all of it."""

    most: np.ndarray
    full: np.ndarray | None
    """None: 255."""


def _most(half: np.ndarray, depth: np.ndarray | None) -> tuple[np.ndarray, np.ndarray | None]:
    """The ink of pens: those thinner than a pixel are grey."""
    most = (np.float32(255) * np.minimum(1, 2 * half)).astype(np.float32)
    if depth is None:
        return most, None
    full = np.float32(255) * depth.astype(np.float32)
    return np.minimum(most, np.float32(255)) * depth.astype(np.float32), full


def _lay(
    canvas: np.ndarray, found: Pieces, edge: Edge, ink_of: _InkLimits, base: np.ndarray | None, sizes: np.ndarray | None
) -> None:
    owner, a, way = found.owner, found.begin, found.way
    b = a + way
    # the pixels whose centres may be near enough
    low = np.ceil(np.minimum(a, b) - edge.reach - np.float32(0.5)).astype(np.int64)
    high = np.floor(np.maximum(a, b) + edge.reach - np.float32(0.5)).astype(np.int64)
    if sizes is None:
        size = np.array([canvas.shape[1], canvas.shape[0]], np.int64)[None]
        start, stride = np.zeros(len(owner), np.int64), np.full(len(owner), canvas.shape[1], np.int64)
    else:
        assert base is not None
        size, start = sizes[owner], base[owner]
        stride = size[:, 0]
    low, high = np.maximum(low, 0), np.minimum(high, size - 1)
    extent = high - low + 1
    seen = np.flatnonzero((extent > 0).all(axis=1))
    if not len(seen):
        return
    flat = canvas.reshape(-1)
    for group, wide, tall in _alike(extent, seen):
        for first in range(0, len(group), max(1, _PART // (wide * tall))):
            some = group[first : first + max(1, _PART // (wide * tall))]
            left, top = low[some, 0], low[some, 1]
            ink = _inside(edge, some, left, top, wide, tall, a, way)
            ink *= np.float32(255) if ink_of.full is None else ink_of.full[some][:, None, None]
            np.clip(ink, 0, ink_of.most[some][:, None, None], out=ink)
            ink += np.float32(0.5)
            place = (start[some] + top * stride[some] + left)[:, None, None] + (
                np.arange(tall)[:, None] * stride[some][:, None, None] + np.arange(wide)
            )
            np.maximum.at(flat, place.ravel(), ink.astype(np.uint8).ravel())


def _alike(extent: np.ndarray, rows: np.ndarray) -> Iterator[tuple[np.ndarray, int, int]]:
    """Those of `rows` whose pixels `extent` int64 [k,2] are as many, together: rows, width, height."""
    kind = extent[rows, 0] * (extent[rows, 1].max(initial=0) + 1) + extent[rows, 1]
    order = np.argsort(kind, kind="stable")
    for group in np.split(rows[order], np.flatnonzero(np.diff(kind[order])) + 1):
        if len(group):
            wide, tall = extent[group[0]].tolist()
            yield group, wide, tall


def _inside(
    edge: Edge, some: np.ndarray, left: np.ndarray, top: np.ndarray, wide: int, tall: int, begin: np.ndarray,
    way: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """How far inside `edge` the middles of pixels are, `wide` by `tall` from (left, top) int64 [s] on."""
    dx = (left[:, None] + np.arange(wide)).astype(np.float32) + np.float32(0.5) - begin[some, :1]
    dy = (top[:, None] + np.arange(tall)).astype(np.float32) + np.float32(0.5) - begin[some, 1:]
    return edge.inside(some, dx, dy, way[some])


def _on(canvas: np.ndarray, paths: Paths, depth: np.ndarray | None, base: np.ndarray | None = None,
        sizes: np.ndarray | None = None) -> None:  # fmt: skip
    """Lay the strokes of `paths`, in px of the canvas, on it."""
    if paths.swell is None:
        cover(canvas, paths.points, paths.strokes, paths.width / 2, depth, base, sizes)
    else:
        cover_swept(canvas, paths, depth, base, sizes)


def frames(paths: Paths, size: int) -> np.ndarray:
    """Coverage uint8 [n,size,size] of the frame's own pixels, 255 = ink."""
    result = np.zeros((len(paths), size, size), np.uint8)
    if len(paths.points):
        owner = paths.owner
        square = np.full((len(owner), 2), size, np.int64)
        _on(result.reshape(1, -1), paths, None, owner * (size * size), square)
    return result


def fields(paths: Paths, size: int, reach: float = -FAR) -> np.ndarray:
    """Signed distance to the edge of the ink, float16 [n,size,size]: half the width less distance, within ±reach."""
    result = np.empty((len(paths), size, size), np.float16)
    for first in range(0, len(paths), 64):
        part = slice(first, first + 64)
        result[part] = signed_distances(paths.take(part), size, size, reach)
    return result


def signed_distances(paths: Paths, width: int, height: int, reach: float) -> np.ndarray:
    """The same, float32 [n,height,width], all at once."""
    result = np.full((len(paths), height, width), -reach, np.float32)
    flat, glyph = result.reshape(-1), paths.owner
    size = np.array([width, height], np.int64)
    for found, edge in _edges(paths):
        a, b = found.begin, found.begin + found.way
        low = np.maximum(np.floor(np.minimum(a, b) - edge.reach - reach), 0).astype(np.int64)
        high = np.minimum(np.ceil(np.maximum(a, b) + edge.reach + reach), size).astype(np.int64)
        extent = high - low
        seen = np.flatnonzero((extent > 0).all(axis=1))
        if not isinstance(edge, Nib):
            # what lies further away is right, too, but beyond the corners of nibs; fewer sizes are fewer turns
            extent = np.minimum(-(-extent // _ROUNDED) * _ROUNDED, size)
            low = np.minimum(low, size - extent)
        for group, wide, tall in _alike(extent, seen):
            inner = np.arange(tall)[:, None] * width + np.arange(wide)
            for first in range(0, len(group), max(1, _PART // (wide * tall))):
                some = group[first : first + max(1, _PART // (wide * tall))]
                value_at = _inside(edge, some, low[some, 0], low[some, 1], wide, tall, a, found.way)
                base = (glyph[found.owner[some]] * height + low[some, 1]) * width + low[some, 0]
                np.maximum.at(flat, (base[:, None, None] + inner).ravel(), value_at.ravel())
    return np.clip(result, -reach, reach, out=result)


def pictures(paths: Paths, depth: np.ndarray) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Number, left, top and coverage uint8 [h,w] of each glyph that has ink; `paths` in px of the whole picture.

    `depth` [n] 0 … 1 is the share of full ink.
    """
    box = paths.bounds()
    inked = np.flatnonzero(box[:, 2] > box[:, 0])
    if not len(inked):
        return
    low = np.floor(box[inked, :2] - 0.5).astype(np.int64)
    size = np.ceil(box[inked, 2:] + 0.5).astype(np.int64) - low
    area = size.prod(axis=1)
    part = np.cumsum(area) // (1 << 22)
    for some in np.split(np.arange(len(inked)), np.flatnonzero(np.diff(part)) + 1):
        base = np.concatenate([[0], np.cumsum(area[some])])
        sheet = np.zeros((1, int(base[-1])), np.uint8)
        mine = paths.take(inked[some])
        owner = mine.owner
        shift = low[some].astype(np.float32)[owner[mine.stroke]]
        full = np.asarray(depth, np.float32)[inked[some]][owner]
        _on(sheet, replace(mine, points=mine.points - shift), full, base[:-1][owner], size[some][owner])
        for i, row in enumerate(some.tolist()):
            width, height = size[row].tolist()
            drawn = sheet[0, base[i] : base[i + 1]].reshape(height, width)
            yield int(inked[row]), int(low[row, 0]), int(low[row, 1]), drawn

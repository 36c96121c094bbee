"""Ink of pens of any kind on one canvas: layers that lie on each other, and the tooth of the paper in them."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from handsynth import noise
from handsynth.arrays import middle
from handsynth.ink import pens
from handsynth.ink.coverage import over
from handsynth.ink.paths import Paths
from handsynth.ink.penink import cover, cover_swept
from handsynth.units import MM_PER_INCH

TOOTH_MM = 0.08
"""Distance of the paper's hills: they are the paper's, however large the letters."""

USUAL_MM = 2.0
"""Height of a small x where nobody says how large a pixel is."""

SIDE = 512
"""Of the tile that is laid over the page again and again, in px."""

_BOXES = 3


def lay(canvas: np.ndarray, paths: Paths, depth: np.ndarray | None, tooth: float) -> None:
    """Lay `paths`, swept and in px of `canvas` uint8 [h,w], on it; in place.

    `depth` float32 [m] as in `penink.cover`; `tooth` px: how far the paper's hills are apart (see `tooth`).
    """
    if paths.pen is None:
        cover(canvas, paths.points, paths.strokes, paths.width / 2, depth)
        return
    for grain, rows in _layers(paths):
        if not len(rows):
            continue
        some = strokes_of(paths, rows)
        full = None if depth is None else depth[rows]
        if grain is None:
            cover_swept(canvas, some, full)
            continue
        left, top, right, bottom = _window(some, canvas.shape)
        if left >= right or top >= bottom:
            continue
        sheet = np.zeros((bottom - top, right - left), np.uint8)
        moved = replace(some, points=some.points - np.array([left, top], np.float32))
        cover_swept(sheet, moved, full)
        if grain:
            _grained(sheet, left, top, grain, tooth)
        over(canvas, left, top, sheet)


def tooth(dpi: float | None, xheight: np.ndarray | float) -> float:
    """Distance of the paper's hills in px: at `dpi`, or where the middle of `xheight` [n] px is as usual."""
    if dpi:
        return TOOTH_MM * (dpi / MM_PER_INCH)
    return TOOTH_MM * (float(middle(np.ravel(np.asarray(xheight, np.float64)))) / USUAL_MM)


def strokes_of(paths: Paths, rows: np.ndarray) -> Paths:
    """Some of the strokes, int64 [k], each a glyph of its own."""
    return replace(paths, glyphs=np.arange(len(paths.width) + 1)).take(rows)


def _layers(paths: Paths) -> list[tuple[float | None, np.ndarray]]:
    """Strokes int64 that are one ink, and the grain of it; None: ink that simply covers, on all that is there."""
    assert paths.pen is not None
    number = np.arange(len(paths.width)) - paths.glyphs[:-1][paths.owner]
    odd = (paths.owner + number) % 2 == 1
    result: list[tuple[float | None, np.ndarray]] = []
    for kind in np.unique(paths.pen).tolist():
        mine, pen = paths.pen == kind, pens.of(kind)
        if pen.layered:
            # strokes that follow each other are on two sheets: where they cross, ink lies on ink
            result += [(0.0, np.flatnonzero(mine & ~odd)), (0.0, np.flatnonzero(mine & odd))]
        else:
            result.append((pen.grain or None, np.flatnonzero(mine)))
    return result


def _window(paths: Paths, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    box = paths.bounds()
    low, high = np.floor(box[:, :2].min(axis=0) - 1), np.ceil(box[:, 2:].max(axis=0) + 1)
    left, top = np.maximum(low, 0).astype(np.int64).tolist()
    right, bottom = np.minimum(high, (shape[1], shape[0])).astype(np.int64).tolist()
    return left, top, right, bottom


def _grained(sheet: np.ndarray, left: int, top: int, grain: float, tooth: float) -> None:
    """Take ink away where the paper is hollow; `sheet` uint8 [h,w] begins at (left, top) of the page."""
    tile = _tooth(round(64 * tooth), round(255 * grain))
    side = len(tile)
    height, width = sheet.shape
    rows, columns = (top + np.arange(height)) % side, (left + np.arange(width)) % side
    for row, at in enumerate(rows.tolist()):
        kept = tile[at][columns].astype(np.uint16)
        kept *= sheet[row]
        kept += 127
        kept //= 255
        sheet[row] = kept


@lru_cache(maxsize=4)
def _tooth(pitch: int, grain: int) -> np.ndarray:
    """How much graphite stays, uint8 [SIDE,SIDE], 255 = all; hills are `pitch` / 64 px apart, edges meet.

    White noise that three boxes have blurred, nearly as a Gaussian would (Wells: "Efficient synthesis of Gaussian
    filters by cascaded uniform filters", 1986). Hills smaller than a pixel average out.
    """
    drawn = noise.uniforms(0, "paper", np.array([noise.key_of("tooth")], np.uint64), SIDE * SIDE)
    hollow = drawn.astype(np.float64).reshape(SIDE, SIDE) - 0.5
    size = max(1, round(0.45 * pitch / 64))
    weights = np.ones(1)
    for _ in range(_BOXES):
        weights = np.convolve(weights, np.ones(size))
        for axis in (0, 1):
            hollow = sum((np.roll(hollow, at, axis) for at in range(1, size)), start=hollow)
    # to standard deviation 1: that of uniform numbers is a twelfth's root
    spread = float((weights * weights).sum()) / 12**0.5
    strength = grain / 255 * min(1.0, pitch / 64)
    # half of the paper takes all ink, and the hollows little
    kept = 1 - strength * np.clip(0.38 + 0.42 * hollow / spread, 0, 1)
    tooth = (255 * kept + 0.5).astype(np.uint8)
    tooth.setflags(write=False)
    return tooth

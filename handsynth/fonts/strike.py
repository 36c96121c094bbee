"""A FontSource in pixels: every glyph drawn at one size, on a grid that its origin lies on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.fonts.source import XHEIGHT, FontSource
from handsynth.ink.glyph import Glyphs
from handsynth.ink.strokes import half_width

SIZES = 6, 1000
"""Least and greatest pixels per em of any format."""

DEPTHS = 1, 2, 4, 8
"""Bits per pixel."""

_THINNEST = 1.0
"""Strokes that are black or white are made no thinner than this, in pixels, so that they do not break up."""

_HALF = 0.45
"""Coverage from which a pixel is black."""


@dataclass(frozen=True, eq=False)
class Strike:
    """g glyphs in pixels, as in the FontSource."""

    size: int
    """Pixels per em."""
    left: np.ndarray
    """int32 [g]: from the origin to the left edge of the picture."""
    top: np.ndarray
    """int32 [g]: from the baseline up to the upper edge of the picture."""
    pictures: tuple[np.ndarray, ...]
    """[g]: coverage uint8 [h,w], 255 = ink; its outer rows and columns have ink. 0 x 0 for a glyph without."""
    advance: np.ndarray
    """int32 [g]."""
    ascent: int
    descent: int
    """Pixels of a line above and below the baseline."""

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def width(self) -> np.ndarray:
        """int32 [g]."""
        return np.array([picture.shape[1] for picture in self.pictures], np.int32)

    @property
    def height(self) -> np.ndarray:
        """int32 [g]."""
        return np.array([picture.shape[0] for picture in self.pictures], np.int32)


def check_size(size: int) -> None:
    """Raises InputError for a size that no format has."""
    if not SIZES[0] <= size <= SIZES[1]:
        raise InputError(f"a size of {size} pixels per em cannot be drawn; give a whole number from 6 to 1000")


def strike(source: FontSource, size: int, depth: int = 8) -> Strike:
    """Draw all glyphs at `size` pixels per em, in 2 ** `depth` steps of grey from 0 to 255. Raises InputError."""
    check_size(size)
    if depth not in DEPTHS:
        raise InputError(f"a depth of {depth} bits is not known; give 1, 2, 4 or 8")
    count = len(source)
    glyphs = source.glyphs if depth > 1 else _thickened(source.glyphs, size / source.em)
    none = np.empty((0, 0), np.uint8)
    pictures, left, top = [none] * count, np.zeros(count, np.int32), np.zeros(count, np.int32)
    still = np.zeros(count)
    drawn = glyphs.tiles(
        source.frame, np.full(count, size * XHEIGHT), source.centre * size, still, still, still, still + 1
    )
    for glyph, x, y, grey in drawn:
        steps = _quantised(grey, depth)
        rows, columns = np.flatnonzero(steps.any(axis=1)), np.flatnonzero(steps.any(axis=0))
        if len(rows):
            pictures[glyph] = steps[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            left[glyph], top[glyph] = x + columns[0], -(y + rows[0])
    return Strike(size, left, top, tuple(pictures), pixels(source.advance, size), *line(source, size))


def line(source: FontSource, size: int) -> tuple[int, int]:
    """Pixels of a line above and below the baseline."""
    return int(np.ceil(source.metrics.ascent * size)), int(np.ceil(source.metrics.descent * size))


def pixels(lengths: np.ndarray | float, size: int) -> np.ndarray:
    """Lengths in em as whole pixels, int32; halves are rounded up."""
    return np.floor(np.asarray(lengths) * size + 0.5).astype(np.int32)


def _quantised(grey: np.ndarray, depth: int) -> np.ndarray:
    if depth == 1:
        return np.where(grey >= 255 * _HALF, 255, 0).astype(np.uint8)
    top = (1 << depth) - 1
    return ((grey.astype(np.uint16) * top + 127) // 255 * (255 // top)).astype(np.uint8)


def _thickened(glyphs: Glyphs, k: float) -> Glyphs:
    """Glyphs whose strokes are at least `_THINNEST` pixels wide at k pixels per frame px."""
    half = np.array([half_width(field) for field in glyphs.fields().astype(np.float32)])
    return glyphs.thicker((0.5 * _THINNEST / k - half).clip(0, 2.0))

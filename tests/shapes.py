"""A drawer without a model: each character is a few strokes in its usual box, each drawing by another pen."""

from __future__ import annotations

import string
from functools import cache

import numpy as np

from handsynth import noise
from handsynth.frame import STANDARD
from handsynth.ink.glyph import FieldGlyphs
from handsynth.text.extents import extents

CHARS = [char for char in string.printable if not char.isspace()]
PEN = 0.07
_Y, _X = np.mgrid[0 : STANDARD.size, 0 : STANDARD.size] + 0.5
X, UP = (_X - STANDARD.size / 2) / STANDARD.xheight, (STANDARD.baseline - _Y) / STANDARD.xheight


def segment(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    """Field of one stroke, ends in x-heights about the glyph's point, y up."""
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = np.clip(((X - x0) * (x1 - x0) + (UP - y0) * (y1 - y0)) / max(length, 1e-9), 0, 1)
    distance = np.hypot(X - x0 - along * (x1 - x0), UP - y0 - along * (y1 - y0))
    return np.clip((PEN - distance) * STANDARD.xheight, -4, 4).astype(np.float32)


def strokes(*points: tuple[float, float]) -> np.ndarray:
    """Field of a line through points."""
    return np.max([segment(*a, *b) for a, b in zip(points[:-1], points[1:], strict=True)], axis=0)


@cache
def table() -> np.ndarray:
    """Fields of CHARS."""
    fields = []
    for char in CHARS:
        box = extents(char)
        half, middle = max(box.width / 2 - PEN, 0.0), (box.top + box.bottom) / 2
        low, high = box.bottom + PEN, box.top - PEN
        fields.append(
            (
                strokes((-half, low), (half, middle), (-half, high)),
                strokes((half, low), (-half, middle), (half, high)),
                strokes((0.0, low), (0.0, high), (half, high), (-half, high)),
            )[noise.key_of(char) % 3]
        )
    return np.stack(fields)


def draw(index: np.ndarray, places: np.ndarray) -> FieldGlyphs:
    """Fields f32 [n,64,64] of CHARS[index]: pens differ with the place."""
    pen = noise.uniforms(5, "glyph", places, 1)[:, :, None]
    return FieldGlyphs(np.clip(table()[index] + 0.5 * pen, -4, 4))

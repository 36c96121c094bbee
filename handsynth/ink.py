"""Fields to ink: how much of each pixel a glyph covers, at any size, place and angle.

A field is the signed distance to the edge in frame px, so coverage is clip(0.5 + k field, 0, 1) at k pixels per
frame px. The field is resampled with a cubic kernel, which keeps edges smooth however much it is enlarged; small
sizes are drawn larger and averaged, so that thin strokes turn grey instead of breaking up.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from handsynth.frame import Frame

FINE = 1.5
"""Pixels per frame px below which ink is drawn larger and averaged."""

_PAD = 3
_FAR = -4.0


def coverage(
    field: np.ndarray, frame: Frame, xheight: float, x: float, y: float, angle: float = 0.0, slant: float = 0.0
) -> tuple[int, int, np.ndarray]:
    """Ink of one glyph: left, top and coverage uint8 [h,w] (255 = full) of the pixels that it may touch.

    `field` [H,H] is drawn with an x-height of `xheight` px, its point (centre line, baseline) at pixel coordinates
    (x, y), y downwards, sheared by `slant` (x per height) and turned by `angle` radians counter-clockwise about it.
    Glyphs without ink give h = w = 0.
    """
    k = xheight / frame.xheight
    box = _ink(field, 0.5 / k)
    if box is None:
        return 0, 0, np.empty((0, 0), np.uint8)
    left, top, right, bottom = box
    part = _crop(field, left, top, right, bottom)
    # source coordinates of the crop's corners about the glyph's point, then turned onto the page
    across = np.array([left, right, left, right], np.float64) - frame.size / 2
    down = np.array([top, top, bottom, bottom], np.float64) - frame.baseline
    cos, sin = math.cos(angle), math.sin(angle)
    lean, tall = sin - slant * cos, cos + slant * sin
    page_x, page_y = x + k * (across * cos + down * lean), y + k * (down * tall - across * sin)
    x0, y0 = math.floor(page_x.min()) - 1, math.floor(page_y.min()) - 1
    width, height = math.ceil(page_x.max()) + 1 - x0, math.ceil(page_y.max()) + 1 - y0
    fine = 1 if k >= FINE else min(16, math.ceil(FINE / k))
    up = min(8, 2 * math.ceil(k / 3))
    # the inverse map, from the pixels of the page to those of the enlarged field
    unit = up / (k * fine)
    shift_x, shift_y = (x0 - x) / k, (y0 - y) / k
    matrix = (
        unit * tall, -unit * lean, up * (tall * shift_x - lean * shift_y + frame.size / 2 - left + _PAD),
        unit * sin, unit * cos, up * (sin * shift_x + cos * shift_y + frame.baseline - top + _PAD),
    )  # fmt: skip
    # Pillow's cubic `transform` does not keep straight lines straight, its cubic `resize` does
    larger = Image.fromarray(part).resize((part.shape[1] * up, part.shape[0] * up), Image.Resampling.BICUBIC)
    drawn = larger.transform(
        (width * fine, height * fine),
        Image.Transform.AFFINE,
        matrix,
        Image.Resampling.BILINEAR,
        fillcolor=_FAR,
    )
    grey = np.asarray(drawn) * np.float32(k * fine) + np.float32(0.5)
    np.clip(grey, 0, 1, out=grey)
    if fine > 1:
        grey = grey.reshape(height, fine, width, fine).mean(axis=(1, 3))
    return x0, y0, (grey * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def _ink(field: np.ndarray, reach: float) -> tuple[int, int, int, int] | None:
    """Bounds (left, top, right, bottom) of what may leave ink, one pixel and `reach` around it included."""
    inside = field > max(-reach, _FAR + 0.5)
    rows, columns = np.atleast_1d(inside.any(axis=1)), np.atleast_1d(inside.any(axis=0))
    if not rows.any():
        return None
    size = len(field)
    top, bottom = int(rows.argmax()), size - int(rows[::-1].argmax())
    left, right = int(columns.argmax()), size - int(columns[::-1].argmax())
    return max(left - 1, 0), max(top - 1, 0), min(right + 1, size), min(bottom + 1, size)


def _crop(field: np.ndarray, left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """The box and `_PAD` pixels around it, float32.

    Ink that runs out of the frame ends at its border in an edge like any other, never in a hard cut: the shape
    is intersected with the square.
    """
    size = len(field)
    if min(left, top) < _PAD or max(right, bottom) > size - _PAD:
        inside = np.arange(-_PAD, size + _PAD, dtype=np.float32) + np.float32(0.5)
        inside = np.minimum(inside, inside[::-1])
        whole = np.pad(field.astype(np.float32), _PAD, mode="edge")
        whole = np.minimum(whole, np.minimum.outer(inside, inside))
        part: np.ndarray = whole[top : bottom + 2 * _PAD, left : right + 2 * _PAD]
        return part
    return field[top - _PAD : bottom + _PAD, left - _PAD : right + _PAD].astype(np.float32)

"""Cut-out ink into the frame: at a scale and a baseline that are known, or where its character usually is."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from handsynth.frame import Frame, ink_box
from handsynth.text.extents import extents

_FINE = 4
"""Ink is drawn this many times finer, cut at half coverage and averaged, so that edges are crisp."""

_MARGIN = 1.0
"""px of the frame that stay free at each side."""


def framed(cover: np.ndarray, scale: float, base: float, frame: Frame) -> tuple[np.ndarray, bool]:
    """Ink uint8 [h,w], 255 = full, as uint8 [H,H], and whether it had to be made smaller than asked for.

    `scale`: px of the frame for each px of `cover`; `base`: the row of `cover` (from its top, may lie outside) at which
    the baseline is. Ink is centred left to right; all is blank where there is none.
    """
    size = frame.size
    box = ink_box(cover)
    if box is None:
        return np.zeros((size, size), np.uint8), False
    left, top, right, bottom = box
    most = largest_scale(box, base, frame)
    shrunk = scale > most
    scale = min(scale, most)
    # whole px of the frame around the ink, and what they show of the picture
    middle = (left + right) / 2
    first = max(math.floor(size / 2 + (left - middle) * scale) - 1, 0)
    last = min(math.ceil(size / 2 + (right - middle) * scale) + 1, size)
    upper = max(math.floor(frame.baseline + (top - base) * scale) - 1, 0)
    lower = min(math.ceil(frame.baseline + (bottom - base) * scale) + 1, size)
    area = np.array([
        middle + (first - size / 2) / scale, base + (upper - frame.baseline) / scale,
        middle + (last - size / 2) / scale, base + (lower - frame.baseline) / scale,
    ])  # fmt: skip
    # only the ink itself, and paper around it as far as is looked at
    pad = math.ceil(2 / scale) + 3
    part = Image.fromarray(np.pad(cover[top:bottom, left:right], pad))
    x0, y0, x1, y1 = (area + pad - [left, top, left, top]).tolist()
    within = max(x0, 0.0), max(y0, 0.0), min(x1, float(part.width)), min(y1, float(part.height))
    wide, high = last - first, lower - upper
    large = part.resize((wide * _FINE, high * _FINE), Image.Resampling.BICUBIC, within)
    share = (np.asarray(large) >= 128).reshape(high, _FINE, wide, _FINE).mean(axis=(1, 3))
    image = np.zeros((size, size), np.uint8)
    image[upper:lower, first:last] = np.rint(share * 255)
    return image, shrunk


def largest_scale(box: tuple[int, int, int, int], base: float, frame: Frame) -> float:
    """px of the frame for each px at which ink in `box` (left, top, right, bottom) just fits; `base` as in `framed`."""
    left, top, right, bottom = box
    return min(
        (frame.size - 2 * _MARGIN) / (right - left),
        (frame.baseline - _MARGIN) / max(base - top, 1e-9),
        (frame.descent - _MARGIN) / max(bottom - base, 1e-9),
    )


def usual_base(char: str, top: float, bottom: float, scale: float, frame: Frame) -> float:
    """The row at which the baseline of a picture is whose ink reaches from row `top` to `bottom`, at `scale`.

    What stands on the line stands by its foot, what hangs below it or floats above by its top, which is steadier, and
    dashes and the like by their middle.
    """
    box, unit = extents(char), frame.xheight / scale
    if box.bottom < -0.1 or box.bottom > 0.9:
        return top + box.top * unit
    if box.bottom > 0.12:
        return (top + bottom) / 2 + (box.top + box.bottom) / 2 * unit
    return bottom + box.bottom * unit


def extent(char: str, width: float, height: float) -> tuple[float, float]:
    """Of ink and of its character as it usually is: the height, or the width of flat marks such as dashes."""
    box = extents(char)
    return (height, box.height) if box.height > box.width / 2 else (width, box.width)

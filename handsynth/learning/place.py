"""Cut-out ink into the frame: at a scale and a baseline that are known, or where its character usually is."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from handsynth.frame import Frame, ink_box
from handsynth.text.extents import extents

_FINE = 4
"""Ink is drawn this many times finer, cut at half coverage and averaged, so that edges are crisp."""

_CUT = [0] * 128 + [255] * 128
"""Coverage to whether it is ink."""

_MARGIN = 1.0
"""px of the frame that stay free at each side."""


LONGEST = 2.0
"""Times that what hangs below the line may be longer than the frame has room for."""

_SOMETIMES = frozenset("Jfz")
"""Letters that have a descender in many hands alone."""

_HANGS, _MOST = 3.0, 0.75
"""px below the line from which a letter hangs, and the share of those that is to fit in."""


def framed(
    cover: np.ndarray, scale: float, base: float, frame: Frame, char: str = "", descenders: float = 1.0
) -> tuple[np.ndarray, bool]:
    """Ink uint8 [h,w], 255 = full, as uint8 [H,H], and whether it had to be made smaller than asked for.

    `scale`: px of the frame for each px of `cover`; `base`: the row of `cover` (from its top, may lie outside) at which
    the baseline is. Ink is centred left to right; all is blank where there is none. `char`, `descenders`: as in
    `fitting`.
    """
    size = frame.size
    box = ink_box(cover)
    if box is None:
        return np.zeros((size, size), np.uint8), False
    fit = fitting(cover, scale, base, frame, char, descenders)
    if fit is not cover:
        cover, box = fit, ink_box(fit) or box
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
    paper = np.zeros((bottom - top + 2 * pad, right - left + 2 * pad), np.uint8)
    paper[pad:-pad, pad:-pad] = cover[top:bottom, left:right]
    part = Image.fromarray(paper)
    x0, y0, x1, y1 = (area + pad - [left, top, left, top]).tolist()
    within = max(x0, 0.0), max(y0, 0.0), min(x1, float(part.width)), min(y1, float(part.height))
    wide, high = last - first, lower - upper
    large = part.resize((wide * _FINE, high * _FINE), Image.Resampling.BICUBIC, within)
    image = np.zeros((size, size), np.uint8)
    image[upper:lower, first:last] = np.asarray(large.point(_CUT).reduce(_FINE))
    return image, shrunk


def hangs(char: str) -> bool:
    """Whether a character is a letter with a descender."""
    return char.isalpha() and extents(char).bottom < -0.1


def long_descenders(depths: Sequence[float], frame: Frame) -> float:
    """How many times shorter letters must become below the line so that most fit into the frame, 1 … `LONGEST`.

    `depths`: how far each letter hangs below the line, frame px.
    """
    hanging = [depth for depth in depths if depth > _HANGS]
    if not hanging:
        return 1.0
    needed = float(np.quantile(hanging, _MOST)) / (frame.descent - _MARGIN)
    return min(max(math.ceil(100 * needed) / 100, 1.0), LONGEST)


def fitting(
    cover: np.ndarray, scale: float, base: float, frame: Frame, char: str, descenders: float = 1.0
) -> np.ndarray:
    """Ink as of `framed`, of a letter so many times shorter below the line; of one that may have a descender as
    short as the frame has room for."""
    if not hangs(char) and char not in _SOMETIMES:
        return shortened(cover, base, descenders) if char.isalpha() else cover
    box = ink_box(cover)
    room = (frame.descent - _MARGIN) / scale
    # the row at which it is cut, and those that are left, are whole
    needed = 1.0 if box is None else (box[3] - base) / max(room - 1, 1.0)
    return shortened(cover, base, max(descenders, min(needed, LONGEST) if needed * (room - 1) > room else 1.0))


def with_descenders(image: np.ndarray, char: str, times: float, frame: Frame) -> np.ndarray:
    """A letter uint8 [H,H] in the frame, so many times shorter below the line; signs as they are."""
    if times <= 1 or not char.isalpha():
        return image
    short = shortened(image, frame.baseline, times)
    return np.pad(short, ((0, frame.size - len(short)), (0, 0)))


def shortened(cover: np.ndarray, base: float, times: float) -> np.ndarray:
    """Ink uint8 [h,w] so many times shorter below the row `base`: uint8 [k,w], k <= h."""
    first = min(max(round(base), 0), len(cover))
    if times <= 1 or first == len(cover):
        return cover
    high = max(1, round((len(cover) - first) / times))
    low = Image.fromarray(cover[first:]).resize((cover.shape[1], high), Image.Resampling.BOX)
    return np.concatenate([cover[:first], np.asarray(low)])


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

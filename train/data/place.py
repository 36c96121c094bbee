"""Placing into the frame: a writer's strokes, and pictures that come cropped."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.text.extents import extents

MARGIN = 2
"""px at each side of the frame that stay free of ink."""
HANGING = frozenset("gjpqy'\"`^*,;°´¨")
"""Placed by their usual top: what hangs below or floats above has a steadier top than bottom."""
CENTRED = frozenset("-=~+<>()[]{}|/\\@$#&%_·•–—«»×÷¬")
"""Placed by the middle of their usual height."""
SCALE_CHARS = frozenset("ABCDEFGHIKLMNOPRSTUVWXZabcdeghiklmnopqrstuvwxyz0123456789")
"""Characters whose height tells a writer's size."""
SMALLEST, LARGEST = 0.6, 1.6
"""A glyph keeps its own size between these multiples of the usual one."""
ABSURD = 2.6
"""A glyph this many times larger or smaller than usual is no drawing of its character."""


def writer_scale(chars: Sequence[str], heights: np.ndarray, frame: Frame, pen: float) -> float | None:
    """px per unit of a writer's strokes: the median over characters of usual height / height.

    `heights` [n] are those of the strokes without the pen's width. None if no character tells.
    """
    ratios = [
        (extents(char).height * frame.xheight - pen) / height
        for char, height in zip(chars, heights, strict=True)
        if char in SCALE_CHARS and height > 0
    ]
    return float(np.median(ratios)) if ratios else None


def anchor(char: str, height: float, frame: Frame) -> float:
    """Row (a float, in px from the frame's top) of the upper edge of ink that is `height` px high."""
    box = extents(char)
    top, bottom = frame.baseline - box.top * frame.xheight, frame.baseline - box.bottom * frame.xheight
    if char in HANGING:
        return top
    if char in CENTRED:
        return (top + bottom - height) / 2
    return bottom - height


def fit_factor(char: str, width: float, height: float, frame: Frame) -> float:
    """How much (at most 1) ink of this size must shrink to stay inside the margins when it is placed."""
    room = frame.size - 2 * MARGIN
    factor = min(1.0, room / max(width, 1e-9), room / max(height, 1e-9))
    top = anchor(char, 0.0, frame)
    above, below = anchor(char, 1.0, frame) - top, 1.0  # how far each edge moves with each px of height
    below += above
    if top + above * height * factor < MARGIN:
        factor = min(factor, (top - MARGIN) / (-above * height))
    if top + below * height * factor > frame.size - MARGIN:
        factor = min(factor, (frame.size - MARGIN - top) / (below * height))
    return factor


def place_strokes(
    strokes: Sequence[np.ndarray], char: str, scale: float, frame: Frame, pen: float
) -> tuple[list[np.ndarray], float] | str:
    """Strokes [n,2] (any unit, y down) moved and scaled into the frame, with the scale that they got.

    `scale` is the writer's. Returns the reason, a few words, if the glyph cannot be meant as `char`.
    """
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = (high - low) * scale
    box = extents(char)
    if char in SCALE_CHARS:
        ratio = (height + pen) / (box.height * frame.xheight)
        if not 1 / ABSURD < ratio < ABSURD:
            return "height out of proportion"
        if width + pen > ABSURD * max(box.width, 0.8) * frame.xheight * max(1.0, min(ratio, LARGEST)):
            return "width out of proportion"
    else:
        ratio = (max(width, height) + pen) / (max(box.width, box.height) * frame.xheight)
        if ratio > 2 * ABSURD or (ratio < 1 / ABSURD and max(box.width, box.height) > 0.6):
            return "size out of proportion"
        ratio = max(ratio, SMALLEST) if max(box.width, box.height) <= 0.6 else ratio
    wished = min(max(ratio, SMALLEST), LARGEST) / ratio
    # the pen keeps its width whatever the glyph's size, so only the path shrinks or grows
    scale *= max(0.0, wished + (wished - 1) * pen / max(width, height, pen))
    for _ in range(4):
        width, height = (high - low) * scale
        factor = fit_factor(char, float(width) + pen, float(height) + pen, frame)
        if factor == 1.0:
            break
        scale *= factor * 0.999
    else:
        return "does not fit into the frame"
    top = anchor(char, float(height) + pen, frame) + pen / 2
    origin = np.array([frame.size / 2 - width / 2, top])
    return [(stroke - low) * scale + origin for stroke in strokes], scale

"""Coverage on coverage: how ink is laid over ink."""

from __future__ import annotations

import numpy as np


def over(canvas: np.ndarray, x: int, y: int, drawn: np.ndarray) -> None:
    """Lay coverage `drawn` uint8 [h,w] at (x, y) over `canvas` uint8 [height,width], in place."""
    height, width = canvas.shape
    left, top, right, bottom = max(x, 0), max(y, 0), min(x + drawn.shape[1], width), min(y + drawn.shape[0], height)
    if left >= right or top >= bottom:
        return
    part = canvas[top:bottom, left:right]
    # both cover at random: 1 - (1 - a)(1 - b), so that edges which meet leave no seam
    both = np.multiply(255 - part, 255 - drawn[top - y : bottom - y, left - x : right - x], dtype=np.uint16)
    both += 127
    both //= 255
    np.subtract(255, both.astype(np.uint8), out=part)

"""Fields compared with a level, fast: numbers of 16 bits by their bits, since few machines compare them as numbers."""

from __future__ import annotations

import numpy as np


def above(fields: np.ndarray, level: np.ndarray | float = 0.0) -> np.ndarray:
    """bool, of the shape of `fields`: fields > level, for levels of zero and below that broadcast to it."""
    if fields.dtype != np.float16:
        result: np.ndarray = fields > level
        return result
    # as signed numbers the positive ones are above zero; as unsigned ones they come first, then the negative ones by
    # their size
    depth = np.abs(np.asarray(level, np.float32))
    if not depth.any():
        result = fields.view(np.int16) > 0
        return result
    half = depth.astype(np.float16)
    half = np.where(half < depth, np.nextafter(half, np.float16(np.inf)), half)
    result = fields.view(np.uint16) < (half.view(np.uint16) | np.uint16(0x8000))
    return result

"""Where the ink of fields is, fast: numbers of 16 bits by their bits, since few machines compare them as numbers."""

from __future__ import annotations

import numpy as np

from handsynth.frame import Frame

FAR = -4.0
"""Fields are clamped to so many px of the frame on both sides of the edge; this is where no ink is anywhere near."""


def above(fields: np.ndarray, level: np.ndarray | float = 0.0) -> np.ndarray:
    """bool, of the shape of `fields`: fields > level, for levels of zero and below that broadcast to it."""
    if fields.dtype != np.float16:
        return fields > level
    # as signed numbers the positive ones are above zero; as unsigned ones they come first, then the negative ones by
    # their size
    depth = np.abs(np.asarray(level, np.float32))
    if not depth.any():
        return fields.view(np.int16) > 0
    half = depth.astype(np.float16)
    half = np.where(half < depth, np.nextafter(half, np.float16(np.inf)), half)
    return fields.view(np.uint16) < (half.view(np.uint16) | np.uint16(0x8000))


def ink_boxes(fields: np.ndarray, frame: Frame) -> np.ndarray:
    """Ink boxes float64 [n,4] of `fields` [n,H,H] in x-heights about the glyph's point: left, top, right, bottom.

    y grows downwards. Glyphs without ink have right < left.
    """
    rows, columns = (np.empty((len(fields), frame.size), bool) for _ in range(2))
    for start in range(0, len(fields), 4096):
        inside = above(fields[start : start + 4096])
        rows[start : start + 4096], columns[start : start + 4096] = inside.any(axis=2), inside.any(axis=1)
    size = frame.size
    top, bottom = rows.argmax(axis=1), size - rows[:, ::-1].argmax(axis=1)
    left, right = columns.argmax(axis=1), size - columns[:, ::-1].argmax(axis=1)
    box = np.stack([left - size / 2, top - frame.baseline, right - size / 2, bottom - frame.baseline], axis=1)
    box[~rows.any(axis=1)] = (0.0, 0.0, -1.0, -1.0)
    return box / frame.xheight

"""Ink that gathers where strokes of a field end."""

from __future__ import annotations

import numpy as np

from handsynth.frame import Frame

POOL, POOL_BOUND = 0.4, 0.9
"""How far ink spreads at the end of a stroke, and its bound, in frame px."""


_CHUNK = 256


_REACH = 7


def pool(fields: np.ndarray, frame: Frame, amount: float) -> np.ndarray:
    """Fields float16 [n,H,H] whose strokes are a little thicker where they end, as ink gathers where a pen rests.

    Around the ridge of a straight stroke, a disc of radius r holds about 4 w r px of ink, w being the distance to the
    edge; at an end it holds only what lies on one side of it. Dots are ends, too.
    """
    if not amount:
        return fields
    result = np.array(fields, np.float16)
    for start in range(0, len(fields), _CHUNK):
        part = result[start : start + _CHUNK]
        part += _bumps(part.astype(np.float32), min(POOL * amount, POOL_BOUND)).astype(np.float16)
    return result


def _bumps(field: np.ndarray, height: float) -> np.ndarray:
    """What to add to `field` float32 [c,H,H] at the ends of strokes: smooth bumps of at most `height`."""
    size = field.shape[-1]
    # ink of each row up to each of its pixels, with blank rows around
    covered = np.zeros((len(field), size + 2 * _REACH, size + 1), np.float32)
    rows = covered[:, _REACH:-_REACH, 1:]
    np.clip(field + np.float32(0.5), 0, 1, out=rows)
    np.cumsum(rows, axis=2, out=rows)

    inner = np.zeros(field.shape, bool)
    middle = field[:, 1:-1, 1:-1]
    across = (middle >= field[:, 1:-1, :-2]) & (middle >= field[:, 1:-1, 2:])
    down = (middle >= field[:, :-2, 1:-1]) & (middle >= field[:, 2:, 1:-1])
    inner[:, 1:-1, 1:-1] = (middle > 0) & (across | down)
    glyph, row, column = np.nonzero(inner)

    # the ridge itself lies between pixels
    half = np.max([field[glyph, row + dy, column + dx] for dy in (-1, 0, 1) for dx in (-1, 0, 1)], axis=0) + 0.15
    radius = np.clip(np.rint(half), 1, _REACH - 3) + np.float32(3.5)
    ink = np.zeros(len(glyph), np.float32)
    for dy in range(-_REACH, _REACH + 1):
        wide = np.rint(np.sqrt(np.maximum(radius**2 - dy * dy, 0.25)) - 0.5).astype(np.int64)
        left, right = np.maximum(column - wide, 0), np.minimum(column + wide + 1, size)
        line = covered[glyph, row + dy + _REACH, right] - covered[glyph, row + dy + _REACH, left]
        ink += np.where(abs(dy) < radius, line, 0)
    straight = 4 * half * radius
    at_end = 2 * half * (radius + 0.8 * half)
    lack = (straight - ink) / np.maximum(straight - at_end, 1e-3)
    bump = np.clip((lack - 0.4) / 0.5, 0, 1)
    ends = np.flatnonzero(bump > 0.02)
    glyph, row, column, half = glyph[ends], row[ends], column[ends], half[ends]
    bump = height * bump[ends] ** 2 * (3 - 2 * bump[ends])

    result = np.zeros(field.shape, np.float32)
    wide = 2 * (0.8 + 0.8 * half) ** 2
    for dy in range(-4, 5):
        for dx in range(-4, 5):
            y, x = row + dy, column + dx
            inside = (y >= 0) & (y < size) & (x >= 0) & (x < size)
            value = (bump * np.exp(-(dx * dx + dy * dy) / wide)).astype(np.float32)
            np.maximum.at(result, (glyph[inside], y[inside], x[inside]), value[inside])
    return result

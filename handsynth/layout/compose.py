"""One field from several drawn pieces: letters with their marks, signs made of others, the box for what is missing.

The union of two shapes is the larger of their fields, so a composed character is a glyph like any other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.layout.page import ink_boxes
from handsynth.signs import Piece

FAR = -4.0
"""Field where there is no ink anywhere near."""

CLEAR = 0.14
"""Space between a letter and its mark, in x-heights."""

_LOWEST_MARK = 1.2
_PEN_KEPT = 0.7


def compose(pieces: Sequence[Piece], drawn: np.ndarray, frame: Frame) -> np.ndarray:
    """Field f32 [H,H] of a character from the fields `drawn` [m,H,H] of its pieces, in the order of `pieces`."""
    first = pieces[0]
    if len(pieces) == 1 and first == Piece(first.char):
        return np.asarray(drawn[0], np.float32)
    whole = np.full((frame.size, frame.size), FAR, np.float32)
    base = whole
    for piece, field in zip(pieces, drawn, strict=True):
        if not piece.joined:
            base = whole
        whole = np.maximum(whole, _placed(piece, np.asarray(field, np.float32), base, frame))
    return whole


def box(frame: Frame, jitter: np.ndarray) -> np.ndarray:
    """Field f32 [H,H] of an empty box drawn by hand; `jitter` is 8 numbers in [0, 1) that move its corners."""
    height, half = 1.45, 0.45
    corners = np.array([[-half, 0.0], [half, 0.0], [half, height], [-half, height]])
    corners = corners + (np.asarray(jitter, np.float64).reshape(4, 2) - 0.5) * 0.16
    x, y = _grid(frame)
    distance = np.full(x.shape, np.inf)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1)
        distance = np.minimum(distance, np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))
    result: np.ndarray = np.clip((0.06 - distance) * frame.xheight, FAR, -FAR).astype(np.float32)
    return result


def transform(
    field: np.ndarray, frame: Frame, *, scale: float, wide: float, angle: float, dx: float, dy: float
) -> np.ndarray:
    """The field [H,H] of a shape scaled, stretched by `wide`, turned (degrees) and shifted (x-heights, y up).

    A pen does not shrink with what it writes: thinned strokes get most of their width back.
    """
    x, y = _grid(frame)
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = x - dx, y - dy
    x, y = (x * cos + y * sin) / (scale * wide), (y * cos - x * sin) / scale
    moved = sample(field, frame.size / 2 + x * frame.xheight - 0.5, frame.baseline - y * frame.xheight - 0.5)
    kept = _PEN_KEPT * max(0.0, 1 - scale) * float(np.clip(field.max(), 0, 2))
    result: np.ndarray = np.where(moved <= FAR, FAR, moved * scale + kept)
    return result


def _placed(piece: Piece, field: np.ndarray, base: np.ndarray, frame: Frame) -> np.ndarray:
    if piece.cut is not None:
        below = (piece.cut - _grid(frame)[1]) * frame.xheight
        field = np.minimum(field, below.astype(np.float32))
    if piece.anchor == "frame":
        return _moved(piece, field, frame, piece.dx, piece.dy)
    # a mark: drawn about its own middle, then carried to where it belongs
    left, top, right, bottom = _box(field, frame)
    middle = (left + right) / 2, (top + bottom) / 2
    still = _moved(piece, _shifted(field, frame, -middle[0], -middle[1] + 0.5), frame, 0.0, 0.0)
    left, top, right, bottom = _box(still, frame)
    dx, dy = _target(piece, base, frame, top - bottom, right - left)
    return _shifted(still, frame, dx - (left + right) / 2, dy - (top + bottom) / 2)


def _target(piece: Piece, base: np.ndarray, frame: Frame, height: float, width: float) -> tuple[float, float]:
    """Where the middle of a mark of this size belongs, over or under the ink of `base`."""
    left, top, right, bottom = _box(base, frame)
    if right < left:
        left = right = bottom = 0.0
        top = 1.0
    if piece.anchor == "above":
        level = max(top + CLEAR, _LOWEST_MARK) + height / 2
        return _centre(base, frame, top - 0.45, top) + piece.dx, min(level, frame.baseline / frame.xheight - height / 2)
    if piece.anchor == "beside":
        return right + 0.06 + width / 2 + piece.dx, top - height / 2 + piece.dy
    middle = _centre(base, frame, bottom, bottom + 0.35) + piece.dx
    level = min(bottom, 0.0) - CLEAR if piece.anchor == "below" else bottom + 0.05
    return middle, max(level - height / 2, -frame.descent / frame.xheight + height / 2)


def _centre(field: np.ndarray, frame: Frame, low: float, high: float) -> float:
    """Middle of the ink between two heights."""
    y = _grid(frame)[1]
    left, _, right, _ = _box(np.where((y >= low - 0.03) & (y <= high + 0.03), field, FAR), frame)
    return (left + right) / 2 if right >= left else 0.0


def _box(field: np.ndarray, frame: Frame) -> tuple[float, float, float, float]:
    """Ink box: left, top, right, bottom, y upwards; right < left if empty."""
    left, top, right, bottom = ink_boxes(field[None], frame)[0]
    return float(left), float(-top), float(right), float(-bottom)


def _moved(piece: Piece, field: np.ndarray, frame: Frame, dx: float, dy: float) -> np.ndarray:
    return transform(field, frame, scale=piece.scale, wide=piece.wide, angle=piece.angle, dx=dx, dy=dy)


def _shifted(field: np.ndarray, frame: Frame, dx: float, dy: float) -> np.ndarray:
    return transform(field, frame, scale=1.0, wide=1.0, angle=0.0, dx=dx, dy=dy)


def _grid(frame: Frame) -> tuple[np.ndarray, np.ndarray]:
    """Middles of the frame's pixels, x and y (up) in x-heights about the glyph's point, each [H,H]."""
    x = (np.arange(frame.size) + 0.5 - frame.size / 2) / frame.xheight
    y = (frame.baseline - np.arange(frame.size) - 0.5) / frame.xheight
    across, up = np.meshgrid(x, y)
    return across, up


def sample(field: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """`field` at pixel coordinates, bilinear; FAR outside."""
    size = field.shape[0]
    padded = np.pad(field.astype(np.float64), 1, constant_values=FAR)
    x, y = np.clip(x + 1, 0, size + 0.999), np.clip(y + 1, 0, size + 0.999)
    column, row = x.astype(np.int64), y.astype(np.int64)
    u, v = x - column, y - row
    upper = padded[row, column] * (1 - u) + padded[row, column + 1] * u
    lower = padded[row + 1, column] * (1 - u) + padded[row + 1, column + 1] * u
    result: np.ndarray = upper * (1 - v) + lower * v
    return result

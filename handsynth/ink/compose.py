"""One field from several drawn pieces: letters with their marks, signs made of others, the box for what is missing.

The union of two shapes is the larger of their fields, so a composed character is a glyph like any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.fields import FAR, ink_boxes
from handsynth.ink.freehand import way
from handsynth.ink.paths import Paths, splined
from handsynth.text.signs import Piece, as_drawn

CLEAR = 0.09
"""Space between a letter and its mark, in x-heights."""

LOWEST_MARK = 1.04

MOST_OFF = 0.25
"""A mark over a letter stands no further from its middle than this share of its width."""

TALL, RAISED = 1.5, 0.2
"""A mark beside a letter reaches this high at least, but goes no further above the letter."""

BESIDE, APART = 0.45, 0.16
"""It stands so far to the right of strokes that are no further below its top."""

NEAR = 0.1
"""Strokes so much above and below a height are those at that height."""

FACING = 0.25
"""What is written against a letter meets its strokes from its own middle up to so much above it: over a tail."""

LEAST, MOST = 0.15, 4.0
"""A piece is stretched by no less and no more, whatever size it should have."""

InkBox = tuple[float, float, float, float]
"""Ink: left, top, right, bottom in x-heights, y up; right < left if empty."""

POINT: InkBox = (0.0, 0.0, 0.0, 0.0)
"""The box of what has no size."""

_PEN_KEPT = 0.7

_PEN = 0.06
"""Half the width of the pen that draws lines, in x-heights."""


def compose(pieces: Sequence[Piece], drawn: np.ndarray, frame: Frame) -> np.ndarray:
    """Field f32 [H,H] of a character from the fields `drawn` [m,H,H] of its pieces, in the order of `pieces`."""
    if all(as_drawn([pieces])):
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
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        distance = np.minimum(distance, _from_segment(x, y, start, end))
    return _pen(distance, frame)


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
    return np.where(moved <= FAR, FAR, moved * scale + kept)


def target(
    piece: Piece,
    own: InkBox,
    ink: InkBox,
    strokes: Callable[[float, float], tuple[float, float]],
    limits: tuple[float, float],
) -> tuple[float, float]:
    """Where the middle of a piece with the box `own` belongs, beside, over or under the box `ink` of what is drawn.

    x-heights, y up. `strokes`: leftmost and rightmost ink between two heights; `limits`: of marks below and above.
    """
    left, top, right, bottom = ink
    if right < left:
        left = right = bottom = 0.0
        top = 1.0
    width, height = own[2] - own[0], own[1] - own[3]
    if piece.anchor == "at":
        return piece.dx, piece.dy + height / 2
    if piece.anchor == "after":
        return right + piece.dx + width / 2, (own[1] + own[3]) / 2 + piece.dy
    if piece.anchor == "against":
        level = (own[1] + own[3]) / 2 + piece.dy
        return strokes(level, level + FACING)[1] + piece.dx + width / 2, level
    if piece.anchor == "beside":
        # by the upper end of the stem, over the bar of a t and the foot of an L: a mark of its own stands further off
        high = max(top, min(TALL, top + RAISED))
        last = strokes(high - BESIDE, top)[1]
        return last + APART + width / 2 + piece.dx, high - height / 2 + piece.dy
    if piece.anchor in ("through", "across"):
        up = bottom + piece.dy * (top - bottom)
        if piece.anchor == "through":
            return (left + right) / 2 + piece.dx * (right - left), up
        return _side(piece, strokes(up - NEAR, up + NEAR)) + piece.dx, up
    if piece.anchor == "above":
        middle = (left + right) / 2
        level = max(top + CLEAR, LOWEST_MARK) + height / 2
        # a Y may have one arm that is much longer: its mark stands over the letter all the same
        off = MOST_OFF * (right - left)
        over = min(max(_side(piece, strokes(top - 0.45, top)), middle - off), middle + off)
        return over + piece.dx, min(level, limits[1] - height / 2)
    middle = _side(piece, strokes(bottom, bottom + (NEAR if piece.side else 0.35))) + piece.dx
    level = min(bottom, 0.0) - CLEAR if piece.anchor == "below" else bottom + 0.05
    return middle, max(level - height / 2, limits[0] + height / 2)


def anchors(kinds: Sequence[Piece], base: np.ndarray, frame: Frame) -> list[tuple[float, float]]:
    """Where marks without size would be carried on the letter of the field `base` [H,H], in x-heights, y up."""

    def strokes(low: float, high: float) -> tuple[float, float]:
        return _between(base, frame, low, high)

    limits = -frame.descent / frame.xheight, frame.baseline / frame.xheight
    return [target(piece, POINT, _box(base, frame), strokes, limits) for piece in kinds]


def _side(piece: Piece, ends: tuple[float, float]) -> float:
    return (ends[0], (ends[0] + ends[1]) / 2, ends[1])[piece.side + 1]


def stretch(piece: Piece, own: InkBox, ink: InkBox, pen: float = 0.0) -> tuple[float, float]:
    """By how much the drawing with the box `own` must be stretched along x and y; the pen's width stays."""
    relative = piece.anchor == "through"
    across = piece.width * (ink[2] - ink[0] if relative else 1.0) if piece.width else None
    up = piece.height * (ink[1] - ink[3] if relative else 1.0) if piece.height else None
    x, y = _ratio(across, own[2] - own[0], pen), _ratio(up, own[1] - own[3], pen)
    return x or y or 1.0, y or x or 1.0


def _ratio(wanted: float | None, found: float, pen: float) -> float | None:
    if wanted is None:
        return None
    return min(max((max(wanted - pen, 0.02)) / max(found - pen, 0.02), LEAST), MOST)


def _placed(piece: Piece, field: np.ndarray, base: np.ndarray, frame: Frame) -> np.ndarray:
    if piece.path:
        field = _line(piece, frame)
    if piece.cut is not None:
        below = (piece.cut - _grid(frame)[1]) * frame.xheight
        field = np.minimum(field, below.astype(np.float32))
    if piece.anchor == "frame":
        return _moved(piece, field, frame, piece.dx, piece.dy)
    # a mark or part: drawn about its own middle, then carried to where it belongs
    left, top, right, bottom = _box(field, frame)
    middle = (left + right) / 2, (top + bottom) / 2
    still = _moved(piece, _shifted(field, frame, -middle[0], -middle[1] + 0.5), frame, 0.0, 0.0)
    ink = _box(base, frame)
    x, y = stretch(piece, _box(still, frame), ink)
    if (x, y) != (1.0, 1.0):
        still = transform(still, frame, scale=y, wide=x / y, angle=0.0, dx=0.0, dy=0.0)
    left, top, right, bottom = _box(still, frame)
    # as high as drawn, but for its size: what `after` goes by
    lift = (top + bottom) / 2 - middle[1] * piece.scale * y
    limits = -frame.descent / frame.xheight, frame.baseline / frame.xheight

    def strokes(low: float, high: float) -> tuple[float, float]:
        return _between(base, frame, low, high)

    dx, dy = target(piece, (left, top - lift, right, bottom - lift), ink, strokes, limits)
    return _shifted(still, frame, dx - (left + right) / 2, dy - (top + bottom) / 2)


def _line(piece: Piece, frame: Frame) -> np.ndarray:
    """The field of a stroke along the piece's path."""
    rough = Paths.of([[way(piece, 2 * _PEN)]], 0.0)
    fine = (rough if piece.corners else splined(rough, 6)).points.astype(np.float64)
    x, y = _grid(frame)
    distance = np.full(x.shape, np.inf)
    for start, end in zip(fine[:-1], fine[1:], strict=True):
        distance = np.minimum(distance, _from_segment(x, y, start, end))
    return _pen(distance, frame)


def _from_segment(x: np.ndarray, y: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """How far each place is from a segment."""
    (x0, y0), (x1, y1) = start, end
    along = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2), 0, 1)
    return np.asarray(np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0)))


def _pen(distance: np.ndarray, frame: Frame) -> np.ndarray:
    return np.clip((_PEN - distance) * frame.xheight, FAR, -FAR).astype(np.float32)


def _between(field: np.ndarray, frame: Frame, low: float, high: float) -> tuple[float, float]:
    """Leftmost and rightmost ink between two heights."""
    y = _grid(frame)[1]
    left, _, right, _ = _box(np.where((y >= low - 0.03) & (y <= high + 0.03), field, FAR), frame)
    return (left, right) if right >= left else (0.0, 0.0)


def _box(field: np.ndarray, frame: Frame) -> InkBox:
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
    return upper * (1 - v) + lower * v

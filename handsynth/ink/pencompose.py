"""Strokes of a character from the strokes of its pieces: letters with their marks, signs made of others.

What `layout.compose` does with fields. The pen keeps its width whatever a piece's size: nothing is redrawn, only moved.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.compose import POINT, InkBox, stretch, target
from handsynth.ink.freehand import way
from handsynth.ink.paths import Paths, splined
from handsynth.text.signs import Piece, as_drawn

BEYOND = 0.4
"""How far marks may leave the frame, in x-heights."""

SHAKEN, STEEPEST = 0.05, 0.7
"""Most wobble and lean of a free stroke."""

DOT = 0.65
"""A stroke that stays above this share of the height at which a letter is cut is its dot."""

DOTLESS = 0.2
"""A stroke that is alone and reaches no more than so much above that height has no dot: x-heights."""


def compose(items: Sequence[tuple[Piece, ...]], drawn: Paths, frame: Frame) -> Paths:
    """The glyphs of `items` from the drawings of all their pieces, one after the other."""
    counts = np.array([len(pieces) for pieces in items], np.int64)
    whole = as_drawn(items)
    if all(whole):
        return drawn
    starts = np.concatenate([[0], np.cumsum(counts)])
    parts: list[Paths] = []
    plain = 0  # where the glyphs that are not yet in `parts` begin
    for row, pieces in enumerate(items):
        if whole[row]:
            continue
        if plain < row:
            parts.append(drawn.take(slice(starts[plain], starts[row])))
        parts.append(_composed(pieces, drawn.take(slice(starts[row], starts[row + 1])), frame))
        plain = row + 1
    if plain < len(items):
        parts.append(drawn.take(slice(starts[plain], starts[-1])))
    return Paths.joined(parts)


def box(frame: Frame, jitter: np.ndarray, width: float, pen: int = 0) -> Paths:
    """An empty box drawn by hand; `jitter` is 8 numbers in [0, 1) that move its corners."""
    height, half = 1.45, 0.45
    corners = np.array([[-half, height], [-half, 0.0], [half, 0.0], [half, height], [-half, height]])
    shaken = (np.asarray(jitter, np.float64).reshape(4, 2) - 0.5) * 0.16
    corners = corners + np.concatenate([shaken, shaken[:1] * -0.5])
    # a corner is where two strokes meet: points on the way keep the spline from rounding it
    way = np.linspace(0, 1, 9)[:, None]
    sides = [a + way * (b - a) for a, b in zip(corners[:-1], corners[1:], strict=True)]
    return Paths.of([[_px(side, frame) for side in sides]], width, pen)


def _composed(pieces: Sequence[Piece], drawn: Paths, frame: Frame) -> Paths:
    """One glyph of all pieces."""
    done: list[Paths] = []
    base = Paths.empty(1)
    for i, piece in enumerate(pieces):
        if not piece.joined:
            base = Paths.joined(done).merged(np.array([len(done)])) if done else base
        one = drawn.take(slice(i, i + 1))
        if piece.path:
            one = _free(piece, one, frame)
        if piece.cut is not None:
            one = _cut(one, piece.cut, frame)
        done.append(_placed(piece, one, base, frame))
    return Paths.joined(done).merged(np.array([len(done)]))


def _placed(piece: Piece, one: Paths, base: Paths, frame: Frame) -> Paths:
    if piece.anchor == "frame":
        return one.moved(_matrix(piece, frame, piece.dx, piece.dy)[None])
    # a mark or part: turned and sized, then carried by the middle of its box
    turned = one.moved(_matrix(piece, frame, 0.0, 0.0)[None])
    ink = _box(base, frame)
    pen = float(one.width.max(initial=0.0)) / frame.xheight
    x, y = stretch(piece, _box(turned, frame), ink, pen)
    point = np.array([frame.size / 2, frame.baseline])
    turned = turned.moved(np.array([[[x, 0.0, point[0] * (1 - x)], [0.0, y, point[1] * (1 - y)]]]))
    left, top, right, bottom = own = _box(turned, frame)

    def strokes(low: float, high: float) -> tuple[float, float]:
        return _between(base, frame, low, high)

    dx, dy = target(piece, own, ink, strokes, _limits(frame))
    shift = np.array([dx - (left + right) / 2, (top + bottom) / 2 - dy]) * frame.xheight
    return turned.moved(np.concatenate([np.eye(2), shift[:, None]], axis=1)[None])


def anchors(kinds: Sequence[Piece], base: Paths, frame: Frame) -> list[tuple[float, float]]:
    """Where marks without size would be carried on the letter `base`, in x-heights, y up."""

    def strokes(low: float, high: float) -> tuple[float, float]:
        return _between(base, frame, low, high)

    return [target(piece, POINT, _box(base, frame), strokes, _limits(frame)) for piece in kinds]


def _limits(frame: Frame) -> tuple[float, float]:
    """Lowest and highest ink of marks: strokes may leave the frame a little."""
    return -frame.descent / frame.xheight - BEYOND, frame.baseline / frame.xheight + BEYOND


def _free(piece: Piece, drawn: Paths, frame: Frame) -> Paths:
    """A stroke along the piece's path, with the pen, the lean and the wobble of the longest stroke of `drawn`."""
    if not len(drawn.width):
        return drawn
    longest = int(np.argmax(np.diff(drawn.strokes)))
    points = way(piece, float(drawn.width[longest]) / frame.xheight)
    stem = drawn.points[drawn.strokes[longest] : drawn.strokes[longest + 1]].astype(np.float64)
    along = np.linspace(0, 1, len(stem))
    straight = stem[0] + along[:, None] * (stem[-1] - stem[0])
    lean = 0.0
    if tall := abs(stem[-1, 1] - stem[0, 1]):
        lean = -(stem[-1, 0] - stem[0, 0]) / (stem[-1, 1] - stem[0, 1]) * min(1.0, tall / frame.xheight)
    wobble = (stem - straight).T / frame.xheight
    at = np.linspace(0, 1, len(points))
    shaken = np.stack([np.interp(at, along, wobble[0]), np.interp(at, along, wobble[0, ::-1])], axis=1)
    points = points + np.clip(shaken, -SHAKEN, SHAKEN)
    points[:, 0] += np.clip(lean, -STEEPEST, STEEPEST) * points[:, 1]
    rough = Paths.of([[_px(points, frame)]], float(drawn.width[longest]), drawn.first_pen)
    return rough if piece.corners else splined(rough, 4)


def _between(base: Paths, frame: Frame, low: float, high: float) -> tuple[float, float]:
    """Leftmost and rightmost of the strokes between two heights."""
    low, high = low - 0.03, high + 0.03
    x, y = base.points.astype(np.float64).T
    up = (frame.baseline - y) / frame.xheight
    found = [x[(up >= low) & (up <= high)]]
    # points may stand far apart: also where the lines between them cross either height
    start = np.flatnonzero(np.diff(base.stroke) == 0)
    for level in (low, high):
        at = start[(up[start] - level) * (up[start + 1] - level) < 0]
        found.append(x[at] + (level - up[at]) / (up[at + 1] - up[at]) * (x[at + 1] - x[at]))
    some = (np.concatenate(found) - frame.size / 2) / frame.xheight
    return (float(some.min()), float(some.max())) if len(some) else (0.0, 0.0)


def _box(one: Paths, frame: Frame) -> InkBox:
    """Ink box of one glyph."""
    left, top, right, bottom = one.bounds()[0]
    if right < left:
        return 0.0, 0.0, -1.0, 0.0
    k, middle = frame.xheight, frame.size / 2
    return (left - middle) / k, (frame.baseline - top) / k, (right - middle) / k, (frame.baseline - bottom) / k


def _cut(one: Paths, height: float, frame: Frame) -> Paths:
    """Only strokes that come well below a height: the dot of an i goes. A stroke that is alone is cut off there."""
    up = (frame.baseline - one.points[:, 1].astype(np.float64)) / frame.xheight
    keep = (up <= height) | (up.max(initial=height) <= height + DOTLESS)
    if len(one.width) > 1:
        lowest = np.minimum.reduceat(up, one.strokes[:-1])
        keep = (lowest <= max(DOT * height, float(lowest.min())))[one.stroke]
    counts = np.add.reduceat(keep.astype(np.int64), one.strokes[:-1]) if len(keep) else np.empty(0, np.int64)
    there = counts > 0
    return Paths(
        one.points[keep],
        np.concatenate([[0], np.cumsum(counts[there])]),
        np.array([0, int(there.sum())]),
        one.width[there],
        None if one.pen is None else one.pen[there],
    )


def _matrix(piece: Piece, frame: Frame, dx: float, dy: float) -> np.ndarray:
    """Affine map [2,3] in frame px: scaled, stretched and turned about the glyph's point, then shifted (y up)."""
    cos, sin = math.cos(math.radians(piece.angle)), math.sin(math.radians(piece.angle))
    wide, tall = piece.scale * piece.wide, piece.scale
    # in px, where y points down, a turn counter-clockwise has the other sign
    linear = np.array([[cos * wide, sin * tall], [-sin * wide, cos * tall]])
    point = np.array([frame.size / 2, frame.baseline])
    shift = point - linear @ point + np.array([dx, -dy]) * frame.xheight
    return np.concatenate([linear, shift[:, None]], axis=1)


def _px(points: np.ndarray, frame: Frame) -> np.ndarray:
    """Points [k,2] in x-heights about the glyph's point, y up, in frame px."""
    return np.array([frame.size / 2, frame.baseline]) + points * frame.xheight * (1, -1)

"""Centrelines of glyphs: one-stroke paths with widths, for pens that draw lines.

The ink is thinned to a skeleton whose branches are joined through their junctions along the smoothest way, moved
amid the ink, and put in an order and a direction in which people write.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.ink import contours, skeleton
from handsynth.ink.branches import Path, along, between, paths, unit

_CHUNK = 64
_SOFT = 6
"""Passes of the smoothing filter over a line."""

_DOT = 0.4
"""Length of a dot, in pixels of the enlarged field."""

_THIN = 1.2
"""Dots of less width, in the same pixels, are specks."""

_FLAT = 0.85
"""Strokes that rise by less than this share of their width go to the right, others downwards."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One stroke of a pen."""

    points: np.ndarray
    """float64 [k,2]: x to the right, y down from the upper left corner of the frame, in px; k is 2 at least."""
    widths: np.ndarray
    """float64 [k]: of the ink across the stroke, in px."""


def traces(fields: np.ndarray, frame: Frame) -> list[list[Trace]]:
    """The strokes of each glyph of `fields` [n,H,H] (signed distance in frame px, positive inside), in order.

    Closed strokes end where they begin. A dot is a very short stroke. A glyph's strokes do not depend on the glyphs
    around it.
    """
    result: list[list[Trace]] = [[] for _ in range(len(fields))]
    boxes = contours.boxes(fields)
    inked = contours.alike(boxes)
    for start in range(0, len(inked), _CHUNK):
        some = inked[start : start + _CHUNK]
        large = contours.upsampled(fields[some], frame, boxes[some])
        thin = skeleton.thinned(large > 0)
        edges = contours.trace(fields[some], frame, least=0.0)
        edge = edges.contours[edges.glyphs]
        for k, i in enumerate(some.tolist()):
            origin = boxes[i, :2] - contours.PAD + 0.5 / contours.UP
            ink = _InkEdge(large[k], (edges.points[edge[k] : edge[k + 1]] - origin) * contours.UP)
            found = _strokes(ink, thin[k])
            result[i] = [Trace(points / contours.UP + origin, widths / contours.UP) for points, widths in found]
    return result


class _InkEdge:
    """The enlarged field of one glyph and the edge of its ink, in the field's own pixels."""

    def __init__(self, field: np.ndarray, edge: np.ndarray) -> None:
        self.field = field
        self.edge_x, self.edge_y = edge.T

    def depth(self, points: np.ndarray) -> np.ndarray:
        """The field at `points` [k,2] in these pixels, between them bilinear."""
        height, width = self.field.shape
        x, y = points[:, 0].clip(0, width - 1.001), points[:, 1].clip(0, height - 1.001)
        left, top = x.astype(np.int64), y.astype(np.int64)
        across, down = x - left, y - top
        upper = self.field[top, left] * (1 - across) + self.field[top, left + 1] * across
        lower = self.field[top + 1, left] * (1 - across) + self.field[top + 1, left + 1] * across
        return (upper * (1 - down) + lower * down) * contours.UP

    def radii(self, points: np.ndarray) -> np.ndarray:
        """Distance from `points` [k,2] to the edge: a model's field is a true distance near the edge alone."""
        gap = (points[:, :1] - self.edge_x) ** 2
        gap += (points[:, 1:] - self.edge_y) ** 2
        return np.asarray(np.sqrt(gap.min(axis=1)))


def _strokes(ink: _InkEdge, thin: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Points [k,2] and widths [k] of each stroke, in the enlarged field's pixels."""
    found = _ordered([_smooth(ink, path) for path in paths(skeleton.graph(thin), ink.radii)])
    strokes = [(points, 2 * ink.radii(points)) for points in found]
    return [(points, widths) for points, widths in strokes if widths.max() >= _THIN or len(points) > 2]


def _smooth(ink: _InkEdge, path: Path) -> np.ndarray:
    """Points at about every pixel on a smooth line amid the ink, from end to end."""
    points = path.points
    for times in (_SOFT, _SOFT, _SOFT // 2):
        points = _even(points, path.closed)
        if len(points) < 3:
            break
        points = _centred(ink, _softened(points, times, path.closed), path.closed)
    points = _softened(points, 2, path.closed)
    if path.closed:
        return np.concatenate([points, points[:1]])
    if path.free[1]:
        points = _to_end(ink, points)
    if path.free[0]:
        points = _to_end(ink, points[::-1])[::-1]
    if along(points)[-1] < _DOT:
        points = _middle(ink, points.mean(axis=0)) + np.array([[-_DOT / 2, 0.0], [_DOT / 2, 0.0]])
    return points


def _middle(ink: _InkEdge, place: np.ndarray) -> np.ndarray:
    """The point near `place` that is furthest from the edge."""
    shift = np.arange(-6, 7) / 4
    near = place + np.stack(np.meshgrid(shift, shift), axis=-1).reshape(-1, 2)
    near = near[ink.depth(near) > 0]
    return near[ink.radii(near).argmax()] if len(near) else place


def _even(points: np.ndarray, closed: bool) -> np.ndarray:
    """The line with points at about every pixel; a closed one's first is not repeated."""
    if closed:
        points = np.concatenate([points, points[:1]])
    lengths = along(points)
    count = max(round(float(lengths[-1])), 4 if closed else 1)
    points = between(points, lengths, lengths[-1] * np.arange(count + 1) / count)
    return points[:-1] if closed else points


def _softened(points: np.ndarray, times: int, closed: bool) -> np.ndarray:
    """`points` after so many passes of the binomial filter 1 2 1; the ends of an open line stay."""
    points = np.concatenate([points[-1:], points, points[:1]]) if closed else points.copy()
    for _ in range(times):
        points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
        if closed:
            points[0], points[-1] = points[-2], points[1]
    return points[1:-1] if closed else points


def _centred(ink: _InkEdge, points: np.ndarray, closed: bool) -> np.ndarray:
    """Each point moved across the line towards the ridge of the field."""
    around = np.concatenate([points[-1:], points, points[:1]] if closed else [points[:1], points, points[-1:]])
    slope = around[2:] - around[:-2]
    across = np.stack([-slope[:, 1], slope[:, 0]], axis=1)
    across /= np.maximum(np.sqrt((across**2).sum(axis=1)), 1e-9)[:, None]
    # a ridge like a roof: half the difference of both sides is the way to its top
    sides = ink.depth(np.concatenate([points + across, points - across]))
    shift = ((sides[: len(points)] - sides[len(points) :]) / 2).clip(-0.7, 0.7)
    if not closed:
        shift[[0, -1]] = 0
    return np.asarray(points + across * shift[:, None])


def _to_end(ink: _InkEdge, points: np.ndarray) -> np.ndarray:
    """The line made longer or shorter so that its last point is half a width from the end of the ink."""
    half = float(ink.radii(points[-6:]).max())
    lengths = along(points)
    # skeletons are bent where they end
    keep = max(float(lengths[-1]) - 0.8 * half, 0.6 * float(lengths[-1]))
    points = np.concatenate([points[lengths < keep], between(points, lengths, np.array([keep]))])
    lengths = along(points)
    ahead = unit(points[-1] - between(points, lengths, np.array([lengths[-1] - 2 * half - 1]))[0])
    if not ahead.any():
        return points
    reach = np.arange(0, 4 * half + 4, 0.25)
    outside = ink.depth(points[-1] + reach[:, None] * ahead) < 0
    more = float(reach[outside.argmax()]) - half if outside.any() else 0.0
    if more > 0:
        return np.concatenate([points, (points[-1] + more * ahead)[None]])
    keep = max(float(lengths[-1]) + more, 0.0)
    return np.concatenate([points[lengths < keep], between(points, lengths, np.array([keep]))])


def _ordered(found: list[np.ndarray]) -> list[np.ndarray]:
    """Strokes in the order and the direction of a writing hand.

    Downwards, or to the right where a stroke is flat; from left to right; then bars from the top, and dots.
    """
    keyed = []
    for points in found:
        width, height = np.ptp(points, axis=0)
        closed = bool((points[0] == points[-1]).all())
        if closed:
            points = _from_top(points)
        else:
            right, down = points[-1] - points[0]
            if (right if abs(down) <= _FLAT * abs(right) else down) < 0:
                points = points[::-1]
        length = along(points)[-1]
        bar = not closed and width > 2 * height and length < 1.4 * width
        rank = 2 if length <= 2 * _DOT + 2 else 1 if bar else 0
        keyed.append((rank, float(points[:, 1].mean() if rank == 1 else points[:, 0].min()), points))
    return [points for _, _, points in sorted(keyed, key=lambda item: item[:2])]


def _from_top(points: np.ndarray) -> np.ndarray:
    """A closed stroke from its top, anticlockwise as seen."""
    ring = points[:-1]
    ring = np.roll(ring, -int(ring[:, 1].argmin()), axis=0)
    x, y = ring.T
    # y grows downwards: a positive area is clockwise
    if float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) > 0:
        ring = np.roll(ring[::-1], 1, axis=0)
    return np.concatenate([ring, ring[:1]])

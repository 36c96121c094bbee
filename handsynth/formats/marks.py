"""Lines, dots and strokes of a pen as coverage of pixels: what is on a sheet besides glyphs.

Lengths are in px, a pixel's middle lies at half numbers. Coverage is uint8, 255 = full.
"""

from __future__ import annotations

import math

import numpy as np

_RADIUS, _FINE = 4, 8
"""Dots of a smaller radius are drawn larger and averaged, so many times at most."""


def lines(mask: np.ndarray, segments: np.ndarray) -> None:
    """Draw lines `segments` float64 [m,5] (x0, y0, x1, y1, width), cut square at their ends, into `mask` [h,w]."""
    for x0, y0, x1, y1, width in segments.tolist():
        length = math.hypot(x1 - x0, y1 - y0)
        box = _near(np.array([[x0, y0], [x1, y1]]), width / 2 + 1, mask.shape)
        if box is None or not length or not width:
            continue
        x, y, part = *_middles(box), mask[box[1] : box[3], box[0] : box[2]]
        cos, sin = (x1 - x0) / length, (y1 - y0) / length
        along, aside = (x - x0) * cos + (y - y0) * sin, (y - y0) * cos - (x - x0) * sin
        ends = np.clip(np.minimum(along, length - along) + 0.5, 0, 1)
        np.maximum(part, _bytes(_band(np.abs(aside), width) * ends), out=part)


def dots(mask: np.ndarray, discs: np.ndarray) -> None:
    """Draw `discs` float64 [k,3] (x, y of the middle, diameter) into `mask` [h,w]."""
    if not len(discs):
        return
    radius = discs[:, 2] / 2
    size = math.ceil(discs[:, 2].max()) + 2
    fine = min(_FINE, max(1, math.ceil(_RADIUS / max(radius.max(), 0.1))))
    left, top = (np.floor(discs[:, i] - size / 2).astype(np.int64) for i in (0, 1))
    step = (np.arange(size * fine) + 0.5) / fine
    across = (left[:, None] + step - discs[:, :1])[:, None, :]
    down = (top[:, None] + step - discs[:, 1:2])[:, :, None]
    covered = np.clip((radius[:, None, None] - np.hypot(across, down)) * fine + 0.5, 0, 1)
    covered = covered.reshape(len(discs), size, fine, size, fine).mean(axis=(2, 4))
    height, width = mask.shape
    rows = np.broadcast_to((top[:, None] + np.arange(size))[:, :, None], covered.shape)
    columns = np.broadcast_to((left[:, None] + np.arange(size))[:, None, :], covered.shape)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    np.maximum.at(mask, (rows[inside], columns[inside]), _bytes(covered)[inside])


def stroke(points: np.ndarray, width: float, shape: tuple[int, int]) -> tuple[int, int, np.ndarray]:
    """Left, top and coverage [h,w] of a line through `points` float64 [k,2] with round joints and ends.

    Only what lies on a sheet of `shape` (height, width) is drawn: h = w = 0 for nothing.
    """
    reach = width / 2 + 1
    box = _near(points, reach, shape) if len(points) else None
    if box is None:
        return 0, 0, np.empty((0, 0), np.uint8)
    drawn = np.zeros((box[3] - box[1], box[2] - box[0]), np.uint8)
    if len(points) == 1:
        points = np.repeat(points, 2, axis=0)
    points = points - box[:2]
    for start, end in zip(points[:-1], points[1:], strict=True):
        near = _near(np.stack([start, end]), reach, drawn.shape)
        if near is None:
            continue
        x, y, part = *_middles(near), drawn[near[1] : near[3], near[0] : near[2]]
        way = end - start
        share = np.clip(((x - start[0]) * way[0] + (y - start[1]) * way[1]) / max(float(way @ way), 1e-12), 0, 1)
        away = np.hypot(x - start[0] - share * way[0], y - start[1] - share * way[1])
        np.maximum(part, _bytes(_band(away, width)), out=part)
    return box[0], box[1], drawn


def _band(away: np.ndarray, width: float) -> np.ndarray:
    """Share of a pixel, whose middle lies `away` from the middle of a band, that the band covers."""
    return np.asarray(np.clip(np.minimum(away + width / 2, 0.5) - np.maximum(away - width / 2, -0.5), 0, 1))


def _bytes(covered: np.ndarray) -> np.ndarray:
    return (covered * 255 + 0.5).astype(np.uint8)


def _near(points: np.ndarray, reach: float, shape: tuple[int, ...]) -> tuple[int, int, int, int] | None:
    """Box (left, top, right, bottom) of the pixels of a sheet of `shape` (height, width) within `reach` of points."""
    (left, top), (right, bottom) = (points.min(axis=0) - reach).tolist(), (points.max(axis=0) + reach).tolist()
    x0, y0 = max(math.floor(left), 0), max(math.floor(top), 0)
    x1, y1 = min(math.ceil(right), shape[1]), min(math.ceil(bottom), shape[0])
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def _middles(box: tuple[int, int, int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Middles of the pixels of a box: x [1,w] and y [h,1]."""
    return np.arange(box[0], box[2])[None] + 0.5, np.arange(box[1], box[3])[:, None] + 0.5

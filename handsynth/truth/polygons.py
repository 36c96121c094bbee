"""Outlines and baselines cut to what a picture shows, as exact px and as whole ones."""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats


def clipped(polygon: Floats, width: int, height: int) -> Floats:
    """The part of a convex polygon float64 [k,2] that lies on a picture, float64 [m,2].

    One side of the picture after the other cuts (Sutherland, Hodgman 1974). A polygon that lies wholly outside shrinks
    to the places on the border nearest to its corners.
    """
    if _within(polygon, width, height):
        return polygon
    cut = polygon
    for axis, limit, sign in ((0, 0, 1), (0, width, -1), (1, 0, 1), (1, height, -1)):
        if len(cut):
            inside = sign * (cut[:, axis] - limit)
            after = np.roll(inside, -1)
            crosses = (inside >= 0) != (after >= 0)
            share = np.where(crosses, inside / np.where(crosses, inside - after, 1.0), 0.0)
            crossings = cut + share[:, None] * (np.roll(cut, -1, axis=0) - cut)
            # each corner that stays, and after it where its side crosses the limit
            both = np.stack([cut, crossings], axis=1).reshape(-1, 2)
            cut = both[np.stack([inside >= 0, crosses], axis=1).ravel()]
    return np.clip(cut if len(cut) else polygon, 0.0, (width, height))


def clipped_line(points: Floats, width: int, height: int) -> Floats:
    """The part of a line [m,2] from left to right that lies on a picture; two points at least, as for `clipped`."""
    if _within(points, width, height):
        return points
    x, y = points.T
    inside = (x > 0) & (x < width)
    if inside.any() and (np.diff(x) > 0).all():
        ends = np.clip(x[[0, -1]], 0, width)
        x = np.concatenate([ends[:1], x[inside][(x[inside] > ends[0]) & (x[inside] < ends[1])], ends[1:]])
        points = np.stack([x, np.interp(x, *points.T)], axis=1)
    return np.clip(points, 0.0, (width, height))


def to_pixels(polygon: np.ndarray, width: int, height: int) -> np.ndarray:
    """A polygon [k,2] within a picture, with corners at whole px int64 [m,2] and some room inside."""
    points: np.ndarray = np.rint(polygon).astype(np.int64)
    points = points[(points != np.roll(points, 1, axis=0)).any(axis=1)]
    if len(points) >= 3 and (np.ptp(points, axis=0) > 0).all():
        return points
    low = np.minimum(np.floor(polygon.min(axis=0)), (max(width - 1, 0), max(height - 1, 0)))
    box = np.stack([low, np.maximum(np.ceil(polygon.max(axis=0)), low + 1)]).astype(np.int64)
    return np.stack([box[[0, 1, 1, 0], 0], box[[0, 0, 1, 1], 1]], axis=1)


def area(polygon: np.ndarray) -> float:
    """Of a polygon [k,2] (the shoelace formula)."""
    x, y = (polygon - polygon[0]).T
    return abs(float(x @ np.roll(y, -1) - np.roll(x, -1) @ y)) / 2


def _within(points: np.ndarray, width: int, height: int) -> bool:
    low, high = points.min(axis=0), points.max(axis=0)
    return bool(low.min() >= 0 and high[0] <= width and high[1] <= height)

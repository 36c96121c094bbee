"""Pen strokes to ink: smoothing, and the exact distance field of a round pen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from train.data.picture import REACH

SPACING = 0.8
"""px between the points of a smoothed stroke."""
DOT = 1.2
"""A dot is drawn so many times as wide as the pen: people press and turn the pen there."""


def grid_step(strokes: Sequence[np.ndarray]) -> float:
    """Resolution of a tablet, in the strokes' own unit: a small step that its coordinates take.

    The tenth percentile of all steps along x and y that are not 0; 0.0 if there is none.
    """
    steps = np.abs(np.concatenate([np.diff(stroke, axis=0).ravel() for stroke in strokes] or [np.zeros(0)]))
    steps = steps[steps > 0]
    return float(np.percentile(steps, 10)) if len(steps) else 0.0


def smooth(stroke: np.ndarray, sigma: float, spacing: float = SPACING) -> np.ndarray:
    """A stroke [n,2] evenly resampled and smoothed by a Gaussian along its arc; both ends stay where they
    are.

    `sigma` and `spacing` are in the unit of the stroke. A stroke without length becomes one point.
    """
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    kept = np.concatenate([[True], steps > 0])
    stroke = stroke[kept]
    if len(stroke) < 2:
        return stroke[:1].astype(np.float64)
    arc = np.concatenate([[0.0], np.cumsum(steps[steps > 0])])
    fine = min(spacing, max(sigma / 2, spacing / 4))
    count = max(2, int(np.ceil(arc[-1] / fine)) + 1)
    places = np.linspace(0.0, arc[-1], count)
    even = np.stack([np.interp(places, arc, stroke[:, axis]) for axis in (0, 1)], axis=1)
    sigma = min(sigma, arc[-1] / 6) / (arc[-1] / (count - 1))
    radius = min(int(3 * sigma + 0.5), count - 1)
    if radius:
        weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
        weights /= weights.sum()
        # mirrored through the end points, which therefore stay
        before = 2 * even[0] - even[radius:0:-1]
        after = 2 * even[-1] - even[-2 : -radius - 2 : -1]
        padded = np.concatenate([before, even, after])
        even = np.stack([np.convolve(padded[:, axis], weights, "valid") for axis in (0, 1)], axis=1)
    stride = max(1, int(spacing / fine + 0.5))
    return even if stride == 1 else np.concatenate([even[:-1:stride], even[-1:]])


def is_dot(stroke: np.ndarray, size: float) -> bool:
    """Whether a stroke is meant as a dot: its box is smaller than `size`."""
    return bool(np.all(np.ptp(stroke, axis=0) < size))


def distance_field(strokes: Sequence[np.ndarray], size: int, pen: float) -> np.ndarray:
    """Field float32 [size,size] of strokes drawn by a round pen `pen` px wide: pen/2 - distance to the
    strokes.

    Exact at the centre of each pixel (column c, row r: c+0.5, r+0.5), down to -REACH, where it is clipped.
    Strokes are [n,2] in px, x right, y down; those smaller than a third of the pen are dots.
    """
    reach = REACH + pen
    nearest = np.full((size, size), reach * reach, np.float32)
    dots = np.full((size, size), reach * reach, np.float32)
    for stroke in strokes:
        if len(stroke) == 1 or is_dot(stroke, pen / 3):
            middle = (stroke.min(axis=0) + stroke.max(axis=0)) / 2
            _stamp(dots, middle[None], middle[None], reach)
            continue
        # few segments at a time: then only the pixels around them need be looked at
        for first in range(0, len(stroke) - 1, 8):
            piece = stroke[first : first + 9]
            _stamp(nearest, piece[:-1], piece[1:], reach)
    field = np.maximum(pen / 2 - np.sqrt(nearest), DOT * pen / 2 - np.sqrt(dots))
    return np.clip(field, -REACH, REACH)


def _stamp(squares: np.ndarray, start: np.ndarray, end: np.ndarray, reach: float) -> None:
    """Lower `squares` [H,H] (squared distances) by the segments start -> end, each [n,2]."""
    size = len(squares)
    corners = np.concatenate([start, end])
    low = np.clip(np.floor(corners.min(axis=0) - reach), 0, size).astype(int)
    high = np.clip(np.ceil(corners.max(axis=0) + reach), 0, size).astype(int)
    if np.any(low >= high):
        return
    x = np.arange(low[0], high[0], dtype=np.float32) + np.float32(0.5)
    y = np.arange(low[1], high[1], dtype=np.float32) + np.float32(0.5)
    start = start.astype(np.float32)
    along = end.astype(np.float32) - start
    length = np.maximum((along * along).sum(axis=1), np.float32(1e-12))
    dx = x[None] - start[:, :1]
    dy = y[None] - start[:, 1:]
    # squared distance to each segment: that to its line's nearest point, kept between its ends
    share = (dx * (along[:, :1] / length[:, None]))[:, None, :] + (dy * (along[:, 1:] / length[:, None]))[:, :, None]
    np.clip(share, 0, 1, out=share)
    off_x = dx[:, None, :] - share * along[:, 0, None, None]
    off_y = dy[:, :, None] - share * along[:, 1, None, None]
    off_x *= off_x
    off_y *= off_y
    off_x += off_y
    window = squares[low[1] : high[1], low[0] : high[0]]
    np.minimum(window, off_x.min(axis=0), out=window)


def ink_of(field: np.ndarray) -> np.ndarray:
    """Coverage uint8 (255 = ink) of a field in px."""
    return np.rint(np.clip(0.5 + field, 0, 1) * 255).astype(np.uint8)

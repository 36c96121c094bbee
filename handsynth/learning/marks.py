"""Finding the round corner marks of a form in a picture: dark disc, light ring, dark ring, as 1:1:3:1:1.

The ratio holds along every line near the middle, however the mark is turned, and nearly so in perspective; it is
looked for along rows and along columns, and where both agree there is a mark (as for the squares of QR codes,
ISO/IEC 18004).
"""

from __future__ import annotations

import numpy as np
from PIL import Image

MOST = 3000
"""Candidates along rows, and along columns, that are compared."""

LEAST_UNIT = 1.3
"""px: smaller marks are not found."""


def dark(grey: np.ndarray, window: int, share: float = 0.8) -> np.ndarray:
    """bool [h,w]: darker than `share` of the mean of the `window` px around (Bradley, Roth 2007)."""
    h, w = grey.shape
    total = np.zeros((h + 1, w + 1), np.int32 if grey.size < 1 << 23 else np.int64)
    np.cumsum(np.cumsum(grey, axis=0, dtype=total.dtype), axis=1, out=total[1:, 1:])
    r = window // 2
    top, bottom = np.maximum(np.arange(h) - r, 0), np.minimum(np.arange(h) + r + 1, h)
    left, right = np.maximum(np.arange(w) - r, 0), np.minimum(np.arange(w) + r + 1, w)
    rows = total[bottom] - total[top]
    area = ((bottom - top)[:, None] * (right - left)).astype(total.dtype)
    return np.asarray(grey * area < share * (rows[:, right] - rows[:, left]))


def find(grey: np.ndarray, window: int, share: float = 0.8) -> np.ndarray:
    """Marks float64 [k,4] in uint8 [h,w]: x, y of the middle in px, unit across and down; the surest first."""
    inside = dark(grey, window, share)
    x, y, across = _along(inside)
    y2, x2, down = _along(np.ascontiguousarray(inside.T))
    if not len(x) or not len(x2):
        return np.empty((0, 4))
    # a row's candidate knows its x well, a column's its y
    near = (np.abs(x[:, None] - x2) < 0.9 * across[:, None]) & (np.abs(y[:, None] - y2) < 0.9 * down)
    near &= (across[:, None] < 2.2 * down) & (down < 2.2 * across[:, None])
    one, other = np.nonzero(near)
    points = np.stack([x[one], y2[other], across[one], down[other]], axis=1)
    found, votes = [], []
    while len(points):
        close = np.abs(points[:, :2] - points[0, :2]).max(axis=1) < 2 * points[0, 2:].max()
        middle = np.median(points[close], axis=0)
        # the number of pairs grows with the square of the mark's size
        votes.append(close.sum() / middle[2] / middle[3])
        found.append(middle)
        points = points[~close]
    return np.array(found).reshape(-1, 4)[np.argsort(-np.array(votes), kind="stable")]


def _along(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """x, y and unit [k] of runs dark, light, dark, light, dark along rows whose lengths are as 1:1:3:1:1."""
    rows, edges = np.nonzero(inside[:, 1:] != inside[:, :-1])
    if len(rows) < 6:
        return (np.empty(0),) * 3
    edges = edges + 1
    begins = np.flatnonzero((rows[:-5] == rows[5:]) & inside[rows[:-5], edges[:-5]])
    at = edges[begins[:, None] + np.arange(6)]
    runs = np.diff(at, axis=1).astype(np.float64)
    unit = runs.sum(axis=1) / 7
    slack = 0.5 * unit + 0.7
    good = (np.abs(runs - unit[:, None] * (1, 1, 3, 1, 1)) < slack[:, None] * (1, 1, 1.5, 1, 1)).all(axis=1)
    good &= unit >= LEAST_UNIT
    good = np.flatnonzero(good)
    if len(good) > MOST:
        good = good[np.linspace(0, len(good) - 1, MOST).astype(int)]
    return at[good, 2:4].mean(axis=1), rows[begins[good]] + 0.5, unit[good]


def centre(grey: Image.Image, mark: np.ndarray) -> np.ndarray:
    """The middle float64 [2] of a mark [4] in a picture (L), to a fraction of a px: the centroid of its disc."""
    x, y, across, down = mark.tolist()
    left, top = max(int(x - 5 * across), 0), max(int(y - 5 * down), 0)
    right, bottom = min(int(x + 5 * across) + 1, grey.width), min(int(y + 5 * down) + 1, grey.height)
    part = np.asarray(grey.crop((left, top, right, bottom)), np.float64)
    rows, columns = np.indices(part.shape) + 0.5
    for _ in range(4):
        away = np.hypot((columns + left - x) / across, (rows + top - y) / down)
        disc = part[away < 1.0]
        if not len(disc):
            break
        low, high = np.median(disc), np.percentile(part[(away > 1.6) & (away < 2.4)], 80)
        weight = np.where(away < 2.0, np.clip((high - part) / max(high - low, 1.0), 0, 1), 0)
        if weight.sum() <= 0:
            break
        x, y = left + (weight * columns).sum() / weight.sum(), top + (weight * rows).sum() / weight.sum()
    return np.array([x, y])

"""Connected components of many small pictures at once, from runs along rows."""

from __future__ import annotations

import numpy as np


def label(inside: np.ndarray) -> tuple[np.ndarray, int]:
    """Labels int32 [n,h,w], 0 outside, and their number, of bool [n,h,w]; corners touch, pictures do not.

    Runs of a row are joined with those of the row above that they touch; each set of joined runs is named by its least
    member, by pointer jumping (Shiloach, Vishkin 1982).
    """
    n, h, w = inside.shape
    rows = np.zeros((n * h, w + 2), np.int8)
    rows[:, 1:-1] = inside.reshape(n * h, w)
    edge = np.diff(rows, axis=1)
    row, start = np.nonzero(edge == 1)
    stop = np.nonzero(edge == -1)[1]
    if not len(row):
        return np.zeros(inside.shape, np.int32), 0
    above, below = _touching(row, start, stop, h, w)
    parent = _joined(len(row), above, below)
    names, number = np.unique(parent, return_inverse=True)
    # painted by differences: the label where a run begins, and minus it where it ends
    paint = np.zeros((n * h, w + 1), np.int32)
    paint[row, start] += (number + 1).astype(np.int32)
    np.subtract.at(paint, (row, stop), (number + 1).astype(np.int32))
    return np.cumsum(paint, axis=1, dtype=np.int32)[:, :w].reshape(n, h, w), len(names)


def _touching(row: np.ndarray, start: np.ndarray, stop: np.ndarray, h: int, w: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of runs that touch, the upper and the lower: both int64 [k]."""
    # places in one long line, in which the row above lies just one width before
    wide = w + 2
    first, last = row * wide + start, row * wide + stop
    # runs of the row above that end at or after this one's start, and begin at or before its end
    low = np.searchsorted(last, first - wide, side="left")
    high = np.searchsorted(first, last - wide, side="right")
    count = np.where(row % h > 0, np.maximum(high - low, 0), 0)
    below = np.repeat(np.arange(len(row)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return low[below] + within, below


def _joined(count: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The least member of each one's set, int64 [count], where pairs are joined."""
    parent = np.arange(count)
    while True:
        a, b = parent[one], parent[other]
        apart = a != b
        if not apart.any():
            return parent
        one, other, a, b = one[apart], other[apart], a[apart], b[apart]
        np.minimum.at(parent, np.maximum(a, b), np.minimum(a, b))
        while True:
            further = parent[parent]
            if (further == parent).all():
                break
            parent = further

"""Directions of strokes."""

from __future__ import annotations

import numpy as np

REACH = 0.2
"""The direction of an end is that of so much of its stroke, in x-heights."""


def way(points: np.ndarray, ends: np.ndarray, others: np.ndarray, reach: float, step: int) -> np.ndarray:
    """Unit vectors float64 [n,2] along strokes at their `ends`; `step` 1: into the stroke, -1: out of it."""
    at = ends.copy()
    rows = np.flatnonzero(ends != others)
    for _ in range(24):
        away = points[at[rows]] - points[ends[rows]]
        rows = rows[(away * away).sum(axis=1) < reach * reach]
        if not len(rows):
            break
        at[rows] += step
        rows = rows[at[rows] != others[rows]]
    way = (points[at] - points[ends]) * step
    length = np.hypot(*way.T)
    return np.where(length[:, None] > 1e-6, way / np.maximum(length, 1e-6)[:, None], [1.0, 0.0])


def unit(ways: np.ndarray) -> np.ndarray:
    return np.asarray(ways / np.maximum(np.hypot(*ways.T), 1e-9)[:, None])

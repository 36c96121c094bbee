"""Directions of strokes, and how far something holds along them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

REACH = 0.2
"""The direction of an end is that of so much of its stroke, in x-heights."""

_MOST = 24
"""Points that the direction of an end is looked for along, at most."""

_FEW = 8
"""Points that are looked at at first: as a rule they do."""


def way(points: np.ndarray, ends: np.ndarray, others: np.ndarray, reach: float, step: int | np.ndarray) -> np.ndarray:
    """Unit vectors float64 [n,2] along strokes at their `ends`; `step`, one or [n]: 1 into the stroke, -1 out of it."""
    step = np.broadcast_to(step, ends.shape)
    length = np.abs(others - ends)
    at = _reached(points, ends, np.minimum(length, _FEW), reach, step)
    far = np.flatnonzero((at == _FEW) & (length > _FEW))
    if len(far):
        at[far] = _reached(points, ends[far], np.minimum(length[far], _MOST), reach, step[far])
    away = (points[ends + at * step] - points[ends]) * step[:, None]
    size = np.hypot(away[:, 0], away[:, 1])[:, None]
    return np.where(size > 1e-6, away / np.maximum(size, 1e-6), [1.0, 0.0])


def _reached(points: np.ndarray, ends: np.ndarray, most: np.ndarray, reach: float, step: np.ndarray) -> np.ndarray:
    """After how many points from `ends` [n] strokes have come as far as `reach`, or `most` [n] where they have not."""
    number = np.arange(1, int(most.max(initial=0)) + 1)
    if not len(number):
        return most
    away = points[ends[:, None] + np.minimum(number, most[:, None]) * step[:, None]] - points[ends][:, None]
    away *= away
    there = away[:, :, 0] + away[:, :, 1] >= reach * reach
    there |= number >= most[:, None]
    return np.asarray(np.minimum(there.argmax(axis=1) + 1, most))


def along(at: np.ndarray, step: int, most: int, goes_on: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
    """How far from points `at` int64 [m] something holds: the first point where it does not, or the `most`-th.

    `goes_on` says of places int64 [k,j] in the strokes `rows` int64 [k] whether it holds, bool [k,j]; places may lie
    beyond their strokes once it has not.
    """
    result, rows, begun = at.copy(), np.arange(len(at)), 0
    for until in (min(_FEW, most), most):
        if not len(rows) or until == begun:
            break
        on = goes_on(rows, at[rows, None] + step * np.arange(begun, until))
        everywhere = on.all(axis=1)
        result[rows] += step * np.where(everywhere, until - begun, on.argmin(axis=1))
        rows, begun = rows[everywhere], until
    return result


def unit(ways: np.ndarray) -> np.ndarray:
    return np.asarray(ways / np.maximum(np.hypot(ways[:, 0], ways[:, 1]), 1e-9)[:, None])

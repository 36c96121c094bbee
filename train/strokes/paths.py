"""Pen paths as a fixed set of numbers: slots of strokes in writing order, each with points along its arc.

A glyph has at most as many strokes as `Slots.points` has entries. The points of a stroke lie closer where the path
bends: with 96 of them in four slots, a Catmull-Rom spline through them stays within 0.06 px of the path (median of the
largest deviation; 0.33 px in 95 % of glyphs), where evenly spaced ones stay within 0.13 (0.67).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from train.data.dataset import STEPS, Dataset

FINE = 200
"""Points along a stroke at which its bends are measured."""
BEND = 4.0
"""How much closer points lie, per radian of turning in a frame px."""
_BLUR = 17
_DOT = 1e-6


@dataclass(frozen=True)
class Slots:
    """How many points each stroke of a glyph has."""

    points: tuple[int, ...]

    @property
    def count(self) -> int:
        return len(self.points)

    @property
    def total(self) -> int:
        return sum(self.points)

    @cached_property
    def owner(self) -> np.ndarray:
        """int64 [total]: the stroke that each point belongs to."""
        return np.repeat(np.arange(self.count), self.points)


def resample(path: np.ndarray, count: int) -> np.ndarray:
    """`count` points [count,2] along the path [m,2], closer where it bends; both ends stay."""
    arc = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    if arc[-1] <= _DOT:
        return np.repeat(path[:1], count, axis=0)
    even = np.linspace(0.0, arc[-1], FINE)
    fine = np.stack([np.interp(even, arc, path[:, axis]) for axis in (0, 1)], axis=1)
    along = np.gradient(fine, axis=0)
    turning = np.abs(np.gradient(np.unwrap(np.arctan2(along[:, 1], along[:, 0])))) / (arc[-1] / (FINE - 1))
    turning = np.convolve(np.pad(turning, _BLUR // 2, mode="edge"), np.full(_BLUR, 1 / _BLUR), "valid")
    density = 1 + BEND * np.minimum(turning, 1.0)
    share = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    place = np.interp(np.linspace(0.0, share[-1], count), share, even)
    return np.stack([np.interp(place, even, fine[:, axis]) for axis in (0, 1)], axis=1)


def slotted(data: Dataset, rows: np.ndarray, slots: Slots) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points f32 [n,total,2] in frame px, which strokes exist bool [n,slots], and whether each row fits bool [n].

    Rows without strokes, or with more than there are slots, do not fit; absent strokes are zeros.
    """
    strokes = np.concatenate([[0], np.cumsum(data.strokes, dtype=np.int64)])
    points = np.concatenate([[0], np.cumsum(data.lengths, dtype=np.int64)])
    starts = np.concatenate([[0], np.cumsum(slots.points)])
    result = np.zeros((len(rows), slots.total, 2), np.float32)
    exist = np.zeros((len(rows), slots.count), bool)
    fits = (data.strokes[rows] > 0) & (data.strokes[rows] <= slots.count)
    for i in np.flatnonzero(fits).tolist():
        first = strokes[rows[i]]
        for slot in range(int(data.strokes[rows[i]])):
            path = data.points[points[first + slot] : points[first + slot + 1]].astype(np.float64) / STEPS
            result[i, starts[slot] : starts[slot + 1]] = resample(path, slots.points[slot])
            exist[i, slot] = True
    return result, exist, fits

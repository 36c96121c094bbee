"""How much a pen turns on its way, and ways on which it turns least."""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats, Ints

AHEAD = 0.5
"""Turns are counted on so much of the letter, too, in x-heights."""

_MOST = 32
"""Points of that, at most."""


def turning(curve: Floats, points: Floats, at: Ints, until: Ints) -> Floats:
    """By how much the pen turns in all, in radians [m], on curves [m,p,2] and on from there.

    It goes on with the `points` [.,2] from `at` to `until` [m], which may lie before.
    """
    count, side = int(np.abs(until - at).max(initial=0)) + 1, np.where(until < at, -1, 1)
    place = at[:, None] + side[:, None] * np.minimum(np.arange(count), np.abs(until - at)[:, None])
    step = np.diff(np.concatenate([curve, points[place]], axis=1), axis=1)
    moves = np.hypot(step[..., 0], step[..., 1]) > 1e-6
    angle = np.arctan2(step[..., 1], step[..., 0])
    # what stands still goes on in the direction before
    known = np.maximum.accumulate(np.where(moves, np.arange(step.shape[1]), 0), axis=1)
    turns = np.diff(np.take_along_axis(angle, known, axis=1), axis=1)
    return np.asarray(np.abs((turns + np.pi) % (2 * np.pi) - np.pi).sum(axis=1))


def ahead(points: Floats, at: Ints, last: Ints, reach: float) -> Ints:
    """The point [m] that lies `reach` away from `at`, on the way to `last`, which may lie before."""
    side, most = np.where(last < at, -1, 1), np.abs(last - at)
    place = at[:, None] + side[:, None] * np.minimum(np.arange(_MOST), most[:, None])
    near = np.hypot(*(points[place] - points[at][:, None]).transpose(2, 0, 1)) < reach
    return np.asarray(at + side * np.minimum(np.logical_and.accumulate(near, axis=1).sum(axis=1), most))


class LeastCost:
    """Of several ways for each of m letters that of least cost."""

    def __init__(self, *first: np.ndarray) -> None:
        """`first`: what describes the ways, arrays [m,…]; it stays as it is where no way is taken."""
        self.found, self._cost = tuple(part.copy() for part in first), np.full(len(first[0]), np.inf)

    def offer(self, cost: Floats, rows: Ints, *way: np.ndarray) -> None:
        """Ways [k] of letters `rows` [k]: each is kept if it costs less than those before."""
        better = cost < self._cost[rows] - 1e-6  # not by what sums are off on another machine
        self._cost[rows[better]] = cost[better]
        for known, new in zip(self.found, way, strict=True):
            known[rows[better]] = new[better]

"""Choosing among many what differs most: always the one that is furthest from those that are chosen."""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats


def farthest(rows: Floats, start: int, count: int) -> list[int]:
    """Which of `rows` [n,d], `count` of them at most: `start`, then each time the one furthest from all before it.

    Gonzalez: Clustering to minimize the maximum intercluster distance, 1985.
    """
    chosen = [start]
    while len(chosen) < min(count, len(rows)):
        nearest = np.linalg.norm(rows[:, None] - rows[None, chosen], axis=2).min(axis=1)
        chosen.append(int(nearest.argmax()))
    return chosen

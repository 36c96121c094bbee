"""Homographies: maps of the plane that keep straight lines straight, as a flat sheet is seen by a camera.

Hartley, Zisserman: "Multiple View Geometry", 2nd ed., chapter 2.
"""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats


def homography(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """float64 [3,3] that carries four points [4,2] into four others (the direct linear transform, h33 = 1)."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.append(np.linalg.solve(np.array(rows), np.array(values)), 1.0).reshape(3, 3)


def project(matrix: Floats, points: Floats) -> Floats:
    """Points float64 [n,2] through a homography."""
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    return moved[:, :2] / moved[:, 2:]

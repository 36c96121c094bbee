"""Points of glyphs on their sheet, and points of the sheet in the frames of glyphs."""

from __future__ import annotations

import numpy as np

from handsynth.layout.directions import unit

GRID = 1024
"""Points of joins lie on a grid of so many steps to a frame px."""


def moved(maps: np.ndarray, points: np.ndarray, ways: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and unit directions [m,2] under affine maps [m,2,3]."""
    placed = (maps[:, :, :2] @ points[:, :, None])[..., 0] + maps[:, :, 2]
    return placed, unit((maps[:, :, :2] @ ways[:, :, None])[..., 0])


def unplaced(maps: np.ndarray, rows: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [m,k,2] on the sheet in the frames of glyphs `rows` [m], float32, on a grid of 1 / GRID px.

    So the same word has the same joins wherever it stands, and whatever computes them.
    """
    inverse = np.linalg.inv(maps[rows, :, :2])
    exact = np.einsum("mij,mkj->mki", inverse, points - maps[rows, None, :, 2])
    return np.asarray(np.rint(exact * GRID) / GRID, np.float32)

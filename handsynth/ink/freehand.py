"""Strokes that recipes give as points: where the pen goes on a curve, along a line with corners, or to fill a shape."""

from __future__ import annotations

import math

import numpy as np

from handsynth.text.signs import Piece

SPLIT = 8
"""Points on each side of a line: those on the way keep the spline from rounding its corners."""

OVERLAP = 0.75
"""Rounds of a filled shape lie so many widths of the pen apart."""


def way(piece: Piece, pen: float) -> np.ndarray:
    """Points float64 [k,2] of a piece with a path, in x-heights; a smooth line runs through them.

    `pen`: the width of the pen in x-heights, by which a filled shape takes more or fewer rounds.
    """
    points = np.array(piece.path, np.float64)
    if piece.corners:
        share = np.arange(SPLIT)[:, None, None] / SPLIT
        sides = points[:-1] + share * (points[1:] - points[:-1])
        points = np.concatenate([sides.transpose(1, 0, 2).reshape(-1, 2), points[-1:]])
    if piece.fill:
        middle = (points.min(axis=0) + points.max(axis=0)) / 2
        reach = float(np.hypot(*(points - middle).T).max())
        rounds = max(1, math.ceil(reach / max(OVERLAP * pen, 0.02)))
        shrunk = 1 - np.arange(rounds)[:, None, None] / rounds
        points = (middle + shrunk * (points - middle)).reshape(-1, 2)
    return points

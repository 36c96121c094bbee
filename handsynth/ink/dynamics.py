"""How fast a pen moves along a stroke, from the stroke's shape alone.

Hands slow down in bends: the speed goes with the cube root of the radius of curvature, the two-thirds power law
(Lacquaniti, Terzuolo, Viviani, "The law relating the kinematic and figural aspects of drawing movements", 1983). That
would be endless on straight lines, so the radius R stands as R / (1 + bend R), as in Viviani and Schneider, "A
developmental study of the relationship between geometry and kinematics in drawing movements", 1991.

Only + - × ÷ and square roots are used, on float64, and each stroke by itself, so every machine and every batch gets
the same bytes.
"""

from __future__ import annotations

import numpy as np

from handsynth.arrays import Floats

USUAL_CURVATURE = 2.0
"""Where the speed is 1, per x-height: in the bowl of an o."""

STRAIGHT_CURVATURE = 0.3
"""What still counts as straight, per x-height (`bend` above)."""

FASTEST = ((USUAL_CURVATURE + STRAIGHT_CURVATURE) / STRAIGHT_CURVATURE) ** (1 / 3)
"""Speed on a straight line."""

_SMOOTHED = 3
"""Times that values are averaged with their neighbours': a hand has mass."""

_STEPS = 4
"""Of Newton's method: each doubles the digits, of which the first guess has four bits."""


def cube_root(x: np.ndarray) -> np.ndarray:
    """Cube roots of positive float64 of any shape, to the last digits, by Newton's method.

    `np.cbrt` is the C library's, whose last digit is not the same everywhere. The first guess is the number's exponent
    divided by three, in whole numbers.
    """
    bits = np.ascontiguousarray(x, np.float64).view(np.int64)
    # a third of the biased exponent, and two thirds of the bias of 1023 (Kahan: "Computing a real cube root", 1991)
    y = (bits // 3 + (0x2A9F7893 << 32)).view(np.float64)
    for _ in range(_STEPS):
        y = (y + y + x / (y * y)) / 3.0
    return y


def lengths(points: Floats) -> Floats:
    """Lengths float64 [m,k-1] of the steps of strokes, float64 [m,k,2]."""
    step = points[:, 1:] - points[:, :-1]
    return np.sqrt(step[..., 0] * step[..., 0] + step[..., 1] * step[..., 1])


def along(step: np.ndarray) -> np.ndarray:
    """Way float64 [m,k] from each stroke's beginning to its points, from the lengths of its steps [m,k-1]."""
    result = np.zeros((len(step), step.shape[1] + 1))
    np.cumsum(step, axis=1, out=result[:, 1:])
    return result


def curvature(points: np.ndarray) -> np.ndarray:
    """Curvature float64 [m,k] of strokes, float64 [m,k,2], in 1 / px: of the circle through three neighbours (Menger).

    The ends are as curved as their neighbours; strokes of fewer than three points are straight.
    """
    count = points.shape[1]
    if count < 3:
        return np.zeros(points.shape[:2])
    step, side = points[:, 1:] - points[:, :-1], lengths(points)
    chord = points[:, 2:] - points[:, :-2]
    across = np.sqrt(chord[..., 0] * chord[..., 0] + chord[..., 1] * chord[..., 1])
    turn = np.abs(step[:, :-1, 0] * step[:, 1:, 1] - step[:, :-1, 1] * step[:, 1:, 0])
    inner = 2 * turn / np.maximum(side[:, :-1] * side[:, 1:] * across, 1e-9)
    # where a stroke goes back on itself the three lie on one line, and the circle is as small as can be
    back = step[:, :-1, 0] * step[:, 1:, 0] + step[:, :-1, 1] * step[:, 1:, 1] < 0
    inner = np.where(back, np.maximum(inner, 2 / np.maximum(side[:, :-1] + side[:, 1:], 1e-9)), inner)
    return np.concatenate([inner[:, :1], inner, inner[:, -1:]], axis=1)


def speed(points: np.ndarray, xheight: float) -> np.ndarray:
    """Speed float64 [m,k] along strokes, float64 [m,k,2] in px, `xheight` px an x-height; see USUAL_CURVATURE."""
    bend = curvature(points) * xheight
    fast = cube_root((USUAL_CURVATURE + STRAIGHT_CURVATURE) / (bend + STRAIGHT_CURVATURE))
    return _smooth(fast)


def falling(points: np.ndarray) -> np.ndarray:
    """How far strokes, float64 [m,k,2] with y down, go straight down: float64 [m,k], 1 down … -1 up, 0 level."""
    if points.shape[1] < 2:
        return np.zeros(points.shape[:2])
    wide = np.concatenate([points[:, :1], points, points[:, -1:]], axis=1)
    way = wide[:, 2:] - wide[:, :-2]
    length = np.sqrt(way[..., 0] * way[..., 0] + way[..., 1] * way[..., 1])
    return _smooth(way[..., 1] / np.maximum(length, 1e-9))


def _smooth(values: np.ndarray) -> np.ndarray:
    """Values [m,k] along strokes, averaged with their neighbours'."""
    for _ in range(_SMOOTHED):
        wide = np.concatenate([values[:, :1], values, values[:, -1:]], axis=1)
        values = (wide[:, :-2] + 2 * values + wide[:, 2:]) / 4
    return values

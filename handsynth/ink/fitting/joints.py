"""Where a closed polyline has corners, and where curves may begin and end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Floats
from handsynth.ink.fitting.polylines import Rings

_CORNER = 0.5
"""Corners turn by more than the angle with this cosine within two steps."""

_BEND = 0.3
"""Curvature in 1/px that parts the tight bends of a contour from its calm parts."""

_CALM, _TIGHT = 1.7, 2.6
"""No first piece turns by more, in radians: in calm parts, in tight bends."""


@dataclass(frozen=True, eq=False)
class Joints:
    """What is known of each point of rings."""

    corner: np.ndarray
    """bool [p]."""
    cut: np.ndarray
    """bool [p]: where curves may begin and end; all corners are cuts."""
    tangent: np.ndarray
    """float64 [p,2], of length 1."""
    smooth: np.ndarray
    """float64 [p,2]: the point without its noise."""

    def turned(self, at: np.ndarray) -> Joints:
        return Joints(self.corner[at], self.cut[at], self.tangent[at], self.smooth[at])


def unit(v: Floats) -> Floats:
    """`v` [k,2] with length 1."""
    return v / np.maximum(np.sqrt(v[:, :1] ** 2 + v[:, 1:] ** 2), np.float32(1e-12))


def find(rings: Rings, step: float) -> Joints:
    """Joints of rings with points at about every `step` px.

    Tangents and smoothed points are those of parabolas through seven points (Savitzky, Golay 1964).
    """
    p = rings.padded()
    slope, smooth = np.zeros_like(p), np.zeros_like(p)
    slope[3:-3] = 3 * (p[6:] - p[:-6]) + 2 * (p[5:-1] - p[1:-5]) + (p[4:-2] - p[2:-4])
    smooth[3:-3] = (7 * p[3:-3] + 6 * (p[2:-4] + p[4:-2]) + 3 * (p[1:-5] + p[5:-1]) - 2 * (p[:-6] + p[6:])) / 21
    tangent = unit(slope)
    turn = np.zeros(len(p))
    turn[1:-1] = (tangent[:-2, 0] * tangent[2:, 1] - tangent[:-2, 1] * tangent[2:, 0]) / 2
    over = np.zeros_like(p)
    over[2:] = unit(p[2:] - p[:-2])
    cosine = np.ones(len(p))
    cosine[2:-2] = (over[2:-2] * over[4:]).sum(axis=1)
    corner = cosine < _CORNER
    near = corner.copy()
    for k in (1, 2, 3):
        before, after = np.roll(cosine, k), np.roll(cosine, -k)
        corner &= (cosine < before) & (cosine <= after)
        near |= (before < _CORNER) | (after < _CORNER)
    bent = np.abs(turn) > _BEND * step
    own = rings.unpadded()
    change = (bent != np.roll(bent, 1))[own]
    corner, near, turn, bent = corner[own], near[own], np.abs(turn[own]), bent[own]
    cut = _enough(rings, corner | (change & ~near), turn / np.where(bent, _TIGHT, _CALM))
    return Joints(corner, cut, tangent[own], smooth[own])


def _enough(rings: Rings, cut: np.ndarray, share: np.ndarray) -> np.ndarray:
    """`cut` and more cuts, so that no piece has more than 1 of `share` and each ring has two pieces at least."""
    # whole numbers, so that no sum depends on what was summed before, and never 0, so that all sums differ
    whole = np.rint(share * 2.0**30).astype(np.int64) + 1
    total = np.cumsum(whole) - whole
    cut = cut.copy()
    cut[rings.begins[:-1]] = True
    ends = np.flatnonzero(cut)
    sums = np.diff(np.append(total[ends], total[-1] + whole[-1]))
    pieces = np.maximum(-(-sums // 2**30), 1)
    which = np.repeat(np.arange(len(ends)), pieces)
    number = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    cut[np.searchsorted(total, total[ends][which] + sums[which] * number // pieces[which])] = True
    inner = cut.copy()
    inner[rings.begins[1:] - 1] = False
    alone = np.add.reduceat(inner.astype(np.int64), rings.begins[:-1]) < 2
    cut[((rings.begins[:-1] + rings.begins[1:]) // 2)[alone]] = True
    return cut

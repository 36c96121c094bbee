"""Strokes as their pens sweep them: how wide and how dark a line is at each of its points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.ink import pens
from handsynth.ink.dynamics import along, falling, lengths, speed
from handsynth.ink.paths import Paths

LONGEST_TAPER = 0.4
"""Of a stroke, at most so much thins out at either end."""

DOT = 0.6
"""How far a nib is pulled where it makes a dot, in widths: along its edge it would leave a hairline."""

LEAST_TONE = 0.3
"""Ink is never paler."""


def swept(paths: Paths, xheight: float) -> Paths:
    """`paths` with `swell` and `tone` of each point, in px of which an x-height has `xheight`; round pens have none.

    Dots of a broad nib are pulled across its edge, as they are written, so that they are lozenges.

    A stroke depends on its own points, width and pen alone.
    """
    if paths.pen is None or paths.swell is not None or not len(paths.points):
        return paths
    swell, tone = np.ones((2, len(paths.points)), np.float32)
    placed = paths.points.copy()
    counts = np.diff(paths.strokes)
    written = np.flatnonzero(paths.pen != pens.number(pens.ROUND))
    # strokes of as many points are one array: no sum runs over several strokes, so none hangs on its neighbours
    for count in np.unique(counts[written]).tolist():
        some = written[counts[written] == count]
        rows = paths.strokes[some][:, None] + np.arange(count)
        points, width = paths.points[rows].astype(np.float64), paths.width[some].astype(np.float64)
        swell[rows], tone[rows] = _sweep(points, width, paths.pen[some], xheight)
        nib = np.flatnonzero(pens.nibs()[paths.pen[some]])
        if len(nib) and count > 1:
            placed[rows[nib]] = _pulled(points[nib], width[nib], pens.edges()[paths.pen[some[nib]]])
    return replace(paths, points=placed, swell=swell, tone=tone)


def _pulled(points: np.ndarray, width: np.ndarray, edge: np.ndarray) -> np.ndarray:
    """Strokes float64 [m,k,2] of nibs with edges [m,2]; those as short as a dot go at least DOT widths across them."""
    way = along(lengths(points))
    whole = way[:, -1]
    short = np.clip(2 - whole / np.maximum(width, 1e-6), 0, 1)
    normal = np.stack([-edge[:, 1], edge[:, 0]], axis=1)
    beside = points - points.mean(axis=1, keepdims=True)
    across = beside[..., 0] * normal[:, :1] + beside[..., 1] * normal[:, 1:]
    lacking = np.maximum(DOT * width * short - (across.max(axis=1) - across.min(axis=1)), 0)
    gone = way / np.maximum(whole, 1e-9)[:, None] - 0.5
    # on the way that the stroke takes itself
    sign = np.where(across[:, -1] < across[:, 0], -1.0, 1.0)
    return np.asarray(points + (sign * lacking)[:, None, None] * gone[..., None] * normal[:, None])


def _sweep(points: np.ndarray, width: np.ndarray, pen: np.ndarray, xheight: float) -> tuple[np.ndarray, np.ndarray]:
    """Swell and tone float64 [m,k] of strokes, float64 [m,k,2], of widths [m] and kinds of pen [m]."""

    def of(name: str) -> np.ndarray:
        return np.asarray(pens.column(name)[pen][:, None])

    way = along(lengths(points))
    whole, across = way[:, -1:], np.maximum(width, 1e-6)[:, None]
    # a dot is no fast line: it is as wide as the pen, and as dark as where it is slow
    long = np.clip(whole / across - 0.5, 0, 1)
    lingering = long * (1 - speed(points, xheight))
    swell = np.clip(1 + of("slow") * lingering + of("down") * long * falling(points), of("least"), of("most"))
    for name, gone in (("start", way), ("stop", whole - way)):
        length = np.minimum(_taper(name, "length")[pen][:, None] * across, LONGEST_TAPER * whole)
        inside = np.clip(gone / np.maximum(length, 1e-9), 0, 1)
        share = _taper(name, "share")[pen][:, None]
        swell = swell * (1 - long * (1 - share) * (1 - inside) * (1 - inside))
    tone = of("tone") + of("slow_tone") * (lingering + 1 - long)
    for gone in (way, whole - way):
        beyond = 1 - np.clip(gone / across, 0, 1)
        tone = tone + of("end_tone") * beyond * beyond
    return swell, np.clip(tone, LEAST_TONE, 1)


def _taper(name: str, part: str) -> np.ndarray:
    """One number of the tapers of all kinds, float64 [kinds]."""
    return np.array([getattr(getattr(pen, name), part) for pen in pens.PENS.values()], np.float64)

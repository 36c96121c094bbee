"""Strokes as their pens sweep them: how wide and how dark a line is at each of its points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.ink import pens
from handsynth.ink.dynamics import along, falling, lengths, speed
from handsynth.ink.paths import Paths

LONGEST_TAPER = 0.4
"""Of a stroke, at most so much thins out at either end."""

LEAST_TONE = 0.3
"""Ink is never paler."""


def swept(paths: Paths, xheight: float) -> Paths:
    """`paths` with `swell` and `tone` of each point, in px of which an x-height has `xheight`; round pens have none.

    A stroke depends on its own points, width and pen alone.
    """
    if paths.pen is None or paths.swell is not None or not len(paths.points):
        return paths
    swell, tone = np.ones((2, len(paths.points)), np.float32)
    counts = np.diff(paths.strokes)
    written = np.flatnonzero(paths.pen != pens.number(pens.ROUND))
    # strokes of as many points are one array: no sum runs over several strokes, so none hangs on its neighbours
    for count in np.unique(counts[written]).tolist():
        some = written[counts[written] == count]
        rows = paths.strokes[some][:, None] + np.arange(count)
        points, width = paths.points[rows].astype(np.float64), paths.width[some].astype(np.float64)
        swell[rows], tone[rows] = _sweep(points, width, paths.pen[some], xheight)
    return replace(paths, swell=swell, tone=tone)


def _sweep(points: np.ndarray, width: np.ndarray, pen: np.ndarray, xheight: float) -> tuple[np.ndarray, np.ndarray]:
    """Swell and tone float64 [m,k] of strokes, float64 [m,k,2], of widths [m] and kinds of pen [m]."""

    def of(name: str) -> np.ndarray:
        result: np.ndarray = pens.column(name)[pen][:, None]
        return result

    way = along(lengths(points))
    whole, across = way[:, -1:], np.maximum(width, 1e-6)[:, None]
    # a dot is no fast line: it is as wide and as dark as the pen
    long = np.clip(whole / across - 0.5, 0, 1)
    lingering = long * (1 - speed(points, xheight))
    swell = np.clip(1 + of("slow") * lingering + of("down") * long * falling(points), of("least"), of("most"))
    for name, gone in (("start", way), ("stop", whole - way)):
        length = np.minimum(_taper(name, "length")[pen][:, None] * across, LONGEST_TAPER * whole)
        inside = np.clip(gone / np.maximum(length, 1e-9), 0, 1)
        share = _taper(name, "share")[pen][:, None]
        swell = swell * (1 - long * (1 - share) * (1 - inside) * (1 - inside))
    tone = of("tone") + of("slow_tone") * lingering
    for gone in (way, whole - way):
        beyond = 1 - np.clip(gone / across, 0, 1)
        tone = tone + of("end_tone") * beyond * beyond
    return swell, np.clip(tone, LEAST_TONE, 1)


def _taper(name: str, part: str) -> np.ndarray:
    """One number of the tapers of all kinds, float64 [kinds]."""
    return np.array([getattr(getattr(pen, name), part) for pen in pens.PENS.values()], np.float64)

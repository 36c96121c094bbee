"""Bold letters: the pen pressed harder, and led along every stroke a second time, a little beside the first."""

from __future__ import annotations

import numpy as np

from handsynth import noise
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.ink.paths import Paths

WIDER = 1.2
"""How many times as wide as usual a pressed pen's line is."""

ASIDE = 0.3, 0.5
"""How far the second line lies beside the first, least and most, in widths of the pen."""

TURN, GROW = 0.01, 0.01
"""Standard deviations of the second line's turn, in radians, and of its size."""

_FIELD_WIDER = 1.6
"""A letter that no pen drew is only thicker: as much as the two lines are together."""


def pressed(drawn: Glyphs, bold: np.ndarray, seed: int, places: np.ndarray) -> Glyphs:
    """`drawn` [n], of the noise `places` uint64 [n], with those written in bold that `bold`, bool [n], says."""
    if not bold.any():
        return drawn
    if isinstance(drawn, PenGlyphs):
        width = np.where(bold, pen_widths(drawn.paths), 0.0)
        wide = drawn.thicker((0.5 * (WIDER - 1) * width).astype(np.float32))
        assert isinstance(wide, PenGlyphs)
        return PenGlyphs(_again(wide.paths, np.flatnonzero(bold), width, seed, places), drawn.size)
    half = np.clip(drawn.fields().max(axis=(1, 2), initial=0.0), 0.0, None).astype(np.float64)
    return drawn.thicker(np.where(bold, (_FIELD_WIDER - 1) * half, 0.0))


def pen_widths(paths: Paths) -> np.ndarray:
    """Width of the finest pen of each glyph, float64 [n], in frame px; 0 for one without ink."""
    result = np.zeros(len(paths))
    inked = np.flatnonzero(np.diff(paths.glyphs))
    if len(inked):
        result[inked] = np.minimum.reduceat(paths.width, paths.glyphs[inked])
    return result


def _again(paths: Paths, rows: np.ndarray, width: np.ndarray, seed: int, places: np.ndarray) -> Paths:
    """`paths` with the strokes of the glyphs `rows`, int64 [k], a second time; `width` [n] of the pen, in frame px."""
    second = paths.take(rows)
    keys = np.array([noise.key_of(int(place), "again") for place in places[rows]], np.uint64)
    drawn = noise.normals(seed, "fault", keys, 2).astype(np.float64)
    chance = noise.uniforms(seed, "fault", keys, 4).astype(np.float64)
    # beside upright strokes rather than above level ones: people go over the long strokes
    way = np.pi * (0.6 * chance[:, 2] - 0.3 + (chance[:, 3] < 0.5))
    away = (ASIDE[0] + (ASIDE[1] - ASIDE[0]) * chance[:, 0]) * width[rows]
    turn, size = TURN * drawn[:, 0], 1 + GROW * drawn[:, 1]
    box = second.bounds()
    middle = (box[:, :2] + box[:, 2:]) / 2
    cos, sin = size * np.cos(turn), size * np.sin(turn)
    shift = middle + np.stack([away * np.cos(way), away * np.sin(way)], axis=1)
    shift -= np.stack([cos * middle[:, 0] - sin * middle[:, 1], sin * middle[:, 0] + cos * middle[:, 1]], axis=1)
    matrices = np.stack([np.stack([cos, -sin], axis=1), np.stack([sin, cos], axis=1), shift], axis=2)
    both = Paths.joined([paths, second.moved(matrices)])
    owner = np.concatenate([np.arange(len(paths)), rows])
    return both.take(np.argsort(owner, kind="stable")).merged(np.bincount(owner, minlength=len(paths)))

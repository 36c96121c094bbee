"""Lines that somebody has drawn beside the writing: below a word, or through all of it."""

from __future__ import annotations

import numpy as np

from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32


def underline(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """A line by hand below a part of a line. Nothing moves."""
    return Effected(_drawn(image, draw, strength, 0.3, 0.65))


def through(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """A thin line by hand through a part of a line, which stays readable. Nothing moves."""
    return Effected(_drawn(image, draw, strength, -0.7, -0.3))


def _drawn(image: np.ndarray, draw: Draw, strength: float, high: float, low: float) -> np.ndarray:
    """With a line between `high` and `low` x-heights below a baseline; `strength` says how dark it is."""
    height, width = image.shape[:2]
    x_height = draw.xheight
    base = draw.pick(draw.ground(image)) + x_height * draw.uniform(high, low)
    begin = width * draw.uniform(0.0, 0.5)
    end = min(width, begin + max(3 * x_height, width * draw.uniform(0.1, 0.7)))
    x = np.arange(int(begin), int(end), dtype=F32)
    along = (x - F32(begin)) / F32(width)
    # a hand's line climbs a little, and waves
    slope, wave, phase = draw.bells(3).tolist()
    waves = F32(0.06 * wave * x_height) * np.sin(along * F32(9) + F32(3 * phase))
    middle = np.clip(F32(base) + F32(0.1 * slope * x_height) * along + waves, 2, height - 2)
    half = F32(max(0.6, 0.04 * x_height * draw.uniform(0.7, 1.6)))
    top, bottom = int(middle.min() - half) - 1, int(np.ceil(middle.max() + half)) + 1
    rows = slice(max(0, top), min(height, bottom))
    y = np.arange(rows.start, rows.stop, dtype=F32)[:, None] + F32(0.5)
    cover = np.clip(half + F32(0.5) - np.abs(y - middle), 0, 1) * F32(min(1.0, 0.3 + 0.7 * strength))
    result = image.copy()
    part = result[rows, int(begin) : int(begin) + len(x)]
    # as dark as the darkest ink
    for band in [...] if image.ndim == 2 else [(..., 0), (..., 1), (..., 2)]:
        dark = 255 - F32(image[band].min())
        part[band] = np.minimum(part[band], 255 - cover * dark).astype(np.uint8)
    return result

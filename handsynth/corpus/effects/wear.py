"""Wear: strokes that copying or thresholding made thinner or thicker, dirt, and ink that a hand has wiped over."""

from __future__ import annotations

import numpy as np

from handsynth.corpus.effects import pixels, tiles
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32


def wear(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Strokes thinner or thicker by up to a pixel on each side (at an x-height of 20 px). Nothing moves."""
    thicker = draw.happens(0.5)
    left = strength * draw.uniform(0.3, 1.0) * draw.xheight / 20 * (1.0 if thicker else 0.45)
    spread = left if thicker else 0.0
    while left > 0:
        image = pixels.blended(image, pixels.neighbours(image, thicker), min(1.0, left))
        left -= 1
    return Effected(image, spread=spread)


def specks(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Specks of dirt, dark or bright. Nothing moves."""
    place = tiles.window(draw, *image.shape[:2])
    cover, rank = (tiles.part(tile, place) for tile in tiles.dirt(draw.seed))
    shown = np.where(rank < 130 * strength * draw.uniform(0.1, 1.0) ** 2, cover, np.uint8(0))
    if draw.happens(0.2):
        # places where no ink has stuck
        lightest = int(image.max())
        bright = np.maximum(image, shown if image.ndim == 2 else shown[..., None])
        return Effected(np.minimum(bright, lightest).astype(np.uint8))
    return Effected(pixels.darkened(image, 255 - shown))


def smudge(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Ink faintly wiped along the line, here and there. Nothing moves: what is wiped is added, as a grey haze."""
    height, width = image.shape[:2]
    dark = 255 - pixels.darkest(image)
    length = max(2, min(round(draw.xheight * draw.uniform(0.6, 2.0)), width - 1))
    total = np.cumsum(dark, axis=1, dtype=F32)
    wiped = total.copy()
    wiped[:, length:] -= total[:, :-length]
    if draw.happens(0.5):
        # wiped to the left
        wiped[:, : width - length] = wiped[:, length:]
    wiped /= F32(length)
    rows, columns = 2, max(3, min(9, round(width / (4 * draw.xheight))))
    where = np.clip(pixels.field(draw.uniforms(rows * columns).reshape(rows, columns) * 2 - 0.9, height, width), 0, 1)
    haze = np.clip(F32(255.5) - wiped * where * F32(0.75 * strength), 0, 255).astype(np.uint8)
    return Effected(pixels.darkened(image, haze))

"""Ink: its colour, how much of it there is, how it runs into the paper, and where the pen left gaps."""

from __future__ import annotations

import numpy as np

from handsynth.corpus.effects import pixels, tiles
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32

_COLOURS = (
    (24, 28, 38), (20, 20, 22), (28, 40, 92), (22, 52, 140), (40, 60, 150), (58, 58, 62), (78, 78, 80), (72, 46, 28),
    (96, 66, 40), (30, 34, 60), (16, 70, 70), (150, 30, 34),
)  # fmt: skip
"""Of ball pens, gel pens, pencils, old iron gall ink."""

_LEFT = 0.45
"""Of the darkness of ink, however much it fades."""


def ink(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Another colour, and more or less ink along the writing. A coloured picture keeps its colours. Nothing moves."""
    colour = np.array(draw.pick(_COLOURS), np.float64)
    colour += 8 * draw.bells(3)
    faded = strength * draw.uniform(0.0, 0.3)
    rough = strength * draw.uniform(0.05, 0.3)
    height, width = image.shape[:2]
    rows, columns = max(2, round(height / (3 * draw.xheight))), max(3, round(width / (2.5 * draw.xheight)))
    flow = pixels.field(draw.uniforms(rows * min(columns, 12)).reshape(rows, -1), height, width)
    share = np.maximum(F32(1 - faded) - F32(rough) * flow, F32(_LEFT))
    faint = pixels.inked(image, share)
    if image.ndim == 3:
        return Effected(faint)
    colour = np.clip(colour * min(1.0, 2 * strength), 0, 160)
    if not draw.colour:
        colour = np.array([colour @ (0.299, 0.587, 0.114)])
    curve = colour + np.arange(256)[:, None] * (255 - colour) / 255
    return Effected(pixels.curved(faint, curve if draw.colour else curve[:, 0]))


def bleed(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Strokes run a little into the paper: thicker, with ragged edges. Nothing moves."""
    radius = strength * draw.uniform(0.5, 1.0) * draw.xheight / 24
    rough, wet = 30 * strength * draw.uniform(), 14 * strength
    blurred = pixels.blurred(image, radius).astype(F32)
    ragged = tiles.cut(tiles.grains(draw.seed, "mesh", 1.5), draw, *image.shape[:2]) * F32(rough)
    soft = blurred - (ragged if image.ndim == 2 else ragged[..., None]) * (255 - blurred) * F32(2 / 255)
    steep = 1 + 0.8 * strength
    curve = 255 - (255 - np.arange(256)) * steep + (steep - 1) * 64 - wet
    curve = np.where(np.arange(256) > 250, np.arange(256), np.clip(curve, 0, 255))
    return Effected(pixels.curved(np.clip(soft, 0, 255).astype(np.uint8), curve), spread=2.5 * radius + 0.5)


def breaks(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Gaps in the strokes, where the pen ran dry or the paper was rough. Nothing moves."""
    tile = tiles.cut(tiles.grains(draw.seed, "gaps", draw.pick((1.0, 2.0))), draw, *image.shape[:2])
    from_ = draw.uniform(1.0, 1.9)
    share = 1 - F32(0.85 * strength) * np.clip((tile - F32(from_)) * F32(2.5), 0, 1)
    return Effected(pixels.inked(image, share))

"""Light: uneven, with shadows, and how the camera or scanner turns it into black and white."""

from __future__ import annotations

import numpy as np

from handsynth.corpus.effects import pixels
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32


def light(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Brighter on one side, darker at the edges, warm or cold. Nothing moves."""
    height, width = image.shape[:2]
    x, y = pixels.grid(height, width, 16)
    u, v = x / F32(width) - F32(0.5), y / F32(height) - F32(0.5)
    turn = 6.2832 * draw.uniform()
    slope, rim = strength * draw.uniform(0.05, 0.45), strength * draw.uniform(0.0, 0.3)
    bright = F32(1 - 0.25 * slope) + F32(slope * np.cos(turn)) * u + F32(0.5 * slope * np.sin(turn)) * v
    bright = bright - F32(rim) * (u * u + F32(0.5) * v * v) * 2
    lit = pixels.gained(image, pixels.field(np.clip(bright, 0.35, 1.1), height, width))
    warm = strength * draw.bell()
    if not draw.colour or image.ndim == 2 and abs(warm) < 0.3:
        return Effected(lit)
    tint = np.clip([1 + 0.02 * warm, 1.0, 1 - 0.05 * warm], 0.8, 1.0)
    return Effected(pixels.curved(lit, np.arange(256)[:, None] * tint))


def shadow(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """The shadow of a hand or a head across the picture. Nothing moves."""
    height, width = image.shape[:2]
    x, y = pixels.grid(height, width, 8)
    turn = 6.2832 * draw.uniform()
    bend, phase = draw.xheight * draw.uniform(0.2, 2.0), 6.2832 * draw.uniform()
    away = (x - F32(width * draw.uniform(0.1, 0.9))) * F32(np.cos(turn))
    away = away + (y - F32(height * draw.uniform(0.1, 0.9))) * F32(np.sin(turn))
    away = away + F32(bend) * np.sin(
        (y * F32(np.cos(turn)) - x * F32(np.sin(turn))) / F32(3 * draw.xheight) + F32(phase)
    )
    soft = draw.xheight * draw.uniform(0.3, 3.0)
    depth = strength * draw.uniform(0.15, 0.5)
    gain = 1 - F32(depth) / (1 + np.exp(np.clip(-away / F32(soft), -30, 30)))
    return Effected(pixels.gained(image, pixels.field(gain, height, width)))


def contrast(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Ink less black, paper less white, and the greys between moved. Nothing moves."""
    low, high = 70 * strength * draw.uniform(), 255 - 60 * strength * draw.uniform()
    gamma = float(np.exp(0.35 * strength * draw.bell()))
    return Effected(pixels.curved(image, low + (high - low) * (np.arange(256) / 255) ** gamma))


def invert(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Light writing on dark ground, from a strength of a half on. Nothing moves."""
    return Effected(255 - image if strength >= 0.5 else image)

"""What a lens, a sensor and a file format do: blur, noise and JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from handsynth.corpus.effects import pixels, tiles
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32

_LONGEST = 65_500
"""Side of a JPEG, in px (libjpeg's JPEG_MAX_DIMENSION)."""


def blur(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Out of focus: a Gaussian of up to 1.4 px at an x-height of 20 px. Nothing moves."""
    radius = strength * draw.uniform(0.4, 1.4) * draw.xheight / 20
    return Effected(pixels.blurred(image, radius), spread=2 * radius)


def motion(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Moved during the exposure, to both sides alike, so that the middle of a stroke stays where it is."""
    half = strength * draw.uniform(0.5, 2.0) * draw.xheight / 20
    turn = 3.1416 * draw.uniform()
    steps = max(1, round(half))
    way = np.arange(-steps, steps + 1) * half / steps
    shifts = np.rint(np.stack([way * np.sin(turn), way * np.cos(turn)], axis=1)).astype(int).tolist()
    height, width = image.shape[:2]
    edge = max(max(abs(down), abs(right)) for down, right in shifts)
    if not edge:
        return Effected(image)
    wide = np.pad(image, [(edge, edge), (edge, edge), (0, 0)][: image.ndim], mode="edge").astype(np.uint16)
    total = np.zeros(image.shape, np.uint16)
    for down, right in shifts:
        total += wide[edge + down : edge + down + height, edge + right : edge + right + width]
    return Effected(((total + len(shifts) // 2) // len(shifts)).astype(np.uint8), spread=half)


def noise(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """The noise of a sensor: of all colours, and less of each. Nothing moves."""
    height, width = image.shape[:2]
    level = strength * draw.uniform(3.0, 16.0)
    tile = tiles.grains(draw.seed, "sensor", draw.pick((0.3, 0.3, 0.6)))
    drawn: np.ndarray = tiles.cut(tile, draw, height, width) * F32(level)
    if image.ndim == 3:
        each = [tiles.cut(tile, draw, height, width) for _ in range(3)]
        drawn = drawn[..., None] + np.stack(each, axis=2) * F32(0.5 * level)
    return Effected(np.clip(image + drawn + F32(0.5), 0, 255).astype(np.uint8))


def jpeg(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """A round trip through JPEG, of quality 95 down to 20. Nothing moves. A picture too long for it stays as it is."""
    if max(image.shape[:2]) > _LONGEST:
        return Effected(image)
    quality = round(95 - 75 * strength * draw.uniform(0.3, 1.0))
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer, formats=("JPEG",)) as again:
        return Effected(np.asarray(again))

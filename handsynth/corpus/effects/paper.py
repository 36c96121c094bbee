"""Paper: its colour and grain, what is printed on it, and what has happened to it."""

from __future__ import annotations

import numpy as np

from handsynth.corpus.effects import pixels, tiles
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32

_COLOURS = (
    (255, 255, 255), (252, 252, 250), (250, 247, 238), (246, 238, 218), (238, 226, 196), (228, 208, 168),
    (240, 240, 238), (226, 226, 224), (232, 240, 246), (246, 232, 234), (255, 248, 196), (226, 238, 222),
)  # fmt: skip

_RULES = (150, 180, 212), (128, 150, 196), (180, 190, 200), (168, 200, 190), (200, 168, 160), (150, 150, 150)


def paper(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """The colour of the paper, and its grain. Nothing moves."""
    colour = np.array(draw.pick(_COLOURS), np.float64) - 4 * np.abs(draw.bell())
    colour = 255 - (255 - colour) * min(1.0, 1.2 * strength)
    rough = strength * draw.uniform(0.15, 1.0)
    grain = np.clip(255 - rough * 0.20 * (np.arange(256) - 72.0), 0, 255)
    tile = tiles.cut(tiles.fibres(draw.seed), draw, *image.shape[:2])
    grained = pixels.darkened(image, pixels.curved(tile, grain))
    if not draw.colour and image.ndim == 2:
        return Effected(pixels.curved(grained, np.arange(256) * (colour @ (0.299, 0.587, 0.114)) / 255))
    return Effected(pixels.curved(grained, np.arange(256)[:, None] * colour / 255))


def rules(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Lines, squares or dots printed behind the writing, which stands on them. They lie as the sheet does."""
    height, width = image.shape[:2]
    known = draw.baselines if len(draw.baselines) > 1 else ()
    bases = draw.ground(image)
    kind = draw.pick(("ruled", "ruled", "squared", "squared", "dotted"))
    pitch = float(np.median(np.diff(known))) if known else draw.xheight * draw.uniform(1.9, 2.8)
    off = 0.08 * draw.xheight * draw.bell()
    if kind != "ruled":
        pitch /= draw.pick((1, 2)) if known or draw.xheight < 14 else 2
    x, y = np.broadcast_arrays(*_behind(height, width, draw.homography))
    thick = max(0.8, 0.045 * draw.xheight * draw.uniform(0.7, 1.4))
    across = _marked(y - F32(bases[-1] + off), pitch, thick)
    if kind != "ruled":
        down = _marked(x - F32(pitch * draw.uniform()), pitch, thick)
        across = np.maximum(across, down) if kind == "squared" else np.minimum(across, down) * F32(1.5)
    elif draw.happens(0.15):
        # the red line of a margin
        away = np.abs(x - F32(draw.xheight * draw.uniform(0.3, 2.0)))
        across = np.maximum(across, np.clip(F32(thick / 2 + 0.5) - away, 0, 1))
    dark = np.clip(across, 0, 1) * F32(min(1.0, strength * draw.uniform(0.7, 1.3)))
    colour = np.array(draw.pick(_RULES), np.float64) + 10 * draw.bells(3)
    if not draw.colour and image.ndim == 2:
        return Effected(pixels.darkened(image, _shade(dark, colour @ (0.299, 0.587, 0.114))))
    return Effected(pixels.darkened(image, np.stack([_shade(dark, part) for part in colour.tolist()], axis=2)))


def stains(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """One or two pale stains, with the dark rim that drops leave. Nothing moves."""
    height, width = image.shape[:2]
    x, y = pixels.grid(height, width, 4)
    shade = np.zeros((y.shape[0], x.shape[1]), F32)
    for _ in range(1 + draw.happens(0.4)):
        radius = draw.xheight * draw.uniform(1.2, 6.0)
        dx, dy = x - F32(width * draw.uniform()), y - F32(height * draw.uniform(-0.3, 1.3))
        lobes, phase = draw.integer(2, 5), 6.3 * draw.uniform()
        edge = np.hypot(dx, dy) / F32(radius) - F32(0.06) * np.sin(lobes * np.arctan2(dy, dx) + F32(phase))
        rim = np.exp(-(((edge - 1) / F32(0.07)) ** 2)) * F32(draw.uniform(0.3, 1.0))
        shade = np.maximum(shade, rim + F32(0.4) * np.clip((1 - edge) * F32(8) + F32(0.5), 0, 1))
    fine = pixels.field(np.clip(shade, 0, 1) * F32(0.34 * strength), height, width)
    if not draw.colour and image.ndim == 2:
        return Effected(pixels.gained(image, 1 - np.maximum(fine, 0)))
    # coffee or tea takes away most of the blue
    level = (np.clip(fine, 0, 1) * F32(255)).astype(np.uint8)
    steps = 255 - np.arange(256)[:, None] * np.array([0.45, 0.75, 1.25])
    return Effected(pixels.darkened(image, pixels.curved(level, steps)))


def creases(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """One or two folds, seen as a bright edge beside a dark one. Nothing moves: the sheet lies flat again."""
    height, width = image.shape[:2]
    gain = np.ones((height, width), F32)
    for _ in range(1 + draw.happens(0.35)):
        # mostly upright, seldom along the writing
        turn = 0.25 * draw.bell() + (1.57 if draw.happens(0.2) else 0.0)
        along, across = np.cos(turn), np.sin(turn)
        at = along * width * draw.uniform(0.05, 0.95) + across * height * draw.uniform(0.05, 0.95)
        away = np.arange(width, dtype=F32)[None] * F32(along) + np.arange(height, dtype=F32)[:, None] * F32(across)
        steps = np.arange(-128, 128)
        soft = draw.xheight * draw.uniform(0.1, 0.6)
        side = np.exp(-np.abs(steps) / (4 * soft)) * np.where(steps < 0, -0.5, 0.25)
        fold = np.exp(-((steps / max(2.0, 0.25 * soft)) ** 2)) * draw.pick((-0.9, 0.4))
        profile = (1 + 0.30 * strength * (side + fold) * draw.pick((1, -1))).astype(F32)
        # four steps a pixel beside the fold
        gain *= profile[np.clip((away - F32(at)) * 4 + 128, 0, 255).astype(np.uint8)]
    return Effected(pixels.gained(image, gain))


def _shade(dark: np.ndarray, colour: float) -> np.ndarray:
    return (F32(255.5) - dark * F32(255 - min(max(colour, 0.0), 255.0))).astype(np.uint8)


def _marked(where: np.ndarray, pitch: float, thick: float) -> np.ndarray:
    """How much each place float32 is covered by lines that are `pitch` apart, one of them at 0."""
    steps = where * F32(1 / pitch)
    away = np.abs(steps - np.rint(steps)) * F32(pitch)
    return np.asarray(np.clip(F32(thick / 2 + 0.5) - away, 0, 1))


def _behind(height: int, width: int, homography: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Where the middle of each pixel was in the first picture: x and y float32, [h,w] or [1,w] and [h,1]."""
    x = np.arange(width, dtype=F32)[None] + F32(0.5)
    y = np.arange(height, dtype=F32)[:, None] + F32(0.5)
    if homography is None:
        return x, y
    (a, b, c), (d, e, f), (g, h, i) = np.linalg.inv(homography).astype(F32)
    under = 1 / (g * x + h * y + i)
    return (a * x + b * y + c) * under, (d * x + e * y + f) * under

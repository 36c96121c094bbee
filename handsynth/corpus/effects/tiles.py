"""Squares of noise that are made once a seed and laid over pictures at places by chance; their edges meet."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from handsynth import noise
from handsynth.corpus.effects.effect import Draw

SIDE = 512
"""Of a tile, in px."""


def window(draw: Draw, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows int64 [height] and columns [width] of a part of a tile by chance, again and again where it is too small."""
    top, left, down, right = (int(value) for value in draw.uniforms(4) * (SIDE, SIDE, 2, 2))
    rows = (top + np.arange(height) * (1 - 2 * down)) % SIDE
    columns = (left + np.arange(width) * (1 - 2 * right)) % SIDE
    return rows, columns


def part(tile: np.ndarray, place: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """What of a tile is at these rows and columns."""
    return np.asarray(tile[place[0]].take(place[1], axis=1))


def cut(tile: np.ndarray, draw: Draw, height: int, width: int) -> np.ndarray:
    """A part [height,width] of a tile by chance."""
    return part(tile, window(draw, height, width))


@lru_cache(maxsize=32)
def grains(seed: int, name: str, radius: float) -> np.ndarray:
    """Noise float32 [SIDE,SIDE] of mean 0 and standard deviation 1, smooth over `radius` px; another for each name."""
    key = np.array([noise.key_of("tile", name)], np.uint64)
    drawn = noise.normals(seed, "corpus", key, SIDE * SIDE).reshape(SIDE, SIDE)
    return _fixed(_even(_smooth(drawn, radius)))


@lru_cache(maxsize=4)
def fibres(seed: int) -> np.ndarray:
    """Paper uint8 [SIDE,SIDE], 128 = as bright as its colour, darker above: its tooth, clouds and some fibres."""
    tooth, cloud, mesh = (grains(seed, *of) for of in (("tooth", 0.6), ("cloud", 9.0), ("mesh", 1.5)))
    fibre = np.maximum(np.abs(mesh) * -4 + 1, 0) * np.clip(grains(seed, "where", 4.0) - 0.4, 0, 1)
    whole = _even(0.6 * tooth + 0.5 * cloud + 1.2 * fibre)
    return _fixed(np.clip(128 + 32 * whole, 0, 255).astype(np.uint8))


@lru_cache(maxsize=4)
def dirt(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Specks: how dark they make each pixel, uint8 [SIDE,SIDE], and which are the first to be seen, uint8 0 … 255."""
    count = 1400
    spot = noise.uniforms(seed, "corpus", np.array([noise.key_of("dirt", i) for i in range(count)], np.uint64), 6)
    cover, rank = np.zeros((SIDE, SIDE), np.uint8), np.full((SIDE, SIDE), 255, np.uint8)
    for x, y, size, long, turn, dark in spot.astype(float).tolist():
        radius = 0.5 + 1.6 * size**6
        reach = np.arange(-5, 6)
        dx, dy = reach[None] + 0.5 - x * SIDE % 1, reach[:, None] + 0.5 - y * SIDE % 1
        across = dx * np.cos(3.2 * turn) + dy * np.sin(3.2 * turn)
        along = (dy * np.cos(3.2 * turn) - dx * np.sin(3.2 * turn)) / (1 + 1.5 * long**4)
        inked = (np.clip(radius + 0.5 - np.hypot(across, along), 0, 1) * (90 + 165 * dark)).astype(np.uint8)
        where = np.ix_((int(y * SIDE) + reach) % SIDE, (int(x * SIDE) + reach) % SIDE)
        more = inked > cover[where]
        cover[where] = np.maximum(cover[where], inked)
        rank[where] = np.where(more, int(size * 97 * 256) % 256, rank[where])
    return _fixed(cover), _fixed(rank)


def _smooth(tile: np.ndarray, radius: float) -> np.ndarray:
    """`tile` after a Gaussian of `radius` px."""
    steps = range(-int(3 * radius) - 1, int(3 * radius) + 2)
    for axis in (0, 1):
        shifted = (np.roll(tile, step, axis) * np.float32(np.exp(-0.5 * (step / radius) ** 2)) for step in steps)
        tile = sum(shifted, np.zeros_like(tile))
    return tile


def _even(tile: np.ndarray) -> np.ndarray:
    return np.asarray((tile - tile.mean()) / tile.std(), np.float32)


def _fixed(tile: np.ndarray) -> np.ndarray:
    tile.setflags(write=False)
    return tile

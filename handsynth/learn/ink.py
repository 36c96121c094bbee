"""Photographed boxes to ink: how much of each pixel a pen covered, whatever the light, the paper and the guides."""

from __future__ import annotations

import numpy as np
from PIL import Image

FAINTEST = 0.22
"""Darkness, as a share of the paper's brightness, of the faintest ink."""

_BLOCK = 2
"""px of the frame to a block, of which the paper's brightness is reckoned."""

_REACH = 13
"""Blocks across which paper is looked for; no stroke is so thick."""

_STEEP = 1.6
"""How steeply coverage rises at an edge, which the camera blurred."""


def coverage(tiles: np.ndarray, guides: tuple[list[float], list[float]], fine: int) -> np.ndarray:
    """Ink uint8 [n,h,w], 255 = full, of boxes uint8 [n,h,w] (brightness) with `fine` px for each px of the frame.

    `guides`: rows and columns where lines are printed.
    """
    darkness = 1 - tiles / paper(tiles, fine)
    _erase(darkness, guides[0], fine)
    _erase(darkness.transpose(0, 2, 1), guides[1], fine)
    sample = darkness[:, ::2, ::2]
    dark = sample[sample > FAINTEST * 0.8]
    whole = max(float(np.percentile(dark, 75)) if dark.size > 200 else 0.0, FAINTEST)
    full = np.full(len(tiles), whole)
    for i, each in enumerate(sample):
        inked = each[each > 0.5 * whole]
        if inked.size > 8:
            full[i] = np.clip(np.percentile(inked, 80), 0.7 * whole, 1.15 * whole)
    share = darkness / full[:, None, None].astype(np.float32)
    result: np.ndarray = (np.clip((share - 0.5) * _STEEP + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
    return result


def paper(tiles: np.ndarray, fine: int) -> np.ndarray:
    """Brightness of the paper, float32 [n,h,w]: a closing of the blocks' means (Serra 1982), made smooth again."""
    n, h, w = tiles.shape
    side = _BLOCK * fine
    high, wide = -(-h // side), -(-w // side)
    padded = np.pad(tiles, [(0, 0), (0, high * side - h), (0, wide * side - w)], mode="edge")
    blocks = padded.reshape(n, high, side, wide, side).mean(axis=(2, 4), dtype=np.float32)
    for axis in (1, 2):
        blocks = _extreme(blocks, axis, np.maximum)
    for axis in (1, 2):
        blocks = _extreme(blocks, axis, np.minimum)
    blocks = np.maximum(blocks, 1.0)
    size = wide * side, high * side
    large = [np.asarray(Image.fromarray(each).resize(size, Image.Resampling.BILINEAR)) for each in blocks]
    return np.stack(large)[:, :h, :w]


def _extreme(blocks: np.ndarray, axis: int, which: np.ufunc) -> np.ndarray:
    """The greatest or least of the `_REACH` neighbours of each along an axis."""
    half, count = _REACH // 2, blocks.shape[axis]
    pads = [(half, half) if i == axis else (0, 0) for i in range(blocks.ndim)]
    wide = np.moveaxis(np.pad(blocks, pads, mode="edge"), axis, -1)
    result = wide[..., :count].copy()
    for step in range(1, _REACH):
        which(result, wide[..., step : step + count], out=result)
    return np.moveaxis(result, -1, axis)


def _erase(darkness: np.ndarray, rows: list[float], fine: int) -> None:
    """Take away, in place, what is as dark all along the printed rows of [n,h,w]; ink covers only some of a row."""
    for row in rows:
        near = slice(max(int(row - 1.8 * fine), 0), int(row + 1.8 * fine) + 1)
        band = darkness[:, near]
        usual = np.clip(np.percentile(band[:, :, ::3], 35, axis=2), 0, 0.5)[:, :, None].astype(np.float32)
        band -= usual
        band /= 1 - usual

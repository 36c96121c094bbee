"""Photographed boxes to ink: how much of each pixel a pen covered, whatever the light, the paper and the guides."""

from __future__ import annotations

import numpy as np
from PIL import Image

from handsynth.learning.blur import sharpened

FAINTEST = 0.22
"""Darkness, as a share of the paper's brightness, of the faintest ink."""

_BLOCK = 2
"""px of the frame to a block, of which the paper's brightness is reckoned."""

_REACH = 13
"""Blocks across which paper is looked for; no stroke is so thick."""

_OUTSIDE = _REACH // 2 - 2
"""Blocks beyond the edge about which paper is looked for: so light that changes is followed up to the edge."""

_STEEP = 1.6
"""How steeply coverage rises at an edge, which the camera blurred."""

_LEAST = 0.55
"""Share of the faintest ink's darkness below which nothing is ink."""

_PENCIL, _ENOUGH = 0.08, 0.002
"""Darkness below which nothing is taken for ink at all, and the share of a picture that faint writing covers."""

_DOUBTFUL = 3.0
"""Times the noise below which faint ink is none."""

_HALO = 0.12
"""Share of full ink below which there is none."""

_LEFT_BLURRED = 0.35
"""px of the frame: blur that may stay."""


def darkness(tiles: np.ndarray, fine: int) -> np.ndarray:
    """Darkness float32 [n,h,w] of pictures [n,h,w] (brightness) with `fine` px for each px of the frame.

    0 is as bright as the paper around, 1 black.
    """
    return np.asarray(1 - tiles / paper(tiles, fine))


def coverage(darkness: np.ndarray, fine: int, blurred: float = 0.0) -> tuple[np.ndarray, np.ndarray, float]:
    """Ink uint8 [n,h,w], 255 = full, of pictures whose darkness is float32 [n,h,w]; `fine` as for `darkness`.

    Beside it the darkness made sharp, and how dark ink is at least: less where all of it is faint, as a hard pencil's.
    `blurred`: by how many px (standard deviation).
    """
    noise = 1.4826 * float(np.median(np.abs(darkness[::3, ::5, ::5])))
    faintest = _faintest(darkness[:, ::2, ::2], noise)
    darkness = sharpened(darkness, blurred, _LEFT_BLURRED * fine)
    full = _full(darkness, blurred / fine, faintest)
    share = darkness / full[:, None, None]
    noise = 1.4826 * float(np.median(np.abs(darkness[::3, ::5, ::5])))
    if faintest < FAINTEST:
        # noise is a good part of such ink, and would join what lies around to it
        share[share < _DOUBTFUL * noise / full[:, None, None]] = 0
    level = np.maximum(_levels(share), max(_LEAST * faintest, 4 * noise) / full)[:, None, None]
    covered = (np.clip((share - level) * _STEEP + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
    return covered, darkness, faintest


def _faintest(sample: np.ndarray, noise: float) -> float:
    """How dark the faintest ink is: `FAINTEST`, or less where next to nothing is so dark and much is fainter."""
    weak = sample > max(_PENCIL, 5 * noise)
    count = int(weak.sum())
    if count < _ENOUGH * sample.size or (sample > 0.8 * FAINTEST).sum() > 0.4 * count:
        return FAINTEST
    return min(FAINTEST, max(_PENCIL, 0.75 * float(np.percentile(sample[weak], 70))))


def _full(darkness: np.ndarray, blurred: float, faintest: float) -> np.ndarray:
    """Darkness float32 [n] of full ink in each tile; `blurred` in px of the frame.

    Where strokes are sharp most of their pixels have it; where they are blurred only few do, as at crossings.
    """
    sample = darkness[:, ::2, ::2]
    dark = sample[sample > 0.8 * faintest]
    whole = float(np.percentile(dark, 70)) if dark.size > 200 else faintest
    soft = float(np.clip((blurred - 0.3) / 0.7, 0, 1))
    share = 80 + 19 * soft
    inked = sample[sample > 0.5 * whole]
    whole = max(float(np.percentile(inked, share)) if inked.size > 200 else whole, faintest)
    full = np.full(len(darkness), whole, np.float32)
    for i, each in enumerate(sample):
        inked = each[each > 0.5 * whole]
        if inked.size > 8:
            # a tile's own strokes say it only where they are sharp
            full[i] = np.clip(np.percentile(inked, share), (0.8 + 0.2 * soft) * whole, 1.1 * whole)
    return full


def _levels(share: np.ndarray) -> np.ndarray:
    """Share of full ink float32 [n] at which to draw the edge, so that the area is as large as all the ink.

    That is a half where edges are sharp, and less where thin strokes are blurred into broad and faint ones.
    """
    levels = np.full(len(share), 0.5, np.float32)
    for i, each in enumerate(share):
        inked = np.sort(each[each > _HALO])[::-1]
        if len(inked):
            amount = min(round(float(inked.sum())), len(inked) - 1)
            levels[i] = np.clip(inked[amount], 0.3, 0.55)
    return levels


def paper(tiles: np.ndarray, fine: int) -> np.ndarray:
    """Brightness of the paper, float32 [n,h,w]: a closing of the blocks' means (Serra 1982), made smooth again."""
    n, h, w = tiles.shape
    side = _BLOCK * fine
    high, wide = -(-h // side), -(-w // side)
    padded = np.pad(tiles, [(0, 0), (0, high * side - h), (0, wide * side - w)], mode="edge")
    blocks = padded.reshape(n, high, side, wide, side).mean(axis=(2, 4), dtype=np.float32)
    for axis in (1, 2):
        blocks = _extreme(blocks, axis, np.maximum, _OUTSIDE)
    for axis in (1, 2):
        blocks = _extreme(blocks, axis, np.minimum, -_OUTSIDE)
    blocks = np.maximum(blocks, 1.0)
    size = wide * side, high * side
    large = [np.asarray(Image.fromarray(each).resize(size, Image.Resampling.BILINEAR)) for each in blocks]
    return np.stack(large)[:, :h, :w]


def _extreme(blocks: np.ndarray, axis: int, which: np.ufunc, more: int) -> np.ndarray:
    """The greatest or least of the `_REACH` neighbours of each along an axis, for `more` places beyond each end."""
    half, count = _REACH // 2, blocks.shape[axis] + 2 * more
    pads = [(half + more if i == axis else 0,) * 2 for i in range(blocks.ndim)]
    wide = np.moveaxis(np.pad(blocks, pads, constant_values=-np.inf if which is np.maximum else np.inf), axis, -1)
    result = wide[..., :count].copy()
    for step in range(1, _REACH):
        which(result, wide[..., step : step + count], out=result)
    return np.moveaxis(result, -1, axis)

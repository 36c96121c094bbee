"""Masks: which glyph each pixel of a picture belongs to."""

from __future__ import annotations

import numpy as np

from handsynth.formats.raster import tiles
from handsynth.layout.page import Page
from handsynth.layout.weld import by_letters

LEAST = 31
"""Coverage of 255 that a pixel needs more of to be a glyph's."""


class Mask:
    """Which glyph covers most of each pixel."""

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        self.owner = np.zeros((height, width), np.uint16)
        self.most = np.zeros((height, width), np.uint8)

    def see(self, glyph: int, x: int, y: int, ink: np.ndarray) -> None:
        height, width = self.owner.shape
        left, top = max(x, 0), max(y, 0)
        part = (slice(top, min(y + ink.shape[0], height)), slice(left, min(x + ink.shape[1], width)))
        ink = ink[top - y : top - y + max(part[0].stop - top, 0), left - x : left - x + max(part[1].stop - left, 0)]
        more = ink > np.maximum(self.most[part], LEAST)
        self.most[part][more] = ink[more]
        self.owner[part][more] = glyph + 1


def mask_of(page: Page, xheight: float, size: tuple[int, int]) -> np.ndarray:
    """uint16 [height,width] of `size` (width, height) in px: number + 1 of the glyph that covers most of each pixel.

    0 where no glyph is. The page is drawn at `xheight` px an x.
    """
    mask = Mask(size)
    for tile in tiles(by_letters(page), xheight):
        mask.see(*tile)
    return mask.owner


def warped(mask: np.ndarray, homography: np.ndarray, width: int, height: int) -> np.ndarray:
    """A mask [h,w] seen through `homography` [3,3] (old px to new px), each pixel as the nearest one was."""
    back = np.linalg.inv(homography)
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    w = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    column = np.floor((back[0, 0] * x + back[0, 1] * y + back[0, 2]) / w).astype(np.int64)
    row = np.floor((back[1, 0] * x + back[1, 1] * y + back[1, 2]) / w).astype(np.int64)
    inside = (column >= 0) & (column < mask.shape[1]) & (row >= 0) & (row < mask.shape[0])
    result = np.zeros((height, width), mask.dtype)
    result[inside] = mask[row[inside], column[inside]]
    return result

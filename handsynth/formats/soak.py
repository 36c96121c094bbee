"""Ink in paper, in pixel files: ink that spreads along the fibres, and ink that is seen from the other side."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageFilter

from handsynth.formats import sheet
from handsynth.formats.look import Look
from handsynth.layout.page import Page
from handsynth.units import MM_PER_INCH

SPREAD_MM = 0.12
"""How far ink goes along fibres, about, at a bleed of 1."""

LEVEL, LOOSER, UNEVEN = 0.5, 0.19, 0.1
"""An edge lies where this share of the ink around is left; at a bleed of 1 so much less, and more in loose paper."""

SOFT, SOFTER = 0.35, 0.25
"""Over which range of that share an edge fades, and how much more at a bleed of 1."""

HALO = 0.1
"""How dark the paper is around, at a bleed of 1."""

DIFFUSE_MM, STRENGTH = 0.2, 0.2
"""How blurred the back of a sheet is, seen from the front, and how dark, at a show-through of 1."""


def bleed(covered: np.ndarray, page: Page, look: Look) -> np.ndarray:
    """Coverage uint8 [h,w] of ink that has spread: its edge is further out, softer, and follows the paper's fibres."""
    height, width = covered.shape
    amount, radius = np.float32(look.bleed), look.bleed * SPREAD_MM * look.dpi / MM_PER_INCH
    depth = _depth(covered, radius)
    share = _blurred(covered, radius) / np.maximum(depth, np.float32(1 / 255))
    loose = np.clip(sheet.fibres(page, look, (width, height)), -2, 2)
    level = np.clip(LEVEL - amount * (np.float32(LOOSER) + np.float32(UNEVEN) * loose), 0.1, 0.7)
    # where there is no ink around, there is none however loose the paper
    soft = np.minimum(SOFT + SOFTER * amount, 2 * level)
    ink = depth * np.clip((share - level) / soft + np.float32(0.5), 0, 1)
    halo = np.float32(HALO) * amount * _blurred(covered, 3 * radius)
    return np.asarray(255 * np.maximum(ink, halo) + 0.5, np.uint8)


def show_through(covered: np.ndarray, look: Look) -> np.ndarray:
    """Coverage uint8 [h,w] with which what covers the back of a sheet is seen from the front: mirrored and faint."""
    blurred = _blurred(covered, DIFFUSE_MM * look.dpi / MM_PER_INCH)
    return (255 * STRENGTH * look.show_through * blurred[:, ::-1] + 0.5).astype(np.uint8)


def _blurred(covered: np.ndarray, radius: float) -> np.ndarray:
    """Share of ink float32 [h,w] around each pixel, within about `radius` px."""
    return _shares(Image.fromarray(covered).filter(ImageFilter.GaussianBlur(radius)))


def _depth(covered: np.ndarray, radius: float) -> np.ndarray:
    """How dark the ink is within some `radius` px of each pixel, float32 [h,w]: pale ink stays so where it spreads."""
    step = math.ceil(radius) + 1
    height, width = covered.shape
    padded = np.pad(covered, ((0, -height % step), (0, -width % step)))
    coarse = padded.reshape(padded.shape[0] // step, step, -1, step).max(axis=(1, 3))
    darkest = Image.fromarray(coarse).filter(ImageFilter.MaxFilter(3))
    fine = darkest.resize((padded.shape[1], padded.shape[0]), Image.Resampling.BILINEAR)
    return _shares(fine)[:height, :width]


def _shares(image: Image.Image) -> np.ndarray:
    return np.asarray(image, np.float32) * np.float32(1 / 255)

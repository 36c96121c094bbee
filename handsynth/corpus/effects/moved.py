"""Effects that move the picture: a sheet askew on a scanner, and one seen by a camera that is not right above it.

No ink is lost: the picture is cut out anew around the ink, as high as it was, as wide as it needs to be.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from handsynth.corpus.effects import pixels
from handsynth.corpus.effects.effect import Draw, Effected
from handsynth.corpus.effects.pixels import F32
from handsynth.homography import homography, project

_INK = 48
"""Levels below the paper from which on a pixel is ink."""


def scan(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Turned by up to two degrees, drawn out by up to a per cent, with faint streaks along the way of the scanner."""
    turn = math.radians(0.8 * strength * min(max(draw.bell(), -2.5), 2.5))
    long = 1 + 0.005 * strength * draw.bell()
    matrix = np.array([[math.cos(turn), math.sin(turn), 0], [-math.sin(turn), long * math.cos(turn), 0], [0, 0, 1]])
    moved = _moved(image, matrix)
    width = moved.image.shape[1]
    streak = np.clip(np.abs(draw.bells(6)) - 1.2, 0, 2) * 0.05 * strength
    x, at = np.arange(width, dtype=F32), draw.uniforms(6) * F32(width)
    gain = np.ones(width, F32)
    for place, depth in zip(at.tolist(), streak.tolist(), strict=True):
        gain -= F32(depth) * np.clip(F32(1.2) - np.abs(x - F32(place)), 0, 1)
    return Effected(pixels.gained(moved.image, gain[None]), moved.homography)


def camera(image: np.ndarray, draw: Draw, strength: float) -> Effected:
    """Seen from aside: each corner moves by itself, and all is turned by up to three degrees."""
    height, width = image.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    room = np.array([0.5 * min(width, 3 * height), height])
    moved = corners + strength * 0.045 * room * np.clip(draw.bells(8).reshape(4, 2), -2, 2)
    turn = math.radians(1.2 * strength * draw.bell())
    middle = corners.mean(axis=0)
    cos, sin = math.cos(turn), math.sin(turn)
    moved = (moved - middle) @ np.array([[cos, -sin], [sin, cos]]) + middle
    return _moved(image, homography(corners, moved))


def _moved(image: np.ndarray, matrix: np.ndarray) -> Effected:
    """`image` through a homography, cut out around its ink with the margins that it had, as high as it was."""
    height, width = image.shape[:2]
    bright = pixels.darkest(image)
    edge = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    ink = bright < int(np.median(edge)) - _INK
    outline, margins = _outline(ink)
    seen = project(matrix, outline)
    low, high = seen.min(axis=0) - margins[:2], seen.max(axis=0) + margins[2:]
    scale = height / (high[1] - low[1])
    size = max(1, round(scale * (high[0] - low[0]))), height
    whole = np.array([[scale, 0, -scale * low[0]], [0, scale, -scale * low[1]], [0, 0, 1]]) @ matrix
    whole /= whole[2, 2]
    back = np.linalg.inv(whole)
    data = (back / back[2, 2]).ravel()[:8].tolist()
    paper = tuple(int(np.median(band)) for band in _edges(image))
    moved = Image.fromarray(image).transform(
        size,
        Image.Transform.PERSPECTIVE,
        data,
        Image.Resampling.BILINEAR,
        fillcolor=paper if len(paper) > 1 else paper[0],
    )
    return Effected(np.asarray(moved), whole, spread=0.5)


def _edges(image: np.ndarray) -> list[np.ndarray]:
    bands = [image] if image.ndim == 2 else [image[..., band] for band in range(image.shape[2])]
    return [np.concatenate([band[0], band[-1], band[:, 0], band[:, -1]]) for band in bands]


def _outline(ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Upper and lower ends float64 [n,2] of the ink in each column, and its distances to left, top, right, bottom."""
    height, width = ink.shape
    columns = np.flatnonzero(ink.any(axis=0))
    if not len(columns):
        return np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64), np.zeros(4)
    top = ink.argmax(axis=0)[columns]
    bottom = height - ink[::-1].argmax(axis=0)[columns]
    xs = np.concatenate([columns, columns + 1, columns, columns + 1])
    ys = np.concatenate([top, top, bottom, bottom])
    margins = np.array([columns[0], top.min(), width - columns[-1] - 1, height - bottom.max()], np.float64)
    return np.stack([xs, ys], axis=1).astype(np.float64), np.maximum(margins, 1)

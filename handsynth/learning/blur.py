"""How blurred a photo of a form is, by its corner marks, and ink made as sharp as it was."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image

from handsynth.homography import project
from handsynth.learning.form import MARK_UNIT, Form

_SPREADS = np.arange(0.0, 0.62, 0.02)
"""mm: the standard deviations that are tried."""

_STEP, _REACH = 0.05, 4.6
"""mm: how finely a mark is reckoned, and how far from its middle it is looked at."""

_NOISE = 0.02
"""Power of noise, as a share of that of ink, in Wiener's filter."""


def spread(picture: Image.Image, form: Form, matrix: np.ndarray) -> float:
    """Standard deviation in mm of the blur of a picture (L), the median over the marks."""
    return float(np.median(_fits(picture, form, matrix)[0]))


def likeness(picture: Image.Image, form: Form, matrix: np.ndarray) -> float:
    """How much of what the picture (L) shows at its least likely mark is a mark: 1 all, 0 nothing (R squared)."""
    return float(_fits(picture, form, matrix)[1].min())


def _fits(picture: Image.Image, form: Form, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spread in mm, and likeness, of each mark: float64 [4]."""
    back, square = np.linalg.inv(matrix), np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * _REACH
    spreads, likely = np.zeros(4), np.zeros(4)
    for i, middle in enumerate(form.marks):
        corners = project(matrix, middle + square)
        low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
        high = np.minimum(np.ceil(corners.max(axis=0)).astype(int), picture.size)
        if (high - low < 6).any():
            continue
        part = np.asarray(picture.crop((*low.tolist(), *high.tolist())), np.float64)
        rows, columns = np.indices(part.shape) + 0.5
        places = np.stack([columns.ravel() + low[0], rows.ravel() + low[1]], axis=1)
        away = np.hypot(*(project(back, places) - middle).T)
        near = away < _REACH
        values = part.ravel()[near]
        table = _profiles()[:, (away[near] / _STEP).astype(np.int64).clip(0, _profiles().shape[1] - 1)]
        # brightness is a light level less a share of what is dark
        centred, light = table - table.mean(axis=1, keepdims=True), values - values.mean()
        gain = np.minimum((centred @ light) / np.maximum((centred**2).sum(axis=1), 1e-9), 0)
        miss = ((light - gain[:, None] * centred) ** 2).sum(axis=1)
        spreads[i] = _SPREADS[miss.argmin()]
        likely[i] = 1 - miss.min() / max(float((light**2).sum()), 1e-9)
    return spreads, likely


@cache
def _profiles() -> np.ndarray:
    """Darkness float64 [spreads,radii] of a mark by the distance from its middle, for each spread."""
    half = round((_REACH + 2) / _STEP)
    places = np.arange(-half, half) * _STEP
    away = np.hypot(places, places[:, None]) / MARK_UNIT
    sharp = (away < 1.5) | ((away >= 2.5) & (away < 3.5))
    wave = np.fft.fft2(sharp.astype(np.float64))
    frequency = np.fft.fftfreq(2 * half, _STEP)
    power = frequency**2 + frequency[:, None] ** 2
    rows = []
    for sigma in _SPREADS:
        blurred = np.fft.ifft2(wave * np.exp(-2 * np.pi**2 * sigma**2 * power)).real
        rows.append(blurred[half, half : half + round(_REACH / _STEP)])
    return np.array(rows)


def sharpened(darkness: np.ndarray, sigma: float, wanted: float) -> np.ndarray:
    """Tiles float32 [n,h,w] that were blurred by `sigma` px as if by `wanted` px only (Wiener's filter)."""
    if sigma <= 1.15 * wanted:
        return darkness
    shape = darkness.shape[1:]
    down, across = np.fft.fftfreq(shape[0])[:, None], np.fft.rfftfreq(shape[1])
    power = 2 * np.pi**2 * (down**2 + across**2)
    seen, target = np.exp(-power * sigma**2), np.exp(-power * wanted**2)
    filtered = (seen * target * (1 + _NOISE) / (seen**2 + _NOISE)).astype(np.float32)
    result = np.empty_like(darkness)
    for start in range(0, len(darkness), 16):
        part = slice(start, start + 16)
        result[part] = np.fft.irfft2(np.fft.rfft2(darkness[part]) * filtered, s=shape)
    return result

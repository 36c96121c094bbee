"""Pictures of ink to fields: the signed distance to its edge, as the decoder draws it."""

from __future__ import annotations

import numpy as np
from PIL import Image

FINE = 4
"""Times that pictures are enlarged, so that the edge is found between pixels."""

REACH = 4
"""Fields are clamped to so many px of the frame."""

_AROUND = REACH + 2
_UNREACHED = 180
"""Stands for a distance that is beyond reach, in pixels of the enlarged picture: its square is an int16, too."""


def fields_of(images: np.ndarray) -> np.ndarray:
    """Fields float32 [n,H,H] of `images` uint8 [n,H,H], 255 = ink: distance to where coverage is a half.

    By two passes of least squares of distances, along rows and down columns, as far as `REACH` (Felzenszwalb and
    Huttenlocher, Distance Transforms of Sampled Functions, 2012, a pixel at a time, since there are few).
    """
    result = np.full(images.shape, -REACH, np.float32)
    for number, whole in enumerate(images):
        rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
        if not len(rows):
            continue
        # beyond reach of the ink all is as far as can be
        part = _around(rows, columns, _AROUND)
        image = whole[part]
        high, wide = image.shape
        large = Image.fromarray(image).resize((wide * FINE, high * FINE), Image.Resampling.BICUBIC)
        ink = np.asarray(large) > 127
        # a pixel's edge is half a pixel from its middle
        distance = 0.5 - _distance(ink)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if len(rows):
            within = _around(rows, columns, 1)
            np.copyto(distance[within], _distance(~ink[within]) - 0.5, where=ink[within])
        small = Image.fromarray(distance / FINE).reduce(FINE)
        result[number][part] = np.asarray(small).clip(-REACH, REACH)
    return result


def _around(rows: np.ndarray, columns: np.ndarray, margin: int) -> tuple[slice, slice]:
    """The part of an array from the first to the last of `rows` and `columns`, and `margin` around it."""
    high, wide = (slice(max(0, found[0] - margin), found[-1] + 1 + margin) for found in (rows, columns))
    return high, wide


def _distance(there: np.ndarray) -> np.ndarray:
    """Distance float32 [h,w] to the nearest True, as far as it matters."""
    reach = REACH * FINE + 1
    # along rows: how far after the last True each pixel stands, and how far before the next
    size = there.shape[1]
    place = np.arange(size, dtype=np.int16)
    last = np.maximum.accumulate(np.where(there, place, np.int16(-_UNREACHED)), axis=1)
    after = np.minimum.accumulate(np.where(there, place, np.int16(size + _UNREACHED))[:, ::-1], axis=1)[:, ::-1]
    step = np.minimum(place - last, after - place)
    step[step > reach] = _UNREACHED
    square = step**2
    beyond = np.empty_like(square)
    for odd in range(1, 2 * reach, 2):  # that a square is more than the one before
        np.add(square, np.int16(odd), out=beyond)
        np.minimum(square[1:], beyond[:-1], out=square[1:])
        np.minimum(square[:-1], beyond[1:], out=square[:-1])
    return np.sqrt(square.astype(np.float32))

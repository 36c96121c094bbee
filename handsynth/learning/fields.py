"""Pictures of ink to fields: the signed distance to its edge, as the decoder draws it."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

FINE = 4
"""Times that pictures are enlarged, so that the edge is found between pixels."""

REACH = 4
"""Fields are clamped to so many px of the frame."""

EDGE, NEAR_EDGE = 1.5, 3.0
"""How far outside of ink fields are known from which widths of strokes are measured, and slants."""

_UNREACHED = 180
"""Stands for a distance that is beyond reach, in pixels of the enlarged picture: its square is an int16, too."""


def fields_of(images: np.ndarray, outside: float = REACH) -> np.ndarray:
    """Fields float32 [n,H,H] of `images` uint8 [n,H,H], 255 = ink: distance to where coverage is a half.

    By two passes of least squares of distances, along rows and down columns, as far as `REACH` (Felzenszwalb and
    Huttenlocher, Distance Transforms of Sampled Functions, 2012, a pixel at a time, since there are few). `outside`:
    how far from ink they are asked for, up to `REACH`; less is faster, and what is farther is clamped to that.
    """
    result = np.full(images.shape, -outside, np.float32)
    for number, whole in enumerate(images):
        rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
        if not len(rows):
            continue
        # beyond reach of the ink all is as far as can be
        part = _around(rows, columns, math.ceil(outside) + 2)
        image = whole[part]
        high, wide = image.shape
        large = Image.fromarray(image).resize((wide * FINE, high * FINE), Image.Resampling.BICUBIC)
        ink = np.asarray(large) > 127
        # a pixel's edge is half a pixel from its middle
        distance = 0.5 - _distance(ink, outside)
        rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
        if len(rows):
            within = _around(rows, columns, 1)
            np.copyto(distance[within], _distance(~ink[within]) - 0.5, where=ink[within])
        small = Image.fromarray(distance / FINE).reduce(FINE)
        result[number][part] = np.asarray(small).clip(-outside, REACH)
    return result


def _around(rows: np.ndarray, columns: np.ndarray, margin: int) -> tuple[slice, slice]:
    """The part of an array from the first to the last of `rows` and `columns`, and `margin` around it."""
    high, wide = (slice(max(0, found[0] - margin), found[-1] + 1 + margin) for found in (rows, columns))
    return high, wide


def _distance(there: np.ndarray, far: float = REACH) -> np.ndarray:
    """Distance float32 [h,w] to the nearest True, as far as it matters: `far` px of the frame."""
    reach = round(far * FINE) + 1
    # along rows, by doubling: the nearest within 1, 3, 7 … pixels
    step = np.where(there, np.int16(0), np.int16(_UNREACHED))
    beyond = np.empty_like(step)
    by = 1
    while by <= reach:
        np.add(step, np.int16(by), out=beyond)
        nearer = step.copy()
        np.minimum(step[:, by:], beyond[:, :-by], out=nearer[:, by:])
        np.minimum(nearer[:, :-by], beyond[:, by:], out=nearer[:, :-by])
        step, by = nearer, 2 * by
    step[step > reach] = _UNREACHED
    square = step**2
    for away in range(1, reach + 1):
        if away > 1 and square.max() < away**2:
            break  # nothing is so far from all
        np.add(square, np.int16(2 * away - 1), out=beyond)  # that a square is more than the one before
        np.minimum(square[1:], beyond[:-1], out=square[1:])
        np.minimum(square[:-1], beyond[1:], out=square[:-1])
    return np.sqrt(square.astype(np.float32))

"""Pictures of ink to fields: the signed distance to its edge, as the decoder draws it."""

from __future__ import annotations

import numpy as np
from PIL import Image

FINE = 4
"""Times that pictures are enlarged, so that the edge is found between pixels."""

REACH = 4
"""Fields are clamped to so many px of the frame."""

_AROUND = REACH + 2
_FAR = 1 << 14


def fields_of(images: np.ndarray) -> np.ndarray:
    """Fields float32 [n,H,H] of `images` uint8 [n,H,H], 255 = ink: distance to where coverage is a half.

    By two passes of least squares of distances, along rows and down columns, as far as `REACH` (Felzenszwalb and
    Huttenlocher, Distance Transforms of Sampled Functions, 2012, by trial of all offsets, which are few here).
    """
    result = np.full(images.shape, -REACH, np.float32)
    for number, whole in enumerate(images):
        rows, columns = np.flatnonzero(whole.any(axis=1)), np.flatnonzero(whole.any(axis=0))
        if not len(rows):
            continue
        # beyond reach of the ink all is as far as can be
        part = tuple(slice(max(0, found[0] - _AROUND), found[-1] + 1 + _AROUND) for found in (rows, columns))
        image = whole[part]
        high, wide = image.shape
        large = Image.fromarray(image).resize((wide * FINE, high * FINE), Image.Resampling.BICUBIC)
        ink = np.asarray(large) > 127
        # a pixel's edge is half a pixel from its middle
        distance = np.where(ink, _distance(~ink) - 0.5, 0.5 - _distance(ink)) / FINE
        small = Image.fromarray(distance.astype(np.float32)).reduce(FINE)
        result[number][part] = np.asarray(small).clip(-REACH, REACH)
    return result


def _distance(there: np.ndarray) -> np.ndarray:
    """Distance float32 [h,w] to the nearest True, as far as it matters."""
    reach = REACH * FINE + 1
    across = np.where(there, np.int16(0), np.int16(_FAR))
    step = across.copy()
    for offset in range(1, reach + 1):
        np.minimum(step[:, offset:], across[:, :-offset] + offset, out=step[:, offset:])
        np.minimum(step[:, :-offset], across[:, offset:] + offset, out=step[:, :-offset])
    square = np.minimum(step, _FAR).astype(np.int32) ** 2
    best = square.copy()
    for offset in range(1, reach + 1):
        np.minimum(best[offset:], square[:-offset] + offset**2, out=best[offset:])
        np.minimum(best[:-offset], square[offset:] + offset**2, out=best[:-offset])
    return np.sqrt(best).astype(np.float32)

"""Grey pictures of ink to distance fields."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt

STEPS = 16
"""Fields are stored as int8 in this many steps a px."""


def field_of(image: np.ndarray) -> np.ndarray:
    """Signed distance in px to the edge of the ink, positive inside: float32 [H,W] from uint8 [H,W], 255 =
    ink.

    A grey pixel is one that the edge crosses: its distance is its coverage - 0.5. Other pixels take the
    distance to the nearest pixel with (for those outside) or without (for those inside) ink, corrected by how
    much of that one is covered: an anti-aliased distance transform after Gustavson and Strand, Pattern
    Recognition Letters 32 (2011).
    """
    cover = image.astype(np.float32) / 255.0
    field = cover - 0.5
    for outside, sign in ((image == 0, -1.0), (image == 255, 1.0)):
        if not outside.any():
            continue
        if outside.all():
            field[:] = sign * max(image.shape)
            continue
        distance = np.full(image.shape, np.inf, np.float32)
        # an almost empty pixel is not always on the shortest way to the edge, so ask for the half-covered
        # ones too
        for near in (~outside, (cover >= 0.5) if sign < 0 else (cover < 0.5)):
            if not near.any():
                continue
            away, (rows, columns) = distance_transform_edt(~near, return_indices=True)
            np.minimum(
                distance, away - sign * (0.5 - cover[rows, columns]), out=distance, casting="same_kind"
            )
        field[outside] = sign * distance[outside]
    return field


def store(field: np.ndarray) -> np.ndarray:
    """Field in px to the int8 of a dataset."""
    return np.clip(np.rint(field * STEPS), -127, 127).astype(np.int8)

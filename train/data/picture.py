"""Grey pictures of ink to distance fields."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt

from handsynth.frame import ink_box

STEPS = 16
"""Fields are stored as int8 in this many steps a px."""


REACH = 127 / STEPS
"""px: fields are clipped here, on both sides of the edge."""


def field_of(image: np.ndarray) -> np.ndarray:
    """Signed distance in px to the edge of the ink, positive inside: float32 [H,W] from uint8 [H,W], 255 = ink.

    A grey pixel is one that the edge crosses: its distance is its coverage - 0.5. Other pixels take the distance
    to the nearest pixel with (for those outside) or without (for those inside) ink, corrected by how much of that
    one is covered: an anti-aliased distance transform after Gustavson and Strand, Pattern Recognition Letters 32
    (2011).
    """
    field = np.full(image.shape, -REACH, np.float32)
    box = ink_box(image, threshold=1)
    if box is None:
        return field
    around = int(REACH) + 1
    left, top = max(box[0] - around, 0), max(box[1] - around, 0)
    window = slice(top, box[3] + around), slice(left, box[2] + around)
    field[window] = np.clip(_distances(image[window]), -REACH, REACH)
    return field


def _distances(image: np.ndarray) -> np.ndarray:
    cover = image.astype(np.float32) / 255
    field = cover - 0.5
    for plain, sign in ((image == 0, -1.0), (image == 255, 1.0)):
        if not plain.any():
            continue
        distance = np.full(image.shape, REACH, np.float32)
        # an almost empty pixel is not always on the shortest way to the edge: try the half-covered ones too
        for near in (~plain, (cover >= 0.5) if sign < 0 else (cover < 0.5)):
            if near.any():
                away, (rows, columns) = distance_transform_edt(~near, return_indices=True)
                away -= sign * (0.5 - cover[rows, columns])
                np.minimum(distance, away, out=distance, casting="same_kind")
        field[plain] = sign * distance[plain]
    return field


def store(field: np.ndarray) -> np.ndarray:
    """Field in px to the int8 of a dataset."""
    steps: np.ndarray = np.clip(np.rint(field * STEPS), -127, 127).astype(np.int8)
    return steps

"""Sharpness and wholeness of the ink itself."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

SPECK = 6  # px
EIGHT = np.ones((3, 3))


def looks(ink: np.ndarray) -> dict[str, np.ndarray]:
    """Per glyph of ink [n, H, H] in 0..1: grey and inked pixels, components, specks, stroke width and its spread (px)."""
    grey = ((ink > 0.1) & (ink < 0.9)).sum((1, 2))
    inked = (ink > 0.1).sum((1, 2))
    parts, specks, width, spread = (np.zeros(len(ink)) for _ in range(4))
    for i, glyph in enumerate(ink > 0.5):
        label, parts[i] = ndimage.label(glyph, EIGHT)
        specks[i] = (np.bincount(label.ravel())[1:] < SPECK).sum()
        depth = ndimage.distance_transform_edt(glyph)
        ridge = depth[(depth >= ndimage.maximum_filter(depth, 3)) & (depth > 0)]
        if len(ridge):
            width[i], spread[i] = 2 * ridge.mean() - 1, 2 * ridge.std()
    return {"grey": grey, "inked": inked, "components": parts, "specks": specks, "width": width, "spread": spread}


def summary(found: dict[str, np.ndarray], rows: np.ndarray | slice = slice(None)) -> dict[str, float]:
    """Means over glyphs; the share of grey pixels is over all inked pixels."""
    return {
        "share of grey pixels": float(found["grey"][rows].sum() / max(1, found["inked"][rows].sum())),
        "connected components": float(found["components"][rows].mean()),
        "specks under 6 px": float(found["specks"][rows].mean()),
        "stroke width, px": float(found["width"][rows].mean()),
        "spread of the width within a glyph, px": float(found["spread"][rows].mean()),
    }

"""Lines by hands that join, and strokes of letters, for tests of joins."""

from __future__ import annotations

import numpy as np

from handsynth import api
from handsynth.frame import STANDARD
from handsynth.layout.page import Page

HANDS = "Quill", "Walnut", "Moss"


def written(text: str, hand: str = "Walnut", **more) -> Page:
    return api.typeset(text, hand=hand, seed=5, **more)


def shape(*corners: tuple[float, float]) -> np.ndarray:
    """A stroke through corners, x-heights over the baseline, with a point every twentieth of one."""
    k, (xs, ys) = STANDARD.xheight, np.array(corners, float).T
    along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(xs), np.diff(ys)))])
    at = np.linspace(0, along[-1], max(3, int(20 * along[-1])))
    return np.stack([30 + k * np.interp(at, along, xs), STANDARD.baseline - k * np.interp(at, along, ys)], axis=1)

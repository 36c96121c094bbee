"""Capitals that are told from small letters: of c, o, s, v, x and others the two differ in height alone.

A model draws some hands' capitals as low as small letters, and a label that says `Simon` beside `simon` is then wrong.
People who write such capitals write them taller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.model.model import Model

LEAST = 1.35
"""x-heights that a capital is high, at least."""

MOST = 1.6
"""Times that one is made higher, at most."""


Drawing = Callable[..., Glyphs]
"""As `draw.several`."""


def tall(drawing: Drawing) -> Drawing:
    """`drawing`, but with capitals of at least LEAST x-heights; of glyphs that are pen strokes, others stay."""

    def draw(
        model: Model,
        hands: Sequence[Hand],
        seeds: Sequence[int],
        owner: np.ndarray,
        index: np.ndarray,
        places: np.ndarray,
        **dials: Any,
    ) -> Glyphs:
        found = drawing(model, hands, seeds, owner, index, places, **dials)
        if not isinstance(found, PenGlyphs) or not len(found):
            return found
        capital = np.array([char.isupper() for char in model.repertoire], bool)[index]
        box = found.boxes(model.frame)
        height = -box[:, 1]  # above the baseline
        low = capital & (height > 0) & (height < LEAST) & (box[:, 2] > box[:, 0])
        factor = np.where(low, np.minimum(LEAST / np.maximum(height, 1e-6), MOST), 1.0).astype(np.float32)
        return _scaled(found, factor, model) if low.any() else found

    return draw


def _scaled(glyphs: PenGlyphs, factor: np.ndarray, model: Model) -> PenGlyphs:
    """Paths larger by `factor` f32 [n] about the middle of the baseline, drawn with the same pen."""
    paths, frame = glyphs.paths, model.frame
    middle = np.array([frame.size / 2, frame.baseline], np.float32)
    matrices = np.zeros((len(glyphs), 2, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = factor
    matrices[:, :, 2] = middle * (1 - factor[:, None])
    return PenGlyphs(replace(paths.moved(matrices), width=paths.width), glyphs.size)

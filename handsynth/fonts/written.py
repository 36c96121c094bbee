"""The drawings of a font: characters by their pieces, each under the noise of its own place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout.drawing import composed
from handsynth.model.model import Model
from handsynth.text.signs import Piece

GlyphRequest = tuple[str, int, tuple[Piece, ...]]
"""A character, the number of the drawing, and what the character is made of."""


def written(
    model: Model, hand: Hand, asked: Sequence[GlyphRequest], seed: int, dials: tuple[float, float], legibility: int
) -> Glyphs:
    """The glyphs [n] that are `asked` for, at least one; `dials` are temperature and variation."""
    numbers = np.array([model.numbers[piece.char] for _, _, pieces in asked for piece in pieces], np.int64)
    places = [noise.key_of("font", char, k, number) for char, k, pieces in asked for number in range(len(pieces))]
    warm, vary = dials
    parts = draw.glyphs(
        model, hand, numbers, np.array(places, np.uint64), seed,
        temperature=warm, variation=vary, legibility=legibility,
    )  # fmt: skip
    return composed([pieces for _, _, pieces in asked], parts, model.frame)

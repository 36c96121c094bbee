"""The alphabets of hands: each finds its own once, from Latin letters that it draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from handsynth import noise
from handsynth.alphabets import drawing
from handsynth.alphabets.table import PROBES
from handsynth.glyph import PenGlyphs

if TYPE_CHECKING:
    from handsynth.glyph import Glyphs
    from handsynth.hand import Hand
    from handsynth.model import Model

WARMTH = 0.7
"""The temperature at which a hand's Latin letters are compared with the bank's."""

_KNOWN: WeakKeyDictionary[Hand, drawing.Alphabet] = WeakKeyDictionary()


def letters(
    model: Model, hand: Hand, chars: Sequence[str], places: np.ndarray, seed: int, temperature: float, variation: float,
    latin: Callable[..., Glyphs],
) -> PenGlyphs:  # fmt: skip
    """Drawings of letters `chars` [n] of the bank; the rest as in `draw.glyphs`, which `latin` is."""
    kept = hand.letter_noise(chars, drawing.NOISE)
    drawn = noise.normals(seed, "glyph", places ^ np.uint64(hand.key), drawing.NOISE)
    share = np.float32(variation)
    mixed = np.float32(temperature) * (np.sqrt(1 - share * share) * kept + share * drawn)
    frame = model.frame
    paths = drawing.draw(_alphabet(model, hand, latin), chars, mixed, hand.pen_width * frame.xheight, frame)
    found = PenGlyphs(paths, frame.size)
    return found.sheared(hand.lean, frame) if hand.lean else found


def _alphabet(model: Model, hand: Hand, latin: Callable[..., Glyphs]) -> drawing.Alphabet:
    found = _KNOWN.get(hand)
    if found is None:
        places = np.array([noise.place("alphabet", char) for char in PROBES], np.uint64)
        # the lean that is asked for is none of the hand's: it changes no letter's form
        probes = latin(
            model, replace(hand, lean=0.0), model.index(PROBES), places, 0, temperature=WARMTH, variation=0.0
        )
        assert probes.strokes is not None
        found = _KNOWN[hand] = drawing.alphabet(probes.strokes, model.frame)
    return found

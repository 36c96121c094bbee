"""The alphabets of hands: each finds its own once, from Latin letters that it draws."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from handsynth import dials, noise
from handsynth.ink.alphabets import drawing
from handsynth.ink.extenders import stretched
from handsynth.ink.glyph import PenGlyphs
from handsynth.text.alphabets import PROBES

if TYPE_CHECKING:
    from handsynth.hands.hand import Hand
    from handsynth.ink.glyph import Glyphs
    from handsynth.model.model import Model

WARMTH: float = dials.default("temperature")
"""The temperature at which a hand's Latin letters are compared with the bank's."""

KEPT = 256
"""Alphabets that are kept, those used last."""

_KNOWN: OrderedDict[tuple[object, ...], tuple[drawing.Alphabet, Hand]] = OrderedDict()


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
    if hand.extends:
        every = np.ones(len(paths))
        paths = stretched(paths, hand.ascenders * every, hand.descenders * every, frame)
    found = PenGlyphs(paths, frame.size)
    return found.sheared(hand.lean, frame) if hand.lean else found


def _alphabet(model: Model, hand: Hand, latin: Callable[..., Glyphs]) -> drawing.Alphabet:
    # the lean that is asked for is none of the hand's, nor is another pen: they change no letter's form; and those that
    # are compared are small letters as the style has them, even where the hand writes capitals or longer ones
    known, originals = id(hand.known), id(hand.originals)
    key = (model.hash, hand.style.tobytes(), hand.slant, hand.kept, hand.use, known, originals)
    found = _KNOWN.pop(key, None)
    if found is None:
        places = np.array([noise.key_of("alphabet", char) for char in PROBES], np.uint64)
        plain = replace(hand.with_usual_extenders(), lean=0.0, small_capitals=None)
        probes = latin(model, plain, model.index(PROBES), places, 0, temperature=WARMTH, variation=0.0).strokes
        assert probes is not None
        # the hand is kept as well, so that nothing else takes its places in memory, which the key names
        found = drawing.alphabet(probes, model.frame), hand
    _KNOWN[key] = found
    if len(_KNOWN) > KEPT:
        _KNOWN.popitem(last=False)
    return found[0]

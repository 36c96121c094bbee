"""Hands of another model, made anew from the letters that they hold."""

from __future__ import annotations

import numpy as np

from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.learning.fit import Learnt, fit
from handsynth.model.model import Model


def refit(model: Model, hand: Hand) -> Learnt:
    """`hand` for `model`. Raises InputError where it holds no letters, or letters of another frame."""
    kept = hand.originals
    if kept is None:
        raise InputError(
            f"the hand {hand.name!r} holds no letters to be made anew from: they were forgotten, or never were"
        )
    if kept.fields.shape[1] != model.frame.size:
        raise InputError(f"the hand {hand.name!r} has letters of another frame; learn it again from the photo")
    images = (FieldGlyphs(kept.fields).ink() * 255 + np.float32(0.5)).astype(np.uint8)
    return fit(model, kept.chars, images, hand.name, gap=hand.gap)

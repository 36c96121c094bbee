"""Hands of another model, made anew from the letters that they hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.learning.fit import Learnt, fit
from handsynth.model.model import Model, opened


def refit(model: Model | str | Path | None, hand: Hand | str | Path) -> Learnt:
    """`hand`, or one saved at that path, of another model, made anew for `model` from the letters that it holds.

    What lines told of it, or its owner chose, stays: how it joins, how far its letters stray, its kind of pen and size.
    `model` as in `render`. Of a damaged file the ink is enough. Raises InputError where the hand holds no letters, or
    letters of another frame.
    """
    model = opened(model)
    hand = hand if isinstance(hand, Hand) else _loaded(hand)
    kept = hand.originals
    if kept is None:
        raise InputError(
            f"the hand {hand.name!r} holds no letters to be made anew from: they were forgotten, or never were"
        )
    if kept.fields.shape[1] != model.frame.size:
        raise InputError(f"the hand {hand.name!r} has letters of another frame; learn it again from the photo")
    images = (FieldGlyphs(kept.fields).ink() * 255 + np.float32(0.5)).astype(np.uint8)
    learnt = fit(model, kept.chars, images, hand.name, gap=hand.gap)
    same = replace(
        learnt.hand,
        pen_kind=hand.pen_kind,
        joined=hand.joined,
        joined_after=hand.joined_after,
        unevenness=hand.unevenness,
        small_capitals=hand.small_capitals,
        ascenders=hand.ascenders,
        descenders=hand.descenders,
        size=hand.size,
        measured={**hand.measured, **learnt.hand.measured},
    )
    return replace(learnt, hand=same)


def _loaded(path: str | Path) -> Hand:
    """The hand saved at `path`, even where what is not asked of it here is damaged. Raises InputError."""
    try:
        return Hand.load(path)
    except InputError:
        try:
            return handfile.load(path, Hand, handfile.NOT_INK)
        except InputError:
            pass
        raise

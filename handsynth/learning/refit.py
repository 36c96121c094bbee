"""Hands of another model, made anew from the letters that they hold."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.learning.fit import Learnt, fit
from handsynth.model.model import Model, opened

_FROM_INK = "known", "letters", "deviation", "measured"
"""Parts of a hand that are found again in its ink."""


def refit(model: Model | str | Path | None, hand: Hand | str | Path) -> Learnt:
    """`hand`, or one saved at that path, of another model, made anew for `model` from the letters that it holds.

    What lines told of it, or its owner chose, stays: how it joins, how far its letters stray, its kind of pen and size.
    `model` as in `render`. Of a damaged file the ink is enough; notes say what is lost. Raises InputError where the
    hand holds no letters, or letters of another frame.
    """
    model = opened(model)
    hand, lost = (hand, ()) if isinstance(hand, Hand) else _loaded(hand)
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
    return replace(learnt, hand=same, notes=(*lost, *learnt.notes))


def _loaded(path: str | Path) -> tuple[Hand, tuple[str, ...]]:
    """The hand saved at `path`, even where a part that its ink does without is damaged, and what that loses.

    Raises InputError.
    """
    try:
        return Hand.load(path), ()
    except InputError:
        for parts in (*((part,) for part in handfile.NOT_INK), handfile.NOT_INK):
            with suppress(InputError):
                hand = handfile.load(path, Hand, parts)
                lost = [part.replace("_", " ") for part in parts if part not in _FROM_INK]
                said = f"damaged, so what {path} said of this is lost: {', '.join(lost)}"
                return hand, (said,) if lost else ()
        raise

"""Letters that a person did not give, from the style that the others tell of.

A style alone leaves open which of several forms a letter has. Of those that the model draws in this style the one is
taken that is read well and tells of the same style when it is read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth import draw, noise
from handsynth.forms import COPIES, TEMPERATURE, TRIES, WELL
from handsynth.hand import Hand
from handsynth.lookalikes import merge_table
from handsynth.model import Model


def follow(model: Model, hand: Hand, chars: Sequence[str]) -> dict[str, int]:
    """The number of each character's form, for the forms of `Kept`. The model draws strokes, and has a reader."""
    if not chars:
        return {}
    index = model.index(chars)
    same = merge_table(model.charset)[index]
    read, told = np.empty((2, TRIES, len(chars)))
    for attempt in range(TRIES):
        forms = dict.fromkeys(chars, attempt)
        trial = replace(hand, letters=(replace(hand.kept[0], forms=forms),), originals=None, known=None)
        many = np.tile(index, COPIES)
        places = np.array([noise.place("form", char, copy) for copy in range(COPIES) for char in chars], np.uint64)
        ink = draw.glyphs(model, trial, many, places, 0, temperature=TEMPERATURE).ink()
        seen = (np.exp(model.read(ink)[0]) * np.tile(same, (COPIES, 1))).sum(axis=1)
        read[attempt] = seen.reshape(COPIES, -1).min(axis=0)
        _, _, information, precision = (part.astype(np.float64) for part in model.encode(ink[: len(index)], index))
        # what the letter says of the style beyond what is known of it, in standard deviations
        off = information - precision @ hand.style.astype(np.float64)
        away = np.linalg.solve(precision + np.eye(precision.shape[1]), off[..., None])[..., 0]
        told[attempt] = (off * away).sum(axis=1)
    # read well first; else the one that is read best
    chosen = np.where(read >= WELL, told, 1e6 * (2 - read)).argmin(axis=0)
    return {char: int(number) for char, number in zip(chars, chosen, strict=True) if number}

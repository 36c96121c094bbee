"""Letters that a person did not give, from the style that the others tell of.

A style alone leaves open which of several forms a letter has. Of those that the model draws in this style the one is
taken that is read well and tells of the same style when it is read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth.drawing.forms import COPIES, TRIES, WELL, drawings
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.text.lookalikes import merge_table

FEW = 3
"""Forms that are tried of letters that were given."""

_AT_ONCE = 32
"""Letters that are tried together where few are left: as many as the reader's tile holds, with their copies."""


def follow(model: Model, hand: Hand, chars: Sequence[str]) -> dict[str, int]:
    """The number of each character's form, for the forms of `Kept`. The model draws strokes, and has a reader.

    Letters that the hand knows take the best of fewer forms, since these are drawn only if their own are forgotten.
    """
    if not chars:
        return {}
    known = np.array([hand.known is not None and char in hand.known for char in chars])
    parts = [(np.flatnonzero(known), FEW), (np.flatnonzero(~known), TRIES)]
    found: dict[str, int] = {}
    for rows, tries in parts:
        if len(rows):
            found |= _followed(model, hand, [chars[i] for i in rows.tolist()], tries)
    return {char: found[char] for char in chars if char in found}


def _followed(model: Model, hand: Hand, chars: Sequence[str], tries: int) -> dict[str, int]:
    """The same, of so many forms of each."""
    tried, count = _Tried(model, hand, chars), len(chars)
    char, form = np.tile(np.arange(count), tries), np.repeat(np.arange(tries), count)
    first = tried.first(char, form)
    away = tried.away(first, char).reshape(tries, -1)
    # the nearest of which all copies are read well. To read costs most, so no form is read before its turn, nor its
    # other copies where the first is poor
    read, others = np.full((2, tries, count), np.nan)
    chosen = np.full(count, -1)
    nearest, rank = np.argsort(away, axis=0, kind="stable"), 0
    while rank < tries and len(some := np.flatnonzero(chosen < 0)):
        forms = nearest[rank : rank + max(1, _AT_ONCE // len(some)), some]
        char = np.broadcast_to(some, forms.shape)
        read[forms, char] = tried.read(first[forms * count + char], char)
        hopeful = read[forms, char] >= WELL
        others[forms[hopeful], char[hopeful]] = tried.others(char[hopeful], forms[hopeful])
        good = others[forms, char] >= WELL
        settled = good.any(axis=0)
        chosen[some[settled]] = np.take_along_axis(forms, good.argmax(axis=0)[None], axis=0)[0, settled]
        rank += len(forms)
    # else the one that is read best
    left = np.flatnonzero(chosen < 0)
    form, which = np.nonzero(np.isnan(others[:, left]))
    others[form, left[which]] = tried.others(left[which], form)
    if len(left):
        chosen[left] = np.argmax(np.minimum(read[:, left], others[:, left]), axis=0)
    return {char: int(number) for char, number in zip(chars, chosen, strict=True) if number}


class _Tried:
    """Forms of the characters [n] that a hand might keep. Below, rows are of `char`, places in these, and `form`."""

    def __init__(self, model: Model, hand: Hand, chars: Sequence[str]) -> None:
        self.model, self.hand, self.chars = model, replace(hand, originals=None, known=None), chars
        self.index = model.index(chars)
        self.same = merge_table(model.charset)[self.index]

    def first(self, char: np.ndarray, form: np.ndarray) -> np.ndarray:
        """Ink f32 [m,H,H] of m forms, as they are themselves."""
        ink: np.ndarray = drawings(self.model, self.hand, self.chars, char, form, range(1), 0.0).ink()
        return ink

    def read(self, ink: np.ndarray, char: np.ndarray) -> np.ndarray:
        """How well ink [...,H,H] of characters [...] is read, with their look-alikes [...]."""
        logprobs = self.model.read(ink.reshape(-1, *ink.shape[-2:]))[0]
        return np.asarray((np.exp(logprobs) * self.same[char.ravel()]).sum(axis=1).reshape(char.shape))

    def others(self, char: np.ndarray, form: np.ndarray) -> np.ndarray:
        """How well the worst of all copies but the first is read [m], of m rows."""
        if not len(char):
            return np.empty(0)
        ink = drawings(self.model, self.hand, self.chars, char, form, range(1, COPIES)).ink()
        return np.asarray(self.read(ink, char.repeat(COPIES - 1)).reshape(-1, COPIES - 1).min(axis=1))

    def away(self, ink: np.ndarray, char: np.ndarray) -> np.ndarray:
        """What each letter [m] says of the style beyond what is known of it, in standard deviations, squared."""
        _, _, information, precision = (part.astype(np.float64) for part in self.model.encode(ink, self.index[char]))
        off = information - precision @ self.hand.style.astype(np.float64)
        further = np.linalg.solve(precision + np.eye(precision.shape[1]), off[..., None])[..., 0]
        return np.asarray((off * further).sum(axis=1))

"""Letters that a person did not give, from the style that the others tell of.

A style alone leaves open which of several forms a letter has. Of those that the model draws in this style the one is
taken that is read well and tells of the same style when it is read back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.drawing.draw import TEMPERATURE
from handsynth.drawing.forms import COPIES, TRIES, WELL
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
    tried = _Tried(model, hand, chars)
    numbers = np.arange(tries)
    first = np.concatenate([tried.drawn(np.full(len(chars), number), range(1)) for number in numbers])
    read = tried.read(first, 1, np.tile(tried.rows, tries)).reshape(tries, -1)
    away, well = np.full(read.shape, np.inf), read >= WELL
    away[well] = tried.away(first[well.ravel()], np.nonzero(well)[1])
    # of forms whose first copy is read well, the nearest whose other copies are, too; a form is worth its worst copy
    chosen = np.full(len(chars), -1)
    nearest, rank = np.argsort(away, axis=0, kind="stable"), 0
    worst = np.full(read.shape, np.nan)  # of those that were looked at
    while rank < tries:
        some = np.flatnonzero((chosen < 0) & np.isfinite(away[nearest[rank], tried.rows]))
        if not len(some):
            break
        ranks = nearest[rank : rank + max(1, _AT_ONCE // len(some))]
        worst[ranks[:, some], some] = found = tried.worst(ranks, some)
        good = (found >= WELL) & np.isfinite(away[ranks[:, some], some])
        settled = good.any(axis=0)
        chosen[some[settled]] = ranks[good.argmax(axis=0)[settled], some[settled]]
        rank += len(ranks)
    # else the one that is read best
    left = np.flatnonzero(chosen < 0)
    for number in numbers.tolist() if len(left) else ():
        unseen = left[np.isnan(worst[number, left])]
        if len(unseen):
            worst[number, unseen] = tried.worst(np.full((1, len(chars)), number), unseen)[0]
    if len(left):
        chosen[left] = np.argmax(np.minimum(read[:, left], worst[:, left]), axis=0)
    return {char: int(number) for char, number in zip(chars, chosen, strict=True) if number}


class _Tried:
    """Forms of the characters [n] that a hand might keep."""

    def __init__(self, model: Model, hand: Hand, chars: Sequence[str]) -> None:
        self.model, self.hand, self.chars = model, hand, chars
        self.rows, self.index = np.arange(len(chars)), model.index(chars)
        self.same = merge_table(model.charset)[self.index]

    def drawn(self, forms: np.ndarray, copies: range, some: np.ndarray | None = None) -> np.ndarray:
        """Ink f32 [copies m,H,H] of `some` of the characters [m], or all, in their `forms` int64 [n]."""
        some = self.rows if some is None else some
        numbers = {self.chars[i]: int(forms[i]) for i in some.tolist()}
        trial = replace(self.hand, letters=(replace(self.hand.kept[0], forms=numbers),), originals=None, known=None)
        places = [noise.key_of("form", self.chars[i], copy) for copy in copies for i in some.tolist()]
        many = np.tile(self.index[some], len(copies))
        ink: np.ndarray = draw.glyphs(
            self.model,
            trial,
            many,
            np.array(places, np.uint64),
            0,
            temperature=TEMPERATURE,
            variation=0.0 if copies.stop == 1 else draw.VARIATION,
        ).ink()
        return ink

    def read(self, ink: np.ndarray, copies: int, some: np.ndarray) -> np.ndarray:
        """How well the worst copy of each of `some` of the characters [m] is read, with its look-alikes."""
        chance = (np.exp(self.model.read(ink)[0]) * np.tile(self.same[some], (copies, 1))).sum(axis=1)
        return np.asarray(chance.reshape(copies, -1).min(axis=0))

    def worst(self, forms: np.ndarray, some: np.ndarray) -> np.ndarray:
        """How well the worst of all copies but the first is read [k,m], of `some` of the characters [m].

        Each in k `forms` int64 [k,n]. Pictures are read together: a few cost the reader as much as many.
        """
        side = self.model.frame.size
        drawn = [self.drawn(row, range(1, COPIES), some).reshape(COPIES - 1, -1, side, side) for row in forms]
        ink = np.concatenate(drawn, axis=1).reshape(-1, side, side)
        return self.read(ink, COPIES - 1, np.tile(some, len(forms))).reshape(len(forms), -1)

    def away(self, ink: np.ndarray, some: np.ndarray) -> np.ndarray:
        """What each letter [m] says of the style beyond what is known of it, in standard deviations, squared."""
        _, _, information, precision = (part.astype(np.float64) for part in self.model.encode(ink, self.index[some]))
        off = information - precision @ self.hand.style.astype(np.float64)
        further = np.linalg.solve(precision + np.eye(precision.shape[1]), off[..., None])[..., 0]
        return np.asarray((off * further).sum(axis=1))

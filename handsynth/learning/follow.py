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


def follow(model: Model, hand: Hand, chars: Sequence[str]) -> dict[str, int]:
    """The number of each character's form, for the forms of `Kept`. The model draws strokes, and has a reader."""
    if not chars:
        return {}
    tried = _Tried(model, hand, chars)
    numbers = np.arange(TRIES)
    first = [tried.drawn(np.full(len(chars), number), range(1)) for number in numbers]
    read = np.stack([tried.read(ink, 1) for ink in first])
    away = np.where(read >= WELL, np.stack([tried.away(ink) for ink in first]), np.inf)
    # of forms whose first copy is read well, the nearest whose other copies are, too; a form is worth its worst copy
    chosen = np.full(len(chars), -1)
    for nearest in np.argsort(away, axis=0, kind="stable"):
        some = np.flatnonzero((chosen < 0) & np.isfinite(away[nearest, tried.rows]))
        good = tried.worst(nearest, some) >= WELL
        chosen[some[good]] = nearest[some[good]]
    # else the one that is read best
    left = np.flatnonzero(chosen < 0)
    if len(left):
        worst = [np.minimum(read[number, left], tried.worst(np.full(len(chars), number), left)) for number in numbers]
        chosen[left] = np.argmax(worst, axis=0)
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
        places = [noise.place("form", self.chars[i], copy) for copy in copies for i in some.tolist()]
        many = np.tile(self.index[some], len(copies))
        ink: np.ndarray = draw.glyphs(
            self.model, trial, many, np.array(places, np.uint64), 0, temperature=TEMPERATURE
        ).ink()
        return ink

    def read(self, ink: np.ndarray, copies: int, some: np.ndarray | None = None) -> np.ndarray:
        """How well the worst copy of each character [m] is read, with its look-alikes."""
        some = self.rows if some is None else some
        chance = (np.exp(self.model.read(ink)[0]) * np.tile(self.same[some], (copies, 1))).sum(axis=1)
        worst: np.ndarray = chance.reshape(copies, -1).min(axis=0)
        return worst

    def worst(self, forms: np.ndarray, some: np.ndarray) -> np.ndarray:
        """How well the worst of all copies but the first is read, of `some` of the characters [m]."""
        if not len(some):
            return np.empty(0)
        return self.read(self.drawn(forms, range(1, COPIES), some), COPIES - 1, some)

    def away(self, ink: np.ndarray) -> np.ndarray:
        """What each letter [n] says of the style beyond what is known of it, in standard deviations, squared."""
        _, _, information, precision = (part.astype(np.float64) for part in self.model.encode(ink, self.index))
        off = information - precision @ self.hand.style.astype(np.float64)
        further = np.linalg.solve(precision + np.eye(precision.shape[1]), off[..., None])[..., 0]
        result: np.ndarray = (off * further).sum(axis=1)
        return result

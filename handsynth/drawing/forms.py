"""A hand's own letter forms, chosen so that each is read as what it is: somebody who writes learnt to be read.

A hand keeps the noise of each of its letters. Of several that it could keep, the first is taken of which the model's
reader reads all of some copies well. Which one that is, is a number for each character, saved with the hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from handsynth import noise
from handsynth.arrays import Flags, Floats, Ints
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.model.graphs import TILES
from handsynth.model.model import Model
from handsynth.text.extents import extents
from handsynth.text.lookalikes import merge_table

TRIES = 16
"""Forms that a letter may take at most."""

COPIES = 3
"""Drawings of a form, as they usually vary; it is worth as much as the worst of them."""

WELL = 0.97
"""The reader gives a form that is taken at once so much to the character and its look-alikes."""

OFF, DOUBT = 0.32, 0.5
"""A letter that reaches this much higher or lower than usual, in x-heights, is trusted by this share only."""


def tidied(model: Model, hand: Hand) -> Hand:
    """`hand` with forms that are read well, if the model draws strokes and has a reader; blends stay as they are."""
    if not model.strokes or not model.has("reader") or len(hand.kept) != 1:
        return hand
    return replace(hand, letters=(replace(hand.kept[0], forms=_chosen(model, hand)),))


def _chosen(model: Model, hand: Hand) -> Mapping[str, int]:
    key = hand.kept[0].key, "".join(hand.kept[0].styles)
    known = _CACHE.setdefault(model.hash, {})
    if key not in known:
        known[key] = _choose(model, hand, model.charset)
        while len(known) > _MOST:
            del known[next(iter(known))]
    return known[key]


_CACHE: dict[str, dict[tuple[int, str], Mapping[str, int]]] = {}
_MOST = 256


def _choose(model: Model, hand: Hand, chars: Sequence[str]) -> dict[str, int]:
    """The number of each character's form, where that is not 0."""
    same = _same(model.charset)
    best, score = np.zeros(len(chars), np.int64), np.full(len(chars), -1.0)
    todo = np.arange(len(chars))
    attempt = 0
    while len(todo) and attempt < TRIES:
        # a graph takes as long for a tile of few: what is left of it tries further forms
        ahead = min(TRIES - attempt, max(1, TILES[model.card.draws] // len(todo)))
        char, form = np.tile(todo, ahead), np.repeat(np.arange(attempt, attempt + ahead), len(todo))
        found = _read(model, hand, chars, char, form, range(1), same)
        # a form is worth as much as its worst copy: the others can make it no better
        hopeful = np.flatnonzero(found > score[char])
        others = _read(model, hand, chars, char[hopeful], form[hopeful], range(1, COPIES), same)
        found[hopeful] = np.minimum(found[hopeful], others)
        for number, worth in enumerate(found.reshape(ahead, -1), attempt):
            better = (worth > score[todo]) & (score[todo] < WELL)
            best[todo[better]], score[todo[better]] = number, worth[better]
        todo, attempt = todo[score[todo] < WELL], attempt + ahead
    return {char: int(number) for char, number in zip(chars, best, strict=True) if number}


def drawings(
    model: Model,
    hand: Hand,
    chars: Sequence[str],
    char: Ints,
    form: Ints,
    copies: Sequence[int],
    variation: float = draw.VARIATION,
) -> Glyphs:
    """Copies of forms `form` [n] of characters `char` [n], places in `chars`, by `hand`: those of one row together."""
    order = np.argsort(form, kind="stable")
    numbers, owner = np.unique(form[order], return_inverse=True)
    kept = hand.kept[0]
    hands = [replace(hand, letters=(replace(kept, forms=dict.fromkeys(chars, int(n))),)) for n in numbers]
    some = [chars[i] for i in char[order].tolist()]
    places = np.array([noise.key_of("form", one, copy) for one in some for copy in copies], np.uint64)
    many = len(copies)
    found = draw.several(
        model,
        hands,
        [0] * len(hands),
        np.repeat(owner, many),
        np.repeat(model.index(some), many),
        places,
        temperature=[draw.TEMPERATURE] * len(hands),
        variation=variation,
    )
    return found.take((np.argsort(order)[:, None] * many + np.arange(many)).ravel())


def _read(
    model: Model, hand: Hand, chars: Sequence[str], char: Ints, form: Ints, copies: Sequence[int], same: Flags
) -> Floats:
    """How well the worst of some copies of forms `form` [n] of characters `char` [n] of `chars` is read."""
    if not len(char):
        return np.zeros(0)
    plain = replace(hand.with_usual_extenders(), originals=None)
    drawn = drawings(model, plain, chars, char, form, copies)
    some = [chars[i] for i in char.tolist()]
    index = np.repeat(model.index(some), len(copies))
    read = (np.exp(model.read(drawn.ink())[0]) * same[index]).sum(axis=1)
    # s and S, w and W are told apart by their size alone
    tops = -drawn.boxes(model.frame)[:, 1]
    usual_tops = np.repeat([extents(one).top for one in some], len(copies))
    trusted = np.where(np.abs(tops - usual_tops) <= OFF, read, read * DOUBT)
    return np.asarray(trusted.reshape(-1, len(copies)).min(axis=1))


@lru_cache(4)
def _same(charset: tuple[str, ...]) -> np.ndarray:
    return merge_table(charset)

"""Contexts: how letters that are drawn for their neighbours are entered and left, and how far apart they stand.

The tables of `assets/joins.json` are of 21,982 words of UNIPEN's training part; `python -m train words` makes them.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources

import numpy as np

from handsynth import noise
from handsynth.arrays import Flags, Floats, Ints
from handsynth.hands.joining import CAPITALS, SMALL, Joining
from handsynth.model.graphs import CONTEXT
from handsynth.text.charset import index_table

DOTTED = frozenset("ij")
"""With another mark than their dot they are drawn without it, from a cut drawing."""

OWN = 0.05
"""By how much hands differ in how high they enter and leave letters, x-heights: people's tables have 0.05 and 0.06."""

USUAL, NEAREST = 0.2, 0.05
"""The gap of a hand whose letters are joined at the distances of the table, and the least distance; x-heights."""

_INDEX = index_table(SMALL + CAPITALS)


@cache
def number(text: str) -> int:
    """Place in `SMALL + CAPITALS` of a letter that can be drawn for its neighbours, with or without marks; or -1."""
    parts = unicodedata.normalize("NFD", text)
    first, marks = parts[:1], parts[1:]
    if not all(unicodedata.combining(mark) for mark in marks) or (marks and first in DOTTED):
        return -1
    return _INDEX.get(first, -1)


def numbers(texts: Sequence[str]) -> Ints:
    """`number` of each of `texts`, int64 [n]."""
    return np.array([number(text) for text in texts], np.int64).reshape(-1)


def paired(letters: Ints, before: Ints, after: Ints) -> Flags:
    """Which pairs of glyphs `before` and `after` are drawn for each other, bool [m]; `letters` [n]: see `numbers`."""
    return np.asarray((letters[before] >= 0) & (letters[after] >= 0) & (letters[after] < len(SMALL)))


def contexts(texts: Sequence[str], word: Ints, before: Ints, after: Ints, joining: Joining) -> Floats:
    """How the glyphs of `texts` [n] are entered and left, f32 [n,CONTEXT], as `Model.decode_joined` takes it.

    `word` [n]: the number of the word in which each stands; `before`, `after` int64 [m]: pairs that are joined.
    """
    result = np.zeros((len(texts), CONTEXT), np.float32)
    letters = numbers(texts)
    some = paired(letters, before, after)
    before, after = before[some], after[some]
    if not len(before):
        return result
    # what stands beside a letter and is no small letter
    other = np.array([not text[:1].islower() for text in texts], bool)
    same = np.diff(word) == 0
    result[1:, 2] = other[:-1] & same
    result[:-1, 3] = other[1:] & same
    result[after, 0] = result[before, 1] = 1
    names = np.array([noise.key_of("entry"), noise.key_of("exit")], np.uint64)
    high = OWN * noise.normals(joining.key, "hand", names, 1)
    for rows, column, name, own in ((after, 4, "entry", high[0, 0]), (before, 7, "exit", high[1, 0])):
        ends = _table(name)[letters[before], letters[after]]
        result[rows, column] = ends[:, 0] + own
        result[rows, column + 1 : column + 3] = ends[:, 1:] / np.hypot(ends[:, 1], ends[:, 2])[:, None]
    return result


def ahead(letters: Ints, before: Ints, after: Ints, gap: Floats) -> Floats:
    """How far to the right the pen goes from where letters are left to where the next ones are entered, x-heights [m].

    `letters` int64 [n]: see `numbers`; `gap` [m]: the hand's.
    """
    usual = _table("ahead")[letters[before], letters[after], 0]
    return np.asarray(np.maximum(usual + gap - USUAL, NEAREST))


@cache
def _table(name: str) -> Floats:
    """float64 [52,26,k]: `name` of a letter before and a small letter after it: a mean, and what each of both adds."""
    text = resources.files("handsynth").joinpath("assets/joins.json").read_text(encoding="utf-8")
    found = json.loads(text)[name]
    nothing = [0.0] * len(found["mean"])
    left = np.array([found["left"].get(char, nothing) for char in SMALL + CAPITALS])
    right = np.array([found["right"].get(char, nothing) for char in SMALL])
    return np.asarray(np.array(found["mean"]) + left[:, None] + right)

"""How people join letters: where the pen leaves a letter and enters the next one, and how likely it does.

The table `assets/joins.json` was fitted to letters of UNIPEN's words; `python -m train words` makes it. Numbers of a
pair are sums: mean + left letter + right letter. Heights are over the baseline and lengths in x-heights; directions are
unit vectors, x to the right, y up.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

CONTEXT = 10
"""Numbers of a letter's context, as `Model.decode_joined` takes them."""


@cache
def table() -> dict[str, Any]:
    """The table as it is in the file."""
    text = resources.files("handsynth").joinpath("assets/joins.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def contexts(
    before: Sequence[str], chars: Sequence[str], after: Sequence[str], entered: np.ndarray, left: np.ndarray
) -> np.ndarray:
    """The usual contexts f32 [n,CONTEXT] of `chars` [n], which stand in words between `before` [n] and `after` [n].

    Neighbours are "" where there is none. entered, left: bool [n], whether the letter is joined to them. Whoever knows
    a hand moves heights: columns 4 (entry) and 7 (exit).
    """
    result = np.zeros((len(chars), CONTEXT), np.float32)
    for row, (one, char, two) in enumerate(zip(before, chars, after, strict=True)):
        result[row, :4] = entered[row], left[row], _beside(one), _beside(two)
        if entered[row]:
            result[row, 4:7] = _end("entry", one, char)
        if left[row]:
            result[row, 7:10] = _end("exit", char, two)
    return result


def ahead(first: str, second: str) -> float:
    """The usual distance to the right from where a letter is left to where the next one is entered, in x-heights."""
    return _pair("ahead", first, second)[0]


def handles(leaves: float, enters: float) -> tuple[float, float]:
    """The usual lengths of the two handles of the cubic of a join, as shares of its chord, by both heights."""
    found = table()["handles"]
    at = [int(np.searchsorted(found[name], height)) for name, height in (("exit", leaves), ("entry", enters))]
    out, into = found["shares"][at[0]][at[1]]
    return out, into


def odds(first: str, second: str) -> float:
    """Log-odds that a pair is joined, beside what the hand does: 0 for the usual pair."""
    found = table()["joined"]
    return float(found["left"].get(_base(first), 0.0) + found["right"].get(_base(second), 0.0))


def _beside(char: str) -> bool:
    return bool(char) and not char.islower()


@cache
def _end(which: str, first: str, second: str) -> tuple[float, float, float]:
    height, x, y = _pair(which, first, second)
    length = float(np.hypot(x, y))
    return (height, x / length, y / length) if length > 1e-6 else (height, 1.0, 0.0)


@cache
def _pair(which: str, first: str, second: str) -> tuple[float, ...]:
    found = table()[which]
    parts = (found["mean"], found["left"].get(_base(first)), found["right"].get(_base(second)))
    return tuple(sum(values) for values in zip(*(part for part in parts if part), strict=True))


@cache
def _base(char: str) -> str:
    """A character without its marks."""
    return unicodedata.normalize("NFD", char)[:1]

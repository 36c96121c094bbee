"""What a line says whose text is not known, as well as the reader can tell: to say how a text given for it is wrong."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from handsynth.frame import Frame
from handsynth.learning.match import FittedBaseline, candidates, clear_before
from handsynth.learning.pieces import InkPiece
from handsynth.model.model import Model

USUAL = string.ascii_lowercase + string.ascii_uppercase + string.digits
"""Characters that are looked for."""

_RARER = 0.7
"""Cost of capitals and digits beside small letters, many of which they look like."""

_WORDS = 0.65
"""x-heights of clear space from which on words are apart."""

_SURE, _TOUCHING = 0.55, 1.3
"""Mean probability of letters above which a line can be read, and letters of each connected ink: what is joined is read
surely, too, as other letters."""

_APART, _ALIKE = 3, 0.7
"""Letters in a row by which two texts part, and the share of those before that are alike."""

_SHOWN = 40


@dataclass(frozen=True)
class ReadLine:
    """A line as it was read."""

    text: str
    sure: float
    """Mean probability of its letters, by the reader."""


def read_freely(found: Sequence[InkPiece], line: FittedBaseline, model: Model, frame: Frame) -> ReadLine | None:
    """What the pieces [n] of a line say, letter by letter; None where that cannot be read, or by no reader."""
    chars = [char for char in USUAL if char in model.charset]
    if not found or not chars or not model.has("reader"):
        return None
    groups, cost, doubt = candidates(found, chars, line, model, frame)
    cost = cost + _RARER * np.array([not char.islower() for char in chars])
    which = cost.argmin(axis=1)
    least = cost[np.arange(len(groups)), which]
    # best[k]: the first k pieces are letters
    best, how = np.full(len(found) + 1, np.inf), np.zeros(len(found) + 1, np.int64)
    best[0] = 0.0
    for number, (k, end) in sorted(enumerate(groups), key=lambda group: group[1]):
        if best[k] + least[number] < best[end]:
            best[end], how[end] = best[k] + least[number], number
    taken: list[int] = []
    k = len(found)
    while k:
        taken.append(int(how[k]))
        k = groups[taken[-1]][0]
    text, chance = "", []
    for number in reversed(taken):
        start = groups[number][0]
        text += " " * bool(start and clear_before(found, start) > _WORDS * line.xheight) + chars[which[number]]
        chance.append(float(np.exp(-doubt[number, which[number]])))
    sure = float(np.mean(chance))
    text = " ".join(map(_cased, text.split()))
    apart = len(taken) <= _TOUCHING * len({piece.part for piece in found})
    return ReadLine(text, sure) if apart and sure >= _SURE else None


def parting(text: str, read: str) -> int:
    """After how many of its letters a text leaves what was read; 0 where they do not begin alike, or do not part."""
    one, other = ("".join(words.split()).casefold() for words in (text, read))
    alike = 0
    for kind, begin, end, also_begin, also_end in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            alike += end - begin
        elif max(end - begin, also_end - also_begin) >= _APART:
            # a few letters are alike in any two texts
            return begin if alike >= max(_APART, _ALIKE * begin) else 0
    return 0


def _cased(word: str) -> str:
    """A word as people write it: capitals amid small letters are those that look like them."""
    return word[:1] + word[1:].lower() if any(char.islower() for char in word) else word


def shown(text: str) -> str:
    """A text for a message, quoted."""
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'

"""Copies of letters that a hand holds: which latent was read from which ink, and each copy drawn from its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.drawing.draw import TEMPERATURE
from handsynth.hands.hand import Hand
from handsynth.hands.letters import rows_of
from handsynth.ink.glyph import FieldGlyphs
from handsynth.model.model import Model


def held_chars(hand: Hand) -> tuple[str, ...]:
    """The characters [n] of the letters that `hand` holds, as ink or else as latents."""
    if hand.originals is not None:
        return hand.originals.chars
    return hand.known.chars if hand.known is not None else ()


def latent_rows(model: Model, hand: Hand) -> np.ndarray:
    """Which latent of `hand.known` was read from each letter of `held_chars`, int64 [n]; -1: none was.

    Files keep both in one order, and nothing of letters that were not understood. Which copy of a character that was,
    the ink tells: of all ways that keep the order the one is taken whose drawings are nearest to it.
    """
    chars = held_chars(hand)
    if hand.known is None or hand.originals is None:
        return np.full(len(chars), -1) if hand.known is None else np.arange(len(chars))
    latents, result = rows_of(hand.known.chars), np.full(len(chars), -1)
    for char, inked in rows_of(chars).items():
        found = latents.get(char, np.zeros(0, np.int64))[: len(inked)]
        if len(found) == len(inked):
            result[inked] = found
        elif len(found):
            ink = FieldGlyphs(hand.originals.fields[inked].astype(np.float32)).ink().reshape(len(inked), -1)
            drawn = drawn_copies(model, hand, [char] * len(found), found, 0, temperature=0).reshape(len(found), -1)
            # squared distances, but for what is the same for all of a row: each drawing has one ink in the end
            result[inked[_in_order((ink * ink).sum(axis=1) - 2 * drawn @ ink.T)]] = found
    return result


def drawn_copies(
    model: Model, hand: Hand, chars: Sequence[str], rows: np.ndarray, seed: int, *, temperature: float = TEMPERATURE
) -> np.ndarray:
    """Coverage f32 [n,H,H] of `chars`, each drawn from the latent `rows` int64 [n] of `hand.known`; -1: in the style.

    Nothing where the model does not know a character.
    """
    # in the frame, as they were read
    plain = replace(hand.with_usual_extenders(), originals=None)
    if hand.known is None:
        return drawn_in_style(model, plain, chars, seed)
    # a hand that knows one copy of each character draws that one: as many hands as there are copies
    copy = np.zeros(len(hand.known), np.int64)
    for mine in rows_of(hand.known.chars).values():
        copy[mine] = np.arange(len(mine))
    used = np.unique(copy[rows[rows >= 0]]) if (rows >= 0).any() else np.zeros(1, np.int64)
    hands = [replace(plain, known=hand.known.take(copy == number)) for number in used.tolist()]
    owner = np.where(rows >= 0, np.searchsorted(used, copy[rows]), 0)
    return _drawn(model, hands, owner, chars, seed, 0, temperature)


def drawn_in_style(model: Model, hand: Hand, chars: Sequence[str], seed: int, start: int = 0) -> np.ndarray:
    """Coverage f32 [n,H,H] of `chars` at the places from `start` on, as `hand` draws them; nothing where the model does
    not know one."""
    return _drawn(model, [hand], np.zeros(len(chars), np.int64), chars, seed, start, TEMPERATURE)


def _drawn(
    model: Model, hands: Sequence[Hand], owner: np.ndarray, chars: Sequence[str], seed: int, start: int,
    temperature: float,
) -> np.ndarray:  # fmt: skip
    """Coverage f32 [n,H,H] of the characters, each by one of `hands`: its `owner` int64 [n]."""
    drawn = np.zeros((len(chars), model.frame.size, model.frame.size), np.float32)
    there = [i for i in np.argsort(owner, kind="stable").tolist() if chars[i] in model.charset]
    if there:
        places = np.array([noise.key_of("show", start + i) for i in there], np.uint64)
        index = model.index([chars[i] for i in there])
        heat = [temperature] * len(hands)
        found = draw.several(model, hands, [seed] * len(hands), owner[there], index, places, temperature=heat)
        drawn[there] = found.ink()
    return drawn


def _in_order(apart: np.ndarray) -> np.ndarray:
    """The rising columns int64 [k] for the rows of [k,m], k <= m, in which the sum of what they hold is least."""
    k, m = apart.shape
    # least[row, column]: of the first rows in the first columns
    least = np.full((k + 1, m + 1), np.inf)
    least[0] = 0
    for row in range(k):
        least[row + 1, 1:] = np.minimum.accumulate(least[row, :-1] + apart[row])
    columns, column = np.zeros(k, np.int64), m
    for row in range(k, 0, -1):
        column = int(np.argmax(least[row, : column + 1] == least[row, column])) - 1
        columns[row - 1] = column
    return columns

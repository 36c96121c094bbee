"""Which letters of a line hang together, and which of those that were cut apart are one letter each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.hands.joining import SMALL, letter
from handsynth.learning import blobs
from handsynth.learning.match import Match
from handsynth.learning.pieces import InkPiece

FULL, FAINT = 0.8, 40
"""Ink hangs together where it is as full as this share of the strokes beside it: edges of letters that stand close run
into each other in a photo. What is fainter than FAINT, of 255, is none."""

FEWEST = 8
"""Pairs that tell what share of them somebody joins."""

MOSTLY = 0.5
"""Share of joined pairs from which on a line is joined writing."""

SURE, COST = 0.3, 2.0
"""Doubt of the reader, and cost of all, up to which a letter that was cut from its neighbours is kept: it might be
two."""


def pairs(ink: np.ndarray, found: Sequence[InkPiece], result: Match) -> np.ndarray:
    """Whether each letter hangs together with the one before it in the ink uint8 [h,w] of a line, bool [t]."""
    joined = np.zeros(len(result.first), bool)
    for i in range(1, len(joined)):
        one, other = (found[result.first[k] : result.last[k]] for k in (i - 1, i))
        if one and other and {piece.part for piece in one} & {piece.part for piece in other}:
            joined[i] = _hang_together(ink, one, other)
    return joined


def _hang_together(ink: np.ndarray, one: Sequence[InkPiece], other: Sequence[InkPiece]) -> bool:
    both = [*one, *other]
    left, top = min(piece.left for piece in both), min(piece.top for piece in both)
    right, bottom = max(piece.right for piece in both), max(piece.bottom for piece in both)
    full = FULL * min(_fullness(one), _fullness(other))
    labels = blobs.label((ink[top:bottom, left:right] > full)[None])[0][0]
    own = []
    for some in (one, other):
        seen: set[int] = set()
        for piece in some:
            rows, columns = np.nonzero(piece.ink > full)
            seen |= set(labels[rows + piece.top - top, columns + piece.left - left].tolist())
        own.append(seen - {0})
    return bool(own[0] & own[1])


def _fullness(some: Sequence[InkPiece]) -> float:
    """How full the ink of strokes is, of 255."""
    values = np.concatenate([piece.ink[piece.ink > FAINT] for piece in some])
    return float(np.quantile(values, 0.8)) if len(values) else 255.0


def share(chars: Sequence[str], blank: np.ndarray, result: Match, joined: np.ndarray) -> tuple[float | None, int]:
    """The share of the pairs of a line's letters that are joined, and how many pairs say so; None for too few.

    Pairs are those that a hand may join: of letters before small ones, in one word, both found in the picture.
    """
    there = result.last > result.first
    numbers = np.array([letter(char) for char in chars])
    able = np.zeros(len(chars), bool)
    able[1:] = there[1:] & there[:-1] & ~blank[1:]
    able[1:] &= (numbers[:-1] >= 0) & (numbers[1:] >= 0) & (numbers[1:] < len(SMALL))
    count = int(able.sum())
    return (float(joined[able].mean()) if count >= FEWEST else None), count


def doubtful(result: Match, joined: np.ndarray, share: float | None) -> np.ndarray:
    """Letters that were cut from their neighbours and may be more, or less, than one letter, bool [t].

    In print, of which less than half hangs together, letters that touch are cut where they do.
    """
    if share is None or share < MOSTLY:
        return np.zeros(len(joined), bool)
    cut = joined | np.append(joined[1:], False)
    return np.asarray(cut & ((result.doubt > SURE) | (result.cost > COST)))

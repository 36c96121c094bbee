"""Which letters of a line hang together, and which of those that were cut apart are one letter each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.hands.joining import CLASSES, SMALL, Joining, letter
from handsynth.learning import blobs
from handsynth.learning.match import Match
from handsynth.learning.pieces import InkPiece

FULL, FAINT = 0.8, 40
"""Ink hangs together where it is as full as this share of the strokes beside it: edges of letters that stand close run
into each other in a photo. What is fainter than FAINT, of 255, is none."""

FEWEST = 8
"""Pairs that tell what share of them somebody joins."""

FEWEST_AFTER, USUAL = 4, 4.0
"""Pairs after letters of one kind that tell what share of those is joined, and how many the hand's whole share counts
for beside them."""

TOUCHING = 0.12
"""Share of the pairs that are not joined whose letters touch all the same (25 writers of UNIPEN's training part)."""

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


def ties(chars: Sequence[str], blank: np.ndarray, result: Match, joined: np.ndarray) -> tuple[tuple[str, bool], ...]:
    """Of each pair of a line that a hand may join: the letter it begins with, and whether it is joined.

    They are of letters before small ones, in one word, both found in the picture.
    """
    there = result.last > result.first
    numbers = np.array([letter(char) for char in chars])
    able = np.zeros(len(chars), bool)
    able[1:] = there[1:] & there[:-1] & ~blank[1:]
    able[1:] &= (numbers[:-1] >= 0) & (numbers[1:] >= 0) & (numbers[1:] < len(SMALL))
    return tuple((chars[i - 1], bool(joined[i])) for i in np.flatnonzero(able).tolist())


def share(ties: Sequence[tuple[str, bool]]) -> float | None:
    """The share of the pairs that are joined; None for too few."""
    return float(np.mean([tied for _, tied in ties])) if len(ties) >= FEWEST else None


def mostly(share: float | None) -> bool:
    """Whether a line of which this share of pairs hangs together is joined writing."""
    return share is not None and share >= MOSTLY


def untouched(share: float, touching: float = TOUCHING) -> float:
    """Of pairs of which a share hangs together, how many are joined: some letters touch all the same."""
    return max(share - touching, 0.0) / (1 - touching)


def shares_after(
    ties: Sequence[tuple[str, bool]], share: float, key: int, touching: float = TOUCHING
) -> dict[str, float]:
    """The shares of pairs that are joined after letters of some kinds, of a hand whose whole share and key are given.

    Of few pairs they lie near those that such a hand has by itself; of fewer nothing is said. `touching`: what share of
    those that are not joined hang together all the same.
    """
    found = {}
    for letters in CLASSES if share > 0 else ():
        mine = [tied for char, tied in ties if char in letters]
        if len(mine) >= FEWEST_AFTER:
            usual = Joining(share, key).share_after(letters)
            own = untouched(float(np.mean(mine)), touching)
            found[letters] = round((own * len(mine) + usual * USUAL) / (len(mine) + USUAL), 3)
    return found


def doubtful(result: Match, joined: np.ndarray, share: float | None) -> np.ndarray:
    """Letters that were cut from their neighbours and may be more, or less, than one letter, bool [t].

    Those too whose neighbour was not found: its ink may be in theirs. In print, of which less than half hangs together,
    letters that touch are cut where they do.
    """
    if not mostly(share):
        return np.zeros(len(joined), bool)
    cut = joined | np.append(joined[1:], False)
    lost = np.concatenate([[False], result.last <= result.first, [False]])
    beside = (lost[:-2] | lost[2:]) & ~lost[1:-1]
    return np.asarray((cut & ((result.doubt > SURE) | (result.cost > COST))) | beside)

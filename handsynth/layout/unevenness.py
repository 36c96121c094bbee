"""How letters stray: they stand now nearer, now further apart, a little high or low, and some words are tighter.

Gaps spread the more the wider they are, about as their root, in x-heights; a fifth and more of that is the word's. What
letters explain is more than what even spacing makes of their forms: the rest are a hand's habits. Fitted so that gaps
between the boxes of letters spread as in lines by 47 writers of UNIPEN, all that they owe to their forms included.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from handsynth import noise
from handsynth.arrays import Floats
from handsynth.hands.unevenness import habits
from handsynth.layout.words import Script

LETTER, WORD, HABIT = 0.39, 0.28, 0.26
"""Standard deviations of a gap as shares of its root: by chance, common to a word, and for each letter beside it."""

MOST, LEAST = 2.0, 0.3
"""A gap strays by so many standard deviations at most, and to no less than this share of the usual."""

WITHIN = 0.5
"""No letters of a word stand further apart than this share of a blank, so that words hold together."""

BLANKS, NARROWEST = 0.16, -1.0
"""Standard deviation of the space between words, as a share, and by how many of these it is less at most."""

SHIFT, OWN_SHIFT, FURTHEST = 0.085, 0.06, 2.2
"""Standard deviation of the baseline shift of letters, in x-heights, by chance and as the hand always has it; and how
many of these at most."""


@dataclass(frozen=True, eq=False)
class Strays:
    """How far n letters stray from even gaps and from their baseline."""

    gap: np.ndarray
    """float64 [n]: the gap before, as a share of its root."""
    shift: np.ndarray
    """float64 [n]: upwards, in x-heights, where `wander` is 1."""


def strays(script: Script, seeds: np.ndarray, hands: Sequence[tuple[float, int]], counts: Sequence[int]) -> Strays:
    """How far each glyph of a script strays.

    `seeds` uint64 [n]; `hands`: how uneven they are and their keys, each for as many glyphs as `counts` says.
    """
    begins = np.flatnonzero((np.diff(script.word, prepend=-1) != 0) | (script.newlines > 0))
    first = np.repeat(script.place[begins], np.diff([*begins, len(script.word)]))
    of_word = noise.normals(seeds, "layout", first, 3)[:, 2].astype(np.float64)
    own = noise.normals(seeds, "layout", script.place, 2).astype(np.float64)
    texts = [item.text for item in script.items]
    ends = np.cumsum([0, *counts]).tolist()
    known = np.concatenate([habits(key, texts[a:b]) for (_, key), (a, b) in zip(hands, pairwise(ends), strict=True)])
    both = known[:, 0] + np.concatenate([[0.0], known[:-1, 1]])[: len(known)]
    amount = np.repeat([uneven for uneven, _ in hands], counts)
    most = MOST * float(np.sqrt(LETTER**2 + WORD**2 + 2 * HABIT**2))
    gap = np.clip(LETTER * own[:, 1] + WORD * of_word + HABIT * both, -most, most)
    furthest = FURTHEST * math.hypot(SHIFT, OWN_SHIFT)
    shift = np.clip(SHIFT * own[:, 0] + OWN_SHIFT * known[:, 2], -furthest, furthest)
    return Strays(amount * gap, amount * shift)


def gaps(usual: Floats, blank: Floats, stray: Floats) -> Floats:
    """Gaps [n] that are `usual` [n], where a space between words is `blank` [n]."""
    wanted = usual + stray * np.sqrt(np.maximum(usual, 0.0))
    return np.asarray(np.maximum(np.minimum(wanted, np.maximum(WITHIN * blank, usual)), LEAST * usual))


def blanks(usual: np.ndarray, stray: np.ndarray) -> np.ndarray:
    """Spaces between words [n] that are `usual` [n]."""
    return np.asarray(usual * (1 + BLANKS * np.maximum(stray / LETTER, NARROWEST)))

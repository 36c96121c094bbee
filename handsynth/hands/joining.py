"""Which letters of a word a hand joins: a share of all pairs, then by letter, as people do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import Floats
from handsynth.text.bases import base
from handsynth.text.charset import index_table

SMALL, CAPITALS = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_INDEX = index_table(SMALL + CAPITALS)

LIFTS = 0.08
"""How often the pen is lifted all the same between letters that a hand joins that joins next to none; those that join
nearly all lift it nowhere."""

_OWN = 0.8, 0.6, 0.6
"""By how much hands differ in what they join a letter to, in what they join to it, and in pairs, log-odds: together as
much as chance makes of odds, so that hands of one share differ as people do."""

_HANDS = (0.0, 0.155, 0.3, 0.55, 0.57, 1.0), (0.0, 0.15, 0.5, 0.75, 1.0, 1.0)
"""Shares of hands, and up to which share of their pairs they join. Those above three quarters join more than as many
people: what forms do not allow would otherwise leave too few words joined throughout."""

_AFTER = {
    **dict.fromkeys("vbw", 0.46), "p": 0.58, "r": 0.62, "i": 0.67, **dict.fromkeys("jqxz", 0.6),
    **dict.fromkeys("gfsdcyk", 0.73), **dict.fromkeys("olmtn", 0.81), **dict.fromkeys("aueh", 0.86),
}  # fmt: skip
"""Share of pairs joined after a letter, in words of people who join some (UNIPEN)."""
CLASSES = "bvw", "p", "r", "i", "cdfgksy", "lmnot", "aehu"
"""Letters after which about as much is joined: a person's words tell of them apart."""

_CAPITAL = 0.32
_BEFORE = {**dict.fromkeys("cfauyrv", 0.68), **dict.fromkeys("thk", 0.86)}
"""The same before a letter, and before all others."""
_BEFORE_OTHERS = 0.77

_LEFT, _ENTERED = frozenset(SMALL + "ACEHKLMRU"), frozenset(SMALL) - {"z"}
"""Letters that are joined to the next one, and to the one before: not those whose foot a join would make a bar, as of
F and T; a z would be an s if it were entered from below."""

_REACHED_FROM = {
    **dict.fromkeys("fjy", 0.85), **dict.fromkeys("go", 0.89), **dict.fromkeys("wxvqs", 0.95),
}  # fmt: skip
_REACHED = {"f": 0.39, "d": 0.77, "x": 0.88, **dict.fromkeys("lgphc", 0.94)}
_REACHED_OTHERS = 0.99, 1.0
"""Of pairs that a hand would join, how many the forms of its letters allow, after a letter times before the next
(7,411 pairs by 60 random hands): what they do not allow is made up for by other pairs."""

_OFTEN = dict(zip("etaoinshrdlcumwfgypbvkjxqz", (
    12.7, 9.1, 8.2, 7.5, 7.0, 6.7, 6.3, 6.1, 6.0, 4.3, 4.0, 2.8, 2.8, 2.4, 2.4, 2.2, 2.0, 2.0, 1.9, 1.5, 1.0, 0.8,
    0.15, 0.15, 0.1, 0.07), strict=True))  # fmt: skip
"""Per cent of the letters of English texts (Lewand: Cryptological Mathematics, 2000)."""


@dataclass(frozen=True)
class Joining:
    """How a hand joins letters."""

    share: float
    """Of the pairs of small letters in a text, 0 … 1."""
    key: int
    """Of the hand: hands of one share differ in which pairs they join."""
    after: tuple[tuple[str, float], ...] = ()
    """Small letters after which another share of the pairs is joined, and that share."""
    contextual: bool = False
    """Whether joined letters are drawn for their neighbours, as they come in words; else they are drawn alone, and
    joined as they are."""

    def table(self) -> np.ndarray:
        """Which pairs are joined, bool [52,26]: after small letters and capitals, before small letters."""
        return _table(self.share, self.key, self.after)

    def share_after(self, letters: str) -> float:
        """Of the pairs in a text that begin with one of these small letters, how many are joined, about."""
        often = np.array([_OFTEN[char] for char in SMALL])
        rows = [SMALL.index(char) for char in letters]
        joined = (self.table()[rows] * np.outer(often[rows], often)).sum()
        return float(joined / (often[rows].sum() * often.sum()) * (1 - LIFTS * (1 - self.share)))

    def pairs(self, texts: Sequence[str], follows: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Which glyphs are joined to the next one, bool [n].

        `texts` [n]: what each writes; `follows` bool [n]: whether the next glyph stands in the same word and line;
        `places` uint64 [n]: the keys of their noise.
        """
        count = len(texts)
        result = np.zeros(count, bool)
        if self.share <= 0 or count < 2:
            return result
        letters = np.array([letter(text) for text in texts], np.int64)
        after = np.append(letters[1:], -1)
        able = follows & (letters >= 0) & (after >= 0) & (after < len(SMALL))
        rows = np.flatnonzero(able)
        rows = rows[self.table()[letters[rows], after[rows]]]
        if self.share < 1:
            chances = noise.uniforms(self.key, "hand", places[rows] ^ np.uint64(noise.key_of("lift")), 1)[:, 0]
            rows = rows[chances >= LIFTS * (1 - self.share)]
        result[rows] = True
        return result


@lru_cache(1024)
def default_share(key: int, cursive: bool | None = None) -> float:
    """The share of pairs that a hand joins of which only its key is known, and maybe whether its letters are cursive.

    About as among people, of whom 43 % join over three quarters of their pairs, 18 % under 15 %, and 39 % lie between
    (UNIPEN); of hands 45, 16 and 39 %.
    """
    if cursive is False:
        return 0.0
    at = float(noise.uniforms(key, "hand", np.array([noise.key_of("joined")], np.uint64), 1)[0, 0])
    if cursive:
        return 0.8 + 0.2 * at
    return float(np.interp(at, *_HANDS))


def joining(share: float, key: int, dial: float = 1.0, after: Mapping[str, float] | None = None) -> Joining | None:
    """What joins the letters of a hand whose own share is `share`; None: nothing. Raises InputError.

    `dial`: 0 print, 1 as the hand, up to 2 every pair; `after`: shares of its own after some letters.
    """
    dials.check("joined", dial)

    def dialled(share: float) -> float:
        return share * min(dial, 1.0) + (1 - share) * max(dial - 1.0, 0.0)

    own = tuple((letters, dialled(share)) for letters, share in sorted((after or {}).items()))
    return Joining(dialled(share), key, own) if dialled(share) > 0 else None


@cache
def letter(text: str) -> int:
    """The number of a letter that can be joined, marks aside; -1 for all else."""
    return _INDEX.get(base(text), -1)


@lru_cache(1024)  # corpora have as many hands as lines
def _table(share: float, key: int, after: tuple[tuple[str, float], ...]) -> np.ndarray:
    """Which pairs are joined, bool [52,26]: those of the best odds, until what of them can be joined is the share."""
    usual, keys, able, weight, allowed = _of_all_hands()
    if share >= 1 and all(own >= 1 for _, own in after):
        return able
    own = noise.normals(key, "hand", keys, 1)[:, 0]
    pairs = own[: able.size].reshape(able.shape)
    odds = usual[0][:, None] + _OWN[0] * own[able.size : -len(SMALL), None]
    odds = odds + usual[1] + _OWN[1] * own[-len(SMALL) :] + _OWN[2] * pairs
    lifted = 1 - LIFTS * (1 - share)
    small = len(SMALL)
    result = able.copy()
    if share < 1:
        result &= odds >= _least(odds[:small].ravel(), allowed.ravel(), weight.sum(), share / lifted)
    for letters, wanted in after:
        rows = [SMALL.index(char) for char in letters]
        least = _least(odds[rows].ravel(), allowed[rows].ravel(), weight[rows].sum(), wanted / lifted)
        result[rows] = able[rows] & (odds[rows] >= least)
    return result


def _least(odds: Floats, allowed: Floats, weight: float, wanted: float) -> float:
    """The odds from which on pairs are joined, so that of all of this weight what is `allowed` makes the share."""
    if wanted <= 0:
        return np.inf
    order = np.argsort(-odds, kind="stable")
    reached = np.cumsum(allowed[order]) / weight
    return float(odds[order[min(int(np.searchsorted(reached, wanted)), len(order) - 1)]])


@cache
def _of_all_hands() -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What no hand changes: log-odds after and before letters, keys of noise, pairs that can be joined, and of small
    letters, float64 [26,26], how often pairs come and how many of them forms allow."""
    names = SMALL + CAPITALS
    after = np.array([_AFTER.get(char, _CAPITAL) for char in names])
    before = np.array([_BEFORE.get(char, _BEFORE_OTHERS) for char in SMALL])
    places = np.array([noise.key_of("join", a, b) for a in names for b in SMALL], np.uint64)
    left, right = ([noise.key_of("join", *pair) for pair in some] for some in (zip(names), (("", b) for b in SMALL)))
    keys = np.concatenate([places, np.array([*left, *right], np.uint64)])
    able = np.outer([char in _LEFT for char in names], [char in _ENTERED for char in SMALL])
    often = np.array([_OFTEN[char] for char in SMALL])
    weight = np.outer(often, often)
    out = np.array([_REACHED_FROM.get(char, _REACHED_OTHERS[0]) for char in SMALL])
    into = np.array([_REACHED.get(char, _REACHED_OTHERS[1]) for char in SMALL])
    allowed = np.minimum(np.outer(out, into), 1.0) * able[: len(SMALL)]
    return (_logit(after), _logit(before)), keys, able, weight, weight * allowed


def _logit(share: Floats) -> Floats:
    return np.log(share) - np.log1p(-share)

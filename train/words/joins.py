"""How letters are joined, as tables: where they are left and entered, the curve between, and which pairs are joined.

Numbers of a pair are sums of one of its left and one of its right letter, fitted by ridge regression over pairs, in
which writers of many words count less than in proportion.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from train.words.letters import Cut, Join
from train.words.pack import Word

RIDGE = 3.0
EXIT, ENTRY = (0.2, 0.45), (0.33, 0.6)
"""Bounds of the classes of exits and entries: low, middle, high; x-heights over the baseline."""
HANDLES = np.linspace(0.05, 0.8, 16)
"""Shares of the chord that are tried as lengths of handles."""
FLAT = 1e-3
"""How much handles are held near a third of the chord."""
FITTED = 6000
"""Joins whose handles are fitted."""
ROUNDS = 25


def tables(words: Sequence[Word], cuts: Sequence[Cut], joins: Sequence[Join]) -> dict[str, Any]:
    """All tables, to be written as JSON. Lengths are in x-heights of the frame, y up; directions are unit vectors."""
    left = [cut for cut in cuts if cut.joined[1] and cut.char.isalpha() and cut.around[1].islower()]
    entered = [cut for cut in cuts if cut.joined[0] and cut.around[0].isalpha() and cut.char.islower()]
    ways = [join for join in joins if join.pair.isalpha() and join.pair[1].islower()]
    return {
        "exit": sums(
            [cut.char + cut.around[1] for cut in left], [cut.writer for cut in left],
            np.array([cut.exit for cut in left]),
        ),
        "entry": sums(
            [cut.around[0] + cut.char for cut in entered], [cut.writer for cut in entered],
            np.array([cut.entry for cut in entered]),
        ),
        "ahead": sums(
            [join.pair for join in ways], [join.writer for join in ways],
            np.array([join.path[-1, :1] - join.path[0, :1] for join in ways]),
        ),
        "handles": {"exit": EXIT, "entry": ENTRY, "shares": handles(ways)},
        "joined": odds(words),
    }  # fmt: skip


def sums(pairs: Sequence[str], writers: Sequence[int], values: np.ndarray) -> dict[str, Any]:
    """`values` [n,k] as mean + left + right, and what differs between writers and within one (standard deviations)."""
    who = np.unique(writers, return_inverse=True)[1]
    weight = _weights(who)
    names = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    design = np.zeros((len(pairs), 1 + len(names[0]) + len(names[1])))
    design[:, 0] = 1
    rows = np.arange(len(pairs))
    for side, first in ((0, 1), (1, 1 + len(names[0]))):
        design[rows, [first + names[side].index(pair[side]) for pair in pairs]] = 1
    penalty = np.full(design.shape[1], RIDGE)
    penalty[0] = 1e-6
    moment = (design * weight[:, None]).T @ design + np.diag(penalty)
    found = np.linalg.solve(moment, (design * weight[:, None]).T @ values)
    rest = values - design @ found
    count = np.bincount(who)
    means = np.stack([np.bincount(who, rest[:, k]) / count for k in range(values.shape[1])], axis=1)
    many = count >= 20
    within = (rest - means[who])[many[who]].std(axis=0) if many.any() else rest.std(axis=0)
    between = means[many].std(axis=0) if many.sum() > 1 else np.zeros(values.shape[1])
    listed = [_rounded(row) for row in found]
    return {
        "mean": listed[0],
        "left": dict(zip(names[0], listed[1 : 1 + len(names[0])], strict=True)),
        "right": dict(zip(names[1], listed[1 + len(names[0]) :], strict=True)),
        "between_writers": _rounded(between),
        "within_writer": _rounded(within),
    }


def _weights(writers: np.ndarray) -> np.ndarray:
    """[n], 1 on average: writers who wrote much count less than in proportion."""
    weight = 1 / np.sqrt(np.bincount(writers)[writers])
    return np.asarray(weight * len(weight) / weight.sum())


def handles(joins: Sequence[Join], seed: int = 0) -> list[list[list[float]]]:
    """[3 exits, 3 entries, 2]: the usual lengths of a cubic's handles at both ends, as shares of its chord."""
    random = np.random.default_rng(seed)
    some = [joins[i] for i in random.permutation(len(joins))[:FITTED].tolist() if len(joins[i].path) > 3]
    best = np.array([_handles(join) for join in some]).reshape(-1, 2)
    exits = np.searchsorted(EXIT, [join.path[0, 1] for join in some])
    entries = np.searchsorted(ENTRY, [join.path[-1, 1] for join in some])
    usual = np.median(best, axis=0) if len(best) else np.full(2, 1 / 3)
    result = []
    for i in range(3):
        row = []
        for j in range(3):
            mine = best[(exits == i) & (entries == j)]
            row.append(_rounded(np.median(mine, axis=0) if len(mine) >= 20 else usual))
        result.append(row)
    return result


def _handles(join: Join) -> np.ndarray:
    """The two shares whose cubic lies nearest to the pen's way."""
    a, b = join.path[0], join.path[-1]
    chord = max(float(np.hypot(*(b - a))), 1e-6)
    one, two = (part.ravel() for part in np.meshgrid(HANDLES, HANDLES, indexing="ij"))
    t = np.linspace(0, 1, 24)[None, :, None]
    p1 = a + chord * one[:, None, None] * join.out
    p2 = b - chord * two[:, None, None] * join.into
    curves = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * b
    off = ((curves[:, :, None] - join.path[None, None]) ** 2).sum(axis=-1)
    far = off.min(axis=1).mean(axis=1) + off.min(axis=2).mean(axis=1)
    # where a way is nearly straight, any lengths will do
    at = int((far + FLAT * chord**2 * ((one - 1 / 3) ** 2 + (two - 1 / 3) ** 2)).argmin())
    return np.array([one[at], two[at]])


def odds(words: Sequence[Word]) -> dict[str, Any]:
    """p(joined | left letter, right letter, writer) as log-odds: 0 for the writer's own share, left and right added.

    A logistic regression with a number for each writer, held near the mean by RIDGE; only writers who join some pairs
    and not others tell of letters.
    """
    pairs, tied, who = [], [], []
    for word in words:
        found = joined(word)
        for at in range(len(word.text) - 1):
            if word.text[at].isalpha() and word.text[at + 1].islower():
                pairs.append(word.text[at : at + 2])
                tied.append(at in found)
                who.append(word.writer)
    names = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    writer = np.unique(who, return_inverse=True)[1]
    columns = np.stack(
        [
            writer,
            writer.max() + 1 + np.array([names[0].index(pair[0]) for pair in pairs]),
            writer.max() + 1 + len(names[0]) + np.array([names[1].index(pair[1]) for pair in pairs]),
        ]
    )
    size = int(writer.max()) + 1 + len(names[0]) + len(names[1])
    value, goal = np.zeros(size), np.array(tied, float)
    weight = _weights(writer)
    penalty = np.where(np.arange(size) <= writer.max(), 0.05, RIDGE)
    for _ in range(ROUNDS):  # Newton's method
        p = 1 / (1 + np.exp(-value[columns].sum(axis=0)))
        slope, bend = weight * (goal - p), weight * np.maximum(p * (1 - p), 1e-6)
        gradient, hessian = -penalty * value, np.diag(penalty)
        for a in columns:
            np.add.at(gradient, a, slope)
            for b in columns:
                np.add.at(hessian, (a, b), bend)
        value = value + np.linalg.solve(hessian, gradient)
    first = int(writer.max()) + 1
    left, right = value[first : first + len(names[0])], value[first + len(names[0]) :]
    middle = [
        float(np.average(part, weights=np.bincount(columns[side + 1] - start, minlength=len(part))))
        for side, (part, start) in enumerate(((left, first), (right, first + len(names[0]))))
    ]
    return {
        "left": dict(zip(names[0], _rounded(left - middle[0]), strict=True)),
        "right": dict(zip(names[1], _rounded(right - middle[1]), strict=True)),
        "pairs": len(pairs),
    }


def joined(word: Word) -> set[int]:
    """The letters of a word, by place, from which the pen goes on into the next one."""
    assert word.letters is not None
    return {
        int(a)
        for letters in word.letters
        for a, b in zip(letters[:-1].tolist(), letters[1:].tolist(), strict=True)
        if a >= 0 and b == a + 1
    }


def _rounded(values: np.ndarray) -> list[float]:
    return [round(float(value), 3) for value in values]

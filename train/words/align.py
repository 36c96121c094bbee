"""Which letter of its text each point of a word belongs to: the best way through, by Viterbi."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.text.extents import extents
from train.words.segment import INDEX
from train.words.trajectory import SPACING, Trajectory

APART = 1.0
"""How far from its letter a dot or bar lies, in x-heights (standard deviation)."""

LEAST, MARK, FREE = 0.8, 0.2, 0.6
"""The shortest way of a letter, as a share of its usual height; no height is taken as less than MARK x-heights; no more
than FREE of a word's points is held to that."""

ROUNDS = 2
"""Late strokes need to know where letters are, which is known after the first round."""


def align(text: str, some: Trajectory, scores: np.ndarray) -> tuple[np.ndarray, float]:
    """The letter int [t] of each point, and how sure that is: the mean log-probability of a point.

    scores f32 [t,OUTPUTS] as segment.scores gives them. Letters follow each other along the pen's way, none shorter
    than LEAST of its usual height; whole strokes may be written later than their letter.
    """
    codes = [INDEX[char] for char in text]
    read = scores[:, codes].astype(np.float64)
    chain = _Chain.of(text, len(some))
    begins, late = scores[:, -2].astype(np.float64), scores[:, -1].astype(np.float64)
    places = np.linspace(0, 1, 2 * len(text) + 1)[1::2] * some.points[:, 0].max()
    letter = np.zeros(len(some), np.int64)
    for _ in range(ROUNDS):
        letter = _viterbi(some, chain, read, begins, late, places)
        for number in range(len(text)):
            mine = letter == number
            if mine.any():
                places[number] = (some.points[mine, 0].min() + some.points[mine, 0].max()) / 2
    sure = float(read[np.arange(len(some)), letter].mean())
    return letter, sure


@dataclass(frozen=True)
class _Chain:
    """The states of a word: a letter has as many as it has points at least, and may stay in its last one."""

    letter: np.ndarray
    """int [s]: of each state."""
    first: np.ndarray
    last: np.ndarray
    """bool [s]: whether it is the first, the last of its letter."""

    @classmethod
    def of(cls, text: str, points: int) -> _Chain:
        """For a word of so many points, of which most remain free."""
        wanted = np.array([LEAST * max(extents(char).height, MARK) / SPACING for char in text])
        counts = np.maximum(1, (wanted * min(1.0, FREE * points / wanted.sum())).astype(int))
        letter = np.repeat(np.arange(len(text)), counts)
        new = np.diff(letter, prepend=-1) > 0
        return cls(letter, new, np.append(new[1:], True))


def _viterbi(
    some: Trajectory, chain: _Chain, read: np.ndarray, begins: np.ndarray, late: np.ndarray, places: np.ndarray
) -> np.ndarray:
    """One round: letters int [t]; read [t,m] for m letters; `places` [m] are where the letters are thought to be."""
    goes, stays = -np.logaddexp(0, -begins), -np.logaddexp(0, begins)
    back, ahead = -np.logaddexp(0, -late), -np.logaddexp(0, late)
    ends, size = some.ends, len(chain.letter)
    value = np.full(size, -np.inf)
    steps = np.zeros((len(some), size), bool)  # whether the way to this state came from the state before
    lates: list[tuple[np.ndarray, np.ndarray]] = []
    for start, stop in zip(ends[:-1], ends[1:], strict=True):
        entered = value
        if start == 0:
            value = np.full(size, -np.inf)
            value[0] = read[0, 0]
        for at in range(max(start, 1), stop):
            moved = np.concatenate([[-np.inf], value[:-1]]) + np.where(chain.first, goes[at], stays[at])
            stayed = np.where(chain.last, value + stays[at], -np.inf)
            steps[at] = moved > stayed
            value = np.maximum(moved, stayed) + read[at, chain.letter]
        weight = SPACING * (stop - start)
        value = value + ahead[start:stop].mean() * (1 + weight)
        chosen, target = np.zeros(size, bool), np.zeros(size, np.int64)
        if start:
            middle = (some.points[start:stop, 0].min() + some.points[start:stop, 0].max()) / 2
            near = -0.5 * ((middle - places) / APART) ** 2
            own = read[start:stop].sum(axis=0) + near
            # a late stroke belongs to a letter that was begun
            best = np.maximum.accumulate(own)[chain.letter]
            target = _argmax_so_far(own)[chain.letter]
            waited = entered + best + back[start:stop].mean() * (1 + weight)
            chosen = waited > value
            value = np.maximum(value, waited)
        lates.append((chosen, target))
    letter = np.zeros(len(some), np.int64)
    state = size - 1
    for number in range(len(lates) - 1, -1, -1):
        start, stop = ends[number], ends[number + 1]
        chosen, target = lates[number]
        if chosen[state]:
            letter[start:stop] = target[state]
            continue
        for at in range(stop - 1, start - 1, -1):
            letter[at] = chain.letter[state]
            if steps[at, state]:
                state -= 1
    return letter


def _argmax_so_far(values: np.ndarray) -> np.ndarray:
    best = np.maximum.accumulate(values)
    new = np.concatenate([[True], values[1:] > best[:-1]])
    return np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))


def overlaps(text: str, true: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Intersection over union f64 of each letter's points; points that belong to nobody count for none."""
    known = true >= 0
    result = []
    for number in range(len(text)):
        a, b = (true == number) & known, (found == number) & known
        if a.any():
            result.append((a & b).sum() / (a | b).sum())
    return np.array(result)

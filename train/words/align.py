"""Which letter of its text each point of a word belongs to: the best way through, by Viterbi."""

from __future__ import annotations

import numpy as np

from train.words.segment import INDEX
from train.words.trajectory import SPACING, Trajectory

APART = 1.0
"""How far from its letter a dot or bar lies, in x-heights (standard deviation)."""

ROUNDS = 2
"""Late strokes need to know where letters are, which is known after the first round."""


def align(text: str, some: Trajectory, scores: np.ndarray) -> tuple[np.ndarray, float]:
    """The letter int [t] of each point, and how sure that is: the mean log-probability of a point.

    scores f32 [t,OUTPUTS] as segment.scores gives them. Letters follow each other along the pen's way; whole strokes
    may be written later than their letter.
    """
    codes = [INDEX[char] for char in text]
    read = scores[:, codes].astype(np.float64)
    begins, late = scores[:, -2].astype(np.float64), scores[:, -1].astype(np.float64)
    places = np.linspace(0, 1, 2 * len(text) + 1)[1::2] * some.points[:, 0].max()
    letter = np.zeros(len(some), np.int64)
    for _ in range(ROUNDS):
        letter = _viterbi(some, read, begins, late, places)
        for number in range(len(text)):
            mine = letter == number
            if mine.any():
                places[number] = (some.points[mine, 0].min() + some.points[mine, 0].max()) / 2
    sure = float(read[np.arange(len(some)), letter].mean())
    return letter, sure


def _viterbi(
    some: Trajectory, read: np.ndarray, begins: np.ndarray, late: np.ndarray, places: np.ndarray
) -> np.ndarray:
    """One round: letters int [t]; `places` [m] are where the letters are thought to be."""
    m = read.shape[1]
    goes, stays = -np.logaddexp(0, -begins), -np.logaddexp(0, begins)
    back, ahead = -np.logaddexp(0, -late), -np.logaddexp(0, late)
    value = np.full(m, -np.inf)
    steps = np.zeros((len(some), m), bool)  # whether the way to this state came from the letter before
    lates: list[tuple[np.ndarray, np.ndarray]] = []
    ends = some.ends
    for start, stop in zip(ends[:-1], ends[1:], strict=True):
        entered = value
        if start == 0:
            value = np.full(m, -np.inf)
            value[0] = read[0, 0]
        for at in range(max(start, 1), stop):
            moved = np.concatenate([[-np.inf], value[:-1]]) + goes[at]
            stayed = value + stays[at]
            steps[at] = moved > stayed
            value = np.maximum(moved, stayed) + read[at]
        weight = SPACING * (stop - start)
        value = value + ahead[start:stop].mean() * (1 + weight)
        chosen, target = np.zeros(m, bool), np.zeros(m, np.int64)
        if start:
            middle = (some.points[start:stop, 0].min() + some.points[start:stop, 0].max()) / 2
            near = -0.5 * ((middle - places) / APART) ** 2
            own = read[start:stop].sum(axis=0) + near
            # a late stroke belongs to a letter that was begun
            best = np.maximum.accumulate(own)
            target = _argmax_so_far(own)
            waited = entered + best + stays[start:stop].sum() * 0 + back[start:stop].mean() * (1 + weight)
            chosen = waited > value
            value = np.maximum(value, waited)
        lates.append((chosen, target))
    letter = np.zeros(len(some), np.int64)
    state = m - 1
    for number in range(len(lates) - 1, -1, -1):
        start, stop = ends[number], ends[number + 1]
        chosen, target = lates[number]
        if chosen[state]:
            letter[start:stop] = target[state]
            continue
        for at in range(stop - 1, start - 1, -1):
            letter[at] = state
            if steps[at, state]:
                state -= 1
    return letter


def _argmax_so_far(values: np.ndarray) -> np.ndarray:
    best = np.maximum.accumulate(values)
    new = np.concatenate([[True], values[1:] > best[:-1]])
    result: np.ndarray = np.maximum.accumulate(np.where(new, np.arange(len(values)), 0))
    return result


def overlaps(text: str, true: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Intersection over union f64 of each letter's points; points that belong to nobody count for none."""
    known = true >= 0
    result = []
    for number in range(len(text)):
        a, b = (true == number) & known, (found == number) & known
        if a.any():
            result.append((a & b).sum() / (a | b).sum())
    return np.array(result)

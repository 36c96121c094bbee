"""A word's strokes as one sequence of evenly spaced points, with what a classifier is told of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from train.words.pack import NOBODYS, Word

SPACING = 0.1
"""Distance of neighbouring points, in x-heights."""

FEATURES = 13
LONGEST = 1024
"""Points of a word; longer ones are left out."""


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A word's points in pen order."""

    points: np.ndarray
    """f64 [t,2], x-heights."""
    stroke: np.ndarray
    """int [t]: the stroke of each."""
    letter: np.ndarray
    """int [t]: of the text, or negative where nobody knows."""

    def __len__(self) -> int:
        return len(self.points)

    @property
    def ends(self) -> np.ndarray:
        """int [m+1]: where each stroke begins."""
        return np.searchsorted(self.stroke, np.arange(self.stroke[-1] + 2))


def resampled(word: Word) -> Trajectory:
    """The word with points SPACING apart along each stroke; a stroke has two at least."""
    points, stroke, letter = [], [], []
    for number, line in enumerate(word.strokes):
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        count = max(2, int(np.ceil(along[-1] / SPACING)) + 1)
        at = np.linspace(0, along[-1], count)
        points.append(np.stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)], axis=1))
        stroke.append(np.full(count, number))
        if word.letters is None:
            letter.append(np.full(count, NOBODYS))
        else:
            nearest = np.clip(np.searchsorted(along, at - 1e-9), 0, len(line) - 1)
            letter.append(word.letters[number][nearest])
    return Trajectory(np.concatenate(points), np.concatenate(stroke), np.concatenate(letter))


def features(some: Trajectory) -> np.ndarray:
    """f32 [t,FEATURES]: direction and its change, height, where strokes begin and end, how they lie."""
    ends = some.ends
    first, last = ends[:-1][some.stroke], ends[1:][some.stroke] - 1
    at = np.arange(len(some))
    way = some.points[np.minimum(at + 1, last)] - some.points[np.maximum(at - 1, first)]
    way = way / np.maximum(np.hypot(*way.T), 1e-6)[:, None]
    before = way[np.maximum(at - 1, first)]
    turn = before[:, 0] * way[:, 1] - before[:, 1] * way[:, 0]
    x = some.points[:, 0]
    reached = np.concatenate([[x[0]], np.maximum.accumulate(x)[:-1]])
    reached = reached[first]  # by what was written before this stroke
    jump = np.where((at == first)[:, None] & (first > 0)[:, None], some.points - some.points[at - 1], 0.0)
    low = np.minimum.reduceat(some.points, ends[:-1])[some.stroke]
    high = np.maximum.reduceat(some.points, ends[:-1])[some.stroke]
    columns = np.column_stack(
        [
            way,
            turn,
            some.points[:, 1] - 0.5,
            at == first,
            at == last,
            np.clip(jump, -3, 3) / 2,
            np.clip(x - reached, -4, 2) / 2,
            np.clip(high - low, 0, 4) / 2,
            np.clip((at - first) * SPACING, 0, 4) / 2,
            np.clip((last - at) * SPACING, 0, 4) / 2,
        ]
    )
    return np.asarray(columns, np.float32)


def late(some: Trajectory) -> np.ndarray:
    """bool [t]: points of strokes written after a later letter was begun, like the dot of an i at a word's end."""
    result = np.zeros(len(some), bool)
    furthest = -1
    for start, stop in zip(some.ends[:-1], some.ends[1:], strict=True):
        mine = some.letter[start:stop]
        known = mine[mine >= 0]
        if len(known) and known.max() < furthest:
            result[start:stop] = True
        elif len(known):
            furthest = max(furthest, int(known.max()))
    return result

"""Chance that depends on a seed and a place alone: the same numbers, one after another, whoever asks again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from handsynth import noise

T = TypeVar("T")

AT_ONCE = 32
"""Numbers that are drawn together at least."""


class CorpusRng:
    """Random numbers of the stream "corpus" at a place of `seed`, made of names and numbers as `noise.key_of` says."""

    def __init__(self, seed: int, *place: str | int, row: np.ndarray | None = None) -> None:
        """`row`: the first of the numbers, where somebody has drawn them together with those of other places."""
        self.seed = seed
        self._place = place
        self._row = np.empty(0, np.float32) if row is None else row
        self._used = 0

    def uniforms(self, count: int) -> np.ndarray:
        """The next `count` numbers in [0, 1), float32, multiples of 2^-24."""
        first, self._used = self._used, self._used + count
        if self._used > len(self._row):
            # a longer row begins with the numbers of a shorter one
            size = max(self._used, 2 * len(self._row), AT_ONCE)
            key = np.array([noise.key_of(*self._place)], np.uint64)
            self._row = noise.uniforms(self.seed, "corpus", key, size)[0]
        return self._row[first : self._used]

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """The next number, from `low` to `high`."""
        return low + (high - low) * float(self.uniforms(1)[0])

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included; as good as even up to 2^48 of them."""
        coarse, fine = self.uniforms(2).astype(np.float64).tolist()
        return low + int((coarse + fine * 2.0**-24) * (high - low + 1))

    def pick(self, several: Sequence[T]) -> T:
        """One of them."""
        return several[int(self.uniform() * len(several))]

    def happens(self, probability: float) -> bool:
        return self.uniform() < probability

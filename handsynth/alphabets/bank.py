"""The bank: pen strokes of Latin, Greek and Cyrillic letters by several writers, made by `python -m export.alphabets`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

UNIT = 1 / 1024
"""x-heights in a step of the stored coordinates."""


@dataclass(frozen=True, eq=False)
class Bank:
    """The letters of all writers. x-heights about the middle of the ink on the baseline, y up."""

    writers: tuple[str, ...]
    points: np.ndarray
    """float32 [p,2]."""
    strokes: np.ndarray
    """int64 [m+1]: where each stroke begins in `points`."""
    letters: np.ndarray
    """int64 [n+1]: where each letter begins in `strokes`."""
    places: dict[tuple[int, str], int]
    """The number of a letter by its writer and character."""

    def letter(self, number: int) -> list[np.ndarray]:
        """The strokes of a letter, float32 [k,2] each, in writing order."""
        ends = self.strokes[self.letters[number] : self.letters[number + 1] + 1]
        return [self.points[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]


@cache
def bank() -> Bank:
    """The bank that comes with handsynth, read on first use."""
    with (files("handsynth") / "assets" / "alphabets" / "bank.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        writers, chars = tuple(data["writers"].tolist()), [chr(code) for code in data["chars"].tolist()]
        owner = data["owner"].tolist()
        return Bank(
            writers,
            data["points"].astype(np.float32) * np.float32(UNIT),
            _starts(data["strokes"]),
            _starts(data["letters"]),
            {key: number for number, key in enumerate(zip(owner, chars, strict=True))},
        )


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts.astype(np.int64))])

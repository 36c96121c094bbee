"""The bank: pen strokes of letters by several writers, made by `python -m export.alphabets`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from handsynth.ink.paths import Paths

UNIT = 1 / 1024
"""x-heights in a step of the stored coordinates."""


@dataclass(frozen=True, eq=False)
class AlphabetBank:
    """The letters of all writers."""

    writers: tuple[str, ...]
    letters: Paths
    """In x-heights about the middle of the ink on the baseline, y up; without a pen."""
    places: dict[tuple[int, str], int]
    """The number of a letter by its writer and character."""


@cache
def bank() -> AlphabetBank:
    """The bank that comes with handsynth, read on first use."""
    with (files("handsynth") / "assets" / "alphabets" / "bank.npz").open("rb") as stream:
        data = np.load(stream, allow_pickle=False)
        chars = [chr(code) for code in data["chars"].tolist()]
        letters = Paths(
            data["points"].astype(np.float32) * np.float32(UNIT),
            _starts(data["strokes"]),
            _starts(data["letters"]),
            np.zeros(len(data["strokes"]), np.float32),
        )
        places = {key: number for number, key in enumerate(zip(data["owner"].tolist(), chars, strict=True))}
        return AlphabetBank(tuple(data["writers"].tolist()), letters, places)


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts.astype(np.int64))])

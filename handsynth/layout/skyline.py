"""How near lines of ink come to each other: what stands out of each line, in bins across it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

CLEAR = 0.1
"""Ink of neighbouring lines stays this far apart, in x-heights: lines of a picture are moved down, those of sheets are
written smaller, or a slot further down."""

BIN = 0.25
"""Width of a bin, in x-heights."""


def bins(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first and the last bin int64 [n] that inks from `left` to `right` [n] reach."""
    return np.floor(left / BIN).astype(np.int64), np.ceil(right / BIN).astype(np.int64)


def reached(first: np.ndarray, last: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All bins of all inks, whose first and last ones are [n]: some inks int64 [k], and one bin [k] of each."""
    for offset in range(int((last - first).max(initial=0)) + 1):
        some = np.flatnonzero(first + offset <= last)
        yield some, first[some] + offset

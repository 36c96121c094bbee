"""Which writers of the bank write Latin letters like a hand, and how their letters are fitted to it.

Both are measured on the same Latin letters: slant, heights and widths first; then the Chamfer distance of the lines
(Barrow et al., IJCAI 1977) of letters of which those have been made equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from handsynth.alphabets.bank import bank
from handsynth.alphabets.table import PROBES

SPACING = 0.06
"""Points that are compared lie so far apart on their line, in x-heights."""

STEEP = 1.5
"""Parts of a line that rise so much more than they go aside show the slant."""

_STEMS = "bdhklmnrutBDEHKLMNPRT"
_CAPITALS, _TALL, _LOW, _SMALL = "BDEHKLMNPRTX", "bdhkl", "gpqy", "acemnorsuvwx"
_RATIOS = 0.6, 1.6
"""Least and most by which letters of a writer are stretched."""

Lines = Mapping[str, np.ndarray]
"""Of each probe that there is: points float64 [k,2] along its lines, `SPACING` apart; x-heights, y up."""


@dataclass(frozen=True)
class Build:
    """How somebody writes: the slant as x per height, heights and widths in x-heights."""

    slant: float
    small: float
    """Height of small letters."""
    tall: float
    """Height of small letters with an upstroke."""
    low: float
    """Depth of a downstroke."""
    capital: float
    width: float
    """Spread of the ink of small letters, along x: a standard deviation."""
    broad: float
    """The same of capitals."""


@dataclass(frozen=True, eq=False)
class Writer:
    """One writer of the bank."""

    number: int
    lines: Lines
    build: Build


def build(lines: Lines) -> Build:
    """What is measured on the probes of one writer."""

    def usual(chars: str, measure: object, otherwise: float) -> float:
        found = [measure(lines[char]) for char in chars if char in lines]  # type: ignore[operator]
        return float(np.median(found)) if found else otherwise

    slant = _slant([lines[char] for char in _STEMS if char in lines])

    def spread(points: np.ndarray) -> float:
        return float(np.std(points[:, 0] - slant * points[:, 1]))

    small = usual(_SMALL, lambda points: points[:, 1].max(), 1.0)
    return Build(
        slant,
        small,
        usual(_TALL, lambda points: points[:, 1].max(), 1.5 * small),
        usual(_LOW, lambda points: -points[:, 1].min(), 0.5 * small),
        usual(_CAPITALS, lambda points: points[:, 1].max(), 1.45 * small),
        usual(_SMALL, spread, 0.25),
        usual(_CAPITALS, spread, 0.3),
    )


def _slant(letters: list[np.ndarray]) -> float:
    """Mean x per height of what is steep, weighted by its height."""
    steps = np.concatenate([np.diff(points, axis=0) for points in letters] or [np.zeros((0, 2))])
    # a step from one stroke to the next is longer than those along them
    steps = steps[np.abs(steps).sum(axis=1) < 3 * SPACING]
    steep = steps[np.abs(steps[:, 1]) > STEEP * np.abs(steps[:, 0])]
    rise = np.abs(steep[:, 1])
    return float((steep[:, 0] * np.sign(steep[:, 1])).sum() / max(float(rise.sum()), 1e-9))


def even(strokes: list[np.ndarray]) -> np.ndarray:
    """Points [k,2] at `SPACING` along all the strokes of a letter."""
    result = []
    for points in strokes:
        points = np.asarray(points, np.float64)
        lengths = np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)))])
        at = np.linspace(0.0, lengths[-1], max(2, round(float(lengths[-1]) / SPACING) + 1))
        result.append(np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1))
    return np.concatenate(result)


@cache
def writers() -> tuple[Writer, ...]:
    """All writers of the bank."""
    store = bank()
    result = []
    for number in range(len(store.writers)):
        have = {char: store.places[number, char] for char in PROBES if (number, char) in store.places}
        lines = {char: even(store.letter(place)) for char, place in have.items()}
        result.append(Writer(number, lines, build(lines)))
    return tuple(result)


def fitted(points: np.ndarray, capital: np.ndarray | bool, own: Build, other: Build) -> np.ndarray:
    """Points [k,2] of letters by `other` with the slant, heights and widths of `own`; `capital`: which are of capitals."""
    x, y = points[:, 0] - other.slant * points[:, 1], points[:, 1]

    def ratio(a: float, b: float) -> float:
        return float(np.clip(a / b if b > 0 else 1.0, *_RATIOS))

    small, low = ratio(own.small, other.small), ratio(own.low, other.low)
    over = ratio(own.tall - own.small, other.tall - other.small)
    level = np.where(y > other.small, other.small * small + (y - other.small) * over, y * np.where(y < 0, low, small))
    high = np.where(y < 0, y * low, y * ratio(own.capital, other.capital))
    y = np.where(capital, high, level)
    x = x * np.where(capital, ratio(own.broad, other.broad), ratio(own.width, other.width))
    return np.stack([x + own.slant * y, y], axis=1)


def distance(own: Lines, build: Build, writer: Writer) -> float:
    """Mean Chamfer distance of the probes that both have, in x-heights."""
    found = []
    for char, points in own.items():
        if char not in writer.lines:
            continue
        other = fitted(writer.lines[char], char.isupper(), build, writer.build)
        gap = (_centred(points)[:, None] - _centred(other)[None]) ** 2
        near = np.sqrt(gap.sum(axis=2))
        found.append((near.min(axis=0).mean() + near.min(axis=1).mean()) / 2)
    return float(np.mean(found)) if found else float("inf")


def _centred(points: np.ndarray) -> np.ndarray:
    result: np.ndarray = points - np.array([points[:, 0].mean(), 0.0])
    return result

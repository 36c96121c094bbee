"""Which writers of the bank write Latin letters like a hand, and how their letters are fitted to it.

Both are measured on the same Latin letters, the probes: slant, heights and widths first, then the Chamfer distance
(Barrow et al., IJCAI 1977) between lines in which those have been made equal. x-heights, y up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from handsynth.ink.alphabets.bank import bank
from handsynth.ink.paths import Paths
from handsynth.text.alphabets import PROBES

POINTS = 32
"""Points along the lines of a letter at which it is compared."""

STEEP = 1.5
"""Parts of a line that rise so much more than they go aside show the slant."""

_STEMS = "bdhklmnrutBDEHKLMNPRT"
_CAPITALS, _TALL, _LOW, _SMALL = "BDEHKLMNPRTX", "bdhkl", "gpqy", "acemnorsuvwx"
_RATIOS = 0.6, 1.6
"""Least and most by which letters of a writer are stretched."""


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
    """Spread of the ink of small letters along x: a standard deviation."""
    broad: float
    """The same of capitals."""


@dataclass(frozen=True, eq=False)
class Likeness:
    """The probes by one writer."""

    points: np.ndarray
    """float64 [probes,POINTS,2]: at equal distances along the lines of each."""
    build: Build


def likeness(probes: Paths) -> Likeness:
    """What is compared of drawings of `PROBES`, in their order."""
    points = np.stack([_even(probes.take(slice(row, row + 1))) for row in range(len(probes))])
    slant = _slant(probes.take(_rows(_STEMS)))
    x = points[..., 0] - slant * points[..., 1]
    top, foot, spread = points[..., 1].max(axis=1), points[..., 1].min(axis=1), x.std(axis=1)

    def usual(of: np.ndarray, chars: str) -> float:
        return float(np.median(of[_rows(chars)]))

    small, tall, capital = usual(top, _SMALL), usual(top, _TALL), usual(top, _CAPITALS)
    low, width, broad = -usual(foot, _LOW), usual(spread, _SMALL), usual(spread, _CAPITALS)
    return Likeness(points, Build(slant, small, tall, low, capital, width, broad))


@cache
def writers() -> tuple[Likeness, ...]:
    """Of all writers of the bank."""
    store = bank()
    every = range(len(store.writers))
    return tuple(likeness(store.letters.take(np.array([store.places[n, char] for char in PROBES]))) for n in every)


def nearest(own: Likeness) -> tuple[int, ...]:
    """All writers of the bank, the likest first."""
    capital = np.repeat([char.isupper() for char in PROBES], POINTS)
    far = []
    for number, other in enumerate(writers()):
        fit = fitted(other.points.reshape(-1, 2), capital, own.build, other.build).reshape(other.points.shape)
        far.append((_distance(own.points, fit), number))
    return tuple(number for _, number in sorted(far))


def fitted(points: np.ndarray, capital: np.ndarray, own: Build, other: Build) -> np.ndarray:
    """Points [k,2] of letters by `other` with the slant, heights and widths of `own`.

    capital: bool [k], which are of capitals.
    """
    x, y = points[:, 0] - other.slant * points[:, 1], points[:, 1]
    small, low = _ratio(own.small, other.small), _ratio(own.low, other.low)
    over = _ratio(own.tall - own.small, other.tall - other.small)
    above = other.small * small + (y - other.small) * over
    level = np.where(y > other.small, above, y * small)
    up = np.where(capital, y * _ratio(own.capital, other.capital), level)
    y = np.where(y < 0, y * low, up)
    x = x * np.where(capital, _ratio(own.broad, other.broad), _ratio(own.width, other.width))
    return np.stack([x + own.slant * y, y], axis=1)


def _ratio(own: float, other: float) -> float:
    return float(np.clip(own / other if other > 0 else 1.0, *_RATIOS))


def _rows(chars: str) -> np.ndarray:
    return np.array([PROBES.index(char) for char in chars])


def _even(letter: Paths) -> np.ndarray:
    """`POINTS` points at equal distances along all the strokes of one letter."""
    points = letter.points.astype(np.float64)
    steps = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
    steps[letter.strokes[1:-1] - 1] = 0.0  # from stroke to stroke there is no line
    lengths = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0.0, lengths[-1], POINTS)
    return np.stack([np.interp(at, lengths, points[:, axis]) for axis in (0, 1)], axis=1)


def _slant(letters: Paths) -> float:
    """Mean x per height of what is steep, weighted by its height."""
    inside = np.diff(letters.stroke) == 0
    steps = np.diff(letters.points.astype(np.float64), axis=0)[inside]
    steep = steps[np.abs(steps[:, 1]) > STEEP * np.abs(steps[:, 0])]
    rise = np.abs(steep[:, 1])
    return float((steep[:, 0] * np.sign(steep[:, 1])).sum() / max(float(rise.sum()), 1e-9))


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    """Mean Chamfer distance of letters [l,POINTS,2], each about its own middle."""
    one, other = (points - points.mean(axis=1, keepdims=True) * (1, 0) for points in (one, other))
    x, y = (one[:, :, None, axis] - other[:, None, :, axis] for axis in (0, 1))
    gaps = x * x + y * y
    return float((np.sqrt(gaps.min(axis=1)).mean() + np.sqrt(gaps.min(axis=2)).mean()) / 2)

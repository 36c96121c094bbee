"""A baseline like a person's: words rise and fall a little, and a line drifts.

Every number hangs on a word, so that a change of the text moves only what is near it.
"""

from __future__ import annotations

import numpy as np

from handsynth import noise
from handsynth.arrays import Floats, Ints

RISE = 0.1
"""Standard deviation of the height of words about their line, in x-heights, by hands as uneven as most."""

SLOPE = 0.018
"""Standard deviation of the slope of a word (1 degree), by the same."""

DRIFT = 0.0035
"""Standard deviation of the slope with which a line begins (0.2 degrees)."""

STEEPEST, TURN = 0.006, 50.0
"""Greatest such slope, and how far (in x-heights) a line keeps it: no line ever drifts by more than their product."""

MARGIN = 0.2
"""A line begins up to this far inside the left edge, in x-heights."""


def margins(seed: int | np.ndarray, keys: np.ndarray) -> np.ndarray:
    """How far inside the left edge a line begins with each of the words `keys` uint64 [w], in x-heights."""
    return MARGIN * noise.uniforms(seed, "layout", keys, 5)[:, 4].astype(np.float64)


def chances(seed: int | np.ndarray, keys: np.ndarray) -> np.ndarray:
    """The noise of words whose keys are uint64 [w], for `wander`: float64 [w,3]."""
    return noise.normals(seed, "layout", keys, 3).astype(np.float64)


def wander(
    chance: np.ndarray, word: np.ndarray, line: np.ndarray, x: np.ndarray, unevenness: float
) -> tuple[np.ndarray, np.ndarray]:
    """Height [n] of the baseline above the ruled line, in x-heights, and its angle [n], in radians, at n glyphs.

    `word`, `line`, `x` [n] are those of the glyphs, in reading order; `chance` [w,3] is the words'. Lines of all hands
    drift alike; letters' own shift (see `unevenness.strays`) and the dial `wander` are left to the caller.
    """
    rise, slope = unevenness * RISE * chance[:, 0], unevenness * SLOPE * chance[:, 1]
    drift = np.clip(DRIFT * chance[:, 2], -STEEPEST, STEEPEST)
    # neighbouring words go together: each takes part in the rise of the next
    padded = np.pad(rise, 1, mode="edge")
    rise = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) * (0.25 * 1.63)

    # a run is a word, or the part of it that stands on one line
    begins = np.flatnonzero(np.diff(word, prepend=-1) | np.diff(line, prepend=-1))
    sizes = np.diff([*begins, len(word)])
    middle = np.add.reduceat(x, begins) / sizes
    run_word, run_line = word[begins], line[begins]
    level = _between(x, line, middle, run_line, rise[run_word])
    level += np.clip(slope[word] * (x - np.repeat(middle, sizes)), -0.12, 0.12)

    opens = np.flatnonzero(np.diff(line, prepend=-1))
    lengths = np.diff([*opens, len(line)])
    height, tilt = _drift((x - np.repeat(x[opens], lengths)) / TURN)
    slant = np.repeat(drift[word[opens]], lengths)
    level += slant * TURN * height
    tilt = slant * tilt
    return level, tilt + slope[word]


def _drift(way: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Height [n] and slope [n] of a long line after `way` [n]: straight at first, within -1 … 1 for ever.

    The product of two waves whose periods share no multiple, so that it never repeats.
    """
    slow = way / np.e
    return np.sin(way) * np.cos(slow), np.cos(way) * np.cos(slow) - np.sin(way) * np.sin(slow) / np.e


def _between(x: Floats, line: Ints, knot: Floats, knot_line: Ints, value: Floats) -> Floats:
    """Values [n] eased (cosine) between those at the knots of the same line; level before and after them."""
    span = max(float(x.max(initial=0.0)), float(knot.max(initial=0.0))) - min(float(x.min(initial=0.0)), 0.0) + 1.0
    at, knots = x + line * (2 * span), knot + knot_line * (2 * span)
    after = np.searchsorted(knots, at)
    low, high = np.clip(after - 1, 0, len(knot) - 1), np.clip(after, 0, len(knot) - 1)
    low = np.where(knot_line[low] == line, low, high)
    high = np.where(knot_line[high] == line, high, low)
    width = knots[high] - knots[low]
    share = np.where(width > 0, (at - knots[low]) / np.where(width > 0, width, 1.0), 0.0)
    return value[low] + (value[high] - value[low]) * (0.5 - 0.5 * np.cos(np.pi * share))

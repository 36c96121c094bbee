"""What tells a person's page from a machine's: sizes and slants that drift, ink that runs dry, slips struck out.

Every dial `amount` is 0 for nothing at all, 1 for a usual person, 3 at most. Every number hangs on a word or a letter
and on its neighbours, so that a change of the text moves only what is near it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import Floats, Ints
from handsynth.layout.page import Stroke

SIZE, SIZE_BOUND = 0.045, 0.12
"""Standard deviation and bound of the size of words, as a share of it."""

SIZES = 0.7, 1.3
"""No word is smaller or larger, whatever the amount."""

SLANT, LETTER_SLANT, SLANT_BOUND = 0.04, 0.018, 0.14
"""Standard deviation of the shear of words, of single letters beside it, and the bound of both together."""

WIDEST_MARGIN = 1.5
"""A line begins at most so far inside the margin, in x-heights."""

LEAST_DEPTH = 0.35
"""Ink is never paler, as a share of its colour."""

DRY, DRY_WORDS, REFRESH = 0.2, 12, 0.09
"""How pale ink gets, after how many words, and the share of words at which it is refreshed."""

LIFT, LIFT_LENGTH, MOST_LIFT = 0.1, 1.2, 1.0
"""How much paler a word ends, over which length before its end, in x-heights, and up to which amount that grows."""

WEIGHT, LETTER_WEIGHT, WEIGHT_BOUND = 0.11, 0.04, 0.45
"""Standard deviation of the pressure of words and of single letters, and its bound, in frame px on each side."""

SLIPS = 0.01
"""Share of the words that are miswritten at first."""


_SMOOTH = np.array([1.0, 2.0, 3.0, 2.0, 1.0])


@dataclass(frozen=True)
class Imperfections:
    """How much of each imperfection a page has. 0 is none, 1 what is usual, 3 the most."""

    wander: float = dials.default("wander")
    """Baselines that drift and slope."""
    size: float = 0.0
    """Words that grow and shrink."""
    slant: float = 0.0
    """Words that lean more and less."""
    margin: float = 0.0
    """Lines that do not begin under each other."""
    tiring: float = 0.0
    """All of it growing down the page."""
    pressure: float = 0.0
    """Strokes that thicken and thin."""
    ink: float = 0.0
    """Ink that runs dry and is refreshed along the line."""
    pool: float = 0.0
    """Ink that pools where strokes end."""
    slips: float = 0.0
    """Words struck out and written again, in per cent of the words."""


def sizes(seed: int, keys: np.ndarray, amount: float) -> np.ndarray:
    """Size float64 [w] of each of the words `keys` uint64 [w], 1 = as it should be; neighbours are alike."""
    drift = np.clip(SIZE * _smooth(_drawn(seed, keys, 0)), -SIZE_BOUND, SIZE_BOUND)
    return np.clip(1.0 + amount * drift, *SIZES)


def slants(seed: int, keys: Ints, places: Ints, word: Ints, amount: float) -> Floats:
    """Shear float32 [n] beside the hand's own of letters `places` uint64 [n], in the words `word` [n] of `keys`."""
    lean = SLANT * _smooth(_drawn(seed, keys, 1))[word] + LETTER_SLANT * _drawn(seed, places, 0, 4)
    return (amount * np.clip(lean, -SLANT_BOUND, SLANT_BOUND)).astype(np.float32)


def margins(seed: int, keys: np.ndarray, amount: float) -> np.ndarray:
    """How far inside the margin each line begins, float64 [lines] within 0 … amount * WIDEST_MARGIN, in x-heights.

    `keys` uint64 [lines]: noise keys of the lines' first words.
    """
    drawn = _drawn(seed, keys, 2)
    return amount * WIDEST_MARGIN * (0.5 + 0.5 * np.tanh(0.7 * _smooth(drawn) + 0.15 * drawn))


def depths(seed: int, keys: np.ndarray, word: np.ndarray, line: np.ndarray, x: np.ndarray, amount: float) -> np.ndarray:
    """Depth of the ink float32 [n] in LEAST_DEPTH … 1 of letters in reading order; `word`, `line`, `x` [n].

    Ink runs dry over some words until it is refreshed, and a word ends paler than it begins.
    """
    if not len(word):
        return np.ones(0, np.float32)
    begins = np.flatnonzero(np.diff(word, prepend=-1) | np.diff(line, prepend=-1))
    sizes = np.diff([*begins, len(word)])
    ends = np.repeat(x[begins + sizes - 1], sizes)
    length = ends - np.repeat(x[begins], sizes)
    share = (x - np.repeat(x[begins], sizes)) / np.maximum(length, 1e-9) * (length > 0)

    number = np.arange(len(keys))
    fresh = noise.uniforms(seed, "fault", keys, 8)[:, 7] < REFRESH
    since = np.minimum(number - np.maximum.accumulate(np.where(fresh, number, -DRY_WORDS)), DRY_WORDS)
    # without a fresh start in sight, ink is as dry as it gets
    dry = DRY * (np.minimum(since[word] + share, DRY_WORDS) / DRY_WORDS) ** 1.5
    lift = LIFT * np.clip(1 - (ends - x) / LIFT_LENGTH, 0, 1) ** 2 * np.clip(length / LIFT_LENGTH, 0, 1)
    cloud = 0.05 + 0.05 * np.tanh(_smooth(_drawn(seed, keys, 3)))[word]
    # the end of a word never looks as if another pen had written it
    pale = amount * (dry + cloud) + min(amount, MOST_LIFT) * lift
    return np.asarray(np.clip(1 - pale, LEAST_DEPTH, 1), np.float32)


def weights(seed: int, keys: np.ndarray, places: np.ndarray, word: np.ndarray, amount: float) -> np.ndarray:
    """Pressure float32 [n], in frame px to add to a letter's field, within ±WEIGHT_BOUND. Arguments as `slants`.

    It goes from the middle of one word to that of the next, and does not jump between them.
    """
    press = WEIGHT * _between(_smooth(_drawn(seed, keys, 4)), word) + LETTER_WEIGHT * _drawn(seed, places, 1, 4)
    return np.clip(amount * press, -WEIGHT_BOUND, WEIGHT_BOUND).astype(np.float32)


def tired(position: np.ndarray, amount: float) -> np.ndarray:
    """How much larger faults are, float64 [n], at `position` [n] from 0, the top of the page, to 1."""
    return 1.0 + 0.5 * amount * np.clip(np.asarray(position, np.float64), 0, 1) ** 1.5


def slip(seed: int, key: int, text: str, amount: float) -> str | None:
    """What is written, and struck out, before the word `text` of noise key `key`: nothing, as a rule.

    The beginning of the word, or the word with two letters swapped, one doubled or one left out. Only words of four
    letters and more are miswritten.
    """
    if amount <= 0 or len(text) < 4 or not text.isalpha():
        return None
    place = np.array([noise.key_of(int(key), "slip")], np.uint64)
    chance, kind, where, _ = noise.uniforms(seed, "fault", place, 4)[0].astype(float).tolist()
    if chance >= amount * SLIPS:
        return None
    at = 1 + int(where * (len(text) - 2))
    if kind < 0.3 and text[at] != text[at + 1]:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind < 0.5:
        return text[: at + 1] + text[at:]
    if kind < 0.7:
        return text[:at] + text[at + 1 :]
    return text[: max(2, at + 1)]


def strike(left: float, right: float, height: float, seed: int, key: int, width: float = 0.12) -> Stroke:
    """A line drawn by hand through what stands from `left` to `right`, about `height` (x-heights, y down).

    Most are one stroke; some go there and back, or to and fro.
    """
    place = np.array([noise.key_of(int(key), "strike")], np.uint64)
    kind, start, end, tilt, turn, *phase = noise.uniforms(seed, "fault", place, 8)[0].astype(float).tolist()
    left, right = left - 0.08 - 0.2 * start, right + 0.08 + 0.25 * end
    span = right - left
    if kind < 0.72:
        legs = [(left, right)]
    elif kind < 0.88:
        legs = [(left, right), (right - 0.1 * turn, left + 0.25 * turn)]
    else:
        marks = np.linspace(left, right, 2 * max(2, round(span / 0.7)) + 1)
        legs = list(zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True))
    points = []
    for number, (begin, stop) in enumerate(legs):
        x = np.linspace(begin, stop, max(4, round(abs(stop - begin) / 0.15) + 1))
        wave = 0.045 * np.sin(1.7 * x + 6.28 * phase[0] + number) + 0.025 * np.sin(4.1 * x + 6.28 * phase[1])
        y = height + wave + 0.05 * (tilt - 0.5) * (x - (left + right) / 2)
        if len(legs) == 2:
            y = y + 0.13 * (2 * number - 1) * (0.3 + 0.7 * (right - x) / span)
        elif len(legs) > 2:
            share = np.linspace(0, 1, len(x))
            y = y + 0.3 * (2 * (number % 2) - 1) * np.cos(np.pi * share)
        points.append(np.stack([x, y], axis=1))
    return Stroke(np.concatenate(points), width)


def _drawn(seed: int, keys: np.ndarray, column: int, size: int = 8) -> np.ndarray:
    """Standard normals float64 [n]: one of the `size` numbers that each key has for the faults of its word."""
    return noise.normals(seed, "fault", keys, size)[:, column].astype(np.float64)


def _smooth(values: np.ndarray) -> np.ndarray:
    """Values [n] of which each has a part in the two before and after it; standard normals stay standard."""
    if not len(values):
        return values
    padded = np.pad(values, len(_SMOOTH) // 2, mode="edge")
    return np.convolve(padded, _SMOOTH / np.sqrt((_SMOOTH**2).sum()), mode="valid")


def _between(values: np.ndarray, word: np.ndarray) -> np.ndarray:
    """Of values [w] in the middle of words those of their letters, float64 [n], straight from one to the next.

    `word` [n], rising: the word of each letter.
    """
    if not len(word):
        return np.zeros(0)
    begins = np.flatnonzero(np.diff(word, prepend=-1))
    sizes = np.diff(np.append(begins, len(word)))
    inside = (np.arange(len(word)) - np.repeat(begins, sizes) + 0.5) / np.repeat(sizes, sizes)
    at = word + inside - 0.5
    first = np.clip(np.floor(at), 0, len(values) - 1).astype(np.int64)
    after = np.minimum(first + 1, len(values) - 1)
    share = np.clip(at - first, 0, 1)
    return np.asarray(values[first] + share * (values[after] - values[first]))

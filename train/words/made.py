"""Words made up of people's single letters, tied by curves as joining hands do: their letters are known everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handsynth.arrays import Floats
from handsynth.text.extents import extents
from train.data.npz import load_arrays
from train.data.unipen_pack import ARRAYS
from train.words.pack import Word

COMES_BACK = frozenset("ijtxfAEFHTIJKXk")
"""Letters whose later strokes may wait until what is joined is written."""

GAP, GAP_SPREAD = 0.22, 0.22
"""Between the boxes of neighbouring letters, x-heights."""

HANDLES = 0.1, 0.6
"""Range of a join's handles, as a share of its chord."""

WAITS = 0.6
LEAST = 15
"""Small letters that a writer must have."""


@dataclass(frozen=True, eq=False)
class WriterLetters:
    """One writer's single characters: strokes in x-heights over the baseline, each beginning at x = 0."""

    writer: int
    known: dict[str, list[list[np.ndarray]]]


def open_letters(path: Path) -> list[WriterLetters]:
    """The training writers of a pack of characters that have most of the small letters."""
    pack = load_arrays(path, ARRAYS)
    strokes = np.concatenate([[0], np.cumsum(pack["strokes_per_char"].astype(np.int64))])
    ends = np.concatenate([[0], np.cumsum(pack["points_per_stroke"].astype(np.int64))])
    points = pack["points"].astype(np.float64) * (0.01, -0.01)
    result = []
    good = (pack["split"] == 0) & pack["curated"]
    for writer in np.unique(pack["writer"][good]).tolist():
        rows = np.flatnonzero(good & (pack["writer"] == writer))
        chars = [chr(code) for code in pack["codepoint"][rows].tolist()]
        if len({char for char in chars if char.islower()}) < LEAST:
            continue
        heights = [
            float(np.ptp(points[ends[strokes[row]] : ends[strokes[row + 1]], 1])) / extents(char).height
            for row, char in zip(rows.tolist(), chars, strict=True)
        ]
        size = max(float(np.median(heights)), 0.05)
        known: dict[str, list[list[np.ndarray]]] = {}
        for row, char in zip(rows.tolist(), chars, strict=True):
            lines = [points[ends[j] : ends[j + 1]] / size for j in range(strokes[row], strokes[row + 1])]
            ink = np.concatenate(lines)
            up = (ink[:, 1].max() - extents(char).top + ink[:, 1].min() - extents(char).bottom) / 2
            known.setdefault(char, []).append([line - (ink[:, 0].min(), up) for line in lines])
        result.append(WriterLetters(writer, known))
    return result


def made(text: str, by: WriterLetters, chance: np.random.Generator) -> Word:
    """`text` in a writer's letters; raises KeyError for a letter that he has not."""
    share = chance.choice([0.0, 0.5, 1.0], p=[0.2, 0.3, 0.5])
    lines: list[tuple[np.ndarray, np.ndarray]] = []
    waiting: list[tuple[np.ndarray, np.ndarray]] = []
    right, joined, shift = 0.0, False, chance.normal(0, 0.1)
    for number, char in enumerate(text):
        copies = by.known[char]
        drawn = copies[chance.integers(len(copies))]
        shift = 0.6 * shift + chance.normal(0, 0.1)
        ink = np.concatenate(drawn)
        gap = chance.normal(GAP, GAP_SPREAD)
        left = 0.0 if number == 0 else right + gap
        placed = [line + (left, shift) for line in drawn]
        own = [(line, np.full(len(line), number)) for line in placed]
        first, rest = own[0], own[1:]
        if number and joined and first[0][0, 0] > lines[-1][0][-1, 0] - 1.0:
            lines[-1] = _tied(lines[-1], first, chance)
        else:
            lines += waiting
            waiting = []
            lines.append(first)
        if char in COMES_BACK and rest and chance.random() < WAITS:
            waiting += rest
            rest = []
        lines += rest
        joined = not rest and char.isalpha() and chance.random() < share
        right = left + ink[:, 0].max()
    lines += waiting
    return Word(text, by.writer, 0, tuple(line for line, _ in lines), tuple(letters for _, letters in lines))


def _tied(
    before: tuple[np.ndarray, np.ndarray], after: tuple[np.ndarray, np.ndarray], chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Two strokes as one, by a cubic curve from the end of one to the beginning of the other."""
    a, b = before[0][-1], after[0][0]
    chord = float(np.hypot(*(b - a)))
    out, into = (_direction(line) for line in (before[0][::-1], after[0]))
    one, two = chance.uniform(*HANDLES, size=2) * chord
    t = np.linspace(0, 1, max(3, int(chord / 0.08)))[1:-1, None]
    p1, p2 = a - out * one, b - into * two
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * b
    half = len(curve) // 2
    letters = np.concatenate([np.full(half, before[1][-1]), np.full(len(curve) - half, after[1][0])])
    return np.concatenate([before[0], curve, after[0]]), np.concatenate([before[1], letters, after[1]])


def _direction(line: Floats) -> Floats:
    """The unit vector in which a stroke begins."""
    way = line[min(3, len(line) - 1)] - line[0]
    return np.asarray(way / max(float(np.hypot(*way)), 1e-6))

"""A Truth as a tree, for the formats that nest: lines of words of glyphs, within the picture."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from handsynth.truth.polygons import clipped, clipped_line
from handsynth.truth.truth import Truth

STRUCK = "struck-out"
"""What the ink of words is called that are no part of the text."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class TruthPart:
    """A line, a word or a glyph."""

    number: int
    """Place in the columns of the Truth, from 1."""
    text: str
    polygon: np.ndarray
    """float64 [k,2], within the picture."""
    parts: tuple[TruthPart, ...] = ()
    """Words of a line, glyphs of a word."""
    baseline: np.ndarray | None = None
    """Of a line: float64 [m,2], within the picture."""

    @cached_property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        low, high = self.polygon.min(axis=0).tolist(), self.polygon.max(axis=0).tolist()
        return low[0], low[1], high[0], high[1]

    @cached_property
    def whole_box(self) -> tuple[int, int, int, int]:
        """The box widened to whole px."""
        left, top, right, bottom = self.box
        return math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)


def lines(truth: Truth) -> list[TruthPart]:
    """Lines of words of glyphs, all but what is struck out; a line of which nothing is left is none."""
    size = truth.width, truth.height
    owned: dict[int, list[TruthPart]] = defaultdict(list)
    for word in _words(truth, False):
        owned[int(truth.word_line[word.number - 1])].append(word)
    return [
        TruthPart(
            i + 1,
            truth.lines[i],
            clipped(truth.line_polygons[i], *size),
            tuple(words),
            clipped_line(truth.line_baselines[i], *size),
        )
        for i, words in sorted(owned.items())
    ]


def struck(truth: Truth) -> list[TruthPart]:
    """The words of glyphs that are struck out."""
    return _words(truth, True)


def around(parts: list[TruthPart]) -> np.ndarray:
    """Corners float64 [4,2] of the box around some parts, clockwise as seen."""
    left, top, right, bottom = np.array([part.box for part in parts]).T
    x0, y0, x1, y1 = left.min(), top.min(), right.max(), bottom.max()
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])


def _words(truth: Truth, out: bool) -> list[TruthPart]:
    size = truth.width, truth.height
    owned: dict[int, list[TruthPart]] = defaultdict(list)
    for i, word in enumerate(truth.glyph_word.tolist()):
        if bool(truth.struck[word]) == out:
            owned[word].append(TruthPart(i + 1, truth.glyphs[i], clipped(truth.glyph_polygons[i], *size)))
    return [
        TruthPart(i + 1, text, clipped(truth.word_polygons[i], *size), tuple(owned[i]))
        for i, text in enumerate(truth.words)
        if bool(truth.struck[i]) == out
    ]

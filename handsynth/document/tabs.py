"""Tabs: what follows one begins at the next tab stop of its line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth.layout.setting import INDENT
from handsynth.layout.words import Script
from handsynth.text.charset import Item
from handsynth.text.emphasis import Span

STOP = 8 * INDENT
"""Tab stops are so far apart, in x-heights: eight blanks at the beginning of a line."""

NEAREST = 0.75
"""Clear space before a tab stop, at least, in x-heights."""


def noted(items: Sequence[Item]) -> list[Item]:
    """`items`, of which each that follows tabs has a span `tab` as long as there are tabs."""
    result: list[Item] = []
    tabs = 0
    for item in items:
        if item.text == "\t":
            tabs += 1
        elif item.kind == "newline":
            tabs = 0
        elif tabs and item.kind in ("glyph", "box"):
            item, tabs = replace(item, spans=(*item.spans, Span("tab", 0, tabs))), 0
        result.append(item)
    return result


def counts(script: Script) -> np.ndarray:
    """How many tabs stand before each glyph of `script`, int64 [n]."""
    found = [sum(span.stop for span in item.spans if span.kind == "tab") for item in script.items]
    return np.where(script.optional, 0, np.array(found, np.int64).reshape(len(found)))


def stopped(
    script: Script, step: np.ndarray, left: np.ndarray, right: np.ndarray, begins: np.ndarray, tabs: np.ndarray
) -> np.ndarray:
    """`step` [n] with what follows `tabs` [n] at tab stops; a line that begins with glyph i begins at `begins[i]`."""
    result = step.copy()
    x, end = 0.0, 0.0
    for i in np.flatnonzero(~script.optional).tolist():
        if i == 0 or script.newlines[i]:
            x = begins[i] - left[i]
        elif tabs[i]:
            stop = (np.floor((end + NEAREST) / STOP) + tabs[i]) * STOP
            result[i] = stop - left[i] - x
            x += result[i]
        else:
            x += result[i]
        end = x + right[i]
    return result

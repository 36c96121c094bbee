"""Tables: cells to columns, and the lines that a hand rules around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from handsynth import noise
from handsynth.errors import InputError
from handsynth.layout.page import Stroke
from handsynth.text.emphasis import Span, Spans

PAD = 0.6
"""Room beside the words of a cell, in x-heights."""

ABOVE, BELOW = 2.3, 0.75
"""How far a table's lines stand above and below the baseline of a row, in x-heights."""

PEN = 0.1
"""Width of the pen of ruled lines, in x-heights."""


@dataclass(frozen=True)
class Table:
    """What a block of rows, a line each, is besides its text."""

    aligns: tuple[str, ...]
    """Of the columns: left, centre or right."""
    cells: tuple[tuple[int, int], ...]
    """Where in the text each cell begins, and its column. Its characters have a span `cell`."""
    header: bool = True
    """Whether the first row is the head."""


def written(
    rows: Sequence[Sequence[tuple[str, Spans]]], aligns: Sequence[str], header: bool
) -> tuple[str, Spans, Table]:
    """The text of a block for `rows` of cells, each with its words and their emphasis; its spans; and its table."""
    parts: list[str] = []
    spans: list[Span] = []
    cells: list[tuple[int, int]] = []
    size = 0
    for number, row in enumerate(rows):
        for column, (words, of) in enumerate(row):
            if column or number:
                parts.append(" " if column else "\n")
                size += 1
            text = " ".join(words.split("\n"))
            if text:
                cells.append((size, column))
                spans.append(Span("cell", size, size + len(text)))
            spans += [Span(one.kind, one.start + size, one.stop + size) for one in of]
            parts.append(text)
            size += len(text)
    return "".join(parts), tuple(spans), Table(tuple(aligns), tuple(cells), header)


def columns(
    table: Table, spans: Sequence[Spans], line: np.ndarray, left: np.ndarray, right: np.ndarray, width: float, at: int
) -> tuple[np.ndarray, np.ndarray]:
    """How far to move each glyph [n] so that cells stand in columns, and the edges [c+1] of those, in x-heights.

    `spans` [n] say which cell each glyph is in, `line` [n] its row; `left`, `right` [n] are its ink. Raises InputError
    where the table, in line `at` of the source, is wider than `width`.
    """
    column_of = dict(table.cells)
    cells: dict[int, list[int]] = {}
    for glyph, of in enumerate(spans):
        for span in of:
            if span.kind == "cell":
                cells.setdefault(span.start, []).append(glyph)
    boxes = {start: (float(left[rows].min()), float(right[rows].max())) for start, rows in cells.items()}
    wide = np.zeros(len(table.aligns))
    for start, (low, high) in boxes.items():
        wide[column_of[start]] = max(wide[column_of[start]], high - low)
    edges = np.concatenate([[0.0], np.cumsum(wide + 2 * PAD)])
    if edges[-1] > width:
        raise InputError(
            f"the table in line {at} is {edges[-1] / width:.2f} times as wide as the text; "
            "give a smaller size, larger paper or smaller margins"
        )
    move = np.zeros(len(line))
    for start, rows in cells.items():
        low, high = boxes[start]
        column = column_of[start]
        slack = float(wide[column]) - (high - low)
        share = {"right": 1.0, "centre": 0.5}.get(table.aligns[column], 0.0)
        move[rows] = edges[column] + PAD + share * slack - low
    return move, edges


def ruled(edges: np.ndarray, rows: Sequence[float], header: bool, seed: int, order: int) -> Iterator[Stroke]:
    """The lines of a table, drawn by hand along a ruler, whose `rows` stand on these baselines of a sheet.

    `edges` are those of its columns, from the sheet's left. There are lines around it, between the columns and, with
    `header`, below the first row.
    """
    top, bottom = rows[0] - ABOVE, rows[-1] + BELOW
    across = [top, *([rows[0] + BELOW] if header and len(rows) > 1 else []), bottom]
    ends = [((edges[0], y), (edges[-1], y)) for y in across] + [((x, top), (x, bottom)) for x in edges]
    for number, (begin, end) in enumerate(ends):
        key = np.array([noise.place("table", order, round(rows[0] * 16), number)], np.uint64)
        drawn = noise.normals(seed, "layout", key, 8)[0].astype(np.float64).clip(-2, 2)
        way = np.subtract(end, begin)
        length = float(np.hypot(*way))
        along = way / max(length, 1e-9)
        # a ruled line is straight; it begins and ends a little off, and leans by a hair
        first = np.asarray(begin) + along * 0.06 * drawn[0] + 0.03 * drawn[1] * along[::-1]
        last = np.asarray(end) + along * 0.06 * drawn[2] + 0.03 * drawn[3] * along[::-1]
        yield Stroke(np.linspace(first, last, 6), PEN)

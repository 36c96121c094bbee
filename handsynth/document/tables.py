"""Tables: cells to columns, and the lines that a hand rules around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from handsynth import noise
from handsynth.errors import InputError
from handsynth.layout.page import Stroke
from handsynth.text.emphasis import Span, Spans

PAD = 0.9
"""Room beside the words of a cell, in x-heights."""

SMALLER = 0.88
"""Size of the writing in a table, so that it keeps clear of the lines: people write smaller there, too."""

ABOVE, BELOW = 2.2, 1.2
"""How far a table's first and last line stand above and below the baselines of its rows, in x-heights."""

SHARE = 0.37
"""Where between two baselines a line is: below what hangs down, above what rises."""

_ROUNDING = 1e-6

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


@dataclass(frozen=True, eq=False)
class Columns:
    """Where the n glyphs of a table stand. Lengths are in x-heights."""

    move: np.ndarray
    """float64 [n]: how far to the right of where they were set in one line a row."""
    line: np.ndarray
    """int32 [n]."""
    edges: np.ndarray
    """float64 [c+1]: of the columns, from the table's left."""
    rows: np.ndarray
    """int64 [r+1]: the line with which each row begins, and the number of lines."""


@dataclass(frozen=True)
class _Cell:
    """The words of a cell, each the numbers of its glyphs, and where its ink begins and ends."""

    row: int
    column: int
    words: list[list[int]]
    ends: list[tuple[float, float]]

    def lines(self, width: float) -> list[tuple[int, int]]:
        """First word and stop of each line, no wider than `width` where a word fits."""
        first, found = 0, []
        for word in range(1, len(self.words)):
            if self.ends[word][1] - self.ends[first][0] > width + _ROUNDING:
                found.append((first, word))
                first = word
        return [*found, (first, len(self.words))]


def columns(
    table: Table, spans: Sequence[Spans], line: np.ndarray, breakable: np.ndarray, left: np.ndarray, right: np.ndarray,
    width: float, at: int,
) -> Columns:  # fmt: skip
    """Set cells in columns, in several lines where the table would be wider than `width`.

    `spans` [n] say which cell each glyph is in, `line` [n] its row, `breakable`, bool [n], whether a line may begin
    with it; `left`, `right` [n] are its ink. Raises InputError where the words of the table, in line `at`,
    do not fit side by side.
    """
    cells = _cells(table, spans, line, breakable, left, right)
    wide = _widths(cells, len(table.aligns), width, at)
    edges = np.concatenate([[0.0], np.cumsum(wide + 2 * PAD)])
    broken = [cell.lines(float(wide[cell.column])) for cell in cells]
    deep = np.ones(int(line.max(initial=0)) + 1, np.int64)
    for cell, lines in zip(cells, broken, strict=True):
        deep[cell.row] = max(deep[cell.row], len(lines))
    rows = np.concatenate([[0], np.cumsum(deep)])
    move, number = np.zeros(len(line)), np.zeros(len(line), np.int32)
    for cell, lines in zip(cells, broken, strict=True):
        share = {"right": 1.0, "centre": 0.5}.get(table.aligns[cell.column], 0.0)
        for below, (first, stop) in enumerate(lines):
            mine = [glyph for word in cell.words[first:stop] for glyph in word]
            low, high = cell.ends[first][0], max(high for _, high in cell.ends[first:stop])
            slack = float(wide[cell.column]) - (high - low)
            move[mine] = edges[cell.column] + PAD + share * slack - low
            number[mine] = rows[cell.row] + below
    return Columns(move, number, edges, rows)


def _cells(
    table: Table, spans: Sequence[Spans], line: np.ndarray, breakable: np.ndarray, left: np.ndarray, right: np.ndarray
) -> list[_Cell]:
    column_of = dict(table.cells)
    found: dict[int, list[list[int]]] = {}
    for glyph, of in enumerate(spans):
        for span in of:
            if span.kind == "cell":
                words = found.setdefault(span.start, [])
                if not words or breakable[glyph]:
                    words.append([])
                words[-1].append(glyph)
    return [
        _Cell(
            int(line[words[0][0]]), column_of[start], words,
            [(float(left[word].min()), float(right[word].max())) for word in words],
        )
        for start, words in found.items()
    ]  # fmt: skip


def _widths(cells: Sequence[_Cell], count: int, width: float, at: int) -> np.ndarray:
    """Widths float64 [count] of columns: of each its longest cell, or where that is too much, as CSS 2.1 (17.5.2.2)."""
    least, most = np.zeros(count), np.zeros(count)
    for cell in cells:
        least[cell.column] = max(least[cell.column], max(high - low for low, high in cell.ends))
        high = max(high for _, high in cell.ends)
        most[cell.column] = max(most[cell.column], high - cell.ends[0][0])
    room = width - 2 * PAD * count
    if most.sum() <= room:
        return most
    if least.sum() > room:
        raise InputError(
            f"the table in line {at} is {(least.sum() + 2 * PAD * count) / width:.2f} times as wide as the text, "
            "however its words are broken into lines; give a smaller size, larger paper or smaller margins"
        )
    return np.asarray(least + (most - least) * (room - least.sum()) / (most.sum() - least.sum()))


def ruled(
    edges: np.ndarray, baselines: Sequence[float], begins: Sequence[bool], header: bool, between: bool, seed: int,
    order: int,
) -> Iterator[Stroke]:  # fmt: skip
    """The lines of a table, drawn by hand along a ruler, whose lines of text stand on these `baselines` of a sheet.

    `edges` are those of its columns, from the sheet's left; `begins` says which lines begin a row. There are lines
    around it, between the columns and, with `header`, below the first row, or with `between` below each.
    """
    top, bottom = baselines[0] - ABOVE, baselines[-1] + BELOW
    inner: list[float] = []
    for above, below, new in zip(baselines, baselines[1:], begins[1:], strict=False):
        if new and (between or (header and not inner)):
            inner.append(above + SHARE * (below - above))
    across = [top, *inner, bottom]
    ends = [((edges[0], y), (edges[-1], y)) for y in across] + [((x, top), (x, bottom)) for x in edges]
    for number, (begin, end) in enumerate(ends):
        key = np.array([noise.key_of("table", order, round(baselines[0] * 16), number)], np.uint64)
        drawn = noise.normals(seed, "layout", key, 8)[0].astype(np.float64).clip(-2, 2)
        way = np.subtract(end, begin)
        length = float(np.hypot(*way))
        along = way / max(length, 1e-9)
        # a ruled line is straight; it begins and ends a little off, and leans by a hair
        first = np.asarray(begin) + along * 0.06 * drawn[0] + 0.03 * drawn[1] * along[::-1]
        last = np.asarray(end) + along * 0.06 * drawn[2] + 0.03 * drawn[3] * along[::-1]
        yield Stroke(np.linspace(first, last, 6), PEN)

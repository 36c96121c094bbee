"""Page: one sheet of handwriting as columns of arrays, the data that every writer of a file format reads."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from handsynth.dials.renamed import renamed
from handsynth.frame import Frame
from handsynth.ink.glyph import NONE, Glyphs
from handsynth.text.charset import Report
from handsynth.units import RGBA

WRITING, HEADING, MARKED = range(3)
"""What an ink is for: the numbers of `Page.colour`."""


@dataclass(frozen=True, eq=False)
class Stroke:
    """One line of the pen that is no letter, such as what strikes a word out."""

    points: np.ndarray
    """float64 [k,2]: x, y on the sheet, in x-heights."""
    width: float
    """Of the pen, in x-heights."""
    depth: float = 1.0
    """Of the ink, 0 … 1."""
    colour: int = 0
    """As `Page.colour`."""


@dataclass(frozen=True, eq=False)
class Ruling:
    """What is printed on the sheet before anybody writes, in x-heights: lines and dots."""

    lines: np.ndarray = field(default_factory=lambda: np.empty((0, 5)))
    """float64 [m,5]: x0, y0, x1, y1, width."""
    line_colours: tuple[RGBA, ...] = ()
    """[m]."""
    dots: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    """float64 [k,3]: x, y of the middle, diameter."""
    dot_colour: RGBA = (0, 0, 0, 255)


def _column(kind: type, *shape: int) -> Any:
    """A field of arrays [n, *shape], empty where it is not given."""
    return field(default_factory=lambda: np.empty((0, *shape), kind), metadata={"column": True})


@dataclass(frozen=True, eq=False, kw_only=True)
class GlyphColumns:
    """What pages and galleys say of each of their n glyphs, in reading order."""

    texts: tuple[str, ...] = ()
    """[n]: what each glyph writes, a character with its marks."""
    glyphs: Glyphs = NONE
    """[n]: the drawings."""
    words: tuple[str, ...] = ()
    """Every word in reading order."""
    char: np.ndarray = _column(np.int32)
    """int32 [n]: its (first) character in the model's charset; -1: a box for a missing one."""
    x: np.ndarray = _column(np.float64)
    """float64 [n]: its frame's centre line, from the left edge of the sheet, or of a galley's text."""
    angle: np.ndarray = _column(np.float32)
    """float32 [n]: radians, counter-clockwise as seen."""
    slant: np.ndarray = _column(np.float32)
    """float32 [n]: shear beside the hand's own, x per height, positive to the right."""
    depth: np.ndarray = _column(np.float32)
    """float32 [n]: how much of the ink's colour there is, 0 … 1."""
    word: np.ndarray = _column(np.int32)
    """int32 [n]: place in `words`."""
    line: np.ndarray = _column(np.int32)
    """int32 [n]: number of the line."""
    letter: np.ndarray = _column(np.int32)
    """int32 [n]: its number inside its word."""
    place: np.ndarray = _column(np.uint64)
    """uint64 [n]: the key of its noise."""
    struck: np.ndarray = _column(bool)
    """bool [n]: belongs to a word that is struck out, which is no part of the text."""
    colour: np.ndarray = _column(np.uint8)
    """uint8 [n]: which ink each glyph has, WRITING, HEADING or MARKED; where it is empty all have the first."""
    shift: np.ndarray = _column(np.float64)
    """float64 [n]: baseline shift, how far each letter stands above the baseline of its word. Empty: all are on it."""


@dataclass(frozen=True, eq=False)
class Page(GlyphColumns):
    """n glyphs on a sheet. Lengths are in x-heights from the sheet's upper left corner, x to the right, y down.

    Glyphs are in reading order. A glyph's point (x, y) is where its frame's centre line meets the baseline; it is
    slanted, turned and scaled about that point.
    """

    frame: Frame
    width: float
    height: float
    baselines: np.ndarray
    """float64 [lines]: height of each line, blank ones included."""
    y: np.ndarray = _column(np.float64)
    """float64 [n]."""
    scale: np.ndarray = _column(np.float32)
    """float32 [n]: size, 1 = as drawn."""
    strokes: tuple[Stroke, ...] = ()
    ruling: Ruling = field(default_factory=Ruling)
    paragraph: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    """int32 [lines]: the paragraph that each line belongs to, counted over the document; -1 for blank lines."""
    ties: np.ndarray = _column(np.int64)
    """int64 [n]: which of the glyph's strokes runs on into the next glyph's first one; -1: none. Empty: all are -1."""
    behind: Page | None = None
    """What is written on the back of the sheet, where that shows."""
    number: int = 1
    """Which sheet of the document it is, from 1."""
    seed: int = 0
    report: Report = Report()
    """What was not drawn as it was written."""

    ground = renamed("Page", "ground", "ruling")

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def fields(self) -> np.ndarray:
        """float16 [n,H,H]: signed distance to the edge of the ink in frame px, inside positive."""
        return self.glyphs.fields()

    def matrices(self) -> np.ndarray:
        """Affine maps float64 [n,2,3] from frame px (x, y from the frame's upper left corner) to the sheet."""
        cos, sin = np.cos(self.angle.astype(np.float64)), np.sin(self.angle.astype(np.float64))
        k, slant = self.scale.astype(np.float64) / self.frame.xheight, self.slant.astype(np.float64)
        # slant first: a point at height h (up) moves by slant h to the right; then the turn, counter-clockwise
        a, b = k * cos, k * (sin - slant * cos)
        c, d = -k * sin, k * (cos + slant * sin)
        centre, base = self.frame.size / 2, self.frame.baseline
        rows = [[a, b, self.x - a * centre - b * base], [c, d, self.y - c * centre - d * base]]
        return np.stack([np.stack(row, axis=1) for row in rows], axis=1)

    def boxes(self) -> np.ndarray:
        """Ink boxes float64 [n,4]: left, top, right, bottom on the sheet; empty ones have right < left.

        Without the (small) angle.
        """
        box = self.glyphs.boxes(self.frame)
        origin = np.stack([self.x, self.y, self.x, self.y], axis=1)
        return np.asarray(origin + box * self.scale[:, None])


def part_of(page: Page, rows: np.ndarray) -> Page:
    """The page with some of its glyphs, int64 [k]."""
    known = {f.name: getattr(page, f.name) for f in fields(page) if "column" in f.metadata}
    columns = {name: values[rows] for name, values in known.items() if len(values)}
    if len(page.ties):
        # a letter whose next one is elsewhere is joined to none here
        columns["ties"] = np.where(np.diff(rows, append=-1) == 1, columns["ties"], -1)
    return replace(page, texts=tuple(page.texts[i] for i in rows.tolist()), glyphs=page.glyphs.take(rows), **columns)


def unwritten(page: Page) -> Page:
    """The sheet alone, as it was before it was written on."""
    return replace(part_of(page, np.zeros(0, np.int64)), strokes=())

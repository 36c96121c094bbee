"""The drawing of a PDF page: paper, its lines and dots, and ink, as operators of a content stream (ISO 32000-1, 8.5).

Coordinates are whole units, a tenth of a px of the frame, y downwards; one matrix maps them to points. Each glyph is
drawn about its own point, so that its numbers are short.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from handsynth.formats.inks import by_ink
from handsynth.formats.look import Look
from handsynth.formats.pens import PathStrokes, Syntax, lines, single_lines
from handsynth.formats.vector import SHADES, Shapes, decimal, inked, pen_strokes, shade, shades, shapes
from handsynth.layout.page import Page, Ruling, Stroke
from handsynth.units import MM_PER_INCH, RGBA

WHITE = 255, 255, 255, 255
"""What a page of a PDF is anyway."""

_FINE = 10
"""Units to a frame px."""

_SYNTAX = Syntax("%d %d m\n", "%d %d m\n", "%d %d l\n", "%d %d %d %d %d %d c\n", "S\n", relative=False)


def content(page: Page, look: Look, height: float, below: str = "", whole: bool = False) -> tuple[str, set[int]]:
    """The content stream of a page that is `height` points high, and the opacities (of 255) that it uses.

    The opacity n is set by the graphics state /an. `below` names the picture (XObject) on which the ink lies; `whole`:
    the ink is in it.
    """
    pen = _GraphicsState()
    unit = page.frame.xheight * _FINE
    scale = decimal(look.mm / MM_PER_INCH * 72 / unit, 9)
    pieces = [f"q {scale} 0 0 -{scale} 0 {decimal(height)} cm 1 J 1 j\n"]
    if below:
        wide, high = (decimal(side * unit, 1) for side in (page.width, page.height))
        pieces.append(f"q {wide} 0 0 -{high} 0 {high} cm /{below} Do Q\n")
        if whole:
            return "".join([*pieces, "Q\n"]), pen.alphas
    elif look.paper[3] and look.paper != WHITE:
        wide, high = (decimal(side * unit, 1) for side in (page.width, page.height))
        pieces.append(f"{pen.use(look.paper)}0 0 {wide} {high} re f\n")
    pieces += _ruling(page.ruling, unit, pen)
    for ink in by_ink(page, look):
        pieces += _drawn(ink.page, ink.colour, look, unit, pen)
    return "".join([*pieces, "Q\n"]), pen.alphas


def _drawn(page: Page, ink: RGBA, look: Look, unit: float, pen: _GraphicsState) -> Iterator[str]:
    if look.centreline and page.glyphs.strokes is None:
        yield from _strokes(pen_strokes(page), ink, unit, pen)
        return
    if look.centreline:
        yield _pens(page, single_lines(page, unit), ink, pen)
    else:
        lined, swept, filled = inked(page, ink, look.outlined)
        if len(lined):
            yield _pens(lined, lines(lined, unit), ink, pen)
        if len(swept):
            yield from _ink(swept, ink, shapes(swept, unit, overlapping=True), pen, "f\n")
        if len(filled):
            yield from _ink(filled, ink, shapes(filled, unit), pen)
    yield from _strokes(page.strokes, ink, unit, pen)


class _GraphicsState:
    """Colour and opacity as they stand in the stream."""

    def __init__(self) -> None:
        self.alphas: set[int] = set()
        self._colour: tuple[int, ...] | None = None
        self._alpha: int | None = None

    def forget(self) -> None:
        """After Q, which brings back what stood before."""
        self._colour = self._alpha = None

    def use(self, colour: RGBA, level: int = SHADES) -> str:
        """Operators that change to `colour` at a shade of `level`; none where nothing changes."""
        text = ""
        if self._colour != colour[:3]:
            self._colour = colour[:3]
            mixed = " ".join(decimal(value / 255, 3) for value in colour[:3])
            text = f"{mixed} rg {mixed} RG\n"
        alpha = round(colour[3] * level / SHADES)
        if self._alpha != alpha:
            self._alpha = alpha
            self.alphas.add(alpha)
            text += f"/a{alpha} gs\n"
        return text


def _pens(page: Page, found: PathStrokes, ink: RGBA, pen: _GraphicsState) -> str:
    """Every path is drawn by itself, as in `_ink`."""
    level = shades(page)[found.glyph]
    rows = np.flatnonzero(level)
    begins = []
    line, x, y, width = -1, 0, 0, ""
    columns = zip(
        level[rows].tolist(), page.line[found.glyph[rows]].tolist(), found.at[rows].tolist(),
        found.width[rows].tolist(), strict=True,
    )  # fmt: skip
    for shade_of, on, (to_x, to_y), across in columns:
        text = ""
        if on != line:
            text = "q\n" if line < 0 else "Q q\n"
            pen.forget()
            line, x, y, width = on, 0, 0, ""
        text += pen.use(ink, shade_of)
        if (wide := decimal(across, 1)) != width:
            text, width = f"{text}{wide} w\n", wide
        if (to_x, to_y) != (x, y):
            text, x, y = f"{text}1 0 0 1 {to_x - x} {to_y - y} cm\n", to_x, to_y
        begins.append(text)
    if not begins:
        return ""
    pen.forget()
    return found.text(rows, begins, _SYNTAX) + "Q\n"


def _ink(page: Page, ink: RGBA, found: Shapes, pen: _GraphicsState, fill: str = "f*\n") -> Iterator[str]:
    """Every glyph is filled by itself: where two meet, ink lies on ink. Each moves the origin on to its own point."""
    line, x, y = None, 0, 0
    for i, level in enumerate(shades(page).tolist()):
        at = np.rint(found.matrices[i, :, 2])
        contours = found.curves(i, at) if level else []
        if not contours:
            continue
        if line != page.line[i]:
            # sums of many moves lose digits in a viewer's floats, so every line begins anew
            yield "q\n" if line is None else "Q q\n"
            pen.forget()
            line, x, y = page.line[i], 0, 0
        to_x, to_y = int(at[0]), int(at[1])
        yield f"{pen.use(ink, level)}1 0 0 1 {to_x - x} {to_y - y} cm\n"
        x, y = to_x, to_y
        for points, straight in contours:
            yield _contour(points, straight)
        yield fill
    if line is not None:
        yield "Q\n"
        pen.forget()


def _contour(points: np.ndarray, straight: np.ndarray) -> str:
    rows = points.reshape(-1, 8).tolist()
    words, numbers = ["%d %d m\n"], rows[0][:2]
    for line, row in zip(straight.tolist(), rows, strict=True):
        words.append("%d %d l\n" if line else "%d %d %d %d %d %d c\n")
        numbers += row[6:] if line else row[2:]
    return "".join(words) % tuple(numbers)


def _rows(numbers: np.ndarray, operator: str) -> str:
    """One operator for each row of whole numbers [k,n]."""
    row = "%d " * int(numbers.shape[1]) + operator + "\n"
    return row * len(numbers) % tuple(numbers.ravel().tolist())


def _strokes(strokes: Iterable[Stroke], ink: RGBA, unit: float, pen: _GraphicsState) -> Iterator[str]:
    for stroke in strokes:
        if level := int(shade(stroke.depth)):
            yield f"{pen.use(ink, level)}{decimal(stroke.width * unit, 1)} w\n{_line(stroke.points * unit)}S\n"


def _line(points: np.ndarray) -> str:
    """A path through points; one that never moves is a dot."""
    places = np.rint(points).astype(np.int64)
    return _rows(places[:1], "m") + _rows(places[1:] if len(places) > 1 else places, "l")


def _ruling(ruling: Ruling, unit: float, pen: _GraphicsState) -> Iterator[str]:
    if len(ruling.lines):
        yield "0 J\n"
        for row, colour in zip((ruling.lines * unit).tolist(), ruling.line_colours, strict=True):
            x0, y0, x1, y1, width = (decimal(value, 1) for value in row)
            yield f"{pen.use(colour)}{width} w {x0} {y0} m {x1} {y1} l S\n"
        yield "1 J\n"
    for width in sorted({*ruling.dots[:, 2].tolist()}):
        yield f"{pen.use(ruling.dot_colour)}{decimal(width * unit, 1)} w\n"
        for place in ruling.dots[ruling.dots[:, 2] == width, :2] * unit:
            # a line of no length with round ends is a dot
            x, y = (decimal(value, 1) for value in place.tolist())
            yield f"{x} {y} m {x} {y} l\n"
        yield "S\n"

"""SVG of centrelines, for plotters: every path is a line of the pen, one layer a pen, in the order of writing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from handsynth.formats import writing
from handsynth.formats.inks import Inked, by_ink
from handsynth.formats.look import Look
from handsynth.formats.pens import Syntax, single_lines
from handsynth.formats.plotter import pens
from handsynth.formats.svg_parts import paint, polyline, ruling
from handsynth.formats.vector import SHADES, decimal, shade
from handsynth.formats.writing import PenStroke
from handsynth.layout.page import Page
from handsynth.units import RGBA

_INKSCAPE = "http://www.inkscape.org/namespaces/inkscape"

_SYNTAX = Syntax("M%d %d", "m%d %d", "l%d %d", "c%d %d %d %d %d %d", "\n", relative=True)

_TOLERANCE = 0.25
"""In units."""


def body(page: Page, look: Look, unit: float) -> Iterator[str]:
    """A layer for each pen, and for the sheet's lines where they are asked for. No path but what is to be drawn."""
    if look.plot.optimise or look.plot.hatch:
        yield from _planned(page, look, unit)
    else:
        for ink in by_ink(page, look):
            yield _layer(ink.number, ink.colour)
            yield from (
                f'<path stroke-width="{across(stroke, unit)}"{pale(stroke, ink)} d="{way}"/>\n'
                for stroke, way in ways(ink.page, unit)
            )
            yield "</g>\n"
    if look.plot.rules:
        colour = page.ruling.line_colours[0] if page.ruling.line_colours else page.ruling.dot_colour
        yield _layer(len(dict.fromkeys(look.inks)) + 1, colour)
        yield from ruling(page.ruling, unit)
        yield "</g>\n"


def _planned(page: Page, look: Look, unit: float) -> Iterator[str]:
    """Paths that are not in the order of writing, or fill strokes."""
    per_mm = unit / look.mm
    for pen in pens(page, look, "SVG"):
        if pen.number > len(dict.fromkeys(look.inks)):
            continue  # lines of the sheet
        yield _layer(pen.number, pen.colour)
        for path in pen.paths:
            points = np.rint((path * (1, -1) + (0, page.height * look.mm)) * per_mm).astype(np.int64)
            width = max(1, round((look.plot.hatch or 0.3) * per_mm))
            yield f'<path stroke-width="{width}" d="{_seen(polyline(points))}"/>\n'
        yield "</g>\n"


def ways(page: Page, unit: float) -> list[tuple[PenStroke, str]]:
    """Every stroke of ink in the order of writing, and its path data."""
    strokes = [stroke for stroke in writing.strokes(page) if shade(stroke.depth)]
    curves: list[str] = []
    if page.glyphs.strokes is not None:
        found = single_lines(page, unit)
        rows = np.arange(len(found.glyph))
        curves = found.text(rows, [""] * len(rows), _SYNTAX).split("\n")
    plain = iter(writing.lean([stroke.points * unit for stroke in strokes if stroke.drawn < 0], _TOLERANCE))
    data = [
        curves[stroke.drawn] if stroke.drawn >= 0 else polyline(np.rint(next(plain)).astype(np.int64))
        for stroke in strokes
    ]
    return [(stroke, _seen(way)) for stroke, way in zip(strokes, data, strict=True)]


def _seen(way: str) -> str:
    """Path data in which a dot is a line as short as can be: programs for plotters leave out what has no length."""
    return way.removesuffix("l0 0") + "l1 0" if way.endswith("l0 0") else way


def across(stroke: PenStroke, unit: float) -> int:
    """Width of the line of a stroke, in units."""
    return max(1, round(float(np.median(stroke.width)) * unit))


def pale(stroke: PenStroke, ink: Inked) -> str:
    """The attribute of a stroke whose ink is not full."""
    level = int(shade(stroke.depth))
    return "" if level == SHADES else f' stroke-opacity="{decimal(level / SHADES * ink.colour[3] / 255)}"'


def _layer(number: int, colour: RGBA) -> str:
    """The beginning of a layer of Inkscape's, whose name says the pen, as programs for plotters read it."""
    red, green, blue, _ = colour
    return (
        f'<g xmlns:inkscape="{_INKSCAPE}" inkscape:groupmode="layer" '
        f'inkscape:label="{number} #{red:02x}{green:02x}{blue:02x}"{paint("stroke", colour)} fill="none" '
        'stroke-linecap="round" stroke-linejoin="round">\n'
    )

"""Shapes to the glyphs of OpenType: quadratic in `glyf`, cubic in `CFF `."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from fontTools.cu2qu import curve_to_quadratic
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates

from handsynth.fonts.shapes import Contour

_ERROR = 1.0
"""Quadratic curves are so near to cubic ones, in units."""

_ON = 1

_STACK = 48
"""Numbers that one operator of a charstring may take."""


def truetype(contours: Sequence[Contour]) -> Glyph:
    """A simple glyph of TrueType. Outer contours run clockwise there, as in the shapes."""
    glyph = Glyph()
    if not contours:
        glyph.numberOfContours = 0
        return glyph
    points: list[tuple[int, int]] = []
    flags = array("B")
    ends = []
    for contour in contours:
        for segment, straight in zip(contour.segments.tolist(), contour.straight.tolist(), strict=True):
            points.append(tuple(segment[0]))
            flags.append(_ON)
            if not straight:
                # curves of one contour share their ends, so only what is between is new
                for x, y in curve_to_quadratic(segment, _ERROR)[1:-1]:
                    points.append((round(x), round(y)))
                    flags.append(0)
        ends.append(len(points) - 1)
    glyph.numberOfContours = len(ends)
    glyph.endPtsOfContours = ends
    glyph.coordinates = GlyphCoordinates(points)
    glyph.flags = flags
    glyph.program = _no_program()
    return glyph


def postscript(contours: Sequence[Contour], width: int, nominal: int) -> T2CharString:
    """A Type 2 charstring. Outer contours run counter-clockwise there."""
    program: list[Any] = [width - nominal]
    x = y = 0
    for contour in contours:
        segments, straight = contour.segments[::-1, ::-1].tolist(), contour.straight[::-1].tolist()
        (startx, starty) = segments[0][0]
        program += [startx - x, starty - y, "rmoveto"]
        x, y = startx, starty
        if straight[-1]:
            # closing is drawn by itself
            segments.pop()
        for line, run in groupby(zip(straight, segments, strict=False), lambda pair: pair[0]):
            numbers: list[int] = []
            for _, segment in run:
                for px, py in segment[3:] if line else segment[1:]:
                    numbers += (px - x, py - y)
                    x, y = px, py
            for start in range(0, len(numbers), _STACK):
                program += [*numbers[start : start + _STACK], "rlineto" if line else "rrcurveto"]
    program.append("endchar")
    return T2CharString(program=program)


def _no_program() -> Any:
    from fontTools.ttLib.tables.ttProgram import Program

    program = Program()
    program.fromBytecode(b"")
    return program

"""Shapes to the glyphs of OpenType: quadratic in `glyf`, cubic in `CFF `."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from fontTools.cu2qu import curve_to_quadratic
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates

from handsynth.fonts.shapes import Contour

_ERROR = 1.0
"""Quadratic curves are so near to cubic ones, in units."""

_ON = 1


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
        segments = contour.segments[::-1, ::-1].tolist()
        straight = contour.straight[::-1].tolist()
        startx, starty = segments[0][0]
        program += [startx - x, starty - y, "rmoveto"]
        x, y = startx, starty
        lines, curves = [], []

        def flush(lines: list[int] = lines, curves: list[int] = curves) -> None:
            for numbers, operator in ((lines, "rlineto"), (curves, "rrcurveto")):
                # the stack holds 48 numbers
                for start in range(0, len(numbers), 48):
                    program.extend([*numbers[start : start + 48], operator])
                numbers.clear()

        for i, (segment, line) in enumerate(zip(segments, straight, strict=True)):
            if line and i + 1 == len(segments):
                continue  # closing is drawn by itself
            if (line and curves) or (not line and lines):
                flush()
            for px, py in segment[3:] if line else segment[1:]:
                (lines if line else curves).extend((px - x, py - y))
                x, y = px, py
        flush()
    program.append("endchar")
    return T2CharString(program=program)


def _no_program() -> Any:
    from fontTools.ttLib.tables.ttProgram import Program

    program = Program()
    program.fromBytecode(b"")
    return program

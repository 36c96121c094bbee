"""Shapes to the glyphs of OpenType: quadratic in `glyf`, cubic in `CFF `."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from fontTools.cu2qu import curve_to_quadratic
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib.tables._g_l_y_f import Glyph

from handsynth.fonts import glyf
from handsynth.fonts.shapes import Contour

_ERROR = 1.0
"""Quadratic curves are so near to cubic ones, in units."""

_STACK = 48
"""Numbers that one operator of a charstring may take."""


def truetype(drawn: Sequence[Sequence[Contour]]) -> list[Glyph]:
    """Simple glyphs of TrueType. Outer contours run clockwise there, as in the shapes."""
    every, flags, last = [], [], []
    for contours in drawn:
        points: list[Any] = []
        on = bytearray()
        ends = []
        for contour in contours:
            for segment, straight in zip(contour.segments.tolist(), contour.straight.tolist(), strict=True):
                points.append(segment[0])
                on.append(1)
                if not straight:
                    # curves of one contour share their ends, so only what is between is new
                    between = curve_to_quadratic(segment, _ERROR)[1:-1]
                    points += between
                    on += bytes(len(between))
            ends.append(len(points) - 1)
        every.append(np.rint(np.array(points, np.float64).reshape(-1, 2)).astype(np.int64))
        flags.append(bytes(on))
        last.append(ends)
    return glyf.glyphs(every, flags, last)


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

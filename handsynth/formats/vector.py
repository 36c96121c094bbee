"""What the vector formats share: ink as curves and pen strokes on the sheet, shades of ink, limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.formats import writing
from handsynth.formats.look import Look
from handsynth.formats.pens import several
from handsynth.ink import pens
from handsynth.ink.contours import SPECK
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.page import Page, Stroke, part_of
from handsynth.units import RGBA

TOLERANCE = 0.08
"""How far a curve may be from the edge of the ink, in frame px: 0.01 mm where an x is 2 mm high."""

SHADES = 16
"""Depths of ink that are told apart."""


def paper_mm(page: Page, look: Look, most: float, kind: str) -> tuple[float, float]:
    """Width and height of the sheet in mm. Raises InputError if one of them is more than `most`, or nothing."""
    width, height = page.width * look.mm, page.height * look.mm
    if not 0 < max(width, height) <= most:
        raise InputError(
            f"the page would measure {width:,.0f} x {height:,.0f} mm, and a {kind} file holds at most {most:,.0f} mm; "
            "give less text, a smaller size, or a width to wrap at"
        )
    return width, height


def decimal(value: float, places: int = 4) -> str:
    """A short decimal with at most so many places: .5, 12, -3.25."""
    text = f"{value:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    digits = digits[1:] if digits.startswith("0.") else digits
    return "0" if digits == "0" else sign + digits


def shades(page: Page) -> np.ndarray:
    """Depth of each glyph's ink in steps of 1 / SHADES, int64 [n]."""
    return shade(page.depth)


def shade(depth: np.ndarray | float) -> np.ndarray:
    """Depths 0 … 1 in steps of 1 / SHADES, int64."""
    return np.clip(np.rint(np.asarray(depth, np.float64) * SHADES), 0, SHADES).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Shapes:
    """The outlines of a page's glyphs, each distinct drawing once, in whole units about the glyph's point."""

    points: np.ndarray
    """float64 [s,4,2]: cubic curves in units: x right, y down, upright and at scale 1."""
    straight: np.ndarray
    """bool [s]."""
    contours: np.ndarray
    """int64 [m+1]: where each contour begins in `points`."""
    drawings: np.ndarray
    """int64 [d+1]: where each drawing begins in `contours`."""
    drawing: np.ndarray
    """int64 [n]: which drawing each glyph is."""
    matrices: np.ndarray
    """float64 [n,2,3]: from the drawing to the sheet, in units."""

    def curves(self, glyph: int, origin: np.ndarray | float = 0.0) -> list[tuple[np.ndarray, np.ndarray]]:
        """The contours of a glyph on the sheet less `origin`: int64 [s,4,2] in units, and bool [s]: straight."""
        matrix = self.matrices[glyph]
        return self._contours(int(self.drawing[glyph]), matrix[:, :2], matrix[:, 2] - origin)

    def drawn(self, drawing: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """The contours of a drawing about its own point, as in `curves`."""
        return self._contours(drawing, np.eye(2), np.zeros(2))

    def _contours(self, drawing: int, turn: np.ndarray, shift: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        ends = self.contours[self.drawings[drawing] : self.drawings[drawing + 1] + 1].tolist()
        if len(ends) < 2:
            return []
        first = ends[0]
        whole = np.rint(self.points[first : ends[-1]] @ turn.T + shift).astype(np.int64)
        straight = self.straight[first : ends[-1]]
        spans = zip(ends[:-1], ends[1:], strict=True)
        return [(whole[a - first : b - first], straight[a - first : b - first]) for a, b in spans]


def shapes(page: Page, unit: float, overlapping: bool = False) -> Shapes:
    """The outlines of `page` with `unit` units to an x-height.

    `overlapping`: those of single strokes, for the nonzero winding rule; else none lies on another.
    """
    first, drawing = distinct(page.glyphs)
    some = page.glyphs.take(first)
    if overlapping:
        assert isinstance(some, PenGlyphs)
        found = some.ribbons(TOLERANCE)
    else:
        found = some.outlines(page.frame, TOLERANCE, SPECK)
    frame, k = page.frame, unit / page.frame.xheight
    point = np.array([frame.size / 2, frame.baseline])
    matrices = page.matrices()
    # about the glyph's point, in units instead of frame px
    shift = matrices[:, :, :2] @ point + matrices[:, :, 2]
    matrices = np.concatenate([matrices[:, :, :2] * frame.xheight, shift[:, :, None] * unit], axis=2)
    points = (found.segments.astype(np.float64) - point) * k
    return Shapes(points, found.straight, found.contours, found.glyphs, drawing, matrices)


def distinct(glyphs: Glyphs, slant: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The first glyph of each distinct drawing, int64 [d], and each glyph's drawing, int64 [n].

    With `slant` [n] equal drawings have the same slant, too.
    """
    known: dict[bytes, int] = {}
    first: list[int] = []
    drawing = np.empty(len(glyphs), np.int64)
    for i, key in enumerate(glyphs.keys()):
        number = known.setdefault(key if slant is None else key + slant[i].tobytes(), len(first))
        if number == len(first):
            first.append(i)
        drawing[i] = number
    return np.array(first, np.int64), drawing


def inked(page: Page, ink: RGBA, outlined: bool) -> tuple[Page, Page, Page]:
    """The glyphs of `page` that are stroked paths, those that are filled strokes, and those that are filled outlines.

    Filled strokes are those of pens of varying width. Filled outlines are drawings that no pen made, all where
    `outlined`, and pale ones of several pens, whose ink would lie twice where those meet.
    """
    paths, none = page.glyphs.strokes, part_of(page, np.zeros(0, np.int64))
    if paths is None or outlined:
        return none, none, page
    varied = varying(paths)
    solid = (shades(page) == SHADES) & (ink[3] == 255)
    lined = (solid | ~several(paths)) & ~varied
    if lined.all():
        return page, none, none
    return (
        part_of(page, np.flatnonzero(lined)),
        part_of(page, np.flatnonzero(varied)),
        part_of(page, np.flatnonzero(~lined & ~varied)),
    )


def varying(paths: Paths) -> np.ndarray:
    """Which glyphs have strokes of pens whose width varies, bool [n]."""
    result = np.zeros(len(paths), bool)
    if paths.pen is not None:
        result[paths.owner[pens.column("varies").astype(bool)[paths.pen]]] = True
    return result


def pen_strokes(page: Page) -> list[Stroke]:
    """What a pen draws, in the order of writing, each stroke of one width, with no more points than its shape needs."""
    found = writing.strokes(page)
    ways = writing.lean([stroke.points for stroke in found], TOLERANCE / 2 / page.frame.xheight)
    return [
        Stroke(way, float(np.median(stroke.width)), stroke.depth, stroke.colour)
        for way, stroke in zip(ways, found, strict=True)
    ]

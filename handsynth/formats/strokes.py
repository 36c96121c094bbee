"""What ink files hold of a page: strokes in mm with time and width, page by page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.formats import writing
from handsynth.formats.inks import by_ink
from handsynth.formats.look import Look
from handsynth.formats.plotter import MOST_MM
from handsynth.formats.timing import timed
from handsynth.formats.vector import paper_mm
from handsynth.layout.page import Page
from handsynth.units import RGBA

TOLERANCE_MM = 0.01
"""How far a line through the points kept may be from the stroke."""

_SLOW = 0.004
"""How far the pen may be from where it was at that time, in seconds."""


@dataclass(frozen=True, eq=False)
class Ink:
    """One stroke."""

    pen: int
    """Number of its ink, from 1."""
    colour: RGBA
    line: int
    word: int
    """Place in `StrokeSheet.words`; -1: no part of a word."""
    samples: np.ndarray
    """float64 [k,4]: x and y in mm from the sheet's upper left corner, y down, milliseconds, width in mm."""


@dataclass(frozen=True, eq=False)
class StrokeSheet:
    """One page."""

    number: int
    width: float
    height: float
    """mm."""
    words: tuple[str, ...]
    """What is written, where the file may hold the text; else empty."""
    strokes: tuple[Ink, ...]


def sheet(page: Page, look: Look, kind: str) -> StrokeSheet:
    """The page's strokes in the order of writing, from 0 ms. Raises InputError if it is too large or empty."""
    width, height = paper_mm(page, look, MOST_MM, kind)
    inks = {}
    for ink in by_ink(page, look):
        for number, colour in enumerate(look.inks):
            if colour == ink.colour:
                inks[number] = ink
    strokes = [stroke for stroke in writing.strokes(page) if stroke.depth > 0]
    words = page.words if "Text" in look.metadata else ()
    if not len(page) and page.words:
        return StrokeSheet(page.number, width, height, words, ())  # a page of which none of its words was wanted
    if not strokes:
        raise InputError(f"there is no ink on the page, so a {kind} file would be empty; give some text")
    samples = _samples(strokes, timed(strokes, look.motion.duration), look.mm)
    found = []
    for stroke, some in zip(strokes, samples, strict=True):
        ink = inks[stroke.colour]
        found.append(Ink(ink.number, ink.colour, stroke.line, stroke.word, some))
    return StrokeSheet(page.number, width, height, words, tuple(found))


def _samples(strokes: list[writing.PenStroke], times: list[np.ndarray], mm: float) -> list[np.ndarray]:
    begins = np.cumsum([0, *map(len, times)])
    points = np.concatenate([stroke.points for stroke in strokes]) * mm
    width, when = np.concatenate([stroke.width for stroke in strokes]) * mm, np.concatenate(times)
    # in place and time at once: seconds as mm, so that one is as far off as the other may be
    track = np.column_stack([points, when * (TOLERANCE_MM / _SLOW), width])
    kept = writing.simplified(track, begins, TOLERANCE_MM)
    samples = np.column_stack([points, when * 1000, width])
    return [samples[a:b][kept[a:b]] for a, b in zip(begins[:-1], begins[1:], strict=True)]

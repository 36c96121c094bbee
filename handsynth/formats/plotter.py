"""Pages as the moves of a pen: what the formats for plotters share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from handsynth.errors import InputError
from handsynth.formats.inks import by_ink
from handsynth.formats.look import Look
from handsynth.formats.vector import paper_mm, pen_strokes
from handsynth.layout.page import Page
from handsynth.units import RGBA

MOST_MM = 10_000.0
"""Greatest side of a page."""


@dataclass(frozen=True, eq=False)
class Pen:
    """What one pen draws."""

    number: int
    """From 1: the same on every page of a document."""
    colour: RGBA
    paths: list[np.ndarray]
    """In their order: float64 [k,2] each, mm from the sheet's lower left corner, y up."""

    @property
    def name(self) -> str:
        red, green, blue, _ = self.colour
        return f"pen {self.number}, #{red:02x}{green:02x}{blue:02x}"


def pens(page: Page, look: Look, kind: str) -> list[Pen]:
    """What is drawn, pen by pen, so that each is taken once.

    Line by line of the text: strokes as they are written; centrelines, of which no order is known, to the right and
    back to the left. Lines of the sheet itself are not drawn. Raises InputError if the page is too large, or nothing is
    on it.
    """
    _, height = paper_mm(page, look, MOST_MM, kind)
    found = [Pen(ink.number, ink.colour, _paths(ink.page, look, height)) for ink in by_ink(page, look)]
    found = [pen for pen in found if pen.paths]
    if not found:
        raise InputError(f"there is no ink on the page, so a {kind} file would be empty; give some text")
    return found


def _paths(page: Page, look: Look, height: float) -> list[np.ndarray]:
    """The paths of one pen; the sheet is `height` mm high."""
    as_written = page.glyphs.strokes is not None
    place = np.zeros(2)
    paths: list[np.ndarray] = []
    for line in pen_strokes(page):
        found = [np.array([0.0, height]) + stroke.points * look.mm * (1.0, -1.0) for stroke in line if stroke.depth > 0]
        for path in found if as_written else _ordered(found, place):
            paths.append(path)
            place = path[-1]
    return paths


def travel(paths: list[np.ndarray]) -> float:
    """How far the pen moves in the air from the first path's beginning, in mm."""
    return float(sum(np.hypot(*(after[0] - before[-1])) for before, after in zip(paths, paths[1:], strict=False)))


def _ordered(paths: list[np.ndarray], place: np.ndarray) -> Iterator[np.ndarray]:
    """`paths` of one line in the order of a pen that comes from `place`.

    It begins at the end of the line where it is, and takes the path that is near, from either of its ends, and leaves
    little behind: what it would have to come back for costs as much as the way there.
    """
    if not paths:
        return
    ends = np.array([(path[0], path[-1]) for path in paths])
    first, last = (np.array([choose(path[:, 0]) for path in paths]) for choose in (np.min, np.max))
    ahead = first if place[0] <= (first.min() + last.max()) / 2 else -last
    for _ in paths:
        cost = np.hypot(*np.moveaxis(ends - place, 2, 0)) + (ahead - ahead.min())[:, None]
        i, end = np.unravel_index(cost.argmin(), cost.shape)
        path = paths[i][::-1] if end else paths[i]
        ends[i] = ahead[i] = np.inf
        place = path[-1]
        yield path

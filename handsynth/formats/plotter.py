"""Pages as the moves of a pen: what the formats for plotters share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from handsynth.errors import InputError
from handsynth.formats import hatch, writing
from handsynth.formats.inks import by_ink
from handsynth.formats.look import Look
from handsynth.formats.vector import paper_mm
from handsynth.layout.page import Page, Ruling
from handsynth.units import RGBA

MOST_MM = 10_000.0
"""Greatest side of a page."""

TOLERANCE_MM = 0.025
"""How far the pen may be from the line: a plotter's smallest step."""

_DOT_MM = 0.1
"""Half of the arm of a cross of a dotted sheet."""


@dataclass(frozen=True, eq=False)
class PenPaths:
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


def pens(page: Page, look: Look, kind: str) -> list[PenPaths]:
    """What is drawn, pen by pen, so that each is taken once.

    Strokes are in the order of writing, or with `look.plot.optimise` in that of a short way. Centrelines, of which no
    order is known, go line by line, to the right and back to the left. Lines of the sheet itself are drawn only where
    `look.plot.rules` asks for them, by the last pen. Raises InputError if the page is too large, or nothing is on it.
    """
    _, height = paper_mm(page, look, MOST_MM, kind)
    found = [PenPaths(ink.number, ink.colour, _paths(ink.page, look, height)) for ink in by_ink(page, look)]
    found = [pen for pen in found if pen.paths]
    if not found:
        raise InputError(f"there is no ink on the page, so a {kind} file would be empty; give some text")
    if look.plot.rules and (rules := _rules(page.ruling, look.mm, height)):
        colour = page.ruling.line_colours[0] if page.ruling.line_colours else page.ruling.dot_colour
        found.append(PenPaths(len(dict.fromkeys(look.inks)) + 1, colour, rules))
    return found


def _paths(page: Page, look: Look, height: float) -> list[np.ndarray]:
    """The paths of one pen; the sheet is `height` mm high."""
    strokes = [stroke for stroke in writing.strokes(page) if stroke.depth > 0]
    corner = np.array([0.0, height])
    lines = []
    for _, line in groupby(strokes, key=lambda stroke: stroke.line):
        ways = [way for stroke in line for way in hatch.filled(stroke, look.plot.hatch / look.mm)]
        placed = [corner + way * look.mm * (1.0, -1.0) for way in ways]
        lines.append(writing.lean(placed, TOLERANCE_MM))
    if look.plot.optimise:
        return list(nearest([path for line in lines for path in line], np.zeros(2)))
    if page.glyphs.strokes is not None:
        return [path for line in lines for path in line]
    return list(_swept(lines))


def _rules(ruling: Ruling, mm: float, height: float) -> list[np.ndarray]:
    """Lines of the sheet, and its dots as short lines, to and fro."""
    lines = ruling.lines[:, :4].reshape(-1, 2, 2) * mm
    dots = ruling.dots[:, None, :2] * mm + np.array([[-_DOT_MM, 0.0], [_DOT_MM, 0.0]])
    found = [np.array([0.0, height]) + line * (1.0, -1.0) for line in [*lines, *dots]]
    return list(nearest(found, np.zeros(2)))


def travel(paths: Iterable[np.ndarray]) -> float:
    """How far the pen moves in the air from the first path's beginning, in mm."""
    found = list(paths)
    return float(sum(np.hypot(*(after[0] - before[-1])) for before, after in zip(found, found[1:], strict=False)))


def nearest(paths: list[np.ndarray], place: np.ndarray) -> Iterator[np.ndarray]:
    """`paths` in the order of a pen that comes from `place` and always takes the nearest end that is left."""
    ends = np.array([(path[0], path[-1]) for path in paths]).reshape(-1, 2, 2)
    for _ in paths:
        gap = ends - place
        i, end = divmod(int((gap * gap).sum(axis=2).argmin()), 2)
        path = paths[i][::-1] if end else paths[i]
        ends[i] = np.inf
        place = path[-1]
        yield path


def _swept(lines: list[list[np.ndarray]]) -> Iterator[np.ndarray]:
    place = np.zeros(2)
    for line in lines:
        for path in _ordered(line, place):
            yield path
            place = path[-1]


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

"""Links: joins of letters that were drawn for each other, from the end of a first stroke to the next beginning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.arrays import Floats, Ints
from handsynth.ink.glyph import PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.directions import REACH, way
from handsynth.layout.page import Page
from handsynth.layout.placing import moved, unplaced
from handsynth.layout.ways import POINTS, grown

HANDLES = 0.45, 0.4
"""Lengths of a link's handles, as shares of its chord: medians of 6,000 joins of UNIPEN's words."""


def ends(paths: Paths, before: Ints, after: Ints) -> tuple[Floats, Floats]:
    """Where the pen leaves glyphs `before` [m] and enters glyphs `after` [m], float64 [m,2] each, frame px.

    A letter that is drawn for its neighbours is entered and left by its first stroke; one without ink at its origin.
    """
    leaving, entering = _strokes(paths, before), _strokes(paths, after)
    points = np.append(paths.points, np.zeros((1, 2), np.float32), axis=0).astype(np.float64)
    begin = points[np.where(leaving < 0, -1, paths.strokes[leaving + 1] - 1)]
    end = points[np.where(entering < 0, -1, paths.strokes[entering])]
    return begin, end


def link(page: Page, rows: Ints) -> Page:
    """`page` with glyphs `rows` int64 [m] joined to those after them, each by one cubic."""
    assert isinstance(page.glyphs, PenGlyphs)
    paths, k = page.glyphs.paths, float(page.frame.xheight)
    inked = np.diff(paths.glyphs) > 0
    rows = rows[inked[rows] & inked[rows + 1]]
    if not len(rows):
        return page
    leaving, entering = _strokes(paths, rows), _strokes(paths, rows + 1)
    points, maps = paths.points.astype(np.float64), page.matrices()
    first, last = paths.strokes[:-1], paths.strokes[1:] - 1
    out = way(points, last[leaving], first[leaving], REACH * k, -1)
    into = way(points, first[entering], last[entering], REACH * k, 1)
    begin, out = moved(maps[rows], points[last[leaving]], out)
    end, into = moved(maps[rows + 1], points[first[entering]], into)
    length = np.hypot(*(end - begin).T)[:, None]
    one, two = begin + HANDLES[0] * length * out, end - HANDLES[1] * length * into
    t = np.linspace(0, 1, 2 * POINTS - 1)[None, :, None]
    s = 1 - t
    drawn = s**3 * begin[:, None] + 3 * s * s * t * one[:, None] + 3 * s * t * t * two[:, None] + t**3 * end[:, None]
    tail = unplaced(maps, rows, drawn[:, 1:POINTS])
    lead = unplaced(maps, rows + 1, drawn[:, POINTS - 1 : -1])
    made = grown(
        paths, np.zeros((2, len(paths.width)), np.int64), np.repeat(leaving, POINTS - 1), tail.reshape(-1, 2),
        np.repeat(entering, POINTS - 1), lead.reshape(-1, 2),
    )  # fmt: skip
    ties = np.full(len(page), -1, np.int64)
    ties[rows] = 0
    return replace(page, glyphs=PenGlyphs(made, page.frame.size), ties=ties)


def _strokes(paths: Paths, rows: Ints) -> Ints:
    """The first stroke of glyphs `rows` [m], int64 [m]; -1 of those without ink."""
    return np.where(np.diff(paths.glyphs)[rows] > 0, paths.glyphs[rows], -1)

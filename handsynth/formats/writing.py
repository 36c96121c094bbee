"""The strokes of a page in the order in which a person writes them: what plotters, ink files and films share."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from handsynth.arrays import Floats, Ints
from handsynth.formats.pens import written
from handsynth.ink import pens
from handsynth.ink.paths import Paths, splined
from handsynth.ink.pensweep import swept
from handsynth.layout.page import Page, Stroke
from handsynth.layout.weld import welded

_UP = 3
"""Points of a pen's spline to one of a stroke."""

_BARRED = "tfđħŧ"
"""Small letters whose bar is written when the word is done, as dots are."""

_ABOVE, _FLAT, _LOW = 0.75, 2.0, 0.6
"""A mark begins so high above the baseline, in x-heights; a bar is so many times as wide as high, and no higher."""


@dataclass(frozen=True, eq=False)
class PenStroke:
    """One stroke of a pen, from where it touches the paper to where it leaves it."""

    points: np.ndarray
    """float64 [k,2]: x, y on the sheet, in x-heights."""
    width: np.ndarray
    """float64 [k]: of the ink at each point, across the way, in x-heights."""
    depth: float = 1.0
    """Of the ink, 0 … 1."""
    colour: int = 0
    """As `Page.colour`."""
    line: int = 0
    """Place in `Page.baselines`."""
    word: int = -1
    """Place in `Page.words`; -1: no part of a word, such as an underline."""
    edge: tuple[float, float] | None = None
    """Half of a broad nib's edge, on the sheet; None: the pen is round."""
    drawn: int = -1
    """Which stroke of the glyphs it is, of those of `pens.single_lines`; -1: none."""


def strokes(page: Page) -> list[PenStroke]:
    """All strokes of `page`, line by line and word by word; dots and bars of small letters follow their word.

    Underlines and the like follow the words that they lie at. Drawings that are no strokes give their centrelines, of
    which no order within the letter is known. Joined letters are one stroke, which their dots and bars follow.
    """
    page = welded(page)
    found = list(_centrelines(page)) if page.glyphs.strokes is None else list(_of_letters(page, page.glyphs.strokes))
    placed = [list(words) for _, words in groupby(found, key=lambda item: (item[1].line, item[1].word))]
    order = [[stroke for _, stroke in sorted(word, key=lambda item: item[0])] for word in placed]
    for line in page.strokes:
        _insert(order, _other(page, line))
    return [stroke for word in order for stroke in word]


def _of_letters(page: Page, paths: Paths) -> Iterator[tuple[bool, PenStroke]]:
    """Each stroke of the glyphs, and whether it waits for the end of its word."""
    paths = written(paths)
    late = _late(page, paths)
    fine = swept(splined(paths, _UP), page.frame.xheight)
    matrices, owner = page.matrices(), fine.owner
    ways = _moved(fine.points, matrices, np.repeat(owner, np.diff(fine.strokes)))
    swell = np.ones(len(fine.points)) if fine.swell is None else fine.swell.astype(np.float64)
    across = fine.width.astype(np.float64) * page.scale[owner] / page.frame.xheight
    for k, i in enumerate(owner.tolist()):
        some = slice(fine.strokes[k], fine.strokes[k + 1])
        points, width, edge = ways[some], across[k] * swell[some], None
        if fine.pen is not None and pens.of(int(fine.pen[k])).edge is not None:
            width, edge = _nib(points, float(across[k]), int(fine.pen[k]))
        colour = int(page.colour[i]) if len(page.colour) else 0
        line, word = int(page.line[i]), int(page.word[i])
        yield bool(late[k]), PenStroke(points, width, float(page.depth[i]), colour, line, word, edge, k)


def _nib(points: np.ndarray, across: float, pen: int) -> tuple[np.ndarray, tuple[float, float]]:
    """Width across the way at each point, and half of the edge, of a broad nib that is `across` wide."""
    edge, thin = pens.edges()[pen], float(pens.column("thin")[pen])
    way = np.gradient(points, axis=0) if len(points) > 1 else np.zeros((1, 2))
    way = way / np.maximum(np.hypot(*way.T), 1e-12)[:, None]
    turned = np.abs(way[:, 0] * edge[1] - way[:, 1] * edge[0])
    half = edge * ((1 - thin) * across / 2)
    return across * (thin + (1 - thin) * turned), (float(half[0]), float(half[1]))


def _late(page: Page, paths: Paths) -> np.ndarray:
    """Which strokes are marks and bars of small letters, bool [m]."""
    if not len(paths.width):
        return np.zeros(0, bool)
    low = np.minimum.reduceat(paths.points, paths.strokes[:-1]).astype(np.float64)
    high = np.maximum.reduceat(paths.points, paths.strokes[:-1]).astype(np.float64)
    above = (page.frame.baseline - high[:, 1]) / page.frame.xheight > _ABOVE
    wide, tall = (high - low).T
    bar = (wide > _FLAT * tall) & (tall < _LOW * page.frame.xheight)
    bases = [unicodedata.normalize("NFD", text)[:1] for text in page.texts]
    small = np.array([base.islower() for base in bases], bool)[paths.owner]
    barred = np.array([base in _BARRED for base in bases], bool)[paths.owner]
    dot = above & (tall < page.frame.xheight)
    return np.asarray(small & (np.where(barred, bar, dot) | (dot & ~bar)))


def _centrelines(page: Page) -> Iterator[tuple[bool, PenStroke]]:
    matrices = page.matrices()
    for i, glyph in enumerate(page.glyphs.traces(page.frame)):
        across = float(page.scale[i]) / page.frame.xheight
        colour = int(page.colour[i]) if len(page.colour) else 0
        for trace in glyph:
            points = trace.points @ matrices[i, :, :2].T + matrices[i, :, 2]
            width = np.full(len(points), float(np.median(trace.widths)) * across)
            yield False, PenStroke(points, width, float(page.depth[i]), colour, int(page.line[i]), int(page.word[i]))


def _moved(points: Floats, matrices: Floats, owner: Ints) -> Floats:
    """Points float [p,2] of the glyphs `owner` int64 [p] on the sheet."""
    each, fine = matrices[owner], points.astype(np.float64)
    return each[:, :, 0] * fine[:, :1] + each[:, :, 1] * fine[:, 1:] + each[:, :, 2]


def _other(page: Page, stroke: Stroke) -> PenStroke:
    nearest = 0
    if len(page.baselines):
        nearest = int(np.abs(page.baselines - stroke.points[:, 1].mean()).argmin())
    width = np.full(len(stroke.points), stroke.width)
    return PenStroke(stroke.points.astype(np.float64), width, stroke.depth, stroke.colour, nearest)


def _insert(words: list[list[PenStroke]], other: PenStroke) -> None:
    """Put a stroke that is no letter after the last word of its line that lies above or below it, or in it."""
    left, right = other.points[:, 0].min(), other.points[:, 0].max()
    place = 0
    for number, word in enumerate(words):
        first = word[0]
        if first.line < other.line:
            place = number + 1
        elif first.line == other.line:
            middle = np.concatenate([stroke.points[:, 0] for stroke in word]).mean()
            if first.word < 0 or left <= middle <= right or middle < left:
                place = number + 1
    words.insert(place, [other])


def simplified(points: np.ndarray, begins: np.ndarray, tolerance: float) -> np.ndarray:
    """Which points of many polylines keep them within `tolerance` of what they were, bool [p] (Douglas, Peucker 1973).

    `points` float64 [p,d] of any number of dimensions; polyline i is `points[begins[i]:begins[i + 1]]`, never empty.
    """
    kept = np.zeros(len(points), bool)
    kept[begins[:-1]] = kept[begins[1:] - 1] = True
    open_ = np.arange(len(points))
    while len(open_):
        some, held = points[open_], kept[open_]
        ends = np.flatnonzero(held)
        chord = np.cumsum(held) - 1
        start = some[ends[chord]]
        way = some[ends[np.minimum(chord + 1, len(ends) - 1)]] - start
        share = ((some - start) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-18)
        off = some - start - np.clip(share, 0, 1)[:, None] * way
        away = np.sqrt((off * off).sum(axis=1))
        away[held] = 0
        worst = np.maximum.reduceat(away, ends)
        far = np.flatnonzero((away == worst[chord]) & (worst[chord] > tolerance))
        kept[open_[far[np.unique(chord[far], return_index=True)[1]]]] = True
        # only what was too far off is looked at again, up to the point where it ends
        split = (worst > tolerance)[chord]
        split[1:] |= held[1:] & split[:-1]
        open_ = open_[split]
    return kept


def lean(paths: list[np.ndarray], tolerance: float) -> list[np.ndarray]:
    """Polylines float64 [k,2] with no more points than keep them within `tolerance` of what they were."""
    if not paths:
        return []
    begins = np.cumsum([0, *map(len, paths)])
    points = np.concatenate(paths)
    kept = simplified(points, begins, tolerance)
    return [points[a:b][kept[a:b]] for a, b in zip(begins[:-1], begins[1:], strict=True)]

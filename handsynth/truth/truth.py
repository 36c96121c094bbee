"""Truth: what a picture of handwriting says and where, as columns of arrays, which every writer of a format reads.

Coordinates are px of the picture, x to the right and y downwards, from the upper left corner of the upper left pixel:
a picture w px wide spans 0 … w, and the middle of its first pixel is at 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from handsynth.errors import InputError
from handsynth.formats.look import Look
from handsynth.formats.look import size as size_of
from handsynth.homography import project
from handsynth.ink.glyph import Glyphs, PenGlyphs, joined
from handsynth.ink.hulls import ROUNDING, widened
from handsynth.layout.page import Page, Stroke
from handsynth.layout.weld import by_letters
from handsynth.text.signs import SOFT_HYPHEN

MARGIN = 0.5
"""By which a glyph's polygon is larger than its ink, in px: half of the pixels at the edge of ink are grey."""

FAINT = -0.2
"""Ink is where a field is above this: specks and hairlines that cover a fifth of a pixel are ink, too."""

DIGITS = 3
"""Decimals of all coordinates."""

TruthLevel = Literal["lines", "words", "glyphs"]


@dataclass(frozen=True, eq=False)
class Truth:
    """The ground truth of one picture: l lines of w words of g glyphs, all in reading order.

    A word that goes on in the next line is two words here.
    """

    name: str
    """Of the picture, without ending."""
    width: int
    height: int
    """Of the picture, in px."""
    text: str
    """As it was written, lines parted by a line feed, blank ones included."""
    writer: str
    """The hand, as `--hand` takes it."""
    seed: int
    index: int
    """Number of the picture in its corpus."""
    lines: tuple[str, ...]
    """Text of each line that has ink, words parted by single blanks, without what is struck out."""
    line_polygons: np.ndarray
    """float64 [l,k,2]: around all of a line's ink, clockwise as seen."""
    line_baselines: tuple[np.ndarray, ...]
    """[l] of float64 [m,2]: on what the letters stand, two points at least, from left to right."""
    words: tuple[str, ...]
    word_line: np.ndarray
    """int32 [w]: place in `lines`."""
    word_polygons: np.ndarray
    """float64 [w,4,2]: around all of a word's ink, the stroke that strikes it out included; clockwise as seen."""
    glyphs: tuple[str, ...]
    """What each glyph writes, a character with its marks."""
    glyph_word: np.ndarray
    """int32 [g]: place in `words`."""
    glyph_polygons: tuple[np.ndarray, ...]
    """[g] of float64 [k,2]: convex, around all of a glyph's ink, clockwise as seen."""
    struck: np.ndarray
    """bool [w]: struck out, no part of the text."""

    def boxes(self, kind: TruthLevel) -> np.ndarray:
        """float64 [n,4]: left, top, right, bottom of the polygons of all `kind`. Raises InputError for another kind."""
        if kind == "glyphs":
            starts = np.cumsum([0, *map(len, self.glyph_polygons)])[:-1]
            return _bounds(np.concatenate([np.empty((0, 2)), *self.glyph_polygons]), starts)
        if kind not in ("lines", "words"):
            raise InputError(f"there are no boxes of {kind!r}; ask for lines, words or glyphs")
        polygons = self.line_polygons if kind == "lines" else self.word_polygons
        return np.concatenate([polygons.min(axis=1), polygons.max(axis=1)], axis=1)

    def moved(self, homography: np.ndarray, width: int, height: int) -> Truth:
        """After a projective map [3,3] (old px to new px) of the picture, which is now `width` x `height` px.

        Raises InputError if the map tears the ink apart: a part of it lies beyond the horizon.
        """
        matrix = np.asarray(homography, np.float64)
        parts = [*self.line_polygons, *self.line_baselines, *self.word_polygons, *self.glyph_polygons]
        points = np.concatenate([np.empty((0, 2)), *parts])
        depth = points @ matrix[2, :2] + matrix[2, 2]
        if not (depth > 0).all() and not (depth < 0).all():
            raise InputError("the map tears the picture apart; give a homography that shows all of the ink")
        done = np.round(project(matrix, points), DIGITS)
        ends = np.cumsum([0, *map(len, parts)])
        found = _parts(done, ends)
        lines, words = len(self.lines), len(self.words)
        return replace(
            self,
            width=width,
            height=height,
            line_polygons=done[: ends[lines]].reshape(self.line_polygons.shape),
            line_baselines=tuple(found[lines : 2 * lines]),
            word_polygons=done[ends[2 * lines] : ends[2 * lines + words]].reshape(-1, 4, 2),
            glyph_polygons=tuple(found[2 * lines + words :]),
        )


Hulls = tuple[np.ndarray, np.ndarray]


def hulls_of(pages: Sequence[Page]) -> list[Hulls]:
    """The hulls of the glyphs of each page, as `hulls` gives them: of many at once, which is much faster."""
    counts = np.cumsum([0, *map(len, pages)]).tolist()
    glyphs = joined([_inked(page) for page in pages], pages[0].frame.size)
    corners, starts = glyphs.hulls(pages[0].frame, FAINT)
    parts = [starts[a : b + 1] for a, b in zip(counts[:-1], counts[1:], strict=True)]
    return [(corners[part[0] : part[-1]], part - part[0]) for part in parts]


def _inked(page: Page) -> Glyphs:
    """The glyphs of a page as they are drawn, those of different pens alike."""
    glyphs = by_letters(page).glyphs
    return PenGlyphs(glyphs.swept, glyphs.size) if isinstance(glyphs, PenGlyphs) else glyphs


def truth_of(
    page: Page,
    xheight: float,
    *,
    name: str,
    writer: str,
    seed: int,
    index: int,
    homography: np.ndarray | None = None,
    size: tuple[int, int] | None = None,
    margin_px: float = MARGIN,
    outlines: Hulls | None = None,
) -> Truth:
    """The ground truth of `page` drawn with an x-height of `xheight` px.

    `homography` [3,3] carries the sheet into the picture, both in px, as a camera does, and `size` is the picture's
    width and height (None: the sheet's). Polygons are `margin_px` larger than the ink, in px of the sheet. Lines drawn
    across the sheet with a ruler are no text, and no part of this. `outlines` is what `hulls_of` gives for the page, if
    that is known.
    """
    # a word, or the part of it that stands on one line
    opens = np.flatnonzero(np.diff(page.word, prepend=-1) | np.diff(page.line, prepend=-1))
    ends = np.append(opens, len(page))[1:]
    glyphs = tuple("-" if text == SOFT_HYPHEN else text for text in page.texts)
    words = tuple("".join(glyphs[a:b]) for a, b in zip(opens.tolist(), ends.tolist(), strict=True))
    struck = page.struck[opens]
    said: list[list[str]] = [[] for _ in page.baselines]
    for word, row, out in zip(words, page.line[opens].tolist(), struck.tolist(), strict=True):
        if not out:
            said[row].append(word)
    texts = [" ".join(row) for row in said]
    rows, word_line = np.unique(page.line[opens], return_inverse=True)
    heads = np.searchsorted(word_line, np.arange(len(rows)))

    points, starts = outlines or hulls_of([page])[0]
    maps = np.repeat(page.matrices() * xheight, np.diff(starts), axis=0)
    points = (maps[:, :, :2] @ points[:, :, None])[..., 0] + maps[:, :, 2]
    margins = margin_px + ROUNDING * xheight / page.frame.xheight * page.scale.astype(np.float64)
    points = np.round(widened(points, starts, margins), DIGITS)
    boxes = _bounds(points, starts[opens])
    for stroke in page.strokes:
        _widen(boxes, struck, stroke, xheight, margin_px)
    around = np.concatenate([_bounds(boxes[:, :2], heads)[:, :2], _bounds(boxes[:, 2:], heads)[:, 2:]], axis=1)
    width, height = size or size_of(page, Look(xheight, max_pixels=1 << 62))
    truth = Truth(
        name=name,
        width=width,
        height=height,
        text="\n".join(texts),
        writer=writer,
        seed=seed,
        index=index,
        lines=tuple(texts[row] for row in rows.tolist()),
        line_polygons=_quads(around),
        line_baselines=_baselines(page, xheight, opens, ends, heads, around),
        words=words,
        word_line=word_line.astype(np.int32),
        word_polygons=_quads(boxes),
        glyphs=glyphs,
        glyph_word=np.repeat(np.arange(len(opens), dtype=np.int32), ends - opens),
        glyph_polygons=tuple(_parts(points, starts)),
        struck=struck,
    )
    return truth if homography is None else truth.moved(homography, width, height)


def _bounds(points: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Left, top, right, bottom float64 [n,4] of n runs of `points` [p,2]."""
    if not len(starts):
        return np.empty((0, 4))
    return np.concatenate([np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts)], axis=1)


def _quads(boxes: np.ndarray) -> np.ndarray:
    """The corners [n,4,2] of boxes [n,4], clockwise as seen from the upper left one."""
    return boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2)


def _parts(points: np.ndarray, starts: np.ndarray) -> list[np.ndarray]:
    ends = starts.tolist()
    return [points[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]


def _widen(boxes: np.ndarray, struck: np.ndarray, stroke: Stroke, xheight: float, margin: float) -> None:
    """Widen the box, in place, of the struck word that `stroke` goes through; a ruled line goes through none."""
    points, reach = stroke.points * xheight, stroke.width * xheight / 2 + margin
    low, high = np.round(points.min(axis=0) - reach, DIGITS), np.round(points.max(axis=0) + reach, DIGITS)
    middle = (low + high) / 2
    through = struck & (boxes[:, :2] <= middle).all(axis=1) & (boxes[:, 2:] >= middle).all(axis=1)
    boxes[through, :2] = np.minimum(boxes[through, :2], low)
    boxes[through, 2:] = np.maximum(boxes[through, 2:], high)


def _baselines(
    page: Page, xheight: float, opens: np.ndarray, ends: np.ndarray, heads: np.ndarray, around: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Baselines [l] of float64 [m,2]: those of the first and last letter of every word, from edge to edge of `around`.

    What single letters stand above or below their word's baseline is no part of it.

    `opens`, `ends` [w] are the glyphs with which words begin and end, `heads` [l] the words with which lines begin.
    """
    level = page.y + page.shift if len(page.shift) else page.y
    feet = np.stack([page.x, level], axis=1) * xheight
    result = []
    for a, b, box in zip(heads.tolist(), [*heads.tolist(), len(opens)][1:], around, strict=True):
        stops = feet[np.stack([opens[a:b], ends[a:b] - 1], axis=1).ravel()]
        forward = stops[:, 0] > np.maximum.accumulate(np.append(-np.inf, stops[:-1, 0]))
        stops = stops[forward & (stops[:, 0] > box[0]) & (stops[:, 0] < box[2])]
        if not len(stops):
            stops = feet[opens[a : a + 1]]
        result.append(np.round(np.concatenate([[[box[0], stops[0, 1]]], stops, [[box[2], stops[-1, 1]]]]), DIGITS))
    return tuple(result)

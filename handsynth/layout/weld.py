"""Joined letters as one stroke, for what moves a pen or draws its line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from handsynth.ink.glyph import PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.ends import last_bodies
from handsynth.layout.page import Page, part_of


def welded(page: Page) -> Page:
    """The page with each run of joined letters as one glyph, in the frame of its first letter.

    A stroke that runs on into the next letter is one stroke. Dots, bars and marks of the run follow it, as people write
    them. Pages without joins stay as they are.
    """
    if not _joined(page):
        return page
    runs = _Runs(page)
    stops = np.append(runs.heads[1:], len(page)).tolist()
    texts = tuple("".join(page.texts[a:b]) for a, b in zip(runs.heads.tolist(), stops, strict=True))
    some = replace(part_of(page, runs.heads), ties=np.empty(0, np.int64))
    return replace(some, glyphs=PenGlyphs(runs.paths, page.frame.size), texts=texts, depth=runs.depth)


def as_drawn(page: Page) -> Page:
    """The page with joined letters as one stroke, where that looks otherwise: by pens that taper, or in pale ink."""
    return welded(page) if _tapers_at_joins(page) else page


def by_letters(page: Page) -> Page:
    """`as_drawn`, cut into letters again: each as wide and as dark as its part of the stroke, which tapers at no join.

    Pages that are drawn letter by letter stay as they are.
    """
    if not _tapers_at_joins(page):
        return page
    assert isinstance(page.glyphs, PenGlyphs)
    runs, paths = _Runs(page), page.glyphs.swept
    drawn = PenGlyphs(runs.paths, page.frame.size).swept
    # where each stroke of a letter, and each of its points, went
    stroke, point = np.cumsum(~runs.goes_on) - 1, np.cumsum(runs.keep) - 1
    found = replace(
        runs.single,
        width=drawn.width[stroke],
        swell=None if drawn.swell is None else drawn.swell[point],
        tone=None if drawn.tone is None else drawn.tone[point],
    ).take(np.argsort(runs.order))
    ratio = (page.scale[runs.heads[runs.run]] / page.scale)[paths.owner]
    whole = replace(paths, width=(found.width * ratio).astype(np.float32), swell=found.swell, tone=found.tone)
    return replace(page, glyphs=PenGlyphs(whole, page.frame.size), depth=runs.depth[runs.run])


def _joined(page: Page) -> bool:
    return bool(len(page.ties) and (page.ties >= 0).any())


def _tapers_at_joins(page: Page) -> bool:
    """Whether its joined letters look otherwise one by one: pens taper, or ink and width change at joins."""
    paths = page.glyphs.strokes
    if paths is None or not _joined(page):
        return False
    return paths.pen is not None or bool((page.depth < 1).any() or (paths.width != paths.width[0]).any())


@dataclass(frozen=True, eq=False)
class _Runs:
    """The runs of joined letters of a page: r runs of n letters, whose m strokes have p points."""

    page: Page

    @cached_property
    def heads(self) -> np.ndarray:
        """int64 [r]: the first letter of each run."""
        return np.flatnonzero(self._head)

    @cached_property
    def run(self) -> np.ndarray:
        """int64 [n]: the run of each letter."""
        return np.asarray(np.cumsum(self._head) - 1)

    @cached_property
    def order(self) -> np.ndarray:
        """int64 [m]: the strokes as they are written."""
        paths, run = self._paths, self.run
        owner, number = paths.owner, self._number
        # what follows a letter's body waits until the run is written, also in its last letter
        body = np.where(self.page.ties >= 0, self.page.ties, last_bodies(paths, self.page.frame))
        late = (number > body[owner]) & (np.bincount(run)[run] > 1)[owner]
        order: np.ndarray = np.lexsort([number, owner, late, run[owner]])
        return order

    @cached_property
    def goes_on(self) -> np.ndarray:
        """bool [m]: whether the stroke, in `order`, goes on from the one before."""
        return np.asarray(((self._number == 0) & ~self._head[self._paths.owner])[self.order])

    @cached_property
    def single(self) -> Paths:
        """Each stroke as a glyph, in `order`, in the frame of its run's first letter."""
        placed = _in_heads(self.page, self.heads[self.run])
        return replace(placed, glyphs=np.arange(len(placed.width) + 1)).take(self.order)

    @cached_property
    def keep(self) -> np.ndarray:
        """bool [p]: the points of `single` without those that are there twice, amid joins."""
        # the exit of a letter and the entry of the next one stand side by side
        keep = np.ones(len(self.single.points), bool)
        keep[self.single.strokes[:-1][self.goes_on]] = False
        return keep

    @cached_property
    def paths(self) -> Paths:
        """A glyph for each run, with strokes that go through its joins."""
        single = self.single
        counts = np.add.reduceat(self.keep.astype(np.int64), single.strokes[:-1])
        begins = np.flatnonzero(~self.goes_on)
        starts = np.append(np.concatenate([[0], np.cumsum(counts)])[begins], self.keep.sum())
        owner = self._paths.owner[self.order][begins]
        return replace(
            single,
            points=single.points[self.keep],
            strokes=starts,
            glyphs=np.searchsorted(self.run[owner], np.arange(len(self.heads) + 1)),
            width=single.width[begins],
            pen=None if single.pen is None else single.pen[begins],
        )

    @cached_property
    def depth(self) -> np.ndarray:
        """float32 [r]: how dark each run is."""
        counts = np.diff(np.append(self.heads, len(self.page)))
        return (np.add.reduceat(self.page.depth, self.heads) / counts).astype(np.float32)

    @property
    def _head(self) -> np.ndarray:
        return np.append(True, self.page.ties[:-1] < 0)

    @property
    def _paths(self) -> Paths:
        assert isinstance(self.page.glyphs, PenGlyphs)
        return self.page.glyphs.paths

    @cached_property
    def _number(self) -> np.ndarray:
        """int64 [m]: which of its letter's strokes each one is."""
        paths = self._paths
        return np.asarray(np.arange(len(paths.width)) - paths.glyphs[paths.owner])


def _in_heads(page: Page, heads: np.ndarray) -> Paths:
    """The strokes of all glyphs [n] in the frames of glyphs `heads` [n]."""
    assert isinstance(page.glyphs, PenGlyphs)
    paths, maps = page.glyphs.paths, page.matrices()
    moves = np.tile(np.eye(2, 3), (len(page), 1, 1))
    other = np.flatnonzero(heads != np.arange(len(page)))
    back = np.linalg.inv(maps[heads[other], :, :2])
    moves[other, :, :2] = back @ maps[other, :, :2]
    moves[other, :, 2] = (back @ (maps[other, :, 2] - maps[heads[other], :, 2])[:, :, None])[..., 0]
    # one pen all along: pressure is that of the run
    begins = np.flatnonzero(heads == np.arange(len(page)))
    pen = np.maximum(paths.width[np.minimum(paths.glyphs[:-1], len(paths.width) - 1)], np.float32(1e-6))
    usual = np.add.reduceat(pen * (page.scale / page.scale[heads]), begins) / np.diff(np.append(begins, len(page)))
    width = (usual.astype(np.float32)[np.searchsorted(begins, heads)])[paths.owner] * (paths.width / pen[paths.owner])
    return replace(paths.moved(moves), width=width.astype(np.float32))

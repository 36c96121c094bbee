"""Joined letters as one stroke, for what moves a pen or draws its line."""

from __future__ import annotations

from dataclasses import replace

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
    if not len(page.ties) or (page.ties < 0).all():
        return page
    assert isinstance(page.glyphs, PenGlyphs)
    head = np.append(True, page.ties[:-1] < 0)
    run = np.cumsum(head) - 1
    heads = np.flatnonzero(head)
    paths = page.glyphs.paths
    owner = paths.owner
    number = np.arange(len(owner)) - paths.glyphs[owner]
    # what follows a letter's body waits until the run is written, also in its last letter
    body = np.where(page.ties >= 0, page.ties, last_bodies(paths, page.frame))
    late = (number > body[owner]) & (np.bincount(run)[run] > 1)[owner]
    order = np.lexsort([number, owner, late, run[owner]])
    entered = (number == 0) & ~head[owner]
    # the exit of a letter and the entry of the next one stand side by side
    single = replace(_in_heads(page, heads[run]), glyphs=np.arange(len(owner) + 1)).take(order)
    goes_on = entered[order]
    keep = np.ones(len(single.points), bool)
    keep[single.strokes[:-1][goes_on]] = False  # the middle of a join is a point of both
    counts = np.add.reduceat(keep.astype(np.int64), single.strokes[:-1])
    begins = np.flatnonzero(~goes_on)
    starts = np.append(np.concatenate([[0], np.cumsum(counts)])[begins], keep.sum())
    glyphs = np.searchsorted(run[owner[order]][begins], np.arange(len(heads) + 1))
    made = replace(
        single,
        points=single.points[keep],
        strokes=starts,
        glyphs=glyphs,
        width=single.width[begins],
        pen=None if single.pen is None else single.pen[begins],
    )
    depth = np.add.reduceat(page.depth, heads) / np.diff(np.append(heads, len(page)))
    stops = np.append(heads[1:], len(page)).tolist()
    texts = tuple("".join(page.texts[a:b]) for a, b in zip(heads.tolist(), stops, strict=True))
    some = replace(part_of(page, heads), ties=np.empty(0, np.int64))
    return replace(some, glyphs=PenGlyphs(made, page.frame.size), texts=texts, depth=depth.astype(np.float32))


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

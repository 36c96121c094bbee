"""Joined letters: a stroke of the pen from each small letter to the next of its word, as many hands write.

The stroke is drawn into the field of the letter that it leaves, so it is ink of that glyph for whatever reads a Page.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth import noise
from handsynth.frame import Frame
from handsynth.ink.fields import above
from handsynth.ink.glyph import FieldGlyphs, PenGlyphs
from handsynth.ink.measure import pen_width
from handsynth.ink.paths import Paths
from handsynth.layout.page import Page
from handsynth.layout.spacing import heights

SMALL = "abcdefghijklmnopqrstuvwxyz"
HIGH = "bovwr"
"""Letters that one leaves at the top; others at the baseline."""

TAILS = "gjy"
"""Letters that one leaves by a loop, from below."""

TOPS = "ijmnprsuvwxyz"
"""Letters that one reaches at the top; others at their side."""

LOW, TOP, TAIL = 0, 1, 2
LEFT_AT = np.array([[-0.1, 0.4], [0.55, 1.0], [-1.2, -0.3]])
"""Where on a letter one looks for its end, in x-heights above the baseline: at LOW, TOP or TAIL."""

REACHED_AT = np.array([[0.25, 0.65], [0.6, 1.05]])
"""… and for its beginning: at its side, or at the top."""

END, START = 0.3, 0.25
"""Probabilities that a word has a stroke after its end, and one before its beginning."""

POINTS = 9
"""Of the line that stands for a stroke."""

MEASURED = 8
"""Letters on which the width of the pen is measured."""

WIDER = 0.9, 1.7
"""Joined letters stand from this to that many times as far apart as others."""


def joined(page: Page) -> Page:
    """`page`, of the same size, with the small letters of each word joined."""
    small = np.array([len(text) == 1 and text in SMALL for text in page.texts], bool)
    if not small.any():
        return page
    frame, count = page.frame, len(page)
    u = noise.uniforms(page.seed, "corpus", page.place, 8).astype(float)
    leaving = np.array([TOP if text in HIGH else TAIL if text in TAILS else LOW for text in page.texts])
    drawn = page.fields
    ink = above(drawn)
    out = _edges(ink, frame, LEFT_AT[leaving], leaving != TAIL)
    tops = np.array([text in TOPS for text in page.texts], int)
    into = _edges(ink, frame, REACHED_AT[tops], np.zeros(count, bool))
    # where the next letter begins, seen from this one's frame
    maps = page.matrices()
    there = np.einsum("nij,nj->ni", maps[:, :, :2], into) + maps[:, :, 2]
    inverse = np.linalg.inv(maps[:, :, :2])
    ahead = np.einsum("nij,nj->ni", inverse, np.roll(there, -1, axis=0) - maps[:, :, 2])
    final = np.append((page.word[1:] != page.word[:-1]) | (page.line[1:] != page.line[:-1]), True)
    tie = small & ~final & np.roll(small, -1) & (np.abs(ahead - out).max(axis=1) < frame.size)
    end = small & final & (u[:, 4] < END) & (leaving != TAIL)
    begin = small & (page.letter == 0) & (u[:, 0] < START)
    k = float(frame.xheight)
    far = np.stack([0.15 + 0.4 * u[:, 5], -0.35 * u[:, 6]], axis=1)
    back = np.stack([-0.15 - 0.3 * u[:, 1], 0.2 + 0.5 * u[:, 2]], axis=1)
    first = np.concatenate([out, out, into + k * back])
    last = np.concatenate([ahead, out + k * far, into])
    wanted = np.concatenate([tie, end, begin]) & np.isfinite(first + last).all(axis=1)
    rows, way = np.flatnonzero(wanted) % count, np.concatenate([leaving, leaving, np.zeros(count, int)])[wanted]
    curves = k * _curves(first[wanted] / k, last[wanted] / k, way, u[rows, 3:])
    # a stroke between letters is often thinner than theirs
    thin = noise.uniforms(page.seed, "corpus", np.array([noise.place("joined")], np.uint64), 1)
    paths = page.glyphs.strokes
    if paths is not None and paths.pen is not None:
        pen = float(np.median(paths.width))
    else:
        pen = pen_width(drawn[np.flatnonzero(small)[:MEASURED]].astype(np.float32))
    width = pen * float(0.75 + 0.3 * thin[0, 0])
    if isinstance(page.glyphs, PenGlyphs):
        return replace(page, glyphs=PenGlyphs(_added(page.glyphs.paths, rows, curves, width), frame.size))
    fields = drawn.copy()
    _draw(fields, rows, curves, width)
    return replace(page, glyphs=FieldGlyphs(fields))


def roomy(before: Page, after: Page) -> Page:
    """`after`, widened to have the margins at the left and at the right that `before` had."""
    old, new = before.boxes(), after.boxes()
    inked = old[:, 2] > old[:, 0]
    left = max(0.0, float(old[inked, 0].min() - new[inked, 0].min()))
    right = max(0.0, float(new[inked, 2].max() - old[inked, 2].max()))
    return replace(after, x=after.x + left, width=after.width + left + right)


def _edges(ink: np.ndarray, frame: Frame, band: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rightmost or leftmost ink [n,2] (x, y in frame px) within `band` [n,2] above the baseline; nan for none.

    `ink` bool [n,H,H]; `right` bool [n]; `band` in x-heights.
    """
    size = frame.size
    height = heights(frame)
    inside = ink & ((height >= band[:, :1]) & (height <= band[:, 1:]))[:, :, None]
    columns: np.ndarray = np.any(inside, axis=1)
    column = np.where(right, size - 1 - columns[:, ::-1].argmax(axis=1), columns.argmax(axis=1))
    there = inside[np.arange(len(ink)), :, column]
    total = there.sum(axis=1)
    row = np.where(total > 0, (there * np.arange(size)).sum(axis=1) / np.maximum(total, 1), np.nan)
    # a little inside, for the stroke to meet the letter's
    return np.stack([column + np.where(right, -0.5, 1.5), row + 0.5], axis=1)


def _curves(start: np.ndarray, end: np.ndarray, leaving: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Cubic Béziers [m,POINTS,2] from letters to letters, in x-heights, y down."""
    reach, up = np.maximum(end[:, 0] - start[:, 0], 0.15), np.maximum(start[:, 1] - end[:, 1], 0.0)
    low = [0.35 * reach + 0.1 * u[:, 0], 0.04 + 0.1 * u[:, 1], -0.25 * reach - 0.1 * u[:, 2], 0.35 * up + 0.05]
    top = [0.45 * reach, 0.08 + 0.15 * u[:, 0], -0.4 * reach, 0.05 + 0.15 * u[:, 1]]
    tail = [-0.15 - 0.2 * u[:, 0], np.full(len(u), -0.3), -0.5 * reach - 0.1, 0.4 + 0.2 * u[:, 1]]
    bends = np.stack([np.stack(kind, axis=1) for kind in (low, top, tail)])[leaving, np.arange(len(u))]
    one, two = start + bends[:, :2], end + bends[:, 2:]
    t = np.linspace(0, 1, POINTS)[None, :, None]
    parts = (1 - t) ** 3 * start[:, None], 3 * (1 - t) ** 2 * t * one[:, None], 3 * (1 - t) * t**2 * two[:, None]
    curves: np.ndarray = parts[0] + parts[1] + parts[2] + t**3 * end[:, None]
    return curves


def _added(paths: Paths, rows: np.ndarray, curves: np.ndarray, width: float) -> Paths:
    """`paths` with the strokes `curves` [m,k,2], in frame px, after those of the glyphs `rows` [m]."""
    more = Paths.of([[curve] for curve in curves], width, paths.usual_pen)
    count = len(paths)
    owner = np.concatenate([np.arange(count), rows])
    order = np.argsort(owner, kind="stable")
    return Paths.joined([paths, more]).take(order).merged(np.bincount(owner, minlength=count))


def _draw(fields: np.ndarray, rows: np.ndarray, curves: np.ndarray, width: float) -> None:
    """Raise `rows` [m] of `fields` float16 [n,H,H] by a round pen that goes along `curves` [m,k,2], in frame px."""
    size, around = fields.shape[1], width / 2 + 4
    low = np.clip(np.floor(curves.min(axis=1) - around), 0, size).astype(int).tolist()
    high = np.clip(np.ceil(curves.max(axis=1) + around), 0, size).astype(int).tolist()
    begin = curves[:, :-1].astype(np.float32)
    way = curves[:, 1:].astype(np.float32) - begin
    way /= np.maximum((way**2).sum(axis=2, keepdims=True), np.float32(1e-9)) ** np.float32(0.5)
    length = np.sqrt(((curves[:, 1:] - curves[:, :-1]) ** 2).sum(axis=2)).astype(np.float32)
    middle = np.arange(size, dtype=np.float32) + np.float32(0.5)
    for i, (row, (left, top), (right, bottom)) in enumerate(zip(rows.tolist(), low, high, strict=True)):
        dx = middle[None, None, left:right] - begin[i, :, 0, None, None]
        dy = middle[None, top:bottom, None] - begin[i, :, 1, None, None]
        wx, wy = way[i, :, 0, None, None], way[i, :, 1, None, None]
        along = dx * wx + dy * wy
        # beside the segment, and before its beginning or after its end
        beyond = along - np.clip(along, 0, length[i, :, None, None])
        beside = dx * wy - dy * wx
        beside *= beside
        beyond *= beyond
        beside += beyond
        near = np.sqrt(beside.min(axis=0))
        part = fields[row, top:bottom, left:right]
        np.maximum(part, np.clip(np.float32(width / 2) - near, -4, 4).astype(np.float16), out=part)

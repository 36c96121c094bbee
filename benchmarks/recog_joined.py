"""Joined letters: a stroke of the pen from each small letter to the next of its word, as many hands write.

The stroke is drawn into the field of the letter that it leaves, so it is ink of that glyph for whatever reads a Page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from handsynth import noise
from handsynth.corpus import sampler
from handsynth.layout.page import Page
from handsynth.layout.several import Job
from handsynth.learn.measure import pen_width
from handsynth.model import Model

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
WIDER = 0.9, 1.7
"""Joined letters stand so many times as far apart as others."""


@contextmanager
def joining(share: float) -> Iterator[None]:
    """Within it, a Sampler joins the letters of that share of its samples, and sets these wider."""
    plain = sampler.layouts

    def layouts(model: Model, jobs: Sequence[Job], *rest: Any) -> list[Page]:
        rows = [_whole(job.seed) for job in jobs]
        wider = [
            replace(job, setting=replace(job.setting, gap=job.setting.gap * float(np.interp(row[2], (0, 1), WIDER))))
            if row[0] < share
            else job
            for job, row in zip(jobs, rows, strict=True)
        ]
        pages = plain(model, wider, *rest)
        return [joined(page) if row[0] < share else page for page, row in zip(pages, rows, strict=True)]

    sampler.layouts = layouts
    try:
        yield
    finally:
        sampler.layouts = plain


def _whole(seed: int) -> np.ndarray:
    return noise.uniforms(seed, "corpus", np.array([noise.place("joined")], np.uint64), 3)[0].astype(float)


def joined(page: Page) -> Page:
    """`page` with the small letters of each word joined."""
    small = np.array([len(text) == 1 and text in SMALL for text in page.texts], bool)
    if not small.any():
        return page
    frame, count = page.frame, len(page)
    u = noise.uniforms(page.seed, "corpus", page.place, 8).astype(float)
    leaving = np.array([TOP if text in HIGH else TAIL if text in TAILS else LOW for text in page.texts])
    ink = page.fields > 0
    out = _edges(ink, frame.baseline, frame.xheight, LEFT_AT[leaving], leaving != TAIL)
    tops = np.array([text in TOPS for text in page.texts], int)
    into = _edges(ink, frame.baseline, frame.xheight, REACHED_AT[tops], np.zeros(count, bool))
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
    far = np.stack([0.2 + 0.9 * u[:, 5], -0.35 * u[:, 6]], axis=1)
    back = np.stack([-0.15 - 0.5 * u[:, 1], 0.2 + 0.5 * u[:, 2]], axis=1)
    fields = page.fields.astype(np.float32)
    width = pen_width(fields[small]) * float(0.75 + 0.3 * _whole(page.seed)[1])
    for which, start, stop, way in (
        (tie, out, ahead, leaving),
        (end, out, out + k * far, leaving),
        (begin, into + k * back, into, np.zeros(count, int)),
    ):
        rows = np.flatnonzero(which & np.isfinite(start + stop).all(axis=1))
        points = _curves(start[rows] / k, stop[rows] / k, way[rows], u[rows, 3:]) * k
        for row, line in zip(rows.tolist(), points, strict=True):
            _draw(fields[row], line, width)
    return _roomy(page, replace(page, fields=fields.astype(np.float16)))


def _roomy(before: Page, after: Page) -> Page:
    """`after` with the margins at the left and at the right that `before` had."""
    old, new = before.boxes(), after.boxes()
    inked = old[:, 2] > old[:, 0]
    left = max(0.0, float(old[inked, 0].min() - new[inked, 0].min()))
    right = max(0.0, float(new[inked, 2].max() - old[inked, 2].max()))
    return replace(after, x=after.x + left, width=after.width + left + right)


def _edges(ink: np.ndarray, baseline: float, xheight: float, band: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Rightmost or leftmost ink [n,2] (x, y in frame px) within `band` [n,2] above the baseline; nan for none."""
    size = ink.shape[1]
    height = (baseline - 0.5 - np.arange(size)) / xheight
    inside = ink & ((height >= band[:, :1]) & (height <= band[:, 1:]))[:, :, None]
    columns = inside.any(axis=1)
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


def _draw(field: np.ndarray, line: np.ndarray, width: float) -> None:
    """Raise `field` f32 [H,H] by a round pen that goes along `line` [k,2], in frame px."""
    size = len(field)
    around = width / 2 + 4
    left, top = np.clip(np.floor(line.min(axis=0) - around), 0, size).astype(int).tolist()
    right, bottom = np.clip(np.ceil(line.max(axis=0) + around), 0, size).astype(int).tolist()
    if left >= right or top >= bottom:
        return
    x = (np.arange(left, right, dtype=np.float32) + np.float32(0.5))[None, None, :]
    y = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5))[None, :, None]
    begin, way = line[:-1].astype(np.float32), np.diff(line, axis=0).astype(np.float32)
    dx, dy = x - begin[:, 0, None, None], y - begin[:, 1, None, None]
    wx, wy = way[:, 0, None, None], way[:, 1, None, None]
    share = np.clip((dx * wx + dy * wy) / np.maximum(wx * wx + wy * wy, 1e-9), 0, 1)
    near = ((dx - share * wx) ** 2 + (dy - share * wy) ** 2).min(axis=0)
    part = field[top:bottom, left:right]
    np.maximum(part, np.clip(np.float32(width / 2) - np.sqrt(near), -4, 4), out=part)

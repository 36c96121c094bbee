"""Lines that the hand draws at words: under them, through them and around them.

Each is a stroke of the pen that wrote the words; how it wavers hangs on the noise of its first letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from handsynth import noise
from handsynth.emphasis import Kind, Span, Spans
from handsynth.glyph import PenGlyphs
from handsynth.layout.page import Page, Stroke
from handsynth.layout.pressed import WIDER, pen_widths

DROP, THROUGH = 0.32, 0.45
"""How far below the baseline a line under words lies, and above it one through them, in x-heights."""

CLEAR = 0.13
"""Room between an underline and the tails of letters, for which the pen is lifted, in x-heights."""

SHORTEST, LEAST = 0.3, 0.5
"""No piece of an underline is shorter, in x-heights; if less than this share of it is left, it goes through tails."""

FRAME = 0.5, 0.32
"""Room in a frame beside its words, and above and below, in heights of their x."""

PEN = 0.12
"""Width of the pen where no strokes are known, in x-heights."""

_STEP = 0.15  # between points, in x-heights
_REACH = 2.0  # over which the baseline is averaged


def lines(page: Page, spans: Sequence[Spans], wander: float) -> Iterator[Stroke]:
    """What the pen draws for the emphasis `spans` [n] of the glyphs of `page`; `wander`: how far lines waver."""
    for rows in _runs(page, spans, "underline"):
        yield from _under(page, rows, spans, wander)
    for rows in _runs(page, spans, "strike"):
        yield _through(page, rows, spans, wander)
    framed: dict[tuple[int, Span], list[int]] = {}
    for glyph, of in enumerate(spans):
        for span in of:
            if span.kind == "frame":
                framed.setdefault((int(page.paragraph[page.line[glyph]]), span), []).append(glyph)
    for glyphs in framed.values():
        yield from _around(page, np.array(glyphs), spans, wander)


def _runs(page: Page, spans: Sequence[Spans], kind: Kind) -> Iterator[np.ndarray]:
    """The glyphs of each span of a `kind`, line by line, those with ink alone."""
    box = page.boxes()
    inked = box[:, 2] > box[:, 0]
    held: list[int] = []
    before: tuple[int, Span] | None = None
    for glyph, of in enumerate(spans):
        span = next((one for one in of if one.kind == kind), None)
        now = (int(page.line[glyph]), span) if span else None
        if now != before and held:
            yield np.array(held)
            held = []
        before = now
        if now and inked[glyph]:
            held.append(glyph)
    if held:
        yield np.array(held)


def _under(page: Page, rows: np.ndarray, spans: Sequence[Spans], wander: float) -> Iterator[Stroke]:
    width = _pen(page, rows, spans)
    drop = DROP * float(page.scale[rows].mean()) + 0.5 * width
    x, y = _line(page, rows, drop, wander, "under")
    tails = _tails(page, rows, x, y, width)
    free = np.ones(len(x), bool)
    for left, right in tails:
        free &= (x < left) | (x > right)
    pieces = [piece for piece in _true_runs(free) if x[piece[-1]] - x[piece[0]] >= SHORTEST]
    if sum(x[piece[-1]] - x[piece[0]] for piece in pieces) < LEAST * (x[-1] - x[0]):
        pieces = [np.arange(len(x))]
    for piece in pieces:
        yield _stroke(page, rows, x[piece], y[piece], width)


def _through(page: Page, rows: np.ndarray, spans: Sequence[Spans], wander: float) -> Stroke:
    x, y = _line(page, rows, -THROUGH * float(page.scale[rows].mean()), wander, "through")
    return _stroke(page, rows, x, y, _pen(page, rows, spans))


def _around(page: Page, rows: np.ndarray, spans: Sequence[Spans], wander: float) -> Iterator[Stroke]:
    """A frame, in one stroke from its upper left corner and a little beyond."""
    box = page.boxes()[rows]
    box = box[box[:, 2] > box[:, 0]]
    if not len(box):
        return
    room = np.array(FRAME) * float(page.scale[rows].mean())
    low = np.maximum(box[:, :2].min(axis=0) - room, PEN)
    high = np.minimum(box[:, 2:].max(axis=0) + room, (page.width - PEN, page.height - PEN))
    key = np.array([noise.place(int(page.place[rows[0]]), "frame")], np.uint64)
    drawn = noise.normals(page.seed, "fault", key, 16)[0].astype(np.float64)
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1]), low])
    corners += wander * 0.05 * np.clip(drawn[:10], -2, 2).reshape(5, 2)
    corners[4, 1] -= 0.12  # the pen comes a little further up than it began
    parts = []
    for side in range(4):
        way = corners[side + 1] - corners[side]
        length = float(np.hypot(*way))
        along = np.linspace(0, 1, max(3, round(length / _STEP)))[:, None]
        aside = wander * 0.035 * np.sin(np.pi * along) * np.sin(1.1 * along * length + drawn[10 + side])
        parts.append(corners[side] + along * way + aside * (way[::-1] * (-1, 1)) / max(length, 1e-9))
    points = np.clip(np.concatenate(parts), 0.5 * PEN, (page.width - 0.5 * PEN, page.height - 0.5 * PEN))
    yield _with(page, rows, points, _pen(page, rows, spans))


def _line(page: Page, rows: np.ndarray, drop: float, wander: float, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Points x, y [k] of a line `drop` below the baseline of the glyphs `rows`, from their first ink to their last."""
    key = np.array([noise.place(int(page.place[rows[0]]), name)], np.uint64)
    start, end, tilt, lift, *phase = noise.uniforms(page.seed, "fault", key, 8)[0].astype(float).tolist()
    box = page.boxes()[rows]
    left = max(float(box[:, 0].min()) - wander * 0.15 * start, 0.0)
    right = min(float(box[:, 2].max()) + wander * 0.2 * end, page.width)
    x = np.linspace(left, right, max(4, round((right - left) / _STEP) + 1))
    near = np.exp(-(((x[:, None] - page.x[rows]) / _REACH) ** 2) / 2) + 1e-12
    base = (near * page.y[rows]).sum(axis=1) / near.sum(axis=1)
    wave = 0.025 * np.sin(1.1 * x + 6.28 * phase[0]) + 0.012 * np.sin(2.9 * x + 6.28 * phase[1])
    slope = 0.1 * (tilt - 0.5) * np.clip((x - (left + right) / 2) / max(right - left, 3.0), -1, 1)
    return x, base + drop + wander * (wave + slope + 0.06 * (lift - 0.5))


def _tails(page: Page, rows: np.ndarray, x: np.ndarray, y: np.ndarray, width: float) -> Iterator[tuple[float, float]]:
    """From where to where a line at `x`, `y` [k] would run into ink, of the glyphs `rows` and those beside them."""
    near = np.arange(max(rows[0] - 1, 0), min(rows[-1] + 2, len(page)))
    near = near[page.line[near] == page.line[rows[0]]]
    low = page.boxes()[near, 3]
    there = near[low > np.interp(page.x[near], x, y) - width]
    if not len(there):
        return
    frame, edges = page.frame, page.glyphs.take(there).profiles(page.frame)
    for i, glyph in enumerate(there.tolist()):
        scale = float(page.scale[glyph])
        # the frame's rows, as heights below the baseline on the sheet
        below = (np.arange(edges.left.shape[1]) + 0.5 - frame.baseline) / frame.xheight * scale
        at = float(np.interp(page.x[glyph], x, y)) - float(page.y[glyph])
        crossed = (np.abs(below - at) <= width / 2 + CLEAR) & (edges.right[i] > edges.left[i])
        if crossed.any():
            lean = page.slant[glyph] * -below[crossed]
            left = page.x[glyph] + (edges.left[i][crossed] * scale + lean).min()
            right = page.x[glyph] + (edges.right[i][crossed] * scale + lean).max()
            yield float(left) - CLEAR - width / 2, float(right) + CLEAR + width / 2


def _pen(page: Page, rows: np.ndarray, spans: Sequence[Spans]) -> float:
    """Width of the pen that wrote the glyphs `rows`, not pressed, in x-heights."""
    if not isinstance(page.glyphs, PenGlyphs):
        return PEN * float(page.scale[rows].mean())
    pressed = np.array([any(span.kind == "bold" for span in spans[row]) for row in rows.tolist()])
    width = pen_widths(page.glyphs.paths.take(rows)) / np.where(pressed, WIDER, 1.0) / page.frame.xheight
    return float(np.median(width * page.scale[rows]))


def _stroke(page: Page, rows: np.ndarray, x: np.ndarray, y: np.ndarray, width: float) -> Stroke:
    return _with(page, rows, np.stack([x, np.clip(y, width / 2, page.height - width / 2)], axis=1), width)


def _with(page: Page, rows: np.ndarray, points: np.ndarray, width: float) -> Stroke:
    """A stroke in the ink of the glyphs `rows`."""
    colour = int(page.colour[rows[0]]) if len(page.colour) else 0
    return Stroke(points, width, float(page.depth[rows].mean()), colour)


def _true_runs(flags: np.ndarray) -> list[np.ndarray]:
    """Runs of places where `flags` bool [k] is true."""
    places = np.flatnonzero(flags)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run)]

"""Lines that the hand draws at words: under them, through them and around them.

Each is a stroke of the pen that wrote the words; how it wavers hangs on the noise of its first letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from handsynth import noise
from handsynth.ink.glyph import PenGlyphs
from handsynth.layout.page import Page, Stroke
from handsynth.layout.pressed import WIDER, pen_widths
from handsynth.text.emphasis import EmphasisKind, Span, Spans, has

DROP, THROUGH = 0.32, 0.45
"""How far below the baseline a line under words lies, and above it one through them, in x-heights."""

CLEAR = 0.13
"""Room between an underline and the tails of letters, for which the pen is lifted, in x-heights."""

SHORTEST, LEAST = 0.5, 0.5
"""No piece of an underline is shorter, in heights of its x; where less than this share of it is left, it is whole."""

FRAME = 0.5, 0.32
"""Room in a frame beside its words, and above and below, in heights of their x."""

PEN = 0.12
"""Width of the pen where no strokes are known, in x-heights."""

_STEP = 0.15  # between points, in x-heights
_REACH = 2.0  # over which the baseline is averaged


def lowest(wander: float) -> float:
    """How far down the ink of an underline reaches, as a rule, in heights of its x from the baseline."""
    return DROP + 1.5 * PEN + 0.1 * wander


def lines(page: Page, spans: Sequence[Spans], wander: float) -> Iterator[Stroke]:
    """What the pen draws for the emphasis `spans` [n] of the glyphs of `page`; `wander`: how far lines waver."""
    if not any(spans):
        return
    pen = _UnderlinePen(page, spans, wander)
    for rows in pen.runs("underline"):
        yield from pen.under(rows)
    for rows in pen.runs("strike"):
        yield pen.through(rows)
    for rows in pen.framed():
        yield pen.around(rows)


class _UnderlinePen:
    """The pen, and the page that it draws on. `rows` are glyphs of the page, int64 [k], all with ink."""

    def __init__(self, page: Page, spans: Sequence[Spans], wander: float) -> None:
        self.page, self.spans, self.wander = page, spans, wander
        self.box = page.boxes()
        self.inked = self.box[:, 2] > self.box[:, 0]

    def runs(self, kind: EmphasisKind) -> Iterator[np.ndarray]:
        """The glyphs of each span of a `kind`, line by line."""
        found: dict[tuple[int, int, Span], list[int]] = {}
        for glyph, span in self._spans(kind):
            line = int(self.page.line[glyph])
            found.setdefault((line, int(self.page.paragraph[line]), span), []).append(glyph)
        yield from map(np.array, found.values())

    def framed(self) -> Iterator[np.ndarray]:
        """The glyphs of each span that has a frame."""
        found: dict[tuple[int, Span], list[int]] = {}
        for glyph, span in self._spans("frame"):
            found.setdefault((int(self.page.paragraph[self.page.line[glyph]]), span), []).append(glyph)
        yield from map(np.array, found.values())

    def _spans(self, kind: EmphasisKind) -> Iterator[tuple[int, Span]]:
        for glyph, of in enumerate(self.spans):
            for span in of:
                if span.kind == kind and self.inked[glyph]:
                    yield glyph, span

    def under(self, rows: np.ndarray) -> Iterator[Stroke]:
        """A line under words, for which the pen is lifted where tails are, if enough of it is left."""
        width, size = self._width(rows), float(self.page.scale[rows].mean())
        x, y = self._line(rows, DROP * size + 0.5 * width, "under")
        free = np.ones(len(x), bool)
        for left, right in self._tails(rows, x, y, width):
            free[np.searchsorted(x, left) : np.searchsorted(x, right, "right")] = False
        pieces = [piece for piece in _true_runs(free) if x[piece[-1]] - x[piece[0]] >= SHORTEST * size]
        if sum(x[piece[-1]] - x[piece[0]] for piece in pieces) < LEAST * (x[-1] - x[0]):
            pieces = [np.arange(len(x))]
        for piece in pieces:
            yield self._stroke(rows, np.stack([x, y], axis=1)[piece], width)

    def through(self, rows: np.ndarray) -> Stroke:
        """A line through words."""
        x, y = self._line(rows, -THROUGH * float(self.page.scale[rows].mean()), "through")
        return self._stroke(rows, np.stack([x, y], axis=1), self._width(rows))

    def around(self, rows: np.ndarray) -> Stroke:
        """A frame, in one stroke from its upper left corner and a little beyond."""
        drawn = noise.normals(self.page.seed, "fault", self._key(rows, "frame"), 16)[0].astype(np.float64)
        room = np.array(FRAME) * float(self.page.scale[rows].mean())
        low, high = self.box[rows, :2].min(axis=0) - room, self.box[rows, 2:].max(axis=0) + room
        corners = np.array([low, (high[0], low[1]), high, (low[0], high[1]), low])
        corners += self.wander * 0.05 * np.clip(drawn[:10], -2, 2).reshape(5, 2)
        corners[4, 1] -= 0.12  # the pen comes a little further up than it began
        sides = []
        for side, phase in enumerate(drawn[10:14].tolist()):
            way = corners[side + 1] - corners[side]
            length = max(float(np.hypot(*way)), 1e-9)
            along = np.linspace(0, 1, max(3, round(length / _STEP)))[:, None]
            aside = self.wander * 0.035 * np.sin(np.pi * along) * np.sin(1.1 * along * length + phase)
            sides.append(corners[side] + along * way + aside * np.array([-way[1], way[0]]) / length)
        return self._stroke(rows, np.concatenate(sides), self._width(rows))

    def _line(self, rows: np.ndarray, drop: float, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Points x, y [k] of a line `drop` below the baseline, from the first ink to the last."""
        page, wander = self.page, self.wander
        chance = noise.uniforms(page.seed, "fault", self._key(rows, name), 8)[0].astype(float).tolist()
        start, end, tilt, lift, *phase = chance
        left = float(self.box[rows, 0].min()) - wander * 0.15 * start
        right = float(self.box[rows, 2].max()) + wander * 0.2 * end
        x = np.linspace(left, right, max(4, round((right - left) / _STEP) + 1))
        base = np.interp(x, *_smooth(page.x[rows], page.y[rows]))
        wave = 0.025 * np.sin(1.1 * x + 6.28 * phase[0]) + 0.012 * np.sin(2.9 * x + 6.28 * phase[1])
        slope = 0.1 * (tilt - 0.5) * (x - (left + right) / 2) / max(right - left, 3.0)
        return x, base + drop + wander * (wave + slope + 0.06 * (lift - 0.5))

    def _tails(self, rows: np.ndarray, x: np.ndarray, y: np.ndarray, width: float) -> Iterator[tuple[float, float]]:
        """From where to where a line at `x`, `y` [k] would run into ink, of its glyphs and those beside them."""
        page = self.page
        near = np.arange(max(rows[0] - 1, 0), min(rows[-1] + 2, len(page)))
        near = near[(page.line[near] == page.line[rows[0]]) & self.inked[near]]
        near = near[self.box[near, 3] > np.interp(page.x[near], x, y) - width / 2 - CLEAR]
        if not len(near):
            return
        frame, edges = page.frame, page.glyphs.take(near).profiles(page.frame)
        for i, glyph in enumerate(near.tolist()):
            scale = float(page.scale[glyph])
            # the frame's rows, as heights below the baseline on the sheet
            below = (np.arange(frame.size) + 0.5 - frame.baseline) / frame.xheight * scale
            at = float(np.interp(page.x[glyph], x, y)) - float(page.y[glyph])
            crossed = (np.abs(below - at) <= width / 2 + CLEAR) & (edges.right[i] > edges.left[i])
            if crossed.any():
                lean = page.x[glyph] - page.slant[glyph] * below[crossed]
                left = (edges.left[i][crossed] * scale + lean).min()
                right = (edges.right[i][crossed] * scale + lean).max()
                yield float(left) - CLEAR - width / 2, float(right) + CLEAR + width / 2

    def _width(self, rows: np.ndarray) -> float:
        """Width of the pen that wrote the glyphs, not pressed, in x-heights."""
        if not isinstance(self.page.glyphs, PenGlyphs):
            return PEN * float(self.page.scale[rows].mean())
        pressed = np.array([has(self.spans[row], "bold") for row in rows.tolist()])
        width = pen_widths(self.page.glyphs.paths.take(rows)) / np.where(pressed, WIDER, 1.0)
        return float(np.median(width * self.page.scale[rows])) / self.page.frame.xheight

    def _stroke(self, rows: np.ndarray, points: np.ndarray, width: float) -> Stroke:
        """A stroke through `points` [k,2], as far as they are on the sheet, in the ink of the glyphs."""
        edge = width / 2
        inside = np.clip(points, edge, (self.page.width - edge, self.page.height - edge))
        return Stroke(inside, width, float(self.page.depth[rows].mean()), int(self.page.colour[rows[0]]))

    def _key(self, rows: np.ndarray, name: str) -> np.ndarray:
        return np.array([noise.key_of(int(self.page.place[rows[0]]), name)], np.uint64)


def _smooth(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Knots x, y [k], an x-height apart, of what the points [n] are on the average within some _REACH of them."""
    order = np.argsort(x, kind="stable")
    x, total = x[order], np.concatenate([[0.0], np.cumsum(y[order])])
    knots = np.arange(x[0], x[-1] + 1.0)
    # with the nearest point, where none is within reach
    nearest = np.clip(np.searchsorted(x, knots), 0, len(x) - 1)
    first = np.minimum(np.searchsorted(x, knots - _REACH), nearest)
    last = np.maximum(np.searchsorted(x, knots + _REACH, "right"), nearest + 1)
    mean = (total[last] - total[first]) / (last - first)
    padded = np.pad(mean, 1, mode="edge")
    return knots, (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4


def _true_runs(flags: np.ndarray) -> list[np.ndarray]:
    """Runs of places where `flags` bool [k] is true."""
    places = np.flatnonzero(flags)
    return [run for run in np.split(places, np.flatnonzero(np.diff(places) > 1) + 1) if len(run)]

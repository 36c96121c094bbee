"""Strokes of a round pen made by hand, in frame px, for the tests of what draws with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.paths import Paths

WIDTH = 2.2
"""Of the pen."""


def line(*corners: tuple[float, float], step: float = 1.0) -> np.ndarray:
    """Points float [k,2] at about every `step` px on the way through `corners`."""
    parts = []
    for a, b in zip(corners[:-1], corners[1:], strict=True):
        count = max(1, round(float(np.hypot(b[0] - a[0], b[1] - a[1])) / step))
        parts.append(np.linspace(a, b, count, endpoint=False))
    return np.concatenate([*parts, np.array(corners[-1:], float)])


def arc(x: float, y: float, radius: float, start: float = 0.0, turn: float = 2 * np.pi) -> np.ndarray:
    """Points float [k,2] at about every px of a circle's arc, from the angle `start` on."""
    angle = start + np.linspace(0, turn, max(8, round(abs(turn) * radius)) + 1)
    return np.stack([x + radius * np.cos(angle), y + radius * np.sin(angle)], axis=1)


def up(*corners: tuple[float, float]) -> np.ndarray:
    """A line through corners in x-heights about the glyph's point, y upwards."""
    return line(*((FRAME.size / 2 + x * FRAME.xheight, FRAME.baseline - y * FRAME.xheight) for x, y in corners))


def glyph(*strokes: np.ndarray, width: float = WIDTH) -> Paths:
    return Paths.of([strokes], width)


STEM = glyph(line((30.2, 14.1), (33.7, 45.3)))
RING = glyph(arc(31.6, 33.1, 9.0))
CROSS = glyph(line((22, 20), (42, 44)), line((42, 20), (22, 44)))
WAVE = glyph(np.concatenate([arc(32, 24, 8, -0.4, 0.4 - 1.5 * np.pi), arc(32, 40, 8, -0.5 * np.pi, 4.3)[1:]]))
DOT = glyph(np.array([[32.3, 20.6]]), width=3.0)
LETTERS = Paths.joined([STEM, RING, CROSS, WAVE, DOT, Paths.empty(1)])
"""Glyphs of all kinds, the last without ink."""


def distance(points: np.ndarray, paths: Paths) -> np.ndarray:
    """From `points` [k,2] to the edge of the ink of all of `paths`, positive inside; by brute force."""
    nearest = np.full(len(points), -np.inf)
    for part in _straight(paths):
        nearest = np.maximum(nearest, _within(points, *part))
    return nearest


def supersampled(paths: Paths, width: int, height: int, fine: int = 6) -> np.ndarray:
    """Share f64 [height,width] of each pixel that the ink of all of `paths` covers; `fine` rows of parts to a pixel."""
    size = np.array([width, height]) * fine
    edge = np.full((size[1], size[0]), -np.inf)
    for a, b, wide in _straight(paths):
        # the others are outside of its ink
        near = wide / 2 + 1
        low = np.clip(np.floor((np.minimum(a, b) - near) * fine), 0, size).astype(int)
        high = np.clip(np.ceil((np.maximum(a, b) + near) * fine), 0, size).astype(int)
        x, y = np.meshgrid(*((np.arange(*ends) + 0.5) / fine for ends in zip(low, high, strict=True)))
        part = edge[low[1] : high[1], low[0] : high[0]]
        inside = _within(np.stack([x.ravel(), y.ravel()], axis=1), a, b, wide)
        np.maximum(part, inside.reshape(part.shape), out=part)
    share = np.clip(0.5 + edge * fine, 0, 1)
    result: np.ndarray = share.reshape(height, fine, width, fine).mean(axis=(1, 3))
    return result


def _straight(paths: Paths) -> Iterator[tuple[np.ndarray, np.ndarray, float]]:
    """The ends float64 [2] of all straight parts, and how wide the pen is."""
    ends = zip(paths.strokes[:-1].tolist(), paths.strokes[1:].tolist(), paths.width.tolist(), strict=True)
    for first, stop, width in ends:
        some = paths.points[first:stop].astype(np.float64)
        for a, b in zip(some[: max(1, len(some) - 1)], some[1:] if len(some) > 1 else some, strict=True):
            yield a, b, width


def _within(points: np.ndarray, a: np.ndarray, b: np.ndarray, width: float) -> np.ndarray:
    """How far `points` [k,2] are inside the ink from `a` to `b`."""
    way = b - a
    share = np.clip((points - a) @ way / max(float(way @ way), 1e-12), 0, 1)
    inside: np.ndarray = width / 2 - np.hypot(*(points - a - share[:, None] * way).T)
    return inside


def inked(paths: Paths) -> float:
    """Area in px² of the ink of all of `paths`, in the frame."""
    return float(supersampled(paths, FRAME.size, FRAME.size).sum())


def alone(paths: Paths) -> Sequence[Paths]:
    """Each glyph by itself."""
    return [paths.take(slice(i, i + 1)) for i in range(len(paths))]

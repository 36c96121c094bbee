"""Glyphs as single lines, for machines that move a pen: open strokes in units of a font, in writing order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.fonts.shapes import UNITS, Contour, monotone, straight_lines
from handsynth.fonts.source import FontSource
from handsynth.formats.pens import written
from handsynth.formats.writing import simplified
from handsynth.ink.paths import Paths
from handsynth.ink.pencurves import curves

_DOT = 10
"""Length of a dot, in units: machines pass over a line of none."""

_STEPS = 8
"""Points of a polyline to a curve, before those that are not needed are left out."""


@dataclass(frozen=True, eq=False)
class OpenStroke:
    """An open stroke of k segments in whole units from the glyph's origin, y upwards."""

    segments: np.ndarray
    """int64 [k,4,2]: p0, c1, c2, p3; each begins where the one before ends."""
    straight: np.ndarray
    """bool [k]."""

    def there_and_back(self) -> Contour:
        """A contour that encloses nothing: along the line to its end and the same way back."""
        return Contour(
            np.concatenate([self.segments, self.segments[::-1, ::-1]]),
            np.concatenate([self.straight, self.straight[::-1]]),
        )

    def polyline(self, tolerance: float) -> np.ndarray:
        """Points float64 [p,2] that are within `tolerance` units of the line."""
        t = np.arange(1, _STEPS + 1)[None, :, None] / _STEPS
        p0, c1, c2, p3 = (self.segments[:, i, None].astype(np.float64) for i in range(4))
        dense = (1 - t) ** 3 * p0 + 3 * t * (1 - t) ** 2 * c1 + 3 * t**2 * (1 - t) * c2 + t**3 * p3
        needed = np.repeat(~self.straight, _STEPS)
        needed[_STEPS - 1 :: _STEPS] = True
        points = np.concatenate([self.segments[:1, 0], dense.reshape(-1, 2)[needed]])
        return np.asarray(points[simplified(points, np.array([0, len(points)]), tolerance)])


def lines(source: FontSource) -> list[list[OpenStroke]]:
    """The strokes of each glyph [g], each in the direction in which it is written."""
    if "lines" not in source.known:
        source.known["lines"] = _lines(source)
    found: list[list[OpenStroke]] = source.known["lines"]
    return found


def contours(source: FontSource) -> list[list[Contour]]:
    """The strokes of each glyph [g] as contours for formats that hold nothing else, there and back."""
    return [[line.there_and_back() for line in glyph] for glyph in lines(source)]


def _lines(source: FontSource) -> list[list[OpenStroke]]:
    found = curves(_paths(source))
    scale = UNITS / source.em
    owner = np.repeat(np.repeat(np.arange(len(found)), np.diff(found.glyphs)), np.diff(found.strokes))
    points = found.segments.astype(np.float64)
    points[..., 0] = (points[..., 0] - source.frame.size / 2) * scale + (source.centre * UNITS)[owner][:, None]
    points[..., 1] = (source.frame.baseline - points[..., 1]) * scale
    points, straight, strokes = monotone(points, found.straight, found.strokes)
    points = np.floor(points + 0.5).astype(np.int64)
    straight = straight | straight_lines(points)
    some = (points[:, 0] != points[:, 3]).any(axis=1)
    result: list[list[OpenStroke]] = []
    for first, stop in zip(found.glyphs[:-1].tolist(), found.glyphs[1:].tolist(), strict=True):
        parts = [slice(strokes[k], strokes[k + 1]) for k in range(first, stop)]
        result.append([_line(points[part], straight[part], some[part]) for part in parts])
    return result


def _line(points: np.ndarray, straight: np.ndarray, some: np.ndarray) -> OpenStroke:
    if some.any():
        return OpenStroke(points[some], straight[some])
    x, y = points[0, 0].tolist()
    left, right = (x - _DOT // 2, y), (x + _DOT // 2, y)
    return OpenStroke(np.array([[left, left, right, right]], np.int64), np.ones(1, bool))


def _paths(source: FontSource) -> Paths:
    """The strokes of all glyphs; of drawings that no pen made, their centrelines."""
    if source.glyphs.strokes is not None:
        return written(source.glyphs.strokes)
    drawn: Sequence[Sequence[np.ndarray]] = [
        [trace.points for trace in glyph] for glyph in source.glyphs.traces(source.frame)
    ]
    return Paths.of(drawn, 1.0)

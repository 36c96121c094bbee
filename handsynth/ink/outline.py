"""Outlines of glyphs: the edge of the ink as few smooth cubic Bézier curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.ink import contours, fitting

_CHUNK = 256
"""Glyphs that are fitted at a time."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """The ink of n glyphs as closed contours of cubic Bézier curves.

    In frame px: x to the right, y down from the frame's upper left corner. Outer contours run clockwise as seen,
    holes the other way, so both fill rules give the ink.
    """

    segments: np.ndarray
    """float32 [s,4,2]: p0, c1, c2, p3. A segment begins where the one before it ends, the first where the last ends."""
    straight: np.ndarray
    """bool [s]: straight lines, whose control points lie on them."""
    contours: np.ndarray
    """int64 [m+1]: where each contour begins in `segments`."""
    glyphs: np.ndarray
    """int64 [n+1]: where each glyph begins in `contours`."""

    def __len__(self) -> int:
        return len(self.glyphs) - 1


def outlines(fields: np.ndarray, frame: Frame, tolerance: float = 0.08, least: float = contours.SPECK) -> Outlines:
    """Outlines of the ink of `fields` [n,H,H]: signed distance to the edge in frame px, positive inside.

    Curves are within `tolerance` px of the edge, measured every 0.4 px along it; in between, at turns too sharp for the
    field, one glyph in a hundred is up to twice as far off, at worst four times. Contours of less than
    `least` px² are dropped. A glyph's outline does not depend on the glyphs around it.
    """
    segments, straight = [np.empty((0, 4, 2), np.float32)], [np.empty(0, bool)]
    sizes, glyphs = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)]
    for start in range(0, len(fields), _CHUNK):
        traced = contours.trace(fields[start : start + _CHUNK], frame, least)
        fitted = fitting.fit(traced.points, traced.contours, tolerance)
        segments.append(fitted.segments.astype(np.float32))
        straight.append(fitted.straight)
        sizes.append(np.diff(fitted.contours))
        glyphs.append(np.diff(traced.glyphs))
    return Outlines(
        np.concatenate(segments),
        np.concatenate(straight),
        np.cumsum(np.concatenate(sizes)),
        np.cumsum(np.concatenate(glyphs)),
    )


def deviation(outline: Outlines, fields: np.ndarray, frame: Frame, steps: int = 24) -> np.ndarray:
    """Largest distances float64 [n] in px between each glyph's curves and the edge of its ink, both ways.

    Curves are taken at `steps` points each. Glyph by glyph, for tests and measurements. What was dropped as a speck
    is no part of the edge; glyphs without ink give 0.
    """
    traced = contours.trace(fields, frame)
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    drawn = np.einsum("tk,skd->std", weights, outline.segments.astype(np.float64))
    result = np.zeros(len(outline))
    for i in range(len(outline)):
        edges = [
            traced.points[traced.contours[k] : traced.contours[k + 1]]
            for k in range(traced.glyphs[i], traced.glyphs[i + 1])
        ]
        curved = [
            drawn[outline.contours[k] : outline.contours[k + 1]].reshape(-1, 2)
            for k in range(outline.glyphs[i], outline.glyphs[i + 1])
        ]
        if edges and curved:
            result[i] = max(_furthest(edges, curved), _furthest(curved, edges))
    return result


def _furthest(polygons: list[np.ndarray], others: list[np.ndarray]) -> float:
    """Largest distance from a corner of the closed `polygons` to the nearest edge of the closed `others`."""
    points = np.concatenate(polygons)[:, None]
    start = np.concatenate(others)[None]
    along = np.concatenate([np.roll(other, -1, axis=0) for other in others])[None] - start
    share = ((points - start) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-18)
    gap = points - start - np.clip(share, 0, 1)[..., None] * along
    return float(np.sqrt((gap**2).sum(-1)).min(axis=1).max())

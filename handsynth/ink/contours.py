"""Fields to contours: the edge of the ink as closed polylines, many glyphs at a time.

The edge is the level zero of the field upsampled as `ink.coverage` does it, found by marching squares (Lorensen,
Cline 1987, in two dimensions; contourpy). Every glyph's contours are the same whatever else is in the batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.fields import FAR

UP = 2
"""How much the field is enlarged."""

SPECK = 0.3
"""Area in px² of the frame below which a contour is dropped."""

PAD = 3
"""Pixels of the frame around a glyph's box."""

_CHUNK = 64


@dataclass(frozen=True, eq=False)
class Contours:
    """m closed polylines of n glyphs in frame px: x right, y down from the frame's upper left corner.

    Ink is always on the same side, so holes run against the contours around them.
    """

    points: np.ndarray
    """float64 [p,2]; a contour's first point is not repeated at its end."""
    contours: np.ndarray
    """int64 [m+1]: where each contour begins in `points`."""
    glyphs: np.ndarray
    """int64 [n+1]: where each glyph begins in `contours`."""

    def areas(self) -> np.ndarray:
        """Signed areas float64 [m] in px²: of one sign for outer contours, of the other for holes."""
        if len(self.contours) < 2:
            return np.empty(0)
        x, y = self.points.T
        following = np.arange(1, len(x) + 1)
        following[self.contours[1:] - 1] = self.contours[:-1]
        # about each contour's first point: no digits are lost to its place
        first = np.repeat(self.contours[:-1], np.diff(self.contours))
        x, y = x - x[first], y - y[first]
        return np.add.reduceat(x * y[following] - x[following] * y, self.contours[:-1]) / 2


def boxes(fields: np.ndarray) -> np.ndarray:
    """Ink boxes int64 [n,4] of `fields` [n,H,H] in px: left, top, right, bottom; all 0 without ink."""
    inside = np.greater(fields, 0)
    rows, columns = inside.any(axis=2), inside.any(axis=1)
    size = fields.shape[-1]
    box: np.ndarray = np.stack(
        [columns.argmax(1), rows.argmax(1), size - columns[:, ::-1].argmax(1), size - rows[:, ::-1].argmax(1)], axis=1
    )
    box[~rows.any(axis=1)] = 0
    return box


def alike(box: np.ndarray) -> np.ndarray:
    """The glyphs that have ink, by the height of their boxes [n,4]: batches of them are little larger than each."""
    height = box[:, 3] - box[:, 1]
    order = np.argsort(height, kind="stable")
    return np.asarray(order[height[order] > 0])


def upsampled(fields: np.ndarray, frame: Frame, boxes: np.ndarray) -> np.ndarray:
    """Parts float32 [n,h UP,w UP] of `fields` [n,H,H], all as large as the largest of `boxes` and its margin.

    `boxes` int64 [n,4] are left, top, right, bottom; a part begins `PAD` px left of and above its box. What lies
    outside the frame is no ink, nor is the border of a part.
    """
    from PIL import Image

    size, n = frame.size, len(fields)
    width, height = (int((boxes[:, k + 2] - boxes[:, k]).max()) + 2 * PAD for k in (0, 1))
    columns = boxes[:, 0, None] + np.arange(width) - PAD
    rows = boxes[:, 1, None] + np.arange(height) - PAD
    across, down = (np.minimum(at + 0.5, size - 0.5 - at).astype(np.float32) for at in (columns, rows))
    part = fields[
        np.arange(n)[:, None, None], rows.clip(0, size - 1)[:, :, None], columns.clip(0, size - 1)[:, None, :]
    ].astype(np.float32)
    np.minimum(part, across[:, None, :], out=part)
    np.minimum(part, down[:, :, None], out=part)
    large = Image.fromarray(part.reshape(n * height, width)).resize(
        (width * UP, n * height * UP), Image.Resampling.BICUBIC
    )
    result = np.array(large).reshape(n, height * UP, width * UP)
    result[:, [0, -1]] = FAR
    result[:, :, [0, -1]] = FAR
    return result


def trace(fields: np.ndarray, frame: Frame, least: float = SPECK) -> Contours:
    """The contours of `fields` [n,H,H]: signed distance to the edge in frame px, positive inside.

    Those around less than `least` px² are dropped.
    """
    box = boxes(fields)
    inked = alike(box)
    points: list[np.ndarray] = []
    counts: list[np.ndarray] = []
    owners: list[np.ndarray] = []
    for start in range(0, len(inked), _CHUNK):
        some = inked[start : start + _CHUNK]
        for owner, (found, offsets) in zip(some, _lines(fields[some], frame, box[some]), strict=True):
            if found is not None:
                points.append(found)
                counts.append(np.diff(offsets))
                owners.append(np.full(len(offsets) - 1, owner))
    return _sorted(points, counts, owners, len(fields), least)


def _lines(fields: np.ndarray, frame: Frame, box: np.ndarray) -> list[tuple[Any, Any]]:
    """For each glyph its points and offsets; the last point of a line is its first."""
    z = upsampled(fields, frame, box)
    n, height, width = z.shape
    # coordinates are those of the glyph's own frame
    across = ((box[:, 0, None] - PAD) * UP + np.arange(width) + 0.5)[:, None, :] / UP
    down = ((box[:, 1, None] - PAD) * UP + np.arange(height) + 0.5)[:, :, None] / UP
    return marched(across, down, z)


def marched(across: np.ndarray, down: np.ndarray, z: np.ndarray) -> list[tuple[Any, Any]]:
    """Lines along which z [n,h,w] is zero: of each picture its points float64 [k,2], and where each line begins, or
    None and None. The last point of a line is its first.

    `across` [n,1,w] and `down` [n,h,1] are the places of columns and rows.
    """
    import contourpy

    _, height, width = z.shape
    mask: Any = None
    # one tall picture, cut into chunks; made by itself, since `contourpy.contour_generator` looks for masks first
    generator = contourpy.SerialContourGenerator(
        np.broadcast_to(across, z.shape).reshape(-1, width),
        np.broadcast_to(down, z.shape).reshape(-1, width),
        z.reshape(-1, width),
        mask,
        corner_mask=True,
        line_type=contourpy.LineType.ChunkCombinedOffset,
        fill_type=contourpy.FillType.OuterOffset,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
        x_chunk_size=width,
        y_chunk_size=height,
    )
    lines: Any = generator.lines(0.0)
    return list(zip(lines[0], lines[1], strict=True))


def _sorted(
    points: list[np.ndarray], counts: list[np.ndarray], owners: list[np.ndarray], n: int, least: float
) -> Contours:
    """One structure in the glyphs' order, without the repeated points and without small contours."""
    if not points:
        return Contours(np.empty((0, 2)), np.zeros(1, np.int64), np.zeros(n + 1, np.int64))
    every, count, owner = np.concatenate(points), np.concatenate(counts).astype(np.int64), np.concatenate(owners)
    begins = np.concatenate([[0], np.cumsum(count)])
    keep = np.ones(len(every), bool)
    keep[begins[1:] - 1] = False
    count -= 1
    whole = Contours(every[keep], np.concatenate([[0], np.cumsum(count)]), np.zeros(0, np.int64))
    order = np.argsort(owner, kind="stable")
    order = order[np.abs(whole.areas())[order] >= least]
    contours = np.concatenate([[0], np.cumsum(count[order])])
    at = np.arange(contours[-1]) + np.repeat(whole.contours[order] - contours[:-1], count[order])
    glyphs = np.searchsorted(owner[order], np.arange(n + 1))
    return Contours(whole.points[at], contours, glyphs)

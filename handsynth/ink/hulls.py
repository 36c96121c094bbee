"""Fields to convex outlines: the hull of each glyph's ink, many glyphs at a time.

Ink ends where the field is zero, linearly between pixels, so its hull is that of the first and last such places of
every row and column of the frame. Corners of the hull are those that lie furthest out in some directions, and then
those that lie furthest beyond the sides between them, as in Quickhull (Barber, Dobkin, Huhdanpaa 1996).
"""

from __future__ import annotations

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.fields import above

DIRECTIONS = 8
"""In each quarter of the circle."""

_QUARTERS = (1, 1), (-1, 1), (-1, -1), (1, -1)
"""Right and down, left and down, left and up, right and up: clockwise as seen."""

ROUNDING = 0.15
"""Ink that is drawn smoothly reaches further than its hull by about so much, in frame px, at the ends of strokes."""

_SHARPEST = 3.0
"""A corner is moved outwards by at most this times the margin, however sharp it is."""

_FLAT = 0.05
"""Ink may reach so far beyond a side, in frame px."""

_POINT = 0.01
_NEVER = np.float32(-1e7)
_CHUNK = 128

_ANGLES = (np.arange(DIRECTIONS + 1) / DIRECTIONS + np.arange(4)[:, None]) * np.pi / 2
_FIRST = np.stack([np.cos(_ANGLES), np.sin(_ANGLES), np.full(_ANGLES.shape, _NEVER)], axis=2).astype(np.float32)


def hulls(fields: np.ndarray, frame: Frame, level: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Corners float64 [p,2] (x, y in frame px) of the hulls of `fields` [n,H,H], clockwise as seen, y downwards.

    Beside them int64 [n+1]: where each hull begins. Ink is where a field is above `level`, zero or less; without any, a
    hull is a speck where the frame's centre line meets the baseline.
    """
    corners, counts = [np.empty((0, 2))], [np.zeros(1, np.int64)]
    for start in range(0, len(fields), _CHUNK):
        found = _corners(fields[start : start + _CHUNK], frame, level)
        both = found.view(np.complex64)[..., 0]
        keep = both != np.concatenate([both[:, -1:], both[:, :-1]], axis=1)
        corners.append(found[keep].astype(np.float64))
        counts.append(keep.sum(axis=1))
    return np.concatenate(corners), np.cumsum(np.concatenate(counts))


def widened(corners: np.ndarray, starts: np.ndarray, margins: np.ndarray) -> np.ndarray:
    """Convex polygons, clockwise as seen, with all sides moved outwards.

    `corners` [p,2] and `starts` [n+1] as `hulls` returns them; `margins` [n], of the same unit as `corners`.
    """
    after, before = np.arange(1, len(corners) + 1), np.arange(-1, len(corners) - 1)
    after[starts[1:] - 1], before[starts[:-1]] = starts[:-1], starts[1:] - 1
    side = corners[after] - corners
    out = np.stack([side[:, 1], -side[:, 0]], axis=1) / np.maximum(np.hypot(side[:, 0], side[:, 1]), 1e-12)[:, None]
    # two sides with the normals a and b, moved by 1, meet (a + b) / (1 + a b) away from where they met
    both = out + out[before]
    square = (both**2).sum(axis=1)
    size = np.maximum(np.maximum(square / 2, np.sqrt(square) / _SHARPEST), 1e-12)
    return np.asarray(corners + both * (np.repeat(margins, np.diff(starts)) / size)[:, None])


def _corners(fields: np.ndarray, frame: Frame, level: float) -> np.ndarray:
    """Corners float32 [n,c,2] of the hulls in frame px, each once or several times in a row."""
    n, inside = len(fields), above(fields, level)
    used = np.any(inside, axis=0)
    top, bottom, left, right = (*_span(np.any(used, axis=1)), *_span(np.any(used, axis=0)))
    inside, high, wide = inside[:, top:bottom, left:right].copy(), bottom - top, right - left
    turned = inside.swapaxes(1, 2).copy()
    rows, columns = np.any(turned, axis=1), np.any(inside, axis=1)
    # ends of rows and columns, those on this side of the glyph alone: x, y, and whether there is none
    points = np.zeros((len(_QUARTERS), n, 3, high + wide), np.float32)
    points[:, :, 1, :high] = np.arange(top, bottom) + 0.5
    points[:, :, 0, high:] = np.arange(left, right) + 0.5
    points[:, :, 2, :high], points[:, :, 2, high:] = ~rows, ~columns
    row_ends = _ends(fields, inside, top, left, (frame.size, 1), level)
    column_ends = _ends(fields, turned, left, top, (1, frame.size), level)
    for quarter, (across, down) in enumerate(_QUARTERS):
        points[quarter, :, 0, :high] = row_ends[int(across > 0)]
        points[quarter, :, 1, high:] = column_ends[int(down > 0)]
    first = _furthest(points, _FIRST[:, None])
    side = first[:, :, 1:] - first[:, :, :-1]
    normals = np.stack([side[..., 1], -side[..., 0], np.full(side.shape[:-1], _NEVER)], axis=3)
    found = np.empty((len(_QUARTERS), n, 2 * DIRECTIONS + 1, 2), np.float32)
    found[:, :, ::2] = first
    between = _furthest(points, normals)
    beyond = ((between - first[:, :, 1:]) * normals[..., :2]).sum(axis=3) > _FLAT * np.hypot(side[..., 0], side[..., 1])
    found[:, :, 1::2] = np.where(beyond[..., None], between, first[:, :, 1:])
    point = np.array([frame.size / 2, frame.baseline]) + _POINT * np.array(_QUARTERS)
    blank = ~np.any(rows, axis=1)
    found[:, blank] = point[:, None, None]
    return found.swapaxes(0, 1).reshape(n, -1, 2)


def _span(some: np.ndarray) -> tuple[int, int]:
    """The first that is true, and the one after the last; one at least."""
    return int(some.argmax()), len(some) - int(some[::-1].argmax())


def _ends(
    fields: np.ndarray, inside: np.ndarray, top: int, left: int, steps: tuple[int, int], level: float
) -> np.ndarray:
    """Where the ink of each row begins and ends, float [2,n,h] in px.

    `inside` [n,h,w] begins at `top`, `left`; from row to row and from column to column are `steps` in `fields` [n,H,H].
    """
    (n, high, wide), size = inside.shape, fields.shape[1]
    column = np.stack([inside.argmax(axis=2), wide - 1 - inside[:, :, ::-1].argmax(axis=2)]) + left
    outward = np.array([-1, 1])[:, None, None]
    beyond = np.clip(column + outward, 0, size - 1)
    item, row = np.arange(n)[:, None], np.arange(top, top + high)
    places = np.stack([column, beyond]) * steps[1] + (item * (size * size) + row * steps[0])
    ink, paper = fields.ravel().take(places).astype(np.float32) - np.float32(level)
    # ink that runs out of the frame ends at its border
    step = np.where(paper > 0, 0.5, ink / np.maximum(ink - paper, np.float32(0.01)))
    return np.asarray(column + 0.5 + outward * step)


def _furthest(points: np.ndarray, directions: np.ndarray) -> np.ndarray:
    """Of `points` [4,n,3,p], those furthest in each of `directions` [4,n or 1,d,3]: x, y [4,n,d,2]."""
    at = (directions @ points).argmax(axis=3)
    quarters, n, _, count = points.shape
    at += 3 * count * np.arange(quarters * n).reshape(quarters, n, 1)
    return points.ravel().take(np.stack([at, at + count], axis=3))

"""Strikes of distances: what shaders draw at any size from one small picture.

C. Green, Improved Alpha-Tested Magnification for Vector Textures and Special Effects (2007). Distances are measured
to the contours of the ink: what the model says of them far from the edge is no more than a guess.
"""

from __future__ import annotations

import numpy as np

from handsynth.errors import InputError
from handsynth.fonts.source import XHEIGHT, FontSource
from handsynth.fonts.strike import Strike, check_size, line, pixels
from handsynth.ink.contours import Contours

SPREAD = 1, 16
"""Least and greatest distance, in pixels; also no more than a quarter of an em."""

_CHUNK = 64
"""Glyphs at a time."""


def check_spread(spread: int, size: int) -> None:
    """Raises InputError for a spread in pixels that makes no sense at `size` pixels per em."""
    most = min(SPREAD[1], max(SPREAD[0], size // 4))
    if not SPREAD[0] <= spread <= most:
        raise InputError(
            f"a distance of {spread} pixels is out of range at {size} pixels per em; give 1 to {most}, or 0 for none"
        )


def distances(source: FontSource, size: int, spread: int) -> Strike:
    """As `strike`, but the pictures hold 255 (0.5 + d / (2 spread)) for the distance d to the edge, inside positive.

    `size` in pixels per em, `spread` in pixels; d is that of a pixel's centre. All pixels less than `spread` from
    the ink are in the pictures. Raises InputError.
    """
    check_size(size)
    check_spread(spread, size)
    count, k = len(source), size * XHEIGHT / source.frame.xheight
    none = np.empty((0, 0), np.uint8)
    pictures, left, top = [none] * count, np.zeros(count, np.int32), np.zeros(count, np.int32)
    for start in range(0, count, _CHUNK):
        part = slice(start, start + _CHUNK)
        contours = source.glyphs.take(part).contours(source.frame)
        corners = contours.points - (source.frame.size / 2, source.frame.baseline)
        owner = np.repeat(np.arange(len(contours.glyphs) - 1), np.diff(contours.contours[contours.glyphs]))
        corners = corners * k + np.stack([source.centre[part][owner] * size, np.zeros(len(owner))], axis=1)
        for glyph, x, y, picture in _measured(contours, corners, owner, spread):
            pictures[start + glyph] = picture
            left[start + glyph], top[start + glyph] = x, -y
    return Strike(size, left, top, tuple(pictures), pixels(source.advance, size), *line(source, size))


def _measured(
    contours: Contours, corners: np.ndarray, owner: np.ndarray, spread: int
) -> list[tuple[int, int, int, np.ndarray]]:
    """Number, left, top and picture of the glyphs with ink; `corners` [p,2] in pixels, of the glyphs `owner` [p]."""
    glyphs, first = np.unique(owner, return_index=True)
    if not len(glyphs):
        return []
    low = np.floor(np.minimum.reduceat(corners, first)).astype(np.int64) - spread
    width, height = (np.ceil(np.maximum.reduceat(corners, first)).astype(np.int64) + spread - low).T
    base = np.append(0, np.cumsum(width * height))
    # segments from each corner to the next of its contour, in pixels of the glyph's own picture
    following = np.arange(1, len(corners) + 1)
    following[contours.contours[1:] - 1] = contours.contours[:-1]
    mine = np.searchsorted(glyphs, owner)
    a = corners - low[mine]
    b = a[following]
    square = _squares(a, b, base, mine, width, height, spread)
    inside = _inside(a, b, base, mine, width)
    distance = np.where(inside, 1, -1) * np.sqrt(square)
    grey = (255 * (0.5 + distance / (2 * spread)).clip(0, 1) + 0.5).astype(np.uint8)
    return [
        (
            int(glyph),
            int(low[i, 0]),
            int(low[i, 1]),
            grey[base[i] : base[i + 1]].reshape(height[i], width[i]),
        )
        for i, glyph in enumerate(glyphs)
    ]


def _squares(
    a: np.ndarray,
    b: np.ndarray,
    base: np.ndarray,
    mine: np.ndarray,
    width: np.ndarray,
    height: np.ndarray,
    spread: int,
) -> np.ndarray:
    """Squared distances of all pixels to the nearest segment from `a` to `b` [p,2], at most spread²."""
    square = np.full(base[-1], float(spread**2))
    along = b - a
    scale = 1 / np.maximum((along**2).sum(axis=1), 1e-12)
    low = np.floor(np.minimum(a, b) - spread - 0.5).astype(np.int64) + 1
    reach = int(np.ceil(np.abs(along).max())) + 2 * spread + 1
    wide, high = width[mine], height[mine]
    for dy in range(reach):
        y = low[:, 1] + dy
        for dx in range(reach):
            x = low[:, 0] + dx
            px, py = x + 0.5 - a[:, 0], y + 0.5 - a[:, 1]
            share = ((px * along[:, 0] + py * along[:, 1]) * scale).clip(0, 1)
            near = (px - share * along[:, 0]) ** 2 + (py - share * along[:, 1]) ** 2
            some = np.flatnonzero((near < spread**2) & (x >= 0) & (y >= 0) & (x < wide) & (y < high))
            np.minimum.at(square, base[mine[some]] + y[some] * wide[some] + x[some], near[some])
    return square


def _inside(a: np.ndarray, b: np.ndarray, base: np.ndarray, mine: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Which pixels' centres the contours wind around: what crosses a row adds to all that is right of it."""
    turns = np.zeros(base[-1] + 1, np.int64)
    upper, lower = np.minimum(a[:, 1], b[:, 1]), np.maximum(a[:, 1], b[:, 1])
    row = np.ceil(upper - 0.5).astype(np.int64)
    slope = (b[:, 0] - a[:, 0]) / np.where(a[:, 1] == b[:, 1], 1, b[:, 1] - a[:, 1])
    way = np.where(b[:, 1] > a[:, 1], 1, -1)
    while (some := np.flatnonzero(row + 0.5 < lower)).size:
        x = a[some, 0] + (row[some] + 0.5 - a[some, 1]) * slope[some]
        column = np.ceil(x - 0.5).astype(np.int64)
        np.add.at(turns, base[mine[some]] + row[some] * width[mine[some]] + column, way[some])
        row[some] += 1
    # contours are closed: each row's turns add up to none, so rows may follow each other
    return np.asarray(np.cumsum(turns)[:-1] != 0)

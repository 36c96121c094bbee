"""Fields to ink: how much of each pixel a glyph covers, at any size, place and angle.

A field is the signed distance to the edge in frame px, so coverage is clip(0.5 + k field, 0, 1) at k pixels per
frame px. The field is resampled with a cubic kernel, which keeps edges smooth however much it is enlarged; small
sizes are drawn larger and averaged, so that thin strokes turn grey instead of breaking up.

Many glyphs are drawn at once, side by side on a sheet of scratch paper, since a call costs more than a letter.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from handsynth.frame import Frame
from handsynth.ink.fields import FAR, above

FINE = 1.5
"""Pixels per frame px below which ink is drawn larger and averaged."""

_PAD = 2
_EDGE = 3

_SCRATCH = 1 << 19
"""Pixels that are drawn at once, more only for a glyph that is larger by itself."""


def coverage(
    field: np.ndarray, frame: Frame, xheight: float, x: float, y: float, angle: float = 0.0, slant: float = 0.0
) -> tuple[int, int, np.ndarray]:
    """Ink of one glyph: left, top and coverage uint8 [h,w] (255 = full) of the pixels that it may touch.

    `field` [H,H] is drawn with an x-height of `xheight` px, its point (centre line, baseline) at pixel coordinates
    (x, y), y downwards, sheared by `slant` (x per height) and turned by `angle` radians counter-clockwise about it.
    Glyphs without ink give h = w = 0.
    """
    one = (np.array([value], np.float64) for value in (xheight, x, y, angle, slant))
    for _, left, top, drawn in coverages(np.asarray(field)[None], frame, *one):
        return left, top, drawn
    return 0, 0, np.empty((0, 0), np.uint8)


def coverages(
    fields: np.ndarray,
    frame: Frame,
    xheight: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    angle: np.ndarray,
    slant: np.ndarray,
    depth: np.ndarray | None = None,
) -> Iterator[tuple[int, int, int, np.ndarray]]:
    """Ink of n glyphs: number, left, top and coverage uint8 [h,w] of each that has any, not always in their order.

    `fields` [n,H,H]; the others [n], as for `coverage`. `depth` 0 … 1 multiplies the coverage.
    """
    casts = _casts(fields, frame, xheight, x, y, angle, slant)
    for fine, up, chosen in casts.groups():
        grey, columns, rows = _draw(fields, casts, chosen, fine, up)
        wide, high = casts.width[chosen].tolist(), casts.height[chosen].tolist()
        left, top = casts.left[chosen].tolist(), casts.top[chosen].tolist()
        for i, glyph in enumerate(chosen.tolist()):
            tile = grey[rows[i] : rows[i] + high[i], columns[i] : columns[i] + wide[i]]
            if depth is not None and depth[glyph] < 1:
                tile = tile * np.float32(depth[glyph])
            yield glyph, left[i], top[i], (tile + np.float32(0.5)).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class _Casts:
    """Where n glyphs fall on the page, and from where in their fields they come."""

    left: np.ndarray
    top: np.ndarray
    width: np.ndarray
    height: np.ndarray
    """int64 [n]: pixels of the page."""
    corners: np.ndarray
    """float64 [n,4,2]: those pixels' corners (NW, SW, SE, NE) in frame px."""
    source: np.ndarray
    """int64 [n,4]: left, top, right, bottom in frame px of what is needed of the field, also outside the frame."""
    bleeds: np.ndarray
    """bool [n]: ink reaches the border of the frame."""
    k: np.ndarray
    fine: np.ndarray
    up: np.ndarray
    """[n]: pixels per frame px; times that ink is drawn larger than it will be; times that the field is enlarged."""
    inked: np.ndarray
    """int64 [m]: the glyphs that have ink."""

    def groups(self) -> Iterator[tuple[int, int, np.ndarray]]:
        """fine, up and the numbers of glyphs that are drawn at once."""
        kinds = self.fine[self.inked] * 16 + self.up[self.inked]
        for kind in np.unique(kinds).tolist():
            fine, up = divmod(kind, 16)
            some = self.inked[kinds == kind]
            size = self.source[some, 2:] - self.source[some, :2]
            work = self.width[some] * self.height[some] * fine**2 + size.prod(axis=1) * up**2
            part = np.cumsum(work) // _SCRATCH
            for chosen in np.split(some, np.flatnonzero(np.diff(part)) + 1):
                # of about equal height side by side
                yield fine, up, chosen[np.argsort(-self.height[chosen], kind="stable")]


def _casts(
    fields: np.ndarray,
    frame: Frame,
    xheight: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    angle: np.ndarray,
    slant: np.ndarray,
) -> _Casts:
    k = np.asarray(xheight, np.float64) / frame.xheight
    angle, slant = np.asarray(angle, np.float64), np.asarray(slant, np.float64)
    fine = np.where(k >= FINE, 1, np.minimum(16, np.ceil(FINE / k))).astype(np.int64)
    up = np.minimum(8, 2 * np.ceil(k / 3)).astype(np.int64)
    box, inked = _boxes(fields, 0.5 / (k * fine))
    # source coordinates of the box's corners about the glyph's point, then turned onto the page
    across = box[:, [0, 2, 0, 2]] - frame.size / 2
    down = box[:, [1, 1, 3, 3]] - float(frame.baseline)
    cos, sin = np.cos(angle)[:, None], np.sin(angle)[:, None]
    lean, tall = sin - slant[:, None] * cos, cos + slant[:, None] * sin
    page_x = x[:, None] + k[:, None] * (across * cos + down * lean)
    page_y = y[:, None] + k[:, None] * (down * tall - across * sin)
    left, top, right, bottom = (
        values.astype(np.int64)
        for values in (
            np.floor(page_x.min(axis=1)), np.floor(page_y.min(axis=1)),
            np.ceil(page_x.max(axis=1)), np.ceil(page_y.max(axis=1)),
        )
    )  # fmt: skip
    # the inverse map, from the corners of those pixels to the frame
    px = (np.stack([left, left, right, right], axis=1) - x[:, None]) / k[:, None]
    py = (np.stack([top, bottom, bottom, top], axis=1) - y[:, None]) / k[:, None]
    corners = np.stack([tall * px - lean * py + frame.size / 2, sin * px + cos * py + frame.baseline], axis=2)
    low, high = np.floor(corners.min(axis=1)) - _PAD, np.ceil(corners.max(axis=1)) + _PAD
    source = np.concatenate([low, high], axis=1).astype(np.int64)
    bleeds = np.minimum(box[:, :2], frame.size - box[:, 2:]).min(axis=1) < _EDGE
    return _Casts(left, top, right - left, bottom - top, corners, source, bleeds, k, fine, up, np.flatnonzero(inked))


def _draw(
    fields: np.ndarray, casts: _Casts, chosen: np.ndarray, fine: int, up: int
) -> tuple[np.ndarray, list[int], list[int]]:
    """Coverage f32 [h,w], 255 = full, of glyphs side by side, and the column and row where each begins."""
    source, scale = casts.source[chosen], (casts.k[chosen] * fine).astype(np.float32)
    size = source[:, 2:] - source[:, :2]
    columns, rows, wide, high = _shelves(size[:, 0].tolist(), size[:, 1].tolist())
    scratch = np.full((high, wide), FAR * scale.max(), np.float32)
    for i, (glyph, (left, top, right, bottom)) in enumerate(zip(chosen.tolist(), source.tolist(), strict=True)):
        field, shift = fields[glyph], 0
        if casts.bleeds[glyph]:
            field, shift = _edged(field), _EDGE
        left, top, right, bottom = left + shift, top + shift, right + shift, bottom + shift
        row, column, limit = rows[i] - top, columns[i] - left, len(field)
        left, top, right, bottom = max(left, 0), max(top, 0), min(right, limit), min(bottom, limit)
        place = scratch[row + top : row + bottom, column + left : column + right]
        np.multiply(field[top:bottom, left:right], scale[i], out=place, dtype=np.float32)
    # Pillow's cubic `transform` does not keep straight lines straight, its cubic `resize` does
    larger = Image.fromarray(scratch).resize((wide * up, high * up), Image.Resampling.BICUBIC)
    offset = np.stack([columns, rows], axis=1) - source[:, :2]
    quads = ((casts.corners[chosen] + offset[:, None]) * up).reshape(-1, 8).tolist()
    width, height = (casts.width[chosen] * fine).tolist(), (casts.height[chosen] * fine).tolist()
    columns, rows, wide, high = _shelves(width, height)
    boxes = [(c, r, c + w, r + h) for c, r, w, h in zip(columns, rows, width, height, strict=True)]
    mesh = list(zip(boxes, quads, strict=True))
    drawn = larger.transform((wide, high), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=FAR)
    grey = np.array(drawn)
    grey += np.float32(0.5)
    np.clip(grey, 0, 1, out=grey)
    if fine > 1:
        grey = np.array(Image.fromarray(grey).reduce(fine))
    grey *= np.float32(255)
    return grey, [column // fine for column in columns], [row // fine for row in rows]


def _shelves(widths: Sequence[int], heights: Sequence[int]) -> tuple[list[int], list[int], int, int]:
    """Boxes placed side by side in rows: columns, rows, and the size of the whole."""
    limit = max(*widths, math.isqrt(sum(w * h for w, h in zip(widths, heights, strict=True))), 1)
    columns, rows = [], []
    x = y = tallest = 0
    for width, height in zip(widths, heights, strict=True):
        if x + width > limit:
            x, y, tallest = 0, y + tallest, 0
        columns.append(x)
        rows.append(y)
        x, tallest = x + width, max(tallest, height)
    return columns, rows, limit, y + tallest


def _boxes(fields: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds int64 [n,4] (left, top, right, bottom) of what may leave ink, and bool [n] whether anything may.

    One pixel and `reach` [n] around the ink are included.
    """
    size = fields.shape[-1]
    rows, columns = (np.empty((len(fields), size), bool) for _ in range(2))
    for start in range(0, len(fields), 256):
        part = slice(start, start + 256)
        inside = above(fields[part], np.maximum(-reach[part], FAR + 0.5)[:, None, None])
        rows[part], columns[part] = inside.any(axis=2), inside.any(axis=1)
    left, right = columns.argmax(axis=1), size - columns[:, ::-1].argmax(axis=1)
    top, bottom = rows.argmax(axis=1), size - rows[:, ::-1].argmax(axis=1)
    inked: np.ndarray = np.any(rows, axis=1)
    return np.stack([left - 1, top - 1, right + 1, bottom + 1], axis=1), inked


def _edged(field: np.ndarray) -> np.ndarray:
    """The field with `_EDGE` pixels around it, float32 [H + 2 _EDGE, H + 2 _EDGE].

    Ink that runs out of the frame ends at its border in an edge like any other, never in a hard cut: the shape
    is intersected with the square.
    """
    inside = np.arange(-_EDGE, len(field) + _EDGE, dtype=np.float32) + np.float32(0.5)
    inside = np.minimum(inside, inside[::-1])
    whole = np.pad(field.astype(np.float32), _EDGE, mode="edge")
    return np.asarray(np.minimum(whole, np.minimum.outer(inside, inside)))

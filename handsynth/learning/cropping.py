"""Paper in a photo that shows the desk as well: what lies around a sheet is taken away before ink is looked for."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from handsynth.learning import blobs

_SIDE = 320
"""px: longer side of the picture in which the sheet is looked for."""

_CLOSING = 5
"""px of it that strokes are narrower than."""

_STEP = 0.2
"""Difference of the logarithm of brightness over two px at an edge; shadows change more slowly."""

_LEAST, _MOST = 0.08, 0.97
"""Share of the picture that a sheet with something around it covers."""

_SOLID, _STRAIGHT = 0.75, 0.5
"""Shares that a sheet fills of what lies between its ends, and that its usual row and column are of the longest."""

_DARKER, _AROUND = 0.85, 0.7
"""How bright, as a share of the sheet beside it, its surroundings are at most, along so much of its edge."""

_EDGE = 2
"""px at the edge of the sheet that are left out."""


def cropped_to_sheet(picture: Image.Image) -> Image.Image:
    """A picture (L) cut to the sheet of paper in it, with what is around that made as bright as the paper near it.

    The picture itself where no sheet stands out that is brighter than what it lies on.
    """
    shrink = max(1, round(max(picture.size) / _SIDE))
    small = picture.reduce(shrink)
    closed = small.filter(ImageFilter.MaxFilter(_CLOSING)).filter(ImageFilter.MinFilter(_CLOSING))
    values = np.asarray(closed, np.float32)
    if min(values.shape) < 4 * _CLOSING:
        return picture
    sheet = _sheet(values)
    if sheet is None:
        return picture
    inner = _grown(sheet, -_EDGE)
    if not inner.any():
        return picture
    rows, columns = np.flatnonzero(inner.any(axis=1)), np.flatnonzero(inner.any(axis=0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    light = _continued(values, inner)[top:bottom, left:right]
    # the last px of what was made smaller may stand for fewer
    far = min(int(right) * shrink, picture.width), min(int(bottom) * shrink, picture.height)
    part = picture.crop((int(left) * shrink, int(top) * shrink, *far))
    size = int(right - left) * shrink, int(bottom - top) * shrink
    area = (0, 0, *part.size)
    fill = Image.fromarray(np.rint(light).astype(np.uint8)).resize(size, Image.Resampling.BILINEAR).crop(area)
    mask = Image.fromarray(inner[top:bottom, left:right]).convert("L").resize(size).crop(area)
    return Image.composite(part, fill, mask)


def _sheet(values: np.ndarray) -> np.ndarray | None:
    """Where a sheet is, bool [h,w]; None where none stands out."""
    # to the very edge of the picture, or a strip of desk there would join what it parts
    log = np.log(np.pad(values, 1, mode="edge") + 4)
    edge = np.abs(log[1:-1, 2:] - log[1:-1, :-2]) > _STEP
    edge |= np.abs(log[2:, 1:-1] - log[:-2, 1:-1]) > _STEP
    labels, count = blobs.label(~edge[None])
    if not count:
        return None
    flat = labels[0].ravel()
    area = np.bincount(flat, minlength=count + 1)
    bright = np.bincount(flat, values.ravel(), count + 1) / np.maximum(area, 1)
    area[0] = 0
    large = np.flatnonzero(area >= _LEAST * values.size)
    if not len(large):
        return None
    sheet = _grown(labels[0] == large[bright[large].argmax()], 1)
    filled = _between(sheet)
    if not _LEAST < filled.mean() < _MOST or sheet.sum() < _SOLID * filled.sum():
        return None
    spans = filled.sum(axis=1)[filled.any(axis=1)], filled.sum(axis=0)[filled.any(axis=0)]
    if min(float(np.median(span) / span.max()) for span in spans) < _STRAIGHT:
        return None
    inside, outside = _grown(filled, -3) ^ _grown(filled, -4), _grown(filled, 4) ^ _grown(filled, 3)
    if not inside.any() or not outside.any():
        return None
    light = _continued(values, _grown(filled, -3))
    if (values[outside] < _DARKER * light[outside]).mean() < _AROUND:
        return None
    return filled


def _between(some: np.ndarray) -> np.ndarray:
    """What lies between the first and last set places of its row and of its column, bool [h,w]."""
    ways = []
    for way in (some, some.T):
        after = np.maximum.accumulate(way, axis=1)
        before = np.maximum.accumulate(way[:, ::-1], axis=1)[:, ::-1]
        ways.append(after & before)
    return ways[0] & ways[1].T


def _grown(some: np.ndarray, by: int) -> np.ndarray:
    """bool [h,w] grown by `by` px to all sides, or made smaller; what lies beyond the picture is as its edge."""
    kind = ImageFilter.MaxFilter if by > 0 else ImageFilter.MinFilter
    size = abs(by)
    wide = Image.fromarray(np.pad(some, size, mode="edge").astype(np.uint8) * 255)
    grown = np.asarray(wide.filter(kind(2 * size + 1)))[size:-size, size:-size]
    return grown > 127


def _continued(values: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """`values` float32 [h,w] carried on from `inside` to everywhere, from ever farther away."""
    result, known = np.where(inside, values, 0).astype(np.float32), inside.copy()
    radius = 2
    while not known.all() and radius < 2 * max(values.shape):
        amount, weight = (_box(each, radius) for each in (result * known, known.astype(np.float32)))
        new = ~known & (weight > 1e-4)
        result[new] = amount[new] / weight[new]
        known |= new
        radius = radius * 3 // 2
    return result


def _box(values: np.ndarray, radius: int) -> np.ndarray:
    """Sum float64 [h,w] over the square of `radius` px around each place."""
    height, width = values.shape
    total = np.zeros((height + 1, width + 1))
    np.cumsum(np.cumsum(values, axis=0, dtype=np.float64), axis=1, out=total[1:, 1:])
    top, bottom = (np.arange(height) - radius).clip(0), (np.arange(height) + radius + 1).clip(max=height)
    left, right = (np.arange(width) - radius).clip(0), (np.arange(width) + radius + 1).clip(max=width)
    rows = total[bottom] - total[top]
    return np.asarray(rows[:, right] - rows[:, left])

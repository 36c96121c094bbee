"""A photo of one line of writing to a strip of ink: evenly lit, level, at a known size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.frame import Frame
from handsynth.learning import blobs, rules
from handsynth.learning.cropping import cropped_to_sheet
from handsynth.learning.ink import coverage, darkness

FINE = 3
"""px of a strip for each px of the frame."""

_ROUGH = 1600
"""Greatest side in px of the picture in which the line is looked for."""

_STEEPEST = 12.0
"""Degrees that a line may be tilted by."""

_FAINTEST = 0.12
"""Darkness, as a share of the paper's brightness, of the faintest ink."""


@dataclass(frozen=True, eq=False)
class Strip:
    """The ink of one line."""

    ink: np.ndarray
    """uint8 [h,w], 255 = full, at about `FINE` px for each px of the frame."""


def strip(picture: Image.Image, tall: float, frame: Frame, where: str) -> Strip:
    """The line in `picture` (L or RGB), whose letters are usually `tall` x-heights tall.

    Raises InputError, which names `where`, for a picture with no writing in it, or with several lines.
    """
    grey = _grey(cropped_to_sheet(picture.convert("L")))
    shrink = max(1, math.ceil(max(grey.size) / _ROUGH))
    small = grey.reduce(shrink) if shrink > 1 else grey
    values = np.asarray(small)
    dark = _darkness(values)
    ruled = rules.grid(dark)
    for way, some in zip((dark, dark.T), ruled, strict=True):
        for rule in some:
            rules.erase(way, rule.at(np.arange(way.shape[1]) + 0.5), rule.half)
    ink = _ink(dark)
    boxes = _parts(ink)
    if not len(boxes):
        raise InputError(f"{where} shows no writing; give a sharp photo of one line of dark letters on light paper")
    heights = boxes[:, 3] - boxes[:, 1]
    usual = float(np.median(heights[heights >= 0.35 * np.percentile(heights, 85)]))
    xheight = usual / tall
    rows, columns = np.nonzero(ink)
    angle = _tilt(columns, rows, max(xheight / 5, 1.0))
    cos, sin = math.cos(angle), math.sin(angle)
    # along and across the line
    along, across = columns * cos + rows * sin, rows * cos - columns * sin
    low, high = _one_line(across, xheight, where)
    within = (across >= low) & (across <= high)
    left, right = float(along[within].min()) - xheight, float(along[within].max()) + xheight
    # from px of the strip to px of the whole picture
    k = xheight * shrink / (FINE * frame.xheight)
    size = max(1, math.ceil((right - left) * shrink / k)), max(1, math.ceil((high - low) * shrink / k))
    if size[0] > 40_000:
        raise InputError(f"{where} shows a line that is far too long; give a photo of one line of letters")
    x, y = (left * cos - low * sin + 0.5) * shrink, (left * sin + low * cos + 0.5) * shrink
    by = max(1, int(k))
    if by > 1:
        grey, k, x, y = grey.reduce(by), k / by, x / by, y / by
    data = (k * cos, -k * sin, x, k * sin, k * cos, y)
    blank = int(np.median(values))
    level = grey.transform(size, Image.Transform.AFFINE, data, Image.Resampling.BICUBIC, fillcolor=blank)
    dark = darkness(np.asarray(level)[None], FINE)
    _erase(dark[0], ruled, (k * cos, k * sin, x, y), k, shrink / by)
    covered, _, _ = coverage(dark, FINE)
    return Strip(covered[0])


def _erase(
    dark: np.ndarray,
    ruled: tuple[list[rules.Rule], list[rules.Rule]],
    place: tuple[float, float, float, float],
    k: float,
    scale: float,
) -> None:
    """Take rules of the small picture out of a strip float32 [h,w], in place.

    `place`: how far one px of the strip is along and across in the picture, and where the strip begins; `k` px of the
    picture for each of the strip, `scale` for each of the small picture.
    """
    along, aside, x, y = place
    for down, some in enumerate(ruled):
        way = dark.T if down else dark
        at, sign = np.arange(way.shape[1]) + 0.5, -1 if down else 1
        start, across = (y, x) if down else (x, y)
        for rule in rules.scaled(some, scale):
            rows = np.full(len(at), way.shape[0] / 2)
            for _ in range(4):
                seen = along * at - sign * aside * rows + start
                rows = (rule.at(seen) - across - sign * aside * at) / along
            rules.erase(way, rows, rule.half / k)


def _grey(grey: Image.Image) -> Image.Image:
    """Brightness of a picture (L), such that ink is dark."""
    values = np.asarray(grey.resize((min(grey.width, 800), min(grey.height, 800)), Image.Resampling.BOX), np.float32)
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    middle = float(np.median(border))
    low, high = np.percentile(values, [0.5, 99.5])
    light_ink = high - middle > 1.5 * (middle - low)
    return Image.eval(grey, lambda value: 255 - value) if light_ink else grey


def _darkness(values: np.ndarray) -> np.ndarray:
    """Darkness float32 [h,w], as in `ink.darkness`, of a picture of unknown scale."""
    height, width = values.shape
    window = max(width / 30, min(width, height) / 5, 8)
    return np.asarray(darkness(values[None], max(1, round(window / 26)))[0])


def _ink(darkness: np.ndarray) -> np.ndarray:
    """Where ink is, bool [h,w], by darkness float32 [h,w]."""
    noise = 1.4826 * float(np.median(np.abs(darkness)))
    least = max(_FAINTEST, 5 * noise)
    dark = darkness[darkness > least]
    if not len(dark):
        return np.zeros(darkness.shape, bool)
    result = darkness > max(least, 0.45 * float(np.percentile(dark, 75)))
    labels, count = blobs.label(result[None])
    area = np.bincount(labels.ravel(), minlength=count + 1)
    usual = float(np.median(area[1:][area[1:] >= 0.05 * area[1:].max(initial=0)])) if count else 0.0
    keep = area > max(0.04 * usual, 3)
    # what runs along the border is no letter: a table, a shadow, another sheet
    for edge in (labels[0, 0], labels[0, -1], labels[0, :, 0], labels[0, :, -1]):
        touching = np.bincount(edge, minlength=count + 1)
        keep &= touching < 0.2 * len(edge)
    keep[0] = False
    return np.asarray(keep[labels[0]])


def _parts(ink: np.ndarray) -> np.ndarray:
    """Boxes int64 [n,4], left, top, right, bottom, of connected ink."""
    labels, count = blobs.label(ink[None])
    return boxes_of(labels[0], count)


def boxes_of(labels: np.ndarray, count: int) -> np.ndarray:
    """Boxes int64 [count,4], left, top, right, bottom (exclusive), of labels int32 [h,w] from 1 on."""
    rows, columns = np.nonzero(labels)
    which = labels[rows, columns] - 1
    boxes = np.empty((count, 4), np.int64)
    boxes[:, :2], boxes[:, 2:] = np.iinfo(np.int64).max, -1
    for side, values in ((0, columns), (1, rows)):
        np.minimum.at(boxes[:, side], which, values)
        np.maximum.at(boxes[:, side + 2], which, values + 1)
    return boxes


def _tilt(x: np.ndarray, y: np.ndarray, step: float) -> float:
    """Radians by which the line falls to the right: the angle at which rows are fullest and emptiest."""
    step_angle, middle, reach = 1.0, 0.0, _STEEPEST
    while step_angle > 0.02:
        tried = np.arange(middle - reach, middle + reach + step_angle / 2, step_angle)
        scores = []
        for degrees in tried:
            angle = math.radians(float(degrees))
            rows = (y * math.cos(angle) - x * math.sin(angle)) / step
            counts = np.bincount((rows - rows.min()).astype(np.int64)).astype(np.float64)
            scores.append((counts**2).sum())
        middle = float(tried[int(np.argmax(scores))])
        reach, step_angle = 1.5 * step_angle, step_angle / 4
    return math.radians(middle)


def _one_line(across: np.ndarray, xheight: float, where: str) -> tuple[float, float]:
    """First and last row of the line, with room for what hangs out of it; `across` [n] are the rows of its ink."""
    step = max(xheight / 6, 1.0)
    start = float(across.min())
    counts = np.bincount(((across - start) / step).astype(np.int64)).astype(np.float64)
    soft = np.convolve(counts, np.hanning(7)[1:-1], "same")
    peak = int(soft.argmax())
    # a second line is as full, and between the two there is next to nothing
    lines = 1
    for side in (soft[peak::-1], soft[peak:]):
        valley = np.minimum.accumulate(side)
        far = np.arange(len(side)) * step > 1.7 * xheight
        again = far & (side > 0.35 * soft[peak]) & (valley < 0.3 * side)
        lines += int((np.diff(again.astype(np.int8), prepend=0) == 1).sum())
    if lines > 1:
        raise InputError(f"{where} shows several lines; give a photo of one line, and its text alone")
    middle = start + (peak + 0.5) * step
    return middle - 3 * xheight, middle + 3 * xheight

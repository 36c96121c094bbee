"""Outlines in the units of a font: points at extrema, whole numbers, nothing of no length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Flags, Floats
from handsynth.fonts.marks import BACK
from handsynth.fonts.source import SPECK, TOLERANCE, XHEIGHT, FontSource
from handsynth.ink.outline import Outlines

UNITS = 1000
"""Units per em."""

_FLAT = 1.0
"""Curves that leave the box of their ends by less, in units, are flattened instead of split."""

_NEAR = 0.06
"""So are those that leave it so close to an end."""


@dataclass(frozen=True, eq=False)
class Contour:
    """A closed contour of k segments in whole units from the glyph's origin, y upwards; outer ones run clockwise."""

    segments: np.ndarray
    """int64 [k,4,2]: p0, c1, c2, p3; each begins where the one before ends, and is monotone in x and y."""
    straight: np.ndarray
    """bool [k]."""


def shapes(source: FontSource) -> list[list[Contour]]:
    """The contours of each glyph [g]."""
    if "shapes" not in source.known:
        source.known["shapes"] = _contours(source, source.outlines, source.centre)
    found: list[list[Contour]] = source.known["shapes"]
    return found


def forms(source: FontSource) -> list[list[Contour]]:
    """The contours of each joined form [f]."""
    if source.forms is None:
        return []
    outlines = source.forms.glyphs.outlines(source.frame, TOLERANCE, SPECK)
    return _contours(source, outlines, source.forms.left * XHEIGHT)


def marks(source: FontSource) -> list[list[Contour]]:
    """The contours of each combining mark [m], before its origin."""
    if source.marks is None:
        return []
    outlines = source.marks.glyphs.outlines(source.frame, TOLERANCE, SPECK)
    return _contours(source, outlines, np.full(len(source.marks.chars), -BACK * XHEIGHT))


def _contours(source: FontSource, outlines: Outlines, centre: np.ndarray) -> list[list[Contour]]:
    """`outlines` [g] in the units of the font; `centre` float64 [g]: of their frames from their origins, in em."""
    scale, count = UNITS / source.em, len(centre)
    owner = np.repeat(np.arange(count), np.diff(outlines.contours[outlines.glyphs]))
    points = outlines.segments.astype(np.float64)
    points[..., 0] = (points[..., 0] - source.frame.size / 2) * scale + (centre * UNITS)[owner][:, None]
    points[..., 1] = (source.frame.baseline - points[..., 1]) * scale
    points, straight, contours = monotone(points, outlines.straight, outlines.contours)
    points = np.floor(points + 0.5).astype(np.int64)
    straight = straight | straight_lines(points)
    kept = (points[:, 0] != points[:, 3]).any(axis=1)
    result: list[list[Contour]] = []
    for glyph in range(count):
        drawn = []
        for contour in range(outlines.glyphs[glyph], outlines.glyphs[glyph + 1]):
            part = slice(contours[contour], contours[contour + 1])
            some = kept[part]
            if some.sum() > 1:
                drawn.append(Contour(points[part][some], straight[part][some]))
        result.append(drawn)
    return result


def monotone(
    points: np.ndarray, straight: np.ndarray, contours: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Curves split where they turn back in x or y; contours begin at the numbers that are given and returned."""
    low, high = np.minimum(points[:, 0], points[:, 3]), np.maximum(points[:, 0], points[:, 3])
    times = _turns(points)
    at = np.where(np.isnan(times), 0.5, times)
    there = _evaluate(points, at)
    axis = np.array([0, 0, 1, 1])
    there = np.take_along_axis(there, np.broadcast_to(axis[None, :, None], (len(points), 4, 1)), axis=2)[..., 0]
    beyond = np.maximum(low[:, axis] - there, there - high[:, axis])
    limit = np.where((at < _NEAR) | (at > 1 - _NEAR), 3 * _FLAT, _FLAT)
    split = ~np.isnan(times) & (beyond >= limit) & ~straight[:, None]
    # where a curve is not split along an axis, its handles stay within its ends along it
    tame = ~np.stack([split[:, :2].any(axis=1), split[:, 2:].any(axis=1)], axis=1)
    inner = points[:, 1:3].clip(low[:, None], high[:, None])
    points[:, 1:3] = np.where(tame[:, None], inner, points[:, 1:3])
    count = split.sum(axis=1) + 1
    result = np.repeat(points, count, axis=0)
    cut = count > 1
    result[np.repeat(cut, count)] = _snapped(_pieces(points[cut], np.where(split, times, np.nan)[cut]))
    before = np.concatenate([[0], np.cumsum(count)])
    return result, np.repeat(straight, count), before[contours]


def _pieces(points: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The pieces [m,4,2] of cubic curves [s,4,2] that are split at `times` [s,k], where these are numbers."""
    d = points[:, 0]
    c = (points[:, 1] - d) * 3.0
    b = (points[:, 2] - points[:, 1]) * 3.0 - c
    a = points[:, 3] - d - c - b
    times = np.sort(times, axis=1)
    count = (~np.isnan(times)).sum(axis=1) + 1
    owner = np.repeat(np.arange(len(points)), count)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    ones = np.ones((len(points), 1))
    times = np.where(np.isnan(times), 1.0, times)
    begin, end = (edges[owner, number][:, None] for edges in (np.hstack([0 * ones, times]), np.hstack([times, ones])))
    a, b, c, d = (part[owner] for part in (a, b, c, d))
    step, square = end - begin, begin * begin
    step2 = step * step
    d1 = a * (begin * square) + b * square + c * begin + d
    c1 = (2 * b * begin + c + 3 * a * square) * step
    b1 = (3 * a * begin + b) * step2
    a1 = a * (step * step2)
    second = c1 / 3.0 + d1
    pieces = np.stack([d1, second, (b1 + c1) / 3.0 + second, a1 + d1 + c1 + b1], axis=1)
    pieces[np.cumsum(count) - 1, 3] = points[:, 3]
    return pieces


def _snapped(pieces: np.ndarray) -> np.ndarray:
    """`pieces` [m,4,2] of curves whose handles do not leave the box of their ends: what is left is rounding."""
    low, high = np.minimum(pieces[:, 0], pieces[:, 3]), np.maximum(pieces[:, 0], pieces[:, 3])
    pieces[:, 1:3] = pieces[:, 1:3].clip(low[:, None], high[:, None])
    return pieces


def _turns(points: np.ndarray) -> np.ndarray:
    """Parameters float64 [s,4] inside (0, 1) where curves [s,4,2] turn back: two in x, two in y; nan for none."""
    p0, p1, p2, p3 = (points[:, i] for i in range(4))
    a, b, c = p3 - 3 * p2 + 3 * p1 - p0, 2 * (p2 - 2 * p1 + p0), p1 - p0
    with np.errstate(invalid="ignore", divide="ignore"):
        # the stable form of the quadratic formula
        root = np.sqrt(b * b - 4 * a * c)
        q = -0.5 * (b + np.where(b < 0, -root, root))
        found = np.stack([q / a, c / q], axis=-1).reshape(len(points), 4)
        found[~((found > 0) & (found < 1))] = np.nan
    return found


def _evaluate(points: Floats, times: Floats) -> Floats:
    """Points float64 [s,m,2] of curves [s,4,2] at `times` [s,m]."""
    t = times[..., None]
    p0, p1, p2, p3 = (points[:, i, None] for i in range(4))
    return (1 - t) ** 3 * p0 + 3 * t * (1 - t) ** 2 * p1 + 3 * t**2 * (1 - t) * p2 + t**3 * p3


def straight_lines(points: Floats) -> Flags:
    """bool [s]: curves whose handles have no length, or lie on the chord."""
    chord = points[:, 3] - points[:, 0]
    off = [
        np.abs(chord[:, 0] * (points[:, i, 1] - points[:, 0, 1]) - chord[:, 1] * (points[:, i, 0] - points[:, 0, 0]))
        for i in (1, 2)
    ]
    length = np.hypot(chord[:, 0], chord[:, 1])
    return np.maximum(*off) <= 0.3 * length

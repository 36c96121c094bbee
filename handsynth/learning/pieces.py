"""A strip of ink in pieces, from left to right: connected parts, and these cut where a line may have joined letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.learning import blobs
from handsynth.learning.strip import boxes_of

_SPECK = 0.005
"""Share of a square of one x-height that dirt is smaller than."""

_WIDE, _APART = 0.75, 0.22
"""x-heights from which on a part is cut, and between cuts."""

_DOT = 0.6
"""x-heights that dots are smaller than."""

_SLANTS = np.arange(-0.5, 0.96, 0.05)


@dataclass(frozen=True, eq=False)
class InkPiece:
    """Some ink that belongs together."""

    left: int
    top: int
    ink: np.ndarray
    """uint8 [h,w] from there, 255 = full."""
    begin: float
    end: float
    """First and last column as they would be if the writing stood upright."""
    part: int
    """Pieces of the same part are connected."""
    cut: float
    """Ink, in x-heights, that is cut through between this and the one before it; 0 where nothing is."""

    @property
    def right(self) -> int:
        return self.left + int(self.ink.shape[1])

    @property
    def bottom(self) -> int:
        return self.top + int(self.ink.shape[0])

    @property
    def amount(self) -> float:
        """px² of ink."""
        return float(self.ink.sum()) / 255


def slant_of(ink: np.ndarray) -> float:
    """x per height of the writing in uint8 [h,w]: the shear at which columns are fullest and emptiest."""
    rows, columns = np.nonzero(ink > 127)
    if not len(rows):
        return 0.0
    scores = []
    for slope in _SLANTS:
        upright = columns + slope * rows
        counts = np.bincount((upright - upright.min()).astype(np.int64)).astype(np.float64)
        scores.append((counts**2).sum())
    return float(_SLANTS[int(np.argmax(scores))])


@dataclass(frozen=True, eq=False)
class _InkPart:
    """Connected ink."""

    ink: np.ndarray
    left: int
    top: int
    begin: float
    end: float
    """As in Piece; of dots, less what they are late by."""


def pieces(ink: np.ndarray, xheight: float, slant: float, late: float = 0.0) -> list[InkPiece]:
    """The pieces of a strip uint8 [h,w], from left to right by parts.

    `xheight` in px; `late`: how far, in px, dots stand to the right of where they should.
    """
    stacks = _stacked(_parts(ink, xheight, slant, late))
    parts = [_cut(stack, number, xheight, slant, ink.shape[0] / 2) for number, stack in enumerate(stacks)]
    # a part is in one place of the order, whole: the tail of a g may reach under what stands before it
    parts.sort(key=lambda part: part[0].begin + part[-1].end)
    return [piece for part in parts for piece in part]


def together(some: Sequence[InkPiece | _InkPart]) -> tuple[np.ndarray, int, int]:
    """Ink uint8 [h,w], left and top of pieces as one."""
    left, top = min(each.left for each in some), min(each.top for each in some)
    right = max(each.left + each.ink.shape[1] for each in some)
    bottom = max(each.top + each.ink.shape[0] for each in some)
    whole = np.zeros((bottom - top, right - left), np.uint8)
    for each in some:
        rows = slice(each.top - top, each.top - top + each.ink.shape[0])
        columns = slice(each.left - left, each.left - left + each.ink.shape[1])
        np.maximum(whole[rows, columns], each.ink, out=whole[rows, columns])
    return whole, left, top


def _upright(ink: np.ndarray, left: int, top: int, slant: float, middle: float) -> np.ndarray:
    """Where each px [k] with ink would be, float64 [k], if the writing stood upright."""
    rows, columns = np.nonzero(ink > 40)
    return columns + left + slant * (rows + top - middle)


def _parts(ink: np.ndarray, xheight: float, slant: float, late: float) -> list[_InkPart]:
    """Connected ink but for dirt."""
    labels, count = blobs.label((ink > 40)[None])
    labels = labels[0]
    flat = labels.ravel()
    amount = np.bincount(flat, ink.ravel() / 255.0, count + 1)[1:]
    peak = np.zeros(count + 1, np.uint8)
    np.maximum.at(peak, flat, ink.ravel())
    boxes = boxes_of(labels, count)
    result = []
    for number in np.flatnonzero((amount >= _SPECK * xheight**2) & (peak[1:] > 160)).tolist():
        left, top, right, bottom = boxes[number].tolist()
        own = np.where(labels[top:bottom, left:right] == number + 1, ink[top:bottom, left:right], 0)
        along = _upright(own, left, top, slant, ink.shape[0] / 2)
        back = late if max(own.shape) < _DOT * xheight else 0.0
        result.append(_InkPart(own, left, top, float(along.min()) - back, float(along.max()) + 1 - back))
    return result


def _stacked(parts: Sequence[_InkPart]) -> list[list[_InkPart]]:
    """Parts that stand over one another belong together: the dots of i and !, accents, the lines of =."""
    owner = list(range(len(parts)))
    for i, one in enumerate(parts):
        for j, other in enumerate(parts[:i]):
            narrow = min(one.end - one.begin, other.end - other.begin)
            common = min(one.end, other.end) - max(one.begin, other.begin)
            low = min(one.ink.shape[0], other.ink.shape[0])
            over = min(one.top + one.ink.shape[0], other.top + other.ink.shape[0]) - max(one.top, other.top)
            if common >= 0.5 * narrow and over <= 0.25 * low:
                owner = [owner[j] if each == owner[i] else each for each in owner]
    return [[part for part, own in zip(parts, owner, strict=True) if own == each] for each in dict.fromkeys(owner)]


def _cut(stack: Sequence[_InkPart], number: int, xheight: float, slant: float, middle: float) -> list[InkPiece]:
    """Pieces of parts that stand over one another: the largest is cut, upright, where little ink is crossed."""
    body = max(stack, key=lambda part: int(part.ink.sum()))
    rest = [part for part in stack if part is not body]
    along = _upright(body.ink, body.left, body.top, slant, middle)
    wide = body.end - body.begin > _WIDE * xheight
    places = _thin(along, body.begin, body.end, xheight) if wide else []
    bounds = [-np.inf, *(place for place, _ in places), np.inf]
    through = [0.0, *(thick for _, thick in places)]
    height, width = body.ink.shape
    column = np.arange(width) + body.left + slant * (np.arange(height)[:, None] + body.top - middle)
    result: list[InkPiece] = []
    for low, high, crossed in zip(bounds[:-1], bounds[1:], through, strict=True):
        own = np.where((column >= low) & (column < high), body.ink, 0)
        begin, end = max(low, body.begin), min(high, body.end)
        others = [part for part in rest if low <= (part.begin + part.end) / 2 < high]
        ink, left, top = together([_InkPart(own, body.left, body.top, begin, end), *others])
        rows, columns = np.flatnonzero((ink > 40).any(axis=1)), np.flatnonzero((ink > 40).any(axis=0))
        if len(rows):
            ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            left, top = left + int(columns[0]), top + int(rows[0])
            result.append(InkPiece(left, top, ink, begin, end, number, crossed / xheight if result else 0.0))
    return result


def _thin(along: np.ndarray, begin: float, end: float, xheight: float) -> list[tuple[float, float]]:
    """Where to cut, and how much ink, in px, is crossed there: the least all around."""
    counts = np.bincount((along - begin).astype(np.int64)).astype(np.float64)
    soft = np.convolve(np.pad(counts, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    reach = max(1, round(_APART * xheight))
    places: list[tuple[int, float]] = []
    for column in np.argsort(soft, kind="stable").tolist():
        if column < reach or column >= len(soft) - reach:
            continue
        if soft[column] > 0.55 * xheight:
            break
        if all(abs(column - other) >= reach for other, _ in places):
            around = soft[max(0, column - reach) : column + reach + 1]
            if soft[column] <= 1.05 * around.min():
                places.append((column, float(soft[column])))
    return [(begin + column + 0.5, thick) for column, thick in sorted(places)]

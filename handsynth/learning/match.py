"""Pieces of ink to the letters of a text that is known: which pieces are which letter, by dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.learning.pieces import InkPiece, together
from handsynth.learning.place import framed
from handsynth.model.model import Model
from handsynth.text.extents import extents

MOST = 6
"""Pieces of one letter."""

MISSED, DIRT = 9.0, 2.0
"""Cost of a letter of the text that is not in the picture, and of leaving out ink (more for more of it)."""

_READER = 7.0
"""Most that the reader's doubt costs."""

_STRANGE = 2.0
"""What a character costs that the model does not know."""

_LETTER = 6.0
"""Most that leaving out a letter costs: less than to put it into a letter that it is no part of."""

_PARTS, _SEVERAL = 2.5, frozenset('"%“”„«»…')
"""Cost of each part of a letter beside the first, and characters that have several beside each other."""

_OFF, _SIZE = 0.8, 1.2
"""Cost of each x-height that top and bottom are off, and of a width that is e times too large or small."""

_NO_BLANK, _BLANK = 0.35, 0.65
"""x-heights of clear space below which no blank is, and above which one is."""

_SPACE = 4.0
"""Cost of each x-height that a space is too narrow or too wide."""

_THROUGH, _CUT = 2.0, 0.7
"""Cost of each x-height of ink that is cut through, and of any cut."""


@dataclass(frozen=True)
class FittedBaseline:
    """Where a line's letters stand in a strip: y = base + slope x, heights in px to the x-height."""

    base: float
    slope: float
    xheight: float


@dataclass(frozen=True, eq=False)
class Match:
    """For each letter of the text the pieces [first, last) that are it; equal where it was not found."""

    first: np.ndarray
    last: np.ndarray
    cost: np.ndarray
    """float64 [t]: of each letter by itself."""
    doubt: np.ndarray
    """float64 [t]: the reader's part of it."""
    left_out: tuple[int, ...]
    """Pieces that are no letter's."""
    total: float
    """Cost of it all."""


Readings = dict[tuple[tuple[int, ...], float, float, bytes], np.ndarray]
"""Probabilities [C] of the model's characters, of ink that was read before at a size and place on the line."""


def match(
    found: Sequence[InkPiece],
    chars: Sequence[str],
    blank: np.ndarray,
    line: FittedBaseline,
    model: Model,
    frame: Frame,
    read: Readings | None = None,
) -> Match:
    """Match `found`, sorted from left to right, with `chars` [t]; `blank` bool [t]: a space stands before the letter.

    Costs are those of shape and place by what is usual, and -log p of the model's reader; order is kept. `read` keeps
    what the reader said, for another match in the same line.
    """
    groups, shape, doubt, inner, cut = _grouped(found, chars, line, model, frame, {} if read is None else read)
    space = np.array([clear_before(found, k) / line.xheight for k in range(len(found))])
    dirt = _dirt(found, line)
    t, n = len(chars), len(found)
    # best[i, k]: the first i letters are the first k pieces, or some of them
    best = np.full((t + 1, n + 1), np.inf)
    how = np.full((t + 1, n + 1), -3, np.int64)
    best[0] = np.concatenate([[0.0], np.cumsum(dirt)])
    how[0] = -1
    starting: dict[int, list[int]] = {}
    for number, (k, _) in enumerate(groups):
        starting.setdefault(k, []).append(number)
    ends = np.array([end for _, end in groups])
    for i in range(1, t + 1):
        best[i], how[i] = best[i - 1] + MISSED, -2
        wanted = np.maximum(space - _NO_BLANK * 1.6, 0) if not blank[i - 1] else np.maximum(_BLANK - space, 0)
        between = np.minimum(_SPACE * wanted, 3.0) + cut if i > 1 else cut
        for k in range(n):
            if np.isfinite(best[i - 1, k]):
                numbers = np.array(starting.get(k, []), np.int64)
                if len(numbers):
                    costs = best[i - 1, k] + between[k] + inner[numbers] + shape[numbers, i - 1] + doubt[numbers, i - 1]
                    better = costs < best[i, ends[numbers]]
                    best[i, ends[numbers[better]]], how[i, ends[numbers[better]]] = costs[better], numbers[better]
            if best[i, k] + dirt[k] < best[i, k + 1]:
                best[i, k + 1], how[i, k + 1] = best[i, k] + dirt[k], -1
    return _traced(how, groups, shape, doubt, inner, float(best[t, n]))


def candidates(
    found: Sequence[InkPiece], chars: Sequence[str], line: FittedBaseline, model: Model, frame: Frame
) -> tuple[list[tuple[int, int]], np.ndarray, np.ndarray]:
    """Pieces [first, last) that may be a letter, [g]; what each costs as each of `chars` and the reader's doubt, [g,t].

    Costs are those of `match`, without those of spaces.
    """
    groups, shape, doubt, inner, cut = _grouped(found, chars, line, model, frame, {})
    first = [k for k, _ in groups]
    return groups, shape + doubt + (inner + cut[first])[:, None], doubt


def _grouped(
    found: Sequence[InkPiece], chars: Sequence[str], line: FittedBaseline, model: Model, frame: Frame, read: Readings
) -> tuple[list[tuple[int, int]], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pieces that may be a letter [g]; costs of shape and doubt [g,t], of blanks within [g], of cuts before pieces."""
    groups = [(k, k + m) for k in range(len(found)) for m in range(1, MOST + 1) if _sane(found, k, k + m, line)]
    shape, doubt = _costs(found, groups, chars, line, model, frame, read)
    inner = np.array([_inner(found[k:end], line) for k, end in groups])
    parts = np.array([len({piece.part for piece in found[k:end]}) - 1.0 for k, end in groups])
    shape += _PARTS * parts[:, None] * [char not in _SEVERAL for char in chars]
    cut = np.array([_CUT + _THROUGH * piece.cut if piece.cut else 0.0 for piece in found])
    return groups, shape, doubt, inner, cut


def _dirt(found: Sequence[InkPiece], line: FittedBaseline) -> np.ndarray:
    """Cost float64 [n] of leaving each piece out; that of connected pieces together is no more than of one."""
    amount = np.array([piece.amount for piece in found]) / line.xheight**2
    _, which, count = np.unique([piece.part for piece in found], return_inverse=True, return_counts=True)
    return np.minimum(DIRT + amount * 30, np.maximum(_LETTER / count[which], DIRT))


def _traced(
    how: np.ndarray,
    groups: list[tuple[int, int]],
    shape: np.ndarray,
    doubt: np.ndarray,
    inner: np.ndarray,
    total: float,
) -> Match:
    t, n = how.shape[0] - 1, how.shape[1] - 1
    first, last = np.zeros(t, np.int64), np.zeros(t, np.int64)
    cost, unsure = np.full(t, MISSED), np.full(t, _READER)
    left_out = []
    i, k = t, n
    while i or k:
        way = int(how[i, k])
        if way == -1:
            k -= 1
            left_out.append(k)
        elif way == -2:
            i -= 1
            first[i] = last[i] = k
        else:
            i, k = i - 1, groups[way][0]
            first[i], last[i] = groups[way]
            unsure[i] = doubt[way, i]
            cost[i] = shape[way, i] + doubt[way, i] + inner[way]
    return Match(first, last, cost, unsure, tuple(left_out[::-1]), total)


def _sane(found: Sequence[InkPiece], k: int, end: int, line: FittedBaseline) -> bool:
    """Whether pieces may be one letter: not too wide."""
    if end > len(found):
        return False
    some = found[k:end]
    wide = max(piece.end for piece in some) - min(piece.begin for piece in some)
    return end - k == 1 or wide < 3.2 * line.xheight


def _inner(some: Sequence[InkPiece], line: FittedBaseline) -> float:
    """Cost of taking pieces for one letter: of blanks between them, more if they are far apart."""
    cost = 0.0
    reach = some[0].end
    for before, piece in zip(some[:-1], some[1:], strict=True):
        if piece.part != before.part:
            cost += 0.5 + 3.0 * max(0.0, (piece.begin - reach) / line.xheight)
        reach = max(reach, piece.end)
    return cost


def clear_before(found: Sequence[InkPiece], k: int) -> float:
    """px of clear space before piece `k`, as seen upright."""
    if k == 0:
        return 0.0
    return min(piece.begin for piece in found[k : k + 4]) - max(piece.end for piece in found[max(0, k - 4) : k])


def _costs(
    found: Sequence[InkPiece],
    groups: list[tuple[int, int]],
    chars: Sequence[str],
    line: FittedBaseline,
    model: Model,
    frame: Frame,
    read: Readings,
) -> tuple[np.ndarray, np.ndarray]:
    """Cost float64 [g,t] of each group for each letter: of its shape, and of the reader's doubt."""
    boxes, keys, new = [], [], {}
    for k, end in groups:
        ink, left, top = together(found[k:end])
        height, width = ink.shape
        base = line.base + line.slope * (left + width / 2)
        boxes.append([(base - top) / line.xheight, (base - top - height) / line.xheight, width / line.xheight])
        key = ink.shape, line.xheight, base - top, ink.tobytes()
        keys.append(key)
        if key not in read and model.has("reader"):
            new[key] = framed(ink, frame.xheight / line.xheight, base - top, frame)[0]
    box = np.array(boxes)[:, None]
    usually = np.array([extents(char) for char in chars])[None]
    off = np.minimum(np.abs(box[..., :2] - usually[..., :2]), 1.5).sum(axis=-1)
    wide = np.abs(np.log((box[..., 2] + 0.1) / (usually[..., 2] + 0.1)))
    shape = _OFF * off + _SIZE * np.minimum(wide, 2.0)
    doubt = np.full(shape.shape, _STRANGE)
    if model.has("reader"):
        if new:
            pictures = np.stack(list(new.values())).astype(np.float32) / 255
            read.update(zip(new, np.exp(model.read(pictures)[0].astype(np.float64)), strict=True))
        sure = np.stack([read[key] for key in keys])
        for i, char in enumerate(chars):
            if char in model.charset:
                # a capital may look like its small letter
                twin = char.swapcase() if char.swapcase() in model.charset else char
                own, other = model.index([char, twin]).tolist()
                chance = np.maximum(sure[:, own], 0.3 * sure[:, other])
                doubt[:, i] = np.minimum(-np.log(np.maximum(chance, 1e-9)), _READER)
    return shape, doubt

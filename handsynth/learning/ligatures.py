"""Letters that were cut out of joined writing, without what is left on them of the ligatures to their neighbours.

A ligature belongs to two letters and to neither: drawn with each copy it would stand beside the join that is drawn, or
lead to another letter than the one that follows. So the ink is followed from where it was cut to where the letter's
own stroke begins (a junction, the top that an upstroke reaches, the foot that a tail rises from) and is taken away up
to there, but for a little of a tail. Where the model's reader does not see the letter as well in what is left, as in an
s whose upstroke is its back, the ligature is a part of it, and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Flags, Floats
from handsynth.frame import Frame, ink_box
from handsynth.ink.branches import along, between
from handsynth.ink.centreline import Trace, traces
from handsynth.learning import blobs
from handsynth.learning.fields import fields_of
from handsynth.learning.legible import WHOLE
from handsynth.learning.pieces import InkPiece, together
from handsynth.learning.place import framed, largest_scale
from handsynth.model.model import Model
from handsynth.text.lookalikes import merge_table

KEPT = 0.28
"""x-heights that are kept of the way out of a letter: its tail, which says in what direction the pen went on."""

BARRED, BAR = frozenset("tf"), 0.5
"""Letters with a bar, which as much is kept of at both sides, and the height above which it is one, in x-heights."""

HIGH = frozenset("bovw")
"""Letters that are left at their top."""

_SIDES = (0, 1), (1,), (0,)
"""Sides of a letter, 0 before and 1 after, that are tried without their ligatures, the most first."""

_SOLID = 127
"""Of 255, ink that was cut through."""

_TALL = 0.55
"""x-heights above which a cut went along a stroke, not through one."""

_NEAR = 0.17
"""x-heights beyond half the width of a line within which its end is that which was cut."""

_TOUCH, _APART = 0.075, 0.34
"""x-heights within which lines touch, and along a line from which on it may touch itself."""

_TURN, _STEEP, _AHEAD = 0.07, 2.0, 0.15
"""A line turns where it goes back by so many x-heights; it is a stem where it is steeper than this, so far ahead."""

_FLAT = 0.7
"""What rises by less than this share of its way is flat."""

_STEP = 0.03
"""x-heights between points of lines that are looked at."""

_LEAST, _SHORTEST, _DOT = 0.06, 0.7, 0.35
"""x-heights of a ligature that are worth taking away, of the lines that a letter has at least without it, and of lines
that are but dots."""

_BESIDE = 0.35
"""Of a letter's largest part what a part has at most that hangs on its neighbour alone."""


@dataclass(frozen=True, eq=False)
class CutLetter:
    """Ink of one letter of a line, and where it hung together with its neighbours."""

    ink: np.ndarray
    """uint8 [h,w], 255 = full."""
    left: int
    top: int
    """Of the ink in the line, px."""
    cuts: tuple[np.ndarray, np.ndarray]
    """int64 [k,2] each: px (x, y) of the ink that touch the letter before, and the one after."""


def cut_letter(some: Sequence[InkPiece], before: Sequence[InkPiece], after: Sequence[InkPiece]) -> CutLetter:
    """The letter of pieces `some`, with the pieces of its neighbours that it was cut from; there may be none."""
    ink, left, top = together(some)
    solid = ink > _SOLID
    cuts = []
    for beside in (before, after):
        around = np.zeros((ink.shape[0] + 2, ink.shape[1] + 2), bool)
        for piece in beside:
            _lay(around, piece, left - 1, top - 1)
        near = np.zeros_like(solid)
        for down in range(3):
            for across in range(3):
                near |= around[down : down + ink.shape[0], across : across + ink.shape[1]]
        rows, columns = np.nonzero(near & solid)
        cuts.append(np.stack([columns, rows], axis=1))
    return CutLetter(ink, left, top, (cuts[0], cuts[1]))


def _lay(canvas: Flags, piece: InkPiece, left: int, top: int) -> None:
    """Mark the solid ink of a piece on a canvas bool [h,w] that begins at `left`, `top` of the line."""
    x, y = piece.left - left, piece.top - top
    height, width = canvas.shape
    rows = slice(max(y, 0), max(min(y + piece.ink.shape[0], height), 0))
    columns = slice(max(x, 0), max(min(x + piece.ink.shape[1], width), 0))
    if rows.start < rows.stop and columns.start < columns.stop:
        part = piece.ink[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x]
        canvas[rows, columns] |= part > _SOLID


def without(
    letters: Sequence[CutLetter], chars: Sequence[str], bases: Sequence[float], scale: float, slant: float, model: Model
) -> list[np.ndarray]:
    """The ink uint8 [h,w] of `letters` of `chars` [n] without their ligatures, each in its place.

    `bases` [n]: rows of their baselines, from their tops; `scale`: px of the model's frame for each px; `slant`: x per
    height of the writing. A letter that the model does not know, or cannot read, stays as it is.
    """
    result = [letter.ink for letter in letters]
    if not model.has("reader"):
        return result
    rows = [i for i, each in enumerate(letters) if chars[i] in model.charset and any(len(cut) for cut in each.cuts)]
    if not rows:
        return result
    frame = model.frame
    whole = np.stack([framed(result[i], scale, bases[i], frame)[0] for i in rows])
    tries: list[tuple[int, np.ndarray]] = []
    for i, lines in zip(rows, traces(fields_of(whole), frame), strict=True):
        place = _FramedInk(letters[i].ink, scale, bases[i], frame)
        for sides in _SIDES if all(len(cut) for cut in letters[i].cuts) else _SIDES[:1]:
            ink = _tried(letters[i], lines, chars[i], place, slant, sides)
            if ink is not None and ink_box(ink) is not None:
                tries.append((i, ink))
    if not tries:
        return result
    before = dict(zip(rows, _read(model, [chars[i] for i in rows], whole), strict=True))
    images = np.stack([framed(ink, scale, bases[i], frame)[0] for i, ink in tries])
    for (i, ink), sure in zip(tries, _read(model, [chars[i] for i, _ in tries], images), strict=True):
        if result[i] is letters[i].ink and sure >= WHOLE * before[i]:
            result[i] = ink
    return result


def _read(model: Model, chars: Sequence[str], images: np.ndarray) -> list[float]:
    """How surely `images` uint8 [n,H,H] are read as `chars` [n] or their look-alikes."""
    scores = np.exp(model.read(images.astype(np.float32) / 255)[0].astype(np.float64))
    return [float(sure) for sure in (scores * merge_table(model.charset)[model.index(list(chars))]).sum(axis=1)]


class _FramedInk:
    """Where the px of a letter's ink are in the frame."""

    def __init__(self, ink: np.ndarray, scale: float, base: float, frame: Frame) -> None:
        box = ink_box(ink)
        assert box is not None
        self.scale, self.middle = min(scale, largest_scale(box, base, frame)), (box[0] + box[2]) / 2
        self.base, self.frame = base, frame

    def of(self, px: np.ndarray) -> Floats:
        """The middles of px [k,2] (x, y) in the frame, float64 [k,2]."""
        away = px + 0.5 - [self.middle, self.base]
        return np.asarray(away * self.scale + [self.frame.size / 2, self.frame.baseline])


def _tried(
    letter: CutLetter, lines: Sequence[Trace], char: str, place: _FramedInk, slant: float, sides: Sequence[int]
) -> np.ndarray | None:
    """The ink without the ligatures at some sides, 0 before and 1 after; None where there are none."""
    frame, unit = place.frame, place.frame.xheight
    ink = _without_others(letter, sides)
    less = np.zeros((len(lines), 2))
    for side in sides:
        for cut in _through(letter.cuts[side], letter.ink.shape):
            at = place.of(cut)
            found = _ended(lines, at.mean(axis=0), unit) if np.ptp(at[:, 1]) < _TALL * unit else None
            if found is not None:
                number, end = found
                bar = char in BARRED and (frame.baseline - at[:, 1].mean()) / unit > BAR
                tail = side == 1 and char not in HIGH
                long = _ligature([line.points for line in lines], number, end, tail, slant, unit)
                less[number, end] = max(less[number, end], long - (KEPT * unit if side or bar else 0.0))
    lengths = np.array([along(line.points)[-1] for line in lines])
    short = lengths[lengths > _DOT * unit].sum() - less.sum() < _SHORTEST * unit
    if (less < _LEAST * unit).all() or short:
        return None if ink is letter.ink else ink
    return _erased(ink, lines, less, place)


def _without_others(letter: CutLetter, sides: Sequence[int]) -> np.ndarray:
    """The ink without small parts that hang on a neighbour alone, as the end of its bar; the same where there are
    none."""
    labels, count = blobs.label((letter.ink > 40)[None])
    if count < 2:
        return letter.ink
    amount = np.bincount(labels.ravel(), letter.ink.ravel(), count + 1)
    amount[0] = 0
    touched = np.concatenate([letter.cuts[side] for side in sides])
    others = np.unique(labels[0][touched[:, 1], touched[:, 0]])
    others = others[amount[others] < _BESIDE * amount.max()]
    return np.where(np.isin(labels[0], others), 0, letter.ink).astype(np.uint8) if len(others) else letter.ink


def _through(cut: np.ndarray, shape: tuple[int, int]) -> list[np.ndarray]:
    """The px [k,2] of each stroke that was cut through."""
    if not len(cut):
        return []
    there = np.zeros(shape, bool)
    there[cut[:, 1], cut[:, 0]] = True
    labels, count = blobs.label(there[None])
    number = labels[0][cut[:, 1], cut[:, 0]]
    return [cut[number == k] for k in range(1, count + 1)]


def _ended(lines: Sequence[Trace], place: np.ndarray, unit: float) -> tuple[int, int] | None:
    """Which line ends at a place [2] where it was cut, and which end of it, 0 or 1; None where none does."""
    best, nearest = None, np.inf
    for number, line in enumerate(lines):
        for end in (0, 1):
            apart = float(np.hypot(*(line.points[-end] - place)))
            if apart < min(nearest, _NEAR * unit + float(line.widths[-end])):
                best, nearest = (number, end), apart
    return best


def _ligature(lines: Sequence[np.ndarray], number: int, end: int, tail: bool, slant: float, unit: float) -> float:
    """How much of a line at an end is no part of its letter, frame px; 0 where the whole line is the letter's.

    `tail`: it comes from the letter's foot; else it leads to its top, or from there.
    """
    way = lines[number][::-1] if end else lines[number]
    lengths = along(way)
    count = max(3, round(float(lengths[-1]) / (_STEP * unit)) + 1)
    points = between(way, lengths, np.linspace(0, lengths[-1], count))
    step = float(lengths[-1]) / (count - 1)
    others = [*lines[:number], *lines[number + 1 :]]
    at = min(_touching(points, others, step, unit), _turning(points, tail, slant, step, unit))
    return at * step if at < count else 0.0


def _touching(points: np.ndarray, others: Sequence[np.ndarray], step: float, unit: float) -> int:
    """The first of `points` [k,2] where another line, or a later part of this one, is touched; k for none."""
    count, far = len(points), (_TOUCH * unit) ** 2
    own = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    number = np.arange(count)
    met = ((own < far) & (np.abs(number[:, None] - number) * step > _APART * unit)).any(axis=1)
    for other in others:
        met |= (((points[:, None] - other[None]) ** 2).sum(axis=2) < far).any(axis=1)
    # it may end on another line that is wide there
    if len(others) and ((np.concatenate(others) - points[-1]) ** 2).sum(axis=1).min() < (2 * _TOUCH * unit) ** 2:
        met[-1] = True
    return int(met.argmax()) if met.any() else count


def _turning(points: np.ndarray, tail: bool, slant: float, step: float, unit: float) -> int:
    """The first of `points` [k,2] where a letter's own stroke begins: at a top, a foot or a stem; k for none.

    What leads to a letter's top may dip before; a `tail` is the letter's from its first turn on.
    """
    count = len(points)
    # tails are ways to a top that stand on their heads
    up = points[:, 1] if tail else -points[:, 1]
    right = points[:, 0] + slant * points[:, 1]
    ahead = np.minimum(np.arange(count) + max(1, round(_AHEAD * unit / step)), count - 1)
    rise, run = up[ahead] - up, np.abs(right[ahead] - right)
    least, steep, flat = _TURN * unit, np.abs(rise) > _STEEP * run, np.abs(rise) < _FLAT * run
    top = low = 0
    for k in range(count):
        if steep[k] and rise[k] < -least:
            near = slice(max(0, 2 * k - int(ahead[k])), int(ahead[k]) + 1)
            return near.start + int(up[near].argmax())
        if steep[k] and tail and rise[k] > least and flat[:k].any():
            return k
        if up[k] < up[low]:
            low = top = k
        elif up[k] > up[top]:
            top = k
        if up[top] - up[low] > least and up[k] < up[top] - least:
            return top
        if tail and up[0] - up[low] > least and up[k] > up[low] + least:
            return low
    return count


def _erased(ink: np.ndarray, lines: Sequence[Trace], less: np.ndarray, place: _FramedInk) -> np.ndarray:
    """The ink without what lies about the ends of its lines, `less` [k,2] frame px of each; what stays ends round."""
    kept, half, gone = [], [], []
    step = _STEP * place.frame.xheight
    for line, (head, tail) in zip(lines, less.tolist(), strict=True):
        lengths = along(line.points)
        at = np.arange(0, lengths[-1] + step, step)
        stays = (at >= head) & (at <= lengths[-1] - tail)
        points = between(line.points, lengths, at)
        kept.append(points[stays])
        half.append(np.interp(at[stays], lengths, line.widths / 2))
        gone.append(points[~stays])
    some, width, others = np.concatenate(kept), np.concatenate(half), np.concatenate(gone)
    if not len(some) or not len(others):
        return ink
    rows, columns = np.nonzero(ink)
    at = place.of(np.stack([columns, rows], axis=1))
    to_kept = ((at[:, None] - some) ** 2).sum(axis=2)
    which = to_kept.argmin(axis=1)
    near = to_kept[np.arange(len(at)), which]
    away = ((at[:, None] - others) ** 2).sum(axis=2).min(axis=1) < near
    share = np.where(away, np.clip((width[which] - np.sqrt(near)) / place.scale + 0.5, 0, 1), 1.0)
    result = ink.copy()
    result[rows, columns] = np.rint(ink[rows, columns] * share)
    return result

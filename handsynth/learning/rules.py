"""Lines of ruled and squared paper: where they run in a picture, and ink without lines that are known.

A rule is narrow, nearly straight and nearly as long as the sheet, which no stroke is. Rules are found by voting (Hough
transform, Duda and Hart 1972) of narrow dark places, and then followed, since paper is bent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_NARROW = 3, 6
"""px within which it must be lighter above and below a rule; one after the other."""

_LEAST, _NOISE = 0.035, 4.0
"""Darkness by which a rule stands out at least, and times the noise."""

_STEP = 0.25
"""Degrees between tried angles."""

_VOTES = 0.2
"""Share of the way across whose places must lie on a straight line for it to be followed."""

_MOST_PLACES, _MOST_TRIED = 60_000, 120

_NEAR = 2.5
"""px that a rule's places may be off its curve."""

_BINS = 48
"""Parts of the way across, of which a rule must be seen in most."""

_LONG, _SIDE, _WHOLE = 0.6, 0.5, 0.85
"""Shares of the way that a rule across must be seen in, the side of a square, and a rule down where no squares are:
upright strokes are long, too."""

_SQUARE = 0.15
"""How far, as a share, squares may be from as wide as high."""

SOFT = 0.6
"""Darkness up to which a line lets the ink on it be seen."""

_SLACK = 2.0
"""Halves of a line's width that it may be off the place at which it was seen."""

_WINDOW = 400
"""px along a line over which its darkness is measured."""

_THICKER = 0.5
"""px by which a stroke along a line makes it thicker."""

_RUNS = 3
"""px along a line that ink beside it must have at least."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule across a picture."""

    curve: np.ndarray
    """float64 [3]: y in px is curve[0] + curve[1] x + curve[2] x²."""
    half: float
    """Half of its width in px, at half of its darkness."""
    seen: float
    """Share of the way across in which it is seen."""

    def at(self, x: np.ndarray) -> np.ndarray:
        """y in px at each x."""
        return np.asarray(self.curve[0] + x * (self.curve[1] + x * self.curve[2]))


def grid(darkness: np.ndarray) -> tuple[list[Rule], list[Rule]]:
    """Rules across and down a picture float32 [h,w]: 0 as bright as paper, 1 black.

    Those down are of the picture turned over its diagonal.
    """
    level = _level(darkness)
    across = find(darkness, _LONG, level=level)
    down = find(np.ascontiguousarray(darkness.T), _SIDE, level=level)
    places = np.sort([float(rule.at(np.array(darkness.shape[1] / 2))) for rule in across])
    side = float(np.median(np.diff(places))) if len(places) > 2 else np.inf
    beside = np.array([float(rule.at(np.array(darkness.shape[0] / 2))) for rule in down])
    # the uprights of letters are long, but not a square apart from each other
    squares = np.abs(np.abs(beside[:, None] - beside) / side - 1) < _SQUARE
    return across, [rule for rule, some in zip(down, squares.any(axis=1), strict=True) if some or rule.seen >= _WHOLE]


def find(darkness: np.ndarray, least: float, steepest: float = 13.0, level: float | None = None) -> list[Rule]:
    """What runs across a picture float32 [h,w] as rules do, seen in `least` of the way.

    `steepest`: degrees that it is tilted by, at most. `level`: by how much a rule stands out at least, where known.
    """
    rules: list[Rule] = []
    if min(darkness.shape) < 24:
        return rules
    x = np.linspace(0, darkness.shape[1], 5)
    level = _level(darkness) if level is None else level
    for narrow in _NARROW:
        for rule in _voted(darkness, narrow, level, least, steepest):
            if all(np.abs(rule.at(x) - other.at(x)).max() > 2 * narrow for other in rules):
                rules.append(rule)
    return rules


def _level(darkness: np.ndarray) -> float:
    """Darkness by which a rule stands out from a picture's noise at least."""
    return max(_LEAST, _NOISE * 1.4826 * float(np.median(np.abs(darkness - np.median(darkness)))))


def _voted(darkness: np.ndarray, narrow: int, level: float, least: float, steepest: float) -> list[Rule]:
    x, y = _places(darkness, narrow, level)
    height, width = darkness.shape
    slopes = np.tan(np.radians(np.arange(-steepest, steepest + _STEP / 2, _STEP)))
    reach = math.ceil(width * abs(slopes[0])) + 2
    size = (height + 2 * reach) // 2 + 2

    def votes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        rows = ((y - slopes[:, None] * x + reach) / 2).astype(np.int64)
        return np.stack([np.bincount(row, minlength=size)[:size] for row in rows])

    tally = votes(x, y)
    rules: list[Rule] = []
    for _ in range(_MOST_TRIED):
        # a line may lie between two bins
        both = tally[:, 1:] + tally[:, :-1]
        angle, place = np.unravel_index(int(both.argmax()), both.shape)
        if both[angle, place] < _VOTES * width:
            break
        start = np.array([(place + 1) * 2 - reach, slopes[angle], 0.0])
        curve, on, seen = _followed(x, y, start, width)
        sure = seen >= least
        if sure:
            rules.append(Rule(curve, _half(darkness, curve, narrow), seen))
        # what has voted votes no more, or the same line were found again
        gone = np.abs(y - start[0] - start[1] * x) <= _NEAR
        gone |= on & sure
        tally -= votes(x[gone], y[gone])
        x, y = x[~gone], y[~gone]
    return rules


def _places(darkness: np.ndarray, narrow: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """x and y [k] of the darkest row of what is narrow and stands out, at most one for each run."""
    wide = np.pad(darkness, [(narrow, narrow), (0, 0)], mode="edge")
    height = len(darkness)
    stands = darkness - np.maximum(wide[:height], wide[2 * narrow :])
    peak = stands > level
    peak[1:] &= stands[1:] >= stands[:-1]
    peak[:-1] &= stands[:-1] > stands[1:]
    y, x = np.nonzero(peak)
    if len(x) > _MOST_PLACES:
        some = np.linspace(0, len(x) - 1, _MOST_PLACES).astype(np.int64)
        x, y = x[some], y[some]
    return x + 0.5, y + 0.5


def _followed(x: np.ndarray, y: np.ndarray, curve: np.ndarray, width: int) -> tuple[np.ndarray, np.ndarray, float]:
    """The curve near a straight one that goes through places, which [k], and the share of the way that they mark."""
    on = np.zeros(len(x), bool)
    for near, terms in ((2 * _NEAR, 2), (2 * _NEAR, 3), (_NEAR, 3), (_NEAR, 3)):
        on = np.abs(y - curve[0] - x * (curve[1] + x * curve[2])) <= near
        if on.sum() < 8:
            return curve, on, 0.0
        basis = np.stack([np.ones(int(on.sum())), x[on] / width, (x[on] / width) ** 2], axis=1)[:, :terms]
        # a bend must be told by the whole way, not by an end of it
        ridge = np.diag([0.0, 0.0, 0.0005 * float(on.sum())][:terms]) + 1e-9 * np.eye(terms)
        solved = np.linalg.solve(basis.T @ basis + ridge, basis.T @ y[on])
        curve = np.zeros(3)
        curve[:terms] = solved / [1, width, width**2][:terms]
    each = width / _BINS
    seen = np.bincount((x[on] / each).astype(np.int64).clip(0, _BINS - 1), minlength=_BINS)
    return curve, on, float((seen >= 0.4 * each).mean())


def _half(darkness: np.ndarray, curve: np.ndarray, narrow: int) -> float:
    """Half the width of a line, at half its darkness."""
    columns = np.arange(darkness.shape[1])
    rows = curve[0] + columns * (curve[1] + columns * curve[2])
    offsets = np.arange(-narrow - 1, narrow + 2)
    at = (np.floor(rows).astype(np.int64) + offsets[:, None]).clip(0, len(darkness) - 1)
    profile = np.median(darkness[at, columns], axis=1)
    profile = profile - profile.min()
    return max(0.7, float(profile.sum() / max(float(profile.max()), 1e-6)) / 2)


def erase(darkness: np.ndarray, rows: np.ndarray, half: float) -> None:
    """Take a line away, in place, from float32 [h,w]: the line's middle is at `rows` float64 [w], in px.

    What shines through a line that is no darker than `SOFT` stays, less the line. A darker one hides what is on it: ink
    that goes on at both sides of it is kept, and ink at one side up to its middle.
    """
    reach = math.ceil(half) + 2
    slack = np.arange(-_SLACK * half, _SLACK * half + 0.25, 0.5)
    for start in range(0, darkness.shape[1], _WINDOW):
        part = darkness[:, start : start + _WINDOW]
        at = rows[start : start + _WINDOW]
        seen = np.flatnonzero((at > -reach) & (at < len(part) + reach))
        if len(seen) < 8:
            continue
        first, last = int(seen[0]), int(seen[-1]) + 1
        piece, at = part[:, first:last], at[first:last]
        at = at + _shift(piece, at, slack)
        usual, where, index = _profile(piece, at, reach)
        if usual.max() > SOFT:
            cut_out(piece, at, half + 0.5)
            continue
        columns = np.broadcast_to(np.arange(piece.shape[1]), where.shape)
        inside = (where >= 0) & (where < len(piece))
        expected = usual[index]
        band = piece[where.clip(0, len(piece) - 1), columns]
        band = (band - expected) / (1 - expected)
        # what is left of the line's own unevenness is no ink
        band = np.where(band < 0.3 * float(usual.max()), np.minimum(band, 0), band)
        piece[where[inside], columns[inside]] = band[inside]


def _shift(piece: np.ndarray, at: np.ndarray, tried: np.ndarray) -> float:
    """By how many px a line is lower than its middle `at` [w] says: where most of it is darkest."""
    rows = np.floor(at + tried[:, None]).astype(np.int64)
    inside = (rows >= 0) & (rows < len(piece))
    values = np.where(inside, piece[rows.clip(0, len(piece) - 1), np.arange(piece.shape[1])], 0)
    dark = np.percentile(values, 35, axis=1)
    # no line there, or one as dark everywhere: it stays where it is
    weight = np.clip(dark - dark.min() - 0.5 * np.ptp(dark), 0, None) * (np.ptp(dark) > 0.02)
    return float((weight * tried).sum() / weight.sum()) if weight.sum() > 0 else 0.0


def _profile(piece: np.ndarray, at: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A line's darkness by distance (bins of half a px); rows [k,w] near it, and the bin [k,w] of each."""
    where = np.floor(at).astype(np.int64) + np.arange(-reach, reach + 1)[:, None]
    index = np.rint(2 * (where + 0.5 - at)).astype(np.int64) + 2 * reach + 2
    values = piece[where.clip(0, len(piece) - 1), np.arange(piece.shape[1])]
    usual = np.zeros(4 * reach + 5, np.float32)
    order = np.argsort(index.ravel(), kind="stable")
    bins, flat = index.ravel()[order], values.ravel()[order]
    edges = np.searchsorted(bins, np.arange(len(usual) + 1))
    for number in np.unique(bins).tolist():
        # ink covers less of a line than paper does
        usual[number] = np.percentile(flat[edges[number] : edges[number + 1]], 35)
    return np.clip(usual, 0, 0.95), where, index


def cut_out(piece: np.ndarray, at: np.ndarray, half: float) -> None:
    """Take a line away, in place, that hides what is on it: its middle is at `at` [w] in float32 [h,w].

    `half`: half of its width, and what its edges are uneven by.
    """
    height, width = piece.shape
    columns = np.arange(width)
    dark = np.pad(piece > 0.5, [(1, 1), (0, 0)])  # nothing is beyond the edges
    upper, lower = np.rint(at - half).astype(np.int64), np.rint(at + half).astype(np.int64)

    def inked(row: np.ndarray) -> np.ndarray:
        return np.asarray(dark[(row + 1).clip(0, height + 1), columns])

    # a line's own edge is uneven by a px
    above, below = _lasting(inked(upper - 2), _RUNS), _lasting(inked(lower + 1), _RUNS)
    # a stroke along the line makes it thicker
    reach = math.ceil(half) + 3
    near = (np.rint(at).astype(np.int64) + np.arange(-reach, reach + 1)[:, None] + 1).clip(0, height + 1)
    thick = dark[near, columns].sum(axis=0)
    along = _lasting(thick > 2 * half + _THICKER, 3 * _RUNS)
    whole = (above & below) | along
    middle = np.rint(at).astype(np.int64)
    for offset in range(-math.ceil(half) - 3, math.ceil(half) + 4):
        row = middle + offset
        within = (row >= upper - 2) & (row <= lower + 1) & (row >= 0) & (row < height)
        stays = whole | (above & (row < middle)) | (below & (row >= middle))
        here = columns[within & ~stays]
        piece[row[here], here] = 0.0


def _lasting(flags: np.ndarray, least: int) -> np.ndarray:
    """Flags [w] that are set over at least so many places."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.astype(np.int8), [0]])))
    result = np.zeros(len(flags), bool)
    for start, stop in edges.reshape(-1, 2).tolist():
        if stop - start >= least:
            result[start:stop] = True
    return result


def scaled(rules: Sequence[Rule], scale: float) -> list[Rule]:
    """The rules of a picture that was made `scale` times smaller, in the picture itself."""
    return [
        Rule(np.array([rule.curve[0] * scale, rule.curve[1], rule.curve[2] / scale]), rule.half * scale, rule.seen)
        for rule in rules
    ]

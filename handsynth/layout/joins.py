"""Joins: one stroke of the pen from a letter into the next.

The way between them is one cubic from where a letter ends, in its direction, to where the next one begins. Each letter
keeps the half of the way that is nearer to it, so it is ink of that glyph for whatever reads a Page; `weld` makes one
stroke of both for whatever moves a pen.

Where real letters are joined, one cubic lies within 0.006 x-heights of the pen's way (root mean square, UNIPEN).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from handsynth.frame import Frame
from handsynth.hands.joining import Joining
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.page import Page
from handsynth.layout.words import Script

POINTS = 7
"""Of each half of a join, the middle included."""

GRID = 64
"""Points of joins lie on a grid of so many steps to a frame px."""

HANDLE = 0.33
"""Length of a cubic's handles, as a share of its chord."""

REACH = 0.2
"""The direction of an end is that of so much of its stroke, in x-heights."""

BIG = 0.42
"""A stroke as high as this, in x-heights, is a letter's body; smaller ones are dots, bars and marks."""

LEAVES = -0.75, 1.25
ENTERS = -0.25, 2.3
"""Heights over the baseline at which a letter may be left and entered, in x-heights."""

CLOSER = 0.6
"""Share of the room of an upstroke that is left out that its letter comes nearer."""

NEAREST, FURTHEST = 0.04, 1.1
"""How far to the right a join goes, in x-heights; a step is widened by at most WIDER to make room for it."""
WIDER = 0.3
STEEP, STEEPER = 0.15, 0.5
"""A join goes to the right by at least so much of its rise, and of how far above an x-height it ends: steeper ones
would lie on the stem that they lead to."""

CUSP = -0.15
"""Cosine of the angle to a join's chord beyond which the pen turns on the spot and does not swing round."""

RISEN, LIFT = 0.6, 0.06
"""Upstrokes are left out up to where the pen comes from, and LIFT more, but no further than to RISEN, in x-heights."""

DIP = 0.18
"""An upstroke may go down by so much first, in x-heights."""

ROUND = 0.5
"""A letter that begins leftwards above this height is entered over its top: a, c, d, g, o, q."""


@dataclass(frozen=True, eq=False)
class Ends:
    """Where a pen may come from and go on in n glyphs. Points and ways in frame px, y down."""

    entry: np.ndarray
    """float64 [n,2]."""
    into: np.ndarray
    """float64 [n,2]: unit direction in which the first stroke begins."""
    enters: np.ndarray
    """bool [n]: whether a join may lead there."""
    retraced: np.ndarray
    """int64 [n]: after how many points of its first stroke a letter is entered that is entered over its top: the pen
    goes back along them to where the letter begins."""
    rises: np.ndarray
    """int64 [n]: at which point of its first stroke an upstroke begins that the letter begins with; -1: it has none."""
    exit: np.ndarray
    out: np.ndarray
    """float64 [n,2]: unit direction in which the stroke ends."""
    leaves: np.ndarray
    """bool [n]."""
    stroke: np.ndarray
    """int64 [n]: which of the glyph's strokes is left."""


def linked(page: Page, joining: Joining) -> np.ndarray:
    """Which glyphs of a page the hand would join to the next one, bool [n]."""
    follows = np.zeros(len(page), bool)
    if len(page):
        follows[:-1] = (np.diff(page.word) == 0) & (np.diff(page.line) == 0)
        if len(page.colour):
            follows[:-1] &= np.diff(page.colour.astype(int)) == 0
    return joining.pairs(page.texts, follows, page.place)


def following(script: Script, joining: Joining) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of glyphs of a script that the hand would join: the first ones int64 [m], and those after them."""
    core = np.flatnonzero(~script.optional)
    follows = np.zeros(len(core), bool)
    follows[:-1] = (np.diff(script.word[core]) == 0) & (script.newlines[core[1:]] == 0)
    pairs = np.flatnonzero(joining.pairs([script.items[i].text for i in core.tolist()], follows, script.place[core]))
    return core[pairs], core[pairs + 1]


def ends(paths: Paths, frame: Frame) -> Ends:
    """Where the glyphs of `paths` can be entered and left."""
    count, k = len(paths), float(frame.xheight)
    points = paths.points.astype(np.float64)
    first, last = paths.strokes[:-1], paths.strokes[1:] - 1
    result = _nowhere(count)
    if not len(points):
        return result
    low, high = np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)
    owner = paths.owner
    big = high[:, 1] - low[:, 1] > BIG * k
    rows = np.unique(owner[big])
    # of letters' bodies: left and right edge, the last stroke
    left, right = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(left, owner[big], low[big, 0])
    np.maximum.at(right, owner[big], high[big, 0])
    final = np.zeros(count, np.int64)
    final[owner[big]] = np.flatnonzero(big)  # the last one stays
    begin = paths.glyphs[:-1]
    start, stop = first[begin[rows]], last[final[rows]]
    result.entry[rows], result.exit[rows] = points[start], points[stop]
    result.into[rows] = _way(points, start, last[begin[rows]], REACH * k, 1)
    result.out[rows] = _way(points, stop, first[final[rows]], REACH * k, -1)
    result.stroke[rows] = final[rows] - begin[rows]
    wide = right - left
    entered, left_at = (frame.baseline - result.entry[:, 1]) / k, (frame.baseline - result.exit[:, 1]) / k
    over = (result.into[:, 0] < 0) & (entered > ROUND) & (entered < LEAVES[1])
    _over_the_top(result, points, first[begin], last[begin], np.flatnonzero(over))
    high_exit = left_at > ROUND
    low = np.flatnonzero(entered < RISEN)
    low = low[np.isin(low, rows)]
    _upstrokes(result, points, first[begin], last[begin], low, k)
    with np.errstate(invalid="ignore"):
        result.enters[rows] = (
            (result.entry[:, 0] <= left + np.where(entered > LEAVES[1], 0.45, 0.6) * wide)
            & (entered > ENTERS[0]) & (entered < ENTERS[1])
        )[rows] & big[begin[rows]]  # fmt: skip
        result.leaves[rows] = (
            (result.exit[:, 0] >= left + np.where(high_exit, 0.35, 0.5) * wide)
            & (left_at > LEAVES[0]) & (left_at < LEAVES[1])
            & ((result.out[:, 0] > -0.5) | high_exit)
        )[rows]  # fmt: skip
    return result


def _nowhere(count: int) -> Ends:
    def ways() -> np.ndarray:
        return np.tile([1.0, 0.0], (count, 1))

    def no(kind: type) -> np.ndarray:
        return np.zeros(count, kind)

    return Ends(
        np.zeros((count, 2)), ways(), no(bool), no(np.int64), no(np.int64) - 1, np.zeros((count, 2)), ways(), no(bool),
        no(np.int64),
    )  # fmt: skip


def _upstrokes(some: Ends, points: np.ndarray, first: np.ndarray, last: np.ndarray, rows: np.ndarray, k: float) -> None:
    """Find where letters `rows` [m] begin to rise that begin with an upstroke, or dip a little before, in place."""
    start, stop = first[rows], last[rows]
    at = start.copy()
    for _ in range(24):
        ahead = points[np.minimum(at + 1, stop)] - points[at]
        at += (ahead[:, 1] > 0) & (ahead[:, 0] > -0.5 * ahead[:, 1]) & (points[at, 1] < points[start, 1] + DIP * k)
    rising = _way(points, at, stop, REACH * k, 1)[:, 1] < -0.1
    dipped = points[at, 1] < points[start, 1] + DIP * k
    some.rises[rows] = np.where(rising & dipped, at - start, -1)


@dataclass(frozen=True, eq=False)
class Meeting:
    """How the pen goes from m glyphs to those after them. Points and directions in the frame px of their glyphs."""

    exit: np.ndarray
    out: np.ndarray
    cut: np.ndarray
    """int64 [m]: how many points the stroke that is left loses at its end."""
    entry: np.ndarray
    into: np.ndarray
    skipped: np.ndarray
    """int64 [m]: how many points the stroke that is entered loses at its beginning."""


def _meet(some: Ends, paths: Paths, before: np.ndarray, after: np.ndarray, frame: Frame) -> Meeting:
    """Where glyphs `before` [m] are left and `after` [m] are entered.

    A tail and an upstroke are one line in a word: the pen does not go down once more between them. So an upstroke
    begins where the letter before was left, as far as it lies outside its own letter, and what is left of the tail
    above that is cut.
    """
    points, k = paths.points.astype(np.float64), float(frame.xheight)
    first, last = paths.strokes[paths.glyphs[after]], paths.strokes[paths.glyphs[after] + 1] - 1
    left = np.maximum(some.exit[before, 1], frame.baseline - RISEN * k) - LIFT * k
    lower = (some.rises[after] >= 0) & (some.entry[after, 1] > left + LIFT * k)
    at = np.where(lower, first + some.rises[after], first)
    limit = _body_left(points, at, last)
    for _ in range(40):
        ahead = points[np.minimum(at + 1, last)]
        rises = (ahead[:, 1] < points[at, 1]) & (ahead[:, 0] < limit)
        at += lower & (points[at, 1] > left) & rises & (at + 2 < last)
    entry = np.where(lower[:, None], points[at], some.entry[after])
    into = np.where(lower[:, None], _way(points, at, last, REACH * k, 1), some.into[after])
    # the tail
    stroke = paths.glyphs[before] + some.stroke[before]
    begin, end = paths.strokes[stroke], paths.strokes[stroke + 1] - 1
    back = end.copy()
    tail = lower & (some.exit[before, 1] > frame.baseline - (RISEN + LIFT) * k)
    for _ in range(40):
        earlier = points[np.maximum(back - 1, begin)]
        falls = (earlier[:, 1] > points[back, 1]) & (earlier[:, 0] < points[back, 0])
        back -= tail & (points[back, 1] < entry[:, 1] + LIFT * k) & falls & (back - 3 > begin)
    cut = end - back
    out = np.where((cut > 0)[:, None], _way(points, back, begin, REACH * k, -1), some.out[before])
    return Meeting(points[back], out, cut, entry, into, at - first)


def _body_left(points: np.ndarray, begin: np.ndarray, last: np.ndarray) -> np.ndarray:
    """The left edge float64 [m] of strokes without the upstroke that they have from `begin` [m] on."""
    top = begin.copy()
    for _ in range(60):
        top += (points[np.minimum(top + 1, last), 1] < points[top, 1]) & (top + 1 < last)
    edges = np.stack([top, last + 1], axis=1).ravel()
    padded = np.append(points[:, 0], np.inf)
    result: np.ndarray = np.minimum.reduceat(padded, edges)[::2]
    return result


def _over_the_top(some: Ends, points: np.ndarray, first: np.ndarray, last: np.ndarray, rows: np.ndarray) -> None:
    """Enter letters `rows` [m] where their bowl begins to go down, in place; `first`, `last` [n] of their strokes."""
    at = first[rows].copy()
    for _ in range(24):
        step = points[np.minimum(at + 1, last[rows])] - points[at]
        at += (step[:, 1] < -step[:, 0]) & (at + 1 < last[rows])
    some.retraced[rows] = at - first[rows]
    some.entry[rows] = points[at]
    before, after = np.maximum(at - 1, first[rows]), np.minimum(at + 1, last[rows])
    some.into[rows] = _unit(points[before] - points[after])


def _way(points: np.ndarray, ends: np.ndarray, others: np.ndarray, reach: float, step: int) -> np.ndarray:
    """Unit vectors float64 [n,2] along strokes at their `ends`; `step` 1: into the stroke, -1: out of it."""
    at = ends.copy()
    for _ in range(24):
        near = np.hypot(*(points[at] - points[ends]).T) < reach
        at = np.where(near & (at != others), at + step, at)
    way = (points[at] - points[ends]) * step
    length = np.hypot(*way.T)
    result: np.ndarray = np.where(length[:, None] > 1e-6, way / np.maximum(length, 1e-6)[:, None], [1.0, 0.0])
    return result


def spread(step: np.ndarray, before: np.ndarray, after: np.ndarray, drawn: Glyphs, frame: Frame) -> np.ndarray:
    """Distances [n] with room for the joins from glyphs `before` [m] into `after` [m], which may be moved a little."""
    if not len(before) or not isinstance(drawn, PenGlyphs):
        return step
    some = ends(drawn.paths, frame)
    k = float(frame.xheight)
    tied = _able(some, before, after, frame)
    meeting = _meet(some, drawn.paths, before, after, frame)
    needed = _needed((meeting.exit[:, 1] - meeting.entry[:, 1]) / k, (frame.baseline - meeting.entry[:, 1]) / k)
    ahead = (meeting.exit[:, 0] - meeting.entry[:, 0]) / k + needed
    tied &= ahead - step[after] < WIDER
    wanted = np.where(tied, np.clip(ahead - step[after], 0, WIDER), 0.0)
    # where an upstroke and a tail are left out, so is their room
    free = CLOSER * (meeting.entry[:, 0] - some.entry[after, 0] + some.exit[before, 0] - meeting.exit[:, 0]) / k
    spare = step[after] - ahead - NEAREST
    wanted -= np.where(tied & (free > 0), np.clip(np.minimum(free, spare), 0, None), 0.0)
    result = step.copy()
    result[after] += wanted
    return result


def _able(some: Ends, before: np.ndarray, after: np.ndarray, frame: Frame) -> np.ndarray:
    """Whether the forms of glyphs `before` [m] and `after` [m] allow a join, bool [m].

    From the top of an o to that of an l it would be an accent.
    """
    k = frame.xheight
    high = frame.baseline - some.exit[before, 1] > ROUND * k
    tall = frame.baseline - some.entry[after, 1] > LEAVES[1] * k
    able: np.ndarray = some.leaves[before] & some.enters[after] & ~(high & tall)
    return able


def _needed(rise: np.ndarray, height: np.ndarray) -> np.ndarray:
    """How far to the right joins go at least that rise by so much to a `height`, float64 [m], all in x-heights."""
    tall = np.where(rise > 0, np.maximum(height - 1, 0), 0.0)
    result: np.ndarray = np.maximum(NEAREST, STEEP * np.maximum(rise, 0) + STEEPER * tall)
    return result


def join(page: Page, joining: Joining | None) -> Page:
    """`page` with the letters joined that the hand joins and whose forms allow it."""
    if joining is None or not isinstance(page.glyphs, PenGlyphs) or len(page) < 2:
        return page
    wanted = np.flatnonzero(linked(page, joining))
    if not len(wanted):
        return page
    frame, paths = page.frame, page.glyphs.paths
    found, maps = ends(paths, frame), page.matrices()
    wanted = wanted[_able(found, wanted, wanted + 1, frame)]
    meeting = _meet(found, paths, wanted, wanted + 1, frame)
    begin, out = _moved(maps[wanted], meeting.exit, meeting.out)
    end, into = _moved(maps[wanted + 1], meeting.entry, meeting.into)
    chord = end - begin
    size = 0.5 * (page.scale[wanted] + page.scale[wanted + 1]).astype(np.float64)
    ahead = chord[:, 0] / size
    up = (page.y[wanted + 1] - end[:, 1]) / size
    fits = (ahead < FURTHEST) & (ahead > 0.7 * _needed(-chord[:, 1] / size, up))
    wanted, begin, out, end, into = (part[fits] for part in (wanted, begin, out, end, into))
    curves = _curves(begin, out, end, into)
    first, second = curves[:, :POINTS], curves[:, POINTS - 1 :]
    tail = _unplaced(maps, wanted, first)[:, 1:]
    lead = _unplaced(maps, wanted + 1, second)[:, :-1]
    leaving, entering = paths.glyphs[wanted] + found.stroke[wanted], paths.glyphs[wanted + 1]
    back = found.retraced[wanted + 1]
    # from where the join meets the letter back to its beginning
    number = np.repeat(back, back) - (np.arange(back.sum()) - np.repeat(np.cumsum(back) - back, back))
    ways = paths.points[np.repeat(paths.strokes[entering], back) + number]
    strokes = np.concatenate([np.repeat(entering, lead.shape[1]), np.repeat(entering, back)])
    order = np.argsort(strokes, kind="stable")
    leads = np.concatenate([lead.reshape(-1, 2), ways])[order]
    less = np.zeros((2, len(paths.width)), np.int64)
    less[0, entering], less[1, leaving] = meeting.skipped[fits], meeting.cut[fits]
    made = _grown(paths, less, np.repeat(leaving, tail.shape[1]), tail.reshape(-1, 2), strokes[order], leads)
    made = _without_drops(made, wanted, found.exit[wanted])
    ties = np.full(len(page), -1, np.int64)
    ties[wanted] = found.stroke[wanted]
    return replace(page, glyphs=PenGlyphs(made, frame.size), ties=ties)


def _without_drops(paths: Paths, rows: np.ndarray, ends: np.ndarray) -> Paths:
    """`paths` without the drops of ink at the `ends` [m,2] of glyphs `rows` [m], where the pen does not stop."""
    at = np.full((len(paths), 2), np.nan)
    at[rows] = ends
    drops = (np.diff(paths.strokes) == 1) & (paths.points[paths.strokes[:-1]] == at[paths.owner]).all(axis=1)
    return paths.with_strokes(np.flatnonzero(~drops)) if drops.any() else paths


def _moved(maps: np.ndarray, points: np.ndarray, ways: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and unit directions [m,2] under affine maps [m,2,3]."""
    moved = (maps[:, :, :2] @ points[:, :, None])[..., 0] + maps[:, :, 2]
    return moved, _unit((maps[:, :, :2] @ ways[:, :, None])[..., 0])


def _unplaced(maps: np.ndarray, rows: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [m,k,2] on the sheet in the frames of glyphs `rows` [m], float32, on a grid of 1 / GRID px.

    So the same word has the same joins wherever it stands, and whatever computes them.
    """
    inverse = np.linalg.inv(maps[rows, :, :2])
    exact = np.einsum("mij,mkj->mki", inverse, points - maps[rows, None, :, 2])
    result: np.ndarray = (np.rint(exact * GRID) / GRID).astype(np.float32)
    return result


def _curves(begin: np.ndarray, out: np.ndarray, end: np.ndarray, into: np.ndarray) -> np.ndarray:
    """Points float64 [m,2 POINTS - 1,2] of the cubics between letters; y down."""
    chord = end - begin
    length = np.hypot(*chord.T)[:, None]
    along = chord / np.maximum(length, 1e-9)
    # where a letter goes on against the join's way, the pen turns on the spot
    turns_out = (out * along).sum(axis=1, keepdims=True) < CUSP
    leave = np.where(turns_out, _unit(along + 0.5 * out), out)
    turns_in = (into * along).sum(axis=1, keepdims=True) < CUSP
    arrive = np.where(turns_in, _unit(along - 0.8 * into), into)
    one, two = begin + HANDLE * length * leave, end - HANDLE * length * arrive
    t = np.linspace(0, 1, 2 * POINTS - 1)[None, :, None]
    s = 1 - t
    curves: np.ndarray = (
        s**3 * begin[:, None] + 3 * s * s * t * one[:, None] + 3 * s * t * t * two[:, None] + t**3 * end[:, None]
    )
    return curves


def _unit(ways: np.ndarray) -> np.ndarray:
    result: np.ndarray = ways / np.maximum(np.hypot(*ways.T), 1e-9)[:, None]
    return result


def _grown(
    paths: Paths, less: np.ndarray, leaving: np.ndarray, tails: np.ndarray, entering: np.ndarray, leads: np.ndarray
) -> Paths:
    """`paths` with points `tails` [p,2] after their strokes `leaving` [p], and `leads` [q,2] before `entering` [q].

    `less` int64 [2,strokes]: how many points each stroke loses at its beginning, and at its end.
    """
    at = np.concatenate([paths.strokes[leaving + 1], paths.strokes[entering]])
    order = np.argsort(at, kind="stable")  # what ends a stroke comes before what begins the next
    stroke, place = paths.stroke, np.arange(len(paths.points))
    kept = (place >= (paths.strokes[:-1] + less[0])[stroke]) & (place < (paths.strokes[1:] - less[1])[stroke])
    points = np.insert(paths.points, at[order], np.concatenate([tails, leads])[order], axis=0)
    stays = np.insert(kept, at[order], np.ones(len(at), bool))
    grown = np.bincount(np.concatenate([leaving, entering]), minlength=len(paths.width))
    counts = np.diff(paths.strokes) + grown - less.sum(axis=0)
    return replace(paths, points=points[stays], strokes=np.concatenate([[0], np.cumsum(counts)]))

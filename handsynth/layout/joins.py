"""Joins: one stroke of the pen from a letter into the next.

The way between them is one cubic from where a letter ends, in its direction, to where the next one begins. Each letter
keeps the half of the way that is nearer to it, so it is ink of that glyph for whatever reads a Page; `weld` makes one
stroke of both for whatever moves a pen.

Where real letters are joined, one cubic lies within 0.006 x-heights of the pen's way (root mean square, UNIPEN).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth.arrays import Floats, Ints
from handsynth.frame import Frame
from handsynth.hands.joining import Joining
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.ink.profiles import Profiles
from handsynth.layout import contexts, linking, stems
from handsynth.layout.arches import ARMED, falls, nearer
from handsynth.layout.ends import LEAVES, ROUND, ends
from handsynth.layout.exits import with_return
from handsynth.layout.meeting import Meeting, meet
from handsynth.layout.page import Page
from handsynth.layout.penends import Ends
from handsynth.layout.placing import moved, unplaced
from handsynth.layout.ways import FURTHEST, NEAREST, POINTS, WIDER, curves, grown, looped, needed, with_retrace
from handsynth.layout.words import Script
from handsynth.text.bases import among, base

LOWEST, ABOVE = {"o": 0.57}, 0.5
"""How far joins come down after letters that are left high, in x-heights, and after all of them before the top of an
ascender, but for an r: straight from the top of an o it would be an accent."""

REMAINING = 2
"""Points of a stroke that two joins leave at least."""

CLOSER, CLOSEST = 0.6, 0.3
"""Share of the room of an upstroke that is left out that its letter comes nearer, and by how much at most,
in x-heights."""


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


def spread(
    step: np.ndarray, before: np.ndarray, after: np.ndarray, drawn: Glyphs, frame: Frame, texts: Sequence[str],
    edges: Profiles, contextual: np.ndarray, gap: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """Distances [n] with room for the joins from glyphs `before` [m] into `after` [m], which may be moved a little.

    `edges` are those of `drawn` [n]; `contextual` bool [n]: which are of hands that draw letters for their neighbours,
    whose `gap` [n] is so wide, in x-heights.
    """
    if not len(before) or not isinstance(drawn, PenGlyphs):
        return step
    if contextual.any():
        letters = contexts.numbers(texts)
        tied = contextual[before] & contexts.paired(letters, before, after)
        one, two = before[tied], after[tied]
        begin, end = linking.ends(drawn.paths, one, two)
        step = step.copy()
        step[two] = (begin[:, 0] - end[:, 0]) / frame.xheight + contexts.ahead(letters, one, two, gap[two])
        before, after = before[~tied], after[~tied]
        if not len(before):
            return step
    some = ends(drawn.paths, frame, texts)
    k = float(frame.xheight)
    able = _able(some, before, after, frame)
    before, after = before[able], after[able]
    meeting = meet(some, drawn.paths, before, after, frame)
    least = needed((meeting.exit[:, 1] - meeting.entry[:, 1]) / k, (frame.baseline - meeting.entry[:, 1]) / k)
    ahead = (meeting.exit[:, 0] - meeting.entry[:, 0]) / k + least
    lifted = falls(meeting, before, after, frame, texts)
    tied = (ahead - step[after] < WIDER) & ~lifted
    least = np.maximum(ahead, stems.distances(meeting, before, after, edges, frame, texts))
    wanted = np.where(tied, np.clip(least - step[after], 0, WIDER), 0.0)
    # where an upstroke and a tail are left out, so is their room
    left_out = meeting.entry[:, 0] - meeting.bar - some.entry[after, 0] + some.exit[before, 0] - meeting.exit[:, 0]
    free = np.minimum(CLOSER * left_out / k, CLOSEST)
    spare = step[after] - ahead - NEAREST
    wanted -= np.where(tied & (free > 0), np.clip(np.minimum(free, spare), 0, None), 0.0)
    before, alone = before[lifted], after[lifted]
    wanted[lifted] = nearer(step[alone], edges.take(before), edges.take(alone), frame)
    result = step.copy()
    result[after] += wanted
    return result


def _able(some: Ends, before: np.ndarray, after: np.ndarray, frame: Frame) -> np.ndarray:
    """Whether the forms of glyphs `before` [m] and `after` [m] allow a join, bool [m].

    From the top of an o to an s without its upstroke it would be a z, and on the way to the top of an x there would be
    an r; from the foot of an a to a v it would be a w.
    """
    high = frame.baseline - some.exit[before, 1] > ROUND * frame.xheight
    astray = np.where(high, some.slopes[after], some.pointed[after])
    return np.asarray(some.leaves[before] & some.enters[after] & ~astray)


def join(page: Page, joining: Joining | None) -> Page:
    """`page` with the letters joined that the hand joins and whose forms allow it."""
    if joining is None or not isinstance(page.glyphs, PenGlyphs) or len(page) < 2:
        return page
    wanted = np.flatnonzero(linked(page, joining))
    if joining.contextual and len(wanted):
        drawn = contexts.paired(contexts.numbers(page.texts), wanted, wanted + 1)
        page, wanted = linking.link(page, wanted[drawn]), wanted[~drawn]
    if not len(wanted) or not isinstance(page.glyphs, PenGlyphs):
        return page
    frame, paths = page.frame, page.glyphs.paths
    found, maps = ends(paths, frame, page.texts), page.matrices()
    wanted = wanted[_able(found, wanted, wanted + 1, frame)]
    meeting = meet(found, paths, wanted, wanted + 1, frame)
    begin, out = moved(maps[wanted], meeting.exit, meeting.out)
    end, into = moved(maps[wanted + 1], meeting.entry, meeting.into)
    chord = end - begin
    size = 0.5 * (page.scale[wanted] + page.scale[wanted + 1]).astype(np.float64)
    ahead = chord[:, 0] / size
    up = (page.y[wanted + 1] - end[:, 1]) / size
    fits = (ahead < FURTHEST) & (ahead > 0.7 * needed(-chord[:, 1] / size, up))
    fits &= ~falls(meeting, wanted, wanted + 1, frame, page.texts)
    fits = _with_strokes_remaining(fits, wanted, meeting, found, paths)
    wanted, begin, out, end, into = (part[fits] for part in (wanted, begin, out, end, into))
    down = _lowest(page.texts, wanted, (page.y[wanted] - begin[:, 1]) / size[fits], up[fits])
    tall = looped(page.texts, wanted + 1, up[fits])
    drawn = curves(begin, out, end, into, page.y[wanted] - down * size[fits], tall)
    first, second = drawn[:, :POINTS], drawn[:, POINTS - 1 :]
    both = unplaced(maps, np.concatenate([wanted, wanted + 1]), np.concatenate([first, second]))
    tail, lead = both[: len(wanted), 1:], both[len(wanted) :, :-1]
    leaving, entering = paths.glyphs[wanted] + found.stroke[wanted], paths.glyphs[wanted + 1]
    strokes, leads = with_retrace(paths, found, wanted + 1, lead)
    less = np.zeros((2, len(paths.width)), np.int64)
    less[0, entering], less[1, leaving] = meeting.skipped[fits], meeting.cut[fits]
    left, tails = with_return(paths, found, wanted, tail)
    made = grown(paths, less, left, tails, strokes, leads)
    made = _without_drops(made, wanted, found.exit[wanted])
    ties = page.ties.copy() if len(page.ties) else np.full(len(page), -1, np.int64)
    ties[wanted] = found.stroke[wanted]
    return replace(page, glyphs=PenGlyphs(made, frame.size), ties=ties)


def _with_strokes_remaining(
    fits: np.ndarray, rows: np.ndarray, meeting: Meeting, some: Ends, paths: Paths
) -> np.ndarray:
    """Which joins bool [m] that `fits` may be made after glyphs `rows` [m], rising.

    Of a letter of one stroke that loses its beginning to the join before it and its end to the one after it, something
    must be left: else the second is not made.
    """
    stroke = paths.glyphs[rows]
    single = some.stroke[rows] == 0
    points = np.diff(paths.strokes)[np.minimum(stroke, len(paths.width) - 1)]
    kept = fits.copy()
    lost = np.where(np.append(False, rows[1:] == rows[:-1] + 1), np.append(0, meeting.skipped[:-1]), 0)
    for at in np.flatnonzero(fits & single & (lost + meeting.cut > points - REMAINING) & (lost > 0)).tolist():
        kept[at] = not kept[at - 1]
    return kept


def _lowest(texts: Sequence[str], rows: Ints, begin: Floats, end: Floats) -> Floats:
    """Heights over the baseline [m] that joins from glyphs `rows` [m] come down to; inf: as they do.

    `begin`, `end` [m]: heights where they begin and end. All in x-heights.
    """
    own = np.array([LOWEST.get(base(texts[row]), np.inf) for row in rows.tolist()])
    dips = (end > LEAVES[1]) & ~among(texts, rows, ARMED)
    return np.where(begin > ROUND, np.where(dips, np.minimum(own, ABOVE), own), np.inf)


def _without_drops(paths: Paths, rows: np.ndarray, ends: np.ndarray) -> Paths:
    """`paths` without the drops of ink at the `ends` [m,2] of glyphs `rows` [m], where the pen does not stop."""
    at = np.full((len(paths), 2), np.nan)
    at[rows] = ends
    drops = (np.diff(paths.strokes) == 1) & (paths.points[paths.strokes[:-1]] == at[paths.owner]).all(axis=1)
    return paths.with_strokes(np.flatnonzero(~drops)) if drops.any() else paths

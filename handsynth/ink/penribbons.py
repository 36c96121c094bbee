"""What pens of varying width cover, as filled shapes of few curves, one for each stroke: quick, and they may overlap.

A pen that swells covers a ribbon between its two sides: the places where the circles of its width touch their envelope,
and half a circle at each end. Where a stroke bends more sharply than the pen is round, a
circle fills the corner; dots are circles alone. A broad nib covers what
its longest chord across the stroke passes over, which is another one in each quarter of directions: there the sides are
the middle line itself, moved by the corner of the nib, and where the quarter changes they go along the nib's edge.

All shapes turn the same way, so they are filled by the nonzero winding rule: ink lies once where they overlap.
`penoutline` finds the edge without overlaps instead, at four times the cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from handsynth.arrays import Floats
from handsynth.ink import pens
from handsynth.ink.outline import Outlines
from handsynth.ink.paths import Paths, splined
from handsynth.ink.pencurves import TOLERANCE, curves

_ARC = np.array([(0, 1), (4 / 3, 1), (4 / 3, -1), (0, -1)])
"""A cubic about half a circle of radius 1, within 2 % of it: from one side around the tip to the other."""

_BENT = 1.5
"""Where strokes bend so many times as sharply as the pen is round, every point gets a circle."""

_CIRCLES = 6
"""Of a dot, about."""

_STEEPEST = 0.9
"""Most that half a width changes along a step, as a share of it: circles in each other have no envelope."""


@dataclass(frozen=True, eq=False)
class _ContourPart:
    """Segments of contours: [s] each."""

    points: np.ndarray
    """float64 [s,4,2]."""
    straight: np.ndarray
    contour: np.ndarray
    phase: np.ndarray
    """In which order they stand in their contours; those of one phase as they stand here."""


def ribbons(paths: Paths, tolerance: float = TOLERANCE) -> Outlines:
    """Closed contours of n glyphs within about `tolerance` px, to be filled by the nonzero rule; `paths` swept."""
    assert paths.pen is not None and paths.swell is not None
    nib = pens.nibs()[paths.pen]
    rows = np.flatnonzero(~nib), np.flatnonzero(nib)
    made = [
        make(_strokes(paths, some), tolerance)
        for make, some in zip((_swelling, _broad), rows, strict=True)
        if len(some)
    ]  # fmt: skip
    owners = [paths.owner[some] for some in rows if len(some)]
    parts: list[_ContourPart] = []
    glyph, at = np.zeros(0, np.int64), 0
    for (found, stroke), owner in zip(made, owners, strict=True):
        parts += [replace(part, contour=part.contour + at) for part in found]
        glyph = np.concatenate([glyph, owner[stroke]])
        at += len(stroke)
    return _ordered(parts, glyph, len(paths))


def _strokes(paths: Paths, rows: np.ndarray) -> Paths:
    """Some strokes, each a glyph of its own."""
    return replace(paths, glyphs=np.arange(len(paths.width) + 1)).take(rows)


def _ordered(parts: list[_ContourPart], glyph: np.ndarray, count: int) -> Outlines:
    """The contours, each of the glyph that `glyph` [c] says, whose parts follow each other by their phases."""
    if not parts:
        none = np.zeros(1, np.int64)
        return Outlines(np.empty((0, 4, 2), np.float32), np.empty(0, bool), none, np.zeros(count + 1, np.int64))
    contour = np.concatenate([part.contour for part in parts])
    phase = np.concatenate([part.phase for part in parts])
    # contours in the order of their glyphs; segments of one phase keep theirs
    order = np.lexsort((np.arange(len(contour)), phase, contour, glyph[contour]))
    sizes = np.bincount(contour, minlength=len(glyph))[np.argsort(glyph, kind="stable")]
    return Outlines(
        np.concatenate([part.points for part in parts])[order].astype(np.float32),
        np.concatenate([part.straight for part in parts])[order],
        np.concatenate([[0], np.cumsum(sizes)]),
        np.concatenate([[0], np.cumsum(np.bincount(glyph, minlength=count))]),
    )


def _swelling(paths: Paths, tolerance: float) -> tuple[list[_ContourPart], np.ndarray]:
    """Ribbons of round pens, and the stroke [c] of each contour."""
    assert paths.swell is not None
    points, stroke = paths.points.astype(np.float64), paths.stroke
    half = (paths.width / 2)[stroke] * paths.swell.astype(np.float64)
    at, count = np.arange(len(points)), np.diff(paths.strokes)
    before = np.maximum(at - 1, np.repeat(paths.strokes[:-1], count))
    after = np.minimum(at + 1, np.repeat(paths.strokes[1:] - 1, count))
    way = points[after] - points[before]
    length = np.maximum(np.sqrt((way * way).sum(axis=1)), 1e-9)
    along = way / length[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1)
    steep = np.clip((half[after] - half[before]) / length, -_STEEPEST, _STEEPEST)[:, None]
    level = np.sqrt(1 - steep * steep)
    left, right = (points + half[:, None] * (side * level * aside - steep * along) for side in (1, -1))
    extent = np.maximum.reduceat(points, paths.strokes[:-1]) - np.minimum.reduceat(points, paths.strokes[:-1])
    # a dot has no sides, however long the way inside it
    dotted = (count == 1) | ((extent * extent).sum(axis=1) < paths.width.astype(np.float64) ** 2)
    drawn = np.flatnonzero(~dotted)
    some = _strokes(paths, drawn)
    row = ~dotted[stroke]
    parts: list[_ContourPart] = []
    for phase, side in ((0, left), (2, right)):
        found = curves(replace(some, points=side[row].astype(np.float32)), tolerance)
        segments, straight = found.segments.astype(np.float64), found.straight
        owner = np.repeat(np.arange(len(drawn)), np.diff(found.strokes))
        if phase:
            segments, straight, owner = segments[::-1, ::-1], straight[::-1], owner[::-1]
        parts.append(_ContourPart(segments, straight, owner, np.full(len(owner), phase)))
    first, last = paths.strokes[:-1][drawn], paths.strokes[1:][drawn] - 1
    for phase, end, sign in ((1, last, 1.0), (3, first, -1.0)):
        cap = points[end][:, None] + sign * half[end][:, None, None] * (
            _ARC[:, :1] * along[end][:, None] + _ARC[:, 1:] * aside[end][:, None]
        )
        # from where one side ends to where the other begins, whatever the slope there
        begin, stop = (left, right) if sign > 0 else (right, left)
        cap[:, 0], cap[:, 3] = begin[end], stop[end]
        name = np.arange(len(drawn))
        parts.append(_ContourPart(cap, np.zeros(len(drawn), bool), name, np.full(len(drawn), phase)))
    tight = _bends(points - points[before], points[after] - points) * half
    peak = (tight > 1) & (tight >= tight[before]) & (tight >= tight[after])
    # a few circles along a dot make it
    place = (at - paths.strokes[:-1][stroke]) % np.maximum(1, count[stroke] // _CIRCLES)
    discs = np.flatnonzero(np.where(dotted[stroke], (place == 0) | (at == after), peak | (tight > _BENT)))
    parts += _discs(points[discs], half[discs], len(drawn))
    return parts, np.concatenate([drawn, stroke[discs]])


def _bends(into: Floats, out: Floats) -> Floats:
    """How curved lines are between two steps float64 [p,2]: twice the tangent of half the turn, to their length."""
    first, second = (np.sqrt((step * step).sum(axis=1)) for step in (into, out))
    cross = np.abs(into[:, 0] * out[:, 1] - into[:, 1] * out[:, 0])
    along = (into * out).sum(axis=1) + first * second
    bend = np.asarray(4 * cross / np.maximum(along * (first + second), 1e-12))
    # straight back
    bend[(along <= 1e-9 * first * second) & (first * second > 0)] = np.inf
    return bend


def _discs(middle: np.ndarray, radius: np.ndarray, at: int) -> list[_ContourPart]:
    """Circles [c], contours from the number `at` on."""
    count = len(middle)
    which, curved = at + np.arange(count), np.zeros(count, bool)
    halves = (middle[:, None] + sign * radius[:, None, None] * _ARC for sign in (1.0, -1.0))
    return [_ContourPart(half, curved, which, np.full(count, phase)) for phase, half in enumerate(halves)]


def _broad(paths: Paths, tolerance: float) -> tuple[list[_ContourPart], np.ndarray]:
    """What nibs cover, and the stroke [c] of each contour: one for each, and stamps where one goes straight back."""
    assert paths.pen is not None
    fine = splined(paths, 2)
    points, stroke = fine.points.astype(np.float64), fine.stroke
    edge = pens.edges()[paths.pen] * (paths.width / 2)[:, None]
    thick = np.stack([-edge[:, 1], edge[:, 0]], axis=1) * pens.column("thin")[paths.pen][:, None]
    # the corners of the nib, in the order in which a shape turns
    corners = np.stack([edge + thick, edge - thick, -edge - thick, thick - edge], axis=1)
    begin, end, corner = _quarters(fine, edge)
    there = corners[stroke[begin], corner]
    size = end - begin + 1
    rows = np.repeat(begin - np.cumsum(size) + size, size) + np.arange(size.sum())
    bounds = np.concatenate([[0], np.cumsum(size)])
    middle = Paths(fine.points[rows], bounds, np.arange(len(begin) + 1), np.ones(len(begin), np.float32))
    found = curves(middle, tolerance)
    owner = np.repeat(np.arange(len(begin)), np.diff(found.strokes))
    segments, straight, shift = found.segments.astype(np.float64), found.straight, there[owner][:, None]
    # there on one side, and back on the other
    mine = stroke[begin]
    place, back = 2 * np.arange(len(begin)), 4 * len(begin) - 2 * np.arange(len(begin))
    parts = [
        _ContourPart(segments + shift, straight, mine[owner], place[owner]),
        _ContourPart((segments - shift)[::-1, ::-1], straight[::-1], mine[owner[::-1]], back[owner[::-1]]),
    ]
    last = np.append(mine[1:] != mine[:-1], True)
    first = np.roll(last, 1)
    on = np.flatnonzero(~last)
    at, here, after = points[end[on]], there[on], there[on + 1]
    parts += [
        _straight(at + here, at + after, mine[on], place[on] + 1),
        _straight(at - after, at - here, mine[on], back[on] - 1),
    ]
    for rows, place_of, sign, half in ((last, end, 1, place + 1), (first, begin, -1, back + 1)):
        at, across = points[place_of[rows]], corners[mine[rows], (corner[rows] + 1) % 4]
        parts += [
            _straight(at + sign * there[rows], at + sign * across, mine[rows], half[rows]),
            _straight(at + sign * across, at - sign * there[rows], mine[rows], half[rows]),
        ]
    dots = np.flatnonzero(np.diff(fine.strokes) == 1)
    stamped = np.concatenate([end[on[(corner[on] - corner[on + 1]) % 4 == 2]], fine.strokes[dots]])
    contour = np.concatenate([np.arange(len(paths.width)), stroke[stamped]])
    which = len(paths.width) + np.arange(len(stamped))
    for phase in range(4):
        one, other = (points[stamped] + corners[stroke[stamped], turn % 4] for turn in (phase, phase + 1))
        parts.append(_straight(one, other, which, np.full(len(which), phase)))
    used = np.ones(len(contour), bool)
    used[dots] = False
    name = np.cumsum(used) - 1
    return [replace(part, contour=name[part.contour]) for part in parts], contour[used]


def _quarters(fine: Paths, edge: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where nibs of half edges float64 [m,2] have the same corner ahead: first and last points int64 [k], corner [k].

    A piece's last point is the first of the next one of its stroke.
    """
    points, stroke = fine.points.astype(np.float64), fine.stroke
    step = np.diff(points, axis=0, append=points[-1:])
    e = edge[stroke]
    aside = step[:, 0] * e[:, 1] - step[:, 1] * e[:, 0] >= 0
    ahead = step[:, 0] * e[:, 0] + step[:, 1] * e[:, 1] >= 0
    # 0: edge + thickness, 1: edge - thickness, 2 and 3 their opposites
    corner = np.where(aside, np.where(ahead, 0, 1), np.where(ahead, 3, 2))
    inner = np.ones(len(points), bool)
    inner[fine.strokes[1:] - 1] = False
    changed = np.zeros(len(points), bool)
    changed[1:] = inner[1:] & inner[:-1] & (np.diff(corner) != 0)
    starts, ends = changed.copy(), changed.copy()
    long = np.diff(fine.strokes) > 1
    starts[fine.strokes[:-1][long]] = ends[fine.strokes[1:][long] - 1] = True
    begin = np.flatnonzero(starts)
    return begin, np.flatnonzero(ends), corner[begin]


def _straight(start: np.ndarray, stop: np.ndarray, contour: np.ndarray, phase: np.ndarray) -> _ContourPart:
    """Lines between places [s,2]."""
    step = (stop - start) / 3
    line = np.stack([start, start + step, stop - step, stop], axis=1)
    return _ContourPart(line, np.ones(len(line), bool), contour, phase)

"""The way from letter to letter as a cubic, and strokes that are longer by its halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth.arrays import Floats
from handsynth.ink.paths import Paths
from handsynth.layout.directions import unit
from handsynth.layout.penends import Ends
from handsynth.text.bases import among

POINTS = 7
"""Of each half of a join, the middle included."""

HANDLE = 0.33
"""Length of a cubic's handles, as a share of its chord."""

NEAREST, FURTHEST = 0.04, 2.2
"""How far to the right a join goes, in x-heights; a step is widened by at most WIDER to make room for it."""
WIDER = 0.4
STEEP, STEEPER = 0.15, 0.5
"""A join goes to the right by at least so much of its rise, and of how far above an x-height it ends: steeper ones
would lie on the stem that they lead to."""

SWING, LOOP = 0.8, 0.5
"""From a tail that ends leftwards the pen swings round to what lies so steeply above, with longer handles."""

LOOPED, TALL, EYE = frozenset("bhkl"), 1.6, 0.3
"""Letters whose stems are entered from their right where they begin above so many x-heights, so that they have a loop:
straight up and down again would be a spike. It closes with so much of a rise."""

CUSP = -0.15
"""Cosine of the angle to a join's chord beyond which the pen turns on the spot and does not swing round."""


def curves(
    begin: np.ndarray, out: np.ndarray, end: np.ndarray, into: np.ndarray, lowest: np.ndarray | None = None,
    tall: np.ndarray | None = None,
) -> np.ndarray:  # fmt: skip
    """Points float64 [m,2 POINTS - 1,2] of the cubics between letters; y down.

    `lowest` [m]: how far down they come, about; -inf: as they do. `tall` bool [m]: see `looped`; none are as usual.
    """
    chord = end - begin
    length = np.hypot(*chord.T)[:, None]
    along = chord / np.maximum(length, 1e-9)
    # where a letter goes on against the join's way, the pen turns on the spot
    swings = (out[:, :1] < 0) & (chord[:, 1:] < -SWING * np.maximum(chord[:, :1], 0.3))
    turns_out = ((out * along).sum(axis=1, keepdims=True) < CUSP) & ~swings
    leave = np.where(turns_out, unit(along + 0.5 * out), out)
    turns_in = (into * along).sum(axis=1, keepdims=True) < CUSP
    arrive = np.where(turns_in, unit(along - 0.8 * into), into)
    if tall is not None:
        from_right = np.stack([-into[:, 1], into[:, 0]], axis=1) - EYE * into
        arrive = np.where(turns_in & tall[:, None], unit(from_right), arrive)
    one = begin + np.where(swings, LOOP, HANDLE) * length * leave
    two = end - HANDLE * length * arrive
    if lowest is not None:
        # at the middle of a cubic its ends weigh an eighth each
        down = (lowest - (begin[:, 1] + end[:, 1]) / 8) / 0.75
        one[:, 1], two[:, 1] = np.maximum(one[:, 1], down), np.maximum(two[:, 1], down)
    t = np.linspace(0, 1, 2 * POINTS - 1)[None, :, None]
    s = 1 - t
    curves: np.ndarray = (
        s**3 * begin[:, None] + 3 * s * s * t * one[:, None] + 3 * s * t * t * two[:, None] + t**3 * end[:, None]
    )
    return curves


def looped(texts: Sequence[str], rows: np.ndarray, height: np.ndarray) -> np.ndarray:
    """Which of glyphs `rows` [m] have a loop where they are entered at a `height` [m], in x-heights: bool [m]."""
    return np.asarray(among(texts, rows, LOOPED) & (height > TALL))


def needed(rise: Floats, height: Floats) -> Floats:
    """How far to the right joins go at least that rise by so much to a `height`, float64 [m], all in x-heights."""
    tall = np.where(rise > 0, np.maximum(height - 1, 0), 0.0)
    return np.maximum(NEAREST, STEEP * np.maximum(rise, 0) + STEEPER * tall)


def with_retrace(paths: Paths, some: Ends, rows: np.ndarray, leads: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What comes before the first strokes of glyphs `rows` [m]: the stroke int64 [p] and the point [p,2] of each.

    `leads` [m,k,2] are the joins; letters that are entered over their top follow them back to their beginning.
    """
    entering, back = paths.glyphs[rows], some.retraced[rows]
    number = np.repeat(back, back) - (np.arange(back.sum()) - np.repeat(np.cumsum(back) - back, back))
    ways = paths.points[np.repeat(paths.strokes[entering], back) + number]
    strokes = np.concatenate([np.repeat(entering, leads.shape[1]), np.repeat(entering, back)])
    order = np.argsort(strokes, kind="stable")
    return strokes[order], np.concatenate([leads.reshape(-1, 2), ways])[order]


def grown(
    paths: Paths, less: np.ndarray, leaving: np.ndarray, tails: np.ndarray, entering: np.ndarray, leads: np.ndarray
) -> Paths:
    """`paths` with points `tails` [p,2] after their strokes `leaving` [p], and `leads` [q,2] before `entering` [q].

    `less` int64 [2,strokes]: how many points each stroke loses at its beginning, and at its end.
    """
    at = np.concatenate([paths.strokes[leaving + 1], paths.strokes[entering]])
    order = np.argsort(at, kind="stable")  # what ends a stroke comes before what begins the next
    stroke, place = paths.stroke, np.arange(len(paths.points))
    kept = (place >= (paths.strokes[:-1] + less[0])[stroke]) & (place < (paths.strokes[1:] - less[1])[stroke])
    # where what is added stands among all points, and where those that there were do
    added = at[order] + np.arange(len(at))
    own = np.ones(len(place) + len(at), bool)
    own[added] = False
    points = np.empty((len(own), 2), np.float32)
    points[added], points[own] = np.concatenate([tails, leads])[order], paths.points
    stays = np.ones(len(own), bool)
    stays[own] = kept
    grown = np.bincount(np.concatenate([leaving, entering]), minlength=len(paths.width))
    counts = np.diff(paths.strokes) + grown - less.sum(axis=0)
    return replace(paths, points=points[stays], strokes=np.concatenate([[0], np.cumsum(counts)]))

"""What layout, ground truth and plotters need of pen strokes: edges row by row, hulls, simple lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink import pens
from handsynth.ink.paths import Paths, splined
from handsynth.ink.profiles import Profiles

if TYPE_CHECKING:
    from handsynth.ink.centreline import Trace

_ROUNDS = 2
"""Times that places beyond the sides are looked for: once leaves out a twelfth of a px of a thin wedge."""

_DIRECTIONS = 32
_FLAT = 0.05
"""Ink may reach so far beyond a hull's side, in frame px."""

_POOL, _REACH = 0.22, 5
"""How much wider a pen's line is where it stops, at most, as a share, and over how many points."""


def profiles(paths: Paths, frame: Frame) -> Profiles:
    """Edges of the ink at the middle of each of the frame's rows, in x-heights from the centre line."""
    n, rows = len(paths), frame.size
    left, right = np.full(n * rows, np.inf), np.full(n * rows, -np.inf)
    fine = _round(splined(paths, 2))
    if len(fine.points):
        stroke = fine.stroke
        base, half = (fine.owner * rows)[stroke], (fine.width.astype(np.float64) / 2)[stroke]
        if fine.swell is not None:
            half = half * fine.swell
        x, y = fine.points.astype(np.float64).T
        first = np.ceil(y - half - 0.5).astype(np.int64)
        for step in range(int(np.ceil(2 * half.max())) + 1):
            row = first + step
            square = half * half - (row + 0.5 - y) ** 2
            some = np.flatnonzero((square >= 0) & (row >= 0) & (row < rows))
            reach, at = np.sqrt(square[some]), base[some] + row[some]
            np.minimum.at(left, at, x[some] - reach)
            np.maximum.at(right, at, x[some] + reach)
    middle = frame.size / 2
    return Profiles((left.reshape(n, rows) - middle) / frame.xheight, (right.reshape(n, rows) - middle) / frame.xheight)


def hulls(paths: Paths, frame: Frame, level: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Hulls of the ink grown by -`level` px: corners float64 [p,2] clockwise as seen, and where each begins [n+1].

    Corners are the ink's furthest places in 32 directions, and then those furthest beyond the sides between them, as in
    Quickhull (Barber, Dobkin, Huhdanpaa 1996). Without ink a hull is a speck at the glyph's point.
    """
    paths = _round(paths)
    n = len(paths)
    counts = np.zeros(n, np.int64)
    np.add.at(counts, paths.owner, np.diff(paths.strokes))
    most = max(1, int(counts.max(initial=1)))
    dense = np.empty((n, most, 3), np.float32)
    dense[:] = (frame.size / 2, frame.baseline, 0.01)
    starts = np.concatenate([[0], np.cumsum(counts)])
    inked = np.flatnonzero(counts)
    if len(inked):
        half = (paths.width / 2)[paths.stroke]
        if paths.swell is not None:
            half = half * paths.swell
        flat = np.column_stack([paths.points, half - level])
        # short glyphs repeat their last point
        place = np.minimum(np.arange(most), counts[inked, None] - 1) + starts[inked, None]
        dense[inked] = flat[place]
    turn = np.arange(_DIRECTIONS) * (2 * np.pi / _DIRECTIONS)
    round_about = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    corners: np.ndarray = _furthest(dense, np.broadcast_to(round_about, (n, _DIRECTIONS, 2)))
    for _ in range(_ROUNDS):
        corners = _with_furthest_between(dense, corners)
    keep: np.ndarray = (np.abs(corners - np.roll(corners, 1, axis=1)) > 1e-6).any(axis=2)
    keep[:, 0] |= ~keep.any(axis=1)
    return corners[keep].astype(np.float64), np.concatenate([[0], np.cumsum(keep.sum(axis=1))])


def _with_furthest_between(dense: Floats, corners: Floats) -> Floats:
    """Corners [n,k,2] and after each what is furthest beyond the side that begins there, or itself: [n,2k,2]."""
    side = np.roll(corners, -1, axis=1) - corners
    length = np.hypot(side[..., 0], side[..., 1])[..., None]
    normal = np.stack([side[..., 1], -side[..., 0]], axis=2) / np.maximum(length, 1e-9)
    between = _furthest(dense, normal)
    beyond = ((between - corners) * normal).sum(axis=2) > _FLAT
    both = np.stack([corners, np.where(beyond[..., None] & (length > 1e-6), between, corners)], axis=2)
    return both.reshape(len(corners), 2 * corners.shape[1], 2)


def _furthest(dense: Floats, directions: Floats) -> Floats:
    """Of discs [n,p,3] (x, y, radius) the furthest place [n,d,2] in each of the unit vectors [n,d,2]."""
    # no product of matrices: the last bits of one are not the same on all processors
    reach = dense[..., :1] * directions[:, None, :, 0]
    reach += dense[..., 1:2] * directions[:, None, :, 1]
    reach += dense[..., 2:]
    disc = np.take_along_axis(dense, reach.argmax(axis=1)[..., None], axis=1)
    return disc[..., :2] + disc[..., 2:] * directions


def traces(paths: Paths) -> list[list[Trace]]:
    """The strokes of each glyph as lines of points, two at least, in the order of writing."""
    from handsynth.ink.centreline import Trace

    fine = splined(paths, 3)
    found = []
    ends = fine.strokes.tolist()
    for first, stop, width in zip(ends[:-1], ends[1:], fine.width.tolist(), strict=True):
        points = fine.points[first:stop].astype(np.float64)
        if len(points) < 2:
            points = np.concatenate([points, points + (0.01, 0.0)])
        swell = np.ones(len(points)) if fine.swell is None else np.resize(fine.swell[first:stop], len(points))
        found.append(Trace(points, width * swell))
    return [found[a:b] for a, b in zip(fine.glyphs[:-1].tolist(), fine.glyphs[1:].tolist(), strict=True)]


def _round(paths: Paths) -> Paths:
    """Strokes of round pens that reach as far: a broad nib's are the ways of both ends of its edge."""
    if paths.pen is None:
        return paths
    nib = pens.nibs()[paths.pen]
    if not nib.any():
        return paths
    thin = np.where(nib, pens.column("thin")[paths.pen], 1.0)
    arm = (pens.edges()[paths.pen] * ((1 - thin) * paths.width / 2)[:, None])[paths.stroke]
    width = (paths.width * thin).astype(np.float32)
    both = [
        replace(paths, points=(paths.points + side * arm).astype(np.float32), width=width, pen=None) for side in (-1, 1)
    ]
    n = len(paths)
    order = np.stack([np.arange(n), np.arange(n) + n], axis=1).ravel()
    return Paths.joined(both).take(order).merged(np.full(n, 2))


def pooled(paths: Paths, amount: float) -> Paths:
    """`paths` with a drop of ink where each stroke ends: a last short stroke of a wider pen.

    Not all kinds of pens leave drops.
    """
    if not amount or not len(paths.points):
        return paths
    stop = paths.strokes[1:] - 1
    share = 1.0 if paths.pen is None else pens.column("pool")[paths.pen]
    drops = replace(
        paths,
        points=paths.points[stop],
        strokes=np.arange(len(stop) + 1),
        width=(paths.width * (1 + _POOL * min(amount, 3.0) * share)).astype(np.float32),
    )
    if paths.pen is not None:
        drops = drops.with_strokes(np.flatnonzero(pens.column("pool")[paths.pen] > 0))
    both = Paths.joined([paths, drops])
    n = len(paths)
    order = np.stack([np.arange(n), np.arange(n) + n], axis=1).ravel()
    return both.take(order).merged(np.full(n, 2))

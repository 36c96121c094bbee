"""From rings of points to curves: cutting, joining, smooth joints."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Floats, Ints
from handsynth.ink.fitting import joints
from handsynth.ink.fitting.joints import Joints
from handsynth.ink.fitting.polylines import ClosedPolylines
from handsynth.ink.fitting.samples import CurveSamples

STEP = 0.4
"""Distance between the points that curves are fitted to, in px."""

_SAG = 0.02
"""Curves that are near the points are as near to what is between them, if that sags by no more, in px."""

_STRAIGHT = 1.5
"""How many times the tolerance edges between corners may be from straight lines: fields ring there."""

_SHORT = 4
"""Pieces of fewer points are not split as long as joints have to be smooth."""

_MERGES = 5
_ROUNDS = 4
_SHIFTS = 1, 3
"""Of the rounds of fitting smooth joints, those after which joints are moved across the contour."""

_MOST_SHIFT = 0.1
"""Joints move by no more at a time, in px."""


@dataclass(frozen=True, eq=False)
class ContourCurves:
    """Cubic Bézier curves of closed contours."""

    segments: np.ndarray
    """float64 [s,4,2]: p0, c1, c2, p3; each contour is closed."""
    straight: np.ndarray
    """bool [s]: straight lines, between corners."""
    contours: np.ndarray
    """int64 [m+1]: where each contour begins in `segments`."""


def fit(points: np.ndarray, contours: np.ndarray, tolerance: float) -> ContourCurves:
    """Fit closed polylines, `points` float64 [p,2] from `contours` int64 [m+1] on, within `tolerance` (in px)."""
    if len(contours) < 2:
        return ContourCurves(np.empty((0, 4, 2)), np.empty(0, bool), np.zeros(1, np.int64))
    fitter = _Fitter(ClosedPolylines.of(points, contours), tolerance)
    start, stop = fitter.merged(*fitter.split(*fitter.pieces()))
    pieces = fitter.remerged(fitter.smooth(start, stop))
    straight = fitter.straightened(pieces)
    spot = fitter.spot
    segments = np.stack([spot[pieces.start], pieces.handles[:, 0], pieces.handles[:, 1], spot[pieces.stop]], axis=1)
    return ContourCurves(segments, straight, np.searchsorted(pieces.start, fitter.rings.begins))


@dataclass(frozen=True, eq=False)
class _Segments:
    """Pieces of rings, in order along them, and the curve of each."""

    start: np.ndarray
    """int64 [s]: the point where each begins."""
    stop: np.ndarray
    """int64 [s]: the point where it ends."""
    handles: np.ndarray
    """float64 [s,2,2]: inner control points."""
    leave: np.ndarray
    """float32 [s,2]: unit tangent at the start."""
    arrive: np.ndarray
    """float32 [s,2]: unit tangent at the end."""
    fresh: np.ndarray
    """bool [s]: cut because of smooth joints."""

    def __getitem__(self, which: np.ndarray) -> _Segments:
        return _Segments(*(column[which] for column in self.__dict__.values()))


class _Fitter:
    """Rings and what is known about their joints."""

    def __init__(self, lines: ClosedPolylines, tolerance: float) -> None:
        rings = lines.rings(STEP)
        found = joints.find(rings, STEP)
        rings = lines.sharpened(rings, found.corner)
        sag = lines.sag(rings)
        # every ring begins at a corner if it has any, else at a cut
        self.rings, at = rings.turned(np.where(found.corner, 2, found.cut))
        # calm curves follow what is between their points
        self.sag = (sag - _SAG).clip(0)[at].astype(np.float32)
        """Distance that curves cannot know of at each point: to what is between it and the next."""
        self.joints: Joints = found.turned(at)
        self.tolerance = tolerance
        self.corner = self.joints.corner
        self.spot = np.where(self.corner[:, None], self.rings.points, self.joints.smooth)
        """Where curves begin and end, if they do so at a point."""

    def pieces(self) -> tuple[np.ndarray, np.ndarray]:
        """Starts and ends of the pieces between cuts."""
        last = self.rings.begins[1:] - 1
        cut = self.joints.cut.copy()
        cut[self.rings.begins[:-1]] = cut[last] = True
        ends = np.flatnonzero(cut)
        closing = np.zeros(len(cut), bool)
        closing[last] = True
        inner = ~closing[ends[:-1]]
        return ends[:-1][inner], ends[1:][inner]

    def _unbent(self, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """Which pieces are straight lines between corners, bool [s]."""
        straight: np.ndarray = self.corner[start] & self.corner[stop]
        some = np.flatnonzero(straight)
        if len(some):
            samples = CurveSamples(self.rings, self.spot, start[some], stop[some], STEP)
            error, _ = samples.worst(self.sag, *samples.miss(samples.chord / 3, -samples.chord / 3))
            straight[some] = error <= _STRAIGHT * self.tolerance
        return straight

    def _alone(self, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far pieces are from the best curves of whatever tangents [s], and at which point [s]."""
        samples = CurveSamples(self.rings, self.spot, start, stop, STEP)
        samples.improve(*samples.free())
        return samples.worst(self.sag, *samples.miss(*samples.free()))

    def split(self, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cut pieces until curves of whatever tangents are near enough."""
        done = []
        while len(start):
            error, worst = self._alone(start, stop)
            good = (error <= self.tolerance) | (stop - start < _SHORT) | self._unbent(start, stop)
            done.append((start[good], stop[good]))
            start, stop, _ = _halves(start[~good], stop[~good], worst[~good])
        start, stop = (np.concatenate(column) for column in zip(*done, strict=True))
        order = np.argsort(start)
        return start[order], stop[order]

    def _smooth_joints(self, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """The pieces that are followed by another, at no corner."""
        return np.flatnonzero((stop[:-1] == start[1:]) & ~self.corner[start[1:]])

    def merged(self, start: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Join neighbours where one curve does for both, whatever its tangents; best ones first."""
        cost = np.full(len(start), np.inf)
        cost[self._smooth_joints(start, stop)] = np.nan
        for _ in range(_MERGES):
            fresh = np.flatnonzero(np.isnan(cost))
            if len(fresh):
                error, _worst = self._alone(start[fresh], stop[fresh + 1])
                cost[fresh] = np.where(error <= self.tolerance, error, np.inf)
            left = _least(cost)
            if not len(left):
                break
            stop[left] = stop[left + 1]
            # what did not go with a piece won't go with a longer one
            cost[left] = np.where(np.isinf(cost[left + 1]), np.inf, np.nan)
            before = left[left > 0] - 1
            cost[before[cost[before] < np.inf]] = np.nan
            keep = np.ones(len(start), bool)
            keep[left + 1] = False
            start, stop, cost = start[keep], stop[keep], cost[keep]
        return start, stop

    def smooth(self, start: np.ndarray, stop: np.ndarray) -> _Segments:
        """Curves with one tangent at each joint that is no corner; pieces are cut where they are not near enough.

        What is short and still not near turns too sharply for smooth joints, and gets a corner.
        """
        leave, arrive = self._tangents(start), self._tangents(stop)
        done: list[_Segments] = []
        while len(start):
            samples = CurveSamples(self.rings, self.spot, start, stop, STEP)
            joined = self._smooth_joints(start, stop)
            first, last = self._ends(start, stop, joined)
            for turn in range(_ROUNDS + 1):
                out, into = samples.tangents(leave, arrive, joined)
                leave, arrive = np.where(first, out, leave), np.where(last, into, arrive)
                handles = samples.bound(leave, arrive)
                if turn == _ROUNDS:
                    break
                missed = samples.improve(*handles)
                if turn in _SHIFTS:
                    across = np.stack([-arrive[1, joined], arrive[0, joined]])
                    shift = samples.shift(joined, across, *missed).clip(-_MOST_SHIFT, _MOST_SHIFT)
                    self.spot[stop[joined]] += (across * shift).T
                    samples.settle(self.spot)
            error, worst = samples.worst(self.sag, *samples.miss(*handles))
            good = (error <= self.tolerance) | (stop - start < 2) | self._unbent(start, stop)
            control = np.stack([self.spot[start] + handles[0].T, self.spot[stop] + handles[1].T], axis=1)
            fresh = np.full(len(start), bool(done))
            done.append(_Segments(start, stop, control, leave.T, arrive.T, fresh)[good])
            sharp = (stop - start < 2 * _SHORT)[~good]
            leave, arrive = leave[:, ~good], arrive[:, ~good]
            start, stop, middle = _halves(start[~good], stop[~good], worst[~good])
            self.corner[middle[sharp]] = True
            self.spot[middle[sharp]] = self.rings.points[middle[sharp]]
            new = self._tangents(middle)
            leave = np.stack([leave, new], axis=2).reshape(2, -1)
            arrive = np.stack([new, arrive], axis=2).reshape(2, -1)
        every = _Segments(
            *(np.concatenate(column) for column in zip(*(p.__dict__.values() for p in done), strict=True))
        )
        return every[np.argsort(every.start)]

    def _tangents(self, at: Ints) -> Floats:
        return self.joints.tangent[at].T.astype(np.float32)

    def _ends(self, start: np.ndarray, stop: np.ndarray, joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which pieces' starts and which ones' ends have tangents that may change: corners, and joints among them."""
        first, last = self.corner[start], self.corner[stop]
        first[joined + 1] = last[joined] = True
        return first, last

    def remerged(self, pieces: _Segments) -> _Segments:
        """Join neighbours where one curve with their outer tangents does for both: where one was cut lately."""
        start, stop = pieces.start, pieces.stop
        left = self._smooth_joints(start, stop)
        left = left[pieces.fresh[left] | pieces.fresh[left + 1]]
        if not len(left):
            return pieces
        samples = CurveSamples(self.rings, self.spot, start[left], stop[left + 1], STEP)
        leave, arrive = pieces.leave[left].T, pieces.arrive[left + 1].T
        for _ in range(2):
            samples.improve(*samples.bound(leave, arrive))
        handles = samples.bound(leave, arrive)
        error, _worst = samples.worst(self.sag, *samples.miss(*handles))
        cost = np.full(len(start), np.inf)
        cost[left] = np.where(error <= self.tolerance, error, np.inf)
        best = _least(cost)
        which = np.searchsorted(left, best)
        pieces.stop[best], pieces.arrive[best] = stop[best + 1], pieces.arrive[best + 1]
        pieces.handles[best, 0] = self.spot[start[best]] + handles[0].T[which]
        pieces.handles[best, 1] = self.spot[stop[best]] + handles[1].T[which]
        keep = np.ones(len(start), bool)
        keep[best + 1] = False
        return pieces[keep]

    def straightened(self, pieces: _Segments) -> np.ndarray:
        """Which pieces are straight lines between corners, bool [s]; their control points are put on them."""
        straight = self._unbent(pieces.start, pieces.stop)
        ends = self.spot[pieces.start[straight]], self.spot[pieces.stop[straight]]
        pieces.handles[straight] = np.stack([(2 * ends[0] + ends[1]) / 3, (ends[0] + 2 * ends[1]) / 3], axis=1)
        return straight


def _halves(start: np.ndarray, stop: np.ndarray, worst: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Starts and ends of the pieces that come of cutting at `worst`, or near it, and where that is."""
    quarter = np.maximum((stop - start) // 4, 1)
    middle = np.clip(worst, start + quarter, stop - quarter)
    return np.stack([start, middle], axis=1).ravel(), np.stack([middle, stop], axis=1).ravel(), middle


def _least(cost: np.ndarray) -> np.ndarray:
    """Indices of the finite local minima."""
    beside = np.concatenate([[np.inf], cost, [np.inf]])
    return np.flatnonzero((cost < np.inf) & (cost < beside[:-2]) & (cost <= beside[2:]))

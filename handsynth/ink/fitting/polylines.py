"""Closed polylines with evenly spaced points, many in one array."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_UNIT = 2.0**-24
"""Lengths are summed as whole numbers of this, so that no sum depends on what was summed before."""

_LEAST = 12
"""Points of a ring, at least."""

_MARGIN = 6


@dataclass(frozen=True, eq=False)
class Rings:
    """m closed polylines; each one's first point is repeated at its end."""

    points: np.ndarray
    """float64 [p,2]."""
    begins: np.ndarray
    """int64 [m+1]: where each begins in `points`."""

    def padded(self) -> np.ndarray:
        """All points and, at both ends of each ring, some more of it: neighbours are neighbours in the array."""
        counts = np.diff(self.begins)
        wide = counts + 2 * _MARGIN
        begins = np.cumsum(wide) - wide
        place = np.arange(wide.sum()) - np.repeat(begins + _MARGIN, wide)
        period = np.repeat(counts - 1, wide)
        place += np.where(place < 0, period, 0)
        place -= np.where(place > period, period, 0)
        return np.asarray(self.points[place + np.repeat(self.begins[:-1], wide)])

    def unpadded(self) -> np.ndarray:
        """Where each point is in the padded array."""
        counts = np.diff(self.begins)
        return np.arange(len(self.points)) + np.repeat((2 * np.arange(len(counts)) + 1) * _MARGIN, counts)

    def turned(self, rank: np.ndarray) -> tuple[Rings, np.ndarray]:
        """Each ring from the first of its points of the highest `rank` on, and where each point was."""
        counts = np.diff(self.begins)
        first = np.repeat(self.begins[:-1], counts)
        place = np.arange(len(first)) - first
        key = rank.astype(np.int64) * 2**32 - place
        start = -np.maximum.reduceat(key, self.begins[:-1]) % 2**32
        period = np.repeat(counts - 1, counts)
        place += np.repeat(start, counts)
        place -= np.where(place >= period, period, 0)
        place -= np.where(place >= period, period, 0)
        at = first + place
        return Rings(self.points[at], self.begins), at


@dataclass(frozen=True, eq=False)
class ClosedPolylines:
    """m closed polylines as they came, each one's first point repeated at its end, by the length along them."""

    points: np.ndarray
    """float64 [p,2]."""
    along: np.ndarray
    """int64 [p]: summed over all of them, in `_UNIT`."""
    begins: np.ndarray
    """int64 [m+1]."""

    @classmethod
    def of(cls, points: np.ndarray, contours: np.ndarray) -> ClosedPolylines:
        """Closed polylines, `points` float64 [p,2] from `contours` int64 [m+1] on."""
        closing = np.insert(np.arange(len(points)), contours[1:], contours[:-1])
        begins = contours + np.arange(len(contours))
        points = points[closing]
        steps = np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1))
        steps[begins[1:-1] - 1] = 0
        return cls(points, np.concatenate([[0], np.cumsum(np.rint(steps / _UNIT).astype(np.int64))]), begins)

    def at(self, ring: np.ndarray, way: np.ndarray) -> np.ndarray:
        """Points float64 [k,2] of polylines `ring` [k], `way` [k] in `_UNIT` from where each begins."""
        first, last = self.begins[ring], self.begins[ring + 1] - 1
        where = self.along[first] + way
        at = np.clip(np.searchsorted(self.along, where, side="right"), first + 1, last)
        share = (where - self.along[at - 1]) / np.maximum(self.along[at] - self.along[at - 1], 1)
        return np.asarray(self.points[at - 1] + share[:, None] * (self.points[at] - self.points[at - 1]))

    def lengths(self) -> np.ndarray:
        """int64 [m], in `_UNIT`."""
        return np.asarray(self.along[self.begins[1:] - 1] - self.along[self.begins[:-1]])

    def rings(self, step: float) -> Rings:
        """The same with points at about every `step`."""
        length = self.lengths()
        counts = np.maximum(np.rint(length * (_UNIT / step)).astype(np.int64), _LEAST) + 1
        begins = np.concatenate([[0], np.cumsum(counts)])
        ring = np.repeat(np.arange(len(counts)), counts)
        place = np.arange(begins[-1]) - begins[ring]
        return Rings(self.at(ring, place * length[ring] // (counts[ring] - 1)), begins)

    def sharpened(self, rings: Rings, corner: np.ndarray) -> Rings:
        """`rings` with their points at `corner` bool [p] moved along to where the polylines stick out furthest."""
        at = np.flatnonzero(corner)
        ring = np.searchsorted(rings.begins, at, side="right") - 1
        period = (np.diff(rings.begins) - 1)[ring]
        place = at - rings.begins[ring]
        before, after = (rings.points[rings.begins[ring] + (place + k) % period] for k in (-2, 2))
        chord = after - before
        length = self.lengths()[ring]
        best, furthest = rings.points[at], np.full(len(at), -1.0)
        for k in range(-6, 7):
            # whole numbers: eighths of the distance between points
            tried = self.at(ring, ((8 * place + k) * length // (8 * period)) % length)
            away = np.abs(chord[:, 0] * (tried - before)[:, 1] - chord[:, 1] * (tried - before)[:, 0])
            better = away > furthest
            best, furthest = np.where(better[:, None], tried, best), np.where(better, away, furthest)
        points = rings.points.copy()
        points[at] = best
        return Rings(points, rings.begins)

    def sag(self, rings: Rings) -> np.ndarray:
        """How far the polylines are, at most, from the edges of `rings` that begin at each point, float64 [p]."""
        counts = np.diff(rings.begins) - 1
        own = np.ones(len(self.points), bool)
        own[self.begins[1:] - 1] = False
        inside = np.diff(self.begins) - 1
        way = self.along[own] - np.repeat(self.along[self.begins[:-1]], inside)
        first, last = np.repeat(rings.begins[:-1], inside), np.repeat(rings.begins[1:] - 2, inside)
        place = first + way * np.repeat(counts, inside) // np.repeat(self.lengths(), inside)
        # column by column: numpy is slow where numbers do not stand side by side
        px, py = (column[own] for column in self.points.T)
        rx, ry = (np.ascontiguousarray(column) for column in rings.points.T)
        ux, uy = np.diff(rx, append=0), np.diff(ry, append=0)
        square = np.maximum(ux * ux + uy * uy, 1e-12)
        nearest = np.full(len(px), np.inf)
        # points of rings may have moved a little
        for k in (-1, 0, 1):
            edge = np.minimum(np.maximum(place + k, first), last)
            x, y, along, down = px - rx[edge], py - ry[edge], ux[edge], uy[edge]
            share = np.minimum(np.maximum((x * along + y * down) / square[edge], 0), 1)
            x -= share * along
            y -= share * down
            nearest = np.minimum(nearest, x**2 + y**2)
        result = np.zeros(len(rings.points))
        begins = np.flatnonzero(np.diff(place, prepend=-1))
        result[place[begins]] = np.sqrt(np.maximum.reduceat(nearest, begins))
        return result

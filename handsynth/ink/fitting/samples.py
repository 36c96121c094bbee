"""Least squares of many cubic Bézier curves at once."""

from __future__ import annotations

import numpy as np

from handsynth.ink.fitting.joints import unit
from handsynth.ink.fitting.polylines import Rings


class CurveSamples:
    """The points of s pieces of rings, one array of all, and their parameters on the pieces' curves.

    Handles and tangents are float32 [2,s]: one for each piece, x and y. Coordinates are those of each piece's start.
    """

    def __init__(self, rings: Rings, spot: np.ndarray, start: np.ndarray, stop: np.ndarray, step: float) -> None:
        """Pieces from points `start` [s] to points `stop` [s], whose curves have their ends at `spot` [p,2]."""
        self.start, self.stop, self.step = start, stop, step
        self.counts = stop - start
        self.begins = np.cumsum(self.counts) - self.counts
        place = np.arange(self.counts.sum()) - np.repeat(self.begins, self.counts)
        self.at = place + np.repeat(start, self.counts)
        self.u = (place / np.repeat(self.counts, self.counts)).astype(np.float32)
        # column by column: numpy is slow where numbers do not stand side by side
        self._points = [column[self.at] for column in rings.points.T]
        self.settle(spot)

    def settle(self, spot: np.ndarray) -> None:
        """Take the ends of the curves from `spot` [p,2]."""
        self.chord = (spot[self.stop] - spot[self.start]).T.astype(np.float32)
        self.x, self.y = (
            (points - np.repeat(begin, self.counts)).astype(np.float32)
            for points, begin in zip(self._points, spot[self.start].T, strict=True)
        )
        self._sum()

    def _total(self, v: np.ndarray) -> np.ndarray:
        return np.add.reduceat(v, self.begins)

    def _sum(self) -> None:
        u, v = self.u, 1 - self.u
        w = 3 * u * v
        b1, b2 = w * v, w * u
        b3 = b2 + u * u * u
        dx, dy = (p - np.repeat(end, self.counts) * b3 for p, end in zip((self.x, self.y), self.chord, strict=True))
        self.s11, self.s22, self.s12 = self._total(b1 * b1), self._total(b2 * b2), self._total(b1 * b2)
        self.r1 = np.stack([self._total(dx * b1), self._total(dy * b1)])
        self.r2 = np.stack([self._total(dx * b2), self._total(dy * b2)])

    def free(self) -> tuple[np.ndarray, np.ndarray]:
        """Handles, from the first and from the last point, of the nearest curves, whatever their tangents."""
        det = self.s11 * self.s22 - self.s12**2
        able = (det > 1e-6) & (self.counts > 3)
        det = np.where(able, det, np.float32(1))
        out = np.where(able, (self.s22 * self.r1 - self.s12 * self.r2) / det, self.chord / 3)
        back = np.where(able, (self.s11 * self.r2 - self.s12 * self.r1) / det, -self.chord / 3)
        return out, back

    def bound(self, leave: np.ndarray, arrive: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The same of the nearest curves with the unit tangents `leave` at the start and `arrive` at the end."""
        s12 = -self.s12 * (leave * arrive).sum(axis=0)
        r1, r2 = (leave * self.r1).sum(axis=0), -(arrive * self.r2).sum(axis=0)
        det = self.s11 * self.s22 - s12 * s12
        safe = np.where(det > 1e-6, det, np.float32(1))
        first, second = (r1 * self.s22 - r2 * s12) / safe, (r2 * self.s11 - r1 * s12) / safe
        span = self.counts.astype(np.float32) * np.float32(self.step)
        least = np.float32(0.02) * span
        bad = (det <= 1e-6) | (first < least) | (second < least) | (first + second > 3 * span)
        # where least squares fail, thirds: Schneider takes the heuristic of Wu and Barsky
        usual = np.sqrt((self.chord**2).sum(axis=0)) / 3
        return np.where(bad, usual, first) * leave, np.where(bad, -usual, -second) * arrive

    def tangents(self, leave: np.ndarray, arrive: np.ndarray, joined: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Better tangents than `leave` and `arrive`: those of free curves.

        Pieces `joined` [j] with the next one get the mean there, in which each side counts as much as turning its
        handle costs.
        """
        out, back = self.free()
        det = np.maximum(self.s11 * self.s22 - self.s12 * self.s12, np.float32(0))
        stiff_out = det / np.maximum(self.s22, np.float32(1e-9)) * (out**2).sum(axis=0)
        stiff_back = det / np.maximum(self.s11, np.float32(1e-9)) * (back**2).sum(axis=0)
        out, back = unit(out.T).T, -unit(back.T).T
        # what points elsewhere comes from too few points
        wild_out, wild_back = (out * leave).sum(axis=0) < 0.7, (back * arrive).sum(axis=0) < 0.7
        out, back = np.where(wild_out, leave, out), np.where(wild_back, arrive, back)
        stiff_out, stiff_back = (
            np.where(wild, np.float32(0), stiff) + np.float32(1e-9)
            for wild, stiff in ((wild_out, stiff_out), (wild_back, stiff_back))
        )
        mean = unit((back[:, joined] * stiff_back[joined] + out[:, joined + 1] * stiff_out[joined + 1]).T).T
        out[:, joined + 1] = back[:, joined] = mean
        return out, back

    def miss(self, out: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How far the curves with these handles are from the points at their parameters: x and y."""
        self._curve = self._polynomials(out, back)
        ax, ay, bx, by, cx, cy = self._curve
        u = self.u
        return ((cx * u + bx) * u + ax) * u - self.x, ((cy * u + by) * u + ay) * u - self.y

    def _polynomials(self, out: np.ndarray, back: np.ndarray) -> list[np.ndarray]:
        middle = self.chord + back
        rows = np.concatenate([3 * out, 3 * (middle - 2 * out), self.chord - 3 * (middle - out)])
        return [np.repeat(row, self.counts) for row in rows]

    def improve(self, out: np.ndarray, back: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """One step of Newton's method to the nearest points of the curves; what `miss` said before it."""
        qx, qy = self.miss(out, back)
        ax, ay, bx, by, cx, cy = self._curve
        u = self.u
        # half the second derivative, and the first
        ex, ey = 3 * cx * u + bx, 3 * cy * u + by
        px, py = (ex + bx) * u + ax, (ey + by) * u + ay
        down = px * px + py * py + 2 * (qx * ex + qy * ey)
        step = (qx * px + qy * py) / np.where(down > 1e-9, down, np.float32(1e9))
        self.u = np.clip(u - step, 0, 1)
        self._sum()
        return qx, qy

    def shift(self, joined: np.ndarray, across: np.ndarray, qx: np.ndarray, qy: np.ndarray) -> np.ndarray:
        """How far [j] the ends of pieces `joined` [j] should move along unit vectors `across` [2,j].

        `qx` and `qy` are what `miss` says. By least squares of the curves on both sides, were they to move alone.
        """
        first, last = (1 - self.u) ** 3, self.u**3
        way = -sum(
            (self._total(first * q)[joined + 1] + self._total(last * q)[joined]) * along
            for q, along in ((qx, across[0]), (qy, across[1]))
        )
        weight = self._total(first * first)[joined + 1] + self._total(last * last)[joined]
        return np.asarray(way / np.maximum(weight, np.float32(1e-3)))

    def worst(self, more: np.ndarray, qx: np.ndarray, qy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Largest distance of each piece's points from its curve [s], `more` [p] added, and at which point [s]."""
        distance = np.sqrt(qx * qx + qy * qy) + more[self.at]
        largest = np.maximum.reduceat(distance, self.begins)
        hit = np.flatnonzero(distance == np.repeat(largest, self.counts))
        return largest, self.at[hit[np.searchsorted(hit, self.begins)]]

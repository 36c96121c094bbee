"""Pen strokes as few cubic Bézier curves: what files of lines hold instead of many points.

Each piece of a stroke's spline (paths.splined) is a cubic already. Neighbours are joined, two at a time, as long as one
cubic keeps to the line: its ends and directions are the spline's, the lengths of its handles those that fit best
(Schneider, "An algorithm for automatically fitting digitized curves", 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.ink.paths import Paths, splined

TOLERANCE = 0.06
"""How far a curve may be from the spline, in frame px: 0.007 mm where an x is 2 mm high."""

_UP = 2
"""Places at which a curve is looked at, to one point of the stroke."""

_FIRST = 4
"""Pieces of the spline that are joined in one go, where that will do."""

_CACHED = 1024
"""Cubics that are fitted at a time: so many stay in a processor's cache."""

_FLAT = 0.25
"""Curves that stay so near to their chord, as a share of the tolerance, are lines."""


@dataclass(frozen=True, eq=False)
class StrokeCurves:
    """m strokes of n glyphs as cubic curves, in writing order; frame px, y down. Each glyph's depend on it alone."""

    segments: np.ndarray
    """float32 [s,4,2]: p0, c1, c2, p3. A segment begins where the one before it ends; a dot is one without length."""
    straight: np.ndarray
    """bool [s]: lines, whose control points lie on them."""
    strokes: np.ndarray
    """int64 [m+1]: where each stroke begins in `segments`; none is empty."""
    glyphs: np.ndarray
    """int64 [n+1]: where each glyph begins in `strokes`."""
    width: np.ndarray
    """float32 [m]: of the round pen, in px."""

    def __len__(self) -> int:
        return len(self.glyphs) - 1

    def take(self, rows: np.ndarray) -> StrokeCurves:
        """Some of the glyphs, int64 [k], in any order and number."""
        strokes, glyphs = _parts(self.glyphs, rows)
        pieces, begins = _parts(self.strokes, strokes)
        return StrokeCurves(self.segments[pieces], self.straight[pieces], begins, glyphs, self.width[strokes])


def curves(paths: Paths, tolerance: float = TOLERANCE) -> StrokeCurves:
    """The strokes of `paths` as curves within `tolerance` px of their spline."""
    if not len(paths.points):
        return StrokeCurves(
            np.empty((0, 4, 2), np.float32), np.empty(0, bool), paths.strokes, paths.glyphs, paths.width
        )
    starts, cubics = _StrokeSpline(paths).pieces(tolerance)
    straight = _flat(cubics, _FLAT * tolerance)
    p0, p3 = cubics[straight, 0], cubics[straight, 3]
    cubics[straight, 1], cubics[straight, 2] = p0 + (p3 - p0) / 3, p3 - (p3 - p0) / 3
    segments = np.stack([cubics.real, cubics.imag], axis=2).astype(np.float32)
    return StrokeCurves(segments, straight, np.searchsorted(starts, paths.strokes), paths.glyphs, paths.width)


class _StrokeSpline:
    """The spline of many strokes, and cubics from one of its knots (points of the strokes) to another.

    Places are complex numbers x + iy.
    """

    def __init__(self, paths: Paths) -> None:
        self.knots = _complex(paths.points)
        stroke, count = paths.stroke, np.diff(paths.strokes)
        self.first, self.last = np.repeat(paths.strokes[:-1], count), np.repeat(paths.strokes[1:] - 1, count)
        at = np.arange(len(self.knots))
        before, after = np.maximum(at - 1, self.first), np.minimum(at + 1, self.last)
        way = self.knots[after] - self.knots[before]
        self.direction = way / np.maximum(np.abs(way), 1e-12)
        # a third of the spline's derivative, which is half of this but at the ends
        third = way / np.where((before < at) & (at < after), 6.0, 3.0)
        self.ahead, self.back = third, -third
        self.fine = _complex(splined(paths, _UP).points)
        self.place = _UP * at - (_UP - 1) * stroke
        self.length = np.cumsum(np.abs(np.diff(self.fine, prepend=self.fine[:1])))

    def pieces(self, tolerance: float) -> tuple[np.ndarray, np.ndarray]:
        """The knots int64 [s] where pieces begin that one cubic each can draw, and those: complex [s,4]."""
        at = np.arange(len(self.knots))
        kept, tried = np.ones(len(at), bool), np.zeros(len(at), bool)
        begin = at[((at - self.first) % _FIRST == 0) & (at + _FIRST <= self.last)]
        good = begin[self._join(begin, begin + _FIRST, tolerance)]
        kept[good[:, None] + np.arange(1, _FIRST)] = False
        inner = (at > self.first) & (at < self.last)
        odd = 1
        while (inner & kept & ~tried).any():
            knots = np.flatnonzero(kept)
            # every second one of a stroke, so that of two neighbours one stays
            rank = np.arange(len(knots)) - np.searchsorted(knots, self.first[knots])
            some = np.flatnonzero(inner[knots] & ~tried[knots] & (rank % 2 == odd))
            odd = 1 - odd
            tried[knots[some]] = True
            gone = some[self._join(knots[some - 1], knots[some + 1], tolerance)]
            kept[knots[gone]] = False
            tried[knots[gone - 1]] = tried[knots[gone + 1]] = False
        knots = np.flatnonzero(kept)
        dot = self.first[knots] == self.last[knots]
        begins = np.flatnonzero((knots < self.last[knots]) | dot)
        starts = knots[begins]
        stops = knots[np.where(dot[begins], begins, np.minimum(begins + 1, len(knots) - 1))]
        p0, p3 = self.knots[starts], self.knots[stops]
        return starts, np.stack([p0, p0 + self.ahead[starts], p3 + self.back[stops], p3], axis=1)

    def _join(self, starts: np.ndarray, stops: np.ndarray, tolerance: float) -> np.ndarray:
        """Draw what is between knots with one cubic each, where that keeps to the line: bool [s]."""
        near = np.zeros(len(starts), bool)
        for begin in range(0, len(starts), _CACHED):
            some = slice(begin, begin + _CACHED)
            ahead, back, away = self._fit(starts[some], stops[some])
            near[some] = away <= tolerance
            good = near[some]
            self.ahead[starts[some][good]], self.back[stops[some][good]] = ahead[good], back[good]
        return near

    def _fit(self, starts: np.ndarray, stops: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The handles of the best cubics between knots two or more apart, complex [s], and how far off each is [s]."""
        first, last = self.place[starts], self.place[stops]
        counts = last - first - 1
        begins = np.cumsum(counts) - counts
        inner = np.arange(begins[-1] + counts[-1]) + np.repeat(first + 1 - begins, counts)
        p0, t0, t3 = self.knots[starts], self.direction[starts], self.direction[stops]
        chord, whole = self.knots[stops] - p0, self.length[last] - self.length[first]
        goal, way = self.fine[inner] - np.repeat(p0, counts), np.repeat(chord, counts)
        u = (self.length[inner] - np.repeat(self.length[first], counts)) / np.repeat(np.maximum(whole, 1e-12), counts)
        for again in range(2):
            v = 1 - u
            b1, b2 = 3 * u * v * v, 3 * u * u * v
            rest = goal - (b2 + u * u * u) * way
            c00, c03, c33 = (np.add.reduceat(value, begins) for value in (b1 * b1, b1 * b2, b2 * b2))
            x0, x3 = (_dot(t, np.add.reduceat(value, begins)) for t, value in ((t0, b1 * rest), (-t3, b2 * rest)))
            c03 = -c03 * _dot(t0, t3)
            det = np.maximum(c00 * c33 - c03 * c03, 1e-9)
            k0, k3 = (x0 * c33 - x3 * c03) / det, (c00 * x3 - c03 * x0) / det
            odd = (np.minimum(k0, k3) < 0.05 * whole) | (np.maximum(k0, k3) > whole)
            ahead, back = (np.where(odd, whole / 3, k) * t for k, t in ((k0, t0), (k3, -t3)))
            c1, c2 = np.repeat(ahead, counts), np.repeat(back, counts)
            off = b1 * c1 + b2 * c2 - rest
            if not again:
                # on to the nearest place of the curve, as Newton
                slope = 3 * ((v * v - 2 * u * v) * c1 + (2 * u * v - u * u) * c2 + 2 * u * v * way)
                u = np.clip(u - _dot(off, slope) / np.maximum(_dot(slope, slope), 1e-12), 0, 1)
        return ahead, back, np.sqrt(np.maximum.reduceat(_dot(off, off), begins))


def _parts(starts: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The places from starts[i] up to starts[i + 1] for each i of `rows`, and where each of those begins, [k+1]."""
    begins = np.concatenate([[0], np.cumsum(starts[rows + 1] - starts[rows])])
    return np.arange(begins[-1]) + np.repeat(starts[rows] - begins[:-1], np.diff(begins)), begins


def _complex(points: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(points, np.float64).view(np.complex128)[:, 0]


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.asarray(a.real * b.real + a.imag * b.imag)


def _flat(cubics: np.ndarray, tolerance: float) -> np.ndarray:
    """Which of `cubics`, complex [s,4], stay within `tolerance` of their chords and never turn back, bool [s]."""
    way = cubics[:, 3] - cubics[:, 0]
    length = np.abs(way)
    inner = (cubics[:, 1:3] - cubics[:, :1]) * (np.conj(way) / np.maximum(length, 1e-12))[:, None]
    # a cubic is no further from its chord than three quarters of its handles' ends
    near = (0.75 * np.abs(inner.imag) <= tolerance).all(axis=1)
    return np.asarray(near & (inner.real[:, 0] >= -1e-9) & (inner.real[:, 1] <= length + 1e-9))

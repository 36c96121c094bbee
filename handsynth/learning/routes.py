"""Strokes that were led astray: along the ink's own lines, in order, where the nearest ink was the wrong one.

Moves of points to the nearest ink (see `offsets`) never open a loop that the person left open, nor find the way round a
bowl that the latent cuts through. Here each stroke gets a route: lines of the ink, one after the other, gone back over
where the next one leaves from their middle, since a pen that goes back over its ink adds nothing to it. Points are set
on their route in order (dynamic time warping), as near as may be to where they were.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

_TOUCH = 2.0
"""Frame px within which lines touch."""

_ROUTES = 48
"""Ways to make routes of the lines that are tried."""

_TRIED = 8
"""Of those, the likeliest: points are set on them."""

_ALIKE = 16
"""Points by which a stroke and a route are compared."""

_SPLITS = 0.3, 0.5, 0.7
"""Where a line may be divided between two strokes."""

_EVEN, _LONGEST = 0.3, 3.0
"""Weight of even steps, beside that of the distance, and the longest step as a multiple of the even one."""


def routed(strokes: Sequence[np.ndarray], lines: Sequence[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """The points of `strokes` [k,2] each on routes along `lines` [m,2], float64 [k,2] each: likely ways first.

    All lines are gone along, by one stroke or another. Points of lines are evenly spaced.
    """
    found = [_assigned(strokes, routes) for routes in _ways(list(lines), len(strokes))]
    for _, routes in sorted(found, key=lambda way: way[0])[:_TRIED]:
        yield [_set(stroke, route) for stroke, route in zip(strokes, routes, strict=True)]


def _ways(lines: list[np.ndarray], count: int) -> list[list[np.ndarray]]:
    """Some sets of so many routes along all of the lines."""
    ways = [lines]
    while ways and len(ways[0]) != count:
        step = _joined if len(ways[0]) > count else _divided
        ways = [way for some in ways for way in step(some)]
        # evenly among them, since neighbours are alike
        ways = [ways[k] for k in np.unique(np.linspace(0, len(ways) - 1, min(len(ways), _ROUTES)).astype(int))]
    return ways


def _joined(lines: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """The same lines with two that touch made one route."""
    for i, a in enumerate(lines):
        for j, b in enumerate(lines):
            if i == j:
                continue
            rest = [line for k, line in enumerate(lines) if k not in (i, j)]
            for end in (0, -1):  # of b, from where it leaves a
                apart = np.linalg.norm(a - b[end], axis=1)
                at = int(apart.argmin())
                if apart[at] > _TOUCH:
                    continue
                on = b if end == 0 else b[::-1]
                for way, place in ((a, at), (a[::-1], len(a) - 1 - at)):
                    # all of a and back to b; or b first, and then both parts of a
                    yield [*rest, np.concatenate([way, way[place:-1][::-1], on])]
                    yield [*rest, np.concatenate([on[::-1], way[place::-1], way[1:]])]


def _divided(lines: list[np.ndarray]) -> Iterator[list[np.ndarray]]:
    """The same lines with one of them in two parts."""
    for i, line in enumerate(lines):
        for share in _SPLITS if len(line) >= 6 else ():
            at = round(share * (len(line) - 1))
            yield [*lines[:i], line[: at + 1], line[at:], *lines[i + 1 :]]


def _assigned(strokes: Sequence[np.ndarray], routes: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
    """Mean square distance of strokes to routes, and those in the order and the direction that make it least."""
    cost, turned = np.empty((len(strokes), len(routes))), {}
    own = [_sampled(stroke) for stroke in strokes]
    for j, route in enumerate(routes):
        turns = list(_turns(route))
        seen = np.stack([_sampled(turn) for turn in turns])
        for k, stroke in enumerate(own):
            far = ((seen - stroke) ** 2).sum(axis=2).mean(axis=1)
            cost[k, j], turned[k, j] = far.min(), turns[int(far.argmin())]
    weight = np.array([len(stroke) for stroke in strokes])
    order = min(permutations(range(len(routes))), key=lambda order: float(weight @ cost[range(len(order)), order]))
    far = float(weight @ cost[range(len(order)), order])
    return far, [turned[k, j] for k, j in enumerate(order)]


def _turns(route: np.ndarray) -> Iterator[np.ndarray]:
    """The route both ways; a closed one from several of its points."""
    for way in (route, route[::-1]):
        yield way
        if len(way) > 8 and np.linalg.norm(way[0] - way[-1]) < 0.5:
            for start in range(len(way) // 8, len(way) - 1, max(1, len(way) // 8)):
                yield np.concatenate([way[start:-1], way[: start + 1]])


def _sampled(points: np.ndarray) -> np.ndarray:
    """`_ALIKE` points at even distances along a line."""
    length = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    at = np.linspace(0, length[-1], _ALIKE)
    return np.stack([np.interp(at, length, points[:, k]) for k in (0, 1)], axis=1)


def _set(stroke: np.ndarray, route: np.ndarray) -> np.ndarray:
    """Points of the route [n,2], in its order and from its first to its last, near those of the stroke [n,2]."""
    n, m = len(stroke), len(route)
    even = (m - 1) / (n - 1)
    steps = np.arange(int(np.ceil(_LONGEST * even)) + 1)
    apart = ((stroke[:, None] - route[None]) ** 2).sum(axis=2)
    pace = _EVEN * (steps - even) ** 2 * (np.linalg.norm(np.diff(route, axis=0), axis=1).mean() if m > 1 else 0.0) ** 2
    total, back = np.full(m, np.inf), np.zeros((n, m), np.int64)
    total[0] = apart[0, 0]
    for i in range(1, n):
        before = np.full((len(steps), m), np.inf)
        for k in steps[steps < m].tolist():
            before[k, k:] = total[: m - k] + pace[k]
        back[i] = before.argmin(axis=0)
        total = before[back[i], np.arange(m)] + apart[i]
    places = np.empty(n, np.int64)
    places[-1] = m - 1
    for i in range(n - 1, 0, -1):
        places[i - 1] = places[i] - back[i, places[i]]
    return route[places]

"""Strokes that were led astray: along the ink's own lines, in order, where the nearest ink was the wrong one.

Moves of points to the nearest ink (see `offsets`) never open a loop that the person left open, nor find the way round a
bowl that the latent cuts through. Here each stroke gets a route: lines of the ink, one after the other, gone back over
where the next one leaves from their middle, since a pen that goes back over its ink adds nothing to it. Points are set
on their route in order (dynamic time warping), as near as may be to where they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import permutations

import numpy as np

from handsynth.ink.branches import along, between

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
    rating = _Rating(strokes)
    found = [rating.assigned(routes) for routes in _ways(list(lines), len(strokes))]
    for _, routes in sorted(found, key=lambda way: way[0])[:_TRIED]:
        yield [_set(stroke, route) for stroke, route in zip(strokes, routes, strict=True)]


_Make = Callable[[], list[np.ndarray]]
"""Makes lines, of which most are never asked for."""


def _ways(lines: list[np.ndarray], count: int) -> list[list[np.ndarray]]:
    """Some sets of so many routes along all of the lines."""
    ways = [lines]
    while ways and len(ways[0]) != count:
        touching = _Touching()
        found: list[_Make] = []
        for some in ways:
            found += _joined(some, touching) if len(some) > count else _divided(some)
        # evenly among them, since neighbours are alike
        ways = [found[k]() for k in np.unique(np.linspace(0, len(found) - 1, min(len(found), _ROUTES)).astype(int))]
    return ways


class _Touching:
    """Where ends of lines touch other lines, looked at once for each two."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int, int], int] = {}

    def place(self, a: np.ndarray, b: np.ndarray, end: int) -> int:
        """The point of `a` that an end, 0 or -1, of `b` touches; -1 if none does."""
        key = id(a), id(b), end
        if key not in self._known:
            apart = ((a - b[end]) ** 2).sum(axis=1)
            at = int(apart.argmin())
            self._known[key] = at if apart[at] <= _TOUCH**2 else -1
        return self._known[key]


def _joined(lines: list[np.ndarray], touching: _Touching) -> Iterator[_Make]:
    """The same lines with two that touch made one route."""
    for i, a in enumerate(lines):
        for j, b in enumerate(lines):
            if i == j:
                continue
            rest = [line for k, line in enumerate(lines) if k not in (i, j)]
            for end in (0, -1):  # of b, from where it leaves a
                at = touching.place(a, b, end)
                if at < 0:
                    continue
                on = b if end == 0 else b[::-1]
                for way, place in ((a, at), (a[::-1], len(a) - 1 - at)):
                    yield partial(_back_to, rest, way, place, on)
                    yield partial(_in_two, rest, way, place, on)


def _back_to(rest: list[np.ndarray], way: np.ndarray, place: int, on: np.ndarray) -> list[np.ndarray]:
    """All of a line and back to where the next leaves, and that."""
    return [*rest, np.concatenate([way, way[place:-1][::-1], on])]


def _in_two(rest: list[np.ndarray], way: np.ndarray, place: int, on: np.ndarray) -> list[np.ndarray]:
    """The next line first, and then both parts of the one that it leaves."""
    return [*rest, np.concatenate([on[::-1], way[place::-1], way[1:]])]


def _divided(lines: list[np.ndarray]) -> Iterator[_Make]:
    """The same lines with one of them in two parts."""
    for i, line in enumerate(lines):
        for share in _SPLITS if len(line) >= 6 else ():
            at = round(share * (len(line) - 1))
            yield partial(_cut, lines, i, at)


def _cut(lines: list[np.ndarray], i: int, at: int) -> list[np.ndarray]:
    return [*lines[:i], lines[i][: at + 1], lines[i][at:], *lines[i + 1 :]]


class _Rating:
    """How far routes are from strokes, reckoned once for each route."""

    def __init__(self, strokes: Sequence[np.ndarray]) -> None:
        self.own = np.stack([_sampled(stroke) for stroke in strokes])
        self.weight = np.array([len(stroke) for stroke in strokes])
        self._known: dict[int, tuple[np.ndarray, list[np.ndarray], np.ndarray]] = {}

    def assigned(self, routes: list[np.ndarray]) -> tuple[float, list[np.ndarray]]:
        """Mean square distance of strokes to routes, and those in the order and the direction that make it least."""
        rated = [self._rated(route) for route in routes]
        cost = np.stack([near for _, _, near in rated], axis=1)
        rows = cost.tolist()
        weight = self.weight.tolist()
        ways = permutations(range(len(routes)))
        far, order = min((sum(w * row[j] for w, row, j in zip(weight, rows, way, strict=True)), way) for way in ways)
        return far, [rated[j][1][k] for k, j in enumerate(order)]

    def _rated(self, route: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], np.ndarray]:
        """The route itself, for each stroke the turn of it that is nearest, and how far that is."""
        if id(route) not in self._known:
            turns = list(_turns(route))
            seen = np.stack([_sampled(turn) for turn in turns])
            far = ((seen - self.own[:, None]) ** 2).sum(axis=3).mean(axis=2)
            best = far.argmin(axis=1)
            # the route is kept, so that no other gets its id
            self._known[id(route)] = route, [turns[k] for k in best.tolist()], far.min(axis=1)
        return self._known[id(route)]


def _turns(route: np.ndarray) -> Iterator[np.ndarray]:
    """The route both ways; a closed one from several of its points."""
    for way in (route, route[::-1]):
        yield way
        if len(way) > 8 and np.hypot(*(way[0] - way[-1])) < 0.5:
            for start in range(len(way) // 8, len(way) - 1, max(1, len(way) // 8)):
                yield np.concatenate([way[start:-1], way[: start + 1]])


def _sampled(points: np.ndarray) -> np.ndarray:
    """`_ALIKE` points at even distances along a line."""
    lengths = along(points)
    return between(points, lengths, lengths[-1] * _SHARES)


_SHARES = np.arange(_ALIKE) / (_ALIKE - 1)


def _set(stroke: np.ndarray, route: np.ndarray) -> np.ndarray:
    """Points of the route [n,2], in its order and from its first to its last, near those of the stroke [n,2]."""
    n, m = len(stroke), len(route)
    even = (m - 1) / (n - 1)
    steps = np.arange(int(np.ceil(_LONGEST * even)) + 1)
    apart = ((stroke[:, None] - route[None]) ** 2).sum(axis=2)
    pace = _EVEN * (steps - even) ** 2 * (np.linalg.norm(np.diff(route, axis=0), axis=1).mean() if m > 1 else 0.0) ** 2
    total, back = np.full(m, np.inf), np.zeros((n, m), np.int64)
    total[0] = apart[0, 0]
    ahead = np.full(len(steps) - 1 + m, np.inf)
    # [m,steps]: what leads to each place by each step
    before = np.lib.stride_tricks.sliding_window_view(ahead, len(steps))[:, ::-1]
    every = np.arange(m)
    for i in range(1, n):
        ahead[len(steps) - 1 :] = total
        cost = before + pace
        back[i] = cost.argmin(axis=1)
        total = cost[every, back[i]] + apart[i]
    places = np.empty(n, np.int64)
    places[-1] = m - 1
    for i in range(n - 1, 0, -1):
        places[i - 1] = places[i] - back[i, places[i]]
    return route[places]

"""From the branches of a skeleton to the ways of a pen: spurs pruned, crossings found, branches joined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from handsynth.ink.skeleton import Branch, SkeletonGraph

_SPUR = 0.45
"""A branch is pruned if it reaches less far out of the disc of its junction, in radii of the disc."""

_BRIDGE = 0.8
"""Junctions are one if their discs, shrunk by this, overlap."""

_SHARPEST = -0.7
"""A pen turns at a junction by no more than the angle with this cosine."""

_CUSP = 2.0
"""Branches of less length, in radii of the disc of their junction, may be the point of a sharp turn."""

_AHEAD = 4.0
"""How far beyond a junction's disc a branch shows where it leads to, in pixels beside the disc's radius."""

_End = tuple[Branch, int]
"""A branch and which of its ends."""

Radii = Callable[[np.ndarray], np.ndarray]
"""Distances [k] from points [k,2] to the edge of the ink."""


@dataclass(frozen=True, eq=False)
class Path:
    """The way of a pen, still rough."""

    points: np.ndarray
    """float64 [k,2] in pixels; the first is not repeated at the end of a closed one."""
    closed: bool
    free: tuple[bool, bool]
    """Whether its ends are ends of the ink; else they are on another path."""


def paths(graph: SkeletonGraph, radii: Radii) -> list[Path]:
    """The ways of a pen along the branches of `graph` (which is used up): at each junction as straight as can be."""
    if not graph.nodes:
        return []
    disc = dict(zip(graph.nodes, radii(np.stack(list(graph.nodes.values()))).tolist(), strict=True))
    _prune(graph, disc)
    _contract(graph, disc, radii)
    return _joined(graph, disc)


def along(points: np.ndarray) -> np.ndarray:
    """Length of the line of `points` [k,2] up to each of them [k]."""
    steps = points[1:] - points[:-1]
    return np.concatenate([[0.0], np.cumsum(np.sqrt(steps[:, 0] ** 2 + steps[:, 1] ** 2))])


def between(points: np.ndarray, lengths: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Points [m,2] of the line of `points`, whose lengths are `along`, at lengths `at` [m]."""
    return np.stack([np.interp(at, lengths, points[:, 0]), np.interp(at, lengths, points[:, 1])], axis=1)


def unit(v: np.ndarray) -> np.ndarray:
    """`v` [2] with length 1."""
    return v / max(float(np.sqrt(v @ v)), 1e-9)


def _prune(graph: SkeletonGraph, disc: dict[int, float]) -> None:
    """Take away branches that hardly leave the disc of ink around the junction they start from."""
    while True:
        degree = graph.degrees()
        spurs = []
        for branch in graph.branches:
            a, b = branch.nodes
            tip, root = (a, b) if degree[a] == 1 else (b, a)
            if degree[tip] != 1 or degree[root] < 3:
                continue
            if along(branch.points)[-1] + disc[tip] - disc[root] < _SPUR * disc[root]:
                spurs.append((branch, tip))
        if not spurs:
            return
        gone = [branch for branch, _ in spurs]
        graph.branches = [branch for branch in graph.branches if branch not in gone]
        for _, tip in spurs:
            del graph.nodes[tip]
        for node, count in graph.degrees().items():
            if count == 2:
                _through(graph, node)


def _from(branch: Branch, node: int) -> np.ndarray:
    """The branch's points, beginning at `node`."""
    return branch.points if branch.nodes[0] == node else branch.points[::-1]


def _through(graph: SkeletonGraph, node: int) -> None:
    """Make the two branches at a node one."""
    first, second = (branch for branch in graph.branches for end in branch.nodes if end == node)
    if first is second:
        return
    ends = [b.nodes[1] if b.nodes[0] == node else b.nodes[0] for b in (first, second)]
    points = np.concatenate([_from(first, node)[::-1], _from(second, node)])
    graph.branches = [b for b in graph.branches if b is not first and b is not second]
    graph.branches.append(Branch((ends[0], ends[1]), points))
    del graph.nodes[node]


def _contract(graph: SkeletonGraph, disc: dict[int, float], radii: Radii) -> None:
    """Make two junctions one where a short bridge of ink is all that is between them: strokes that cross."""
    while True:
        degree = graph.degrees()
        best, short = None, 1.0
        for branch in graph.branches:
            a, b = branch.nodes
            if a == b or degree[a] < 3 or degree[b] < 3:
                continue
            if sum({a, b} == set(other.nodes) for other in graph.branches) > 1:
                continue
            share = along(branch.points)[-1] / (_BRIDGE * (disc[a] + disc[b]))
            if share < short:
                best, short = branch, share
        if best is None:
            return
        a, b = best.nodes
        graph.nodes[a] = (graph.nodes[a] + graph.nodes[b]) / 2
        disc[a] = float(radii(graph.nodes[a][None])[0])
        del graph.nodes[b]
        graph.branches = [branch for branch in graph.branches if branch is not best]
        for branch in graph.branches:
            first, last = (a if end == b else end for end in branch.nodes)
            branch.nodes = (first, last)


def _joined(graph: SkeletonGraph, disc: dict[int, float]) -> list[Path]:
    degree = graph.degrees()
    reach = {node: disc[node] if degree[node] > 2 else 0.0 for node in graph.nodes}
    _cusps(graph, degree, reach)
    degree = graph.degrees()
    ends: list[_End] = [(branch, side) for branch in graph.branches for side in (0, 1)]
    partner: dict[tuple[int, int], _End] = {}
    for node in graph.nodes:
        here = [end for end in ends if end[0].nodes[end[1]] == node]
        for one, other in _pairs(here, reach[node]):
            partner[id(one[0]), one[1]] = other
            partner[id(other[0]), other[1]] = one
    result = [Path(place[None], False, (True, True)) for node, place in graph.nodes.items() if not degree[node]]
    seen: set[int] = set()
    # from loose ends first: what is left then is closed
    for branch, side in sorted(ends, key=lambda end: (id(end[0]), end[1]) in partner):
        if id(branch) in seen:
            continue
        chain: list[_End] = []
        following: _End | None = (branch, side)
        while following is not None and id(following[0]) not in seen:
            chain.append(following)
            seen.add(id(following[0]))
            following = partner.get((id(following[0]), 1 - following[1]))
        first, last = branch.nodes[side], chain[-1][0].nodes[1 - chain[-1][1]]
        parts = [_within(b.points[:: 1 - 2 * s], reach[b.nodes[s]], reach[b.nodes[1 - s]]) for b, s in chain]
        if following is None:
            parts = [graph.nodes[first][None], *parts, graph.nodes[last][None]]
        free = degree[first] < 2, degree[last] < 2
        result.append(Path(np.concatenate(parts), following is not None, free))
    return result


def _cusps(graph: SkeletonGraph, degree: dict[int, int], reach: dict[int, float]) -> None:
    """Lead two branches that leave their junction to one side over the end of a short third one: a sharp turn."""
    for node, count in degree.items():
        here = [(branch, side) for branch in graph.branches for side in (0, 1) if branch.nodes[side] == node]
        short = [
            (branch, branch.nodes[1 - side])
            for branch, side in here
            if degree[branch.nodes[1 - side]] == 1 and along(branch.points)[-1] < _CUSP * reach[node]
        ]
        if count != 3 or len(short) != 1:
            continue
        spur, tip = short[0]
        one, other = (_leaving(end, reach[node])[1] for end in here if end[0] is not spur)
        if float(one @ other) > 0:
            graph.branches.remove(spur)
            graph.nodes[node] = graph.nodes.pop(tip)
            for branch, side in here:
                if branch is not spur:
                    _reroute(branch, side, graph.nodes[node], reach[node])
            reach[node] = 0.0


def _reroute(branch: Branch, side: int, place: np.ndarray, reach: float) -> None:
    """Let a branch begin (or end) at `place`, and go on where it has left the disc of its junction."""
    points = np.concatenate([place[None], _within(branch.points[:: 1 - 2 * side], reach, 0.0)])
    branch.points = points[:: 1 - 2 * side]


def _leaving(end: _End, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Where a branch leaves the disc of its junction, and the direction [2] in which it does."""
    branch, side = end
    points = branch.points[:: 1 - 2 * side]
    near, far = between(points, along(points), np.array([reach, 2 * reach + _AHEAD]))
    return near, unit(far - near)


def _pairs(ends: list[_End], reach: float) -> list[tuple[_End, _End]]:
    """Which ends of branches at a node go on in which."""
    if len(ends) < 2:
        return []
    if len(ends) == 2:
        return [(ends[0], ends[1])]
    places, away = zip(*(_leaving(end, reach) for end in ends), strict=True)
    rating = []
    for i in range(len(ends)):
        for j in range(i):
            over = unit(places[j] - places[i])
            straight = -float(away[i] @ away[j])
            rating.append((straight + float(over @ away[j] - over @ away[i]) / 2, straight, i, j))
    left = set(range(len(ends)))
    chosen = []
    for _, straight, i, j in sorted(rating, reverse=True):
        if i in left and j in left and straight > _SHARPEST:
            left -= {i, j}
            chosen.append((ends[i], ends[j]))
    return chosen


def _within(points: np.ndarray, head: float, tail: float) -> np.ndarray:
    """A line without so much of its beginning and of its end; at least the point between them."""
    lengths = along(points)
    whole = lengths[-1]
    if head + tail >= whole:
        return between(points, lengths, np.array([whole * head / max(head + tail, 1e-9)]))
    first, last = between(points, lengths, np.array([head, whole - tail]))
    return np.concatenate([first[None], points[(lengths > head) & (lengths < whole - tail)], last[None]])

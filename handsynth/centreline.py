"""Centrelines of glyphs: one-stroke paths with widths, for pens that draw lines.

The ink is thinned to a skeleton, its branches are pruned, joined through their junctions along the smoothest way, and
put in an order and a direction in which people write.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth import contours, skeleton
from handsynth.frame import Frame
from handsynth.skeleton import Branch, Graph

_CHUNK = 64
_SPUR = 0.6
"""A branch is pruned if it reaches less far out of the disc of its junction, in radii of the disc."""

_BRIDGE = 0.8
"""Junctions are one if their discs, shrunk by this, overlap."""

_SHARPEST = -0.5
"""A pen turns at a junction by no more than the angle with this cosine."""

_SOFT = 6
"""Passes of the smoothing filter over a line."""

_DOT = 0.4
"""Length of a dot, in pixels of the enlarged field."""

_THIN = 1.2
"""Dots of less width, in the same pixels, are specks."""

_End = tuple[Branch, int]
"""A branch and which of its ends."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One stroke of a pen."""

    points: np.ndarray
    """float64 [k,2]: x to the right, y down from the upper left corner of the frame, in px; k is 2 at least."""
    widths: np.ndarray
    """float64 [k]: of the ink across the stroke, in px."""


def traces(fields: np.ndarray, frame: Frame) -> list[list[Trace]]:
    """The strokes of each glyph of `fields` [n,H,H] (signed distance in frame px, positive inside), in order.

    Closed strokes end where they begin. A dot is a very short stroke. A glyph's strokes do not depend on the glyphs
    around it.
    """
    result: list[list[Trace]] = [[] for _ in range(len(fields))]
    boxes = contours.boxes(fields)
    inked = contours.alike(boxes)
    for start in range(0, len(inked), _CHUNK):
        some = inked[start : start + _CHUNK]
        large = contours.upsampled(fields[some], frame, boxes[some])
        thin = skeleton.thinned(large > 0)
        edges = contours.trace(fields[some], frame, least=0.0)
        edge = edges.contours[edges.glyphs]
        for k, i in enumerate(some.tolist()):
            origin = boxes[i, :2] - contours.PAD + 0.5 / contours.UP
            ink = _Ink(large[k], (edges.points[edge[k] : edge[k + 1]] - origin) * contours.UP)
            found = _strokes(ink, skeleton.graph(thin[k]))
            result[i] = [Trace(points / contours.UP + origin, widths / contours.UP) for points, widths in found]
    return result


class _Ink:
    """The enlarged field of one glyph and the edge of its ink, in the field's own pixels."""

    def __init__(self, field: np.ndarray, edge: np.ndarray) -> None:
        self.field = field
        self.edge = edge

    def depth(self, points: np.ndarray) -> np.ndarray:
        """The field at `points` [k,2], between pixels bilinear."""
        height, width = self.field.shape
        x, y = points[:, 0].clip(0, width - 1.001), points[:, 1].clip(0, height - 1.001)
        left, top = x.astype(np.int64), y.astype(np.int64)
        across, down = x - left, y - top
        upper = self.field[top, left] * (1 - across) + self.field[top, left + 1] * across
        lower = self.field[top + 1, left] * (1 - across) + self.field[top + 1, left + 1] * across
        result: np.ndarray = upper * (1 - down) + lower * down
        return result

    def radii(self, points: np.ndarray) -> np.ndarray:
        """Distance from `points` [k,2] to the edge: fields of a model are true near the edge alone."""
        gap = points[:, None, :] - self.edge
        result: np.ndarray = np.sqrt((gap * gap).sum(axis=-1).min(axis=1))
        return result

    def radius(self, point: np.ndarray) -> float:
        return float(self.radii(point[None])[0])


def _strokes(ink: _Ink, graph: Graph) -> list[tuple[np.ndarray, np.ndarray]]:
    """Points [k,2] and widths [k] of each stroke, in the enlarged field's pixels."""
    _prune(ink, graph)
    _contract(ink, graph)
    found = _ordered([_smooth(ink, path) for path in _paths(ink, graph)])
    strokes = [(points, 2 * ink.radii(points)) for points in found]
    return [(points, widths) for points, widths in strokes if widths.max() >= _THIN or len(points) > 2]


@dataclass(frozen=True, eq=False)
class _Path:
    """The way of a pen, still rough."""

    points: np.ndarray
    """float64 [k,2]; the first is not repeated at the end of a closed one."""
    closed: bool
    free: tuple[bool, bool]
    """Whether its ends are ends of the ink; else they are on another path."""


def _length(points: np.ndarray) -> float:
    return float(np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)).sum())


def _prune(ink: _Ink, graph: Graph) -> None:
    """Take away branches that hardly leave the disc of ink around the junction they start from."""
    while True:
        degree = _degrees(graph)
        spurs = []
        for branch in graph.branches:
            a, b = branch.nodes
            if a == b or {degree[a] == 1, degree[b] == 1} != {True, False}:
                continue
            tip, root = (a, b) if degree[a] == 1 else (b, a)
            disc = ink.radius(graph.nodes[root])
            out = _length(branch.points) + ink.radius(graph.nodes[tip]) - disc
            if degree[root] > 2 and out < _SPUR * disc:
                spurs.append((branch, tip))
        if not spurs:
            return
        gone = [branch for branch, _ in spurs]
        graph.branches = [branch for branch in graph.branches if branch not in gone]
        for _, tip in spurs:
            del graph.nodes[tip]
        for node, count in _degrees(graph).items():
            if count == 2:
                _through(graph, node)


def _degrees(graph: Graph) -> dict[int, int]:
    degree = dict.fromkeys(graph.nodes, 0)
    for branch in graph.branches:
        for end in branch.nodes:
            degree[end] += 1
    return degree


def _from(branch: Branch, node: int) -> np.ndarray:
    """The branch's points, beginning at `node`."""
    return branch.points if branch.nodes[0] == node else branch.points[::-1]


def _through(graph: Graph, node: int) -> None:
    """Make the two branches at a node one."""
    first, second = graph.at(node)
    if first is second:
        return
    ends = tuple(b.nodes[1] if b.nodes[0] == node else b.nodes[0] for b in (first, second))
    points = np.concatenate([_from(first, node)[::-1], _from(second, node)])
    graph.branches = [b for b in graph.branches if b is not first and b is not second]
    graph.branches.append(Branch((ends[0], ends[1]), points))
    del graph.nodes[node]


def _contract(ink: _Ink, graph: Graph) -> None:
    """Make two junctions one where a short bridge of ink is all that is between them: strokes that cross."""
    while True:
        degree = _degrees(graph)
        best, short = None, 1.0
        for branch in graph.branches:
            a, b = branch.nodes
            if a == b or degree[a] < 3 or degree[b] < 3:
                continue
            if sum({a, b} == set(other.nodes) for other in graph.branches) > 1:
                continue
            share = _length(branch.points) / (_BRIDGE * (ink.radius(graph.nodes[a]) + ink.radius(graph.nodes[b])))
            if share < short:
                best, short = branch, share
        if best is None:
            return
        a, b = best.nodes
        graph.nodes[a] = (graph.nodes[a] + graph.nodes[b]) / 2
        del graph.nodes[b]
        graph.branches = [branch for branch in graph.branches if branch is not best]
        for branch in graph.branches:
            branch.nodes = (a if branch.nodes[0] == b else branch.nodes[0], a if branch.nodes[1] == b else branch.nodes[1])


def _paths(ink: _Ink, graph: Graph) -> list[_Path]:
    """The ways of a pen along the branches: at each junction as straight on as can be."""
    degree = _degrees(graph)
    reach = {node: ink.radius(place) if degree[node] > 2 else 0.0 for node, place in graph.nodes.items()}
    ends: list[_End] = [(branch, side) for branch in graph.branches for side in (0, 1)]
    partner: dict[tuple[int, int], _End] = {}
    for node in graph.nodes:
        here = [end for end in ends if end[0].nodes[end[1]] == node]
        for one, other in _pairs(here, reach[node]):
            partner[id(one[0]), one[1]] = other
            partner[id(other[0]), other[1]] = one
    result = [_Path(place[None], False, (True, True)) for node, place in graph.nodes.items() if not degree[node]]
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
        closed = following is not None
        parts = [
            _within(b.points[:: 1 - 2 * s], reach[b.nodes[s]], reach[b.nodes[1 - s]]) for b, s in chain
        ]
        if not closed:
            parts = [graph.nodes[first][None], *parts, graph.nodes[last][None]]
        result.append(_Path(np.concatenate(parts), closed, (degree[first] < 2, degree[last] < 2)))
    return result


def _pairs(ends: list[_End], reach: float) -> list[tuple[_End, _End]]:
    """Which ends of branches at a node go on in which."""
    if len(ends) == 2 and reach == 0:
        return [(ends[0], ends[1])]
    places, away = [], []
    for branch, side in ends:
        points = branch.points[:: 1 - 2 * side]
        along = _along(points)
        near, far = (_between(points, along, min(at, along[-1])) for at in (reach, 2 * reach + 4))
        places.append(near)
        away.append(_unit(far - near))
    chosen = []
    rating = []
    for i in range(len(ends)):
        for j in range(i):
            over = _unit(places[j] - places[i])
            straight = -float(away[i] @ away[j])
            rating.append((straight + float(over @ away[j] - over @ away[i]) / 2, straight, i, j))
    left = set(range(len(ends)))
    for _, straight, i, j in sorted(rating, reverse=True):
        if i in left and j in left and straight > _SHARPEST:
            left -= {i, j}
            chosen.append((ends[i], ends[j]))
    return chosen


def _along(points: np.ndarray) -> np.ndarray:
    """Distance of each point from the first, along the line."""
    return np.concatenate([[0.0], np.cumsum(np.sqrt((np.diff(points, axis=0) ** 2).sum(axis=1)))])


def _between(points: np.ndarray, along: np.ndarray, at: float | np.ndarray) -> np.ndarray:
    return np.stack([np.interp(at, along, points[:, k]) for k in (0, 1)], axis=-1)


def _unit(v: np.ndarray) -> np.ndarray:
    result: np.ndarray = v / max(float(np.sqrt((v * v).sum())), 1e-9)
    return result


def _within(points: np.ndarray, head: float, tail: float) -> np.ndarray:
    """A line without so much of its beginning and of its end; at least the point between them."""
    along = _along(points)
    if head + tail >= along[-1]:
        return _between(points, along, np.array([along[-1] * head / max(head + tail, 1e-9)]))
    inner = points[(along > head) & (along < along[-1] - tail)]
    return np.concatenate(
        [_between(points, along, np.array([head])), inner, _between(points, along, np.array([along[-1] - tail]))]
    )


def _smooth(ink: _Ink, path: _Path) -> np.ndarray:
    """Points at about every pixel on a smooth line amid the ink, from end to end."""
    points = path.points
    for softer in (_SOFT, _SOFT, 3):
        points = _even(points, path.closed)
        if len(points) < 3:
            break
        points = _softened(points, softer, path.closed)
        points = _centred(ink, points, path)
    points = _softened(points, 2, path.closed)
    if path.closed:
        return np.concatenate([points, points[:1]])
    if path.free[1]:
        points = _to_end(ink, points)
    if path.free[0]:
        points = _to_end(ink, points[::-1])[::-1]
    if _along(points)[-1] < _DOT:
        points = points.mean(axis=0) + np.array([[-_DOT / 2, 0.0], [_DOT / 2, 0.0]])
    return points


def _even(points: np.ndarray, closed: bool) -> np.ndarray:
    """The line with points at about every pixel; a closed one's first is not repeated."""
    if closed:
        points = np.concatenate([points, points[:1]])
    along = _along(points)
    count = max(int(round(along[-1])), 4 if closed else 1)
    points = _between(points, along, np.linspace(0, along[-1], count + 1))
    return points[:-1] if closed else points


def _softened(points: np.ndarray, times: int, closed: bool) -> np.ndarray:
    """`points` after so many passes of the binomial filter 1 2 1; the ends of an open line stay."""
    for _ in range(times):
        if closed:
            points = (np.roll(points, 1, axis=0) + 2 * points + np.roll(points, -1, axis=0)) / 4
        else:
            points = points.copy()
            points[1:-1] = (points[:-2] + 2 * points[1:-1] + points[2:]) / 4
    return points


def _centred(ink: _Ink, points: np.ndarray, path: _Path) -> np.ndarray:
    """Each point moved across the line towards the ridge of the field."""
    if path.closed:
        slope = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    else:
        slope = np.gradient(points, axis=0)
    across = np.stack([-slope[:, 1], slope[:, 0]], axis=1)
    across /= np.maximum(np.sqrt((across**2).sum(axis=1)), 1e-9)[:, None]
    # a ridge like a roof: half the difference of both sides is the way to its top
    shift = (ink.depth(points + across) - ink.depth(points - across)) * (contours.UP / 2)
    if not path.closed:
        shift[[0, -1]] = 0
    return points + across * shift.clip(-0.7, 0.7)[:, None]


def _to_end(ink: _Ink, points: np.ndarray) -> np.ndarray:
    """The line made longer or shorter so that its last point is half a width from the end of the ink."""
    along = _along(points)
    half = float(ink.radii(points[-6:]).max())
    back = _between(points, along, max(along[-1] - 2 * half - 1, 0.0))
    ahead = _unit(points[-1] - back)
    if not ahead.any():
        return points
    reach = np.arange(0, 4 * half + 4, 0.25)
    outside = ink.depth(points[-1] + reach[:, None] * ahead) < 0
    more = float(reach[outside.argmax()]) - half if outside.any() else 0.0
    if more > 0:
        return np.concatenate([points, (points[-1] + more * ahead)[None]])
    keep = max(along[-1] + more, 0.0)
    return np.concatenate([points[along < keep], _between(points, along, np.array([keep]))])


def _ordered(found: list[np.ndarray]) -> list[np.ndarray]:
    """Strokes in the order and the direction of a writing hand.

    Downwards, or to the right where a stroke is flat; from left to right; then bars from the top, and dots.
    """
    keyed = []
    for points in found:
        size = np.ptp(points, axis=0)
        closed = bool((points[0] == points[-1]).all())
        if closed:
            points = _from_top(points)
        else:
            way = points[-1] - points[0]
            if way[1] < 0.3 * -abs(way[0]) or (way[1] <= 0.3 * abs(way[0]) and way[0] < 0):
                points = points[::-1]
        length = _along(points)[-1]
        flat = not closed and size[0] > 2 * size[1] and length < 1.4 * size[0]
        rank = 2 if length <= 2 * _DOT + 2 else 1 if flat else 0
        keyed.append((rank, float(points[:, 1].mean() if rank == 1 else points[:, 0].min()), points))
    return [points for _, _, points in sorted(keyed, key=lambda item: item[:2])]


def _from_top(points: np.ndarray) -> np.ndarray:
    """A closed stroke from its top, anticlockwise as seen."""
    ring = points[:-1]
    ring = np.roll(ring, -int(ring[:, 1].argmin()), axis=0)
    x, y = ring.T
    # y grows downwards: a positive area is clockwise
    if float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum()) > 0:
        ring = np.roll(ring[::-1], 1, axis=0)
    return np.concatenate([ring, ring[:1]])

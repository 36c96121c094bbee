"""Skeletons: ink thinned to lines of one pixel, and those lines as graphs of branches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

AT_ONCE = 32
"""Pictures that are thinned together: what is worked on stays in the processor's cache."""


def thinned(ink: np.ndarray) -> np.ndarray:
    """`ink` bool [n,h,w], clear along the borders, thinned to 8-connected lines (Guo, Hall 1989)."""
    table = _table()
    thin = ink.astype(np.uint8)
    going = np.arange(len(thin))  # what the last pass still changed
    while len(going):
        changed = [_pass(thin, going[at : at + AT_ONCE], table) for at in range(0, len(going), AT_ONCE)]
        going = going[np.concatenate(changed)]
    return thin.astype(bool)


def _pass(thin: np.ndarray, rows: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Both halves of a pass over the pictures `rows` int64 [k] of `thin`, in place; whether each changed, bool [k]."""
    ink = thin[rows]
    height, width = ink.shape[1:]
    code = np.zeros_like(ink)
    inner = code[:, 1:-1, 1:-1]
    changed = np.zeros(len(rows), bool)
    for half in (0, 1):
        inner[:] = 0
        for bit, (down, right) in enumerate(_AROUND):
            inner |= ink[:, 1 + down : height - 1 + down, 1 + right : width - 1 + right] << bit
        gone = table[half].take(code) & ink
        changed |= gone.any(axis=(1, 2))
        ink ^= gone
    thin[rows] = ink
    return changed


_AROUND = (-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)
"""Rows and columns of the neighbours, clockwise from above: P2 … P9 of the paper."""


def _table() -> np.ndarray:
    """Whether a pixel goes in the first and the second half of a pass, uint8 [2,256], by its neighbours' bits."""
    bits = (np.arange(256)[:, None] >> np.arange(8) & 1).astype(bool)
    p2, p3, p4, p5, p6, p7, p8, p9 = bits.T
    parts = [(p2, p3, p4), (p4, p5, p6), (p6, p7, p8), (p8, p9, p2)]
    crossings = sum((~a & (b | c)).astype(int) for a, b, c in parts)
    first = sum((a | b).astype(int) for a, b in ((p9, p2), (p3, p4), (p5, p6), (p7, p8)))
    second = sum((a | b).astype(int) for a, b in ((p2, p3), (p4, p5), (p6, p7), (p8, p9)))
    count = np.minimum(first, second)
    able = (crossings == 1) & (count >= 2) & (count <= 3)
    stay = [(p6 | p7 | ~p9) & p8, (p2 | p3 | ~p5) & p4]
    return np.stack([able & ~halt for halt in stay]).astype(np.uint8)


@dataclass(eq=False)
class Branch:
    """A line between two nodes; a closed one has one node, or two that are the same."""

    nodes: tuple[int, int]
    points: np.ndarray
    """float64 [k,2]: x, y in pixels, from the first node to the second."""


@dataclass(eq=False)
class SkeletonGraph:
    """The branches of a skeleton and the places of its nodes."""

    branches: list[Branch]
    nodes: dict[int, np.ndarray]
    """float64 [2] each: x, y in pixels."""

    def degrees(self) -> dict[int, int]:
        """How many ends of branches there are at each node."""
        degree = dict.fromkeys(self.nodes, 0)
        for branch in self.branches:
            for end in branch.nodes:
                degree[end] += 1
        return degree


def graph(skeleton: np.ndarray) -> SkeletonGraph:
    """The lines of a thinned picture bool [h,w]: nodes are free ends, lone pixels and where lines meet.

    Rings that nothing joins get a node where they are highest.
    """
    width = skeleton.shape[1]
    pixels = np.flatnonzero(skeleton.ravel()).tolist()
    near = _neighbours(set(pixels), width)
    node: dict[int, int] = {}
    places: list[np.ndarray] = []

    def place(of: list[int]) -> np.ndarray:
        return np.array([[p % width, p // width] for p in of], np.float64)

    for pixel in pixels:
        if len(near[pixel]) == 2 or pixel in node:
            continue
        cluster = [pixel]
        node[pixel] = len(places)
        if len(near[pixel]) > 2:
            for other in cluster:
                for p in near[other]:
                    if len(near[p]) > 2 and p not in node:
                        node[p] = len(places)
                        cluster.append(p)
        places.append(place(cluster).mean(axis=0))
    branches: list[Branch] = []
    seen: set[int] = set()
    used: set[tuple[int, int]] = set()

    def walk(start: int, step: int) -> None:
        line = [start, step]
        while step not in node:
            seen.add(step)
            step = next(p for p in near[step] if p != line[-2])
            line.append(step)
        used.add((line[-1], line[-2]))
        branches.append(Branch((node[start], node[step]), place(line)))

    def walks(start: int) -> None:
        for step in near[start]:
            inside = step in node and node[step] == node[start]
            if not inside and (start, step) not in used:
                used.add((start, step))
                walk(start, step)

    for pixel in list(node):
        walks(pixel)
    for pixel in pixels:
        if pixel not in node and pixel not in seen:
            node[pixel] = len(places)
            places.append(place([pixel])[0])
            walks(pixel)
    return SkeletonGraph(branches, dict(enumerate(places)))


def _neighbours(pixels: set[int], width: int) -> dict[int, list[int]]:
    """Each pixel's neighbours; diagonal ones only where no way round leads there."""
    near: dict[int, list[int]] = {}
    for p in pixels:
        up, down, left, right = (p + step in pixels for step in (-width, width, -1, 1))
        found = [p + step for step, there in ((-width, up), (width, down), (-1, left), (1, right)) if there]
        for step, blocked in (
            (-width - 1, up or left), (-width + 1, up or right), (width - 1, down or left), (width + 1, down or right),
        ):  # fmt: skip
            if not blocked and p + step in pixels:
                found.append(p + step)
        near[p] = found
    return near

"""How far places are inside the edge of what a pen covers along straight pieces of strokes, in px.

A round pen covers what is within half its width; one that swells, what is within half the width at the nearest place of
the piece. A broad nib is a rectangle: along a piece it covers a hexagon, the sum of the piece and the rectangle, which
lies between three pairs of parallel lines (Minkowski sums of convex shapes; de Berg and others, "Computational
Geometry", 3rd ed., chapter 13.3).

Float32 with + - × ÷ and square roots alone, so every machine gets the same bytes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from handsynth.arrays import Floats
from handsynth.ink import pens


@dataclass(frozen=True, eq=False)
class Pieces:
    """k straight pieces of strokes."""

    owner: np.ndarray
    """int64 [k]: the stroke of each."""
    first: np.ndarray
    """int64 [k]: the point where it begins."""
    last: np.ndarray
    """int64 [k]: where it ends; the same for a stroke of one point."""
    begin: np.ndarray
    """float32 [k,2]."""
    way: np.ndarray
    """float32 [k,2]."""

    def take(self, rows: np.ndarray) -> Pieces:
        """Some of them, int64 [k]."""
        return Pieces(self.owner[rows], self.first[rows], self.last[rows], self.begin[rows], self.way[rows])


def pieces(points: np.ndarray, strokes: np.ndarray) -> Pieces:
    """The pieces of strokes [m+1] through points [p,2]."""
    count = np.diff(strokes)
    last = np.zeros(len(points), bool)
    last[strokes[1:] - 1] = True
    single = np.repeat(count == 1, count)
    begin = np.flatnonzero(~last | single)  # a stroke of one point is a piece without length
    end = np.where(single[begin], begin, begin + 1)
    owner = np.repeat(np.arange(len(count)), count)[begin]
    return Pieces(owner, begin, end, points[begin].astype(np.float32), (points[end] - points[begin]).astype(np.float32))


class Edge(ABC):
    """The edge of the ink of k pieces, moved outwards by some px."""

    reach: np.ndarray
    """float32 [k,1] or [k,2]: how far ink lies from the piece at most, to the sides and up and down."""
    thinnest: np.ndarray
    """float32 [k]: half the width of what the pen leaves at least, before the edge is moved."""

    @abstractmethod
    def inside(self, some: np.ndarray, dx: np.ndarray, dy: np.ndarray, way: np.ndarray) -> np.ndarray:
        """How far inside the edge places are, float32 [s,tall,wide], less than nothing outside.

        `some` int64 [s]: pieces; `dx` [s,wide] and `dy` [s,tall]: from their beginnings to the places; `way` [s,2].
        """


class Round(Edge):
    """Pens as wide everywhere; `half` float32 [k]."""

    def __init__(self, half: np.ndarray, beyond: float = 0.0) -> None:
        self.half, self.thinnest = half + np.float32(beyond), half
        self.reach = self.half[:, None]

    def inside(self, some: np.ndarray, dx: np.ndarray, dy: np.ndarray, way: np.ndarray) -> np.ndarray:
        off = distances(dx, dy, way, shares(dx, dy, way))
        return np.asarray(np.subtract(self.half[some][:, None, None], off, out=off))


class Swelling(Edge):
    """Round pens that are as wide as `half` float32 [k] where pieces begin and as `until` [k] where they end."""

    def __init__(self, half: np.ndarray, until: np.ndarray, beyond: float = 0.0) -> None:
        self.half, self.more = half + np.float32(beyond), until - half
        self.thinnest = np.maximum(half, until)
        self.reach = (self.thinnest + np.float32(beyond))[:, None]

    def inside(self, some: np.ndarray, dx: np.ndarray, dy: np.ndarray, way: np.ndarray) -> np.ndarray:
        share = shares(dx, dy, way)
        wide = share * self.more[some][:, None, None]
        wide += self.half[some][:, None, None]
        off = distances(dx, dy, way, share)
        return np.asarray(np.subtract(wide, off, out=off))


class Nib(Edge):
    """Broad nibs: rectangles of half edges `half` float32 [k] and kinds `pen` [k], on pieces `way` [k,2]."""

    def __init__(self, half: np.ndarray, pen: np.ndarray, way: np.ndarray, beyond: float = 0.0) -> None:
        self.edge = pens.edges()[pen].astype(np.float32)
        self.half = half
        self.thin = half * pens.column("thin")[pen].astype(np.float32)
        u, v = way[:, 0], way[:, 1]
        length = np.maximum(np.sqrt(u * u + v * v), np.float32(1e-6))
        ex, ey = self.edge.T
        across = half * np.abs(ex * v - ey * u) + self.thin * np.abs(ex * u + ey * v)
        self.thinnest = np.maximum(across / length, self.thin)
        self.beyond = np.float32(beyond)
        self.reach = half[:, None] * pens.reach()[pen].astype(np.float32) + self.beyond

    def inside(self, some: np.ndarray, dx: np.ndarray, dy: np.ndarray, way: np.ndarray) -> np.ndarray:
        u, v = way[:, 0], way[:, 1]
        ex, ey = self.edge[some].T
        half, thin = self.half[some], self.thin[some]
        length = np.sqrt(u * u + v * v)
        dot = length < np.float32(1e-6)
        scale = 1 / np.where(dot, np.float32(1), length)
        across = np.where(dot, ex, -v * scale), np.where(dot, ey, u * scale)
        least: np.ndarray | None = None
        # the three directions across which the ink lies between two lines: those of the nib, and across the piece
        for x, y in ((ex, ey), (-ey, ex), across):
            along = x * u + y * v
            reach = (
                half * np.abs(x * ex + y * ey) + thin * np.abs(y * ex - x * ey)
                + np.float32(0.5) * np.abs(along) + self.beyond
            )  # fmt: skip
            middle = np.float32(0.5) * along
            off = (dx * x[:, None] - middle[:, None])[:, None, :] + (dy * y[:, None])[:, :, None]
            np.abs(off, out=off)
            np.subtract(reach[:, None, None], off, out=off)
            least = off if least is None else np.minimum(least, off, out=least)
        assert least is not None
        return least


def shares(dx: np.ndarray, dy: np.ndarray, way: np.ndarray) -> np.ndarray:
    """How far along pieces, 0 … 1, is what is nearest to places: float32 [k,tall,wide]."""
    u, v = way[:, 0], way[:, 1]
    scale = 1 / np.maximum(u * u + v * v, np.float32(1e-12))
    share: np.ndarray = (dx * (u * scale)[:, None])[:, None, :] + (dy * (v * scale)[:, None])[:, :, None]
    np.clip(share, 0, 1, out=share)
    return share


def distances(dx: Floats, dy: Floats, way: Floats, share: Floats) -> Floats:
    """From places to pieces, which are nearest at `share`, which is lost: float32 [k,tall,wide]."""
    u, v = way[:, 0], way[:, 1]
    result = dx[:, None, :] - share * u[:, None, None]
    share *= v[:, None, None]
    np.subtract(dy[:, :, None], share, out=share)
    result *= result
    share *= share
    result += share
    np.sqrt(result, out=result)
    return result

"""Left and right edges of ink, row by row: all that distances between glyphs need of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink.fields import above


@dataclass(frozen=True)
class Profiles:
    """Left and right edges of the ink of n glyphs, row by row, in x-heights from the frame's centre line."""

    left: Floats
    """[n,H]; +inf in rows without ink."""
    right: Floats
    """[n,H]; -inf in rows without ink."""
    taken: tuple[Profiles, np.ndarray] | None = field(default=None, repr=False)
    """The profiles that these were taken from, and which of them."""
    known: dict[tuple[float, float], tuple[Floats, Floats]] = field(default_factory=dict, repr=False)
    """Leaning edges that were worked out already, by slope and reach."""

    def __len__(self) -> int:
        return len(self.left)

    def take(self, index: np.ndarray) -> Profiles:
        """Some of them, in any order and number; what they lean is worked out but once."""
        return Profiles(self.left[index], self.right[index], (self, index))

    def raised(self, rows: np.ndarray) -> Profiles:
        """The same ink higher by whole `rows` int64 [n], or lower; what leaves the frame is cut off."""
        count, size = self.left.shape
        moved = np.abs(rows).max(initial=0)
        if not moved:
            return self
        seen = np.clip(np.arange(size) + rows[:, None] + moved, 0, size + 2 * moved - 1)
        beyond = np.full((count, moved), np.inf)
        left, right = (
            np.take_along_axis(np.concatenate([side * beyond, edge, side * beyond], axis=1), seen, axis=1)
            for side, edge in ((1, self.left), (-1, self.right))
        )
        return Profiles(left, right)

    def left_leaning(self, frame: Frame, slope: float, reach: float) -> Floats:
        """Left edges [n,H] as they are seen `reach` up and down at a loss of `slope` (see `_lean`)."""
        return self._leaning(frame, slope, reach, 0)

    def right_leaning(self, frame: Frame, slope: float, reach: float) -> Floats:
        """The same of right edges."""
        return self._leaning(frame, slope, reach, 1)

    def _leaning(self, frame: Frame, slope: float, reach: float, side: int) -> Floats:
        if self.taken:
            whole, index = self.taken
            edge: Floats = whole._leaning(frame, slope, reach, side)[index]
            return edge
        if (slope, reach) not in self.known:
            leaning = -_lean(-self.left, frame, slope, reach), _lean(self.right, frame, slope, reach)
            self.known[slope, reach] = leaning
        return self.known[slope, reach][side]

    @cached_property
    def blank(self) -> np.ndarray:
        """bool [n]: glyphs without any ink."""
        if self.taken:
            whole, index = self.taken
            return np.asarray(whole.blank[index])
        return np.asarray(np.all(np.isinf(self.left), axis=1))

    def box(self) -> tuple[Floats, Floats]:
        """Leftmost and rightmost ink, each [n]; 0 for glyphs without ink."""
        return self._box

    @cached_property
    def _box(self) -> tuple[Floats, Floats]:
        if self.taken:
            whole, index = self.taken
            left, right = whole.box()
            return left[index], right[index]
        blank = self.blank
        return np.where(blank, 0.0, self.left.min(axis=1)), np.where(blank, 0.0, self.right.max(axis=1))


def profiles(fields: np.ndarray, frame: Frame) -> Profiles:
    """Profiles of `fields` [n,H,H]: where level zero is crossed, between pixels, linearly."""
    inside = above(fields)
    has = inside.any(axis=2)
    row = np.arange(fields.shape[1])[None, :]
    item = np.arange(len(fields))[:, None]
    size = fields.shape[2]

    def edge(column: np.ndarray, outward: int) -> Floats:
        beyond = np.clip(column + outward, 0, size - 1)
        ink = fields[item, row, column].astype(np.float64)
        paper = fields[item, row, beyond].astype(np.float64)
        step = np.where(paper < ink, ink / np.where(paper < ink, ink - paper, 1.0), 0.5)
        crossing: Floats = (column + 0.5 + outward * np.minimum(step, 1.0) - size / 2) / frame.xheight
        return crossing

    left = edge(inside.argmax(axis=2), -1)
    right = edge(size - 1 - inside[:, :, ::-1].argmax(axis=2), 1)
    return Profiles(np.where(has, left, np.inf), np.where(has, right, -np.inf))


def _lean(edge: Floats, frame: Frame, slope: float, reach: float) -> Floats:
    """The rightmost edge that each row sees when looking `reach` up and down too, at a loss of `slope`."""
    rows = min(int(round(reach * frame.xheight)), frame.size - 1)
    seen, far = edge, 0
    while far < rows:
        # what neighbours `offset` away have seen as far as `far` themselves reaches twice as far
        offset = min(far + 1, rows - far)
        loss = slope * offset / frame.xheight
        wider = seen.copy()
        np.maximum(wider[:, offset:], seen[:, :-offset] - loss, out=wider[:, offset:])
        np.maximum(wider[:, :-offset], seen[:, offset:] - loss, out=wider[:, :-offset])
        seen, far = wider, far + offset
    return seen

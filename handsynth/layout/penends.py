"""Ends: where a pen may come from and go on in glyphs, as columns."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True, eq=False)
class Ends:
    """Where a pen may come from and go on in n glyphs. Points and ways in frame px, y down."""

    entry: np.ndarray
    """float64 [n,2]."""
    into: np.ndarray
    """float64 [n,2]: unit direction in which the first stroke begins."""
    enters: np.ndarray
    """bool [n]: whether a join may lead there."""
    retraced: np.ndarray
    """int64 [n]: after how many points of its first stroke a letter is entered that is entered over its top: the pen
    goes back along them to where the letter begins."""
    rises: np.ndarray
    """int64 [n]: at which point of its first stroke an upstroke begins that the letter begins with; -1: it has none."""
    slopes: np.ndarray
    """bool [n]: whether a pen from above would spoil its beginning: leave out the upstroke of an s, which is a part of
    it, or make an r on its way to the top of an x."""
    exit: np.ndarray
    out: np.ndarray
    """float64 [n,2]: unit direction in which the stroke ends."""
    leaves: np.ndarray
    """bool [n]."""
    stroke: np.ndarray
    """int64 [n]: which of the glyph's strokes is left."""
    returns: np.ndarray
    """int64 [n]: over how many of that stroke's last points the pen goes back to where it leaves the letter."""

    arms: np.ndarray
    """bool [n]: whether it ends with an arm that goes up to its top, as a v, which is no tail."""
    pointed: np.ndarray
    """bool [n]: whether a join from below would make it another letter: a v that begins with a point a w, a curled x
    an a."""

    def take(self, rows: np.ndarray) -> Ends:
        return Ends(*(getattr(self, column.name)[rows] for column in fields(self)))

    @staticmethod
    def nowhere(count: int) -> Ends:
        """Of `count` glyphs that can neither be entered nor left."""

        def ways() -> np.ndarray:
            return np.tile([1.0, 0.0], (count, 1))

        def no(kind: type) -> np.ndarray:
            return np.zeros(count, kind)

        return Ends(
            entry=np.zeros((count, 2)),
            into=ways(),
            enters=no(bool),
            retraced=no(np.int64),
            rises=no(np.int64) - 1,
            slopes=no(bool),
            exit=np.zeros((count, 2)),
            out=ways(),
            leaves=no(bool),
            stroke=no(np.int64),
            returns=no(np.int64),
            arms=no(bool),
            pointed=no(bool),
        )

"""Where marks belong on drawn letters: the places to which composing would carry them, for fonts that say so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink import compose, pencompose
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.text.signs import Piece

ANCHORED = ("above", "below", "foot", "beside", "across")
"""Anchors that are one place of a letter, whatever the mark."""


def kind(piece: Piece) -> Piece | None:
    """A mark without size at the place to which `piece` is carried; None where that depends on its drawing."""
    if piece.anchor not in ANCHORED:
        return None
    return Piece("", dy=piece.dy if piece.anchor == "across" else 0.0, anchor=piece.anchor, side=piece.side)


def anchors(glyphs: Glyphs, kinds: Sequence[Piece], frame: Frame) -> np.ndarray:
    """Places float64 [n,k,2] of `kinds` on each of the glyphs [n], in x-heights from the glyph's point, y up."""
    result = np.empty((len(glyphs), len(kinds), 2))
    for row in range(len(glyphs)):
        one = glyphs.take(slice(row, row + 1))
        if isinstance(one, PenGlyphs):
            result[row] = pencompose.anchors(kinds, one.paths, frame)
        else:
            result[row] = compose.anchors(kinds, one.fields()[0].astype(np.float32), frame)
    return result


def bare(kinds: Sequence[Piece]) -> np.ndarray:
    """The same [k,2] where there is no letter: a mark that is drawn by itself hangs there."""
    limits = -np.inf, np.inf
    none = 0.0, 0.0, -1.0, 0.0
    return np.array([compose.target(piece, compose.POINT, none, lambda *_: (0.0, 0.0), limits) for piece in kinds])

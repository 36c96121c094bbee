"""What a model's decoder says, as glyphs: fields, or strokes by a pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.model.model import Model

PLAIN_PEN = 0.13
"""Width of the pen in x-heights of styles that are no hands."""


def decoded(
    model: Model, index: np.ndarray, style: np.ndarray, variation: np.ndarray, offsets: np.ndarray | None = None,
    contexts: np.ndarray | None = None,
) -> Glyphs:  # fmt: skip
    """Drawings of characters int64 [n] from styles [n,S] and variations [n,V]; strokes by a plain pen.

    `offsets` f32 [n,P,2] move the points of strokes; `contexts` f32 [n,CONTEXT]: see `Model.decode_joined`.
    """
    if not model.strokes:
        return FieldGlyphs(model.decode(index, style, variation))
    if contexts is not None and contexts.any():
        points, exist = model.decode_joined(index, variation, contexts)
    else:
        points, exist = model.decode_strokes(index, style, variation)
    if offsets is not None:
        points = points + offsets
    return PenGlyphs(_paths(points, exist > 0, model.card.slots, PLAIN_PEN * model.frame.xheight), model.frame.size)


def _paths(points: np.ndarray, exist: np.ndarray, slots: Sequence[int], width: float) -> Paths:
    """Of points f32 [n,P,2] those of strokes that exist, bool [n,K]."""
    length = np.array(slots, np.int64)
    counts = np.broadcast_to(length, exist.shape)[exist]
    keep = np.repeat(exist, length, axis=1)
    return Paths(
        points[keep],
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([[0], np.cumsum(exist.sum(axis=1))]),
        np.full(len(counts), width, np.float32),
    )


def by_pens(found: Glyphs, widths: np.ndarray, kinds: np.ndarray | None = None) -> PenGlyphs:
    """Strokes by pens of these widths, px [n], and kinds, uint8 [n]."""
    assert isinstance(found, PenGlyphs)
    paths = found.paths
    pen = kinds[paths.owner] if kinds is not None and kinds.any() else None
    return PenGlyphs(replace(paths, width=widths.astype(np.float32)[paths.owner], pen=pen), found.size)


def nothing(model: Model) -> Glyphs:
    """No glyph, of the kind that the model draws."""
    size = model.frame.size
    if model.strokes:
        return PenGlyphs(Paths.empty(0), size)
    return FieldGlyphs(np.empty((0, size, size), np.float32))

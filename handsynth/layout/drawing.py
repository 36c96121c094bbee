"""Drawing the glyphs of scripts, their pieces composed, and the profiles of their ink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from handsynth import noise
from handsynth.arrays import Floats, middle
from handsynth.frame import Frame
from handsynth.ink import pencompose
from handsynth.ink.compose import box, compose
from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs, joined
from handsynth.ink.paths import Paths
from handsynth.layout.words import Script
from handsynth.text.signs import Piece, as_drawn

_CHUNK = 1024


class GlyphDrawer(Protocol):
    """Draws characters `index` int64 [n] under the noise of `places` uint64 [n], in their `contexts` [n,CONTEXT]."""

    def __call__(self, index: np.ndarray, places: np.ndarray, *, contexts: Floats | None = None) -> Glyphs: ...


def draw_glyphs(
    glyphs: Sequence[tuple[Script, int]], draw: GlyphDrawer, index: Mapping[str, int], frame: Frame, seeds: np.ndarray,
    contexts: Floats | None = None,
) -> Glyphs:  # fmt: skip
    """The glyphs of scripts, each given by its script and its number there; bounded memory beside them.

    `index`: of each character in the charset that `draw` knows; `seeds` uint64: of each glyph, for boxes; `contexts`
    f32 [n,CONTEXT]: see `contexts.contexts`; None: no letter is drawn for its neighbours.
    """
    parts = [
        _part(glyphs[part], draw, index, frame, seeds[part], None if contexts is None else contexts[part])
        for part in (slice(start, start + _CHUNK) for start in range(0, max(1, len(glyphs)), _CHUNK))
    ]
    return joined(parts, frame.size)


def _part(
    glyphs: Sequence[tuple[Script, int]], draw: GlyphDrawer, index: Mapping[str, int], frame: Frame, seeds: np.ndarray,
    contexts: Floats | None,
) -> Glyphs:  # fmt: skip
    chars: list[int] = []
    places: list[int] = []
    items: list[tuple[Piece, ...]] = []
    order: list[int] = []
    texts: list[int] = []
    missing: list[tuple[int, np.ndarray]] = []
    first: list[int] = []  # of each glyph that has pieces: its number, and where its first piece stands
    where: list[int] = []
    for number_of, ((script, glyph), seed) in enumerate(zip(glyphs, seeds.tolist(), strict=True)):
        item = script.items[glyph]
        if item.kind == "box":
            order.append(-1 - len(missing))
            missing.append((id(script), noise.uniforms(seed, "glyph", script.place[glyph : glyph + 1], 8)[0]))
            continue
        order.append(len(items))
        items.append(item.pieces)
        first.append(number_of)
        where.append(len(chars))
        for number, piece in enumerate(item.pieces):
            chars.append(index[piece.char])
            places.append(script.piece_place(glyph, number) if number else int(script.place[glyph]))
            texts.append(id(script))
    told = None
    if contexts is not None:
        # marks and the like know no neighbours
        told = np.zeros((len(chars), contexts.shape[1]), np.float32)
        told[where] = contexts[first]
    drawn = draw(np.array(chars, np.int64), np.array(places, np.uint64), **({} if told is None else {"contexts": told}))
    found = composed(items, drawn, frame)
    if not missing:
        return found
    place = np.array(order)
    place = np.where(place < 0, len(items) - 1 - place, place)
    # with the pen of their own text
    pens = {text: drawn.take(np.array(texts) == text) if text in texts else drawn for text, _ in missing}
    drawn_boxes = [boxes([jitter], pens[text], frame) for text, jitter in missing]
    return joined([found, *drawn_boxes], frame.size).take(place)


def composed(items: Sequence[tuple[Piece, ...]], drawn: Glyphs, frame: Frame) -> Glyphs:
    """One glyph for each of `items`, from the drawings of all their pieces, one after the other."""
    if isinstance(drawn, PenGlyphs):
        return PenGlyphs(pencompose.compose(items, drawn.paths, frame), frame.size)
    fields = drawn.fields()
    if all(as_drawn(items)):
        return FieldGlyphs(fields)
    result, at = np.empty((len(items), frame.size, frame.size), np.float16), 0
    for row, pieces in enumerate(items):
        result[row] = compose(pieces, fields[at : at + len(pieces)], frame)
        at += len(pieces)
    return FieldGlyphs(result)


def boxes(jitters: Sequence[np.ndarray], drawn: Glyphs, frame: Frame) -> Glyphs:
    """Boxes for what is missing, drawn as `drawn` is; `jitters`: 8 numbers in [0, 1) for each."""
    if isinstance(drawn, PenGlyphs):
        width = float(middle(drawn.paths.width)) if len(drawn.paths.width) else 0.12 * frame.xheight
        made = [pencompose.box(frame, jitter, width, drawn.paths.first_pen) for jitter in jitters]
        return PenGlyphs(Paths.joined(made), frame.size)
    return FieldGlyphs(np.stack([box(frame, jitter) for jitter in jitters]).astype(np.float16))

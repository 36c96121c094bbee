"""Drawing the glyphs of scripts, their pieces composed, and the profiles of their ink."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from handsynth import noise
from handsynth.frame import Frame
from handsynth.layout import spacing
from handsynth.layout.compose import box, compose
from handsynth.layout.words import Script

_CHUNK = 1024


class Draw(Protocol):
    """Draws characters `index` int64 [n] under the noise of `places` uint64 [n]: fields f32 [n,H,H]."""

    def __call__(self, index: np.ndarray, places: np.ndarray) -> np.ndarray: ...


def draw_glyphs(
    glyphs: Sequence[tuple[Script, int]], draw: Draw, index: Mapping[str, int], frame: Frame, seed: int
) -> np.ndarray:
    """Fields float16 [n,H,H] of glyphs, each given by its script and its number there; bounded memory beside them.

    `index`: of each character in the charset that `draw` knows.
    """
    result = np.empty((len(glyphs), frame.size, frame.size), np.float16)
    for start in range(0, len(glyphs), _CHUNK):
        part = glyphs[start : start + _CHUNK]
        chars, places = [], []
        for script, glyph in part:
            for number, piece in enumerate(script.items[glyph].pieces):
                chars.append(index[piece.char])
                places.append(script.piece_place(glyph, number) if number else int(script.place[glyph]))
        fields = draw(np.array(chars, np.int64), np.array(places, np.uint64)) if chars else np.empty(0)
        at = 0
        for row, (script, glyph) in enumerate(part, start):
            item = script.items[glyph]
            if item.kind == "box":
                jitter = noise.uniforms(seed, "glyph", script.place[glyph : glyph + 1], 8)[0]
                result[row] = box(frame, jitter)
            else:
                result[row] = compose(item.pieces, fields[at : at + len(item.pieces)], frame)
                at += len(item.pieces)
    return result


def profiles_of(drawn: np.ndarray, frame: Frame) -> spacing.Profiles:
    parts = [spacing.profiles(drawn[i : i + _CHUNK], frame) for i in range(0, len(drawn), _CHUNK)]
    return spacing.Profiles(np.concatenate([p.left for p in parts]), np.concatenate([p.right for p in parts]))

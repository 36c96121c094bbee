"""Small capitals: hands whose small letters have the forms of capitals, somewhat lower, as on technical drawings."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from handsynth.hands.hand import Hand
from handsynth.ink.compose import transform
from handsynth.ink.glyph import FieldGlyphs, Glyphs, PenGlyphs
from handsynth.model.model import Model
from handsynth.text.charset import index_table


def meant(
    model: Model, hands: Sequence[Hand], owner: np.ndarray, index: np.ndarray, *, own: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Which characters int64 [n] are drawn for the characters `index` [n] of hands `owner` [n], and how large f32 [n].

    Both count in `Model.repertoire`; sizes are shares of the drawing's, 1 for all that is drawn as it is. `own`: only
    capitals of the model itself, without the bank's.
    """
    index = np.asarray(index)
    size = np.ones(len(index), np.float32)
    if not any(hand.small_capitals for hand in hands):
        return index, size
    shares = np.array([hand.small_capitals or 1.0 for hand in hands], np.float32)[owner]
    capital = _capitals(model.repertoire)[index]
    there = capital < len(model.charset) if own else True
    those = np.array([hand.small_capitals is not None for hand in hands], bool)[owner]
    small = (capital != index) & those & there
    return np.where(small, capital, index), np.where(small, shares, size)


def scaled(found: Glyphs, size: np.ndarray, model: Model) -> Glyphs:
    """Drawings so many times as large, f32 [n], about the middle of the baseline, with the same pen."""
    if not len(found) or (size == 1).all():
        return found
    frame = model.frame
    if not isinstance(found, PenGlyphs):
        fields = [
            field if share == 1 else transform(field, frame, scale=share, wide=1.0, angle=0.0, dx=0.0, dy=0.0)
            for field, share in zip(found.fields().astype(np.float32), size.tolist(), strict=True)
        ]
        return FieldGlyphs(np.array(fields, np.float16))
    middle = np.array([frame.size / 2, frame.baseline])
    matrices = np.zeros((len(found), 2, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = size
    matrices[:, :, 2] = middle * (1 - size.astype(np.float64)[:, None])
    return PenGlyphs(found.paths.moved(matrices), found.size)


def seen(text: str) -> str:
    """What is read where small letters have the forms of capitals."""
    return "".join(_capital(char) for char in text)


def _capital(char: str) -> str:
    """Its capital, if that is one character. Signs like µ are no letters here."""
    capital = char.upper()
    return capital if len(capital) == 1 and unicodedata.normalize("NFKC", char) == char else char


@lru_cache(4)
def _capitals(repertoire: tuple[str, ...]) -> np.ndarray:
    """The place of each character's capital int64 [R]; its own where it has none."""
    places = index_table(repertoire)
    return np.array([places.get(_capital(char), place) for place, char in enumerate(repertoire)], np.int64)

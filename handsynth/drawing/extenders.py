"""Hands whose extenders are longer or shorter than their style's: what they draw."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from handsynth.hands.hand import Hand
from handsynth.ink.extenders import stretched
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.model.model import Model


def extended(model: Model, hands: Sequence[Hand], owner: np.ndarray, index: np.ndarray, found: Glyphs) -> Glyphs:
    """Drawings `found` [n] of characters `index` [n] of the charset, with extenders as those of hands `owner` [n].

    Signs that are no letters have none.
    """
    if not isinstance(found, PenGlyphs) or not any(hand.extends for hand in hands):
        return found
    lengths = np.array([(hand.ascenders, hand.descenders) for hand in hands])[owner]
    lengths[~_letters(model.charset)[index]] = 1
    return PenGlyphs(stretched(found.paths, lengths[:, 0], lengths[:, 1], model.frame), found.size)


@lru_cache(4)
def _letters(charset: tuple[str, ...]) -> np.ndarray:
    """Which characters are letters, bool [C]."""
    return np.array([char.isalpha() for char in charset], bool)

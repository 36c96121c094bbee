"""How a hand's letters stray from the line and from even gaps: in part always alike, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth import noise


def habits(key: int, texts: Sequence[str]) -> np.ndarray:
    """What is the own of a hand with this key in letters that write `texts` [n], float64 [n,3].

    Normal: of the gap before, of the gap after, and of the height on the line.
    """
    places = np.array([noise.key_of("stray", text) for text in texts], np.uint64)
    return noise.normals(key, "hand", places, 3).astype(np.float64)

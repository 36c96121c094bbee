"""Which letters a hand that joins writes as in joined writing, and in which style."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from handsynth import noise

if TYPE_CHECKING:
    from handsynth.model.model import Model

CURSIVE, MOST = (0.1, 0.5), 0.7
"""Hands that join no larger share of their letters print all of them; of those that join so many, and more, this share
writes a d, an r, an s as in joined writing: in words of people who join, most r come down to the line (UNIPEN)."""


def writes_cursive(key: int, char: str, joined: float) -> bool:
    """Whether it writes a letter as in joined writing, of which there is another form."""
    at = float(noise.uniforms(key, "hand", np.array([noise.key_of("cursive", char)], np.uint64), 1)[0, 0])
    return at < MOST * min((joined - CURSIVE[0]) / (CURSIVE[1] - CURSIVE[0]), 1)


def nearest(model: Model, style: np.ndarray, chars: Iterable[str]) -> dict[str, tuple[float, ...]]:
    """Of the styles in which the model writes characters as in joined writing, the nearest to a style f32 [S] each."""
    found = {}
    for char in chars:
        rows = np.array(model.card.cursive.get(char, ()), np.float32)
        if len(rows):
            far = ((rows.astype(np.float64) - style) ** 2).sum(axis=1)
            found[char] = tuple(rows[far.argmin()].tolist())
    return found

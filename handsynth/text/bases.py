"""What a letter with marks is without them."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Sequence
from functools import cache

import numpy as np

_WHOLE = dict(zip("ıȷđĐłŁħĦŧŦæœ", "ijdDlLhHtTaa", strict=True))
"""Letters that Unicode does not take apart; not ø, whose slash runs through what a join would start from. Ligatures are
entered over their bowl, and left at their right foot, as an a."""


@cache
def base(text: str) -> str:
    """The letter that `text` is without marks: `o` of `ő`, `l` of `ł`; `text` itself if that is none with marks."""
    parts = unicodedata.normalize("NFD", text)
    if not parts or not all(unicodedata.combining(char) for char in parts[1:]):
        return text
    return _WHOLE.get(parts[0], parts[0])


def among(texts: Sequence[str], rows: np.ndarray, letters: Container[str]) -> np.ndarray:
    """Which of `texts` [n] at `rows` int64 [m] are of `letters` without their marks, bool [m]."""
    return np.array([base(texts[row]) in letters for row in rows.tolist()], bool)

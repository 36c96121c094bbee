"""How high, how low and how wide each character usually is, in x-heights.

The table `assets/extents.json` holds the medians over everyday handwriting fonts; `python -m train extents` makes
it.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib import resources
from typing import NamedTuple


class Extents(NamedTuple):
    """The usual ink box of a character, in x-heights; heights are above the baseline (below is negative)."""

    top: float
    bottom: float
    width: float

    @property
    def height(self) -> float:
        return self.top - self.bottom


@cache
def table() -> dict[str, Extents]:
    """Every character that was measured."""
    text = resources.files("handsynth").joinpath("assets/extents.json").read_text(encoding="utf-8")
    return {char: Extents(*box) for char, box in json.loads(text)["characters"].items()}


def extents(char: str) -> Extents:
    """The usual box of `char`; of its base letter, or of a capital or small letter, where it was not
    measured."""
    known = table()
    if char in known:
        return known[char]
    base = unicodedata.normalize("NFKD", char)[:1]
    if base in known:
        return known[base]
    return known["x" if char.islower() else "H"]

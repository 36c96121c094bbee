"""Combining marks of a font: drawings by the same hand, and the places where they belong on letters and on each other.

Programs mostly compose decomposed text before they ask a font (Unicode's NFC). What has no composed character, or none
in the font, is a letter and marks: those are put where the recipes would put them on that very drawing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.fonts.repertoire import Repertoire
from handsynth.fonts.written import written
from handsynth.hands.hand import Hand
from handsynth.ink.anchors import anchors, bare, kind
from handsynth.ink.glyph import Glyphs
from handsynth.model.model import Model
from handsynth.text.signs import Piece

BACK = 0.55
"""How far a mark's middle lies before its origin, in x-heights: over a small letter where no program moves it."""

STACKED = ("above", "below")
"""Marks that stand on each other."""


@dataclass(frozen=True, eq=False)
class Marks:
    """m combining marks, a drawing of each. Places are in x-heights from a glyph's point, y up."""

    chars: tuple[str, ...]
    """[m], in the order of their code points."""
    glyphs: Glyphs
    """[m]."""
    kinds: tuple[Piece, ...]
    """[k]: the places that letters have for them."""
    kind: np.ndarray
    """int64 [m]: the place of each mark."""
    own: np.ndarray
    """float64 [k,2]: where marks are held."""
    letters: np.ndarray
    """int64 [l]: the font's glyphs that take marks."""
    places: np.ndarray
    """float64 [l,k,2]: where on them."""
    stacked: np.ndarray
    """float64 [m,k,2]: where marks take other ones."""


def marks(
    model: Model, hand: Hand, chosen: Repertoire, glyphs: Glyphs, variants: int, seed: int,
    dials: tuple[float, float], legibility: int,
) -> Marks | None:  # fmt: skip
    """The marks of a font whose drawings are `glyphs`, N of each character; None where it has none."""
    found = [(char, pieces, place) for char, pieces in chosen.marks if (place := kind(pieces[0]))]
    if not found:
        return None
    kinds = tuple(dict.fromkeys(place for _, _, place in found))
    drawn = written(model, hand, [(char, 0, pieces) for char, pieces, _ in found], seed, dials, legibility)
    able = [i for i, char in enumerate(chosen.chars) if char.isalnum() and chosen.pieces[i]]
    letters = (np.array(able, np.int64)[:, None] * variants + np.arange(variants)).ravel()
    return Marks(
        tuple(char for char, _, _ in found),
        drawn,
        kinds,
        np.array([kinds.index(place) for _, _, place in found]),
        bare(kinds),
        letters,
        anchors(glyphs.take(letters), kinds, model.frame),
        anchors(drawn, kinds, model.frame),
    )

"""What can be chosen about a font's files beside what is in the font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from handsynth import dials
from handsynth.dials import documented
from handsynth.dials.choices import Dialect, Strikes
from handsynth.dials.renamed import fields_earlier
from handsynth.errors import InputError
from handsynth.units import RGBA

MAX_SIZES = 20
STRIKES: tuple[Strikes, ...] = get_args(Strikes)
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


@fields_earlier
@documented(
    ink="Colour of the strikes of sbix and CBDT: red, green, blue and alpha, 0 to 255 each.",
    kerning="Distances of pairs of letters from their ink; False leaves them out.",
)
@dataclass(frozen=True)
class Options:
    """Options of all writers; each reads those that concern it."""

    sizes: tuple[int, ...] = dials.default("sizes")
    """Pixels per em of bitmap fonts; formats of one size get a file for each."""
    strikes: Strikes = dials.default("strikes")
    """Bitmaps in an OpenType font, and in which tables; none by default."""
    depth: int = int(dials.default("depth"))
    """Bits per pixel of strikes in EBDT."""
    ink: RGBA = (0, 0, 0, 255)
    """Colour of the strikes of sbix and CBDT."""
    dialect: Dialect = dials.default("dialect")
    """Of BMFont descriptions."""
    distance: int = dials.default("distance")
    """BMFont pages hold the distance to the edge, as far as so many pixels; 0: coverage."""
    texture_size: int = dials.default("texture_size")
    """Greatest width and height of a BMFont texture or glyph sheet, in pixels."""
    padding: int = dials.default("padding")
    """Empty pixels around each glyph that belong to it."""
    spacing: int = dials.default("spacing")
    """Empty pixels between glyphs that belong to none."""
    kerning: bool = dials.default("kerning")
    """False leaves kerning out."""
    single_line: bool = dials.default("single_line")
    """The lines of the pen instead of the edges of the ink, in formats that can hold both."""


def sizes_of(text: str) -> tuple[int, ...]:
    """Sizes as people type them, like `16,24,32`. Raises InputError."""
    try:
        sizes = tuple(sorted({int(part.strip().removesuffix("px")) for part in text.split(",")}))
    except ValueError:
        raise InputError(f"sizes are {text!r}; give pixels per em like 16,24,32") from None
    if len(sizes) > MAX_SIZES:
        raise InputError(f"{len(sizes)} sizes are too many for one font; give at most {MAX_SIZES}")
    return sizes

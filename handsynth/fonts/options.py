"""What can be chosen about a font's files beside what is in the font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from handsynth.dials import documented
from handsynth.dials.renamed import fields_earlier
from handsynth.errors import InputError
from handsynth.units import RGBA

MAX_SIZES = 20
Strikes = Literal["", "sbix", "cbdt", "ebdt"]
STRIKES: tuple[Strikes, ...] = ("", "sbix", "cbdt", "ebdt")
Dialect = Literal["text", "xml", "json", "binary"]
DIALECTS: tuple[Dialect, ...] = ("text", "xml", "json", "binary")


@fields_earlier
@documented(
    ink="Colour of the strikes of sbix and CBDT: red, green, blue and alpha, 0 to 255 each.",
    kerning="Distances of pairs of letters from their ink; False leaves them out.",
)
@dataclass(frozen=True)
class Options:
    """Options of all writers; each reads those that concern it."""

    sizes: tuple[int, ...] = (32,)
    """Pixels per em of bitmap fonts; formats of one size get a file for each."""
    strikes: Strikes = ""
    """Bitmaps in an OpenType font, and in which tables; none by default."""
    depth: int = 8
    """Bits per pixel of strikes in EBDT."""
    ink: RGBA = (0, 0, 0, 255)
    """Colour of the strikes of sbix and CBDT."""
    dialect: Dialect = "text"
    """Of BMFont descriptions."""
    distance: int = 0
    """BMFont pages hold the distance to the edge, as far as so many pixels; 0: coverage."""
    texture_size: int = 1024
    """Greatest width and height of a BMFont texture or glyph sheet, in pixels."""
    padding: int = 0
    """Empty pixels around each glyph that belong to it."""
    spacing: int = 1
    """Empty pixels between glyphs that belong to none."""
    kerning: bool = True
    """False leaves kerning out."""
    single_line: bool = False
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

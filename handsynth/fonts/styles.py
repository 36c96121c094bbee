"""What a style's name says: its weight, its width and whether it is italic, as OpenType counts them.

Words and numbers after usWeightClass and usWidthClass of the OpenType specification (OS/2), and those of fontconfig.
"""

from __future__ import annotations

from dataclasses import dataclass

_WEIGHTS = {
    "thin": 100, "hairline": 100,
    "extralight": 200, "ultralight": 200,
    "light": 300,
    "": 400, "regular": 400, "normal": 400, "book": 400, "roman": 400,
    "medium": 500,
    "semibold": 600, "demibold": 600, "demi": 600,
    "bold": 700,
    "extrabold": 800, "ultrabold": 800,
    "black": 900, "heavy": 900,
    "extrablack": 950, "ultrablack": 950,
}  # fmt: skip
_WIDTHS = {
    "ultracondensed": 1, "extracondensed": 2, "condensed": 3, "narrow": 3, "semicondensed": 4,
    "semiexpanded": 6, "expanded": 7, "wide": 7, "extraexpanded": 8, "ultraexpanded": 9,
}  # fmt: skip
_ITALICS = ("italic", "oblique", "slanted")
_LINKED = {(400, False): "Regular", (700, False): "Bold", (400, True): "Italic", (700, True): "Bold Italic"}

REGULAR, BOLD, MEDIUM_WIDTH = 400, 700, 5


@dataclass(frozen=True)
class FontStyle:
    """A style within its family."""

    weight: int
    """usWeightClass; 400 where the name says nothing of it."""
    width: int
    """usWidthClass."""
    italic: bool
    linked: str
    """Its name among the four that menus of old join: Regular, Bold, Italic or Bold Italic."""
    upright: str
    """Its name without what says that it is italic, like Light; Regular where nothing is left."""
    apart: bool
    """Whether it is none of those four, so that menus of old list it as a family of its own."""

    @property
    def bold(self) -> bool:
        return self.linked.startswith("Bold")


def style_of(name: str) -> FontStyle:
    """The style of a name like `Light`, `Demi Bold` or `Black Italic`; words that are not known count nothing."""
    words = name.replace("-", " ").split()
    folded = "".join(words).casefold()
    italic = any(folded.endswith(word) for word in _ITALICS)
    kept = [word for word in words if word.casefold() not in _ITALICS]
    if italic and len(kept) == len(words):
        # written in one word, like LightItalic
        ending = next(word for word in _ITALICS if folded.endswith(word))
        kept[-1] = kept[-1][: -len(ending)]
    folded = "".join(kept).casefold()
    width = MEDIUM_WIDTH
    for word in sorted(_WIDTHS, key=len, reverse=True):
        if word in folded:
            width, folded = _WIDTHS[word], folded.replace(word, "", 1)
            break
    known = folded in _WEIGHTS
    weight = _WEIGHTS.get(folded, REGULAR)
    apart = not known or width != MEDIUM_WIDTH or weight not in (REGULAR, BOLD)
    linked = _LINKED[(REGULAR if apart else weight, italic)]
    return FontStyle(weight, width, italic, linked, " ".join(kept).strip() or "Regular", apart)

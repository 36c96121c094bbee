"""Characters that are put together from others: accents, signs, typographic twins. Tables, and what they mean.

Lengths are in x-heights, x to the right and y up; a piece is scaled, mirrored and turned about the point where the
frame's centre line meets the baseline, then shifted.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

Anchor = Literal["frame", "above", "below", "foot", "beside"]


@dataclass(frozen=True)
class Piece:
    """One drawing of a character of the model, as part of a larger sign."""

    char: str
    scale: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    angle: float = 0.0
    """Degrees, counter-clockwise."""
    wide: float = 1.0
    """Stretch along x; negative mirrors."""
    anchor: Anchor = "frame"
    """frame: as described; above, below: centred over or under the ink drawn so far, clear of it; foot: hung onto
    its lower edge; beside: upper right of it."""
    cut: float | None = None
    """Only what lies below this height is drawn: the stem of an i."""
    joined: bool = False
    """Anchored like the piece before it, not above or below that one: the second dot of a diaeresis."""


def _marks(anchor: Anchor, *pieces: Piece) -> tuple[Piece, ...]:
    return tuple(replace(piece, anchor=anchor, joined=i > 0) for i, piece in enumerate(pieces))


MARKS: dict[str, tuple[tuple[Piece, ...], ...]] = {
    # combining mark: ways to draw it, the best first
    "\u0300": (_marks("above", Piece("`")),),
    "\u0301": (_marks("above", Piece("´")), _marks("above", Piece("`", wide=-1))),
    "\u0302": (_marks("above", Piece("ˆ")), _marks("above", Piece("^", 0.8))),
    "\u0303": (_marks("above", Piece("˜")), _marks("above", Piece("~", 0.75))),
    "\u0304": (_marks("above", Piece("¯")), _marks("above", Piece("-", 0.9))),
    "\u0306": (_marks("above", Piece("˘")), _marks("above", Piece("(", 0.38, angle=90))),
    "\u0307": (_marks("above", Piece("˙")), _marks("above", Piece("."))),
    "\u0308": (_marks("above", Piece("¨")), _marks("above", Piece(".", dx=-0.22), Piece(".", dx=0.22))),
    "\u030a": (_marks("above", Piece("˚")), _marks("above", Piece("°", 0.8)), _marks("above", Piece("o", 0.42))),
    "\u030b": (
        _marks("above", Piece("˝")),
        _marks("above", Piece("´", dx=-0.17), Piece("´", dx=0.17)),
        _marks("above", Piece("`", wide=-1, dx=-0.17), Piece("`", wide=-1, dx=0.17)),
    ),
    "\u030c": (_marks("above", Piece("ˇ")), _marks("above", Piece("^", 0.8, angle=180))),
    "\u030f": (_marks("above", Piece("`", dx=-0.17), Piece("`", dx=0.17)),),
    "\u0311": (_marks("above", Piece("(", 0.38, angle=-90)),),
    "\u0312": (_marks("above", Piece(",", angle=180)),),
    "\u0313": (_marks("above", Piece(",")),),
    "\u0315": (_marks("beside", Piece("'", 0.75)),),
    "\u0323": (_marks("below", Piece(".")),),
    "\u0324": (_marks("below", Piece(".", dx=-0.22), Piece(".", dx=0.22)),),
    "\u0325": (_marks("below", Piece("o", 0.42)),),
    "\u0326": (_marks("below", Piece(",", 0.9)),),
    "\u0327": (_marks("foot", Piece("¸")), _marks("foot", Piece(","))),
    "\u0328": (_marks("foot", Piece("˛", dx=0.15)), _marks("foot", Piece(",", wide=-1, dx=0.15))),
    "\u0331": (_marks("below", Piece("-", 0.9)),),
}

SPACING_MARKS = {
    # a mark on its own: its combining twin, drawn over a base of x-height without ink
    "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308",
    "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip

_ALONE = {"\u0300": "`", **{mark: alone for alone, mark in SPACING_MARKS.items()}}


def mark_name(mark: str) -> str:
    """A combining mark for a message: as it stands alone, or its name."""
    return _ALONE.get(mark) or unicodedata.name(mark, "mark").removeprefix("COMBINING ").lower()


TALL_CARON = frozenset("dtlL")
"""Letters whose caron is written as an apostrophe beside them."""

COMMA_BELOW = frozenset("gGkKlLnNrR")
"""Letters whose cedilla is written as a comma below (above for g)."""

SIGNS: dict[str, tuple[Piece, ...]] = {
    "ı": (Piece("i", cut=1.15),),
    "ȷ": (Piece("j", cut=1.15),),
    "ø": (Piece("o"), Piece("/", 0.72, dy=-0.05)),
    "Ø": (Piece("O"), Piece("/", 1.0)),
    "đ": (Piece("d"), Piece("-", 0.8, dx=0.22, dy=0.68)),
    "Đ": (Piece("D"), Piece("-", 0.8, dx=-0.45, dy=0.15)),
    "ħ": (Piece("h"), Piece("-", 0.8, dx=-0.25, dy=0.68)),
    "Ħ": (Piece("H"), Piece("-", 1.0, dy=0.55, wide=2.0)),
    "ŧ": (Piece("t"), Piece("-", 0.8)),
    "Ŧ": (Piece("T"), Piece("-", 0.9, dy=0.15)),
    "ł": (Piece("l"), Piece("-", 0.9, dy=0.2, angle=25)),
    "Ł": (Piece("L"), Piece("-", 0.9, dx=-0.25, dy=0.2, angle=25)),
    "×": (Piece("x", 0.75, dy=0.18),),
    "÷": (Piece("-"), Piece(".", dy=0.85), Piece(".", dy=0.1)),
    "±": (Piece("+", 0.85, dy=0.3), Piece("-", wide=1.2, dy=-0.55)),
    "≠": (Piece("="), Piece("/", 0.75, dy=0.05)),
    "≤": (Piece("<", 0.85, dy=0.25), Piece("-", wide=1.2, dy=-0.5)),
    "≥": (Piece(">", 0.85, dy=0.25), Piece("-", wide=1.2, dy=-0.5)),
    "≈": (Piece("~", dy=0.2), Piece("~", dy=-0.2)),
    "−": (Piece("-", wide=1.3),),
    "–": (Piece("-", wide=1.5),),
    "—": (Piece("-", wide=2.4),),
    "…": (Piece(".", dx=-0.5), Piece("."), Piece(".", dx=0.5)),
    "·": (Piece(".", dy=0.5),),
    "•": (Piece(".", 2.0, dy=0.3),),
    "°": (Piece("o", 0.45, dy=1.05),),
    "©": (Piece("O", 1.15, wide=1.2, dy=-0.1), Piece("c", 0.6, dy=0.38)),
    "®": (Piece("O", 1.15, wide=1.2, dy=-0.1), Piece("R", 0.5, dy=0.35)),
    "™": (Piece("T", 0.5, dx=-0.42, dy=0.75), Piece("M", 0.5, dx=0.42, dy=0.75)),
    "€": (Piece("C"), Piece("=", 0.8, dx=-0.3, dy=0.3)),
    "¥": (Piece("Y"), Piece("=", 0.8)),
    "£": (Piece("L"), Piece("-", dx=-0.2, dy=0.15), Piece("-", 0.8, dx=0.1, dy=0.85)),
    "¢": (Piece("c"), Piece("/", 0.9, dy=-0.15)),
    "¡": (Piece("!", angle=180, dy=1.05),),
    "¿": (Piece("?", angle=180, dy=1.05),),
    "«": (Piece("<", 0.6, dx=-0.25, dy=0.2), Piece("<", 0.6, dx=0.25, dy=0.2)),
    "»": (Piece(">", 0.6, dx=-0.25, dy=0.2), Piece(">", 0.6, dx=0.25, dy=0.2)),
    "‹": (Piece("<", 0.6, dy=0.2),),
    "›": (Piece(">", 0.6, dy=0.2),),
    "‚": (Piece(","),),
    "„": (Piece(",", dx=-0.17), Piece(",", dx=0.17)),
    "‰": (Piece("%"), Piece("o", 0.5, dx=0.95)),
    "†": (Piece("l"), Piece("-", 0.9, dy=0.45)),
    "¦": (Piece("|", 0.45, dy=1.0), Piece("|", 0.45, dy=-0.15)),
    "‡": (Piece("l"), Piece("-", 0.9, dy=0.5), Piece("-", 0.9, dy=-0.15)),
    "¬": (Piece("-", wide=1.6, dy=0.1), Piece("l", 0.3, dx=0.56, dy=0.1)),
    "µ": (Piece("u"), Piece("l", 0.75, dx=-0.36, dy=-0.68)),
    "¶": (Piece("P", wide=-1), Piece("l", 0.9, dx=0.55)),
    "¤": (
        Piece("o", 0.75, dy=0.3),
        *(Piece("-", 0.5, dx=side * 0.55, dy=0.84, angle=side * 45) for side in (-1, 1)),
        *(Piece("-", 0.5, dx=side * 0.17, dy=0.12, angle=side * -45) for side in (-1, 1)),
    ),
    "_": (Piece("-", wide=1.8, dy=-0.75),),
}
"""Signs as pieces, used where the model lacks the sign and has all of them."""

TWINS: dict[str, tuple[str, ...]] = {
    # what may stand for a character that the model lacks and that cannot be composed; the nearest first
    "\u2010": ("-",), "\u2011": ("-",), "\u2012": ("–", "-"), "\u2013": ("-",), "\u2014": ("–", "-"),
    "\u2015": ("—", "–", "-"), "\u2212": ("–", "-"), "\u2043": ("-",), "\ufe63": ("-",), "\u30fc": ("—", "-"),
    "‘": ("'",), "’": ("'",), "‚": (",",), "‛": ("'",), "ʼ": ("’", "'"), "ʹ": ("'",), "′": ("'",), "ˈ": ("'",),
    "“": ('"',), "”": ('"',), "„": ('"',), "‟": ('"',), "″": ('"',), "‴": ("'''",), "´": ("'",), "ʻ": ("‘", "'"),
    "«": ("<<",), "»": (">>",), "‹": ("<",), "›": (">",), "…": ("...",), "⋯": ("…", "..."), "․": (".",),
    "•": ("·", "*"), "‣": ("•", "*"), "∙": ("·", "."), "⋅": ("·", "."), "・": ("·",), "●": ("•",), "◦": ("°", "o"),
    "×": ("x",), "∗": ("*",), "⁎": ("*",), "÷": (":",), "⁄": ("/",), "∕": ("/",), "∶": (":",), "∼": ("~",),
    "¦": ("|",), "∣": ("|",), "ǀ": ("|",), "µ": ("μ",), "μ": ("µ",), "∅": ("Ø",), "‖": ("||",), "⟨": ("<",),
    "⟩": (">",), "⇒": ("=>",), "→": ("->",), "←": ("<-",), "™": ("TM",), "©": ("(c)",), "®": ("(R)",), "°": ("o",),
    "€": ("EUR",), "Æ": ("AE",), "æ": ("ae",), "Œ": ("OE",), "œ": ("oe",), "ß": ("ss",), "ẞ": ("ß", "SS"),
    "Ĳ": ("IJ",), "ĳ": ("ij",), "ŉ": ("'n",), "ſ": ("s",), "ĸ": ("k",), "Ð": ("Đ",), "ǿ": ("ó",), "№": ("No",),
}  # fmt: skip
"""Typographic twins."""

SPACES: dict[str, float] = {
    " ": 1.0, "\t": 4.0, "\u00a0": 1.0, "\u1680": 1.0, "\u2000": 1.0, "\u2001": 2.0, "\u2002": 1.0, "\u2003": 2.0,
    "\u2004": 0.8, "\u2005": 0.7, "\u2006": 0.5, "\u2007": 1.0, "\u2008": 0.6, "\u2009": 0.6, "\u200a": 0.3,
    "\u202f": 0.6, "\u205f": 0.7, "\u3000": 2.0,
}  # fmt: skip
"""Width of each blank, in word spaces."""

HOLDING = frozenset("\u00a0\u2007\u202f")
"""Blanks at which no line may break."""

NEWLINES = frozenset(["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])

INVISIBLE = frozenset(
    "\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u034f\u061c\u180e"
) | frozenset(chr(code) for code in range(0xFE00, 0xFE10))
"""Format characters without ink: left out, and reported."""

SOFT_HYPHEN, ZERO_SPACE = "\u00ad", "\u200b"
"""Places where a line may break inside a word, with and without a hyphen."""

BREAK_AFTER = frozenset("-\u2010\u2013\u2014/")
"""Signs after which a line may break."""

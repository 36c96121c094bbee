"""Characters that are put together from others: accents, signs, typographic twins. Tables, and what they mean.

Lengths are in x-heights, x to the right and y up; a piece is scaled, mirrored and turned about the point where the
frame's centre line meets the baseline, then shifted, or carried to where its anchor says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Anchor = Literal["frame", "above", "below", "foot", "beside", "at", "after", "through", "across"]


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
    """frame: as described. Marks: above, below: centred over or under the ink drawn so far, clear of it; foot: hung
    onto its lower edge; beside: upper right of it. Parts: at: the middle of its foot stands at (dx, dy); after: begins
    dx behind the right edge of the ink so far, dy higher than drawn; through: its middle lies dx from the middle of
    that ink and dy up from its foot, both as shares of its width and height; across: the same dy, but dx x-heights
    from the strokes at that height (see `side`)."""
    cut: float | None = None
    """Only what lies below this height is drawn, of strokes those that come well below it: the stem of an i."""
    joined: bool = False
    """Anchored like the piece before it, not above or below that one: the second dot of a diaeresis."""
    width: float | None = None
    height: float | None = None
    """The ink is made so wide or high, whatever the hand (through: as a share of the ink so far); if but one is given,
    the other follows. What `scale` says is then overruled."""
    side: int = 0
    """across and foot: -1 at the leftmost of the strokes, 0 in their middle, 1 at the rightmost."""
    path: tuple[tuple[float, float], ...] = ()
    """A smooth stroke through these points in place of the drawing, which only lends its pen, lean and wobble."""


def _marks(anchor: Anchor, *pieces: Piece) -> tuple[Piece, ...]:
    return tuple(replace(piece, anchor=anchor, joined=i > 0) for i, piece in enumerate(pieces))


_GRAVE = Piece("`", width=0.26, height=0.34)
_ACUTE = replace(_GRAVE, wide=-1)
_CARET = Piece("^", 0.8, width=0.5, height=0.32)
_ARC = Piece("(", 0.38, angle=90, width=0.52, height=0.25)
_RING = Piece("o", 0.42, width=0.46, height=0.46)
_BAR = Piece("-", 0.9, width=0.52)
_CEDILLA = Piece(",", path=((0.02, 0.1), (-0.03, -0.07), (0.13, -0.16), (0.12, -0.32), (-0.14, -0.34)))
_OGONEK = Piece(",", path=((0.06, 0.08), (-0.08, -0.08), (-0.1, -0.25), (0.05, -0.33), (0.16, -0.26)))

MARKS: dict[str, tuple[tuple[Piece, ...], ...]] = {
    # combining mark: ways to draw it, the best first
    "\u0300": (_marks("above", _GRAVE),),
    "\u0301": (_marks("above", Piece("´")), _marks("above", _ACUTE)),
    "\u0302": (_marks("above", Piece("ˆ")), _marks("above", _CARET)),
    "\u0303": (_marks("above", Piece("˜")), _marks("above", Piece("~", 0.75, width=0.6, height=0.28))),
    "\u0304": (_marks("above", Piece("¯")), _marks("above", _BAR)),
    "\u0306": (_marks("above", Piece("˘")), _marks("above", _ARC)),
    "\u0307": (_marks("above", Piece("˙")), _marks("above", Piece("."))),
    "\u0308": (_marks("above", Piece("¨")), _marks("above", Piece(".", dx=-0.2), Piece(".", dx=0.2))),
    "\u030a": (_marks("above", Piece("˚")), _marks("above", Piece("°", 0.8)), _marks("above", _RING)),
    "\u030b": (
        _marks("above", Piece("˝")),
        _marks("above", Piece("´", dx=-0.17), Piece("´", dx=0.17)),
        _marks("above", replace(_ACUTE, dx=-0.18, width=0.22), replace(_ACUTE, dx=0.18, width=0.22)),
    ),
    "\u030c": (_marks("above", Piece("ˇ")), _marks("above", replace(_CARET, angle=180))),
    "\u030f": (_marks("above", replace(_GRAVE, dx=-0.18, width=0.22), replace(_GRAVE, dx=0.18, width=0.22)),),
    "\u0311": (_marks("above", replace(_ARC, angle=-90)),),
    "\u0312": (_marks("above", Piece(",", angle=180)),),
    "\u0313": (_marks("above", Piece(",")),),
    "\u0315": (_marks("beside", Piece("'", 0.75)),),
    "\u0323": (_marks("below", Piece(".")),),
    "\u0324": (_marks("below", Piece(".", dx=-0.2), Piece(".", dx=0.2)),),
    "\u0325": (_marks("below", _RING),),
    "\u0326": (_marks("below", Piece(",", 0.9)),),
    "\u0327": (_marks("foot", Piece("¸")), _marks("foot", _CEDILLA)),
    "\u0328": (_marks("foot", Piece("˛", dx=0.15)), _marks("foot", replace(_OGONEK, side=1))),
    "\u0331": (_marks("below", _BAR),),
}

SPACING_MARKS = {
    # a mark on its own: its combining twin, drawn over a base of x-height without ink
    "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308",
    "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip

TALL_CARON = frozenset("dtlL")
"""Letters whose caron is written as an apostrophe beside them."""

COMMA_BELOW = frozenset("gGkKlLnNrR")
"""Letters whose cedilla is written as a comma below (above for g)."""

_STEM = "|"
"""A bar: the straightest stroke that every hand has."""


def _at(char: str, dx: float = 0.0, dy: float = 0.0, w: float | None = None, h: float | None = None) -> Piece:
    return Piece(char, dx=dx, dy=dy, anchor="at", width=w, height=h)


def _after(char: str, dx: float, dy: float = 0.0, **shape: float) -> Piece:
    return Piece(char, dx=dx, dy=dy, anchor="after", **shape)  # type: ignore[arg-type]


def _through(char: str, dy: float = 0.5, w: float | None = None, h: float | None = None, dx: float = 0.0) -> Piece:
    return Piece(char, dx=dx, dy=dy, anchor="through", width=w, height=h)


def _across(
    char: str, dy: float, w: float | None = None, h: float | None = None, dx: float = 0.0, side: int = 0
) -> Piece:
    return Piece(char, dx=dx, dy=dy, anchor="across", width=w, height=h, side=side)


def _like(piece: Piece, **changed: float) -> Piece:
    """A second piece beside another, anchored to the same ink."""
    return replace(piece, joined=True, **changed)  # type: ignore[arg-type]


def _free(*points: tuple[float, float]) -> Piece:
    return Piece(_STEM, path=points)


def _quotes(angle: float, dy: float, count: int) -> tuple[Piece, ...]:
    """Raised commas."""
    places = {1: (0.0,), 2: (-0.16, 0.16)}[count]
    return tuple(replace(_at(",", dx, dy, h=0.42), angle=angle) for dx in places)


_EURO = _across("-", 0.6, w=0.7, dx=0.2, side=-1)
_YEN = _across("-", 0.36, w=0.6)
_HOOK = replace(_free((0.2, 0.25), (0.2, -0.25), (0.05, -0.5), (-0.2, -0.45)), anchor="across", dy=0.0, dx=-0.2, side=1)
_DAGGER = _across("-", 0.68, w=0.6)

SIGNS: dict[str, tuple[Piece, ...]] = {
    # letters
    "ı": (Piece("i", cut=1.15),),
    "ȷ": (Piece("j", cut=1.15),),
    "æ": (Piece("a"), _after("e", -0.15)),
    "Æ": (Piece("A", wide=0.85), _after("E", -0.25, wide=0.9)),
    "œ": (Piece("o"), _after("e", -0.15)),
    "Œ": (Piece("O", wide=0.9), _after("E", -0.15, wide=0.9)),
    "ß": (
        _free((-0.3, -0.1), (-0.28, 0.6), (-0.24, 1.2), (-0.02, 1.58), (0.24, 1.42), (0.2, 1.08), (-0.02, 0.88),
              (0.24, 0.72), (0.36, 0.38), (0.2, 0.06), (-0.06, 0.1)),
    ),
    "ẞ": (
        _free((-0.42, 0.0), (-0.42, 0.95), (-0.25, 1.4), (0.05, 1.5), (0.4, 1.4), (0.28, 1.15), (0.08, 0.86),
              (0.38, 0.7), (0.46, 0.35), (0.25, 0.05), (-0.08, 0.1)),
    ),
    "ð": (
        _free((0.26, 0.72), (-0.08, 0.86), (-0.34, 0.5), (-0.2, 0.08), (0.12, 0.06), (0.34, 0.45), (0.28, 0.95),
              (0.02, 1.38), (-0.28, 1.58)),
        _free((-0.18, 1.12), (0.32, 1.42)),
    ),
    "Ð": (Piece("D"), _across("-", 0.5, 0.5, side=-1, dx=0.08)),
    "þ": (_at(_STEM, dy=-0.6, h=2.2), _across("o", 0.5, 0.65, 1.0, 0.2, side=1)),
    "Þ": (_at(_STEM, h=1.55), _across("D", 0.5, 0.55, 0.8, 0.2, side=1)),
    "ø": (Piece("o"), _through("/", 0.5, 1.2, 1.4)),
    "Ø": (Piece("O"), _through("/", 0.5, 1.1, 1.2)),
    "đ": (Piece("d"), _across("-", 0.82, 0.5)),
    "Đ": (Piece("D"), _across("-", 0.5, 0.5, side=-1, dx=0.08)),
    "ħ": (Piece("h"), _across("-", 0.76, 0.5)),
    "Ħ": (Piece("H"), _through("-", 0.76, 1.25)),
    "ŧ": (Piece("t"), _across("-", 0.4, 0.42)),
    "Ŧ": (Piece("T"), _across("-", 0.48, 0.55)),
    "ł": (Piece("l"), _across("/", 0.5, 0.45, 0.3)),
    "Ł": (Piece("L"), _across("/", 0.48, 0.5, 0.3)),
    "ŋ": (Piece("n"), _HOOK),
    "Ŋ": (_at("n", w=0.95, h=1.45), _HOOK),
    "ĸ": (_at("K", w=0.65, h=1.0),),
    "ſ": (Piece("j", angle=180, cut=1.15, anchor="at", height=1.65),),
    "ŉ": (*_quotes(0, 1.15, 1), _after("n", 0.05)),
    "ĳ": (Piece("i"), _after("j", 0.1)),
    "Ĳ": (Piece("I"), _after("J", 0.12)),
    "ŀ": (Piece("l"), _after(".", 0.12, 0.6)),
    "Ŀ": (Piece("L"), _through(".", 0.5, dx=0.3)),
    # quotes and points
    "‘": _quotes(180, 1.15, 1),
    "’": _quotes(0, 1.15, 1),
    "“": _quotes(180, 1.15, 2),
    "”": _quotes(0, 1.15, 2),
    "‚": (Piece(","),),
    "„": (Piece(",", dx=-0.16), Piece(",", dx=0.16)),
    "‹": (_at("<", dy=0.22, w=0.36, h=0.6),),
    "›": (_at(">", dy=0.22, w=0.36, h=0.6),),
    "«": (_at("<", -0.2, 0.22, 0.36, 0.6), _at("<", 0.2, 0.22, 0.36, 0.6)),
    "»": (_at(">", -0.2, 0.22, 0.36, 0.6), _at(">", 0.2, 0.22, 0.36, 0.6)),
    "¡": (Piece("!", angle=180, anchor="at", dy=-0.5),),
    "¿": (Piece("?", angle=180, anchor="at", dy=-0.5),),
    "…": (Piece(".", dx=-0.45), Piece("."), Piece(".", dx=0.45)),
    "·": (_at(".", dy=0.5),),
    "•": (_at("o", dy=0.36, w=0.34, h=0.34), _through("o", 0.5, 0.55, 0.55)),
    "–": (Piece("-", wide=1.6),),
    "—": (Piece("-", wide=2.6),),
    "_": (Piece("-", wide=1.8, dy=-0.75),),
    "⁄": (Piece("/"),),
    # arithmetic
    "−": (Piece("-", wide=1.3),),
    "×": (_at("/", dy=0.2, w=0.6, h=0.6), _at("\\", dy=0.2, w=0.6, h=0.6)),
    "÷": (_at("-", dy=0.45, w=0.7), _at(".", dy=0.8), _at(".", dy=0.1)),
    "±": (_at("+", dy=0.42, w=0.75, h=0.75), _at("-", dy=0.02, w=0.75)),
    "≠": (Piece("="), _through("/", 0.5, 0.6, 2.0)),
    "≤": (_at("<", dy=0.42, w=0.7, h=0.75), _at("-", dy=0.1, w=0.7)),
    "≥": (_at(">", dy=0.42, w=0.7, h=0.75), _at("-", dy=0.1, w=0.7)),
    "≈": (_at("~", dy=0.6, w=0.8), _at("~", dy=0.22, w=0.8)),
    "¬": (_at("-", dy=0.52, w=0.9), _at(_STEM, 0.4, 0.26, h=0.36)),
    "°": (_at("o", dy=1.2, w=0.46, h=0.46),),
    "‰": (Piece("%"), _after("o", 0.06, height=0.55)),
    "µ": (Piece("u"), _through(_STEM, 0.2, h=1.5, dx=-0.42)),
    # money
    "€": (Piece("C"), _EURO, _like(_EURO, dy=0.4)),
    "¥": (Piece("Y"), _YEN, _like(_YEN, dy=0.18)),
    "£": (
        _free((0.5, 1.2), (0.38, 1.42), (0.12, 1.42), (-0.05, 1.15), (0.0, 0.7), (-0.02, 0.3), (-0.3, 0.08)),
        _free((-0.42, 0.05), (-0.2, 0.14), (0.1, 0.06), (0.35, 0.05), (0.55, 0.2)),
        _at("-", 0.05, 0.62, w=0.6),
    ),
    "¢": (Piece("c"), _through("/", 0.5, 0.55, 1.6)),
    "¤": (
        _at("o", dy=0.25, w=0.6, h=0.6),
        _at("/", 0.36, 0.78, 0.28, 0.28), _at("\\", -0.36, 0.78, 0.28, 0.28),
        _at("/", -0.36, 0.05, 0.28, 0.28), _at("\\", 0.36, 0.05, 0.28, 0.28),
    ),
    # marks of print
    "©": (_at("O", w=1.5, h=1.5), _through("c", 0.5, h=0.45)),
    "®": (_at("O", w=1.5, h=1.5), _through("R", 0.5, h=0.5)),
    "™": (_at("T", -0.35, 0.9, 0.5, 0.6), _at("M", 0.33, 0.9, 0.6, 0.6)),
    "§": (
        _free((0.3, 1.3), (0.1, 1.48), (-0.2, 1.38), (-0.22, 1.12), (0.1, 0.88), (0.33, 0.6), (0.15, 0.38)),
        _free((-0.12, 1.0), (-0.32, 0.75), (-0.1, 0.5), (0.22, 0.25), (0.22, -0.02), (-0.08, -0.14), (-0.3, 0.05)),
    ),
    "¶": (Piece("P", wide=-1), _through(_STEM, 0.5, h=1.0, dx=0.62)),
    "¦": (_at(_STEM, dy=0.85, h=0.75), _at(_STEM, dy=-0.2, h=0.75)),
    "†": (_at(_STEM, dy=-0.1, h=1.7), _DAGGER),
    "‡": (_at(_STEM, dy=-0.1, h=1.7), _DAGGER, _like(_DAGGER, dy=0.34)),
}  # fmt: skip
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

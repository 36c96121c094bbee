"""Pieces of composed characters, and tables of typographic twins, blanks and signs without ink.

Lengths are in x-heights, x to the right and y up; a piece is scaled, mirrored and turned about the point where the
frame's centre line meets the baseline, then shifted, or carried to where its anchor says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Anchor = Literal["frame", "above", "below", "foot", "beside", "at", "after", "against", "through", "across"]


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
    dx behind the right edge of the ink so far, dy higher than drawn; against: the same of its strokes at the height of
    the piece's middle, so that no tail keeps them apart; through: its middle lies dx from the middle of
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
    corners: bool = False
    """The stroke turns sharply at its points, and is straight between them."""
    fill: bool = False
    """The stroke goes on inside the shape that it surrounds, until that is full of ink."""


def as_drawn(signs: Sequence[Sequence[Piece]]) -> list[bool]:
    """Whether each sign, given by its pieces, is the drawing of one character as it is."""
    return [len(pieces) == 1 and pieces[0] == Piece(pieces[0].char) for pieces in signs]


SPACING_MARKS = {
    # a mark on its own: its combining twin, drawn over a base of x-height without ink
    "´": "\u0301", "ˆ": "\u0302", "˜": "\u0303", "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308",
    "˚": "\u030a", "˝": "\u030b", "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip

TALL_CARON = frozenset("dtlL")
"""Letters whose caron is written as an apostrophe beside them."""

COMMA_BELOW = frozenset("gGkKlLnNrR")
"""Letters whose cedilla is written as a comma below (above for g)."""


def mark_on(base: str, mark: str) -> str:
    """The combining mark that is written where `mark` stands on the letter `base`."""
    if mark == "\u030c" and base in TALL_CARON:
        return "\u0315"
    if mark == "\u0327" and base in COMMA_BELOW:
        return "\u0312" if base == "g" else "\u0326"
    return mark


LEARNT = frozenset("ΔΩπμ")
"""Letters that have recipes as signs, but that a model which has them draws as what they are."""

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

"""Paper: the sheets that people write on, what is printed on them, and where writing stands on it.

All lengths are in millimetres from the sheet's upper left corner, y down.
"""

from __future__ import annotations

import difflib
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from handsynth.errors import InputError
from handsynth.units import MM_PER_INCH, RGBA, length_mm, plain

if TYPE_CHECKING:
    import numpy as np

    from handsynth.layout.page import Ruling

SIDES = 10.0, 2000.0
"""Least and greatest length of a side."""

PITCHES = 1.0, 100.0
"""Least and greatest distance of lines."""

_LINES = 1000
"""At most, in one direction."""

Margins = tuple[float, float, float, float]
"""Top, right, bottom, left."""


@dataclass(frozen=True)
class _RulingStyle:
    pitch: float
    lines: RGBA
    width: float
    red: bool = False
    """Whether a red line parts the left margin (or, on a card, the head) from the rest."""


_BLUE, _FAINT, _RED = (169, 197, 222, 255), (190, 209, 226, 255), (233, 150, 150, 255)

RULINGS = {
    "plain": _RulingStyle(8.0, _BLUE, 0.22),
    "ruled": _RulingStyle(8.0, _BLUE, 0.22),
    "margin": _RulingStyle(8.0, _BLUE, 0.22, red=True),
    "squared": _RulingStyle(5.0, _FAINT, 0.18),
    "dotted": _RulingStyle(5.0, (171, 181, 194, 255), 0.5),
    "card": _RulingStyle(MM_PER_INCH / 4, _BLUE, 0.22, red=True),
}
"""What may be printed on a sheet."""

_NAMED_RULINGS = {
    "wide": ("margin", MM_PER_INCH * 11 / 32),
    "college": ("margin", MM_PER_INCH * 9 / 32),
    "narrow": ("margin", MM_PER_INCH / 4),
}
"""The rulings of American exercise books: with a red margin line, 11/32, 9/32 and 1/4 in apart."""

_SIZES = {
    # ISO 216
    "a3": (297.0, 420.0), "a4": (210.0, 297.0), "a5": (148.0, 210.0), "a6": (105.0, 148.0), "a7": (74.0, 105.0),
    # ANSI/ASME Y14.1, and custom
    "letter": (215.9, 279.4), "legal": (215.9, 355.6),
}  # fmt: skip
_CARDS = {"3x5": (127.0, 76.2), "4x6": (152.4, 101.6), "5x8": (203.2, 127.0)}
NAMES = (*_SIZES, *(f"card-{size}" for size in _CARDS))
"""Of sheets; a ruling may follow."""

_CUSTOM = re.compile(r"([0-9.]{1,12})x([0-9.]{1,12})(mm|cm|in|pt)")
_PITCH = re.compile(r"[0-9.]{1,12}(mm|cm|in|pt)")
_TURNS = "landscape", "portrait"


@dataclass(frozen=True)
class Paper:
    """A kind of sheet. Raises InputError where it could not be made, or not be written on."""

    name: str
    width_mm: float
    height_mm: float
    margins: Margins
    """Top, right, bottom, left: writing stays inside."""
    ruling: str = "plain"
    """One of RULINGS."""
    pitch_mm: float = 8.0
    """Distance of lines or dots."""
    first_mm: float = 28.0
    """Height of the first rule (of a card: of the head line)."""
    last_mm: float = 285.0
    """No rule lies lower."""
    red_mm: float | None = None
    """Where the red line of the left margin stands."""
    colour: RGBA = (255, 255, 255, 255)
    """Of the sheet."""
    line_colour: RGBA = _BLUE
    """Of rules, squares or dots."""
    red_colour: RGBA = _RED
    """Of the margin's line, or the head line of a card."""
    line_mm: float = 0.22
    """Thickness of lines, or diameter of dots."""

    def __post_init__(self) -> None:
        for side in (self.width_mm, self.height_mm):
            if not SIDES[0] <= side <= SIDES[1]:
                raise InputError(
                    f"the paper {self.name} is {plain(self.width_mm)} x {plain(self.height_mm)} mm; "
                    f"give sides of {plain(SIDES[0])} to {plain(SIDES[1])} mm"
                )
        if self.ruling not in RULINGS:
            raise InputError(f"the ruling {self.ruling!r} is unknown; use one of {', '.join(RULINGS)}")
        least = max(PITCHES[0], max(self.width_mm, self.height_mm) / _LINES)
        most = min(PITCHES[1], 0.8 * min(self.width_mm, self.height_mm))
        if not least <= self.pitch_mm <= most:
            raise InputError(
                f"the lines of the paper {self.name} are {plain(self.pitch_mm)} mm apart; "
                f"give {plain(least)} to {plain(most)} mm"
            )
        if not (math.isfinite(self.first_mm) and 0 <= self.line_mm <= self.pitch_mm):
            raise InputError(
                f"the lines of the paper {self.name} begin at {plain(self.first_mm)} mm and are "
                f"{plain(self.line_mm)} mm thick; give a place on the sheet, and less than they are apart"
            )
        if len(self.margins) != 4 or not all(math.isfinite(margin) and margin >= 0 for margin in self.margins):
            shown = ", ".join(map(plain, self.margins))
            raise InputError(f"the margins are {shown} mm; give top, right, bottom and left, each zero or more")
        top, right, bottom, left = self.margins
        for what, sum_, side in (
            ("left and right", left + right, self.width_mm),
            ("top and bottom", top + bottom, self.height_mm),
        ):
            if side - sum_ < 5.0:
                raise InputError(
                    f"the {what} margins take {plain(sum_)} of the {plain(side)} mm of the paper {self.name}, "
                    "which leaves no room to write; make them smaller"
                )

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        margins: Margins | None = None,
        pitch_mm: float | None = None,
        first_mm: float | None = None,
        colour: RGBA | None = None,
        line_colour: RGBA | None = None,
    ) -> Paper:
        """A paper by its name: a size, what is printed on it, how far apart, and how it lies, joined by `-`.

        `a4`, `letter-college`, `a5-dotted-landscape`, `card-3x5`, `210x148mm-squared-4mm`. What else is given
        takes the place of what is usual for such paper. Raises InputError.
        """
        words = _NameWords.read(text)
        width, height = words.size
        if words.turn and (width > height) != (words.turn == "landscape"):
            width, height = height, width
        kind = RULINGS[words.ruling]
        pitch = (words.pitch or kind.pitch) if pitch_mm is None else pitch_mm
        usual, red, first, last = _usual(words.ruling, width, height, pitch)
        return cls(
            words.name,
            width,
            height,
            usual if margins is None else margins,
            words.ruling,
            pitch,
            first if first_mm is None else first_mm,
            last,
            red,
            (255, 255, 255, 255) if colour is None else colour,
            kind.lines if line_colour is None else line_colour,
            line_mm=kind.width,
        )

    def rules(self) -> np.ndarray:
        """Heights float64 [m] of all rules (or rows of a grid) on the sheet; none on plain paper."""
        import numpy as np

        if self.ruling == "plain":
            return np.empty(0)
        if self.ruling in ("squared", "dotted"):
            return self._grid(self.height_mm)
        first = self.first_mm if self.first_mm >= 0 else self.first_mm % self.pitch_mm
        last = min(self.last_mm, self.height_mm - self.line_mm)
        count = max(0, math.floor((last - first) / self.pitch_mm + 1e-6) + 1)
        return first + self.pitch_mm * np.arange(count)

    def baselines(self, every: int = 1) -> np.ndarray:
        """Heights float64 [m] of the rules, or of `every` so-manieth, that writing can stand on inside the margins."""
        heights = self.rules()
        top, _, bottom, _ = self.margins
        low, high = top + 0.3 * self.pitch_mm, self.height_mm - bottom + 1e-6
        return heights[(heights >= low) & (heights <= high)][every - 1 :: every]

    def _grid(self, side: float) -> np.ndarray:
        """Places float64 [m] along a side of the lines of a grid: whole squares, centred, with a clear border."""
        import numpy as np

        cells = max(1, math.floor(side / self.pitch_mm - 1.2 + 1e-6))
        return (side - cells * self.pitch_mm) / 2 + self.pitch_mm * np.arange(cells + 1)


def ruling_of(paper: Paper, mm_per_xheight: float) -> Ruling:
    """What is printed on `paper`, in x-heights of `mm_per_xheight` millimetres."""
    import numpy as np

    from handsynth.layout.page import Ruling

    if paper.ruling == "plain":
        return Ruling()
    heights = paper.rules()
    if paper.ruling == "dotted":
        across, down = np.meshgrid(paper._grid(paper.width_mm), heights)
        dots = np.stack([across.ravel(), down.ravel(), np.full(across.size, paper.line_mm)], axis=1)
        return Ruling(dots=dots / mm_per_xheight, dot_colour=paper.line_colour)
    if paper.ruling == "squared":
        columns = paper._grid(paper.width_mm)
        lines = [(columns[0], y, columns[-1], y, paper.line_mm) for y in heights]
        lines += [(x, heights[0], x, heights[-1], paper.line_mm) for x in columns]
    else:
        lines = [(0.0, y, paper.width_mm, y, paper.line_mm) for y in heights]
    colours = [paper.line_colour] * len(lines)
    if paper.ruling == "card" and lines:
        colours[0] = paper.red_colour
    if paper.red_mm is not None:
        lines.append((paper.red_mm, 0.0, paper.red_mm, paper.height_mm, paper.line_mm * 1.2))
        colours.append(paper.red_colour)
    return Ruling(np.array(lines, np.float64).reshape(-1, 5) / mm_per_xheight, tuple(colours))


def names() -> list[str]:
    """What a paper's name is made of, in words for a help text: sizes, then rulings, then the rest."""
    cards = (f"card-{size}" for size in _CARDS)
    return [*_SIZES, *cards, "210x148mm", *RULINGS, *_NAMED_RULINGS, "7mm", *_TURNS]


@dataclass
class _NameWords:
    """What the parts of a paper's name say."""

    name: str
    size: tuple[float, float]
    ruling: str
    pitch: float | None
    turn: str | None

    @classmethod
    def read(cls, text: str) -> _NameWords:
        name = text.strip().casefold()
        shown = _short(text)
        found: dict[str, list[str]] = {"size": [], "ruling": [], "pitch": [], "turn": []}
        for word in name.split("-"):
            found[_kind(word, shown)].append(word)
        for kind, several in found.items():
            if len(several) > 1:
                raise InputError(f"the paper {shown} has more than one {kind} ({', '.join(several)}); give one")
        size, ruling, pitch, turn = (several[0] if several else None for several in found.values())
        if size is None:
            if ruling != "card":
                raise InputError(f"the paper {shown} has no size; give one, like a4-{name}")
            size = "3x5"
        if ruling is None:
            ruling = "card" if size in _CARDS else "plain"
        usual = None
        if ruling in _NAMED_RULINGS:
            ruling, usual = _NAMED_RULINGS[ruling]
        return cls(
            name,
            _size(size, ruling, shown),
            ruling,
            length_mm(pitch, f"the pitch of the paper {shown}", PITCHES) if pitch else usual,
            turn,
        )


def _kind(word: str, shown: str) -> str:
    """What a part of the name speaks of: size, ruling, pitch or turn."""
    if word in _SIZES or word in _CARDS or _CUSTOM.fullmatch(word):
        return "size"
    if word in RULINGS or word in _NAMED_RULINGS:
        return "ruling"
    if word in _TURNS:
        return "turn"
    if _PITCH.fullmatch(word):
        return "pitch"
    known = [*_SIZES, *_CARDS, *RULINGS, *_NAMED_RULINGS, *_TURNS]
    near = difflib.get_close_matches(word, known, n=3, cutoff=0.5)
    part = _short(word)
    what = f"the paper {shown} is unknown" if repr(word) == shown else f"the paper {shown} has an unknown part {part}"
    if near:
        raise InputError(f"{what}; did you mean {' or '.join(near)}?")
    raise InputError(f"{what}; give a size and a ruling, like a4-ruled, letter-college, card-3x5 or 210x148mm-squared")


def _short(text: str) -> str:
    """A text as it is shown in a message, its escapes counted."""
    shown = repr(text)
    return shown if len(shown) <= 42 else f"{shown[:38]}...{shown[0]}"


def _size(word: str, ruling: str, shown: str) -> tuple[float, float]:
    """Width and height; cards lie on their long side."""
    if word in _CARDS:
        return _CARDS[word]
    if word in _SIZES:
        short, long = _SIZES[word]
        return (long, short) if ruling == "card" else (short, long)
    match = _CUSTOM.fullmatch(word)
    assert match
    width, height = (length_mm(side + match[3], f"a side of the paper {shown}", SIDES) for side in match.group(1, 2))
    return width, height


def _usual(ruling: str, width: float, height: float, pitch: float) -> tuple[Margins, float | None, float, float]:
    """Margins, red line, first and last rule that such a sheet usually has."""
    side = min(width, height)
    even = min(20.0, max(0.1 * side, min(5.0, 0.2 * side)))
    if ruling == "card":
        head, edge = min(2 * pitch, 0.4 * height), min(5.0, even)
        return (min(max(head - pitch / 2, 0.0), edge), edge, edge, edge), None, head, height - 0.4 * pitch
    first = even + pitch
    if ruling not in ("ruled", "margin"):
        return (even, even, even, even), None, first, height
    left, red = even, None
    if ruling == "margin":
        red = min(MM_PER_INCH * 1.25, 0.15 * width)
        left = red + min(2.0, 0.02 * width)
    # the letters of the first line reach above their rule by less than its distance to the next
    top, edge = min(first - 0.7 * pitch, 1.5 * even), 0.6 * even
    return (top, edge, edge, left), red, first, height - edge

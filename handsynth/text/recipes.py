"""Recipes: how characters are put together from strokes of the same hand. Reads `recipes.txt`, and tables like it.

A line holds one recipe: a character, then its pieces in the order of writing. An indented line goes on with the one
before it; `# ` begins a comment. A piece is a character, whose drawing by the hand is used, or `curve` or `line` with
points; words and numbers after it say where it goes and how it is changed (see `signs.Piece`):

    æ   a  e after x=-0.15
    ✓   line -0.4,0.5 -0.15,0.1 0.45,1.2

A character that is hard to type may be written as U+00E6. A recipe for ◌ with a combining mark is that of the mark.
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from handsynth.errors import InputError
from handsynth.files import read_bounded
from handsynth.files import text_of as decoded
from handsynth.text.signs import NEWLINES, SPACES, Piece

TABLE = Path(__file__).parents[1] / "assets" / "recipes.txt"

CARRIER = "\u25cc"
"""◌, the dotted circle: a mark is written on it."""

MAX_FILE = 2**20
"""Largest file of recipes, in bytes."""

MOST_PIECES, MOST_POINTS = 32, 200

_PLACES = ("above", "below", "foot", "beside", "at", "after", "against", "through", "across")
_SIDES = {"left": -1, "right": 1}
_LIMITS: dict[str, tuple[str, float, float]] = {
    # word of the table: field of Piece, least, greatest
    "x": ("dx", -4.0, 4.0),
    "y": ("dy", -4.0, 4.0),
    "scale": ("scale", 0.05, 5.0),
    "turn": ("angle", -360.0, 360.0),
    "stretch": ("wide", -5.0, 5.0),
    "cut": ("cut", 0.1, 3.0),
    "width": ("width", 0.02, 5.0),
    "height": ("height", 0.02, 5.0),
}
_WORDS = (*_PLACES, *_SIDES, "joined", "fill", *(f"{name}=" for name in _LIMITS))
_PATHS = ("curve", "line")
_PEN = "|"
"""What lends its pen, lean and wobble to curves and lines: the straightest stroke that every hand has."""


@dataclass(frozen=True)
class Recipes:
    """A table of recipes."""

    signs: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    """Characters, in NFC."""
    marks: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    """Combining marks."""
    where: str = ""
    """For messages: the file that they are from."""

    @classmethod
    def load(cls, path: str | Path | None = None) -> Recipes:
        """Read a file of recipes; None: those that come with the toolkit. Raises InputError, which names the file and
        the line."""
        return table() if path is None else cls.parse(text_of(path), str(path))

    @classmethod
    def parse(cls, text: str, where: str = "the recipes") -> Recipes:
        """Read recipes. Raises InputError, which names `where` and the line."""
        signs: dict[str, tuple[Piece, ...]] = {}
        marks: dict[str, tuple[Piece, ...]] = {}
        for number, words in _lines(text, where):
            place = f"{where}, line {number}"
            char = _char(words[0], place)
            pieces = tuple(_pieces(words[1:], place))
            mark = char[1:] if char[0] == CARRIER and char[1:] else ""
            found, key = (marks, mark) if mark else (signs, char)
            if mark and len(mark) > 1:
                raise InputError(f"{place}: {words[0]!r} has {len(mark)} marks; give recipes for one mark at a time")
            if key in found:
                raise InputError(f"{place}: {char} has a recipe already; leave one of them out")
            found[key] = pieces
        return cls(signs, marks, where)


@cache
def table() -> Recipes:
    """The recipes that come with the toolkit, read when first needed."""
    return Recipes.parse(TABLE.read_text(encoding="utf-8"), str(TABLE))


def text_of(path: str | Path) -> str:
    """What a file of recipes says. Raises InputError if it cannot be read."""
    source = Path(path)
    raw = read_bounded(source, "the file of recipes", MAX_FILE, "give a text file")
    return decoded(raw, f"the file of recipes {source}")


def recipes_of(given: Recipes | str | Path | None) -> Recipes | None:
    """Recipes as callers give them: read already, a file, or none. Raises InputError."""
    return Recipes.load(given) if isinstance(given, str | Path) else given


def _lines(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    """The words of each recipe, and the number of its first line."""
    words: list[str] = []
    first = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.split()[:1] in ([], ["#"]):
            continue
        if line[0].isspace():
            if not words:
                raise InputError(f"{where}, line {number}: it is indented, but there is no recipe that it goes on with")
            words += line.split()
            continue
        if words:
            yield first, words
        first, words = number, line.split()
    if words:
        yield first, words


def _char(word: str, place: str) -> str:
    """The one character, perhaps with marks, that a word stands for."""
    if re.fullmatch(r"U\+[0-9A-Fa-f]{4,6}", word):
        code = int(word[2:], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            raise InputError(f"{place}: {word} is no character")
        word = chr(code)
    char = unicodedata.normalize("NFC", word)
    if any(unicodedata.category(c)[0] != "M" for c in char[1:]):
        raise InputError(f"{place}: {word[:30]!r} is more than one character; give one recipe a line")
    if char in SPACES or char in NEWLINES or not char.isprintable():
        raise InputError(f"{place}: {char!r} has no ink; give recipes for characters that are drawn")
    return char


def _pieces(words: list[str], place: str) -> Iterator[Piece]:
    if not words:
        raise InputError(f"{place}: it has no pieces; write what it is made of, like: æ  a  e after x=-0.15")
    count, at = 0, 0
    while at < len(words):
        end = at + 1
        while end < len(words) and not _begins(words[end]):
            end += 1
        yield _piece(words[at:end], place)
        count, at = count + 1, end
        if count > MOST_PIECES:
            raise InputError(f"{place}: it has more than {MOST_PIECES} pieces; give fewer")


def _begins(word: str) -> bool:
    """Whether a word begins a piece; other words are longer than a character and say more of one."""
    return word in _PATHS or not re.fullmatch(r"[a-z]{2,}(=.*)?|[xy]=.*|[-+0-9.,e]{3,}", word)


def _piece(words: list[str], place: str) -> Piece:
    first, rest = words[0], words[1:]
    if first in _PATHS:
        points = [word for word in rest if "," in word]
        rest = [word for word in rest if "," not in word]
        path = tuple(_point(word, place) for word in points)
        if not 2 <= len(path) <= MOST_POINTS:
            raise InputError(f"{place}: a {first} has {len(path)} points; give 2 to {MOST_POINTS}, like 0,0 0.5,1")
        piece = Piece(_PEN, path=path, corners=first == "line")
    elif re.fullmatch(r"[a-z]{2,}(=.*)?|[xy]=.*|[-+0-9.,e]{3,}", first):
        raise InputError(f"{place}: {first[:30]!r} stands before any piece; begin with a character, curve or line")
    else:
        piece = Piece(_char(first, place))
    return replace(piece, **_changes(rest, bool(piece.path), place))


def _changes(words: list[str], path: bool, place: str) -> dict[str, Any]:
    """Fields of a Piece by the words after it."""
    found: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        meant: Any
        if word in _PLACES:
            key, meant = "anchor", word
        elif word in _SIDES:
            key, meant = "side", _SIDES[word]
        elif word == "joined" or (word == "fill" and path):
            key, meant = word, True
        elif equals and name in _LIMITS:
            key, least, most = _LIMITS[name]
            meant = _number(value, least, most, f"{place}: {name}")
        else:
            close = difflib.get_close_matches(word, _WORDS, 2, 0.5)
            hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(_WORDS)}"
            raise InputError(f"{place}: there is no {word[:30]!r} here; {hint}")
        if key in found:
            raise InputError(f"{place}: {word[:30]!r} says again what was said of the piece; say it once")
        found[key] = meant
    if found.get("wide") == 0:
        raise InputError(f"{place}: stretch is 0; give another number")
    return found


def _point(word: str, place: str) -> tuple[float, float]:
    parts = word.split(",")
    if len(parts) != 2:
        raise InputError(f"{place}: {word[:30]!r} is no point; give two numbers like 0.5,1")
    return _number(parts[0], -4, 4, f"{place}: x of {word}"), _number(parts[1], -4, 4, f"{place}: y of {word}")


def _number(text: str, least: float, most: float, what: str) -> float:
    try:
        number = float(text) if re.fullmatch(r"[-+0-9.e]+", text) else math.nan
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        raise InputError(f"{what} is {text[:30]!r}; give a number from {least:g} to {most:g}")
    return number

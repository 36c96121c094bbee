"""Items to words: which glyphs to draw, under which noise, with which blanks and breaks between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from handsynth import noise
from handsynth.text.addresses import ADDRESS_BREAK_AFTER, is_address
from handsynth.text.charset import Item
from handsynth.text.signs import BREAK_AFTER, SOFT_HYPHEN, Piece

_CLOSING, _OPENING = frozenset("?!:;.,»›)]}\u2026"), frozenset("«‹([{\u00bf\u00a1")
"""Signs that belong to what stands before them, and after them, even past a blank."""

_UNITS = frozenset("%‰€$£¥°")
_THOUSANDS = re.compile(r"[0-9]{3}(?![0-9])")


@dataclass(frozen=True, eq=False)
class Script:
    """What is to be drawn, in reading order, as columns over its n glyphs."""

    items: list[Item]
    word: np.ndarray
    """int32 [n]."""
    letter: np.ndarray
    """int32 [n]: number inside the word."""
    place: np.ndarray
    """uint64 [n]: noise key of (word's text, how-manieth time, letter, 0); other pieces count on from 0."""
    space: np.ndarray
    """float64 [n]: blank before the glyph, in word spaces; after a line's end, its indent."""
    newlines: np.ndarray
    """int32 [n]: forced line ends before the glyph."""
    breakable: np.ndarray
    """bool [n]: whether a line may end before the glyph."""
    weak: np.ndarray
    """bool [n]: whether it may where the word would be torn otherwise: after a dash that follows a single letter."""
    optional: np.ndarray
    """bool [n]: hyphens that are drawn only where a line ends after them."""
    words: tuple[str, ...]
    times: tuple[int, ...]
    """How-manieth time each word stands in the document, from 0."""
    ends: int
    """Blank lines after the last glyph."""

    def piece_place(self, glyph: int, piece: int) -> int:
        word = int(self.word[glyph])
        return noise.key_of(self.words[word], self.times[word], int(self.letter[glyph]), piece)


def split(items: Sequence[Item], seen: Counter[str] | None = None) -> Script:
    """Group items into words at blanks and line ends, and give every glyph its place.

    `seen` counts the words of the document before these, and goes on counting.
    """
    seen = Counter() if seen is None else seen
    glyphs: list[Item] = []
    texts: list[str] = []
    times: list[int] = []
    rows: list[tuple[int, int, int, float, int, bool, bool, bool]] = []
    space, newlines, breakable = 0.0, 0, True
    start, size = 0, len(items)
    while start < size:
        item = items[start]
        if item.kind == "space":
            space, breakable = space + item.width, (breakable and space > 0) or not item.holds
            start += 1
            continue
        if item.kind == "newline":
            space, newlines, breakable = 0.0, newlines + 1, True
            start += 1
            continue
        end = start
        while end < size and items[end].kind not in ("space", "newline"):
            end += 1
        word = [part for part in items[start:end] if part.kind != "chance" or part.pieces]
        if any(part.kind != "chance" for part in word):
            text = "".join(part.text for part in items[start:end] if part.kind != "chance")
            clings = space > 0 and not newlines and bool(texts) and _clings(texts[-1], text)
            number = seen[text]
            seen[text] += 1
            for letter, (part, may_break, weak) in enumerate(_breaks(items[start:end], text)):
                optional = part.kind == "chance"
                place = noise.key_of(text, number, letter, 0)
                free = may_break or (breakable and not clings)
                rows.append((len(texts), letter, place, space, newlines, free, weak or clings, optional))
                glyphs.append(part)
                space, newlines, breakable, clings = 0.0, 0, False, False
            texts.append(text)
            times.append(number)
        start = end
    columns: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [()] * 8
    return Script(
        glyphs,
        np.array(columns[0], np.int32),
        np.array(columns[1], np.int32),
        np.array(columns[2], np.uint64),
        np.array(columns[3], np.float64),
        np.array(columns[4], np.int32),
        np.array(columns[5], bool),
        np.array(columns[6], bool),
        np.array(columns[7], bool),
        tuple(texts),
        tuple(times),
        max(newlines - 1, 0),  # the last line's own end opens no further line
    )


def hyphenate(script: Script, words: set[int], hyphen: tuple[Piece, ...]) -> tuple[Script, np.ndarray]:
    """`script` with optional hyphens between the letters of `words`, and where they stand in it, int64 [m].

    No line may end at them but in a word that has no better place. Addresses are broken without a hyphen.
    """
    words = {word for word in words if not is_address(script.words[word])}
    glyphs: list[Item] = []
    origin: list[int] = []
    added: list[int] = []
    free = ~script.optional
    for i, item in enumerate(script.items):
        glyphs.append(item)
        origin.append(i)
        after = i + 1 < len(script.items) and free[i] and free[i + 1] and script.word[i] == script.word[i + 1]
        if after and script.word[i] in words and _letter(item) and _letter(script.items[i + 1]):
            added.append(len(glyphs))
            glyphs.append(Item(SOFT_HYPHEN, "chance", hyphen, spans=item.spans))
            origin.append(i)
    take, at = np.array(origin, np.int64), np.array(added, np.int64)
    columns = {name: getattr(script, name)[take] for name in ("word", "letter", "place", "space", "newlines")}
    columns |= {name: getattr(script, name)[take] for name in ("breakable", "weak", "optional")}
    # the noise of the letters stays as it is: a hyphen has a place of its own
    places = [noise.key_of(int(script.place[origin[i]]), "hyphen") for i in added]
    for name, value in (("space", 0.0), ("newlines", 0), ("breakable", False), ("weak", False), ("optional", True)):
        columns[name][at] = value
    columns["place"][at] = np.array(places, np.uint64)
    return replace(script, items=glyphs, **columns), at


def _letter(item: Item) -> bool:
    return item.kind == "glyph" and item.text[0].isalpha()


def _clings(before: str, word: str) -> bool:
    """Whether a line should not end at the blank between two words: after or before a sign that belongs to the other.

    Languages such as French part signs from words by blanks, which are not to be broken (UAX #14, LB13 and LB14, with
    blanks); nor are those in numbers and between a number and its unit.
    """
    if not any(map(str.isalnum, word)) and word[0] in _CLOSING:
        return True
    if not any(map(str.isalnum, before)) and before[-1] in _OPENING:
        return True
    if before[-1].isdecimal() and word[0] in _UNITS:
        return True
    return bool(_THOUSANDS.match(word)) and 1 <= len(before.lstrip("-+")) <= 3 and before.lstrip("-+").isdecimal()


def _breaks(word: Sequence[Item], text: str) -> list[tuple[Item, bool, bool]]:
    """The glyphs of a word, each with whether a line may end before it, and whether it may if need be."""
    result: list[tuple[Item, bool, bool]] = []
    address = is_address(text)
    chance = False
    for i, item in enumerate(word):
        if item.kind == "chance" and not item.pieces:
            chance = True
            continue
        weak = False
        if not chance and i >= 2 and item.kind == "glyph" and item.text[0].isalnum():
            before, earlier = word[i - 1].text, word[i - 2].text
            joint = earlier[-1].isalnum() or before in "\u2013\u2014"
            sign = before in ADDRESS_BREAK_AFTER if address else before in BREAK_AFTER and joint
            chance, weak = sign and i >= 3, sign
        result.append((item, chance, weak))
        chance = item.kind == "chance"
    return result

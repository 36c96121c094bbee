"""Which characters a font has: named sets of them, and how the model draws each."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from handsynth import dials
from handsynth.dials.choices import Missing
from handsynth.errors import InputError, MissingCharacterError, option
from handsynth.text import signs
from handsynth.text.charset import MISSING, Charset
from handsynth.text.clusters import describe
from handsynth.text.recipes import Recipes
from handsynth.text.recipes import table as recipe_table
from handsynth.text.signs import Piece

ASCII = "".join(map(chr, range(0x20, 0x7F)))
LATIN1 = ASCII + "".join(chr(code) for code in range(0xA0, 0x100) if code != 0xAD) + "ŒœŠšŽžŸ–—‘’‚“”„†‡•…‰‹›€™"
"""What Windows calls Western European: programs write curly quotes and dashes by themselves. Without the soft hyphen,
which layout programs draw as a hyphen."""

_NOT_LETTERS = "ĲĳĿŀŉ"
"""Of Latin Extended-A: written as two letters each."""

LATIN = LATIN1 + "".join(chr(code) for code in range(0x100, 0x180) if chr(code) not in _NOT_LETTERS) + "ȘșȚț⁄−"

CYRILLIC = ASCII + "".join(chr(code) for code in range(0x400, 0x460)) + "Ґґ«»„“”‘’–—…"
"""With the letters of Russian, Ukrainian, Belarusian, Bulgarian, Serbian and Macedonian."""

GREEK = ASCII + "".join(chr(code) for code in range(0x386, 0x3CF) if code not in (0x38B, 0x38D, 0x3A2)) + "«»‘’“”–—…·"
"""With the letters of modern Greek. 0x387 is the middle dot, which becomes U+00B7."""

SETS = {"ascii": ASCII, "latin1": LATIN1, "latin": LATIN, "cyrillic": CYRILLIC, "greek": GREEK, "model": ""}
"""Named sets; `model`: all that the model draws by itself."""

MAX_CHARACTERS = 2000
BLANKS = (" ", "\u00a0")
"""Every font has these."""

_NAMED = 5


@dataclass(frozen=True)
class Repertoire:
    """The characters of a font, in the order of their numbers."""

    chars: tuple[str, ...]
    """[c]: those with ink; each is one code point."""
    pieces: tuple[tuple[Piece, ...], ...]
    """[c]: what each is drawn from; none: a box."""
    blanks: dict[str, float]
    """Blank characters and their widths in word spaces."""
    marks: tuple[tuple[str, tuple[Piece, ...]], ...] = ()
    """Combining marks and their pieces: those that were asked for, and all that there are if a letter has one."""
    notes: tuple[str, ...] = ()
    """What is not in the font as it was asked for, one line each."""


def named(name: str, model_charset: Iterable[str]) -> str:
    """The characters of the set `name`. Raises InputError for an unknown one."""
    key = name.strip().lower()
    if key not in SETS:
        raise InputError(f"there is no character set {name!r}; give {', '.join(SETS)}, or the characters as chars")
    return SETS[key] or " " + "".join(char for char in model_charset if len(char) == 1)


def choose(
    chars: str,
    model_charset: Iterable[str],
    missing: Missing = dials.default("missing"),
    recipes: Recipes | None = None,
) -> Repertoire:
    """What a font of `chars` holds, sorted and without repetitions.

    Raises InputError for none or too many, MissingCharacterError (policy `error`) for what cannot be drawn.
    """
    wanted = sorted({*unicodedata.normalize("NFC", chars), *BLANKS})
    if len(wanted) > MAX_CHARACTERS:
        raise InputError(f"{len(wanted):,} characters are too many for one font; give at most {MAX_CHARACTERS:,}")
    if missing not in MISSING:
        raise InputError(f"{option('missing')} is {missing!r}; give one of {', '.join(MISSING)}")
    table = Charset(model_charset, recipes)
    drawn: list[tuple[str, tuple[Piece, ...]]] = []
    blanks: dict[str, float] = {}
    notes: list[str] = []
    lost: list[str] = []
    marks = {char for char in wanted if _combines(char) and table.mark(char)}
    if any(_combines(unicodedata.normalize("NFD", char)[1:2]) for char in wanted):
        marks |= {mark for mark in {**recipe_table().marks, **table.recipes.marks} if table.mark(mark)}
    for char in wanted:
        if char in signs.NEWLINES or char in (signs.SOFT_HYPHEN, signs.ZERO_SPACE):
            # what programs lay out and no font draws
            notes.append(f"{describe(char)} left out")
            continue
        if char in marks:
            continue
        # one by one: a mark is a character of its own here
        items, action, became = table.resolve(char)
        if len(items) == 1 and items[0].kind == "space":
            blanks[char] = items[0].width
        elif len(items) == 1:
            drawn.append((char, items[0].pieces))
            if action == "replaced":
                notes.append(f"{describe(char)} drawn as {became}")
        elif missing == "box":
            drawn.append((char, ()))
            notes.append(f"{describe(char)} drawn as a box")
        else:
            # also a ligature that is written as its letters: programs do that themselves where a font has none
            lost.append(char)
    if lost and missing == "error":
        named = ", ".join(map(describe, lost[:_NAMED])) + (
            f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
        )
        raise MissingCharacterError(
            f"the model cannot draw {named}; ask for others, or {option('missing', 'skip', 'box')}", lost
        )
    if not drawn:
        raise InputError(
            f"the font would hold no character with ink; give others by {option('charset')} or {option('chars')}"
        )
    notes += [f"{char} left out" for char in map(describe, lost)]
    placed = tuple((mark, pieces) for mark in sorted(marks) if (pieces := table.mark(mark)))
    return Repertoire(tuple(c for c, _ in drawn), tuple(p for _, p in drawn), blanks, placed, tuple(notes))


def _combines(char: str) -> bool:
    return bool(char) and unicodedata.combining(char) > 0

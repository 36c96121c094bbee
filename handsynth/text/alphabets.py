"""Which Greek and Cyrillic letters there are, and those that are made of the hand's own Latin letters."""

from __future__ import annotations

from dataclasses import replace

from handsynth.text.signs import Piece

CYRILLIC = "БГДЖЗИЛПУФЦЧШЩЪЫЬЭЮЯЄЂЋЉЊЏҐбвгджзиклмнптфцчшщъыьэюяєђћљњџґ"
"""Letters whose strokes come from the bank, of Russian, Ukrainian, Belarusian, Bulgarian, Serbian and Macedonian."""

GREEK = "ΓΔΘΛΞΠΣΦΨΩαβγδεζηθκλμνξπρσςτυφχψω"
"""The same of modern Greek."""

LETTERS = CYRILLIC + GREEK

_SAME = {
    # letters that are written like Latin ones
    "А": "A", "В": "B", "Е": "E", "І": "I", "Ј": "J", "К": "K", "М": "M", "Н": "H", "О": "O", "Р": "P", "С": "C",
    "Ѕ": "S", "Т": "T", "Х": "X",
    "а": "a", "е": "e", "і": "i", "ј": "j", "о": "o", "р": "p", "с": "c", "ѕ": "s", "у": "y", "х": "x",
    "Α": "A", "Β": "B", "Ε": "E", "Ζ": "Z", "Η": "H", "Ι": "I", "Κ": "K", "Μ": "M", "Ν": "N", "Ο": "O", "Ρ": "P",
    "Τ": "T", "Υ": "Y", "Χ": "X",
    "ο": "o",
}  # fmt: skip

_DOT = Piece(".", anchor="above")
_DOTS = (replace(_DOT, dx=-0.2), replace(_DOT, dx=0.2, joined=True))
_TONOS = Piece("|", path=((0.13, 0.38), (0.0, 0.2), (-0.1, 0.0)), anchor="above")
"""A stroke of its own: the grave accent, which hands draw in many ways, is no help."""
_DOTS_AND_TONOS = (
    replace(_DOT, dx=-0.36),
    replace(_TONOS, joined=True),
    replace(_DOT, dx=0.36, joined=True),
)
_IOTA = Piece("i", cut=1.15)
_BEFORE = replace(_TONOS, anchor="at", dx=-0.1, dy=1.05)
"""The tonos of a capital stands before it."""


def _capital(char: str) -> tuple[Piece, ...]:
    return _BEFORE, Piece(char, anchor="after", dx=-0.08)


RECIPES: dict[str, tuple[Piece, ...]] = {
    **{char: (Piece(latin),) for char, latin in _SAME.items()},
    "ї": (_IOTA, *_DOTS),
    "ι": (_IOTA,),
    "ί": (_IOTA, _TONOS),
    **{char: (Piece(base), _TONOS) for char, base in zip("άέήύώόѓќЃЌ", "αεηυωoгкГK", strict=True)},
    "ϊ": (_IOTA, *_DOTS),
    "ΐ": (_IOTA, *_DOTS_AND_TONOS),
    "ΰ": (Piece("υ"), *_DOTS_AND_TONOS),
    **{char: _capital(latin) for char, latin in zip("ΆΈΉΊΌΎΏ", "AEHIOYΩ", strict=True)},
}
"""Letters as pieces: Latin letters of the same hand, and letters of the bank under accents."""

PROBES = "aceopuxybdhklmnrstvwgqABCDEHKLMNOPRSTX"
"""Latin letters by which a hand and the writers of the bank are compared."""

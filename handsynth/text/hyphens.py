"""Where words may be broken: soft hyphens by the patterns of a language (pyphen, as in TeX and LibreOffice)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from handsynth.errors import InputError, install
from handsynth.text.addresses import is_address
from handsynth.text.signs import SOFT_HYPHEN

SHORTEST = 6
"""Letters of a word that is broken at all."""

_SOLID = re.compile(r"\S+")
_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST},}}")


def hyphenator(language: str) -> Callable[[str], str]:
    """A function that puts soft hyphens into a text of `language`, like en_GB, de or pt-BR.

    Raises InputError where the patterns, or the package that has them, are missing.
    """
    try:
        import pyphen
    except ImportError as error:
        raise InputError(f"hyphenation needs the package pyphen: {install('hyphenation')}") from error
    found = pyphen.language_fallback(language)
    if found is None:
        known = sorted(pyphen.LANGUAGES)
        close = difflib.get_close_matches(language, known, 3, 0.4) or known[:5]
        raise InputError(f"there are no hyphenation patterns for {language[:30]!r}; try {', '.join(close)}")
    patterns = pyphen.Pyphen(lang=found)

    def parts(word: str) -> str:
        return word if is_address(word) else _WORD.sub(lambda match: patterns.inserted(match[0], SOFT_HYPHEN), word)

    return lambda text: _SOLID.sub(lambda match: parts(match[0]), text)

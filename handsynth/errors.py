"""The errors that handsynth raises on purpose.

Every message is one line that says what was wrong, where, and what to do; the command line prints it
and exits with status 2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

_OPTION = re.compile("\ufdd0([a-z_]+)(?:=([a-z|]+))?\ufdd1")
"""An option in a message that is not yet worded; no text that people give has noncharacters."""


def option(name: str, *values: str) -> str:
    """An option for a message: its words are `max pixels`, or `set missing to skip or box` where values are given.

    A surface that spells options otherwise has them as they are typed there: see HandsynthError.spelled.
    """
    return f"\ufdd0{name}{'=' * bool(values)}{'|'.join(values)}\ufdd1"


def plain(name: str, values: list[str]) -> str:
    """The words of an option where nothing is typed."""
    words = name.replace("_", " ")
    return f"set {words} to {' or '.join(values)}" if values else words


def install(extra: str) -> str:
    """What to do where something of an extra is missing, for a message: from PyPI, and from a clone."""
    return f"pip install 'handsynth[{extra}]' (in a clone: pip install '.[{extra}]')"


class HandsynthError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one line for a person."""

    def __init__(self, message: str = "") -> None:
        self.marked = message
        """The message with its options not yet worded, for a message that it becomes part of."""
        super().__init__(self.spelled(plain))

    def __str__(self) -> str:
        return Exception.__str__(self)  # an OSError that knows its file would put its number first

    def spelled(self, words: Callable[[str, list[str]], str]) -> str:
        """The message with other words for each option, by its name in Python and the values that it should have."""
        return _OPTION.sub(lambda match: words(match[1], match[2].split("|") if match[2] else []), self.marked)


class InputError(HandsynthError, ValueError):
    """A text, option or file given by the user cannot be used.

    `option` is the option that is at fault, by its name in Python, or in a style sheet, like `person.slips`; None where
    it is something else.
    """

    def __init__(self, message: str = "", option: str | None = None) -> None:
        super().__init__(message)
        # what follows a semicolon is advice
        at_fault = _OPTION.search(self.marked.partition(";")[0])
        self.option = option or (at_fault[1] if at_fault else None)


class UnknownOptionError(InputError, TypeError):
    """A function of the library has no such option; `option` is what was given."""


class MissingCharacterError(InputError):
    """The text has characters that the model can neither draw nor compose.

    `characters` are those, each once, in the order of the text.
    """

    def __init__(self, message: str, characters: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.characters = tuple(dict.fromkeys(characters))


class ModelError(HandsynthError):
    """A model folder or zip is damaged, incomplete or of another format."""


class DataError(HandsynthError):
    """A source of training data or a dataset cannot be read."""


class OutputError(HandsynthError, OSError):
    """A result cannot be written where it was asked for; `filename` is where that is, None where there is no file."""

    def __init__(self, message: str = "", filename: str | Path | None = None) -> None:
        super().__init__(message)
        self.filename = None if filename is None else str(filename)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.marked, self.filename), self.__dict__

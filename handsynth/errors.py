"""The errors that handsynth raises on purpose.

Every message is one line that says what was wrong, where, and what to do; the command line prints it
and exits with status 2.
"""

from __future__ import annotations

from collections.abc import Iterable


class HandsynthError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one line for a person."""


class InputError(HandsynthError, ValueError):
    """A text, option or file given by the user cannot be used."""


class UnknownOptionError(InputError, TypeError):
    """A function of the library has no such option."""


class MissingCharacterError(InputError):
    """The text has characters that the model can neither draw nor compose."""

    def __init__(self, message: str, characters: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.characters = tuple(dict.fromkeys(characters))
        """What cannot be drawn, each once, in the order of the text."""


class ModelError(HandsynthError):
    """A model folder or zip is damaged, incomplete or of another format."""


class DataError(HandsynthError):
    """A source of training data or a dataset cannot be read."""


class OutputError(HandsynthError, OSError):
    """A result cannot be written where it was asked for."""

"""The errors that handsynth raises on purpose.

Every message is one line that says what was wrong, where, and what to do; the command line prints it
and exits with status 2.
"""


class HandsynthError(Exception):
    """Base of all errors raised on purpose; `str(error)` is one line for a person."""


class InputError(HandsynthError):
    """A text, option or file given by the user cannot be used."""


class UnknownOptionError(InputError, TypeError):
    """A function of the library has no such option."""


class MissingCharacterError(InputError):
    """The text has characters that the model can neither draw nor compose."""


class ModelError(HandsynthError):
    """A model folder or zip is damaged, incomplete or of another format."""


class DataError(HandsynthError):
    """A source of training data or a dataset cannot be read."""


class OutputError(HandsynthError):
    """A result cannot be written where it was asked for."""

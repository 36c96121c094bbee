"""Checks of the options of the library's functions: their names and types. Ranges are checked where they are used."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from numbers import Integral, Real
from pathlib import Path

from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.ink.pens import NAMES
from handsynth.model.model import Model
from handsynth.text.recipes import Recipes

_NUMBERS = (
    "temperature",
    "variation",
    "slant",
    "letter_spacing",
    "word_spacing",
    "line_spacing",
    "margin",
    "wander",
    "dpi",
    "duration",
    "fps",
)
_WHOLE = ("seed", "legibility", "max_pixels")
_SWITCHES = ("centreline", "optimise", "animate", "pen_shown")
_NAMES = ("device", "profile", "hatch")
_LENGTHS = ("size", "wrap", "pen_width")
_OPTIONAL = ("gap", "wrap", "pen", "pen_width", "hand", "model", "recipes")


def check(function: str, given: Mapping[str, object], known: Collection[str]) -> None:
    """Raises InputError for an option that `function` does not have, or whose type is wrong."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, 3, 0.6)
            hint = f"did you mean {' or '.join(close)}?" if close else f"it has {', '.join(known)}"
            raise InputError(f"{function} has no option {name!r}; {hint}")
    for name, value in given.items():
        if value is None and name in _OPTIONAL:
            continue
        if name in _NUMBERS or name == "gap":
            number(name, value)
        elif name in _WHOLE:
            if not isinstance(value, Integral) or isinstance(value, bool):
                raise InputError(f"{name} is {shown(value)}; give a whole number")
        elif name in _LENGTHS:
            if not isinstance(value, str):
                number(name, value, ' or a length like "3mm"')
        elif name in _SWITCHES:
            if not isinstance(value, bool):
                raise InputError(f"{name} is {shown(value)}; give True or False")
        elif name in _NAMES:
            if not isinstance(value, str):
                raise InputError(f"{name} is {shown(value)}; give a str")
        elif name == "missing" and not isinstance(value, str):
            raise InputError(f"missing is {shown(value)}; give error, skip or box")
        elif name == "pen" and not isinstance(value, str):
            raise InputError(f"pen is {shown(value)}; give {', '.join(NAMES)}")
        elif name == "originals" and not isinstance(value, str):
            raise InputError(f"originals is {shown(value)}; give vary, always or never")
        elif name == "hand":
            _place(name, value, Hand, "a Hand, a gallery name, a saved hand's path or random")
        elif name == "recipes":
            _place(name, value, Recipes, "Recipes, or the path of a file of them")
        elif name == "model":
            _place(name, value, Model, "an open Model, or the path of one")


def number(name: str, value: object, other: str = "") -> None:
    """Raises InputError if `value` is no number."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InputError(f"{name} is {shown(value)}; give a number{other}")


def shown(value: object) -> str:
    """A wrong value for a message: its type, and itself if it is short."""
    text = repr(value) if isinstance(value, str | int | float | tuple | None) else ""
    kind = type(value).__name__
    return f"{text} ({kind})" if text and len(text) <= 30 and text.isprintable() else f"of type {kind}"


def _place(name: str, value: object, kind: type, wanted: str) -> None:
    if not isinstance(value, str | Path | kind):
        raise InputError(f"{name} is {shown(value)}; give {wanted}")
    if isinstance(value, str | Path) and "\0" in str(value):
        raise InputError(f"{name} is {str(value)[:60]!r}, which no file or hand is called; give {wanted}")

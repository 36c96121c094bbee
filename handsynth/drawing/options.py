"""The options of the library's functions: what help() shows of them, and checks of their names and types.

Ranges are checked where they are used.
"""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields, is_dataclass
from numbers import Integral, Real
from pathlib import Path
from typing import Any, TypeVar

from handsynth import dials
from handsynth.dials import DIALS, Dial, Surface
from handsynth.errors import InputError, UnknownOptionError
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.text.recipes import Recipes

F = TypeVar("F", bound=Callable[..., Any])

_OBJECTS: dict[str, tuple[type, str]] = {
    "hand": (Hand, "a Hand, a gallery name, a saved hand's path or random"),
    "recipes": (Recipes, "Recipes, or the path of a file of them"),
    "model": (Model, "an open Model, or the path of one"),
}


_TEXTS = "device", "profile", "hatch"


def check(function: str, given: Mapping[str, object], known: Collection[str]) -> None:
    """Raises InputError for an option that `function` does not have, or whose type is wrong."""
    check_names(function, given, known)
    for name, value in given.items():
        if name in _OBJECTS:
            check_object(name, value)
        elif name in DIALS and not (value is None and DIALS[name].optional):
            _typed(DIALS[name], value)


def check_names(function: str, given: Iterable[str], known: Collection[str]) -> None:
    """Raises UnknownOptionError for an option that `function` does not have."""
    for name in given:
        if name not in known:
            close = difflib.get_close_matches(name, known, 3, 0.6)
            hint = f"did you mean {' or '.join(close)}?" if close else f"it has {', '.join(known)}"
            raise UnknownOptionError(f"{function} has no option {name!r}; {hint}", name)


WORDS = {
    "names": "What the font is called (Names); else as the first file.",
    "options": "What single formats read (Options).",
    "command": "The arguments that ask for it, for the file's record of how it was made.",
    "progress": "Called with what is done and what there is.",
}
"""Of options that are no dials."""


def described(options: type, surface: Surface | None = None, **others: str) -> Callable[[F], F]:
    """Shows the `options` of a function (a TypedDict, or a dataclass with defaults) in its signature and docstring.

    Words are those of the table of dials, or `others`.
    """

    def shown(function: F) -> F:
        signature = inspect.signature(function)
        own = [one for one in signature.parameters.values() if one.kind is not one.VAR_KEYWORD]
        hints = {name: hint for name, hint in options.__annotations__.items() if name not in signature.parameters}
        usual = {one.name: one.default for one in fields(options)} if is_dataclass(options) else {}
        more = [_parameter(name, hint, surface, usual) for name, hint in hints.items()]
        function.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
        lines = "\n".join(f"    {name}: {(WORDS | others).get(name) or _dial(name, surface).help}" for name in hints)
        function.__doc__ = f"{inspect.getdoc(function)}\n\nOptions:\n\n{lines}"
        return function

    return shown


def _dial(name: str, surface: Surface | None) -> Dial:
    return dials.of_corpus(name) if surface == "corpus" else DIALS[name]


def _parameter(name: str, hint: Any, surface: Surface | None, usual: Mapping[str, Any]) -> inspect.Parameter:
    default = usual[name] if name in usual else dials.default(name, surface) if name in DIALS else None
    kind = getattr(hint, "__forward_arg__", hint)
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _typed(dial: Dial, value: object) -> None:
    name = dial.name
    if dial.kind == "number":
        number(name, value)
    elif dial.kind == "integer" and (not isinstance(value, Integral) or isinstance(value, bool)):
        raise InputError(f"{name} is {shown(value)}; give a whole number", name)
    elif dial.kind == "length" and not isinstance(value, str):
        number(name, value, ' or a length like "3mm"')
    elif dial.kind == "flag" and not isinstance(value, bool):
        raise InputError(f"{name} is {shown(value)}; give True or False", name)
    elif name in _TEXTS and not isinstance(value, str):
        raise InputError(f"{name} is {shown(value)}; give a str", name)
    elif dial.choices and not isinstance(value, str):
        raise InputError(f"{name} is {shown(value)}; give {dial.range}", name)


def number(name: str, value: object, other: str = "") -> None:
    """Raises InputError if `value` is no number."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise InputError(f"{name} is {shown(value)}; give a number{other}", name)


def shown(value: object) -> str:
    """A wrong value for a message: its type, and itself if it is short."""
    text = repr(value) if isinstance(value, str | int | float | tuple | None) else ""
    kind = type(value).__name__
    return f"{text} ({kind})" if text and len(text) <= 30 and text.isprintable() else f"of type {kind}"


def check_object(name: str, value: object) -> None:
    """Raises InputError unless `value` is what `name` (hand, recipes or model) may be: one, its place, or None."""
    kind, wanted = _OBJECTS[name]
    if value is not None and not isinstance(value, str | Path | kind):
        raise InputError(f"{name} is {shown(value)}; give {wanted}", name)
    if isinstance(value, str | Path) and "\0" in str(value):
        raise InputError(f"{name} is {str(value)[:60]!r}, which no file or hand is called; give {wanted}", name)

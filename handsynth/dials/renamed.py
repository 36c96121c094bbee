"""Other names of options and attributes: earlier ones, of which one line says that of today, and American ones."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from handsynth.errors import InputError

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

EARLIER: dict[str, dict[str, str]] = {
    "render": {"paper": "paper_colour", "line_height": "line_spacing"},
    "font": {"style": "style_name", "bmfont": "dialect", "page": "texture_size"},
    "Options": {"bmfont": "dialect", "page": "texture_size"},
    "Names": {"style": "style_name", "version": "font_version"},
    "sheet": {"variations": "variants"},
    "sample": {"number": "variants", "n": "variants", "hands": "hand"},
    "template": {"repetitions": "variants"},
    "learning": {"forget": "forget_originals", "keep": "not forget_originals"},
    "forget": {"letters": "chars"},
    "blend": {"t": "share"},
    "samples": {"first": "start"},
    "again": {"text": "show_text"},
    "style": {"text.line_height": "text.line_spacing"},
    "TextStyle": {"line_height": "line_spacing"},
}
"""Names of today by earlier ones, by who takes them: a command and the functions and requests that do the same, or the
style sheet, whose dials have their table before them; `not`: what it said is the contrary."""


AMERICAN = {"color": "colour", "license": "licence", "center": "centre", "optimize": "optimise"}
"""Spellings that are taken for ours, in names of options and where a value is one of several words."""


class RenamedWarning(FutureWarning):
    """An option was given by an earlier name."""


def renamed(owner: str, earlier: str, now: str) -> property:
    """The attribute `now` of a class by its earlier name, which warns."""

    def value(self: Any) -> Any:
        warnings.warn(said(f"{owner}.{earlier}", f"{owner}.{now}"), DeprecationWarning, stacklevel=2)
        return getattr(self, now)

    return property(value)


def british(name: str) -> str:
    """The name of an option, or a value, as it is spelled here."""
    return re.sub("|".join(AMERICAN), lambda found: AMERICAN[found[0]], name)


def american(name: str) -> str:
    """The same as it is spelled there."""
    there = {ours: theirs for theirs, ours in AMERICAN.items()}
    return re.sub("|".join(there), lambda found: there[found[0]], name)


def said(earlier: str, now: str) -> str:
    """The line that says a name of today."""
    contrary = ", which says the contrary" if now.startswith("not ") else ""
    return f"{earlier} is now {now.removeprefix('not ')}{contrary}"


def current(owner: str, given: Mapping[str, Any], level: int = 2) -> dict[str, Any]:
    """`given` by the names of today; warns of each earlier one. Raises InputError where both are given."""
    known, result = EARLIER[owner], {british(name): value for name, value in given.items()}
    if len(result) < len(given):
        twice = next(name for name in given if name != british(name))
        raise InputError(f"{british(twice)} is given twice, as {twice}, too; give it once")
    for earlier in known.keys() & given.keys():
        now = known[earlier]
        name = now.removeprefix("not ")
        if name in given:
            raise InputError(f"{name} is given twice, by its earlier name {earlier}, too; give it once")
        warnings.warn(said(earlier, now), RenamedWarning, stacklevel=level + 1)
        value = result.pop(earlier)
        result[name] = value if name == now else not value
    return result


def takes_earlier(owner: str) -> Callable[[F], F]:
    """Lets a function take options by their earlier names."""

    def decorated(function: F) -> F:
        @functools.wraps(function)
        def call(*args: Any, **how: Any) -> Any:
            ours = not EARLIER[owner].keys() & how.keys() and all(name == british(name) for name in how)
            return function(*args, **(how if ours else current(owner, how)))

        return cast(F, call)

    return decorated


def length_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """`given` fields of a corpus recipe with `length`, which `least` and `most` were."""
    result = dict(given)
    if "least" in given or "most" in given:
        if "length" in given:
            raise InputError("length is given twice, by its earlier names least and most, too; give it once")
        result["length"] = (result.pop("least", 1), result.pop("most", 0))
    return result


def fields_earlier(kind: type[T]) -> type[T]:
    """Lets a dataclass take, and show, its fields by their earlier names."""
    owner: Any = kind
    owner.__init__ = takes_earlier(kind.__name__)(owner.__init__)
    for earlier, now in EARLIER[kind.__name__].items():
        setattr(kind, earlier, renamed(kind.__name__, earlier, now))
    return kind

"""Words of several languages for the texts that are made up: short lists, and how dates and the like are written.

All of it is invented: names are common first and last names put together by chance, streets and places are such as
are found everywhere or nowhere. The lists are in assets/lexicon.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = "en", "de", "fr", "es", "it"


@dataclass(frozen=True)
class Lexicon:
    """One language. In templates, {name} and the like stand for what generator.py makes."""

    first: tuple[str, ...]
    """First names of persons."""
    last: tuple[str, ...]
    towns: tuple[str, ...]
    streets: tuple[str, ...]
    """With {n} where the number of the house goes."""
    codes: tuple[str, ...]
    """Of a place, # for a digit, and {town}."""
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    """From Monday on."""
    dates: tuple[str, ...]
    """{d} {dd} day, {th} its ending, {m} {mm} {month} month, {yy} {y} year, {weekday}."""
    times: tuple[str, ...]
    """{h} {hh} hour, {h12} of twelve, {half} of the day, {min} minute."""
    amounts: tuple[str, ...]
    """{a} with two decimals, {w} whole."""
    thousands: str
    """What parts the thousands of a number."""
    decimal: str
    phones: tuple[str, ...]
    """# for a digit, N for one that is not zero."""
    endings: tuple[str, ...]
    """Of addresses on the net."""
    words: tuple[str, ...]
    subjects: tuple[str, ...]
    """Of sentences, third person singular."""
    predicates: tuple[str, ...]
    adverbials: tuple[str, ...]
    phrases: tuple[str, ...]
    """Whole sentences with {name}, {first}, {town}, {date}, {weekday}, {time}, {amount}, {number}, {phone}."""


@cache
def lexicon(language: str) -> Lexicon:
    """The lists of one of LANGUAGES."""
    data = tomllib.loads((files("handsynth") / "assets" / "lexicon" / f"{language}.toml").read_text("utf-8"))
    thousands, decimal = data.pop("thousands"), data.pop("decimal")
    lists: dict[str, Any] = {name: tuple(v.split() if isinstance(v, str) else v) for name, v in data.items()}
    return Lexicon(thousands=thousands, decimal=decimal, **lists)

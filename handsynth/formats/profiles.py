"""How a machine that takes G-code lifts its pen and moves: presets, and files like them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path

from handsynth.errors import InputError
from handsynth.files import read_bounded, text_of

PRESETS = "zlift", "servo", "m280", "laser"
"""Files of `assets/machines`."""

_MAX_FILE = 2**16
_LINES = "header", "pen_up", "pen_down", "pause", "footer"
_FEEDS = 1.0, 1_000_000.0


@dataclass(frozen=True)
class Profile:
    """Lines of G-code; in `travel` and `draw` {x} and {y} stand for mm, and {feed} in any for `feed`."""

    header: tuple[str, ...]
    pen_up: tuple[str, ...]
    pen_down: tuple[str, ...]
    travel: str
    """A move with the pen up."""
    draw: str
    """A move with the pen down; F and `feed` follow the first of each stroke, if it names no {feed}."""
    feed: float
    """Speed of drawing, in mm a minute."""
    pause: tuple[str, ...]
    """Waits for the pen of another ink, the pen up."""
    footer: tuple[str, ...]


def profile(name: str = "zlift") -> Profile:
    """The preset of that name, or the one that the TOML file `name` holds. Raises InputError."""
    if name in PRESETS:
        return _preset(name)
    if not name.lower().endswith(".toml"):
        raise InputError(
            f"the profile is {name[:40]!r}; give {', '.join(PRESETS)}, or a .toml file like theirs", "profile"
        )
    return _read(read_bounded(Path(name), "the profile", _MAX_FILE, "give a TOML file"), f"the profile {name}")


@cache
def _preset(name: str) -> Profile:
    return _read(resources.files("handsynth").joinpath("assets", "machines", f"{name}.toml").read_bytes(), name)


def _read(raw: bytes, where: str) -> Profile:
    import tomllib

    try:
        data = tomllib.loads(text_of(raw, where))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"{where} is not a TOML file: {error}") from error
    names = [f.name for f in fields(Profile)]
    if unknown := [key for key in data if key not in names]:
        raise InputError(f"{where} has {unknown[0][:30]!r}, which means nothing there; known are {', '.join(names)}")
    if lacking := [name for name in names if name not in data]:
        raise InputError(f"{where} has no {lacking[0]!r}; a profile has {', '.join(names)}")
    feed = data["feed"]
    if isinstance(feed, bool) or not isinstance(feed, int | float) or not _FEEDS[0] <= feed <= _FEEDS[1]:
        raise InputError(f"{where}: feed is {str(feed)[:30]}; give 1 to 1,000,000 mm a minute")
    found = {name: _lines(data[name], f"{where}: {name}") for name in _LINES}
    for name in ("travel", "draw"):
        line = _lines([data[name]], f"{where}: {name}")[0]
        if "{x}" not in line or "{y}" not in line:
            raise InputError(f"{where}: {name} is {line[:40]!r}, without {{x}} and {{y}}: it would move nowhere")
        found[name] = (line,)
    return Profile(
        found["header"], found["pen_up"], found["pen_down"], found["travel"][0], found["draw"][0], float(feed),
        found["pause"], found["footer"],
    )  # fmt: skip


def _lines(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise InputError(f"{where} is {str(value)[:40]!r}; give a list of lines of G-code in quotes")
    for line in value:
        if not line.isascii() or not line.isprintable():
            raise InputError(f"{where}: {line[:40]!r} is no line of G-code: give one of printable ASCII")
        if "{" in re.sub(r"\{(x|y|feed)\}", "", line) or "}" in re.sub(r"\{(x|y|feed)\}", "", line):
            raise InputError(f"{where}: {line[:40]!r} has braces that are not {{x}}, {{y}} or {{feed}}")
    return tuple(value)

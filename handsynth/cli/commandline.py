"""A recorded command as a line for a shell: what a file claims is data, and stays data.

The words of the record are sorted into options, values and arguments as the command itself would, and written so that
no value can become an option: `--hand=-x`, and `--` before arguments.
"""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, NamedTuple

from handsynth.dials.renamed import EARLIER, american
from handsynth.errors import InputError

RECORDED = ("render", "page", "font", "sheet", "hands")
"""Commands that are recorded in what they write."""

_UNSEEN = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Marks that show what follows in another order, or nothing."""


def line(group: Any, words: Sequence[str]) -> str:
    """The command of a record, words after the program's name, for any POSIX shell; `group` has the program's commands.

    Raises InputError where the words are no command of this program, or cannot be shown.
    """
    name, options, values = _sorted(group, words)
    written = [name]
    for option, value in options:
        if value is None:
            written.append(option)
        elif value.startswith("-"):
            written.append(f"{_options(group, name)[option].long}={value}")
        else:
            written += [option, value]
    if any(value.startswith("-") and value != "-" for value in values):
        written += ["--", *values]
    else:
        written[1:1] = values
    return " ".join(quoted(word) for word in ("handsynth", *written))


def outputs_elsewhere(group: Any, words: Sequence[str]) -> list[str]:
    """Outputs of a recorded command that lie outside the current folder. Raises InputError as `line` does."""
    _, options, _ = _sorted(group, words)
    return [value for option, value in options if option in ("-o", "--output") and value and _elsewhere(value)]


def quoted(word: str) -> str:
    """A word for any POSIX shell. Raises InputError for one with characters that a terminal would act on."""
    for char in word:
        if char != "\n" and (unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") or _UNSEEN.match(char)):
            raise InputError(
                f"the command holds the character U+{ord(char):04X}, which no line can show; "
                f"its word is {ascii(word[:60])}"
            )
    return shlex.quote(word)


def _elsewhere(path: str) -> bool:
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return posix.is_absolute() or bool(windows.anchor) or ".." in posix.parts or ".." in windows.parts


def _sorted(group: Any, words: Sequence[str]) -> tuple[str, list[tuple[str, str | None]], list[str]]:
    """Name of the command, its options with their values (None for those without), and its arguments."""
    known = _options(group, words[0]) if words and words[0] in RECORDED else None
    if known is None:
        raise InputError("the record's command is none that writes files; see handsynth --help")
    options: list[tuple[str, str | None]] = []
    values: list[str] = []
    rest = iter(words[1:])
    for word in rest:
        if word == "--":
            values += rest
        elif word == "-" or not word.startswith("-"):
            values.append(word)
        else:
            name, equals, value = word.partition("=")
            if name not in known or (equals and not known[name].valued):
                raise InputError(f"the record's command has an option {ascii(name[:40])}, which {words[0]} has not")
            if name.startswith("--") and known[name].valued:
                name = known[name].long  # records may hold an earlier one
            if not known[name].valued:
                options.append((name, None))
            elif equals:
                options.append((name, value))
            else:
                options.append((name, next(rest, "")))
    return words[0], options, values


class _LongOption(NamedTuple):
    long: str
    valued: bool
    """Whether it takes a value."""


@cache
def _options(group: Any, command: str) -> dict[str, _LongOption]:
    """The options of a command by each of their names."""
    found: dict[str, _LongOption] = {}
    for parameter in group.commands[command].params:
        if parameter.param_type_name == "option":
            for name in (*parameter.opts, *map(american, parameter.opts), *parameter.secondary_opts):
                found[name] = _LongOption(max(parameter.opts, key=len), not parameter.is_flag)
    for earlier, now in EARLIER.get(command, {}).items():
        long = f"--{now.replace('_', '-')}"
        if long in found:
            found[f"--{earlier.replace('_', '-')}"] = found[long]
    return found

"""What character a picture shows, by the names of the picture and of the folders that it lies in.

Names are those that people and data sets give: `a`, `a_2`, `a (1)`, `U+0061`, `u+0061_003`; `D_upper` where a file
system does not tell D from d; `4a`, the code in hexadecimal, as in NIST SD19; `Sample013`, the class of Chars74K (de
Campos, Babu, Varma 2009: digits, capitals, small letters). A number alone is a code where its neighbours say in which
base, and never where it may be a running number.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

_CODE = re.compile(r"U\+([0-9A-F]{4,6})(?:[ _\-.(].*)?", re.IGNORECASE)
_COUNTED = re.compile(r"(.)(?:[ _\-]\d+| ?\(\d+\))", re.DOTALL)
_CASE = re.compile(r"(?P<a>.)[ _\-](?P<after>[a-z]+)|(?P<before>[a-z]+)[ _\-](?P<b>.)", re.IGNORECASE | re.DOTALL)
_UPPER, _LOWER = {"upper", "uppercase", "capital"}, {"lower", "lowercase", "small"}
_SAMPLE = re.compile(r"Sample(\d{3})")
_CLASSES = string.digits + string.ascii_uppercase + string.ascii_lowercase
_HEX = re.compile(r"[2-7][a-f]", re.IGNORECASE)
"""A code that cannot be decimal; those of digits alone may be either."""
_NUMBER = re.compile(r"\d{2,}")
_RUNNING = re.compile(r"\d+")
_ENOUGH = 3
"""Folders with codes that can only be hexadecimal, for those of digits alone to be so, too."""

UNNAMED = "neither folder nor name tells a character, such as U+0041"
EITHER = "the folder's number may be a code in either base, or a class; name it like U+0041"
RUNNING = "the folder tells no character, and a number is no name there; name the folder like U+0041"

Base = Literal[10, 16]


@dataclass(frozen=True)
class Label:
    """What the names around a picture say."""

    char: str | None
    writer: str = ""
    """The folders above the character's, which are somebody's; nothing where there are none."""
    reason: str = ""
    """Why there is no character."""


def leftover(name: str) -> bool:
    """Whether a file is none of a person's: what macOS and Windows leave in folders and archives."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith("._") or path.name in (".DS_Store", "Thumbs.db")


def char_of(name: str) -> str | None:
    """The character that a file (without its ending) or folder is named by; None if by none."""
    # some file systems take accents apart
    name = unicodedata.normalize("NFC", name)
    if match := _CODE.fullmatch(name):
        return _printed(int(match[1], 16))
    if match := _COUNTED.fullmatch(name):
        name = match[1]
    elif match := _CASE.fullmatch(name):
        said, char = (match["after"] or match["before"]).lower(), match["a"] or match["b"]
        name = char.upper() if said in _UPPER else char.lower() if said in _LOWER else name
    elif (match := _SAMPLE.fullmatch(name)) and 1 <= int(match[1]) <= len(_CLASSES):
        name = _CLASSES[int(match[1]) - 1]
    elif _HEX.fullmatch(name):
        return _printed(int(name, 16))
    return _printed(ord(name)) if len(name) == 1 else None


def labels(pictures: Sequence[str]) -> list[Label]:
    """What each of the pictures of one folder shows, by its path in there, with forward slashes.

    `CHARACTER/any name.png`, `CHARACTER.png`, and each of them in a folder that is named after its writer.
    """
    stems: dict[str, list[str]] = defaultdict(list)
    paths = [PurePosixPath(name) for name in pictures]
    for path in paths:
        stems[str(path.parent)].append(path.stem)
    base = _base(PurePosixPath(folder).name for folder in stems)
    return [_label(path, stems[str(path.parent)], base) for path in paths]


def _label(path: PurePosixPath, beside: Sequence[str], base: Base | None) -> Label:
    folder = path.parent.name
    if folder:
        char = char_of(folder)
        if char is None and _NUMBER.fullmatch(folder):
            char = _printed(int(folder, base)) if base else None
            if char is None:
                return Label(None, reason=EITHER)
        if char is not None:
            return Label(char, _named(path.parent.parent))
        if all(map(_RUNNING.fullmatch, beside)):
            return Label(None, reason=RUNNING)
    char = char_of(path.stem)
    if _RUNNING.fullmatch(path.stem) and any(map(_NUMBER.fullmatch, beside)):
        char = None  # 7.png beside 12.png is the seventh
    return Label(char, _named(path.parent), UNNAMED if char is None else "")


def _base(folders: Iterable[str]) -> Base | None:
    """In which base numbers of folders are codes, where that is beyond doubt."""
    names = set(folders)
    hexadecimal = sum(map(bool, map(_HEX.fullmatch, names)))
    large = any(_NUMBER.fullmatch(name) and 100 <= int(name) <= 126 for name in names)
    if large and not hexadecimal:
        return 10
    return 16 if hexadecimal >= _ENOUGH and not large else None


def _named(folder: PurePosixPath) -> str:
    return "" if str(folder) == "." else str(folder)


def _printed(code: int) -> str | None:
    char = chr(code) if code < 0x110000 else ""
    return char if char.isprintable() and char not in ("", " ") else None

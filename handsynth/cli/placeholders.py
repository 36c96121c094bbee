"""What a record leaves out, put back: records hold neither texts nor names of files, since files are passed on.

A record says OUT.pdf for where it is written, TEXT for what `render` wrote and FILE for where `page` read it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

_OUT = re.compile(r"OUT(\.[a-z0-9]+)")
_PAGE, _VARIANT, _TEXTURE = re.compile(r"-\d{3,}$"), re.compile(r"-v\d+$"), re.compile(r"_\d+$")
"""What is added to the name that was asked for: page letter-002.svg, variant Hand-v2.bdf, picture game_0.png."""

_VARIANTS = (".bdf", ".pcf", ".svg", ".lff")
"""Fonts whose variants are files of their own."""


def filled(words: Sequence[str], path: str) -> list[str]:
    """The recorded command `words`, of the file at `path`: it writes that file, and reads its text where it has none.

    The text is read from standard input, as `-` says. Words that are no placeholders stay.
    """
    result = list(words)
    if result[:2] in (["render", "TEXT"], ["page", "FILE"]):
        result[1] = "-"
    for at in range(1, len(result)):
        if result[at - 1] in ("-o", "--output") and (found := _OUT.fullmatch(result[at])):
            result[at] = _asked_for(result, Path(path), found[1])
    return result


def reads_text(words: Sequence[str]) -> bool:
    """Whether the command reads its text from standard input."""
    return list(words[:2]) in (["render", "-"], ["page", "-"])


def _asked_for(words: Sequence[str], path: Path, suffix: str) -> str:
    """The output of the command that wrote the file at `path`, perhaps as one of several."""
    stem, own = path.stem, path.suffix
    if words[0] == "page":
        stem = _PAGE.sub("", stem)
    elif words[0] == "font":
        if suffix in _VARIANTS:
            stem = _VARIANT.sub("", stem)
        elif suffix == ".fnt" and own == ".png":
            stem = _TEXTURE.sub("", stem)
        sizes = words[words.index("--sizes") + 1].split(",") if "--sizes" in words[:-1] else []
        base, _, size = stem.rpartition("-")
        stem = base if base and size in sizes and len(sizes) > 1 else stem
    return str(path.with_name(stem + (own if own.lower() == suffix else suffix)))

"""Fonts: variants of each glyph -> one FontSource -> files, by one small module for each family of formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from handsynth.errors import InputError, OutputError
from handsynth.files import atomic_path, check_place
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource, build
from handsynth.plugins.registry import Registry, function

__all__ = ["FORMATS", "FontSource", "Options", "build", "find", "write"]


@dataclass(frozen=True)
class FontFormat:
    """One format. Its module has two functions.

    `check(options)` raises InputError for options that the format cannot have, before anything is drawn.
    `files(source, name, options)` gives the files as {name: bytes}, the one called `name` first; it raises InputError
    for what only the drawn glyphs tell.
    """

    module: str

    @property
    def check(self) -> Callable[[Options], None]:
        return function(self.module, "check")

    @property
    def files(self) -> Callable[[FontSource, str, Options], dict[str, bytes]]:
        return function(self.module, "files")


_OPENTYPE = FontFormat("handsynth.fonts.opentype")

FORMATS = Registry(
    "font format",
    {
        ".ttf": _OPENTYPE,
        ".otf": _OPENTYPE,
        ".woff": _OPENTYPE,
        ".woff2": _OPENTYPE,
        ".bdf": FontFormat("handsynth.fonts.bdf"),
        ".pcf": FontFormat("handsynth.fonts.pcf"),
        ".fnt": FontFormat("handsynth.fonts.bmfont"),
        ".png": FontFormat("handsynth.fonts.gamesheet"),
        ".svg": FontFormat("handsynth.fonts.svgfont"),
        ".lff": FontFormat("handsynth.fonts.lff"),
        ".ufoz": FontFormat("handsynth.fonts.ufo"),
    },
)
"""By file ending. A new format is one module with `check` and `files`, and one row here."""

SINGLE_LINE = (".svg", ".lff", ".ttf", ".otf", ".ufoz")
"""Endings of what can hold single lines; the first two hold nothing else."""


def find(path: str | Path, options: Options) -> FontFormat:
    """The format of `path`: raises OutputError for an unknown one, InputError for options that it cannot have."""
    suffix = Path(path).suffix.lower()
    if suffix == ".ufo":
        raise OutputError(f"cannot write {path}: write a .ufoz, which is that folder zipped, and unzip it", path)
    found = FORMATS.by_ending(path)
    if options.single_line and suffix not in SINGLE_LINE:
        raise InputError(f"{Path(path).name} cannot be of single lines; write one of {', '.join(SINGLE_LINE)}")
    found.check(options)
    return found


def write(source: FontSource, path: str | Path, options: Options | None = None) -> list[Path]:
    """Write the font in the format that `path` ends in; returns all files, `path` first. Raises HandsynthError."""
    options = options or Options()
    target = Path(path)
    form = find(target, options)
    check_place(target)
    made = form.files(source, target.name, options)
    return save({target.with_name(name): data for name, data in made.items()})


def save(files: dict[Path, bytes]) -> list[Path]:
    """Write files, each whole or not at all; returns their paths. Raises OutputError."""
    for path, data in files.items():
        with atomic_path(path) as temporary:
            temporary.write_bytes(data)
    return list(files)

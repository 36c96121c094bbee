"""Page to files: one small writer for each format, found by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from handsynth.errors import OutputError
from handsynth.layout.page import Page
from handsynth.render import png
from handsynth.render.picture import RASTER
from handsynth.render.raster import Look

Writer = Callable[[Page, str | Path, Look], None]

FORMATS: dict[str, Writer] = dict.fromkeys(RASTER, png.write)
"""Writers by file ending. A new format is one module with a writer, and one row here."""


def writer(path: str | Path) -> Writer:
    """The writer for the ending of `path`; raises OutputError that lists the known ones."""
    suffix = Path(path).suffix.lower()
    if suffix not in FORMATS:
        ending = f"the ending {suffix}" if suffix else "no ending"
        raise OutputError(f"cannot write {path}: {ending} is not known; use one of {', '.join(FORMATS)}")
    return FORMATS[suffix]


def check_path(path: str | Path) -> Writer:
    """`writer`, and OutputError if the folder of `path` is missing: before any work."""
    found = writer(path)
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder; give a file name")
    if not target.parent.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {target.parent}; make it first")
    return found

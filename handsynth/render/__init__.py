"""Page to files: one small writer for each format, found by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from handsynth.errors import OutputError
from handsynth.files import check_place
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
    if not str(path).strip():
        raise OutputError(f"the output has no name; give one that ends in {', '.join(FORMATS)}")
    if not suffix:
        raise OutputError(f"cannot write {path}: give a name that ends in {', '.join(FORMATS)}")
    if suffix not in FORMATS:
        raise OutputError(f"cannot write {path}: the ending {suffix} is not known; use one of {', '.join(FORMATS)}")
    return FORMATS[suffix]


def check_path(path: str | Path) -> Writer:
    """`writer`, and OutputError if no file `path` can be made: before any work."""
    if str(path).strip() and Path(path).is_dir():
        raise OutputError(f"cannot write {path}: it is a folder, give a file name")
    found = writer(path)
    check_place(path)
    return found

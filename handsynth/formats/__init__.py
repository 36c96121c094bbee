"""Pages to files: one small module for each family of formats, found by the file's ending."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from handsynth.errors import InputError, OutputError, option
from handsynth.files import atomic_path, check_place
from handsynth.formats.look import Look
from handsynth.formats.profiles import profile
from handsynth.ink.pens import InkKind, left_out
from handsynth.layout.page import Page
from handsynth.plugins.registry import Registry, function


@dataclass(frozen=True)
class Format:
    """One format: where its code is, and whether a file of it holds many pages.

    Its module has two functions. `part(page, look)` does the work for one page and returns something that can be
    pickled, so that other processes can do it. `join(parts, file, look)` writes the file from an iterator of such
    parts, one at a time; formats of single pages get exactly one. `kind` is passed on to `join`, where it is not empty.
    """

    module: str
    many: bool = False
    kind: str = ""
    ink: InkKind = "pixels"
    """What ink is there."""
    needs: str = ""
    """A library that not every installation has."""

    @property
    def part(self) -> Callable[[Page, Look], Any]:
        return function(self.module, "part")

    @property
    def able(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or find_spec(self.needs) is not None

    @property
    def join(self) -> Callable[[Iterator[Any], BinaryIO, Look], None]:
        found = function(self.module, "join")
        return partial(found, kind=self.kind) if self.kind else found


FORMATS = Registry(
    "format",
    {
        ".png": Format("handsynth.formats.pixels", kind="PNG"),
        ".jpg": Format("handsynth.formats.pixels", kind="JPEG"),
        ".jpeg": Format("handsynth.formats.pixels", kind="JPEG"),
        ".webp": Format("handsynth.formats.pixels", kind="WEBP"),
        ".tif": Format("handsynth.formats.tiff", many=True),
        ".tiff": Format("handsynth.formats.tiff", many=True),
        ".svg": Format("handsynth.formats.svg", ink="shapes"),
        ".pdf": Format("handsynth.formats.pdf", many=True, ink="shapes"),
        ".gif": Format("handsynth.formats.animation", kind="GIF"),
        ".apng": Format("handsynth.formats.animation", kind="PNG"),
        ".mp4": Format("handsynth.formats.animation", kind="MP4", needs="imageio_ffmpeg"),
        ".hpgl": Format("handsynth.formats.hpgl", ink="lines"),
        ".plt": Format("handsynth.formats.hpgl", ink="lines"),
        ".gcode": Format("handsynth.formats.gcode", ink="lines"),
        ".nc": Format("handsynth.formats.gcode", ink="lines"),
        ".dxf": Format("handsynth.formats.dxf", ink="lines", needs="ezdxf"),
        ".inkml": Format("handsynth.formats.inkml", many=True, ink="shapes"),
        ".json": Format("handsynth.formats.json_ink", many=True, ink="shapes"),
    },
    "handsynth.formats",
)
"""By file ending. A new format is one module with `part` and `join`, and one row here."""


HPGL, GCODE = (".hpgl", ".plt"), (".gcode", ".nc")
LINES = (".svg", *HPGL, *GCODE, ".dxf")
"""Files of lines for a machine's pen."""

MOVING = (".gif", ".webp", ".apng", ".mp4", ".svg")
"""Files that can move."""


def find(path: str | Path) -> Format:
    """The format that `path` ends in; raises OutputError that lists the known ones."""
    if not str(path).strip():
        raise OutputError(f"the output has no name; give one that ends in {', '.join(FORMATS.known)}")
    return FORMATS.by_ending(path)


def unshown(pen: str, suffix: str, look: Look) -> list[str]:
    """What files that end in `suffix` cannot show of a kind of pen (`pens.PENS`): lines for a person, none or one."""
    form = FORMATS[suffix.lower()]
    single = suffix.lower() in (".svg", ".pdf") and (look.centreline or look.motion.animate)
    ink: InkKind = "lines" if single else form.ink
    kind = f"{suffix.lower()} files" + (" of centre lines" if ink != form.ink else "")
    return left_out(pen, kind, ink)


def check_kind(suffix: str, look: Look) -> None:
    """Raises InputError for what files that end in `suffix` cannot do, where it is asked for."""
    suffix = suffix.lower()
    asked = {
        "device": (look.plot.device is not None, HPGL),
        "profile": (look.plot.profile != profile(), GCODE),
        "optimise": (look.plot.optimise, LINES),
        "hatch": (look.plot.hatch > 0, LINES),
        "rules": (look.plot.rules, LINES),
        "animate": (look.motion.animate, MOVING),
        "pen_shown": (look.motion.pen_shown, MOVING),
        "duration": (look.motion.duration > 0, (*MOVING, ".json", ".inkml")),
    }
    for name, (is_asked, known) in asked.items():
        if is_asked and suffix not in known:
            raise InputError(f"{option(name)} means nothing in {suffix} files; write {', '.join(known)}")
    lined = look.centreline and not look.motion.animate
    if suffix == ".svg" and not lined and (look.plot.optimise or look.plot.hatch or look.plot.rules):
        raise InputError(
            f"{option('optimise')}, {option('hatch')} and {option('rules')} are for SVG of centre lines; "
            f"add {option('centreline')}"
        )
    moves = suffix in (".gif", ".apng", ".mp4") or look.motion.animate
    if (look.motion.pen_shown or look.motion.duration) and suffix in (".svg", ".webp") and not moves:
        raise InputError(
            f"{option('pen_shown')} and {option('duration')} are for {suffix} files that move; add {option('animate')}"
        )
    if moves and suffix != ".svg" and look.camera:
        raise InputError(f"writing that is seen being written cannot be {look.camera}; leave the look out")


def check_path(path: str | Path) -> Format:
    """`find`, and OutputError if no file `path` can be made: before any work."""
    if str(path).strip() and Path(path).is_dir():
        raise OutputError(f"cannot write {path}: it is a folder, give a file name", path)
    found = find(path)
    check_place(path)
    return found


def write(page: Page, path: str | Path, look: Look) -> None:
    """Write one page into the file `path`, whole or not at all. Raises InputError (too large) or OutputError."""
    form = find(path)
    part = form.part(page, look)
    with atomic_path(path) as temporary, temporary.open("w+b") as file:
        form.join(iter([part]), file, look)


def encode(page: Page, suffix: str, look: Look) -> bytes:
    """One page as a file of the format that ends in `suffix`, like ".png". Raises InputError or OutputError."""
    form = find(f"page{suffix}")
    file = io.BytesIO()
    form.join(iter([form.part(page, look)]), file, look)
    return file.getvalue()

"""A font in one call: hand and characters to files."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from handsynth import dials, units
from handsynth.dials.choices import Missing, Use
from handsynth.drawing.options import check, described
from handsynth.drawing.resolve import joins, resolve
from handsynth.errors import InputError
from handsynth.files import check_place
from handsynth.fonts import FORMATS, FontSource, find, repertoire, save
from handsynth.fonts.names import Names, family_of
from handsynth.fonts.options import Options
from handsynth.fonts.source import build
from handsynth.hands.hand import Hand
from handsynth.ink import pens
from handsynth.model.model import Model, opened
from handsynth.text.recipes import Recipes, recipes_of

SFNT = frozenset({".ttf", ".otf", ".woff", ".woff2"})
"""Endings of OpenType fonts."""

_PART = 0.3
"""Work of finding all outlines, and of each file (tables, features, compression), beside that of drawing."""

_JOINING = sorted(SFNT)
"""Endings of fonts that can join letters."""

OUTLINED = SFNT | {".ufoz"}
"""Endings of formats that hold outlines."""

SPECIMEN = "-specimen"
"""What the names of specimens end in, before .png and .html."""


class Making(TypedDict, total=False):
    """How a font is made: options that `font` and `files` share."""

    hand: Hand | str | Path | None
    variants: int
    charset: str
    chars: str | None
    names: Names | None
    seed: int
    temperature: float
    variation: float
    joined: float
    """How much is written without lifting the pen: 0 print, 1 as the hand does, 2 all."""
    pen: str | None
    pen_width: float | str | None
    legibility: int
    missing: Missing
    originals: Use
    recipes: Recipes | str | Path | None
    slant: float
    options: Options | None
    specimen: bool
    model: Model | str | Path | None
    command: list[str] | None
    progress: Callable[[int, int], None] | None


@described(Making, "font")
def font(paths: str | Path | Sequence[str | Path], **how: Unpack[Making]) -> tuple[FontSource, list[Path]]:
    """Write a font into each of `paths`, by their endings; returns what was drawn and all files. Raises HandsynthError.

    font(["MyHand.ttf", "MyHand.woff2"], hand="Quill", charset="latin1")
    """
    check("font", how, Making.__annotations__)
    targets = [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]
    if not targets:
        raise InputError("give a file to write, like MyHand.ttf")
    _check_clashes(targets)
    for target in targets:
        find(target, how.get("options") or Options())
    for target in [*targets, *(_specimens(targets[0]) if how.get("specimen") else [])]:
        check_place(target)
    source, made = files(targets, **how)
    return source, save(made)


def charset(name: str = "latin1", *, model: Model | str | Path | None = None) -> str:
    """The characters of a named set, as a font has them: ascii, latin1, latin, cyrillic, greek or model.

    `model`: all that the model draws by itself. Raises InputError for another name.
    """
    return repertoire.named(name, opened(model).charset if name.strip().lower() == "model" else "")


def files(
    targets: Sequence[Path],
    *,
    hand: Hand | str | Path | None = None,
    variants: int = dials.default("variants"),
    charset: str = dials.default("charset"),
    chars: str | None = None,
    names: Names | None = None,
    seed: int = dials.default("seed"),
    temperature: float = dials.default("temperature"),
    variation: float = dials.default("variation"),
    joined: float = dials.default("joined"),
    pen: str | None = None,
    pen_width: float | str | None = None,
    legibility: int = dials.default("legibility", "font"),
    missing: Missing = dials.default("missing"),
    originals: Use = dials.default("originals"),
    recipes: Recipes | str | Path | None = None,
    slant: float = dials.default("slant"),
    options: Options | None = None,
    specimen: bool = dials.default("specimen"),
    model: Model | str | Path | None = None,
    command: list[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[FontSource, dict[Path, bytes]]:
    """What was drawn, and all files of a font by their paths; nothing is written. Raises HandsynthError."""
    options = options or Options()
    for target in targets:
        find(target, options)
    idle = _idle(targets, options)
    outlined = not options.single_line and bool({target.suffix.lower() for target in targets} & OUTLINED)
    work = _Work(progress, len(targets) + specimen + outlined)
    known = opened(model)
    writer = resolve(known, hand, seed, originals).leaning(slant).with_pen(units.pen_width(pen_width), known, pen)
    source = build(
        known,
        writer,
        names or Names(family_of(targets[0].stem)),
        repertoire.named(charset, known.charset) if chars is None else chars,
        variants,
        seed=seed,
        temperature=temperature,
        variation=variation,
        legibility=legibility if known.has("reader") else 1,
        missing=missing,
        recipes=recipes_of(recipes),
        joining=joins(known, writer, joined),
        progress=work.drawn,
    )
    made: dict[Path, bytes] = {}
    if outlined:
        _ = source.outlines
        work.part_done()
    for target in targets:
        one = _signed(source, command, target.suffix.lower())
        _add(made, target, FORMATS[target.suffix.lower()].files(one, target.name, options))
        work.part_done()
    if specimen:
        shows = [path.name for path in _specimens(targets[0])]
        shown = _specimen(_signed(source, command, targets[0].suffix.lower()), options)
        _add(made, targets[0], dict(zip(shows, shown, strict=True)))
    work.all_done()
    unshown = pens.left_out(writer.pen_kind, "fonts", "shapes")
    endings = {target.suffix.lower() for target in targets}
    apart = sorted(endings if options.single_line else endings - SFNT)
    if source.forms is not None and apart:
        which = "fonts of single lines" if options.single_line else f"{', '.join(apart)} fonts"
        instead = "" if endings & SFNT and not options.single_line else f"; {', '.join(_JOINING)} join them"
        unshown = [*unshown, f"this hand joins letters, but {which} cannot: there each letter stands alone{instead}"]
    cut = [note for note in [source.names.cut()] if note and endings & SFNT]
    return replace(source, notes=(*source.notes, *idle, *unshown, *cut)), made


class _Work:
    """Progress through all that makes a font: drawings, then outlines and files, each of which counts as so many."""

    def __init__(self, show: Callable[[int, int], None] | None, parts: int) -> None:
        self._show, self._parts = show, parts
        self._glyphs = self._done = 0

    def drawn(self, done: int, total: int) -> None:
        """So many of all drawings are done."""
        self._done, self._glyphs = done, total
        self._tell()

    def part_done(self) -> None:
        self._done += self._each
        self._tell()

    def all_done(self) -> None:
        self._done = self._glyphs + self._parts * self._each
        self._tell()

    @property
    def _each(self) -> int:
        return round(_PART * self._glyphs)

    def _tell(self) -> None:
        if self._show:
            self._show(self._done, self._glyphs + self._parts * self._each)


def _specimens(first: Path) -> list[Path]:
    return [first.with_name(first.stem + SPECIMEN + end) for end in (".png", ".html")]


def _signed(source: FontSource, command: list[str] | None, suffix: str) -> FontSource:
    """The font with the command that makes this one file."""
    if command is None:
        return source
    words = ["font", "-o", f"OUT{suffix}", "--family", source.names.family, *command]
    return replace(source, metadata=source.metadata | {"Command": json.dumps(words, ensure_ascii=False)})


def _add(made: dict[Path, bytes], target: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        path = target.with_name(name)
        if path in made:
            raise InputError(f"two of the outputs would both write {name}; give them different names")
        made[path] = data


def _idle(targets: Sequence[Path], options: Options) -> list[str]:
    """Options that were given and that no format reads, one line each. Raises InputError for strikes in none."""
    endings = {target.suffix.lower() for target in targets}
    sfnt, textures = endings & SFNT, endings & {".fnt", ".png"}
    if options.strikes and not sfnt:
        raise InputError("strikes are part of OpenType fonts; write a .ttf or .otf, too")
    usual = Options()
    read = {
        "sizes": bool(options.strikes or textures or endings & {".bdf", ".pcf"}),
        "depth": options.strikes == "ebdt",
        "ink": options.strikes in ("sbix", "cbdt"),
        "dialect": ".fnt" in endings,
        "distance": ".fnt" in endings,
        "texture_size": bool(textures),
        "padding": bool(textures),
        "spacing": bool(textures),
    }
    return [
        f"--{name.replace('_', '-')} has no meaning for {', '.join(sorted(endings))} here"
        for name, meant in read.items()
        if not meant and getattr(options, name) != getattr(usual, name)
    ]


def _specimen(source: FontSource, options: Options) -> tuple[bytes, bytes]:
    from handsynth.fonts.specimen import picture
    from handsynth.fonts.specimen_page import page

    drawn = io.BytesIO()
    picture(source).save(drawn, "PNG")
    return drawn.getvalue(), page(source, replace(options, strikes="", single_line=False)).encode()


def _check_clashes(targets: Sequence[Path]) -> None:
    seen: set[str] = set()
    for target in targets:
        key = os.path.normcase(os.path.abspath(target)).casefold()
        if key in seen:
            raise InputError(f"{target} is given twice; give each file once")
        seen.add(key)

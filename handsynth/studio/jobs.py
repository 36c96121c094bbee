"""From a request to a file: calls of the library. Everything here runs in a thread, and touches no file."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image

from handsynth import api, units
from handsynth.document.memo import Memo
from handsynth.document.pages import BLANK_BACK, Document
from handsynth.document.style import Style
from handsynth.fonts import api as fonts
from handsynth.fonts import repertoire
from handsynth.fonts.names import Names
from handsynth.fonts.options import Options
from handsynth.formats import FORMATS, encode
from handsynth.hands import handfile
from handsynth.layout.page import Page, part_of
from handsynth.learning.api import learn as learn_hand
from handsynth.learning.form import Form
from handsynth.learning.printing import encoded
from handsynth.model.model import Model
from handsynth.specimens.sheet import sheet as draw_sheet
from handsynth.specimens.show import held
from handsynth.studio.decoder import decoded, decoded_again
from handsynth.studio.hands import hand_of, named
from handsynth.studio.job_queue import Deadline
from handsynth.studio.limits import Limits
from handsynth.studio.refusal import Refusal
from handsynth.studio.requests import (
    FontBody,
    ForgetBody,
    LearnForm,
    LettersBody,
    PageBody,
    SheetQuery,
    Template,
    WritingFields,
)

ZIP = "application/zip"
TYPES = {
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "webp": "image/webp", "tif": "image/tiff",
    "tiff": "image/tiff", "svg": "image/svg+xml", "pdf": "application/pdf", "hpgl": "application/vnd.hp-hpgl",
    "plt": "application/vnd.hp-hpgl", "gcode": "text/x-gcode", "nc": "text/x-gcode", "dxf": "image/vnd.dxf",
    "inkml": "application/inkml+xml", "gif": "image/gif", "apng": "image/apng", "mp4": "video/mp4", "ttf": "font/ttf",
    "otf": "font/otf", "woff": "font/woff", "woff2": "font/woff2", "bdf": "application/x-font-bdf",
    "pcf": "application/x-font-pcf", "fnt": "application/octet-stream", "lff": "text/plain", "ufoz": ZIP,
    "zip": ZIP, "json": "application/json",
}  # fmt: skip
"""Media types (IANA where there is one) by ending."""


@dataclass(frozen=True)
class File:
    """A file to answer with."""

    name: str
    data: bytes
    notes: tuple[str, ...] = ()
    """What is not as it was asked for, one line each."""
    last: bool | None = None
    """Of one page of a document: whether it is the last."""

    @property
    def kind(self) -> str:
        return TYPES[self.name.rpartition(".")[2]]


def render(model: Model, asked: Any, limits: Limits) -> File:
    """A text as a picture."""
    _check_length(asked.text, limits.text)
    how = asked.model_dump(exclude={"text", "format", "hand"})
    page, data = api.encode(
        asked.text,
        f".{asked.format}",
        model=model,
        hand=hand_of(model, asked.hand, asked.seed),
        max_pixels=limits.pixels,
        command=["render", "TEXT", "-o", f"OUT.{asked.format}", *_options(asked, WritingFields)],
        **how,
    )
    return File(f"handwriting.{asked.format}", data, tuple(page.report.lines()))


@dataclass(frozen=True)
class Book:
    """A document that is about to be drawn."""

    document: Document
    suffix: str
    limits: Limits
    look: Any = field(repr=False)
    words: frozenset[str] | None = None
    """What alone is written; None: all of it."""

    def notes(self) -> tuple[str, ...]:
        return (
            *self.document.report.lines(),
            *self.document.unshown(self.suffix),
            *([BLANK_BACK] if self.document.blank_back else []),
        )

    def pages(self, deadline: Deadline) -> Iterator[Any]:
        for number, page in enumerate(self.document.pages(progress=deadline.check), 1):
            if number > self.limits.pages:
                raise Refusal(422, f"the document has more than {self.limits.pages} pages; give less text")
            deadline.check()
            yield page if self.words is None else _only(page, self.words)

    def one(self, number: int, deadline: Deadline) -> File:
        """Page `number` alone, and whether it is the last. Raises Refusal if there is none."""
        pages = self.pages(deadline)
        for at, page in enumerate(pages, 1):
            if at == number:
                data = encode(page, self.suffix, self.look)
                return File(f"page-{number}{self.suffix}", data, self.notes(), next(pages, None) is None)
        raise Refusal(404, f"there is no page {number}; the document has {at}")

    def together(self, deadline: Deadline) -> File:
        """All pages in one file, of a format that can hold them."""
        form, file = FORMATS[self.suffix], io.BytesIO()
        form.join((form.part(page, self.look) for page in self.pages(deadline)), file, self.look)
        return File(f"pages{self.suffix}", file.getvalue(), self.notes())

    def each(self, deadline: Deadline) -> Iterator[File | bytes]:
        """The file of a single page; of several, a zip of their files, piece by piece as they are drawn."""
        pages = self.pages(deadline)
        first, second = next(pages), next(pages, None)
        if second is None:
            yield File(f"page{self.suffix}", encode(first, self.suffix, self.look), self.notes(), True)
            return
        yield from zipped(
            (f"page-{number:03d}{self.suffix}", encode(page, self.suffix, self.look))
            for number, page in enumerate(chain([first, second], pages), 1)
        )


def book(model: Model, asked: PageBody, limits: Limits, deadline: Deadline, memo: Memo | None = None) -> Book:
    """The document that is asked for, checked; `memo`: of blocks that were set before. Raises InputError."""
    _check_length(asked.text, limits.page_text)
    tables: Mapping[str, Any] = asked.style.model_dump(exclude_none=True) if asked.style else {}
    style = Style().changed(tables, "the style")
    suffix = f".{asked.format}"
    hand = hand_of(model, asked.hand, style.writing.seed).using(style.writing.originals)
    below = None
    if asked.background is not None:
        below = decoded_again(asked.background, "the background", limits, deadline)
    known = None if memo is None else (memo, _settings(asked))
    document = Document(
        asked.text, style, hand=hand, model=model, markdown=asked.markdown, background=below, memo=known
    )
    document.check_format(suffix)
    shown = replace(style, writing=replace(style.writing, hand=named(asked.hand)))
    if asked.markdown and style.text.format == "auto":
        shown = shown.set(["text.format=markdown"])
    if below is not None:
        shown = shown.set(["paper.background=BACKGROUND"])
    command = ["page", "FILE", "-o", f"OUT{suffix}", *shown.arguments()]
    look = replace(document.plan.look, max_pixels=limits.pixels, metadata=document.made_by(command))
    return Book(document, suffix, limits, look, None if asked.words is None else frozenset(asked.words))


def _only(page: Page, words: frozenset[str]) -> Page:
    """The page with some of its words alone, where they stand."""
    wanted = np.array([word in words for word in page.words], bool)
    return replace(part_of(page, np.flatnonzero(wanted[page.word])), strokes=())


def _settings(asked: PageBody) -> str:
    """What blocks of a document depend on besides themselves, in short."""
    leave: Any = {
        "text": True,
        "page": True,
        "format": True,
        "words": True,
        "style": {"output": {"embed_text": True}},
    }
    said = asked.model_dump_json(exclude=leave)
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass")).hexdigest()


def font(model: Model, asked: FontBody, limits: Limits, deadline: Deadline) -> File:
    """A font; one file, or a zip of several."""
    if asked.variants > limits.variants:
        raise Refusal(422, f"{asked.variants} variants are more than the {limits.variants} allowed here; ask for fewer")
    chars = repertoire.named(asked.charset, model.charset) if asked.chars is None else asked.chars
    if len(chars) * asked.variants > limits.glyphs:
        raise Refusal(
            422, f"the font would have more than {limits.glyphs:,} glyphs; ask for fewer characters or variants"
        )
    options = Options(
        sizes=tuple(sorted(set(asked.sizes))), strikes=asked.strikes, depth=asked.depth,
        ink=units.colour(asked.ink, "ink"), dialect=asked.dialect, distance=asked.distance,
        texture_size=asked.texture_size, padding=asked.padding, spacing=asked.spacing, kerning=asked.kerning,
        single_line=asked.single_line,
    )  # fmt: skip
    name = _file_name(asked.family)
    source, made = fonts.files(
        [Path(f"{name}.{asked.format}")],
        hand=hand_of(model, asked.hand, asked.seed),
        variants=asked.variants,
        chars=chars,
        names=Names(asked.family),
        seed=asked.seed,
        temperature=asked.temperature,
        legibility=asked.legibility,
        missing=asked.missing,
        originals=asked.originals,
        slant=asked.slant,
        variation=asked.variation,
        joined=asked.joined,
        pen=asked.pen,
        pen_width=asked.pen_width,
        options=options,
        specimen=asked.specimen,
        model=model,
        command=_options(asked, FontBody, leave=("family", "specimen", "format")),
        progress=deadline.check,
    )
    if len(made) == 1:
        return File(f"{name}.{asked.format}", next(iter(made.values())), source.notes)
    return File(f"{name}.zip", b"".join(zipped((path.name, data) for path, data in made.items())), source.notes)


def sheet(model: Model, asked: SheetQuery, limits: Limits, deadline: Deadline) -> File:
    """A labelled sheet of characters."""
    _check_length(asked.chars, 1000)
    rows = asked.variants or len(asked.hands) or len(model.card.gallery) or 1
    if (len(asked.chars) or 62) * rows * asked.legibility > limits.glyphs * 4:
        raise Refusal(422, "the sheet has too many drawings; ask for fewer characters or hands, or less legibility")
    picture = draw_sheet(
        model,
        asked.chars,
        [hand_of(model, hand, asked.seed) for hand in asked.hands],
        variants=asked.variants,
        seed=asked.seed,
        size=asked.size,
        columns=asked.columns,
        temperature=asked.temperature,
        legibility=asked.legibility,
        max_pixels=limits.pixels,
        progress=deadline.check,
    )
    file = io.BytesIO()
    picture.save(file, "PNG")
    return File("sheet.png", file.getvalue())


def learn(
    model: Model,
    photos: Sequence[BinaryIO],
    line: BinaryIO | None,
    asked: LearnForm,
    limits: Limits,
    deadline: Deadline,
) -> dict[str, Any]:
    """The hand in photos, as JSON: `hand`, `notes` and `measured`."""
    photos = [decoded(photo, limits, deadline) for photo in photos]
    line = None if line is None else decoded(line, limits, deadline)
    learnt = learn_hand(
        model,
        photos,
        line=line,
        text=asked.text,
        chars=asked.chars or None,
        name=asked.name,
        forget_originals=asked.forget_originals,
        progress=deadline.check,
    )
    return {
        "hand": handfile.data(learnt.hand),
        "notes": list(learnt.notes),
        "measured": dict(learnt.hand.measured),
    }


def letters(model: Model, asked: LettersBody) -> dict[str, Any]:
    """The letters that a hand holds, as they were read and drawn anew."""
    found = held(model, hand_of(model, asked.hand, asked.seed), asked.seed)
    return {
        "letters": [
            {
                "char": letter.char,
                "read": None if letter.read is None else _address(letter.read),
                "drawn": _address(letter.drawn),
                "doubtful": letter.doubtful,
            }
            for letter in found
        ]
    }


def forget(model: Model, asked: ForgetBody) -> dict[str, Any]:
    """The hand without some of its letters, as JSON."""
    return {"hand": handfile.data(hand_of(model, asked.hand).without(asked.chars))}


def _address(ink: np.ndarray) -> str:
    """Coverage f32 [H,W] as the `data:` address of a PNG, black on nothing."""
    alpha, file = Image.fromarray((ink * 255).astype(np.uint8)), io.BytesIO()
    Image.merge("LA", (Image.new("L", alpha.size), alpha)).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def template(asked: Template, deadline: Deadline) -> File:
    """The form to fill in; of several pages in a format of single ones, a zip."""
    form = Form.of(asked.chars, asked.variants, asked.paper)
    files = []
    for name, data in encoded(form, f".{asked.format}"):
        deadline.check()
        files.append((f"form{name}", data))
    if len(files) == 1:
        return File(*files[0])
    return File("form.zip", b"".join(zipped(iter(files))))


def zipped(files: Iterator[tuple[str, bytes]]) -> Iterator[bytes]:
    """A zip of `files`, piece by piece; the same files give the same bytes."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as whole:
        for name, data in files:
            whole.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
            yield pipe.taken()
    yield pipe.taken()


class _Pipe(io.RawIOBase):
    """What is written can be taken, once."""

    def __init__(self) -> None:
        self.held = bytearray()

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def taken(self) -> bytes:
        result = bytes(self.held)
        self.held.clear()
        return result


def _check_length(text: str, most: int) -> None:
    if len(text) > most:
        raise Refusal(422, f"the text has {len(text):,} characters, more than the {most:,} allowed here; give less")


def _file_name(family: str) -> str:
    name = "".join(char for char in family if char.isalnum() and char.isascii() or char in "-_")
    return name[:60] or "Font"


def _options(asked: Any, order: type[Any], leave: tuple[str, ...] = ()) -> list[str]:
    """The options of the command line that ask for the same, as `console.again` would give them."""
    result: list[str] = []
    for name, info in order.model_fields.items():
        value = getattr(asked, name)
        if name in leave or value == info.default or value in (None, ""):
            continue
        if name == "hand":
            value = named(value)
        elif name in ("size", "wrap") and not isinstance(value, str):
            value = f"{value:g}px" if order is WritingFields else f"{value:g}"
        elif name == "sizes":
            value = ",".join(map(str, value))
        if isinstance(value, bool):
            result.append(f"--{'' if value else 'no-'}{name}")
        else:
            option = f"--{name.replace('_', '-')}"
            # what begins like an option must not become one
            result += [f"{option}={value}"] if str(value).startswith("-") else [option, str(value)]
    return result

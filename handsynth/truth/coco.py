"""Truths to one COCO file for object detection (Lin et al. 2014; cocodataset.org, "Data format"), in px.

Lines, words, words struck out and glyphs are annotations, each with its polygon, as far as the picture shows them.
Every character is a category of its own. All numbers follow from a picture's index and from a character's code point,
so that shards made anywhere can be joined: a file that was joined is the same, to the byte, as one that was written at
once in the same order. The seed is text: it has 64 bits, and JSON's numbers are doubles for most readers.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import numpy as np

from handsynth import __version__
from handsynth.arrays import Floats
from handsynth.errors import InputError, OutputError
from handsynth.truth.parts import STRUCK, TruthPart, lines, struck
from handsynth.truth.polygons import area
from handsynth.truth.truth import Truth

LINE, WORD, STRUCK_WORD = 1, 2, 3
"""Categories: no character that is written has such a code point."""

MOST = 1 << 20
"""Annotations of a picture, one more than the greatest number: that of picture i is i MOST + 1 and so on."""

_GREATEST = (1 << 53) // MOST
"""No index is as great: JSON numbers are exact up to 2^53."""

_FIXED = {
    LINE: {"id": LINE, "name": "line", "supercategory": "text"},
    WORD: {"id": WORD, "name": "word", "supercategory": "text"},
    STRUCK_WORD: {"id": STRUCK_WORD, "name": f"{STRUCK} word", "supercategory": "ink"},
}
_SECTIONS = "images", "annotations", "categories"
_CHUNK = 1 << 20

Record = dict[str, Any]


def records(truth: Truth, picture: str) -> tuple[Record, list[Record]]:
    """The picture's entry in "images" and its entries in "annotations". Raises OutputError for too great an index."""
    if not 0 <= truth.index < _GREATEST:
        raise OutputError(f"COCO has no room for a picture of index {truth.index}; use indices up to {_GREATEST - 1}")
    image = {
        "id": truth.index,
        "file_name": picture,
        "width": truth.width,
        "height": truth.height,
        "text": truth.text,
        "writer": truth.writer,
        "seed": str(truth.seed),
    }
    found: list[Record] = []
    for line in lines(truth):
        place = _add(found, truth, line, LINE)
        for word in line.parts:
            _add_word(found, truth, word, WORD, place)
    for word in struck(truth):
        _add_word(found, truth, word, STRUCK_WORD)
    if len(found) >= MOST:
        raise OutputError(f"COCO has no room for the {len(found):,} annotations of {picture}; split the picture")
    return image, found


def character(text: str) -> int:
    """The category of a character: its code point, or a number from 2^32 up for a sequence that has none."""
    whole = unicodedata.normalize("NFC", text)
    if len(whole) == 1 and ord(whole) > STRUCK_WORD:
        return ord(whole)
    return 1 << 32 | int.from_bytes(hashlib.blake2b(_safe(whole).encode(), digest_size=4).digest(), "big")


def write(pairs: Iterable[tuple[Truth, str]], file: BinaryIO) -> None:
    """One COCO file from Truths and their pictures' names, one at a time: annotations wait in a temporary file."""
    categories = dict(_FIXED)
    with tempfile.TemporaryFile() as spool:
        _begin(file)
        first = True
        for truth, picture in pairs:
            image, found = records(truth, picture)
            file.write(_entry(image, first))
            for annotation in found:
                spool.write(_entry(annotation, spool.tell() == 0))
            for glyph in truth.glyphs:
                number = character(glyph)
                if number not in categories:
                    name = unicodedata.normalize("NFC", glyph)
                    categories[number] = {"id": number, "name": name, "supercategory": "character"}
            first = False
        _next(file, 1)
        spool.seek(0)
        while part := spool.read(_CHUNK):
            file.write(part)
    _end(file, categories.values())


def join(files: Iterable[BinaryIO], file: BinaryIO) -> None:
    """One COCO file of several that `write` or `join` wrote and that can be sought in. Raises InputError for others."""
    parts = list(files)
    starts = [part.tell() for part in parts]
    categories: dict[int, Record] = {}
    _begin(file)
    for section in range(2):
        first = True
        if section:
            _next(file, section)
        for part, start in zip(parts, starts, strict=True):
            part.seek(start)
            for line in _section(part, section):
                file.write(line if first else b",\n" + line)
                first = False
    for part, start in zip(parts, starts, strict=True):
        part.seek(start)
        for line in _section(part, 2):
            try:
                record = json.loads(line)
                categories[int(record["id"])] = record
            except (ValueError, TypeError, KeyError, RecursionError) as error:
                raise InputError("a COCO file to join has a damaged list of categories; write it again") from error
    _end(file, categories.values())


def _add_word(found: list[Record], truth: Truth, word: TruthPart, category: int, inside: int | None = None) -> None:
    place = _add(found, truth, word, category, inside)
    for glyph in word.parts:
        _add(found, truth, glyph, character(glyph.text), place)


def _add(found: list[Record], truth: Truth, part: TruthPart, category: int, inside: int | None = None) -> int | None:
    """Append a part's annotation, which is `inside` another; its number, or None where the picture does not show it."""
    left, top, right, bottom = part.box
    size = area(part.polygon)
    if size < 0.01:
        return None
    number = truth.index * MOST + len(found) + 1
    record = {
        "id": number,
        "image_id": truth.index,
        "category_id": category,
        "segmentation": [_short(part.polygon.ravel())],
        "bbox": _short(np.array([left, top, right - left, bottom - top])),
        "area": round(size, 2),
        "iscrowd": 0,
        "text": part.text,
    }
    found.append(record if inside is None else record | {"inside": inside})
    return number


def _short(values: Floats) -> list[float]:
    return list((np.round(values, 2) + 0.0).tolist())


def _safe(text: str) -> str:
    return "".join("\ufffd" if "\ud800" <= char <= "\udfff" else char for char in text)


def _entry(record: Record, first: bool) -> bytes:
    return (b"" if first else b",\n") + json.dumps(record, allow_nan=False).encode("ascii")


def _begin(file: BinaryIO) -> None:
    info = {"description": "handwriting made by handsynth", "version": __version__}
    file.write(b'{"info": ' + json.dumps(info).encode("ascii") + b',\n"images": [\n')


def _next(file: BinaryIO, section: int) -> None:
    file.write(f'\n],\n"{_SECTIONS[section]}": [\n'.encode())


def _end(file: BinaryIO, categories: Iterable[Record]) -> None:
    _next(file, 2)
    entries = sorted(categories, key=lambda record: int(record["id"]))
    file.write(b",\n".join(_entry(record, True) for record in entries) + b"\n]}\n")


def _section(file: BinaryIO, section: int) -> Iterator[bytes]:
    """The entries of a section, one by one, without what parts them."""
    opens = f'"{_SECTIONS[section]}": ['.encode()
    for line in file:
        if line.rstrip() == opens:
            break
    else:
        raise InputError("a file to join is no COCO file that handsynth wrote")
    for line in file:
        line = line.rstrip(b"\n")
        if line in (b"],", b"]}"):
            return
        if line:
            yield line.removesuffix(b",")
    raise InputError("a COCO file to join is cut short; write it again")

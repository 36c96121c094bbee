"""Records of how files were made, read out of every format: see provenance.py for what writes them.

Whoever reads a file trusts nothing of it: sizes are bounded, no entity is expanded, and what is no record is refused
by an exception of any kind.
"""

from __future__ import annotations

import json
import mmap
import re
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast
from xml.sax.saxutils import unescape

from handsynth.errors import InputError
from handsynth.provenance.provenance import (
    DESCRIPTION,
    LIMIT,
    META_TAG,
    NOT_METADATA,
    PCF_PROPERTY,
    PREFIX,
    XMP_END,
    XMP_START,
    uncomment,
    unpack,
)

_LARGEST = 1 << 30
"""Bytes of files that are read as a whole."""


def reader(start: bytes) -> Callable[[BinaryIO], dict[str, str]] | None:
    """By the first bytes, whatever the file's name."""
    if start[4:8] == b"ftyp":
        return _mp4
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return _webp
    for magic, found in _READERS.items():
        if start.startswith(magic):
            return found
    return None


class _Bounded:
    """A file whose reader takes no more than so much at once, whatever the file says of its own sizes."""

    def __init__(self, file: BinaryIO) -> None:
        self.seek, self.tell, self._file = file.seek, file.tell, file

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= 8 * LIMIT:
            raise ValueError("too much")
        return self._file.read(size)


def _png(file: BinaryIO) -> dict[str, str]:
    from PIL.PngImagePlugin import PngImageFile

    # the class, not Image.open: nothing is decoded, so the number of pixels is no matter
    texts = {
        str(key): value
        for key, value in PngImageFile(cast(BinaryIO, _Bounded(file))).info.items()
        if isinstance(value, str)
    }
    metadata = {key: str(value) for key, value in texts.items() if key not in NOT_METADATA}
    if sum(map(len, metadata.values())) > LIMIT:
        raise ValueError("too long")
    return metadata


def _jpeg(file: BinaryIO) -> dict[str, str]:
    from PIL.JpegImagePlugin import JpegImageFile

    return unpack(str(JpegImageFile(cast(BinaryIO, _Bounded(file))).getexif()[DESCRIPTION]))


def _webp(file: BinaryIO) -> dict[str, str]:
    from PIL.WebPImagePlugin import WebPImageFile

    _check_size(file)
    return unpack(str(WebPImageFile(file).getexif()[DESCRIPTION]))


def _tiff(file: BinaryIO) -> dict[str, str]:
    from PIL.TiffImagePlugin import TiffImageFile

    return unpack(str(TiffImageFile(cast(BinaryIO, _Bounded(file))).tag_v2[DESCRIPTION]))


def _svg(file: BinaryIO) -> dict[str, str]:
    from xml.parsers import expat

    inside, found = False, []

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        inside = name == "metadata"

    def end(name: str) -> None:
        nonlocal inside
        inside = False

    def characters(data: str) -> None:
        if inside:
            found.append(data)

    def doctype(*_: object) -> None:
        raise ValueError("our files declare no entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, characters
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(file.read(2 * LIMIT), False)  # pictures have it at the beginning, fonts at the end
    return unpack("".join(found))


def _pdf(file: BinaryIO) -> dict[str, str]:
    # an XMP packet is made to be found without understanding the file around it, which could be built to be endless;
    # ours is the last object
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.rfind(XMP_START) + len(XMP_START)
        end = data.find(XMP_END, start)
        if start < len(XMP_START) or not 0 <= end - start <= 2 * LIMIT:
            raise ValueError("no packet")
        return unpack(unescape(data[start:end].decode()))


def _hpgl(file: BinaryIO) -> dict[str, str]:
    head = file.read(LIMIT).decode("ascii", "replace")
    return uncomment(re.findall(r'CO"([^";\n]*)";', head))


def _gcode(file: BinaryIO) -> dict[str, str]:
    head = file.read(LIMIT).decode("ascii", "replace")
    return uncomment(line[2:] for line in head.split("\n") if line.startswith("; "))


def _dxf(file: BinaryIO) -> dict[str, str]:
    lines = file.read(LIMIT).decode("ascii", "replace").splitlines()
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    return uncomment(value for code, value in pairs if code.strip() == "999")


def _gif(file: BinaryIO) -> dict[str, str]:
    from PIL.GifImagePlugin import GifImageFile

    _check_size(file)
    comment = GifImageFile(file).info["comment"]
    return unpack(comment.decode())


def _mp4(file: BinaryIO) -> dict[str, str]:
    # boxes, of which the one named moov stands before the pictures: udta, meta, ilst, ©cmt, data are in it
    head = file.read(2 * LIMIT)
    start = head.index(b"\xa9cmt")
    size, kind = struct.unpack(">L4s", head[start + 4 : start + 12])
    if kind != b"data" or size < 16:
        raise ValueError("no comment")
    return unpack(head[start + 20 : start + 4 + size].decode())


def _bdf(file: BinaryIO) -> dict[str, str]:
    head = file.read(LIMIT).decode("ascii", "replace")
    return uncomment(re.findall(r'^COMMENT "([^"\r\n]*)"\r?$', head, re.MULTILINE))


def _lff(file: BinaryIO) -> dict[str, str]:
    head = file.read(LIMIT).decode("utf-8", "replace")
    metadata = uncomment(re.findall(rf"^# {PREFIX}([^\r\n]*)\r?$", head, re.MULTILINE))
    if not metadata:
        raise ValueError("no record")
    return metadata


def _ufoz(file: BinaryIO) -> dict[str, str]:
    # the record is the first file in the archive; nothing else is looked at
    with zipfile.ZipFile(file) as archive:
        first = archive.infolist()[0]
        if not first.filename.endswith("/record.json") or first.file_size > LIMIT:
            raise ValueError("no record")
        with archive.open(first) as record:
            return unpack(record.read(LIMIT).decode())


def _pcf(file: BinaryIO) -> dict[str, str]:
    # names and values follow each other, each ends in NUL
    _, _, rest = file.read(2 * LIMIT).partition(b"\0%b\0" % PCF_PROPERTY.encode())
    return unpack(rest[: rest.index(b"\0")].decode())


def _json(file: BinaryIO) -> dict[str, str]:
    # the first key alone is read, however much follows
    head = file.read(LIMIT).decode("utf-8", "replace")
    start = re.match(r'\{\s*"facts"\s*:\s*', head)
    if not start:
        raise ValueError("no facts")
    metadata, _ = json.JSONDecoder().raw_decode(head, start.end())
    return unpack(json.dumps(metadata))


def _bmfont(file: BinaryIO) -> dict[str, str]:
    head = file.read(LIMIT)
    if head.startswith(b"BMF"):
        at = 4
        while head[at] != 3:  # blocks: kind, length in 4 bytes, contents; pages are the third
            at += 5 + int.from_bytes(head[at + 1 : at + 5], "little")
        name = head[at + 5 : head.index(b"\0", at + 5)]
    else:
        name = re.findall(rb'^page id=0 file="([^"\r\n]+)"', head, re.MULTILINE)[0]
    page = Path(file.name).with_name(name.decode())  # refuses names of places elsewhere
    if not page.is_file():
        raise ValueError("no page")
    with page.open("rb") as picture:
        return _png(picture)


def _sfnt(file: BinaryIO) -> dict[str, str]:
    # tags, offsets and lengths alone: no table is understood but the one that is wanted
    count = struct.unpack(">4xH6x", file.read(12))[0]
    tables = {tag: (offset, length) for tag, offset, length in struct.iter_unpack(">4s4x2L", file.read(16 * count))}
    offset, length = tables[b"meta"]
    file.seek(offset)
    data = file.read(min(length, 2 * LIMIT))
    maps = struct.unpack(">12xL", data[:16])[0]
    for tag, start, size in struct.iter_unpack(">4s2L", data[16 : 16 + 12 * min(maps, 100)]):
        if tag == META_TAG.encode():
            return unpack(data[start : start + size].decode())
    raise ValueError("no record")


def _woff(file: BinaryIO) -> dict[str, str]:
    # the last two numbers of the header say where the private block is, which is not compressed
    file.seek(36 if file.read(4) == b"wOFF" else 40)
    offset, length = struct.unpack(">2L", file.read(8))
    if length > 2 * LIMIT:
        raise ValueError("too long")
    file.seek(offset)
    return unpack(file.read(length).decode())


def _check_size(file: BinaryIO) -> None:
    if file.seek(0, 2) > _LARGEST:
        raise ValueError("too large")
    file.seek(0)


_READERS: dict[bytes, Callable[[BinaryIO], dict[str, str]]] = {
    b"\x89PNG\r\n\x1a\n": _png,
    b"\xff\xd8\xff": _jpeg,
    b"II*\0": _tiff,
    b"MM\0*": _tiff,
    b"<?xml": _svg,
    b"<svg": _svg,
    b"%PDF-": _pdf,
    b"IN;": _hpgl,
    b"; ": _gcode,
    b"999\n": _dxf,
    b"GIF8": _gif,
    b"STARTFONT": _bdf,
    b"\1fcp": _pcf,
    b"# Format:": _lff,
    b"PK\3\4": _ufoz,
    b"{": _json,
    b"info face=": _bmfont,
    b"BMF": _bmfont,
    b"\0\1\0\0": _sfnt,
    b"OTTO": _sfnt,
    b"wOFF": _woff,
    b"wOF2": _woff,
}


def record_of(path: str | Path) -> dict[str, str]:
    """The record of how the file at `path` was made, as `handsynth again` reads it, whatever its format.

    By name: Software, Hand, Seed and the like; Command, a JSON list of the command's arguments, where a command made
    it; and Text, where the text was embedded. Whoever made the file wrote it: trust nothing of it. Raises InputError
    where there is none.
    """
    if Path(path).is_dir():
        raise InputError(f"cannot read {path}: it is a folder, give a file that handsynth made")
    try:
        with Path(path).open("rb") as file, warnings.catch_warnings():
            # what Pillow says about a damaged file is no matter: it ends in one line of ours
            warnings.simplefilter("ignore")
            found = reader(file.read(16))
            file.seek(0)
            metadata = found(file) if found else {}
    except Exception as error:  # a damaged or hostile file can make a parser fail in any way
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        raise InputError(f"{path} holds no record of how it was made") from error
    if not metadata.get("Software", "").startswith("handsynth"):
        raise InputError(f"{path} holds no record of how it was made")
    return metadata

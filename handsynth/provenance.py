"""What made a file: read back out of its metadata, and turned into the command that makes it again.

The facts (see facts.py) are stored as every format has room for them: PNG text chunks; JSON in the image description
of JPEG, WebP and TIFF, in `<metadata>` of SVG and in the XMP of PDF; comments of HPGL and G-code. Whoever
reads a file trusts nothing of it: sizes are bounded, no entity is expanded, and what is no record is refused.
"""

from __future__ import annotations

import json
import mmap
import re
import shlex
import unicodedata
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import BinaryIO, cast
from xml.sax.saxutils import unescape

from handsynth.errors import InputError

LIMIT = 4_000_000
"""Greatest length of a record, in characters; of the plain text formats it is read from the first so many bytes."""

XMP_START, XMP_END = b"<handsynth:facts>", b"</handsynth:facts>"
"""What stands around the record in the XMP of a PDF."""

NOT_FACTS = ("Title", "Description")
"""Text chunks of our PNG files that are for people."""

SOFTWARE, DESCRIPTION = 0x0131, 0x010E
"""Tags of Exif 2.3 (table 3) and TIFF 6.0 (part 1, section 8)."""

_WIDTH = 70
_LARGEST = 1 << 30  # bytes of files that are read as a whole
_PLAIN = re.compile(rb"[^A-Za-z0-9 .,:/+-]")
_ESCAPED = re.compile(rb"=([0-9A-F]{2})")


def clean(text: str) -> str:
    """`text` without what no format can hold: NUL and lone surrogates become U+FFFD."""
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def pack(facts: Mapping[str, str]) -> str:
    """The facts as one line of JSON in ASCII."""
    return json.dumps({clean(key): clean(value) for key, value in facts.items()})


def unpack(text: str) -> dict[str, str]:
    """The facts of a line that `pack` made; raises ValueError for anything else."""
    if len(text) > LIMIT:
        raise ValueError("too long")
    facts = json.loads(text)
    if not isinstance(facts, dict) or not all(isinstance(value, str) for value in facts.values()):
        raise ValueError("no facts")
    return facts


def comments(facts: Mapping[str, str]) -> list[str]:
    """The facts as short lines `Key: value` for the comments of programs that drive machines.

    A machine may act on a character wherever it stands: `!` and `~` stop and start GRBL, `%` rewinds a Fanuc, `;` and
    `"` end HPGL. All but letters, digits and blameless marks are therefore written as the UTF-8 bytes `=41`, and
    lines are short; `/ ` begins one that continues the one before.
    """
    lines = []
    for key, value in facts.items():
        line = f"{_escape(key).replace(':', '=3A')}: {_escape(value)}"
        rows = [line[at : at + _WIDTH] for at in range(0, len(line), _WIDTH)]
        lines += [rows[0], *("/ " + row for row in rows[1:])]
    return lines


def uncomment(lines: Iterable[str]) -> dict[str, str]:
    """The facts of lines that `comments` made; raises ValueError for anything else."""
    joined: list[str] = []
    for line in lines:
        if line.startswith("/ ") and joined:
            joined[-1] += line[2:]
        else:
            joined.append(line)
    pairs = [line.partition(": ") for line in joined if ": " in line]
    return {_unescape(key): _unescape(value) for key, _, value in pairs}


def read(path: str | Path) -> dict[str, str]:
    """The facts that the file at `path` was made with. Raises InputError."""
    try:
        with Path(path).open("rb") as file, warnings.catch_warnings():
            # what Pillow says about a damaged file is no matter: it ends in one line of ours
            warnings.simplefilter("ignore")
            reader = _reader(file.read(16))
            file.seek(0)
            facts = reader(file) if reader else {}
    except Exception as error:  # a damaged or hostile file can make a parser fail in any way
        if isinstance(error, OSError) and error.errno is not None:
            raise InputError(f"cannot read {path}: {error.strerror}") from error
        raise InputError(f"{path} holds no record of how it was made") from error
    if not facts.get("Software", "").startswith("handsynth"):
        raise InputError(f"{path} holds no record of how it was made")
    return facts


def text(facts: Mapping[str, str], source: str | Path) -> str:
    """The text that `source` was made from. Raises InputError where the record does not hold it."""
    if "Text" not in facts:
        raise InputError(f"{source} does not hold its text: it was made without --embed-text")
    return facts["Text"]


def command(facts: Mapping[str, str]) -> str:
    """The line for a shell that makes the file of these facts again. Raises InputError where it is not known.

    `Command` is a JSON list of the arguments after the program's name.
    """
    if "Command" not in facts:
        raise InputError("the record names no command: the file was made from Python; its seed and hand are known")
    try:
        arguments = json.loads(facts["Command"])
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, list) or not all(isinstance(word, str) and "\0" not in word for word in arguments):
        raise InputError("the record's command is damaged")
    return " ".join(_quoted(word) for word in ("handsynth", *arguments))


def _quoted(word: str) -> str:
    """A word for a shell. What a terminal would act on, or show in another order, is spelled out ($'…')."""
    if all(unicodedata.category(char)[0] != "C" or char == "\n" for char in word):
        return shlex.quote(word)
    spelled = ""
    for char in word:
        if unicodedata.category(char)[0] == "C":
            code = ord(char)
            # three octal digits and eight hexadecimal ones are the most there can be: what follows stays apart
            spelled += f"\\{code:03o}" if code < 0x80 else f"\\U{code:08x}"
        else:
            spelled += "\\" + char if char in "\\'" else char
    return f"$'{spelled}'"


def _escape(text: str) -> str:
    return _PLAIN.sub(lambda found: b"=%02X" % found[0][0], clean(text).encode()).decode()


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text.encode()).decode()


def _reader(start: bytes) -> Callable[[BinaryIO], dict[str, str]] | None:
    """By the first bytes, whatever the file's name."""
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return _webp
    for magic, reader in _READERS.items():
        if start.startswith(magic):
            return reader
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
    facts = {key: str(value) for key, value in texts.items() if key not in NOT_FACTS}
    if sum(map(len, facts.values())) > LIMIT:
        raise ValueError("too long")
    return facts


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
    parser.Parse(file.read(LIMIT), False)
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
}

"""What made a file: read back out of its metadata, and turned into the command that makes it again.

The metadata (see metadata.py) is stored as every format has room for it: PNG text chunks; JSON in the image description
of JPEG, WebP and TIFF, in `<metadata>` of SVG and InkML, in the XMP of PDF, in the comment of GIF and MP4, and as the
first key of JSON; comments of HPGL, G-code and DXF. Of fonts: comments
of BDF, a property of PCF, the `meta` table of OpenType, the private block of WOFF, `<metadata>` or the first key of
those described in XML and JSON, and the PNG page of other BMFont files. How each is read is in recorded.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from handsynth.errors import InputError

LIMIT = 4_000_000
"""Greatest length of a record, in characters; of the plain text formats it is read from the first so many bytes."""

XMP_START, XMP_END = b"<handsynth:facts>", b"</handsynth:facts>"
"""What stands around the record in the XMP of a PDF."""

PREFIX = "handsynth "
"""What lines of the record begin with among comments of other kinds."""

META_TAG = "HSYN"
"""Of the record in the `meta` table of an OpenType font."""

PCF_PROPERTY = "_HANDSYNTH"
"""The property of a PCF font that holds the record."""

NOT_METADATA = ("Title", "Description")
"""Text chunks of our PNG files that are for people."""

SOFTWARE, DESCRIPTION = 0x0131, 0x010E
"""Tags of Exif 2.3 (table 3) and TIFF 6.0 (part 1, section 8)."""

_WIDTH = 70
_PLAIN = re.compile(rb"[^A-Za-z0-9 .,:/+-]")
_ESCAPED = re.compile(rb"=([0-9A-F]{2})")


def clean(text: str) -> str:
    """`text` without what no format can hold: NUL and lone surrogates become U+FFFD."""
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)


def pack(metadata: Mapping[str, str]) -> str:
    """The metadata as one line of JSON in ASCII."""
    return json.dumps({clean(key): clean(value) for key, value in metadata.items()})


def unpack(text: str) -> dict[str, str]:
    """The metadata of a line that `pack` made; raises ValueError for anything else."""
    if len(text) > LIMIT:
        raise ValueError("too long")
    metadata = json.loads(text)
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("no facts")
    return metadata


def comments(metadata: Mapping[str, str]) -> list[str]:
    """The metadata as short lines `Key: value` for the comments of programs that drive machines.

    A machine may act on a character wherever it stands: `!` and `~` stop and start GRBL, `%` rewinds a Fanuc, `;` and
    `"` end HPGL. All but letters, digits and blameless marks are therefore written as the UTF-8 bytes `=41`, and
    lines are short; `/ ` begins one that continues the one before.
    """
    lines = []
    for key, value in metadata.items():
        line = f"{_escape(key).replace(':', '=3A')}: {_escape(value)}"
        rows = [line[at : at + _WIDTH] for at in range(0, len(line), _WIDTH)]
        lines += [rows[0], *("/ " + row for row in rows[1:])]
    return lines


def uncomment(lines: Iterable[str]) -> dict[str, str]:
    """The metadata of lines that `comments` made; raises ValueError for anything else."""
    joined: list[str] = []
    for line in lines:
        if line.startswith("/ ") and joined:
            joined[-1] += line[2:]
        else:
            joined.append(line)
    pairs = [line.partition(": ") for line in joined if ": " in line]
    return {_unescape(key): _unescape(value) for key, _, value in pairs}


def text(metadata: Mapping[str, str], source: str | Path) -> str:
    """The text that `source` was made from. Raises InputError where the record does not hold it."""
    if "Text" not in metadata:
        raise InputError(f"{source} does not hold its text: it was made without --embed-text")
    return metadata["Text"]


def command(metadata: Mapping[str, str]) -> list[str]:
    """The arguments of the command that makes a file of this metadata again. Raises InputError where it is not known.

    Whoever made the file chose them: see commandline.py for a line that can be looked at.
    """
    if "Command" not in metadata:
        known = [f"its {key.lower()} is {metadata[key][:60]!a}" for key in ("Hand", "Seed") if key in metadata]
        told = f"; {', '.join(known)}" if known else ""
        raise InputError(f"the record names no command: handsynth merge or a program made the file{told}")
    try:
        arguments = json.loads(metadata["Command"])
    except (ValueError, RecursionError):
        arguments = None
    if not isinstance(arguments, list) or not all(isinstance(word, str) and "\0" not in word for word in arguments):
        raise InputError("the record's command is damaged")
    return arguments


def _escape(text: str) -> str:
    return _PLAIN.sub(lambda found: b"=%02X" % found[0][0], clean(text).encode()).decode()


def _unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text.encode()).decode()

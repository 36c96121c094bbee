"""Pages to one TIFF 6.0 file, deflated, one picture each."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from handsynth.errors import InputError, OutputError
from handsynth.formats.look import Look, size
from handsynth.formats.raster import paint
from handsynth.layout.page import Page
from handsynth.provenance.provenance import DESCRIPTION, SOFTWARE, pack

MOST = (1 << 32) - (1 << 20)
"""Bytes of a file: TIFF counts them in 32 bits."""


def part(page: Page, look: Look) -> bytes:
    """The page as a TIFF file of its own. Raises InputError if it is too large."""
    from PIL import Image
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    size(page, look)
    tags = ImageFileDirectory_v2()
    tags[SOFTWARE] = look.metadata.get("Software", "handsynth")
    tags[DESCRIPTION] = pack(look.metadata)
    file = io.BytesIO()
    picture = paint(page, look)
    Image.Image.save(picture, file, "TIFF", compression="tiff_adobe_deflate", dpi=(look.dpi, look.dpi), tiffinfo=tags)
    return file.getvalue()


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write all pages into `file`, which can be read, too, one after the other. Raises InputError, OutputError."""
    from PIL.TiffImagePlugin import AppendingTiffWriter

    written = 0
    with AppendingTiffWriter(file) as writer:
        for data in parts:
            written += len(data) + 16  # pictures begin at multiples of 16
            if written > MOST:
                raise OutputError("the pages need more than the 4 GB of a TIFF file; write fewer, or a PDF")
            writer.write(data)
            writer.newFrame()
    if not written:
        raise InputError("there is no page to write; give some text")

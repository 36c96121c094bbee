"""Page to a pixel file: PNG, JPEG and WebP, as Pillow writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from handsynth.layout.page import Page
from handsynth.provenance import clean
from handsynth.render.look import Look
from handsynth.render.picture import Picture
from handsynth.render.raster import paint, size


def part(page: Page, look: Look) -> Picture:
    """The page as a picture. Raises InputError if it is too large."""
    size(page, look)
    picture = paint(page, look)
    picture.title = clean(look.title)
    return picture


def join(parts: Iterator[Picture], file: BinaryIO, look: Look, kind: str) -> None:
    """Write one picture into `file` as Pillow's format `kind`. Raises OutputError."""
    next(parts).save(file, kind)

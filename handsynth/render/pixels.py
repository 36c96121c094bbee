"""Page to a pixel file: PNG, JPEG and WebP, as Pillow writes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

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


def join(parts: Iterator[Picture], path: Path, look: Look) -> None:
    """Write one picture as the format that `path` ends in. Raises OutputError."""
    next(parts).save(path)

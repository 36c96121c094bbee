"""Page to a pixel file: PNG, JPEG and WebP, as Pillow writes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from handsynth.formats.look import Look, size
from handsynth.formats.picture import Picture
from handsynth.formats.raster import paint
from handsynth.layout.page import Page
from handsynth.provenance.provenance import clean

if TYPE_CHECKING:
    from handsynth.formats.film import Film


def part(page: Page, look: Look) -> Picture | Film:
    """The page as a picture, or as a film where it shall move. Raises InputError if it is too large."""
    if look.motion.animate:
        from handsynth.formats.film import film

        return film(page, look)
    size(page, look)
    picture = paint(page, look)
    picture.title = clean(look.title)
    return picture


def join(parts: Iterator[Picture | Film], file: BinaryIO, look: Look, kind: str) -> None:
    """Write one picture into `file` as Pillow's format `kind`. Raises OutputError."""
    made = next(parts)
    if isinstance(made, Picture):
        made.save(file, kind)
    else:
        from handsynth.formats import animation

        animation.join(iter([made]), file, look, kind)

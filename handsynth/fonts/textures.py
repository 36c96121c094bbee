"""The glyphs of a strike on PNG pages for games: white, with the ink in the alpha channel."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
from PIL import Image

from handsynth import dials
from handsynth.fonts.atlas import Atlas, pack
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import Strike
from handsynth.formats.picture import Picture

_DPI = 72.0


def check(options: Options) -> None:
    """Raises InputError for pages that cannot be."""
    # what graphics processors take, and what binary BMFont files hold in a signed byte
    for name in ("texture_size", "padding", "spacing"):
        dials.check(name, getattr(options, name))


def arrange(drawn: Strike, options: Options) -> Atlas:
    """Places of the glyphs [g], each with its padding around it. Raises InputError."""
    around = 2 * options.padding
    inked = drawn.width > 0
    return pack(
        np.where(inked, drawn.width + around, 0),
        np.where(inked, drawn.height + around, 0),
        options.texture_size,
        options.spacing,
    )


def pages(source: FontSource, drawn: Strike, places: Atlas, padding: int) -> Iterator[bytes]:
    """The pages as PNG files, RGBA, that say how they were made."""
    for number in range(places.pages):
        alpha = np.zeros((places.height, places.width), np.uint8)
        for glyph in np.flatnonzero(places.page == number).tolist():
            picture = drawn.pictures[glyph]
            x, y = int(places.x[glyph]) + padding, int(places.y[glyph]) + padding
            alpha[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
        white = Image.new("RGB", (places.width, places.height), (255, 255, 255))
        white.putalpha(Image.fromarray(alpha))
        file = io.BytesIO()
        Picture.of(white, source.metadata, _DPI, source.names.full).save(file, "PNG")
        yield file.getvalue()

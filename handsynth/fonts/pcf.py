"""Portable Compiled Format of the X Window System: the fonts of bdf.py, as `bdftopcf` would compile them.

Layout: byte and bit order most significant first, rows padded to 4 bytes, as that program chooses. How the font was
made is in the property `_HANDSYNTH`, as one line of JSON. The format counts code points in 16 bits.
"""

from __future__ import annotations

from importlib.util import find_spec

from handsynth.errors import InputError, install
from handsynth.fonts import bdf
from handsynth.fonts.options import Options
from handsynth.fonts.source import FontSource
from handsynth.provenance.provenance import PCF_PROPERTY, pack
from handsynth.text.clusters import describe

LAST = 0xFFFF

_ELSEWHERE = ("FONT_ASCENT", "FONT_DESCENT", "DEFAULT_CHAR")
"""Properties of BDF that tables of their own hold here."""


def check(options: Options) -> None:
    """Raises InputError without the package that writes PCF, and for options that BDF refuses."""
    if find_spec("pcffont") is None:
        raise InputError(f".pcf needs pcffont: {install('pcf')}, or write a .bdf")
    bdf.check(options)


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    high = [char for char in (*source.chars, *source.blanks) if ord(char) > LAST]
    if high:
        raise InputError(
            f"PCF fonts hold no character above U+FFFF, and this one has {describe(max(high))}; "
            "leave such characters out, or write .bdf"
        )
    return {file: _dump(face, source.metadata) for file, face in bdf.faces(source, name, options)}


def _dump(face: bdf.BitmapFace, metadata: dict[str, str]) -> bytes:
    from pcffont import PcfFontBuilder, PcfFontConfig, PcfGlyph, PcfProperties

    layout = PcfFontConfig(face.ascent, face.descent, bdf.DEFAULT, ms_byte_first=True, ms_bit_first=True, glyph_pad=4)
    properties = {key: value for key, value in face.properties.items() if key not in _ELSEWHERE}
    builder = PcfFontBuilder(layout, PcfProperties(properties | {"FONT": face.name, PCF_PROPERTY: pack(metadata)}))
    for glyph in face.glyphs:
        width, height, left, bottom = glyph.box
        size, offset = (width, height), (left, bottom)
        builder.glyphs.append(
            PcfGlyph(glyph.name, {glyph.code}, glyph.scalable, glyph.advance, size, offset, 0, glyph.bitmap)
        )
    return bytes(builder.build().dump_to_bytes())

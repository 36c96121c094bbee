"""Glyph Bitmap Distribution Format: BDF 2.1 (Adobe Technical Note 5005), black and white.

`NAME.bdf` has the first drawing of each character at its code point and the others in the private use area, where
programs that know of them can take turns. For all other programs there is a file for each further drawing too,
`NAME-v2.bdf`, ..., in which that one stands at the code points. With more than one size: `NAME-16.bdf`,
`NAME-16-v2.bdf`, ..., `NAME-24.bdf`, ... How the font was made is in comments in quotes (provenance.comments).

Names and properties follow the X Logical Font Description 1.5, in ASCII, which is all that many readers take.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from bdffont import BdfFont, BdfGlyph, BdfProperties

from handsynth.fonts.bitmap import check_sizes, codes, stems
from handsynth.fonts.names import Names
from handsynth.fonts.naming import glyph_names
from handsynth.fonts.options import Options
from handsynth.fonts.source import XHEIGHT, FontSource
from handsynth.fonts.strike import Strike, pixels, strike
from handsynth.provenance import provenance

RESOLUTION = 72
"""Dots per inch: a point is a pixel."""

DEFAULT = 0
"""The code of the box for what is missing."""

_UNDERLINE = 0.1, 0.05
"""Upper edge below the baseline and thickness, in em."""

_NOT_XLFD = str.maketrans(dict.fromkeys('-?*,"', " "))
_SPELLED = str.maketrans({"©": "(c)", "®": "(R)", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"'})


@dataclass(frozen=True, eq=False)
class Glyph:
    """One glyph of a black and white font, in pixels; y grows upwards from the baseline."""

    name: str
    code: int
    scalable: int
    """Advance in 1/1000 em."""
    advance: int
    box: tuple[int, int, int, int]
    """Width, height, left, bottom; from the origin."""
    bitmap: list[list[bool]]


@dataclass(frozen=True, eq=False)
class BitmapFace:
    """A black and white font, as BDF and PCF hold it."""

    name: str
    """In the form of the X Logical Font Description."""
    size: int
    ascent: int
    descent: int
    glyphs: tuple[Glyph, ...]
    """In the order of their codes."""
    properties: dict[str, str | int]
    comments: tuple[str, ...]
    """About the drawings that are in it."""


def check(options: Options) -> None:
    check_sizes(options)


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    return {file: _dump(face, source.metadata) for file, face in faces(source, name, options)}


def faces(source: FontSource, name: str, options: Options) -> Iterator[tuple[str, BitmapFace]]:
    """The fonts that make up one, with the names of their files. Raises InputError."""
    suffix = PurePath(name).suffix
    own = codes(source)
    for size, stem in stems(name, options):
        drawn = strike(source, size, depth=1)
        yield f"{stem}{suffix}", _face(source, drawn, own, range(source.variants))
        for variant in range(1, source.variants):
            yield f"{stem}-v{variant + 1}{suffix}", _face(source, drawn, own[:, :1], range(variant, variant + 1))


def _face(source: FontSource, drawn: Strike, own: np.ndarray, variants: range) -> BitmapFace:
    """The drawings `variants` at the code points `own` [c, len(variants)]."""
    box = len(source) - 1
    glyphs = [_glyph(source, drawn, ".notdef", DEFAULT, box)]
    names = glyph_names(source)
    for char, width in source.blanks.items():
        name = names.blanks.get(char, f"uni{ord(char):04X}")
        glyphs.append(Glyph(name, ord(char), round(width * 1000), int(pixels(width, drawn.size)), (0, 0, 0, 0), []))
    for place, variant in enumerate(variants):
        for i, (name, code) in enumerate(zip(names.sets[place], own[:, place].tolist(), strict=True)):
            glyphs.append(_glyph(source, drawn, name, code, i * source.variants + variant))
    glyphs.sort(key=lambda glyph: glyph.code)
    properties = _properties(source, drawn, variants[0], glyphs)
    if len(variants) == 1:
        about = [] if source.variants == 1 else [f"Drawing {variants[0] + 1} of {source.variants} of each character."]
    else:
        about = [f"{source.variants} drawings of each character. The first stand at the code points."] + [
            f"Those named like a.{variant + 1} stand at U+{own[0, variant]:04X} to U+{own[-1, variant]:04X}."
            for variant in variants[1:]
        ]
    xlfd = BdfProperties(properties).to_xlfd()
    return BitmapFace(xlfd, drawn.size, drawn.ascent, drawn.descent, tuple(glyphs), properties, tuple(about))


def _glyph(source: FontSource, drawn: Strike, name: str, code: int, number: int) -> Glyph:
    picture, left, top = drawn.pictures[number], int(drawn.left[number]), int(drawn.top[number])
    height, width = picture.shape
    scalable, advance = round(float(source.advance[number]) * 1000), int(drawn.advance[number])
    return Glyph(name, code, scalable, advance, (width, height, left, top - height), (picture > 0).tolist())


def _properties(source: FontSource, drawn: Strike, variant: int, glyphs: list[Glyph]) -> dict[str, str | int]:
    names, size = source.names, drawn.size
    style = names.style_name.lower()
    added = "" if style in ("regular", "bold", "italic", "oblique", "bold italic") else _field(names.style_name)
    if variant:
        added = f"{added} Variant {variant + 1}".strip()
    advances = [abs(glyph.advance) for glyph in glyphs]
    return {
        "FOUNDRY": "handsynth",
        "FAMILY_NAME": _field(names.family) or "Handwriting",
        "WEIGHT_NAME": "Bold" if "bold" in style else "Medium",
        "SLANT": "I" if "italic" in style else "O" if "oblique" in style else "R",
        "SETWIDTH_NAME": "Normal",
        "ADD_STYLE_NAME": added,
        "PIXEL_SIZE": size,
        "POINT_SIZE": 10 * size,
        "RESOLUTION_X": RESOLUTION,
        "RESOLUTION_Y": RESOLUTION,
        "SPACING": "P",
        "AVERAGE_WIDTH": round(10 * sum(advances) / len(advances)),
        "CHARSET_REGISTRY": "ISO10646",
        "CHARSET_ENCODING": "1",
        "FONT_ASCENT": drawn.ascent,
        "FONT_DESCENT": drawn.descent,
        "DEFAULT_CHAR": DEFAULT,
        "X_HEIGHT": int(pixels(XHEIGHT, size)),
        "CAP_HEIGHT": int(pixels(source.metrics.capheight, size)),
        "NORM_SPACE": int(pixels(source.metrics.space, size)),
        "UNDERLINE_POSITION": max(1, int(pixels(_UNDERLINE[0], size))),
        "UNDERLINE_THICKNESS": max(1, int(pixels(_UNDERLINE[1], size))),
        "FACE_NAME": _ascii(names.full),
        "FONT_VERSION": names.font_version,
        "COPYRIGHT": _ascii(names.copyright),
        "NOTICE": _notice(names),
    }


def _notice(names: Names) -> str:
    return _ascii(" ".join(part for part in (names.designer, names.licence, names.licence_url) if part))


def _field(text: str) -> str:
    """`text` as a field of an XLFD name, which holds none of - ? * , \" and no more than ASCII here."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text) if char.isascii())
    return " ".join(plain.translate(_NOT_XLFD).split())


def _ascii(text: str) -> str:
    """One line of ASCII; what has no like in it becomes `?`."""
    letters = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return " ".join(plain.encode("ascii", "replace").decode().split())


def _dump(face: BitmapFace, metadata: dict[str, str]) -> bytes:
    glyphs = [
        BdfGlyph(glyph.name, glyph.code, (glyph.scalable, 0), (glyph.advance, 0), glyph.box, bitmap=glyph.bitmap)
        for glyph in face.glyphs
    ]
    comments = [*face.comments, *(f'"{line}"' for line in provenance.comments(metadata))]
    properties, resolution = BdfProperties(face.properties), (RESOLUTION, RESOLUTION)
    font = BdfFont(face.name, face.size, resolution, _bounds(face), properties, glyphs, comments)
    text: str = font.dump_to_string()
    return text.encode("ascii")


def _bounds(face: BitmapFace) -> tuple[int, int, int, int]:
    """The box around all glyphs: width, height, left, bottom."""
    width, height, left, bottom = np.array([glyph.box for glyph in face.glyphs if glyph.bitmap]).T
    x, y = int(left.min()), int(bottom.min())
    return int((left + width).max()) - x, int((bottom + height).max()) - y, x, y

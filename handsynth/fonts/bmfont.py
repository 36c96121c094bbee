"""AngelCode BMFont, version 3: a description `NAME.fnt` as text, XML, JSON or binary, and pages `NAME_0.png`, ...

The format and its four dialects: A. Jönsson, "Bitmap Font Generator: File format"; the JSON has the same keys, as the
usual converters write it. Pages are white with the coverage in alpha, or with the distance to the edge there: 0.5 at
the edge, 1 and 0 `distance` pixels inside and outside of it.

The first drawing of a character has the character's code point as its id, the others have ids from U+E000 on: first
the second drawings of all characters with ink, in the order of their code points, then the third ones, ... The box for
what is missing has id 0.

Kernings hold for any drawings of two characters, but readers look for the very ids, and all combinations of five
drawings are 25 times as many. No more than `MOST_KERNINGS` are listed: pairs of first drawings, then of equal ones
(second and second, third and third, ...), then all others; where there is no room for all of a kind, the smallest
amounts are left out. Who knows of the drawings finds what is missing at the pair of first ones.

How the font was made is in the pages' text, and in XML in an element `metadata`, in JSON in `facts`. JSON also has
`variants`: for each character the ids of its drawings.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from handsynth.errors import InputError, option
from handsynth.fonts import textures
from handsynth.fonts.atlas import Atlas
from handsynth.fonts.bitmap import check_sizes, codes, stems
from handsynth.fonts.distance import check_spread, distances
from handsynth.fonts.options import DIALECTS, Options
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import Strike, pixels, strike
from handsynth.provenance.provenance import pack

MOST_KERNINGS = 1 << 16
"""About 0.6 MB of binary and 2.5 MB of text, which readers take a quarter of a second for."""

MOST_PAGES = 256
"""Of binary files, which count them in a byte."""

MISSING = 0
"""The id of the box; readers take 0 for it, or skip it."""

_ALL_CHANNELS = 15
_HOLDS_GLYPH, _IS_ONE = 0, 4
_UNSAFE = re.compile(r"[^\w .,+()-]")

_CHARS = ("id", "x", "y", "width", "height", "xoffset", "yoffset", "xadvance", "page", "chnl")
_KERNINGS = ("first", "second", "amount")
_CHAR_BLOCK = np.dtype("<u4,<u2,<u2,<u2,<u2,<i2,<i2,<i2,u1,u1")
_KERNING_BLOCK = np.dtype("<u4,<u4,<i2")


@dataclass(frozen=True, eq=False)
class _Font:
    info: dict[str, Any]
    common: dict[str, int]
    pages: list[str]
    chars: np.ndarray
    """int64 [n,10]: _CHARS."""
    kernings: np.ndarray
    """int64 [m,3]: _KERNINGS."""
    distance: int
    variants: dict[str, list[int]]
    metadata: dict[str, str]


def check(options: Options) -> None:
    check_sizes(options)
    textures.check(options)
    if options.dialect not in DIALECTS:
        raise InputError(f"there is no BMFont dialect {options.dialect!r}; give one of {', '.join(DIALECTS)}")
    if options.distance:
        for size in options.sizes:
            check_spread(options.distance, size)


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    written: dict[str, bytes] = {}
    own = codes(source)
    for size, stem in stems(name, options):
        drawn = distances(source, size, options.distance) if options.distance else strike(source, size)
        places = textures.arrange(drawn, options)
        if places.pages > MOST_PAGES:
            raise InputError(
                f"the glyphs take {places.pages:,} pages, more than {MOST_PAGES}; "
                f"give a larger {option('texture_size')}"
            )
        digits = len(str(places.pages - 1))
        # names of pages are of one length, and hold nothing that a description would have to spell
        names = [f"{_UNSAFE.sub('_', stem)}_{number:0{digits}d}.png" for number in range(places.pages)]
        font = _Font(
            _info(source, size, options),
            _common(drawn, places),
            names,
            _chars(source, drawn, places, own, options.padding),
            _kernings(source, size, own) if options.kerning else np.empty((0, 3), np.int64),
            options.distance,
            dict(zip(source.chars, own.tolist(), strict=True)),
            source.metadata,
        )
        description = name if stem == name.rpartition(".")[0] else f"{stem}.fnt"
        written[description] = _WRITERS[options.dialect](font)
        written |= zip(names, textures.pages(source, drawn, places, options.padding), strict=True)
    return written


def _info(source: FontSource, size: int, options: Options) -> dict[str, Any]:
    style = source.names.style_name.lower()
    return {
        "face": source.names.full,
        "size": size,
        "bold": int("bold" in style),
        "italic": int("italic" in style or "oblique" in style),
        "charset": "",
        "unicode": 1,
        "stretchH": 100,
        "smooth": 1,
        "aa": 1,
        "padding": [options.padding] * 4,
        "spacing": [options.spacing] * 2,
        "outline": 0,
    }


def _common(drawn: Strike, places: Atlas) -> dict[str, int]:
    return {
        "lineHeight": drawn.ascent + drawn.descent,
        "base": drawn.ascent,
        "scaleW": places.width,
        "scaleH": places.height,
        "pages": places.pages,
        "packed": 0,
        "alphaChnl": _HOLDS_GLYPH,
        "redChnl": _IS_ONE,
        "greenChnl": _IS_ONE,
        "blueChnl": _IS_ONE,
    }


def _chars(source: FontSource, drawn: Strike, places: Atlas, own: np.ndarray, padding: int) -> np.ndarray:
    inked = drawn.width > 0
    around = np.where(inked, padding, 0)
    columns = [
        np.append(own.ravel(), MISSING),
        places.x,
        places.y,
        drawn.width + 2 * around,
        drawn.height + 2 * around,
        np.where(inked, drawn.left - around, 0),
        np.where(inked, drawn.ascent - drawn.top - around, 0),
        drawn.advance,
        places.page,
        np.full(len(drawn), _ALL_CHANNELS),
    ]
    blanks = [
        [ord(char), 0, 0, 0, 0, 0, 0, int(pixels(width, drawn.size)), 0, _ALL_CHANNELS]
        for char, width in source.blanks.items()
    ]
    rows = np.concatenate([np.stack(columns, axis=1), np.array(blanks, np.int64).reshape(-1, len(_CHARS))])
    return rows[np.argsort(rows[:, 0], kind="stable")]


def _kernings(source: FontSource, size: int, own: np.ndarray) -> np.ndarray:
    amount = pixels(source.kerning, size)
    variants = np.arange(own.shape[1])
    one, other = (pair.ravel() for pair in np.meshgrid(variants, variants))
    equal, first_ones = one == other, (one == 0) & (other == 0)
    rows, left = [np.empty((0, 3), np.int64)], MOST_KERNINGS
    for kind in (first_ones, equal & ~first_ones, ~equal):
        a, b = one[kind], other[kind]
        least = 1
        while np.count_nonzero(np.abs(amount) >= least) * len(a) > left:
            least += 1
        i, j = np.nonzero(np.abs(amount) >= least)
        rows.append(
            np.stack([own[i][:, a].ravel(), own[j][:, b].ravel(), np.repeat(amount[i, j], len(a))], axis=1),
        )
        left -= len(rows[-1])
    whole = np.concatenate(rows)
    return whole[np.lexsort((whole[:, 1], whole[:, 0]))]


def _text(font: _Font) -> bytes:
    lines = [_line("info", font.info), _line("common", font.common)]
    lines += [_line("page", {"id": number, "file": name}) for number, name in enumerate(font.pages)]
    lines += _rows("char", _CHARS, font.chars) + _rows("kerning", _KERNINGS, font.kernings)
    return "".join(f"{line}\n" for line in lines).encode()


def _line(tag: str, values: Mapping[str, Any]) -> str:
    return f"{tag} " + " ".join(f"{key}={_quoted(value)}" for key, value in values.items())


def _quoted(value: str | int | Sequence[int]) -> str:
    if isinstance(value, str):
        return f'"{value}"'  # names hold no quotes
    return str(value) if isinstance(value, int) else ",".join(map(str, value))


def _rows(tag: str, keys: Sequence[str], rows: np.ndarray) -> list[str]:
    form = f"{tag} " + " ".join(f"{key}=%d" for key in keys)
    return [f"{tag}s count={len(rows)}"] + [form % tuple(row) for row in rows.tolist()]


def _xml(font: _Font) -> bytes:
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<font>"]
    lines += [_element("info", font.info), _element("common", font.common), "<pages>"]
    lines += [_element("page", {"id": number, "file": name}) for number, name in enumerate(font.pages)]
    lines += ["</pages>", *_elements("char", _CHARS, font.chars), *_elements("kerning", _KERNINGS, font.kernings)]
    if font.distance:
        lines.append(_element("distanceField", _field(font)))
    lines += [f"<metadata>{escape(pack(font.metadata))}</metadata>", "</font>"]
    return "".join(f"{line}\n" for line in lines).encode()


def _element(tag: str, values: Mapping[str, Any]) -> str:
    spelled = ((key, value if isinstance(value, str) else _quoted(value)) for key, value in values.items())
    return f"<{tag} " + " ".join(f"{key}={quoteattr(value)}" for key, value in spelled) + "/>"


def _elements(tag: str, keys: Sequence[str], rows: np.ndarray) -> list[str]:
    form = f"<{tag} " + " ".join(f'{key}="%d"' for key in keys) + "/>"
    return [f'<{tag}s count="{len(rows)}">', *(form % tuple(row) for row in rows.tolist()), f"</{tag}s>"]


def _json(font: _Font) -> bytes:
    whole: dict[str, Any] = {
        "facts": json.loads(pack(font.metadata)),  # first: who reads only that can stop there
        "info": font.info,
        "common": font.common,
        "pages": font.pages,
        "chars": [dict(zip(_CHARS, row, strict=True)) for row in font.chars.tolist()],
        "kernings": [dict(zip(_KERNINGS, row, strict=True)) for row in font.kernings.tolist()],
    }
    if font.distance:
        whole["distanceField"] = _field(font)
    return json.dumps(whole | {"variants": font.variants}).encode()


def _field(font: _Font) -> dict[str, Any]:
    """As generators of distance fields write it: the range is that from 0 to 1."""
    return {"fieldType": "sdf", "distanceRange": 2 * font.distance}


def _binary(font: _Font) -> bytes:
    info, common = font.info, font.common
    bits = info["smooth"] << 7 | info["unicode"] << 6 | info["italic"] << 5 | info["bold"] << 4
    start = struct.pack("<hBBHB4b2bB", info["size"], bits, 0, info["stretchH"], info["aa"], *info["padding"],
                        *info["spacing"], info["outline"])  # fmt: skip
    shape = struct.pack("<5H5B", *list(common.values()))
    blocks = [
        start + info["face"].encode() + b"\0",
        shape,
        b"".join(name.encode() + b"\0" for name in font.pages),
        _packed(font.chars, _CHAR_BLOCK),
        _packed(font.kernings, _KERNING_BLOCK),
    ]
    return b"BMF\3" + b"".join(
        struct.pack("<BI", kind, len(data)) + data for kind, data in enumerate(blocks, 1) if data
    )


def _packed(rows: np.ndarray, kind: np.dtype[Any]) -> bytes:
    return np.array([tuple(row) for row in rows.tolist()], kind).tobytes()


_WRITERS: dict[str, Callable[[_Font], bytes]] = {"text": _text, "xml": _xml, "json": _json, "binary": _binary}

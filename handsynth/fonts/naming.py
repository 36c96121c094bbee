"""The names inside an OpenType font: of its glyphs, and its table of names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fontTools.agl import UV2AGL
from fontTools.otlLib.builder import buildStatTable
from fontTools.ttLib import TTFont, newTable

from handsynth import __version__
from handsynth.fonts.source import FontSource
from handsynth.fonts.styles import BOLD, MEDIUM_WIDTH, REGULAR, FontStyle

_ENGLISH = (3, 1, 0x409)


@dataclass(frozen=True)
class GlyphNames:
    """Names by what the glyphs draw."""

    sets: list[list[str]]
    """[N][c]: the glyph of each character in each set."""
    blanks: dict[str, str]
    """The glyph of each blank character, but for those that share another's."""
    cmap: dict[int, str]
    order: list[int]
    """The number in the FontSource of each glyph of `sets`, one set after the other."""
    forms: list[str]
    """[f]: of the joined forms."""
    marks: list[str]
    """[m]: of the combining marks."""


def glyph_names(source: FontSource) -> GlyphNames:
    """Names after the Adobe Glyph List; drawing k of `a` is `a.k`, which programs read as `a`."""
    base = [_name(char) for char in source.chars]
    sets = [[f"{name}.{k + 1}" if k else name for name in base] for k in range(source.variants)]
    blanks = {char: _name(char) for char in source.blanks if char != "\u00a0"}
    cmap = {ord(char): name for char, name in zip(source.chars, base, strict=True)}
    cmap |= {ord(char): blanks.get(char, "space") for char in source.blanks}
    order = [i * source.variants + k for k in range(source.variants) for i in range(len(source.chars))]
    forms = []
    if source.forms is not None:
        places = zip(source.forms.char.tolist(), source.forms.variant.tolist(), source.forms.kind, strict=True)
        forms = [f"{sets[k][i]}.{kind}" for i, k, kind in places]
    marks = [_name(char) for char in source.marks.chars] if source.marks is not None else []
    if source.marks is not None:
        cmap |= {ord(char): name for char, name in zip(source.marks.chars, marks, strict=True)}
    return GlyphNames(sets, blanks, cmap, order, forms, marks)


def _name(char: str) -> str:
    code = ord(char)
    # names that stand for two characters, and blanks but the first, are spelled as numbers
    if code in UV2AGL and code not in (0x00A0, 0x00AD, 0x0394, 0x03A9, 0x03BC, 0x2215, 0x2219):
        return str(UV2AGL[code])
    return f"uni{code:04X}" if code < 0x10000 else f"u{code:05X}"


def name_table(font: TTFont, source: FontSource) -> list[int]:
    """Give `font` its table of names; returns the numbers of those of the sets."""
    names = source.names
    table = font["name"] = newTable("name")
    table.names = []
    kind = names.kind
    version = f"Version {names.font_version}"
    records = {
        0: names.copyright,
        1: names.menu,
        2: kind.linked,
        3: f"{names.font_version};{names.postscript};handsynth {__version__}",
        4: names.full,
        5: f"{version}; handsynth {__version__}",
        6: names.postscript,
        9: names.designer,
        10: f"Written by handsynth: {source.variants} drawings of each character" if source.variants > 1 else "",
        13: names.licence,
        14: names.licence_url,
        16: names.family if kind.apart else "",
        17: names.style_name if kind.apart else "",
    }
    for number, text in records.items():
        if text:
            table.setName(text, number, *_ENGLISH)
    if source.variants == 1:
        return []
    titles = [table.addName(f"Drawing {k + 1}", platforms=(_ENGLISH,)) for k in range(source.variants)]
    table.names.sort()
    return titles


def style_attributes(font: TTFont, kind: FontStyle) -> None:
    """Give `font` the table STAT, where its style stands among those of its family; its names come after all others.

    Names that are left out beside others (Regular, Roman) are marked so, and Regular is linked to Bold as Roman to
    Italic.
    """
    elided, axes = 2, [_axis("wght", "Weight", _weight_value(kind)), _axis("ital", "Italic", _italic_value(kind))]
    if kind.width != MEDIUM_WIDTH:
        # the words for weight and width stand in one name
        axes[:1] = [_axis("wdth", "Width", {"value": _WIDTH_PERCENT[kind.width], "name": kind.upright})] + [
            _axis("wght", "Weight", {"value": kind.weight, "name": "Regular", "flags": elided})
        ]
    for number, axis in enumerate(axes):
        axis["ordering"] = number
    buildStatTable(font, axes, elidedFallbackName=2, macNames=False)


_WIDTH_PERCENT = {1: 50, 2: 62.5, 3: 75, 4: 87.5, 6: 112.5, 7: 125, 8: 150, 9: 200}
"""The axis `wdth` by usWidthClass (OpenType specification, OS/2)."""


def _axis(tag: str, name: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"tag": tag, "name": name, "values": [value]}


def _weight_value(kind: FontStyle) -> dict[str, Any]:
    value: dict[str, Any] = {"value": kind.weight, "name": kind.upright}
    return value | {"flags": 2, "linkedValue": BOLD} if kind.weight == REGULAR else value


def _italic_value(kind: FontStyle) -> dict[str, Any]:
    return (
        {"value": 1, "name": "Italic"} if kind.italic else {"value": 0, "name": "Roman", "flags": 2, "linkedValue": 1}
    )

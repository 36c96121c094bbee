"""The names inside an OpenType font: of its glyphs, and its table of names."""

from __future__ import annotations

from dataclasses import dataclass

from fontTools.agl import UV2AGL
from fontTools.ttLib import TTFont, newTable

from handsynth import __version__
from handsynth.fonts.source import FontSource

_ENGLISH = (3, 1, 0x409)
_STYLES = ("Regular", "Bold", "Italic", "Bold Italic")


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
    return GlyphNames(sets, blanks, cmap, order, forms)


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
    linked = names.style in _STYLES
    version = f"Version {names.version}"
    records = {
        0: names.copyright,
        1: names.family if linked else f"{names.family} {names.style}",
        2: names.style if linked else "Regular",
        3: f"{names.version};{names.postscript};handsynth {__version__}",
        4: names.full,
        5: f"{version}; handsynth {__version__}",
        6: names.postscript,
        9: names.designer,
        10: f"Written by handsynth: {source.variants} drawings of each character" if source.variants > 1 else "",
        13: names.licence,
        14: names.licence_url,
        16: "" if linked else names.family,
        17: "" if linked else names.style,
    }
    for number, text in records.items():
        if text:
            table.setName(text, number, *_ENGLISH)
    if source.variants == 1:
        return []
    titles = [table.addName(f"Drawing {k + 1}", platforms=(_ENGLISH,)) for k in range(source.variants)]
    table.names.sort()
    return titles

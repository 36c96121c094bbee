"""OpenType: TTF (quadratic), OTF (cubic), WOFF and WOFF2, with or without bitmaps beside the outlines.

After the OpenType specification 1.9; the tables are fontTools'.
"""

from __future__ import annotations

import io
import math
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.fontBuilder import FontBuilder
from fontTools.otlLib.maxContextCalc import maxCtxFont
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.sfnt import WOFFFlavorData
from fontTools.ttLib.tables.ttProgram import Program

from handsynth.errors import InputError
from handsynth.fonts import glyphs, gpos, gpos_marks, gsub, naming
from handsynth.fonts.joined import KINDS
from handsynth.fonts.options import STRIKES, Options
from handsynth.fonts.shapes import UNITS, Contour, forms, marks, shapes
from handsynth.fonts.source import XHEIGHT, FontSource
from handsynth.provenance import provenance

_CUBIC = (".otf",)
_WEB = {".woff": "woff", ".woff2": "woff2"}
_CREATED = 3_850_000_000
"""Seconds since 1904: the same for all fonts, since the same font should be the same bytes."""

_SMOOTH = 0x000A
_DROPOUT = bytes([0xB8, 0x01, 0xFF, 0x85, 0xB0, 0x04, 0x8D])
"""PUSHW[] 511 SCANCTRL[] PUSHB[] 4 SCANTYPE[]: no thin stroke of an unhinted font drops out."""


_STEP = 20
"""Font units, in which heights are counted that are not the usual ones."""


def check(options: Options) -> None:
    """Raises InputError for strikes that OpenType cannot hold."""
    if options.strikes not in STRIKES:
        raise InputError(f"strikes of {options.strikes!r} are not known; give sbix, cbdt or ebdt")
    if options.strikes and options.single_line:
        raise InputError("strikes are pictures of ink, and a font of single lines has none; leave one of them out")
    if options.strikes:
        from handsynth.fonts import embedded

        embedded.check(options)


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    """One file, in the flavour that the ending of `name` says."""
    suffix = Path(name).suffix.lower()
    flavour = _WEB.get(suffix)
    if suffix in _CUBIC and options.strikes == "sbix":
        raise InputError(f"{name} would have no place for sbix, which needs TrueType outlines; write a .ttf")
    font = build(source, options, cubic=suffix in _CUBIC)
    if flavour:
        font.flavor = flavour
        font.flavorData = WOFFFlavorData()
        # the private block is not compressed, so the record is read without unpacking anything
        font.flavorData.privData = provenance.pack(source.metadata).encode()
    data = io.BytesIO()
    font.save(data, reorderTables=flavour is None)
    return {name: data.getvalue()}


def build(source: FontSource, options: Options, cubic: bool = False) -> TTFont:
    """The font with cubic outlines in `CFF `, or quadratic ones in `glyf`."""
    if options.single_line:
        from handsynth.fonts import singleline

        source = replace(source, forms=None)
        drawn = singleline.contours(source)
    else:
        drawn = shapes(source)
    if options.single_line or options.strikes:
        # pictures of the strikes, and single lines, are those of the font's own characters
        source = replace(source, marks=None)
    names = naming.glyph_names(source)
    order = [".notdef", *names.blanks.values(), *(name for names in names.sets for name in names)]
    order += [*names.forms, *names.marks]
    builder = FontBuilder(UNITS, isTTF=not cubic)
    font: TTFont = builder.font
    font.recalcTimestamp = False
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(names.cmap)
    low, high = _outlines(builder, source, drawn, order, names, cubic)
    _metrics(builder, source, low, high)
    builder.setupPost(
        italicAngle=_angle(source), isFixedPitch=0, underlinePosition=-150, underlineThickness=40, keepGlyphNames=True
    )
    titles = naming.name_table(font, source)
    numbers = {name: i for i, name in enumerate(order)}
    # drawings take turns over blanks and marks
    passed = {*names.blanks.values(), *names.marks}
    given = source.marks
    compose = partial(gpos_marks.composed, cmap=names.cmap, given=given) if given is not None else None
    if table := gsub.variants(source.chars, names.sets, passed, numbers, titles, source.forms, names.forms, compose):
        font["GSUB"] = table
    kerning, placed = None, []
    if options.kerning:
        units, flags = np.rint(source.kerning * UNITS).astype(np.int64), gpos_marks.IGNORE_MARKS if names.marks else 0
        kerning = gpos.kerning(units, *_kerned(source, names), numbers, flags)
    if given is not None:
        font["GDEF"] = gpos_marks.classes(order, names.marks)
        placed = gpos_marks.lookups(source, _drawings(source, names), names.marks, numbers)
    if table := gpos.table(kerning, placed):
        font["GPOS"] = table
    naming.style_attributes(font, source.names.kind)
    font["name"].names.sort()
    meta = font["meta"] = newTable("meta")
    # fontTools shows such data in comments of XML, where two hyphens may not stand together
    record = provenance.pack(source.metadata).replace("--", "-\\u002d")
    meta.data = {"dlng": "Latn", "slng": "Latn", provenance.META_TAG: record.encode()}
    if options.strikes:
        from handsynth.fonts import embedded

        embedded.add(font, source, names, options)
    os2 = font["OS/2"]
    os2.recalcAvgCharWidth(font)
    os2.recalcUnicodeRanges(font)
    os2.recalcCodePageRanges(font)
    os2.usMaxContext = maxCtxFont(font)
    return font


def _outlines(
    builder: FontBuilder,
    source: FontSource,
    drawn: list[list[Contour]],
    order: list[str],
    names: naming.GlyphNames,
    cubic: bool,
) -> tuple[int, int]:
    """Add the contours `drawn` [g] and their widths; returns the lowest and the highest point."""
    advances = np.rint(source.advance * UNITS).astype(int).tolist()
    count = len(source) - 1
    numbers = [count] + [None] * len(names.blanks) + names.order
    if source.forms is not None:
        numbers += range(len(drawn), len(drawn) + len(names.forms))
        drawn = drawn + forms(source)
        advances += np.rint((source.forms.left + source.forms.right) * XHEIGHT * UNITS).astype(int).tolist()
    if source.marks is not None:
        numbers += range(len(drawn), len(drawn) + len(names.marks))
        drawn = drawn + marks(source)
        advances += [0] * len(names.marks)
    contours = {name: [] if i is None else drawn[i] for name, i in zip(order, numbers, strict=True)}
    widths = {name: advances[i] for name, i in zip(order, numbers, strict=True) if i is not None}
    widths |= {name: round(source.blanks[char] * UNITS) for char, name in names.blanks.items()}
    bearings = {
        name: min((int(part.segments[:, 0, 0].min()) for part in parts), default=0) for name, parts in contours.items()
    }
    if cubic:
        nominal = int(np.median(list(widths.values())))
        charstrings = {name: glyphs.postscript(contours[name], widths[name], nominal) for name in order}
        about = {"FullName": source.names.full, "FamilyName": source.names.family, "Weight": source.names.kind.upright}
        about |= {"version": source.names.font_version, "Notice": source.names.copyright or source.names.licence}
        private = {"nominalWidthX": nominal, "defaultWidthX": 0, "BlueValues": [], "OtherBlues": []}
        info: dict[str, Any] = {k: _latin1(v) for k, v in about.items() if v}
        builder.setupCFF(source.names.postscript, info | {"ItalicAngle": _angle(source)}, charstrings, private)
    else:
        made = glyphs.truetype([contours[name] for name in order])
        table = builder.font["glyf"] = newTable("glyf")
        table.glyphs, table.glyphOrder = dict(zip(order, made, strict=True)), order
        builder.font["loca"] = newTable("loca")
        prep = builder.font["prep"] = newTable("prep")
        prep.program = Program()
        prep.program.fromBytecode(_DROPOUT)
        gasp = builder.font["gasp"] = newTable("gasp")
        gasp.version, gasp.gaspRange = 1, {0xFFFF: _SMOOTH}
    builder.setupHorizontalMetrics({name: (widths[name], bearings[name]) for name in order})
    heights = np.concatenate([part.segments[:, 0, 1] for parts in drawn for part in parts])
    return int(heights.min()), int(heights.max())


def _kerned(source: FontSource, names: naming.GlyphNames) -> tuple[gpos.Named, gpos.Named]:
    """The glyphs that are kerned with the next one, and with the one before: those that are not joined to it."""
    before = [(name, i) for some in names.sets for i, name in enumerate(some)]
    after = list(before)
    if source.forms is not None:
        for name, kind, char in zip(names.forms, source.forms.kind, source.forms.char.tolist(), strict=True):
            gate, left = KINDS[kind]
            if not left:
                before.append((name, char))
            if gate < 0:
                after.append((name, char))
    return before, after


def _drawings(source: FontSource, names: naming.GlyphNames) -> dict[int, list[tuple[str, float]]]:
    """The glyphs of each drawing, joined forms too, and where in them its centre line is, in x-heights."""
    glyphs = [name for some in names.sets for name in some]
    result = {i: [(name, float(source.centre[i]) / XHEIGHT)] for name, i in zip(glyphs, names.order, strict=True)}
    if source.forms is not None:
        numbers = source.forms.char * source.variants + source.forms.variant
        for name, i, left in zip(names.forms, numbers.tolist(), source.forms.left.tolist(), strict=True):
            result[i].append((name, left))
    return result


def _angle(source: FontSource) -> float:
    """The italic angle in degrees, counter-clockwise from upright: what leans to the right has a negative one."""
    return -round(math.degrees(math.atan(source.metrics.slant)), 1) or 0.0


def _latin1(text: str) -> str:
    """What CFF's strings hold."""
    return text.encode("latin-1", "replace").decode("latin-1").replace("\n", " ")


def _metrics(builder: FontBuilder, source: FontSource, low: int, high: int) -> None:
    font, metrics = builder.font, source.metrics
    ascent, descent = round(metrics.ascent * UNITS), round(metrics.descent * UNITS)
    # old programs cut off what is beyond, so nothing that is drawn is; but a font of few characters has no vast lines
    top, bottom = max(high, min(ascent, 2 * high - 1)), max(-low, min(descent, -2 * low - 1))
    # the styles of a family have one height, though a pen or a slant moves the longest tail by a unit or two
    top, bottom = (
        height if height == usual else -(-height // _STEP) * _STEP
        for height, usual in ((top, ascent), (bottom, descent))
    )
    kind, slant = source.names.kind, metrics.slant
    # the caret leans as the letters do
    builder.setupHorizontalHeader(
        ascent=ascent, descent=-descent, lineGap=0, caretSlopeRise=UNITS if slant else 1,
        caretSlopeRun=round(slant * UNITS),
    )  # fmt: skip
    selection = 1 << 7 | (kind.bold << 5) | (kind.italic << 0) | ((not (kind.bold or kind.italic)) << 6)
    builder.setupOS2(
        version=4,
        usWeightClass=kind.weight,
        usWidthClass=kind.width,
        fsType=0,
        fsSelection=selection,
        achVendID="NONE",
        sTypoAscender=ascent,
        sTypoDescender=-descent,
        sTypoLineGap=0,
        usWinAscent=top,
        usWinDescent=max(bottom, 0),  # it is unsigned, and ink may stand above the line
        sxHeight=round(metrics.xheight * UNITS),
        sCapHeight=round(metrics.capheight * UNITS),
        sFamilyClass=10 << 8,
        ySubscriptXSize=650, ySubscriptYSize=600, ySubscriptXOffset=0, ySubscriptYOffset=75,
        ySuperscriptXSize=650, ySuperscriptYSize=600, ySuperscriptXOffset=0, ySuperscriptYOffset=350,
        yStrikeoutSize=40, yStrikeoutPosition=round(metrics.xheight * UNITS / 2),
        usDefaultChar=0, usBreakChar=32,
    )  # fmt: skip
    # PANOSE: Latin, written by hand; nothing is said of how
    font["OS/2"].panose.bFamilyType = 3
    head = font["head"]
    head.created = head.modified = _CREATED
    head.fontRevision = float(source.names.font_version)
    head.macStyle = kind.bold | kind.italic << 1
    head.lowestRecPPEM = 8

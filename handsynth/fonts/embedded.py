"""Bitmaps inside an OpenType font, beside its outlines: sbix (Apple), CBDT (Google) and EBDT (Microsoft)."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables import E_B_L_C_
from fontTools.ttLib.tables.BitmapGlyphMetrics import SmallGlyphMetrics
from fontTools.ttLib.tables.C_B_D_T_ import cbdt_bitmap_format_17
from fontTools.ttLib.tables.E_B_D_T_ import ebdt_bitmap_format_1
from fontTools.ttLib.tables.sbixGlyph import Glyph as SbixGlyph
from fontTools.ttLib.tables.sbixStrike import Strike as SbixStrike
from PIL import Image

from handsynth.errors import InputError
from handsynth.fonts.naming import GlyphNames
from handsynth.fonts.options import Options
from handsynth.fonts.shapes import UNITS
from handsynth.fonts.source import FontSource
from handsynth.fonts.strike import DEPTHS, Strike, check_size, strike

_BYTE = 255
_SBIX_DPI = 72


def check(options: Options) -> None:
    """Raises InputError for sizes and depths that the tables cannot hold."""
    if not options.sizes:
        raise InputError("strikes need a size; give pixels per em like 16,24,32")
    if options.depth not in DEPTHS:
        raise InputError(f"a depth of {options.depth} bits is not known; give 1, 2, 4 or 8")
    for size in options.sizes:
        check_size(size)
        if options.strikes != "sbix" and size > _BYTE:
            raise InputError(f"{options.strikes} holds sizes up to 255 pixels per em, not {size}; give less, or sbix")


def add(font: TTFont, source: FontSource, names: GlyphNames, options: Options) -> None:
    """Draw the strikes and add them to `font`. Raises InputError where glyphs are too large for the table."""
    sizes = sorted(set(options.sizes))
    if options.strikes != "sbix":
        for size in sizes:
            _check_metrics(source, size, options.strikes)
    depth = options.depth if options.strikes == "ebdt" else 8
    drawn = [strike(source, size, depth) for size in sizes]
    if options.strikes == "sbix":
        _sbix(font, drawn, names, options)
    else:
        _eblc(font, drawn, source, names, options)


def _check_metrics(source: FontSource, size: int, table: str) -> None:
    """Widths and heights are bytes there, and offsets signed ones."""
    box = source.boxes * size
    needed = max(
        float((box[:, 2:] - box[:, :2]).max()) + 2,
        float(source.advance.max()) * size + 1,
        2 * float(np.abs(box[:, 3]).max()) + 2,
        2 * float(np.abs(box[:, 0]).max()) + 2,
    )
    if needed > _BYTE:
        most = int(size * (_BYTE - 3) / needed)
        raise InputError(
            f"at {size} pixels per em a glyph is too large for {table}, whose metrics are bytes; "
            f"give at most {most}, or sbix"
        )


def _glyph_of(names: GlyphNames, count: int) -> list[tuple[str, int]]:
    """Names and numbers of all glyphs with a picture."""
    return [(".notdef", count - 1), *zip((name for some in names.sets for name in some), names.order, strict=True)]


def _png(grey: np.ndarray, ink: tuple[int, int, int, int]) -> bytes:
    """A picture in the ink's colour, its alpha the coverage."""
    high, wide = grey.shape
    alpha = grey if ink[3] == 255 else (grey.astype(np.uint16) * ink[3] // 255).astype(np.uint8)
    if ink[0] == ink[1] == ink[2]:
        pixels = np.empty((high, wide, 2), np.uint8)
        pixels[..., 0], pixels[..., 1] = ink[0], alpha
    else:
        pixels = np.empty((high, wide, 4), np.uint8)
        pixels[..., :3], pixels[..., 3] = ink[:3], alpha
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", compress_level=9)
    return data.getvalue()


def _sbix(font: TTFont, drawn: list[Strike], names: GlyphNames, options: Options) -> None:
    """Pictures are placed as CoreText, Skia and FreeType take it: from the lower left corner of the outline's box.

    (The specification speaks of the origin: MicrosoftDocs/typography-issues 191, and what engines do since.)
    """
    outlines = font["glyf"]
    table = font["sbix"] = newTable("sbix")
    table.version, table.flags, table.strikes = 1, 1, {}
    for pixels in drawn:
        one = SbixStrike(ppem=pixels.size, resolution=_SBIX_DPI)
        for name, glyph in _glyph_of(names, len(pixels)):
            grey = pixels.pictures[glyph]
            if not grey.size:
                continue
            outline = outlines[name]
            corner = (outline.xMin, outline.yMin) if outline.numberOfContours else (0, 0)
            x, y = (value * pixels.size // UNITS for value in corner)  # whole pixels, as FreeType counts them
            one.glyphs[name] = SbixGlyph(
                glyphName=name,
                graphicType="png ",
                imageData=_png(grey, options.ink),
                originOffsetX=int(pixels.left[glyph]) - x,
                originOffsetY=int(pixels.top[glyph]) - grey.shape[0] - y,
            )
        table.strikes[pixels.size] = one


def _eblc(font: TTFont, drawn: list[Strike], source: FontSource, names: GlyphNames, options: Options) -> None:
    colour = options.strikes == "cbdt"
    data, places = ("CBDT", "CBLC") if colour else ("EBDT", "EBLC")
    bitmaps, index = newTable(data), newTable(places)
    bitmaps.version = index.version = 3.0 if colour else 2.0
    bitmaps.strikeData, index.strikes = [], []
    for pixels in drawn:
        glyphs: dict[str, Any] = {}
        for name, glyph in _glyph_of(names, len(pixels)):
            grey = pixels.pictures[glyph]
            if not grey.size:
                continue
            small = _metrics(pixels, glyph)
            if colour:
                made = cbdt_bitmap_format_17(b"", font)
                made.metrics, made.imageData = small, _png(grey, options.ink)
            else:
                made = ebdt_bitmap_format_1(b"", font)
                made.metrics = small
                made.imageData = _packed(grey, options.depth)
            glyphs[name] = made
        bitmaps.strikeData.append(glyphs)
        index.strikes.append(_located(font, pixels, glyphs, 32 if colour else options.depth, 17 if colour else 1))
    font[data], font[places] = bitmaps, index


def _metrics(pixels: Strike, glyph: int) -> SmallGlyphMetrics:
    small = SmallGlyphMetrics()
    small.height, small.width = pixels.pictures[glyph].shape
    small.BearingX, small.BearingY = int(pixels.left[glyph]), int(pixels.top[glyph])
    small.Advance = int(pixels.advance[glyph])
    return small


def _packed(grey: np.ndarray, depth: int) -> bytes:
    """Rows of whole bytes, the leftmost pixel in the highest bits."""
    bits = np.unpackbits(grey[..., None], axis=2)[..., :depth]
    return np.packbits(bits.reshape(len(grey), -1), axis=1).tobytes()


def _located(font: TTFont, pixels: Strike, glyphs: dict[str, Any], depth: int, form: int) -> E_B_L_C_.Strike:
    """A strike's entry: its line metrics, and where the pictures are, in runs of neighbouring glyphs."""
    one = E_B_L_C_.Strike()
    table = one.bitmapSizeTable
    table.colorRef, table.flags, table.bitDepth = 0, 1, depth
    table.ppemX = table.ppemY = pixels.size
    table.hori, table.vert = _line(pixels), _line(pixels)
    order = sorted((font.getGlyphID(name), name) for name in glyphs)
    table.startGlyphIndex, table.endGlyphIndex = order[0][0], order[-1][0]
    runs: list[list[str]] = []
    for before, (number, name) in zip([(-2, ""), *order], order, strict=False):
        if number == before[0] + 1:
            runs[-1].append(name)
        else:
            runs.append([name])
    one.indexSubTables = []
    for run in runs:
        sub = E_B_L_C_.eblc_index_sub_table_1(b"", font)
        sub.names, sub.indexFormat, sub.imageFormat = run, 1, form
        sub.firstGlyphIndex, sub.lastGlyphIndex = font.getGlyphID(run[0]), font.getGlyphID(run[-1])
        one.indexSubTables.append(sub)
    return one


def _line(pixels: Strike) -> E_B_L_C_.SbitLineMetrics:
    line = E_B_L_C_.SbitLineMetrics()
    line.ascender, line.descender = pixels.ascent, -pixels.descent
    line.widthMax = int(pixels.width.max())
    line.caretSlopeNumerator, line.caretSlopeDenominator, line.caretOffset = 1, 0, 0
    line.minOriginSB = int(pixels.left.min())
    line.minAdvanceSB = int((pixels.advance - pixels.left - pixels.width).min())
    line.maxBeforeBL = int(pixels.top.max())
    line.minAfterBL = int((pixels.top - pixels.height).min())
    line.pad1 = line.pad2 = 0
    return line

"""Lines set in a font without a shaping engine: variants take turns and kerning applies, as the font itself says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.fonts.source import XHEIGHT, FontSource


@dataclass(frozen=True, eq=False)
class GlyphLine:
    """m glyphs on a baseline; lengths in em."""

    glyphs: np.ndarray
    """int64 [m]: numbers in the FontSource."""
    x: np.ndarray
    """float64 [m]: origins."""
    width: float


def line(source: FontSource, text: str) -> GlyphLine:
    """Set `text` in one line; blanks that the font lacks are as wide as a space, other characters are boxes."""
    glyphs, places = [], []
    x, turn, before = 0.0, 0, None
    for char in text:
        if char in source.blanks or char.isspace():
            x += source.blanks.get(char, source.metrics.space)
            before = None
            continue
        glyph = source.glyph(char, turn % source.variants)
        number = source.numbers.get(char)
        if before is not None and number is not None:
            x += float(source.kerning[before, number])
        glyphs.append(glyph)
        places.append(x)
        x += float(source.advance[glyph])
        turn, before = turn + 1, number
    return GlyphLine(np.array(glyphs, np.int64), np.array(places, np.float64), x)


def fitting(source: FontSource, words: list[str], width: float) -> list[str]:
    """Lines of `words`, as many in each as fit into `width` em."""
    lines: list[str] = []
    for word in words:
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and line(source, longer).width <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def draw(page: np.ndarray, source: FontSource, set_line: GlyphLine, x: float, y: float, size: float) -> None:
    """Draw a line into `page` uint8 [h,w], 255 = ink, its origin at pixel (x, y), at `size` pixels per em."""
    count = len(set_line.glyphs)
    still = np.zeros(count)
    places = x + (set_line.x + source.centre[set_line.glyphs]) * size
    drawn = source.glyphs.take(set_line.glyphs).tiles(
        source.frame, np.full(count, size * XHEIGHT), places, still + y, still, still, still + 1
    )
    high, wide = page.shape
    for _, left, top, grey in drawn:
        rows, columns = (
            slice(max(top, 0), min(top + len(grey), high)),
            slice(max(left, 0), min(left + grey.shape[1], wide)),
        )
        part = page[rows, columns]
        np.maximum(part, grey[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left], out=part)

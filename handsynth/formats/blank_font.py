"""The font of the unseen text of PDF pages (`pdf_text`), which is the same for all and so is kept as a file.

python -m handsynth.formats.blank_font > handsynth/assets/blank.ttf
"""

from __future__ import annotations

import io
import sys

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from handsynth.formats.pdf_text import ADVANCE, ASCENT, DESCENT


def made() -> bytes:
    """A TrueType font whose one glyph is a line without area: nothing to see, but a box to select."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    pen.lineTo((ADVANCE, ASCENT))
    pen.closePath()
    glyphs = {".notdef": TTGlyphPen(None).glyph(), "blank": pen.glyph()}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (ADVANCE, 0) for name in glyphs})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupPost(keepGlyphNames=False)
    builder.updateHead(created=0, modified=0)
    builder.font.recalcTimestamp = False
    data = io.BytesIO()
    builder.save(data)
    return data.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(made())

"""Truth to hOCR 1.2 (Breuel 2007; Baierer, kba/hocr-spec), as XHTML, in whole px.

Every glyph is an ocrx_cinfo with its box once for each of its code points, as x_bboxes has it. The ink of words that
are struck out is an ocr_linedrawing without text.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from handsynth import __version__
from handsynth.formats.svg import legal, xml
from handsynth.truth.parts import STRUCK, TruthPart, around, lines, struck
from handsynth.truth.polygons import to_pixels
from handsynth.truth.truth import Truth

_CAN = "ocr_page ocr_carea ocr_par ocr_line ocrx_word ocrx_cinfo ocr_linedrawing ocrp_poly"


def text(truth: Truth, picture: str) -> bytes:
    """The hOCR file of the picture called `picture`."""
    return "\n".join(_file(truth, picture)).encode() + b"\n"


def _file(truth: Truth, picture: str) -> Iterator[str]:
    written, size = lines(truth), (truth.width, truth.height)
    name = picture.replace("%", "%25").replace('"', "%22").replace(";", "%3B")
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield "<!DOCTYPE html>"
    yield '<html xmlns="http://www.w3.org/1999/xhtml">'
    yield f'<head><title>{xml(truth.name)}</title><meta charset="UTF-8"/>'
    yield f'<meta name="ocr-system" content="handsynth {__version__}"/>'
    yield f'<meta name="ocr-capabilities" content="{_CAN}"/>'
    yield '<meta name="ocr-number-of-pages" content="1"/></head>'
    page = f'image "{name}"; bbox 0 0 {truth.width} {truth.height}; ppageno 0'
    yield f'<body><div class="ocr_page" id="page" title={_quoted(page)}>'
    if written:
        block = TruthPart(1, "", around(written))
        yield f'<div class="ocr_carea" id="block" title="{_bbox(block)}">'
        yield f'<p class="ocr_par" id="paragraph" title="{_bbox(block)}">'
        for line in written:
            yield _line(line, size)
        yield "</p></div>"
    for word in struck(truth):
        yield (
            f'<div class="ocr_linedrawing" id="struck_{word.number}" data-type="{STRUCK}" '
            f'title="{_bbox(word)}; {_poly(word, size)}"></div>'
        )
    yield "</div></body></html>"


def _line(line: TruthPart, size: tuple[int, int]) -> str:
    words = " ".join(_word(word, size) for word in line.parts)
    title = f"{_bbox(line)}; baseline {_baseline(line)}; {_poly(line, size)}"
    return f'<span class="ocr_line" id="line_{line.number}" title="{title}">{words}</span>'


def _word(word: TruthPart, size: tuple[int, int]) -> str:
    # no line end inside a word: it would be read as a blank
    glyphs = "".join(
        f'<span class="ocrx_cinfo" title="x_bboxes {" ".join([_numbers(glyph)] * max(1, len(glyph.text)))}">'
        f"{xml(glyph.text)}</span>"
        for glyph in word.parts
    )
    return f'<span class="ocrx_word" id="word_{word.number}" title="{_bbox(word)}; {_poly(word, size)}">{glyphs}</span>'


def _baseline(line: TruthPart) -> str:
    """Slope and offset of the straight line nearest to the baseline, about the lower left corner of the box."""
    assert line.baseline is not None
    left, _, _, bottom = line.whole_box
    x, y = line.baseline.T - [[left], [bottom]]
    across = x - x.mean()
    slope = float(across @ y / max(float(across @ across), 1e-9))
    return f"{slope:.5f} {float(y.mean()) - slope * float(x.mean()):.2f}"


def _numbers(part: TruthPart) -> str:
    return " ".join(map(str, part.whole_box))


def _bbox(part: TruthPart) -> str:
    return f"bbox {_numbers(part)}"


def _poly(part: TruthPart, size: tuple[int, int]) -> str:
    return "poly " + " ".join(map(str, to_pixels(part.polygon, *size).ravel().tolist()))


def _quoted(text: str) -> str:
    return quoteattr(legal(text))

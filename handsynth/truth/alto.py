"""Truth to ALTO 4.4 (Analyzed Layout and Text Object, Library of Congress), in px.

The ink of words that are struck out is an Illustration of the TYPE "struck-out": it is in no CONTENT. A Glyph's CONTENT
is one character, so that of a letter with marks that has no code point of its own is the letter; a Variant holds all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import numpy as np

from handsynth import __version__
from handsynth.formats.svg import legal, xml
from handsynth.truth.parts import STRUCK, Box, TruthPart, around, lines, struck
from handsynth.truth.truth import Truth

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"

_LONGEST = 3
"""Characters that a Variant may hold."""


def text(truth: Truth, picture: str) -> bytes:
    """The ALTO file of the picture called `picture`."""
    return "\n".join(_file(truth, picture)).encode() + b"\n"


def _file(truth: Truth, picture: str) -> Iterator[str]:
    written, out = lines(truth), struck(truth)
    settings = f"writer {truth.writer}, seed {truth.seed}, index {truth.index}"
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<alto xmlns="{NAMESPACE}" SCHEMAVERSION="4.4">'
    yield "<Description>"
    yield "<MeasurementUnit>pixel</MeasurementUnit>"
    yield f"<sourceImageInformation><fileName>{xml(picture)}</fileName></sourceImageInformation>"
    yield (
        '<Processing ID="handsynth"><processingCategory>contentGeneration</processingCategory>'
        f"<processingStepSettings>{xml(settings)}</processingStepSettings>"
        f"<processingSoftware><softwareName>handsynth</softwareName><softwareVersion>{__version__}</softwareVersion>"
        "</processingSoftware></Processing>"
    )
    yield "</Description>"
    if out:
        yield f'<Tags><OtherTag ID="struck" LABEL="{STRUCK}"/></Tags>'
    size = f'WIDTH="{truth.width}" HEIGHT="{truth.height}"'
    yield f'<Layout><Page ID="page" PHYSICAL_IMG_NR="{truth.index}" {size}>'
    yield f'<PrintSpace HPOS="0" VPOS="0" {size}>'
    if written:
        yield f'<TextBlock ID="block" {_box(TruthPart(1, "", around(written)).box)}>'
        for line in written:
            yield from _line(line)
        yield "</TextBlock>"
    for word in out:
        yield f'<Illustration ID="struck_{word.number}" {_box(word.box)} TYPE="{STRUCK}" TAGREFS="struck">'
        yield f"{_shape(word)}</Illustration>"
    yield "</PrintSpace></Page></Layout></alto>"


def _line(line: TruthPart) -> Iterator[str]:
    assert line.baseline is not None
    yield f'<TextLine ID="line_{line.number}" {_box(line.box)} BASELINE="{_points(line.baseline)}">{_shape(line)}'
    end = None
    for word in line.parts:
        if end is not None:
            space = max(0.0, word.box[0] - end)
            yield f'<SP WIDTH="{_number(space)}" HPOS="{_number(end)}" VPOS="{_number(line.box[1])}"/>'
        end = word.box[2]
        yield f'<String ID="word_{word.number}" {_box(word.box)} CONTENT={quoteattr(legal(word.text))}>{_shape(word)}'
        for glyph in word.parts:
            yield _glyph(glyph)
        yield "</String>"
    yield "</TextLine>"


def _glyph(glyph: TruthPart) -> str:
    whole = legal(unicodedata.normalize("NFC", glyph.text)) or "\ufffd"
    more = f"<Variant CONTENT={quoteattr(whole)}/>" if 1 < len(whole) <= _LONGEST else ""
    content = quoteattr(whole[0])
    return f'<Glyph ID="glyph_{glyph.number}" {_box(glyph.box)} CONTENT={content}>{_shape(glyph)}{more}</Glyph>'


def _box(box: Box) -> str:
    left, top, right, bottom = box
    place = f'HPOS="{_number(left)}" VPOS="{_number(top)}"'
    return f'{place} WIDTH="{_number(right - left)}" HEIGHT="{_number(bottom - top)}"'


def _shape(part: TruthPart) -> str:
    return f'<Shape><Polygon POINTS="{_points(part.polygon)}"/></Shape>'


def _points(points: np.ndarray) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points.tolist())


def _number(value: float) -> str:
    # no negative zero
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".")

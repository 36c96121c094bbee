"""Truth to PAGE XML, page content of 2019-07-15 (Pletschacher, Antonacopoulos 2010; PRImA), in whole px.

The ink of words that are struck out is a GraphicRegion marked as such: it is in no TextEquiv. The schema wants times;
they are those of the beginning of 1970, so that the same picture has the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import numpy as np

from handsynth import __version__
from handsynth.formats.svg import legal, xml
from handsynth.truth.parts import STRUCK, TruthPart, around, lines, struck
from handsynth.truth.polygons import to_pixels
from handsynth.truth.truth import Truth

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"

_TIME = "1970-01-01T00:00:00"


def text(truth: Truth, picture: str) -> bytes:
    """The PAGE file of the picture called `picture`."""
    return "\n".join(_file(truth, picture)).encode() + b"\n"


def _file(truth: Truth, picture: str) -> Iterator[str]:
    written, size = lines(truth), (truth.width, truth.height)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<PcGts xmlns="{NAMESPACE}">'
    yield f"<Metadata><Creator>handsynth {__version__}</Creator>"
    yield f"<Created>{_TIME}</Created><LastChange>{_TIME}</LastChange>"
    yield f'<MetadataItem type="author" name="writer" value={_quoted(truth.writer)}/>'
    yield f'<MetadataItem type="processingStep" name="seed" value="{truth.seed}"/>'
    yield f'<MetadataItem type="processingStep" name="index" value="{truth.index}"/></Metadata>'
    yield f'<Page imageFilename={_quoted(picture)} imageWidth="{truth.width}" imageHeight="{truth.height}">'
    if written:
        yield (
            '<ReadingOrder><OrderedGroup id="order"><RegionRefIndexed index="0" regionRef="region"/></OrderedGroup>'
            "</ReadingOrder>"
        )
        # kraken 5.2 to 6.0 asks for the order of a region whose lines have one
        order = 'custom="readingOrder {index:0;}"'
        yield f'<TextRegion id="region" type="paragraph" {order}>{_coords(around(written), size)}'
        for number, line in enumerate(written):
            yield from _line(line, number, size)
        yield _says("\n".join(line.text for line in written))
        yield "</TextRegion>"
    for word in struck(truth):
        yield (
            f'<GraphicRegion id="struck_{word.number}" type="other" custom="structure {{type:{STRUCK};}}">'
            f"{_coords(word.polygon, size)}</GraphicRegion>"
        )
    yield "</Page></PcGts>"


def _line(line: TruthPart, order: int, size: tuple[int, int]) -> Iterator[str]:
    assert line.baseline is not None
    yield f'<TextLine id="line_{line.number}" custom="readingOrder {{index:{order};}}">{_coords(line.polygon, size)}'
    yield f'<Baseline points="{_points(np.rint(line.baseline).astype(np.int64))}"/>'
    for word in line.parts:
        yield f'<Word id="word_{word.number}">{_coords(word.polygon, size)}'
        for glyph in word.parts:
            yield f'<Glyph id="glyph_{glyph.number}">{_coords(glyph.polygon, size)}{_says(glyph.text)}</Glyph>'
        yield f"{_says(word.text)}</Word>"
    yield f"{_says(line.text)}</TextLine>"


def _says(text: str) -> str:
    return f"<TextEquiv><Unicode>{xml(text)}</Unicode></TextEquiv>"


def _coords(polygon: np.ndarray, size: tuple[int, int]) -> str:
    return f'<Coords points="{_points(to_pixels(polygon, *size))}"/>'


def _points(points: np.ndarray) -> str:
    return " ".join(f"{x},{y}" for x, y in points.tolist())


def _quoted(text: str) -> str:
    return quoteattr(legal(text))

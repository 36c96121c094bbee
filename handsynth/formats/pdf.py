"""Pages to PDF 1.7 (ISO 32000-1): vector ink, searchable text, the properties of a document.

Objects and cross-references are pydyf's; pdf_ink and pdf_text write the streams of operators.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

import pydyf

from handsynth.errors import InputError
from handsynth.formats import pdf_ink, pdf_text, underlay
from handsynth.formats.look import Look
from handsynth.formats.svg import xml
from handsynth.formats.vector import decimal, paper_mm
from handsynth.layout.page import Page
from handsynth.provenance.provenance import XMP_END, XMP_START, clean, pack
from handsynth.units import MM_PER_INCH

MOST_MM = 14_400 / 72 * MM_PER_INCH
"""Greatest side of a page: 14,400 points (ISO 32000-1, annex C.2)."""

_LEVEL = 6
"""Of compression: 9 takes four times as long for 4 % less."""

_KEPT = 1 << 24
"""Bytes of streams that are kept in memory."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:handsynth="urn:handsynth:">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{software}</xmp:CreatorTool>
<pdf:Producer>{software}</pdf:Producer>
{start}{metadata}{end}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
"""XMP (ISO 16684-1)."""


@dataclass(frozen=True)
class PdfPage:
    """One page, ready to be joined."""

    width: float
    height: float
    """Points."""
    drawing: bytes
    """Content stream, deflated."""
    alphas: tuple[int, ...]
    """Opacities that it uses, of 255."""
    spans: tuple[pdf_text.WordSpan, ...]
    below: underlay.Underlay | None = None

    @property
    def picture(self) -> str:
        """Name of the picture below the ink, that of its content; empty: there is none."""
        return _named(self.below)


def part(page: Page, look: Look) -> PdfPage:
    """The drawing and the text of one page. Raises InputError if it is too large."""
    width, height = (side / MM_PER_INCH * 72 for side in paper_mm(page, look, MOST_MM, "PDF"))
    below = underlay.of(page, look)
    drawing, alphas = pdf_ink.content(page, look, height, _named(below), below is not None and below.whole)
    spans = tuple(pdf_text.spans(page)) if look.text_layer else ()
    return PdfPage(width, height, zlib.compress(drawing.encode("ascii"), _LEVEL), tuple(sorted(alphas)), spans, below)


def _named(below: underlay.Underlay | None) -> str:
    return "" if below is None else "B" + hashlib.blake2b(below.jpeg, digest_size=8).hexdigest()


def join(parts: Iterator[PdfPage], file: BinaryIO, look: Look) -> None:
    """Write a document of all pages into `file`; streams wait on disk, so memory does not grow with them."""
    writer = pydyf.PDF()
    resources = pydyf.Dictionary()
    writer.add_object(resources)
    face = pdf_text.BlankFont()
    alphas: set[int] = set()
    pictures: dict[str, bytes] = {}
    with SpooledTemporaryFile(_KEPT) as spool:
        for each in parts:
            streams = [_Stream(spool, each.drawing)]
            if each.spans:
                layer = face.content(each.spans, each.height, look.mm / MM_PER_INCH * 72)
                streams.append(_Stream(spool, zlib.compress(layer.encode("ascii"), 9)))
            for stream in streams:
                writer.add_object(stream)
            # a hair less: a viewer that rounds up must not find a pixel more
            sides = (decimal(math.floor(side * 1000 - 0.5) / 1000) for side in (each.width, each.height))
            page = {
                "Type": "/Page", "Parent": writer.pages.reference, "MediaBox": pydyf.Array([0, 0, *sides]),
                "Contents": pydyf.Array([stream.reference for stream in streams]), "Resources": resources.reference,
            }  # fmt: skip
            writer.add_page(pydyf.Dictionary(page))
            alphas.update(each.alphas)
            if each.below is not None and each.picture not in pictures:
                pictures[each.picture] = _added(writer, _PictureStream(spool, each.below))
        if not writer.pages["Count"]:
            raise InputError("there is no page to write; give some text")
        shares = {alpha: decimal(alpha / 255) for alpha in sorted(alphas)}
        states = {f"a{alpha}": pydyf.Dictionary({"ca": share, "CA": share}) for alpha, share in shares.items()}
        resources["ExtGState"] = pydyf.Dictionary(states)
        if pictures:
            resources["XObject"] = pydyf.Dictionary(pictures)
        if face.used:
            resources["Font"] = pydyf.Dictionary({"F": _font(writer, face)})
        _describe(writer, look)
        writer.write(file, version=b"1.7")


class _Stream(pydyf.Stream):  # type: ignore[misc]
    """Deflated data that waits in a file until it is written."""

    def __init__(self, spool: SpooledTemporaryFile[bytes], deflated: bytes) -> None:
        super().__init__()
        self._spool, self._place, self._size = spool, spool.tell(), len(deflated)
        spool.write(deflated)

    @property
    def data(self) -> bytes:
        self._spool.seek(self._place)
        return b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (
            self._size,
            self._spool.read(self._size),
        )


class _PictureStream(_Stream):
    """A JPEG picture (ISO 32000-1, 8.9.5) that waits in a file until it is written."""

    def __init__(self, spool: SpooledTemporaryFile[bytes], picture: underlay.Underlay) -> None:
        super().__init__(spool, picture.jpeg)
        self._picture = picture

    @property
    def data(self) -> bytes:
        self._spool.seek(self._place)
        space = "Gray" if self._picture.grey else "RGB"
        head = (
            f"<</Type /XObject /Subtype /Image /Width {self._picture.width} /Height {self._picture.height} "
            f"/ColorSpace /Device{space} /BitsPerComponent 8 /Filter /DCTDecode /Length {self._size}>>"
        )
        return b"%b\nstream\n%b\nendstream" % (head.encode(), self._spool.read(self._size))


def _font(writer: pydyf.PDF, face: pdf_text.BlankFont) -> bytes:
    """A composite font (ISO 32000-1, 9.7) with the codes of `face`: the reference to it."""
    data = pdf_text.blank_font()
    descriptor = {
        "Type": "/FontDescriptor", "FontName": "/Blank", "Flags": 4, "ItalicAngle": 0, "StemV": 0,
        "FontBBox": pydyf.Array([0, pdf_text.DESCENT, pdf_text.ADVANCE, pdf_text.ASCENT]),
        "Ascent": pdf_text.ASCENT, "Descent": pdf_text.DESCENT, "CapHeight": pdf_text.ASCENT,
        "FontFile2": _added(writer, pydyf.Stream([data], {"Length1": len(data)}, compress=True)),
    }  # fmt: skip
    system = {"Registry": pydyf.String("Adobe"), "Ordering": pydyf.String("Identity"), "Supplement": 0}
    descendant = {
        "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": "/Blank",
        "CIDSystemInfo": pydyf.Dictionary(system),
        "FontDescriptor": _added(writer, pydyf.Dictionary(descriptor)), "DW": pdf_text.ADVANCE,
        "CIDToGIDMap": _added(writer, pydyf.Stream([face.glyph_map()], compress=True)),
    }  # fmt: skip
    font = {
        "Type": "/Font", "Subtype": "/Type0", "BaseFont": "/Blank", "Encoding": "/Identity-H",
        "DescendantFonts": pydyf.Array([_added(writer, pydyf.Dictionary(descendant))]),
        "ToUnicode": _added(writer, pydyf.Stream([face.unicode_map()], compress=True)),
    }  # fmt: skip
    return _added(writer, pydyf.Dictionary(font))


def _added(writer: pydyf.PDF, thing: pydyf.Object) -> bytes:
    """The reference to a new object of the file."""
    writer.add_object(thing)
    reference: bytes = thing.reference
    return reference


def _describe(writer: pydyf.PDF, look: Look) -> None:
    """Title, language, what made it: in the properties, and as XMP, whose record is the last, as provenance.py asks."""
    title, language = clean(look.title), clean(look.language)
    software, metadata = clean(look.metadata.get("Software", "handsynth")), pack(look.metadata)
    writer.info.update({"Title": _text(title), "Creator": _text(software), "Producer": _text(software)})
    texts = {"title": title, "language": language, "software": software, "metadata": metadata}
    escaped = {key: xml(text) for key, text in texts.items()}
    packet = _XMP.format(start=XMP_START.decode(), end=XMP_END.decode(), **escaped).encode()
    kind = {"Type": "/Metadata", "Subtype": "/XML"}
    writer.catalog["Metadata"] = _added(writer, pydyf.Stream([packet], kind))
    writer.catalog["Lang"] = _text(language)
    writer.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _text(text: str) -> bytes:
    """A text string in UTF-16 (ISO 32000-1, 7.9.2.2), in hexadecimal digits: readers change line ends in others."""
    return b"<feff%b>" % text.encode("utf-16-be").hex().encode()

"""Pages to PDF 1.7 (ISO 32000-1): vector ink, searchable text, the properties of a document.

Objects, cross-references and escapes are pypdf's; pdf_ink and pdf_text write the streams of operators.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from handsynth.errors import InputError
from handsynth.layout.page import Page
from handsynth.provenance import XMP_END, XMP_START, clean, pack
from handsynth.render import pdf_ink, pdf_text
from handsynth.render.look import Look
from handsynth.render.svg import xml
from handsynth.render.vector import decimal, paper_mm
from handsynth.units import MM_PER_INCH

if TYPE_CHECKING:
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, IndirectObject, PdfObject

MOST_MM = 14_400 / 72 * MM_PER_INCH
"""Greatest side of a page: 14,400 points (ISO 32000-1, annex C.2)."""

_LEVEL = 6
"""Of compression: 9 takes four times as long for 4 % less."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:handsynth="urn:handsynth:">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{software}</xmp:CreatorTool>
<pdf:Producer>{software}</pdf:Producer>
{start}{facts}{end}
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
"""XMP (ISO 16684-1)."""


@dataclass(frozen=True)
class Part:
    """One page, ready to be joined."""

    width: float
    height: float
    """Points."""
    drawing: bytes
    """Content stream, deflated."""
    alphas: tuple[int, ...]
    """Opacities that it uses, of 255."""
    spans: tuple[pdf_text.Span, ...]


def part(page: Page, look: Look) -> Part:
    """The drawing and the text of one page. Raises InputError if it is too large."""
    width, height = (side / MM_PER_INCH * 72 for side in paper_mm(page, look, MOST_MM, "PDF"))
    drawing, alphas = pdf_ink.content(page, look, height)
    spans = tuple(pdf_text.spans(page)) if look.text_layer else ()
    return Part(width, height, zlib.compress(drawing.encode("ascii"), _LEVEL), tuple(sorted(alphas)), spans)


def join(parts: Iterator[Part], file: BinaryIO, look: Look) -> None:
    """Write a document of all pages into `file`; what is kept in memory is as large as the file."""
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, NameObject

    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    resources = _dictionary({})
    shared = writer._add_object(resources)
    face = pdf_text.Face()
    alphas: set[int] = set()
    for each in parts:
        # a hair less: a viewer that rounds up must not find a pixel more
        page = writer.add_blank_page(*(math.floor(side * 1000 - 0.5) / 1000 for side in (each.width, each.height)))
        streams = [_stream(writer, each.drawing)]
        if each.spans:
            layer = face.content(each.spans, each.height, look.mm / MM_PER_INCH * 72)
            streams.append(_stream(writer, zlib.compress(layer.encode("ascii"), 9)))
        page[NameObject("/Contents")] = ArrayObject(streams)
        page[NameObject("/Resources")] = shared
        alphas.update(each.alphas)
    if not writer.pages:
        raise InputError("there is no page to write; give some text")
    states = {f"/a{alpha}": _dictionary({"/ca": alpha / 255, "/CA": alpha / 255}) for alpha in sorted(alphas)}
    resources[NameObject("/ExtGState")] = _dictionary(states)
    if face.used:
        resources[NameObject("/Font")] = _dictionary({"/F": _font(writer, face)})
    _describe(writer, look)
    writer.write(file)


def _font(writer: PdfWriter, face: pdf_text.Face) -> IndirectObject:
    """A composite font (ISO 32000-1, 9.7) with the codes of `face`."""
    from pypdf.generic import ArrayObject

    data = pdf_text.blank_font()
    descriptor = {
        "/Type": "/FontDescriptor", "/FontName": "/Blank", "/Flags": 4, "/ItalicAngle": 0, "/StemV": 0,
        "/FontBBox": ArrayObject(map(_object, (0, pdf_text.DESCENT, pdf_text.ADVANCE, pdf_text.ASCENT))),
        "/Ascent": pdf_text.ASCENT, "/Descent": pdf_text.DESCENT, "/CapHeight": pdf_text.ASCENT,
        "/FontFile2": _stream(writer, zlib.compress(data, 9), {"/Length1": len(data)}),
    }  # fmt: skip
    system = _dictionary({"/Registry": b"Adobe", "/Ordering": b"Identity", "/Supplement": 0})
    descendant = {
        "/Type": "/Font", "/Subtype": "/CIDFontType2", "/BaseFont": "/Blank", "/CIDSystemInfo": system,
        "/FontDescriptor": writer._add_object(_dictionary(descriptor)), "/DW": pdf_text.ADVANCE,
        "/CIDToGIDMap": _stream(writer, zlib.compress(face.glyph_map(), 9)),
    }  # fmt: skip
    font = {
        "/Type": "/Font", "/Subtype": "/Type0", "/BaseFont": "/Blank", "/Encoding": "/Identity-H",
        "/DescendantFonts": ArrayObject([writer._add_object(_dictionary(descendant))]),
        "/ToUnicode": _stream(writer, zlib.compress(face.unicode_map().encode("ascii"), 9)),
    }  # fmt: skip
    return writer._add_object(_dictionary(font))


def _describe(writer: PdfWriter, look: Look) -> None:
    """Title, language, what made it: in the properties and as XMP, the last object, where provenance.py finds it."""
    from pypdf.generic import NameObject, StreamObject, TextStringObject

    title, language = clean(look.title), clean(look.language)
    software, facts = clean(look.facts.get("Software", "handsynth")), pack(look.facts)
    writer.add_metadata({"/Title": title, "/Creator": software, "/Producer": software})
    packet = StreamObject()
    packet.update(_dictionary({"/Type": "/Metadata", "/Subtype": "/XML"}))
    texts = {"title": title, "language": language, "software": software, "facts": facts}
    escaped = {key: xml(text) for key, text in texts.items()}
    packet.set_data(_XMP.format(start=XMP_START.decode(), end=XMP_END.decode(), **escaped).encode())
    root = writer.root_object
    root[NameObject("/Metadata")] = writer._add_object(packet)
    root[NameObject("/Lang")] = TextStringObject(language)
    root[NameObject("/ViewerPreferences")] = _dictionary({"/DisplayDocTitle": True})


def _object(value: object) -> PdfObject:
    """A PDF object: str is a name, bytes a string."""
    from pypdf import generic

    if isinstance(value, bool):
        return generic.BooleanObject(value)
    if isinstance(value, int):
        return generic.NumberObject(value)
    if isinstance(value, float):
        return generic.FloatObject(decimal(value))
    if isinstance(value, bytes):
        return generic.TextStringObject(value.decode("ascii"))
    if isinstance(value, str):
        return generic.NameObject(value)
    assert isinstance(value, generic.PdfObject)
    return value


def _dictionary(entries: Mapping[str, object]) -> DictionaryObject:
    from pypdf.generic import DictionaryObject, NameObject

    return DictionaryObject({NameObject(key): _object(value) for key, value in entries.items()})


def _stream(writer: PdfWriter, deflated: bytes, entries: Mapping[str, object] | None = None) -> IndirectObject:
    """A stream of data that is deflated already."""
    from pypdf.generic import StreamObject

    stream = StreamObject()
    stream.update(_dictionary({"/Filter": "/FlateDecode", **(entries or {})}))
    stream.set_data(deflated)
    return writer._add_object(stream)

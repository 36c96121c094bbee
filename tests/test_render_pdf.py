"""Pages to PDF: drawn, searched and checked by programs that are not ours."""

from __future__ import annotations

import io
import itertools
import json
import pickle
import shutil
import subprocess
from dataclasses import replace
from unicodedata import normalize
from xml.etree import ElementTree

import numpy as np
import pypdfium2
import pytest
from drawn import FACTS, HOSTILE, SPITEFUL, full_page, overlap, page, pen_page, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

import handsynth
from handsynth.errors import InputError
from handsynth.formats import blank_font, pdf, pdf_text, write
from handsynth.formats.look import Look
from handsynth.formats.raster import paint
from handsynth.layout.page import Ruling
from handsynth.provenance.provenance import clean
from handsynth.provenance.recorded import record_of


@pytest.fixture
def saved(tmp_path):
    """Writes pages and opens the file with pdfium."""
    opened = []

    def save(pages, look, name="a.pdf"):
        file = tmp_path / name
        with file.open("wb") as out:
            pdf.join((pdf.part(made, look) for made in pages), out, look)
        opened.append(pypdfium2.PdfDocument(file))
        return opened[-1]

    yield save
    for document in opened:
        document.close()


def drawn(document: pypdfium2.PdfDocument, dpi: float, number: int = 0) -> Image.Image:
    return document[number].render(scale=dpi / 72).to_pil()


def darkness(document: pypdfium2.PdfDocument, dpi: float) -> np.ndarray:
    return 255 - np.asarray(drawn(document, dpi).convert("L"))


def words(document: pypdfium2.PdfDocument, number: int = 0) -> list[str]:
    return document[number].get_textpage().get_text_bounded().split()


@pytest.mark.parametrize(("xheight", "dpi"), [(18, 150), (30, 150), (24, 300), (72, 600)])
def test_another_engine_draws_the_same_ink(saved, xheight, dpi):
    made, look = whole(page(), xheight), Look(xheight, dpi)
    assert overlap(darkness(saved([made], look), dpi), made, look) > 0.97


@pytest.mark.parametrize(("joined", "xheight"), [(0, 18), (1, 30)])
def test_another_engine_draws_the_same_ink_of_the_default_model(saved, joined, xheight):
    # by a broad pen: of a fine one's ink most pixels are edges, and where these lie is a matter of chance
    text, look, shares = "Dear Ada,\nquick & (brown) foxes: 8%!", Look(xheight, 150), []
    for seed in range(3, 7):
        made = whole(handsynth.typeset(text, seed=seed, pen_width=0.2, joined=joined), xheight)
        shares.append(overlap(darkness(saved([made], look), 150), made, look))
    assert np.mean(shares) > 0.97


def test_ground_strokes_depth_and_colours_are_those_of_our_picture(saved):
    made, look = whole(full_page(), 30), Look(30, 150, ink=(20, 30, 120, 255), paper=(255, 250, 230, 255))
    ours = np.asarray(paint(made, look).convert("RGB"), float)

    def difference(page_made):
        theirs = np.asarray(drawn(saved([page_made], look), 150).convert("RGB"), float)
        height, width = np.minimum(ours.shape[:2], theirs.shape[:2])
        return np.abs(ours[:height, :width] - theirs[:height, :width]).mean()

    assert difference(made) < 1.5
    for change in ({"ruling": Ruling()}, {"strokes": ()}, {"depth": np.ones_like(made.depth)}):
        assert difference(replace(made, **change)) > 1.3 * difference(made)


def test_centrelines_are_single_strokes_within_the_ink(saved):
    made, look = whole(page(), 24), Look(24, 150, centreline=True)
    assert overlap(darkness(saved([made], look), 150), made, look) > 0.8


@pytest.mark.parametrize(("pool", "least"), [(0.0, 0.96), (2.0, 0.96)])
@pytest.mark.parametrize(("xheight", "dpi"), [(30, 150), (72, 600)])
def test_another_engine_draws_the_ink_of_a_pen(saved, tmp_path, xheight, dpi, pool, least):
    made, look = whole(pen_page(), xheight), Look(xheight, dpi)
    made = replace(made, glyphs=made.glyphs.pooled(made.frame, pool))
    document = saved([made], look)
    assert overlap(darkness(document, dpi), made, look) > least
    operations = [operator for _, operator in PdfReader(tmp_path / "a.pdf").pages[0].get_contents().operations]
    assert operations.count(b"S") == len(made) and b"f*" not in operations
    outlined = saved([made], replace(look, outlined=True), "b.pdf")
    assert overlap(darkness(outlined, dpi), made, look) > 0.95


@pytest.mark.parametrize("pool", [0.0, 2.0])
def test_pale_lines_that_cross_are_inked_once(saved, pool):
    made = whole(pen_page("a i t"), 40)
    made = replace(made, depth=np.full_like(made.depth, 0.5), glyphs=made.glyphs.pooled(made.frame, pool))
    assert darkness(saved([made], Look(40, 150)), 150).max() <= 129


TEXTS = [
    ("Tomb of gnat\nAVA (fjord) I", {}),
    ("I & a - b\n\nx", {}),
    ("two paragraphs of words that are wrapped\n\nI said so twice; a - b & c", {"wrap": 14}),
    ("some incomprehensibilities-of-life and well-known things and/or others", {"wrap": 11}),
    ("un\u00adbe\u00adliev\u00adable internationalisationofthings", {"wrap": 8}),
    ("boxes \U0001f600\U0001f389 \u20ac e\u0301 x\u0302 \U00010348 ends", {"missing": "box"}),
    ("pre- and post- or - if b- c", {"wrap": 4}),
    ("close words", {"word_spacing": 0.0, "letter_spacing": 0.0}),
    ("wide words", {"word_spacing": 9.0, "letter_spacing": 9.0}),
]


@pytest.mark.parametrize(("text", "setting"), TEXTS)
def test_another_engine_reads_the_text(saved, text, setting):
    document = saved([page(text, **setting)], Look(20))
    # decomposed text is drawn composed
    assert words(document) == normalize("NFC", text.replace("\u00ad", "")).split()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("abcABCIl.,'-/&()!", min_size=1, max_size=14), min_size=1, max_size=30),
    st.sampled_from([None, 5.0, 12.0, 40.0]),
    st.sampled_from([1, 24, 80]),
)
def test_any_text_is_read_as_it_was_written(tmp_path_factory, given_words, wrap, xheight):
    file = tmp_path_factory.mktemp("pdf") / "a.pdf"
    write(page(" ".join(given_words), wrap=wrap), file, Look(xheight))
    with pypdfium2.PdfDocument(file) as document:
        assert words(document) == given_words


def test_lines_of_the_text_are_lines_of_the_page(saved):
    read = saved([page("Tomb of gnat\nAVA (fjord) I\n\nb")], Look(20))[0].get_textpage().get_text_range()
    assert [line.rstrip() for line in read.splitlines()] == ["Tomb of gnat", "AVA (fjord) I", "b"]


def test_selections_lie_on_the_ink(saved):
    made, look = page("Tomb gnat", word_spacing=4.0), Look(20)
    text = saved([made], look)[0].get_textpage()
    points = look.mm / 25.4 * 72
    boxes = made.boxes() * points
    for word, (start, count) in enumerate([(0, 4), (5, 4)]):
        assert text.count_rects(start, count) == 1
        left, bottom, right, top = text.get_rect(0)
        ink = boxes[made.word == word]
        assert left == pytest.approx(ink[:, 0].min(), abs=0.1 * points)
        assert right == pytest.approx(ink[:, 2].max(), abs=0.1 * points)
        assert bottom < made.height * points - made.y.max() * points < top


def test_words_can_be_found(saved):
    text = saved([page("Tomb of gnat\nAVA (fjord) I")], Look(20))[0].get_textpage()
    assert text.search("(fjord)").get_next() == (19, 7)  # a line ends in a blank and two characters
    assert text.search("goat").get_next() is None


def test_what_is_struck_out_is_no_part_of_the_text(saved):
    assert words(saved([full_page()], Look(20))) == ["Tomb", "gnat", "AVA", "(fjord)", "I", "b-g"]
    gone = page("all of it")
    assert words(saved([replace(gone, struck=np.ones(len(gone), bool))], Look(20))) == []


def test_text_can_be_left_out(saved, tmp_path):
    document = saved([page()], Look(20, text_layer=False))
    assert words(document) == []
    assert "/Font" not in PdfReader(tmp_path / "a.pdf").pages[0]["/Resources"]


def test_more_characters_than_there_are_codes(saved):
    made = page("ab", missing="box")
    many = "".join(map(chr, range(0x10000, 0x10000 + 3000)))
    document = saved([replace(made, texts=(many, "b"))], Look(20))
    assert document[0].get_textpage().get_text_range().rstrip() == many[:2048] + "\ufffd" * 952 + "b"


def test_many_pages_share_one_font_and_stay_in_order(saved, tmp_path):
    made = [
        page(f"page {number} \U0001f600" if number % 2 else "\U00010348 even", missing="box") for number in range(5)
    ]
    document = saved(made, Look(20))
    assert len(document) == 5
    assert [words(document, number)[0] for number in range(5)] == ["\U00010348", "page"] * 2 + ["\U00010348"]
    assert words(document, 3) == ["page", "3", "\U0001f600"]
    assert (tmp_path / "a.pdf").read_bytes().count(b"/Subtype /Type0") == 1


def test_pages_are_taken_one_at_a_time(tmp_path):
    taken = itertools.count()
    look = Look(20)
    part = pdf.part(page("a"), look)

    def parts():
        for _ in range(50):
            next(taken)
            yield part

    with (tmp_path / "a.pdf").open("wb") as file:
        pdf.join(parts(), file, look)
    assert next(taken) == 50 and len(PdfReader(tmp_path / "a.pdf").pages) == 50
    assert pickle.loads(pickle.dumps(part)) == part


def test_title_language_and_facts_are_properties_of_the_document(saved, tmp_path):
    saved([page()], Look(20, metadata=FACTS, title="A letter to Zoë", language="en-GB"))
    reader = PdfReader(tmp_path / "a.pdf", strict=True)
    assert reader.metadata.title == "A letter to Zoë"
    assert reader.metadata.creator == reader.metadata.producer == "handsynth 0.1.0"
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB" and root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    packet = reader.xmp_metadata
    assert record_of(tmp_path / "a.pdf") == FACTS
    assert packet.dc_title == {"x-default": "A letter to Zoë"} and packet.xmp_creator_tool == "handsynth 0.1.0"
    assert set(reader.metadata) == {"/Title", "/Creator", "/Producer"}


def test_the_font_of_the_text_is_as_it_is_made():
    assert pdf_text.blank_font() == blank_font.made()


def test_sizes_are_those_of_the_paper(saved):
    made = page()
    width, height = saved([made], Look(30, 150))[0].get_size()
    assert (width, height) == pytest.approx((made.width * 30 / 150 * 72, made.height * 30 / 150 * 72), abs=0.01)


def test_the_same_pages_give_the_same_bytes(tmp_path):
    for name in ("a.pdf", "b.pdf"):
        write(full_page(), tmp_path / name, Look(20, metadata=FACTS))
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_page_of_text_is_small(tmp_path):
    made = handsynth.typeset("we met them by the old mill and it was late " * 12, wrap=60.0, seed=2)
    write(made, tmp_path / "a.pdf", Look(24))
    # 2,500 characters in less than 600 KB
    assert (tmp_path / "a.pdf").stat().st_size < 600_000 * 44 * 12 / 2500


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
@pytest.mark.parametrize("look", [Look(20, metadata=FACTS), Look(20, text_layer=False, centreline=True)])
def test_qpdf_finds_nothing_wrong(saved, tmp_path, look):
    saved([full_page(), page("x\U0001f600", missing="box")], look)
    done = subprocess.run(["qpdf", "--check", str(tmp_path / "a.pdf")], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr and "No syntax or stream encoding errors" in done.stdout


def test_no_pages_and_absurd_sizes_are_refused(tmp_path):
    with pytest.raises(InputError, match="no page"):
        pdf.join(iter([]), io.BytesIO(), Look(20))
    with pytest.raises(InputError, match="PDF file holds at most 5,080 mm"):
        pdf.part(replace(page(), width=1e6), Look(20))


def check(folder, evil: str, title: str, language: str = "en") -> None:
    """The file holds one page with one font and nothing else, and says what it was told."""
    made = replace(SMALL, texts=(evil, "b"))
    write(made, folder / "a.pdf", Look(20, metadata={"Hand": evil}, title=title, language=language))
    reader = PdfReader(folder / "a.pdf", strict=True)
    assert len(reader.pages) == 1
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages", "/Metadata", "/Lang", "/ViewerPreferences"}
    assert reader.metadata.title == clean(title)
    packet = ElementTree.fromstring(reader.trailer["/Root"]["/Metadata"].get_data())
    assert json.loads(next(packet.iter("{urn:handsynth:}facts")).text) == {"Hand": clean(evil)}
    operators = {operator for _, operator in reader.pages[0].get_contents().operations}
    assert operators <= {b"q", b"Q", b"cm", b"rg", b"RG", b"gs", b"re", b"f", b"f*", b"m", b"c", b"l", b"J", b"j"} | {
        b"BT", b"ET", b"Tr", b"Tf", b"Tm", b"Tz", b"Tj", b"h"
    }  # fmt: skip


SMALL = page("ab")


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_text_cannot_leave_its_place(tmp_path, evil):
    check(tmp_path, evil, f"x{evil}", evil)


@settings(max_examples=40, deadline=None)
@given(SPITEFUL, SPITEFUL, SPITEFUL)
def test_untrusted_text_cannot_leave_its_place(tmp_path_factory, evil, title, language):
    check(tmp_path_factory.mktemp("pdf"), f"x{evil}", f"x{title}", language)


def test_broken_words_are_whole_for_who_reads_them(saved):
    spans = pdf_text.spans(page("un\u00adbe\u00adliev\u00adable", wrap=6))
    assert [span.whole for span in spans] == ["unbelievable"] and len(spans[0].runs) > 1
    assert words(saved([page("un\u00adbe\u00adliev\u00adable or so", wrap=6)], Look(20))) == [
        "unbelievable",
        "or",
        "so",
    ]

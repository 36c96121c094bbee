"""Pages to SVG: drawn by an engine that is not ours, legal XML whatever it holds."""

from __future__ import annotations

import io
import json
import pickle
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import resvg_py
from drawn import FACTS, HOSTILE, SPITEFUL, full_page, inkless, overlap, page, pen_page, whole
from hypothesis import given, settings
from PIL import Image

import handsynth
from handsynth.errors import InputError
from handsynth.formats import svg, write
from handsynth.formats.look import Look
from handsynth.formats.raster import paint
from handsynth.layout.page import Ruling
from handsynth.provenance.provenance import clean

SVG = "{http://www.w3.org/2000/svg}"


def drawn(data: bytes, dpi: float) -> Image.Image:
    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=data.decode(), dpi=dpi))))


def darkness(data: bytes, dpi: float) -> np.ndarray:
    return 255 - np.asarray(drawn(data, dpi).convert("L"))


@pytest.mark.parametrize(("xheight", "dpi"), [(18, 150), (30, 150), (24, 300), (72, 600)])
def test_another_engine_draws_the_same_ink(xheight, dpi):
    made, look = whole(page(), xheight), Look(xheight, dpi)
    assert overlap(darkness(svg.part(made, look), dpi), made, look) > 0.95


def test_another_engine_draws_the_same_ink_of_the_default_model():
    # by a broad pen: of a fine one's ink most pixels are edges
    made, look = (
        whole(handsynth.typeset("Dear Ada,\nquick & (brown) foxes: 8%!", seed=4, pen_width=0.2), 18),
        Look(18, 150),
    )
    assert overlap(darkness(svg.part(made, look), 150), made, look) > 0.95


def test_ground_strokes_depth_and_colours_are_those_of_our_picture():
    made, look = whole(full_page(), 30), Look(30, 150, ink=(20, 30, 120, 255), paper=(255, 250, 230, 255))
    ours = np.asarray(paint(made, look).convert("RGB"), float)

    def difference(page_made):
        theirs = np.asarray(drawn(svg.part(page_made, look), 150).convert("RGB"), float)
        height, width = np.minimum(ours.shape[:2], theirs.shape[:2])
        return np.abs(ours[:height, :width] - theirs[:height, :width]).mean()

    assert difference(made) < 1.5
    # each of them matters: without it the pictures differ far more
    for change in ({"ruling": Ruling()}, {"strokes": ()}, {"depth": np.ones_like(made.depth)}):
        assert difference(replace(made, **change)) > 1.3 * difference(made)


def test_transparent_paper_is_not_drawn():
    picture = drawn(svg.part(page(), Look(20, 150, paper=(0, 0, 0, 0))), 150)
    assert picture.getpixel((0, 0))[3] == 0 and np.asarray(picture)[..., 3].max() == 255


def test_sizes_are_millimetres():
    made = page()
    root = ElementTree.fromstring(svg.part(made, Look(30, 150)))
    mm = 30 / 150 * 25.4
    assert float(root.get("width").removesuffix("mm")) == pytest.approx(made.width * mm, abs=0.001)
    box = [float(value) for value in root.get("viewBox").split()]
    assert box[2] / box[3] == pytest.approx(made.width / made.height, rel=0.01)


def test_title_language_and_facts_are_there_for_programs_that_read_aloud():
    root = ElementTree.fromstring(svg.part(page(), Look(20, metadata=FACTS, title="A letter to Zoë", language="en-GB")))
    title = root.find(f"{SVG}title")
    assert title.text == "A letter to Zoë" and root.get("role") == "img"
    assert root.get("aria-labelledby").split() == [title.get("id")]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"
    assert json.loads(root.find(f"{SVG}metadata").text) == FACTS


def test_the_text_is_in_the_file_only_if_the_facts_have_it():
    assert b"Tomb" not in svg.part(page(), Look(20, metadata=FACTS))
    root = ElementTree.fromstring(svg.part(page(), Look(20, metadata={**FACTS, "Text": "Tomb of <gnat>"})))
    described = root.find(f"{SVG}desc")
    assert described.text == "Tomb of <gnat>" and described.get("id") in root.get("aria-labelledby").split()


def test_glyphs_are_shared_only_where_they_are_truly_the_same():
    made = page("aaaa")
    assert b"<use" not in svg.part(made, Look(20))
    same = whole(replace(made, glyphs=made.glyphs.take(np.array([0, 0, 0, 3]))), 20)
    data = svg.part(same, Look(20, 150))
    assert data.count(b"<use") == 3 and data.count(b"<path id=") == 1
    assert overlap(darkness(data, 150), same, Look(20, 150)) > 0.95
    assert len(data) < len(svg.part(made, Look(20, 150)))


def test_two_pictures_in_one_document_do_not_share_names():
    names = [set(re.findall(rb'id="([^"]+)"', svg.part(page(seed=seed), Look(20)))) for seed in (1, 2)]
    assert names[0] and not names[0] & names[1]


def _on_paper(data: bytes) -> bytes:
    """A picture of lines alone, on a white sheet."""
    return data.replace(b"</metadata>\n", b'</metadata>\n<path d="M0 0h99999v99999H0z" fill="#fff"/>\n')


def test_centrelines_are_single_strokes_within_the_ink():
    made, look = whole(page(), 24), Look(24, 150, centreline=True)
    data = svg.part(made, look)
    root = ElementTree.fromstring(data)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("stroke")]
    assert groups and all(group.get("fill") == "none" and group.get("stroke-linecap") == "round" for group in groups)
    assert overlap(darkness(_on_paper(data), 150), made, look) > 0.8


@pytest.mark.parametrize(("xheight", "dpi", "pool"), [(30, 150, 0.0), (72, 600, 0.0), (40, 150, 2.0)])
def test_another_engine_draws_the_ink_of_a_pen(xheight, dpi, pool):
    made, look = whole(pen_page(), xheight), Look(xheight, dpi)
    made = replace(made, glyphs=made.glyphs.pooled(made.frame, pool))
    data = svg.part(made, look)
    assert overlap(darkness(data, dpi), made, look) > 0.95
    # a path a glyph, in no other way than with a pen
    assert data.count(b"<path d=") == len(made) + 1 and b"fill-rule" not in data
    outlined = svg.part(made, replace(look, outlined=True))
    assert b"fill-rule" in outlined and overlap(darkness(outlined, dpi), made, look) > 0.95


@pytest.mark.parametrize("pool", [0.0, 2.0])
def test_pale_lines_that_cross_are_inked_once(pool):
    made = whole(pen_page("a i t"), 40)
    made = replace(made, depth=np.full_like(made.depth, 0.5), glyphs=made.glyphs.pooled(made.frame, pool))
    assert darkness(svg.part(made, Look(40, 150)), 150).max() <= 129


def test_repeated_strokes_are_shared_and_their_dots_show():
    made = pen_page("iiii")
    made = whole(replace(made, glyphs=made.glyphs.take(np.zeros(4, int)), slant=np.full_like(made.slant, 0.1)), 40)
    data = svg.part(made, Look(40, 150))
    assert data.count(b"<use") == 4 and data.count(b"<path id=") == 1
    assert overlap(darkness(data, 150), made, Look(40, 150)) > 0.97


def test_centrelines_of_a_pen_are_its_strokes_in_their_order():
    made = pen_page("tij")
    root = ElementTree.fromstring(svg.part(made, Look(24, 150, centreline=True, paper=(0, 0, 0, 0))))
    lines = [path.get("d") for path in root.iter(f"{SVG}path")]
    # the bar and the dots when the word is done
    assert len(lines) == 6 and [line.endswith("l1 0") for line in lines] == [False, False, False, False, True, True]
    bars = [line for line in lines if len(line) < 20]
    assert bars == lines[3:]


def test_the_same_page_gives_the_same_bytes(tmp_path):
    for name in ("a.svg", "b.svg"):
        write(full_page(), tmp_path / name, Look(20, metadata=FACTS))
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    part = svg.part(full_page(), Look(20, metadata=FACTS))
    assert pickle.loads(pickle.dumps(part)) == part == (tmp_path / "a.svg").read_bytes()


def test_a_page_without_ink_is_still_a_page():
    blank = inkless(page("a"))
    assert darkness(svg.part(blank, Look(20, 150)), 150).max() == 0


def test_absurd_sizes_are_refused():
    with pytest.raises(InputError, match="SVG file holds at most 100,000 mm"):
        svg.part(replace(page(), width=1e6), Look(10_000, 1))
    small = svg.part(page(), Look(1, 9600))
    ElementTree.fromstring(small)
    assert overlap(darkness(small, 96_000), page(), Look(10, 96_000)) > 0.9


def check(title: str, metadata: dict[str, str], language: str = "en") -> None:
    """The document has our elements alone, and says what it was told."""
    root = ElementTree.fromstring(svg.part(SMALL, Look(20, metadata=metadata, title=title, language=language)))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg",
        "title",
        "desc",
        "metadata",
        "path",
        "g",
    }
    assert root.find(f"{SVG}title").text.replace("\r", "\n") == svg.legal(title).replace("\r", "\n") or not title
    assert json.loads(root.find(f"{SVG}metadata").text) == {clean(key): clean(value) for key, value in metadata.items()}


SMALL = page("a")


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_text_cannot_leave_its_element(evil):
    check(f"x{evil}", {"Hand": evil, "Text": evil}, evil)


@settings(max_examples=60, deadline=None)
@given(SPITEFUL, SPITEFUL, SPITEFUL)
def test_untrusted_text_cannot_leave_its_element(title, hand, language):
    check(f"x{title}", {"Hand": hand, "Text": hand}, language)

"""Forms: what is printed where, in every format alike, and the code that says which form it is."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pypdf
import pypdfium2
import pytest
import resvg_py
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from handsynth.errors import InputError, OutputError
from handsynth.learning import code as codes
from handsynth.learning.code import COLUMNS, ROWS, Code, decode, squares
from handsynth.learning.form import PAPERS, SETS, Form
from handsynth.learning.printing import draw, picture, write

CODE = Code(2, 3, 4, 1, 0x123456)
anything = st.builds(
    lambda page, more, repetitions, paper, charset: Code(page, min(page + more, 63), repetitions, paper, charset),
    st.integers(1, 63), st.integers(0, 62), st.integers(1, 15), st.integers(0, 15), st.integers(0, 2**24 - 1),
)  # fmt: skip


@given(anything, st.floats(5, 250), st.floats(-60, 60))
def test_a_code_is_read_whatever_the_light(code, contrast, slope):
    light = 250 + slope * np.linspace(0, 1, COLUMNS) - contrast * squares(code)
    assert decode(light) == code


@given(anything, st.integers(0, 63), st.integers(0, 63))
def test_squares_that_are_grey_do_not_matter(code, one, other):
    light = 255.0 - 255 * squares(code)
    for pair in (one, other):
        light.reshape(-1, 2)[pair] = (101, 100) if light.reshape(-1, 2)[pair, 0] < 128 else (100, 101)
    assert decode(light) == code


@given(arrays(np.uint8, (ROWS, COLUMNS)))
def test_whatever_is_read_is_a_possible_page(light):
    found = decode(light)
    assert found is None or 1 <= found.page <= found.pages


def test_a_code_that_was_damaged_in_many_places_is_none():
    light = 255.0 - 255 * squares(CODE)
    light[2:6] = light[2:6, ::-1]
    assert decode(light) is None


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(("chars", "repetitions"), [("ascii", 1), ("western", 3), ("abc", 9)])
def test_each_character_has_its_boxes_clear_of_all_else(paper, chars, repetitions):
    form = Form.of(chars, repetitions, paper)
    every = "".join(form.written(page) for page in range(1, form.pages + 1))
    assert every == "".join(char * repetitions for char in form.chars)
    for page in range(1, form.pages + 1):
        cells = form.cells(page)
        assert len(cells) == len(form.written(page))
        assert cells.min() >= 8 and (cells + form.box <= np.array(form.size) - 8).all()
        for x, y in form.marks:
            assert (np.abs(cells + form.box / 2 - (x, y)).max(axis=1) > form.box / 2 + 4.5).all()
        assert cells[:, 1].min() > form.code_box[3] + 5
        apart = np.abs(cells[:, None] - cells).max(axis=2) + 99 * np.eye(len(cells))
        assert apart.min() > form.box + 1


def test_a_form_for_own_characters_keeps_their_order():
    assert Form.of("z a\na é").chars == "zaé"
    assert Form.of("e\u0301").chars == "é"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("ascii", 0), "repetitions"),
        (("ascii", 10), "repetitions"),
        (("ascii", 1, "a3"), "a4 or letter"),
        ((" ",), "at least one"),
        (("a\u0007",), "U\\+0007"),
        (("".join(map(chr, range(0x4E00, 0x4E00 + 2000))), 9), "pages"),
    ],
)
def test_forms_that_cannot_be_are_refused(arguments, said):
    with pytest.raises(InputError, match=said):
        Form.of(*arguments)


@pytest.mark.parametrize("name", SETS)
def test_a_named_set_is_known_from_its_code(name):
    form = Form.of(name, 2, "letter")
    assert Form.from_code(form.code(1)) == form


def test_own_characters_must_be_given_again():
    form = Form.of("qwerty")
    assert Form.from_code(form.code(1), "qwerty") == form
    with pytest.raises(InputError, match="give the same chars"):
        Form.from_code(form.code(1))
    with pytest.raises(InputError, match="other characters"):
        Form.from_code(form.code(1), "qwertz")


def test_guides_vanish_in_red_and_show_in_blue():
    form = Form.of("abc")
    image = picture(draw(form, 1), 200)
    k = 200 / 25.4
    for x, y in form.cells(1):
        part = np.asarray(image)[int((y - 0.2) * k) : int((y + form.box) * k), int(x * k) : int((x + form.box) * k)]
        assert part[..., 0].min() >= 250
        assert part[..., 2].min() < 160


@pytest.mark.parametrize("chars", ["ascii", "western", "łđħŋþðßıžőşġŷĺ中"])
def test_each_box_has_its_label(chars):
    form = Form.of(chars)
    image = np.asarray(picture(draw(form, 1), 150).convert("L"))
    k = 150 / 25.4
    for (x, y), char in zip(form.cells(1), form.written(1), strict=True):
        strip = image[int((y - 3.6) * k) : int((y - 0.4) * k), int(x * k) : int((x + form.box) * k)]
        assert strip.min() < 190, char


def test_every_format_shows_the_same(tmp_path):
    form = Form.of("Aé§", 2, "letter")
    paths = [write(form, tmp_path / f"form.{ending}")[0] for ending in ("pdf", "svg", "png")]
    size = 850, 1100
    page = pypdfium2.PdfDocument(paths[0])[0].render(scale=100 / 72).to_pil()
    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=paths[1].read_text("utf-8"), dpi=100))))
    pictures = [page, drawn.convert("RGB"), Image.open(paths[2]).convert("RGB")]
    pdf, svg, png = (np.asarray(each.convert("L").resize(size, Image.Resampling.BOX), float) for each in pictures)
    assert (png < 128).any()
    assert np.abs(pdf - png).mean() < 0.5 and np.abs(svg - png).mean() < 0.5


def test_a_pdf_holds_all_pages_and_pictures_are_numbered(tmp_path):
    form = Form.of("ascii", 3)
    assert form.pages == 2
    assert len(pypdf.PdfReader(write(form, tmp_path / "form.pdf")[0]).pages) == 2
    assert [path.name for path in write(form, tmp_path / "form.svg")] == ["form-001.svg", "form-002.svg"]
    assert [path.name for path in write(replace(form, chars="ab"), tmp_path / "one.svg")] == ["one.svg"]


def test_a_format_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(OutputError, match=".pdf, .svg, .png"):
        write(Form.of("abc"), tmp_path / "form.docx")
    assert not list(tmp_path.iterdir())


def test_the_version_is_part_of_the_code():
    later = replace(CODE, version=codes.VERSION + 1)
    assert decode(1.0 - squares(later)) == later

"""Writing on a picture of one's own paper: on its rules, in pictures, in PDF and in SVG."""

from __future__ import annotations

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from test_pages import document, pages

from handsynth.document.background import margin_line, rules
from handsynth.errors import InputError
from handsynth.model.model import Model

FIRST, PITCH, RED = 90, 34, 60
"""Of `lined`, in px, of 6 to the mm of an A6 sheet."""


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(None, threads=1)


def lined(tilt: int = 0, noise: float = 0.0) -> Image.Image:
    """An A6 sheet with blue rules, a red line and a printed frame at the top."""
    image = Image.new("RGB", (630, 888), (245, 238, 225))
    draw = ImageDraw.Draw(image)
    for y in range(FIRST, 888, PITCH):
        draw.line((0, y, 630, y + tilt), (150, 180, 215), 2)
    draw.line((RED, 0, RED, 888), (220, 120, 120), 2)
    draw.rectangle((250, 10, 400, 40), outline=(0, 0, 0))
    rough = np.asarray(image, float) + noise * np.random.default_rng(1).standard_normal((888, 630, 1))
    return Image.fromarray(rough.clip(0, 255).astype(np.uint8))


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "paper.png"
    lined().save(path)
    return path


@pytest.mark.parametrize(("tilt", "noise"), [(0, 0), (1, 3), (0, 5)])
def test_rules_and_the_margin_are_found(tilt, noise):
    grey = np.asarray(lined(tilt, noise).convert("L"), np.float32)
    first, pitch = rules(grey)
    assert first == pytest.approx(FIRST + tilt / 2, abs=1.5) and pitch == pytest.approx(PITCH, abs=0.1)
    assert margin_line(grey) == pytest.approx(RED, abs=1.5)


def test_nothing_is_found_where_nothing_is():
    rough = 200 + 20 * np.random.default_rng(2).standard_normal((888, 630))
    for grey in (rough, np.full((888, 630), 240.0)):
        assert rules(grey.astype(np.float32)) is None and margin_line(grey.astype(np.float32)) is None


def test_writing_stands_on_the_rules_of_the_picture(model, photo):
    (page,) = pages("one\ntwo\n\nthree", model, "paper.name=a6", f"paper.background={photo}", "person.wander=0")
    size = document("one", model, "paper.name=a6", f"paper.background={photo}").plan.look.mm
    rule = (page.baselines * size * 6 - FIRST) / PITCH
    assert rule == pytest.approx(np.rint(rule), abs=0.06)
    assert page.boxes()[:, 0].min() * size * 6 > RED
    assert not len(page.ruling.lines)


def test_given_rules_go_before_those_that_are_found(model, photo):
    dials = ["paper.name=a6", f"paper.background={photo}", "paper.first=40mm", "paper.pitch=9mm"]
    (page,) = pages("one\ntwo", model, *dials, "person.wander=0")
    size = document("one", model, *dials).plan.look.mm
    assert page.baselines * size == pytest.approx([40, 49])


def test_no_second_set_of_rules_is_drawn(model, photo):
    (page,) = pages("one", model, "paper.name=a6-ruled", f"paper.background={photo}")
    assert not len(page.ruling.lines)


def test_first_needs_rules(model):
    (page,) = pages("one", model, "paper.name=a6-ruled", "paper.first=30mm", "person.wander=0")
    assert page.baselines[0] * document("one", model).plan.look.mm == pytest.approx(30)
    with pytest.raises(InputError, match="first rule of ruled paper or of a background"):
        pages("one", model, "paper.name=a6", "paper.first=30mm")


def test_a_background_that_is_none_is_one_clear_line(model, tmp_path):
    with pytest.raises(InputError, match="cannot read the background"):
        document("one", model, f"paper.background={tmp_path / 'none.png'}")


def test_pdf_holds_the_picture_once_and_the_ink_as_paths(model, photo, tmp_path):
    dials = ["paper.name=a6", f"paper.background={photo}", "output.dpi=100"]
    document("one\n" * 40, model, *dials).write(tmp_path / "a.pdf")
    document("one\n" * 40, model, *dials).write(tmp_path / "a.png")
    opened = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    assert len(opened) > 1 and (tmp_path / "a.pdf").read_bytes().count(b"/Subtype /Image") == 1
    assert opened[0].get_textpage().get_text_range().split()[0] == "one"
    shown = opened[0].render(scale=100 / 72).to_pil().convert("L")
    ours = Image.open(tmp_path / "a-001.png").convert("L").resize(shown.size)
    assert np.abs(np.asarray(shown, float) - np.asarray(ours, float)).mean() < 4


@pytest.mark.parametrize("ending", ["pdf", "svg"])
def test_a_look_is_a_picture_in_vector_files(model, tmp_path, ending):
    dials = ["output.look=photographed", "output.dpi=75"]
    for workers in (1, 2):
        document("one", model, *dials).write(tmp_path / f"a{workers}.{ending}", workers=workers)
    assert (tmp_path / f"a1.{ending}").read_bytes() == (tmp_path / f"a2.{ending}").read_bytes()
    if ending == "pdf":
        shown = pypdfium2.PdfDocument(tmp_path / "a1.pdf")[0].render(scale=1).to_pil().convert("L")
        assert np.asarray(shown)[:8].mean() < 150  # the desk
    else:
        written = (tmp_path / "a1.svg").read_text()
        assert written.count("<image ") == 1 and "<path" not in written

"""Page to picture files: colours, metadata, limits, the table of formats; and the library's front door."""

from __future__ import annotations

import io

import numpy as np
import pytest
import stub_model as stub
from drawn import some
from PIL import Image
from shapes import CHARS, draw

import handsynth
from handsynth import api
from handsynth.errors import InputError, OutputError
from handsynth.formats import FORMATS, check_path, write
from handsynth.formats.look import Look, size
from handsynth.formats.raster import check_early, coverage, paint
from handsynth.frame import STANDARD as FRAME
from handsynth.layout.text import Setting, layout
from handsynth.model.model import Model

FACTS = {"Software": "handsynth test", "Hand": "Zoë", "Seed": "7"}


@pytest.fixture(scope="module")
def page():
    return layout("Tomb of gnat\nAVA (fjord)", draw, CHARS, FRAME, seed=3, setting=Setting())


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return Model.open(stub.write_folder(tmp_path_factory.mktemp("models") / "stub", stub.members()))


def test_black_on_white_is_grey(page):
    picture = paint(page, Look(20))
    assert picture.mode == "L" and picture.size == size(page, Look(20))
    pixels = np.asarray(picture)
    assert pixels.max() == 255 and pixels.min() == 0 and (pixels == 255 - coverage(page, Look(20))).all()
    assert (pixels[0] == 255).all() and (pixels[:, -1] == 255).all()


def test_colours_are_mixed_by_coverage(page):
    look = Look(20, ink=(200, 0, 40, 255), paper=(0, 100, 240, 255))
    pixels = np.asarray(paint(page, look)).astype(float)
    share = coverage(page, look)[..., None] / 255
    assert pixels.shape[2] == 3
    assert np.abs(pixels - (share * (200, 0, 40) + (1 - share) * (0, 100, 240))).max() <= 0.51


def test_transparent_paper_has_straight_alpha(page):
    look = Look(20, ink=(10, 20, 120, 255), paper=(0, 0, 0, 0))
    pixels = np.asarray(paint(page, look))
    assert (pixels[..., :3] == (10, 20, 120)).all()
    assert (pixels[..., 3] == coverage(page, look)).all()


def test_half_transparent_ink_on_half_transparent_paper(page):
    look = Look(20, ink=(255, 0, 0, 128), paper=(0, 0, 255, 128))
    pixels = np.asarray(paint(page, look))
    assert pixels[0, 0].tolist() == [0, 0, 255, 128]
    full = pixels[coverage(page, look) == 255][0].astype(int)
    assert full[3] == pytest.approx(192, abs=1) and full[0] == pytest.approx(170, abs=1)


def test_overlapping_ink_leaves_no_seam(page):
    from dataclasses import replace

    double = replace(page, x=page.x * 0 + 5.0, y=page.y * 0 + 4.0)
    one = some(double, np.arange(len(double)) == 0)
    assert (coverage(double, Look(20)) >= coverage(one, Look(20))).all()


def test_ink_beyond_the_sheet_is_cut_not_wrapped(page):
    from dataclasses import replace

    off = replace(page, x=page.x - 3.0, y=page.y + 5.0)
    assert coverage(off, Look(20)).shape == coverage(page, Look(20)).shape


def test_metadata_says_what_made_it_and_never_the_text(page, tmp_path):
    file = tmp_path / "out.png"
    write(page, file, Look(20, dpi=240, metadata=FACTS))
    with Image.open(file) as picture:
        assert {key: picture.info[key] for key in FACTS} == FACTS
        assert picture.info["dpi"] == pytest.approx((240, 240), abs=0.1)
    assert b"Tomb" not in file.read_bytes()


@pytest.mark.parametrize("ending", [".jpg", ".jpeg", ".webp", ".PNG"])
def test_other_formats(page, tmp_path, ending):
    file = tmp_path / f"out{ending}"
    write(page, file, Look(20, metadata=FACTS))
    with Image.open(file) as picture:
        assert picture.size == size(page, Look(20))
        if ending != ".PNG":
            assert picture.getexif()[0x0131] == "handsynth test" and "Zo" in picture.getexif()[0x010E]


def test_the_same_page_gives_the_same_bytes(page, tmp_path):
    for name in ("a.png", "b.png"):
        write(page, tmp_path / name, Look(20, metadata=FACTS))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_jpeg_cannot_be_transparent(page, tmp_path):
    with pytest.raises(OutputError, match="transparen"):
        write(page, tmp_path / "a.jpg", Look(20, paper=(0, 0, 0, 0)))
    assert not list(tmp_path.iterdir())


def test_a_picture_too_large_for_its_format(tmp_path):
    long = layout("m" * 600, draw, CHARS, FRAME)
    with pytest.raises(OutputError, match="another format"):
        write(long, tmp_path / "a.webp", Look(24))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["out.doc", "out", "out.png.zip", ".png"])
def test_unknown_endings_list_the_known_ones(name, tmp_path):
    with pytest.raises(OutputError, match=r"\.png, \.jpg"):
        check_path(tmp_path / name)


def test_bad_places_are_refused_early(tmp_path):
    with pytest.raises(OutputError, match="no folder"):
        check_path(tmp_path / "none" / "out.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OutputError, match="it is a folder"):
        check_path(tmp_path / "folder.png")
    assert set(FORMATS) >= {".png"}


def test_large_pictures_are_refused_before_memory_is_taken(page):
    with pytest.raises(InputError, match="more than the 100,000,000 allowed"):
        paint(page, Look(5000))
    with pytest.raises(InputError, match="pixels allowed"):
        check_early("m" * 100_000, Look(100))
    with pytest.raises(InputError, match="pixels allowed"):
        check_early("some words " * 9_000, Look(48))
    check_early("some words " * 2_000, Look(24))
    check_early("i" * 20_000, Look(24))
    words = "word " * 20_000
    for text, setting in ((words, None), (words, Setting(wrap=10)), ("\n" * 90_000 + "iii", None)):
        with pytest.raises(InputError, match="pixels allowed"):
            check_early(text, Look(60), setting)
    for bad in (0.5, 1e6, float("nan")):
        with pytest.raises(InputError, match="size"):
            Look(bad)


def test_a_picture_that_is_refused_draws_no_glyph(model, monkeypatch):
    monkeypatch.setattr(api.draw, "glyphs", lambda *a, **k: pytest.fail("worked"))
    with pytest.raises(InputError, match="pixels allowed"):
        api.render("abc" * 20_000, model=model, size=300)


def test_render_gives_a_pillow_image_that_shows_itself(model, tmp_path):
    picture = handsynth.render("abc Abc", model=model, seed=4, size=20, ink="navy")
    assert isinstance(picture, Image.Image) and picture.mode == "RGB"
    assert picture._repr_png_()[:4] == b"\x89PNG"
    assert picture.metadata["Seed"] == "4" and picture.metadata["Model"] == model.hash
    picture.save(tmp_path / "a.png")
    api.write("abc Abc", tmp_path / "b.png", model=model, seed=4, size="20px", ink="navy")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    assert buffer.getvalue() == (tmp_path / "a.png").read_bytes()
    with pytest.raises(OutputError):
        picture.save(tmp_path / "a.xyz")


def test_layout_gives_a_page_with_its_report(model):
    page = api.typeset("ab é ç", model=model, wrap=10.0, missing="skip")
    assert page.width == pytest.approx(12.0, abs=0.2) and [note.text for note in page.report.lost] == ["ç"]


def test_lengths_may_have_units(model):
    wide = api.render("abc abc", model=model, size="2mm", dpi=254, wrap="40mm")
    assert wide.width == pytest.approx(400 + 40, abs=1)
    assert wide.info["dpi"] == (254, 254)


def test_seed_and_temperature_change_the_picture(model):
    pictures = [
        np.asarray(api.render("abc", model=model, **how)).tobytes()
        for how in ({}, {"seed": 1}, {"temperature": 0.0}, {"hand": "random"}, {})
    ]
    assert len(set(pictures)) == 4 and pictures[0] == pictures[-1]


@pytest.mark.parametrize("text", ["", "   ", "a" * 200_000, b"bytes", None])
def test_texts_that_cannot_be_drawn(model, text):
    with pytest.raises(InputError):
        api.render(text, model=model)


WRONG = [
    ({"seed": 1.5}, "seed"),
    ({"seed": "a"}, "seed"),
    ({"seed": True}, "seed"),
    ({"temperature": "x"}, "temperature"),
    ({"margin": "1"}, "margin"),
    ({"letter_spacing": "a"}, "letter_spacing"),
    ({"legibility": 2.5}, "legibility"),
    ({"model": 5}, "model"),
    ({"hand": 5}, "hand"),
    ({"hand": "a\0.hand"}, "hand"),
    ({"missing": 3}, "missing"),
    ({"gap": "x"}, "gap"),
]
WRONG_LOOKS = [
    ({"max_pixels": "x"}, "max_pixels"),
    ({"max_pixels": -1}, "max pixels is -1"),
    ({"dpi": "300"}, "dpi"),
    ({"size": None}, "size"),
    ({"size": 100_000}, "size is 100,000 px; give 1 to 10,000"),
    ({"wrap": 10}, "wrap is 10 px; give 48 to"),
    ({"wrap": [1]}, "wrap"),
    ({"ink": 5}, "ink"),
    ({"ink": "transparent"}, "nothing would be visible"),
    ({"ink": "white"}, "nothing would be visible"),
    ({"ink": (9, 9, 9), "paper_colour": "#090909"}, "nothing would be visible"),
]


@pytest.mark.parametrize(("how", "message"), WRONG + WRONG_LOOKS)
def test_wrong_options_are_refused_in_one_line(model, how, message):
    with pytest.raises(InputError, match=message) as error:
        api.render("abc", **{"model": model, **how})
    assert "\n" not in str(error.value) and "e+" not in str(error.value)
    if (how, message) in WRONG:
        with pytest.raises(InputError, match=message):
            api.typeset("abc", **{"model": model, **how})


def test_unknown_options_are_refused(model, tmp_path):
    with pytest.raises(InputError, match="render has no option 'bogus'; it has .*temperature"):
        api.render("abc", model=model, bogus=1)
    with pytest.raises(InputError, match="typeset has no option 'line_spacin'; did you mean line_spacing"):
        api.typeset("abc", model=model, line_spacin=1)
    with pytest.raises(InputError, match="write has no option 'colour'"):
        api.write("abc", tmp_path / "a.png", model=model, colour="navy")
    assert not list(tmp_path.iterdir())


def test_colours_may_be_numbers(model):
    one, other = (api.render("abc", model=model, ink=ink) for ink in ((0, 0, 128), "navy"))
    assert np.array_equal(np.asarray(one), np.asarray(other))
    assert api.render("abc", model=model, ink=(0, 0, 0), paper_colour=(0, 0, 0, 0)).mode == "RGBA"


@pytest.mark.parametrize("name", ["a\0.png", "a\ud800\0.png"])
def test_names_that_no_file_can_have(model, name):
    with pytest.raises(OutputError, match="no file name"):
        api.render("abc", model=model).save(name)
    with pytest.raises(OutputError, match="no file name"):
        api.write("abc", name, model=model)

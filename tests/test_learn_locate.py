"""Forms are found in photos and scans however they lie; what is no whole form is refused in one clear line."""

from __future__ import annotations

import struct
import sys
import zlib
from dataclasses import replace
from functools import cache

import numpy as np
import photos
import pytest
from PIL import Image, ImageDraw

from handsynth.errors import InputError
from handsynth.formats import pictures
from handsynth.formats.pictures import open_picture
from handsynth.homography import project
from handsynth.learning.blur import likeness
from handsynth.learning.form import Form
from handsynth.learning.locate import locate
from handsynth.learning.printing import draw, picture

SMALL = {"size": (1500, 2000), "per_mm": 7.0, "blur": 0.7, "noise": 3.0}
FORM = Form.of("letters", 1, "a4")


@cache
def scan(chars: str = "letters", paper: str = "a4", dpi: int = 150) -> Image.Image:
    return picture(draw(Form.of(chars, 1, paper), 1), dpi)


def off(found, matrix: np.ndarray) -> float:
    """mm by which the worst corner of a box is off its place."""
    corners = np.concatenate([found.form.cells(found.page), found.form.cells(found.page) + found.form.box])
    seen, true = found.rectification.map(corners), project(matrix, corners)
    step = np.linalg.norm(project(matrix, corners + (1, 0)) - true, axis=1)
    return float((np.linalg.norm(seen - true, axis=1) / step).max())


@pytest.mark.parametrize("turns", range(4))
def test_a_form_is_found_whichever_way_up(turns):
    taken = photos.photograph(FORM, 1, {}, turns, photos.Scene(turns=turns, angle=5.0, tilt=0.08, **SMALL))
    found = locate(taken.image)
    assert (found.form, found.page) == (FORM, 1)
    assert off(found, taken.matrix) < 0.3


def test_a_second_page_on_other_paper_is_known():
    form = Form.of("ascii", 2, "letter")
    taken = photos.photograph(form, 2, {}, 3, photos.Scene(shadow=0.4, slope=0.4, things=6, **SMALL))
    found = locate(taken.image)
    assert (found.form, found.page) == (form, 2)
    assert off(found, taken.matrix) < 0.3


@pytest.mark.parametrize("dpi", [100, 300])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_scan_is_found_at_its_place(dpi, mode):
    found = locate(scan(dpi=dpi).convert(mode))
    assert off(found, np.diag([dpi / 25.4, dpi / 25.4, 1])) < 0.1


@pytest.mark.parametrize("corner", range(4))
def test_a_hidden_corner_is_refused(corner):
    taken = photos.photograph(FORM, 1, {}, corner, photos.Scene(hidden=corner, **SMALL))
    with pytest.raises(InputError, match=r"me\.jpg.*(3 of the 4 corner marks|all four corner marks)"):
        locate(taken.image, name="me.jpg")


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (800, 900)])
def test_blank_paper_is_refused(size):
    with pytest.raises(InputError, match="no form found in it.png: 0 of the 4 corner marks"):
        locate(Image.new("L", size, 255), name="it.png")


def test_a_picture_of_other_things_is_refused():
    with pytest.raises(InputError, match="no form found in it.png"):
        locate(Image.effect_noise((700, 700), 90), name="it.png")


def test_a_code_read_by_chance_is_no_form_of_another_version(monkeypatch):
    """Its marks are none; it was said that noise shows a form of version 13."""
    read = []

    def lucky(squares):
        read.append(squares)
        return replace(FORM.code(1), version=13)

    monkeypatch.setattr("handsynth.learning.locate.decode", lucky)
    noise = np.random.default_rng(4).normal(128, 90, (700, 700)).clip(0, 255).astype(np.uint8)
    with pytest.raises(InputError, match="no form found in it.png"):
        locate(Image.fromarray(noise), name="it.png")
    assert read


@pytest.mark.parametrize("corner", range(4))
def test_what_looks_a_little_like_a_mark_is_none(corner):
    image = scan().convert("L")
    matrix = np.diag([150 / 25.4, 150 / 25.4, 1])
    assert likeness(image, FORM, matrix) > 0.95
    x, y = FORM.marks[corner] * 150 / 25.4
    ImageDraw.Draw(image).ellipse([x - 20, y - 20, x + 20, y + 20], fill=40)
    assert likeness(image, FORM, matrix) < 0.8


def test_marks_without_a_code_are_refused():
    blank = np.array(scan())
    left, top, right, bottom = (int(value * 150 / 25.4) for value in FORM.code_box)
    blank[top - 2 : bottom + 2, left - 2 : right + 2] = 255
    with pytest.raises(InputError, match="a corner mark is hidden, or the code at the upper right"):
        locate(Image.fromarray(blank))


def test_marks_where_no_boxes_are_do_not_pass_for_a_form():
    moved = np.array(scan())
    body = slice(180, 1500)
    moved[body] = np.roll(moved[body], 60, axis=0)
    with pytest.raises(InputError, match="not where its marks say"):
        locate(Image.fromarray(moved))


def test_another_version_is_named():
    image = picture(draw(replace(FORM, version=7), 1), 150)
    with pytest.raises(InputError, match="version 7.*reads 1 and 2"):
        locate(image)


def test_own_characters_must_be_given_again():
    image = scan("qwertyäöü")
    assert locate(image, "qwertyäöü").form.chars == "qwertyäöü"
    with pytest.raises(InputError, match="own.jpg: .*chars"):
        locate(image, name="own.jpg")


def test_a_photo_is_turned_as_its_exif_says(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    scan().rotate(90, expand=True).save(tmp_path / "turned.jpg", exif=exif)
    opened = open_picture(tmp_path / "turned.jpg")
    assert opened.size == scan().size and not opened.info
    assert off(locate(tmp_path / "turned.jpg"), np.diag([150 / 25.4, 150 / 25.4, 1])) < 0.1


@pytest.mark.parametrize("mode", ["1", "P", "RGBA", "LA", "CMYK", "I;16", "F"])
def test_every_kind_of_picture_is_read(tmp_path, mode):
    grey = scan().convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    else:
        image = scan().convert("RGB").convert(mode) if mode != "F" else grey.convert("F")
    path = tmp_path / ("form.tiff" if mode in ("CMYK", "F") else "form.png")
    image.save(path)
    opened = open_picture(path)
    assert opened.mode in ("L", "RGB")
    assert np.abs(np.asarray(opened.convert("L"), float) - np.asarray(grey)).mean() < 3


def test_too_many_pixels_are_refused_before_they_are_decoded(tmp_path, monkeypatch):
    path = tmp_path / "large.png"
    Image.new("1", (40, 30)).save(path)
    # the size in the header alone (PNG 11.2.2: width and height are the first eight bytes of IHDR)
    head = b"IHDR" + struct.pack(">II", 40_000, 30_000) + path.read_bytes()[24:29]
    path.write_bytes(path.read_bytes()[:12] + head + struct.pack(">I", zlib.crc32(head)) + path.read_bytes()[33:])
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(InputError, match="pixels"):
        open_picture(path)


def test_large_jpegs_are_decoded_smaller(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "ENOUGH", 100_000)
    scan(dpi=100).save(tmp_path / "large.jpg")
    assert open_picture(tmp_path / "large.jpg").size == (414, 585)


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\nxx", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_what_is_no_picture_is_refused(tmp_path, data):
    (tmp_path / "no.jpg").write_bytes(data)
    with pytest.raises(InputError, match="no.jpg is no picture"):
        locate(tmp_path / "no.jpg")


def test_a_cut_off_picture_is_refused(tmp_path):
    scan(dpi=100).save(tmp_path / "form.jpg")
    whole = (tmp_path / "form.jpg").read_bytes()
    (tmp_path / "form.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="form.jpg is no picture"):
        locate(tmp_path / "form.jpg")


def test_missing_files_pdf_and_heic_are_refused_with_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="cannot read"):
        locate(tmp_path / "none.jpg")
    (tmp_path / "form.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(InputError, match="PNG or JPEG"):
        locate(tmp_path / "form.pdf")
    (tmp_path / "form.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(InputError, match=r"handsynth\[heic\]"):
        locate(tmp_path / "form.heic")

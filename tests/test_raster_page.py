"""What is on a sheet besides glyphs: printed lines and dots, strokes of a pen, paler ink, grain, a picture as paper."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import some
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from shapes import CHARS, draw

from handsynth.document.paper import Paper, ruling_of
from handsynth.errors import InputError
from handsynth.formats import marks
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage, paint
from handsynth.frame import STANDARD as FRAME
from handsynth.ink import field as ink
from handsynth.layout.page import Page, Ruling, Stroke
from handsynth.layout.text import layout

RED, BLUE, GREY = (220, 40, 40, 255), (150, 180, 230, 255), (200, 200, 200, 255)
NAVY = (20, 30, 110, 255)


@pytest.fixture(scope="module")
def page() -> Page:
    return layout("Tomb of gnat\nAVA (fjord)", draw, CHARS, FRAME, seed=3)


def empty(page: Page, width: float = 10.0, height: float = 8.0, **more) -> Page:
    return some(page, np.zeros(len(page), bool), width=width, height=height, **more)


def ruled(*rows: tuple[float, ...], colour=BLUE, **more) -> Ruling:
    return Ruling(np.array(rows, float).reshape(-1, 5), (colour,) * len(rows), **more)


def test_many_glyphs_are_drawn_as_one_by_one(page):
    size = 17.0 + np.arange(len(page)) % 3 * 9
    angle, slant = np.linspace(-0.3, 0.3, len(page)), np.linspace(0.2, -0.2, len(page))
    together = ink.coverages(page.fields, FRAME, size, page.x * 20, page.y * 20, angle, slant)
    seen = set()
    for i, left, top, drawn in together:
        alone = ink.coverage(page.fields[i], FRAME, size[i], page.x[i] * 20, page.y[i] * 20, angle[i], slant[i])
        assert (left, top) == alone[:2] and np.abs(drawn.astype(int) - alone[2]).max() <= 1
        seen.add(i)
    assert seen == set(range(len(page)))


def test_a_sheet_without_writing_is_empty(page):
    assert not coverage(empty(page), Look(20)).any()
    assert (np.asarray(paint(empty(page), Look(20))) == 255).all()


def test_depth_makes_ink_paler(page):
    full, pale = coverage(page, Look(20)), coverage(replace(page, depth=page.depth * 0 + 0.5), Look(20))
    alone = full == 255
    assert alone.any() and (pale <= full).all() and np.abs(pale[alone].astype(int) - 128).min() <= 1
    assert pale.sum() == pytest.approx(full.sum() / 2, rel=0.03)


def test_rules_lie_under_the_ink_in_their_colour(page):
    # the line covers the rows 59, 60 and 61 wholly
    drawn = paint(replace(empty(page), ruling=ruled((0, 3.025, 10, 3.025, 0.15))), Look(20, ink=NAVY))
    assert drawn.mode == "RGB"
    pixels = np.asarray(drawn)
    assert (pixels[59:62] == BLUE[:3]).all() and (pixels[:59] == 255).all() and (pixels[62:] == 255).all()
    both = np.asarray(paint(replace(page, ruling=ruled((0, 3.0, page.width, 3.0, 0.15))), Look(20, ink=NAVY)))
    inked = coverage(page, Look(20)) == 255
    assert (both[inked] == NAVY[:3]).all()


@given(st.floats(1.5, 7.5), st.floats(0.01, 0.3))
@settings(max_examples=40, deadline=None)
def test_a_line_covers_each_pixel_by_its_true_share(y, width):
    mask = np.zeros((160, 200), np.uint8)
    marks.lines(mask, np.array([[0, y * 20, 200, y * 20, width * 20]]))
    rows, low, high = np.arange(160), (y - width / 2) * 20, (y + width / 2) * 20
    share = np.clip(np.minimum(rows + 1, high) - np.maximum(rows, low), 0, None)
    assert np.abs(mask / 255 - share[:, None]).max() < 0.003


@given(st.floats(2, 30), st.floats(2, 30), st.floats(0.6, 12))
@settings(max_examples=40, deadline=None)
def test_a_dot_covers_each_pixel_by_its_true_share(x, y, diameter):
    mask = np.zeros((48, 48), np.uint8)
    marks.dots(mask, np.array([[x + 8, y + 8, diameter]]))
    fine = (np.arange(48 * 16) + 0.5) / 16
    share = np.hypot(fine - x - 8, fine[:, None] - y - 8) < diameter / 2
    share = share.reshape(48, 16, 48, 16).mean(axis=(1, 3))
    assert np.abs(mask / 255 - share).max() < 0.1
    assert mask.sum() / 255 == pytest.approx(np.pi * diameter**2 / 4, rel=0.04, abs=0.03)


def test_marks_beyond_the_sheet_are_cut(page):
    off = ruled((-5, -1, 30, 40, 0.2), (2, -9, 3, -8, 0.1), (1, 1, 1, 1, 0.2))
    off = replace(off, dots=np.array([[0.0, 0, 0.5], [10, 8, 0.5], [-9, 3, 0.5], [99, 3, 0.5]]), dot_colour=RED)
    strokes = (Stroke(np.array([[-4.0, 3], [22, 4]]), 0.2), Stroke(np.array([[-4.0, -3], [-2, -4]]), 0.2))
    pixels = np.asarray(paint(empty(page, ruling=off, strokes=strokes), Look(20)))
    assert pixels.shape == (160, 200, 3) and (pixels[0, 0] == RED[:3]).all() and (pixels[63, :1] < 20).all()


def test_strokes_are_ink_with_round_ends(page):
    line = Stroke(np.array([[2.0, 4.0], [5.0, 4.0], [5.0, 6.0]]), 0.5)
    drawn = coverage(empty(page, strokes=(line,)), Look(40))
    assert drawn.sum() / 255 == pytest.approx(40**2 * (5 * 0.5 + np.pi * 0.25**2 - 0.25**2 * (1 - np.pi / 4)), rel=0.02)
    assert drawn[160, 120] == 255 and drawn[160, 71] > 0 and drawn[160, 68] == 0
    pale = coverage(empty(page, strokes=(replace(line, depth=0.4),)), Look(40))
    assert pale.max() == 102


def test_grey_stays_grey_and_clear_paper_stays_clear(page):
    grey = replace(page, ruling=ruled((0, 2, 10, 2, 0.1), colour=GREY))
    assert paint(grey, Look(20)).mode == "L" and paint(grey, Look(20, grain=0.5)).mode == "L"
    assert paint(grey, Look(20, ink=NAVY)).mode == "RGB"
    clear = np.asarray(paint(replace(page, ruling=ruled((0, 2, 10, 2, 0.15))), Look(20, paper=(0, 0, 0, 0), grain=1.0)))
    assert clear.shape[2] == 4 and clear[0, 0].tolist() == [0, 0, 0, 0]
    assert clear[40, 0].tolist() == [*BLUE[:3], 255]


def test_grain_is_seeded_faint_and_differs_from_page_to_page(page):
    sheet = empty(page, width=12.0, height=12.0)

    def pixels(**more):
        return np.asarray(paint(replace(sheet, **more), Look(20, grain=0.5)), int)

    one = pixels()
    assert (one == pixels()).all() and (one != pixels(number=2)).mean() > 0.5 and (one != pixels(seed=4)).mean() > 0.5
    assert one.min() > 215 and one.std() > 0.5
    assert np.asarray(paint(sheet, Look(20, grain=1.0)), int).std() > 1.5 * one.std()
    assert (np.asarray(paint(sheet, Look(20))) == 255).all()


@pytest.mark.parametrize("name", ["a6-ruled", "a6-dotted", "a6-squared", "card-3x5", "a6-margin"])
def test_papers_are_printed_softly(page, name):
    paper = Paper.parse(name)
    sheet = empty(page, paper.width_mm / 2, paper.height_mm / 2, ruling=ruling_of(paper, 2.0))
    pixels = np.asarray(paint(sheet, Look(8, dpi=101.6)), float).mean(axis=2)
    assert 225 < pixels.mean() < 255 and pixels.min() > 120 and np.median(pixels) == 255


def test_a_picture_as_paper_fills_the_sheet_upright(page, tmp_path):
    # lying on its side in the file; upright, its upper half is red
    pixels = np.zeros((40, 60, 3), np.uint8)
    pixels[:, :30], pixels[:, 30:] = RED[:3], BLUE[:3]
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "a.png", exif=exif)
    drawn = paint(empty(page), Look(20, background=str(tmp_path / "a.png")))
    assert drawn.size == (200, 160)
    drawn = np.asarray(drawn)
    assert (drawn[:60] == RED[:3]).all() and (drawn[100:] == BLUE[:3]).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_any_kind_may_be_paper(page, tmp_path, mode):
    file = tmp_path / ("a.tif" if mode == "CMYK" else "a.png")
    image = (
        Image.new(mode, (30, 30), 40_000) if mode == "I;16" else Image.new("RGB", (30, 30), (160,) * 3).convert(mode)
    )
    image.save(file)
    drawn = np.asarray(paint(empty(page), Look(20, background=str(file))), int)
    assert drawn.shape == (160, 200, 3)
    assert abs(drawn.mean() - 160) < (100 if mode == "1" else 6)


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_said_in_one_line(page, tmp_path, content):
    file = tmp_path / "a.png"
    file.write_bytes(content)
    with pytest.raises(InputError, match="no picture that can be read") as error:
        paint(empty(page), Look(20, background=str(file)))
    assert "\n" not in str(error.value)
    for missing in (str(tmp_path / "none.png"), "a\0.png", str(tmp_path)):
        with pytest.raises(InputError, match="background"):
            paint(empty(page), Look(20, background=missing))


def test_a_picture_that_is_cut_short_or_huge_is_refused(page, tmp_path, monkeypatch):
    from handsynth.formats import pictures

    noise = np.random.default_rng(1).integers(0, 255, (90, 90, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:9000])
    with pytest.raises(InputError, match="no picture"):
        paint(empty(page), Look(20, background=str(tmp_path / "cut.png")))
    monkeypatch.setattr(pictures, "BYTES", 8000)
    with pytest.raises(InputError, match="MB of memory"):
        paint(empty(page), Look(20, background=str(tmp_path / "whole.png")))


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"grain": 1.5}, "grain"),
        ({"grain": float("nan")}, "grain"),
        ({"camera": "xray"}, "scanned, photographed"),
        ({"camera": "scanned", "camera_strength": 3.0}, "strength"),
        ({"camera": "scanned", "paper": (0, 0, 0, 0)}, "transparent"),
    ],
)
def test_looks_that_cannot_be(how, message):
    with pytest.raises(InputError, match=message):
        Look(20, **how)

"""What is written in the boxes of a form comes out as glyphs: the right ink, at its true size and height."""

from __future__ import annotations

from functools import cache

import numpy as np
import photos
import pytest
from PIL import Image, ImageDraw, ImageFilter

from handsynth import Hand, Model
from handsynth.drawing.draw import glyphs
from handsynth.frame import STANDARD, ink_box
from handsynth.learning.cut import cut, resized, writer_size
from handsynth.learning.form import Form
from handsynth.learning.ink import paper
from handsynth.learning.locate import locate
from handsynth.learning.printing import draw, picture

FORM = Form.of("letters")
K = 8.0
"""px per mm of a scan."""


@cache
def drawn() -> dict[int, np.ndarray]:
    """A glyph for each box but every seventh."""
    model = Model.open(threads=1)
    chars = FORM.written(1)
    found = glyphs(model, Hand.gallery(model, "Quill"), model.index(chars), np.arange(len(chars), dtype=np.uint64), 0)
    return {i: np.rint(each * 255).astype(np.uint8) for i, each in enumerate(found.ink()) if i % 7 != 3}


def alike(found, truth) -> list[float]:
    return [
        photos.iou(image, photos.centred(truth[int(cell)]))[0]
        for cell, image in zip(found.cells, found.images, strict=True)
    ]


@pytest.fixture
def sheet():
    """A scan to write on, and the place (px) of a point of the frame of a box."""
    image = picture(draw(FORM, 1), K * 25.4)

    def place(box: int, column: float, row: float) -> tuple[float, float]:
        x, y = FORM.cells(1)[box]
        return (x + column * FORM.pixel) * K, (y + row * FORM.pixel) * K

    return image, place


def stroke(
    image: Image.Image, place, box: int, *points: tuple[float, float], colour="black", width: float = 2.5
) -> None:
    ImageDraw.Draw(image).line(
        [place(box, *point) for point in points], fill=colour, width=round(width * FORM.pixel * K), joint="curve"
    )


def kinds(found, box: int) -> set[str]:
    return {warning.kind for warning in found.warnings if warning.box == box}


@pytest.mark.parametrize(
    ("seed", "scene"),
    [
        (1, {"turns": 1, "fill": 0.75, "angle": 4.0, "shadow": 0.5, "slope": 0.3}),
        (2, {"turns": 2, "tilt": 0.1, "noise": 6.0, "quality": 60, "ink": photos.INKS[1]}),
        (3, {"turns": 3, "fill": 0.75, "bend": 2.5, "ink": photos.INKS[3], "guide": 1.4}),
        (4, {"blur": 1.8, "grey": True}),
    ],
)
def test_boxes_of_a_photo_are_cut_with_their_content(seed, scene):
    wanted = {"size": (2250, 3000), "per_mm": 10.0, **scene}
    taken = photos.photograph(FORM, 1, drawn(), seed, photos.Scene(**wanted))
    found = cut(locate(taken.image))
    assert found.cells.tolist() == sorted(drawn())
    assert found.chars == tuple(FORM.written(1)[i] for i in found.cells)
    assert found.images.shape == (len(found), 64, 64) and found.images.dtype == np.uint8
    assert {warning.box for warning in found.warnings if warning.kind == "empty"} == set(range(3, 52, 7))
    shared = alike(found, taken.truth)
    assert min(shared) > 0.5 and np.mean(shared) > 0.72
    amount = found.images.sum() / sum(photos.centred(taken.truth[int(cell)]).sum() for cell in found.cells)
    assert 0.85 < amount < 1.15


def test_an_empty_form_gives_nothing(sheet):
    found = cut(locate(sheet[0]))
    assert len(found) == 0 and found.images.shape == (0, 64, 64)
    assert [warning.kind for warning in found.warnings] == ["empty"] * 52
    assert str(found.warnings[0]) == "box 1 (a): empty"


def test_size_and_height_are_true_to_the_printed_lines(sheet):
    image, place = sheet
    # a ring from the baseline to the x-height, off the middle, and a bar from the baseline up to the top
    stroke(image, place, 0, (12, 28), (28, 28), (28, 44), (12, 44), (12, 28), width=2)
    stroke(image, place, 1, (40, 10), (40, 45), width=4)
    found = cut(locate(image))
    assert found.chars == ("a", "b")
    ring, bar = (ink_box(each) for each in found.images)
    assert np.abs(np.array(ring) - (23, 27, 41, 45)).max() <= 1
    assert np.abs(np.array(bar) - (30, 10, 34, 45)).max() <= 1
    assert found.images[1, 20:40].sum(axis=1).mean() / 255 == pytest.approx(4, rel=0.1)
    assert np.allclose(found.boxes[0], [*FORM.cells(1)[0], *(FORM.cells(1)[0] + FORM.box)])


@pytest.mark.parametrize("colour", ["black", "#1e2c78", "#101840", "#555555", "#1d6b3a", "#b01e28", "#7a7a80"])
def test_the_colour_of_the_pen_does_not_matter(sheet, colour):
    image, place = sheet
    for box in range(12):
        stroke(image, place, box, (20, 15), (44, 44), (20, 44), colour=colour)
    found = cut(locate(image))
    assert len(found) == 12
    mask = Image.new("L", (640, 640))
    ImageDraw.Draw(mask).line([(200, 150), (440, 440), (200, 440)], fill=255, width=25, joint="curve")
    truth = np.asarray(mask.reduce(10))
    assert min(photos.iou(each, truth)[0] for each in found.images) > 0.75


def test_a_line_along_a_guide_is_kept(sheet):
    image, place = sheet
    stroke(image, place, 4, (16, 45), (48, 45), width=3)
    stroke(image, place, 5, (16, 36), (48, 36), width=3)
    found = cut(locate(image))
    assert ink_box(found.images[0])[2] - ink_box(found.images[0])[0] == pytest.approx(32, abs=2)
    assert found.images[0].sum() == pytest.approx(found.images[1].sum(), rel=0.03)


def test_what_reaches_in_from_the_next_box_is_left_out(sheet):
    image, place = sheet
    stroke(image, place, 0, (20, 30), (70, 40))
    stroke(image, place, 1, (30, 20), (30, 45))
    found = cut(locate(image))
    assert found.chars == ("a", "b")
    assert ink_box(found.images[1])[2] - ink_box(found.images[1])[0] <= 4


def test_ink_that_runs_out_of_sight_is_told(sheet):
    image, place = sheet
    stroke(image, place, 5, (30, 20), (30, 80))
    stroke(image, place, 6, (30, 20), (30, 45))
    found = cut(locate(image))
    assert "touches" in kinds(found, 5) and not kinds(found, 6)


def test_writing_at_the_wrong_place_is_told(sheet):
    image, place = sheet
    stroke(image, place, 0, (25, 4), (39, 18), (25, 18))
    stroke(image, place, 25, (25, 28), (39, 28), (25, 44), (39, 44))
    found = cut(locate(image))
    assert kinds(found, 0) == {"misplaced"} and not kinds(found, 25)


def test_a_long_descender_is_kept_as_long_beside_a_letter_that_stays_as_large(sheet):
    image, place = sheet
    stroke(image, place, 6, (32, 30), (32, 67))
    found = cut(locate(image))
    assert "shrunk" not in kinds(found, 6)
    left, top, right, bottom = ink_box(found.images[0])
    assert bottom <= 64 and abs(top - 30) <= 2
    assert found.descenders == pytest.approx(22 / 18, abs=0.12)
    # nothing hangs out of the frame when all is smaller
    smaller = resized(found, 0.7)
    assert smaller.descenders == 1 and abs(ink_box(smaller.images[0])[3] - (45 + 0.7 * 22)) <= 2


def test_a_letter_that_some_hang_below_the_line_stays_as_large(sheet):
    image, place = sheet
    stroke(image, place, FORM.chars.index("f"), (32, 30), (32, 67))
    found = cut(locate(image))
    assert "shrunk" not in kinds(found, FORM.chars.index("f")) and found.descenders == 1
    left, top, right, bottom = ink_box(found.images[0])
    assert bottom <= 64 and abs(top - 30) <= 2


def test_writing_larger_than_the_frame_is_made_smaller_and_told(sheet):
    image, place = sheet
    stroke(image, place, 7, (32, 30), (32, 67))
    found = cut(locate(image))
    assert "shrunk" in kinds(found, 7)
    left, top, right, bottom = ink_box(found.images[0])
    assert bottom <= 64 and abs(top - (45 - 15 * 18 / 22)) <= 2


def test_a_small_hand_is_known_and_can_be_made_larger(sheet):
    image, place = sheet
    # x-heights of 12 instead of 18 px
    for char in "aceo":
        stroke(image, place, FORM.chars.index(char), (26, 34), (38, 34), (38, 44), (26, 44), (26, 34), width=2)
    found = cut(locate(image))
    assert writer_size(found) == pytest.approx(2 / 3, abs=0.06)
    larger = resized(found, 1.5)
    assert larger.chars == found.chars
    for small, large in zip(found.images, larger.images, strict=True):
        before, after = ink_box(small), ink_box(large)
        assert after[3] - after[1] == pytest.approx(1.5 * (before[3] - before[1]), abs=1.5)
        assert after[3] == pytest.approx(45, abs=1)


def test_specks_of_dirt_are_no_writing(sheet):
    image, place = sheet
    pen = ImageDraw.Draw(image)
    for box in range(20):
        x, y = place(box, 30, 30)
        pen.point([x, y], fill="black")
    assert len(cut(locate(image))) == 0


def test_a_dot_is_writing(sheet):
    image, place = sheet
    x, y = place(8, 32, 18)
    ImageDraw.Draw(image).ellipse([x - 2, y - 2, x + 2, y + 2], fill="black")
    stroke(image, place, 8, (32, 28), (32, 45))
    found = cut(locate(image))
    assert ink_box(found.images[0])[1] == pytest.approx(17, abs=1)


def test_blur_does_not_make_the_pen_thicker(sheet):
    image, place = sheet
    for box in range(30):
        stroke(image, place, box, (22, 20), (40, 44), (22, 44), width=2.2)
    widths = [
        cut(locate(image.filter(ImageFilter.GaussianBlur(blur)))).images.sum() / 255 / 30 for blur in (0, 1, 2, 3)
    ]
    assert max(widths) / min(widths) < 1.2


def test_paper_is_as_bright_as_around_the_ink():
    light = np.linspace(120, 220, 213)[None, :, None] + np.linspace(0, 20, 216)
    tile = light.copy()
    tile[:, 80:140, 100:108] = 20
    assert np.abs(paper(tile.astype(np.uint8), 3) - light).max() < 8


def test_the_frame_of_the_form_is_the_models():
    assert FORM.frame == STANDARD == Model.open().frame

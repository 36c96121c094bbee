"""Boxes of forms as people make them: black-and-white scans, lined paper, a hard pencil. What is printed is no ink."""

from __future__ import annotations

from functools import cache

import numpy as np
import photos
import pytest
from PIL import Image, ImageDraw

from handsynth import Hand, Model
from handsynth.drawing.draw import glyphs
from handsynth.learning import guides
from handsynth.learning.cut import cut
from handsynth.learning.form import Form
from handsynth.learning.locate import locate
from handsynth.learning.printing import draw, picture

FORM = Form.of("letters")
PHOTO = {"size": (2250, 3000), "per_mm": 10.0}
PENCIL = {"ink": (178, 178, 176), "grain": 0.5}
HARD = {"ink": (198, 198, 196), "grain": 0.5}


@cache
def drawn() -> dict[int, np.ndarray]:
    """A glyph for each box but every seventh."""
    model = Model.open(threads=1)
    chars = FORM.written(1)
    places = np.arange(len(chars), dtype=np.uint64)
    # the forms themselves: what is looked at here is the paper
    found = glyphs(model, Hand.gallery(model, "Rowan"), model.index(chars), places, 0, variation=0.0)
    return {i: np.rint(each * 255).astype(np.uint8) for i, each in enumerate(found.ink()) if i % 7 != 3}


def check(taken: photos.Photo, least: float, mean: float) -> None:
    found = cut(locate(taken.image))
    assert found.cells.tolist() == sorted(drawn())
    assert {warning.kind for warning in found.warnings} == {"empty"}
    shared = [
        photos.iou(image, photos.centred(taken.truth[int(cell)]))[0]
        for cell, image in zip(found.cells, found.images, strict=True)
    ]
    assert min(shared) > least and np.mean(shared) > mean
    amount = found.images.sum() / sum(photos.centred(taken.truth[int(cell)]).sum() for cell in found.cells)
    assert 0.85 < amount < 1.2


@pytest.mark.parametrize(
    ("black", "dpi", "degrees"), [(True, 300, 0.0), (True, 300, 0.8), (True, 200, 0.0), (False, 300, 0.0)]
)
def test_a_scan_in_black_and_white_is_read_whether_guides_are_black_or_gone(black, dpi, degrees):
    check(photos.scanned(FORM, 1, drawn(), 1, black=black, dpi=dpi, degrees=degrees), 0.45, 0.7)


@pytest.mark.parametrize(
    "scene",
    [
        {"ruled": 8.0, "shadow": 0.5},
        {"ruled": 7.0, "lean": 2.5, "bend": 1.5},
        {"ruled": 5.0, "squared": True, "lean": 0.7},
        {"ruled": 8.0, "turns": 1, "fill": 0.7, "ink": photos.INKS[1]},
    ],
)
def test_rules_of_the_paper_are_not_read(scene):
    check(photos.photograph(FORM, 1, drawn(), 2, photos.Scene(**PHOTO, **scene)), 0.45, 0.7)


@pytest.mark.parametrize("scene", [PENCIL, HARD, {**PENCIL, "grey": True}, {**PENCIL, "ruled": 8.0}])
def test_a_pencil_is_read_as_wide_as_it_wrote(scene):
    check(photos.photograph(FORM, 1, drawn(), 3, photos.Scene(**PHOTO, **scene)), 0.45, 0.7)


@pytest.mark.parametrize("scene", [{"ruled": 8.0}, {"ruled": 5.0, "squared": True}, {"noise": 8.0, "shadow": 0.5}])
def test_an_empty_form_gives_nothing_on_any_paper(scene):
    assert len(cut(locate(photos.photograph(FORM, 1, {}, 4, photos.Scene(**PHOTO, **scene)).image))) == 0


def test_strokes_that_cross_a_black_guide_are_whole_and_those_along_it_stay():
    k = 8.0
    image = picture(draw(FORM, 1), k * 25.4)
    image = Image.fromarray(np.asarray(image.getchannel("B")) > 230).convert("L")
    pen, width = ImageDraw.Draw(image), round(2.5 * FORM.pixel * k)
    corners = FORM.cells(1)
    lines = {0: [(32, 15), (32, 55)], 1: [(24, 20), (44, 54)], 2: [(18, 45), (46, 45)], 3: [(18, 27), (46, 27)]}
    for box, points in lines.items():
        pen.line([tuple((corners[box] + np.array(point) * FORM.pixel) * k) for point in points], fill=0, width=width)
    found = cut(locate(image))
    assert found.cells.tolist() == [0, 1, 2, 3]
    rows = found.images[:2, 22:52].sum(axis=2) / 255
    assert rows.min() > 0.75 * np.median(rows[0]) and rows[0].max() < 1.3 * np.median(rows[0])
    for image in found.images[2:]:
        assert image.sum() / 255 == pytest.approx(28 * 2.5, rel=0.3)


def test_guides_that_vanished_leave_the_labels_to_go_by():
    page = picture(draw(FORM, 1), 200).convert("L")
    bare = page.point([255 if value > 150 else value for value in range(256)])
    found = locate(bare)
    corners = found.rectification.map(FORM.cells(1))
    assert np.abs(corners - FORM.cells(1) * 200 / 25.4).max() < 2
    assert not guides.paper_rules(found, False)[0]

"""Scanned and photographed sheets: points are where the geometry says, and nothing is left to chance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from shapes import CHARS, draw

from handsynth.errors import InputError
from handsynth.formats import camera
from handsynth.formats.look import CAMERAS, Look
from handsynth.formats.raster import paint
from handsynth.frame import STANDARD as FRAME
from handsynth.layout.page import Ruling, Stroke
from handsynth.layout.text import layout

SHEET = Image.new("L", (300, 420), 255)


@pytest.fixture(scope="module")
def page():
    return layout("fjord", draw, CHARS, FRAME, seed=3)


def dotted(page, points: np.ndarray, number: int):
    """A blank sheet of 20 x 28 x-heights with round blots at `points`."""
    gone = replace(page, x=page.x - 999, width=20.0, height=28.0, number=number)
    return replace(gone, strokes=tuple(Stroke(np.array([point, point + 1e-9]), 0.5) for point in points))


def found(image: Image.Image, near: np.ndarray, reach: int = 12) -> np.ndarray:
    """The middle of what is dark around each of the places `near`."""
    grey = np.asarray(image.convert("L"), float)
    result = []
    for x, y in np.rint(near).astype(int):
        part = grey[y - reach : y + reach, x - reach : x + reach]
        dark = np.clip(np.median(part) - 40 - part, 0, None)
        rows, columns = np.indices(part.shape) + 0.5
        result.append([(dark * columns).sum() / dark.sum() + x - reach, (dark * rows).sum() / dark.sum() + y - reach])
    return np.array(result)


@pytest.mark.parametrize("kind", CAMERAS)
@pytest.mark.parametrize(("number", "strength"), [(1, 1.0), (2, 1.0), (3, 2.0), (4, 0.4)])
def test_a_dot_is_found_where_the_geometry_says(page, kind, number, strength):
    points = np.array([[x, y] for x in (1.5, 10.0, 18.5) for y in (1.5, 14.0, 26.5)])
    look = Look(20, camera=kind, camera_strength=strength)
    sheet = dotted(page, points, number)
    where, image = camera.camera_geometry(sheet, look), paint(sheet, look)
    assert where.size == image.size
    expected = where.map(points * look.xheight)
    assert np.linalg.norm(found(image, expected) - expected, axis=1).max() < 1.0


@pytest.mark.parametrize("kind", CAMERAS)
def test_most_sheets_lie_askew(kind):
    corner = np.array([[0, 0], [1240, 0], [1240, 1754], [0, 1754]])
    moved = [camera.place((1240, 1754), kind, 1, number).map(corner) - corner for number in range(30)]
    turned = [np.abs(way - way.mean(axis=0)).max() for way in moved]
    assert np.median(turned) > 2


@pytest.mark.parametrize("kind", CAMERAS)
def test_strength_zero_changes_nothing(page, kind):
    plain, look = Look(20), Look(20, camera=kind, camera_strength=0.0)
    assert paint(page, look).tobytes() == paint(page, plain).tobytes()
    where = camera.camera_geometry(page, look)
    assert (where.matrix == np.eye(3)).all() and where.size == paint(page, plain).size
    assert (camera.camera_geometry(page, plain).matrix == np.eye(3)).all()


@pytest.mark.parametrize("kind", CAMERAS)
def test_the_same_seed_and_page_give_the_same_picture_and_others_another(kind):
    first, where = camera.look(SHEET, kind, 7, 1)
    again, there = camera.look(SHEET, kind, 7, 1)
    assert first.tobytes() == again.tobytes() and (where.matrix == there.matrix).all()
    for seed, number in ((8, 1), (7, 2)):
        other, elsewhere = camera.look(SHEET, kind, seed, number)
        assert other.tobytes() != first.tobytes() and (elsewhere.matrix != where.matrix).any()


def test_a_scan_of_grey_is_grey_and_as_large_and_a_photograph_shows_the_table():
    scan, photo = (camera.look(SHEET, kind, 1, 1)[0] for kind in CAMERAS)
    assert (scan.mode, scan.size) == ("L", SHEET.size)
    assert photo.mode == "RGB" and photo.width > SHEET.width and photo.height > SHEET.height
    pixels = np.asarray(photo, float)
    red, _, blue = pixels[150:-150, 120:-120].mean(axis=(0, 1))
    assert red > blue + 4 and red > 190  # warm light on white paper
    assert np.asarray(scan).mean() > 225 and np.asarray(scan).std() > 0.5


@pytest.mark.parametrize("number", range(1, 30))
def test_the_whole_sheet_stays_in_a_photograph(number):
    where = camera.place((300, 420), "photographed", 5, number, 2.0)
    corners = where.map(np.array([[0, 0], [300, 0], [300, 420], [0, 420]]))
    assert (corners > 0).all() and (corners < where.size).all()
    across, down = np.diff(corners[:2], axis=0)[0], np.diff(corners[1:3], axis=0)[0]
    assert across[0] > 260 and down[1] > 370 and abs(across[1]) < 60


def test_the_effect_grows_with_the_strength():
    square = np.array([[0, 0], [300, 0], [300, 420], [0, 420]])
    bend = []
    for strength in (0.25, 1.0, 2.0):
        moved = camera.place((300, 420), "scanned", 3, 1, strength).map(square)
        bend.append(np.abs(moved - square).max())
    assert bend[0] < bend[1] < bend[2] < 12


@pytest.mark.parametrize("size", [(1, 1), (3, 400), (2000, 5), (40, 40)])
@pytest.mark.parametrize("kind", CAMERAS)
def test_sheets_of_any_shape_can_be_taken(kind, size):
    image, where = camera.look(Image.new("RGB", size, "white"), kind, 1, 1)
    assert image.size == where.size and image.width >= size[0] and image.height >= size[1]


def test_what_is_printed_and_written_go_together(page):
    ruling = Ruling(np.array([[0, 3.0, page.width, 3.0, 0.1]]), ((150, 180, 230, 255),))
    for kind in CAMERAS:
        assert paint(replace(page, ruling=ruling), Look(20, camera=kind, grain=0.4)).mode == "RGB"


def test_unknown_cameras_are_refused():
    with pytest.raises(InputError, match="scanned, photographed"):
        camera.look(SHEET, "xray", 1, 1)

"""Strokes and pictures come into the frame at the right place, size and distance."""

from __future__ import annotations

import numpy as np
import pytest
from data_makers import ell, stands_like_ell
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handsynth.frame import STANDARD, ink_box
from handsynth.text.extents import extents, table
from train.data.cropped import fill_square, ink_cover, place_cropped
from train.data.picture import REACH, STEPS, field_of, store
from train.data.place import MARGIN, place_strokes, writer_scale
from train.data.strokes import distance_field, grid_step, ink_of, smooth


def brute_distance(strokes: list[np.ndarray], size: int) -> np.ndarray:
    """Distance from each pixel centre to the strokes: to the ends, or to the line where its foot is between them."""
    y, x = np.mgrid[:size, :size] + 0.5
    nearest = np.full((size, size), np.inf)
    for stroke in strokes:
        for (ax, ay), (bx, by) in zip(stroke[:-1], stroke[1:], strict=True):
            ends = np.minimum(np.hypot(x - ax, y - ay), np.hypot(x - bx, y - by))
            length = np.hypot(bx - ax, by - ay)
            foot = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
            line = np.abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length
            nearest = np.minimum(nearest, np.where((foot > 0) & (foot < length), line, ends))
    return nearest


def test_field_is_exact_distance_to_the_strokes() -> None:
    rng = np.random.default_rng(3)
    strokes = [np.cumsum(rng.normal(0, 3, (25, 2)), axis=0) + 32, np.array([[3.0, 3.0], [40.0, 60.0]])]
    expected = np.clip(1.25 - brute_distance(strokes, 64), -REACH, REACH)
    assert np.abs(distance_field(strokes, 64, 2.5) - expected).max() < 1e-3


def test_field_of_strokes_outside_the_frame_is_clipped_and_empty() -> None:
    field = distance_field([np.array([[900.0, 900.0], [950.0, 900.0]])], 64, 2.5)
    assert np.all(field == -REACH)


def test_a_dot_is_a_disc_a_little_wider_than_the_pen() -> None:
    ink = ink_of(distance_field([np.array([[32.0, 32.0]])], 64, 2.5))
    assert ink[31:33, 31:33].min() == 255
    assert np.pi * 1.25**2 < ink.sum() / 255 < np.pi * 1.8**2


def test_smoothing_removes_staircases_and_keeps_the_ends() -> None:
    stairs = np.array([[i // 2, (i + 1) // 2] for i in range(40)], float)
    line = smooth(stairs, sigma=2.0)
    off = (line[:, 0] - line[:, 1]) / np.sqrt(2)
    assert np.ptp(off[4:-4]) < 0.1
    assert np.allclose(line[0], stairs[0]) and np.allclose(line[-1], stairs[-1])
    assert grid_step([stairs]) == 1.0


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=30),
    st.floats(0, 5),
)
@settings(max_examples=150, deadline=None)
def test_smoothing_takes_any_stroke(points: list[tuple[float, float]], sigma: float) -> None:
    stroke = np.array(points)
    line = smooth(stroke, sigma)
    assert np.all(np.isfinite(line)) and len(line) >= 1
    assert np.all(line.min(axis=0) >= stroke.min(axis=0) - 15) and np.all(line.max(axis=0) <= stroke.max(axis=0) + 15)


def box_of(char: str, strokes: list[np.ndarray], scale: float) -> tuple[int, int, int, int]:
    placed = place_strokes(strokes, char, scale, STANDARD, 2.5)
    assert not isinstance(placed, str), placed
    box = ink_box(ink_of(distance_field(placed[0], 64, 2.5)))
    assert box is not None
    return box


def bar(height: float, width: float = 0.0) -> list[np.ndarray]:
    return [np.array([[100.0, 50.0], [100.0 + width, 50.0 + height]])]


def test_writer_scale_makes_the_x_height_18_px() -> None:
    # capitals 10 mm high, small letters 6.8 mm: strokes are thinner than ink by the pen
    scale = writer_scale("HLxnx", np.array([10.0, 10.0, 6.8, 6.8, 6.8]), STANDARD, 2.5)
    assert scale is not None
    left, top, right, bottom = box_of("x", bar(6.8, 4.0), scale)
    assert (top, bottom) == (45 - 18, 45)
    assert abs((left + right) / 2 - 32) <= 0.5
    assert writer_scale(".,-", np.array([0.0, 1.0, 0.0]), STANDARD, 2.5) is None


def test_letters_stand_on_their_baseline_and_hang_from_their_top() -> None:
    assert box_of("H", bar(20, 8), 1.0)[3] == 45
    high, low = box_of("g", bar(25, 8), 1.0), box_of("g", bar(33, 8), 1.0)
    assert high[1] == low[1] == 45 - 18
    assert low[3] > high[3] > 45
    middle = box_of("-", bar(0.5, 12), 1.0)
    assert 45 - 18 < middle[1] < middle[3] < 45


def test_a_glyph_keeps_its_own_size_within_bounds() -> None:
    heights = [box_of("x", bar(size, 8), 1.0) for size in (8, 15, 20, 40)]
    got = [bottom - top for _, top, _, bottom in heights]
    assert got == sorted(got) and got[1] < got[2]
    assert got[0] >= 0.6 * 18 - 1 and got[3] <= 1.6 * 18 + 1


@pytest.mark.parametrize("char", ["x", "g", "H", "f", "@", ",", "'", "|", "W", "_", "ģ", "Å"])
@pytest.mark.parametrize("size", [(2, 2), (18, 18), (40, 10), (10, 60)])
def test_ink_stays_inside_the_margins(char: str, size: tuple[float, float]) -> None:
    placed = place_strokes(bar(*size), char, 1.0, STANDARD, 2.5)
    if isinstance(placed, str):
        assert "proportion" in placed
        return
    ink = ink_of(distance_field(placed[0], 64, 2.5))
    edge = np.concatenate([ink[: MARGIN - 1].ravel(), ink[1 - MARGIN :].ravel(), ink[:, : MARGIN - 1].ravel()])
    assert ink.any() and not edge.any()


def test_absurd_glyphs_are_named_as_such() -> None:
    assert place_strokes(bar(200, 3), "x", 1.0, STANDARD, 2.5) == "height out of proportion"
    assert place_strokes(bar(18, 200), "x", 1.0, STANDARD, 2.5) == "width out of proportion"
    assert isinstance(place_strokes(bar(1, 300), "-", 1.0, STANDARD, 2.5), str)


def disc(radius: float, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Coverage of a disc, uint8, and its true field."""
    fine = 8
    y, x = (np.mgrid[: size * fine, : size * fine] + 0.5) / fine
    inside = np.hypot(x - size / 2 - 0.3, y - size / 2) <= radius
    cover = inside.reshape(size, fine, size, fine).mean(axis=(1, 3))
    y, x = np.mgrid[:size, :size] + 0.5
    return np.rint(cover * 255).astype(np.uint8), radius - np.hypot(x - size / 2 - 0.3, y - size / 2)


def test_field_of_a_picture_is_near_the_true_distance() -> None:
    image, true = disc(11.3)
    error = np.abs(field_of(image) - np.clip(true, -REACH, REACH))
    assert error.max() < 0.5 and error.mean() < 0.1


def test_field_at_grey_pixels_is_coverage() -> None:
    image, _ = disc(7.7)
    field = field_of(image)
    assert np.array_equal(ink_of(field), image)
    grey = (image > 0) & (image < 255)
    assert np.allclose(field[grey], image[grey] / 255 - 0.5)
    assert store(field).dtype == np.int8 and store(field).max() <= 127
    assert np.abs(store(field)[grey] / STEPS - field[grey]).max() <= 0.5 / STEPS + 1e-6


@pytest.mark.parametrize("value", [0, 255])
def test_field_of_a_plain_picture_has_no_edge(value: int) -> None:
    field = field_of(np.full((64, 64), value, np.uint8))
    assert np.all(field == (REACH if value else -REACH))


@pytest.mark.parametrize("char", ["L", "x", "g", "7", "m", "W"])
def test_cropped_pictures_take_the_usual_size_and_height(char: str) -> None:
    image = place_cropped(ell(128, 20), char, STANDARD)
    assert isinstance(image, np.ndarray)
    box = ink_box(image)
    assert box is not None and stands_like_ell(image)
    left, top, right, bottom = box
    expected = extents(char)
    assert abs(45 - expected.top * 18 - top) <= 1 and abs(45 - expected.bottom * 18 - bottom) <= 1
    assert abs((left + right) / 2 - 32) <= 1


def test_resize_fills_the_square_as_it_is() -> None:
    image = fill_square(ell(128), STANDARD)
    assert isinstance(image, np.ndarray)
    assert ink_box(image) == (20, 12, 40, 52)


def test_pictures_without_ink_are_refused() -> None:
    empty = np.zeros((20, 20), np.uint8)
    assert place_cropped(empty, "a", STANDARD) == fill_square(empty, STANDARD) == "no ink"
    assert ink_cover(Image.new("L", (9, 9), 200)) == "no ink"


def test_ink_is_found_dark_on_light_and_light_on_dark() -> None:
    cover = ell(64)
    for image in (
        Image.fromarray(255 - cover),
        Image.fromarray(cover),
        Image.fromarray((230 - cover * 0.5).astype(np.uint8)),
        Image.merge("RGBA", [Image.new("L", (64, 64))] * 3 + [Image.fromarray(cover)]),
    ):
        assert np.array_equal(ink_cover(image), cover)


def test_usual_table_has_sane_letters() -> None:
    assert extents("x").top == pytest.approx(1.0, abs=0.06) and extents("x").bottom == 0
    assert extents("g").bottom < -0.3 and extents("H").top > 1.3
    assert extents("ẅ") == extents("w") and extents("Ж").top == extents("H").top
    assert all(box.height > 0 and box.width > 0 for box in table().values())

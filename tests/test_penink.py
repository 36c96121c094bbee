"""Strokes to pixels: exact to the eye, thin pens grey, the same in tiles and on a canvas, in any order."""

from __future__ import annotations

import numpy as np
import pens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.glyph import FieldGlyphs, PenGlyphs
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penink import cover, fields, fitted, frames, pictures

SIZE = FRAME.size
ROUND = np.pi / 12
"""Ink in px² that a stroke's two round ends have too much, since what counts is the distance to the edge."""
DRAWN = PenGlyphs(pens.LETTERS, SIZE)


def covered(paths: Paths, width: int = SIZE, height: int = SIZE, depth: np.ndarray | None = None) -> np.ndarray:
    canvas = np.zeros((height, width), np.uint8)
    cover(canvas, paths.points, paths.strokes, paths.width / 2, depth)
    return canvas


def columns(count: int, xheight: float = 30.0, depth: float = 1.0) -> tuple[np.ndarray, ...]:
    """Places of glyphs on a picture, each with another size and angle."""
    n = np.arange(count)
    return (
        xheight * (1 + 0.1 * n), 40.3 + 37.7 * n, 70.9 + 3 * n, 0.1 * np.sin(n), 0.2 * np.cos(n), np.full(count, depth)
    )  # fmt: skip


@pytest.mark.parametrize("paths", pens.alone(pens.LETTERS)[:-2])
@pytest.mark.parametrize("width", [1.0, 2.2, 6.5])
def test_coverage_is_the_share_of_each_pixel(paths, width):
    pen = Paths(paths.points, paths.strokes, paths.glyphs, np.full_like(paths.width, width))
    drawn, share = covered(pen) / 255, pens.supersampled(pen, SIZE, SIZE)
    assert np.abs(drawn - share).max() < 0.2 and np.sqrt(((drawn - share)[share > 0] ** 2).mean()) < 0.05
    assert drawn.sum() == pytest.approx(share.sum(), rel=0.015, abs=ROUND * len(pen.width))


@pytest.mark.parametrize("width", [1.0, 1.7, 3.0, 7.0])
def test_dots_are_round_and_as_wide_as_the_pen(width):
    dot = pens.glyph(np.array([[15.8, 16.1]]), width=width)
    drawn, share = covered(dot, 32, 32) / 255, pens.supersampled(dot, 32, 32)
    assert np.abs(drawn - share).max() < 0.2
    assert drawn.sum() == pytest.approx(np.pi * width**2 / 4 + ROUND, rel=0.06)
    turned = pens.glyph(np.array([[16.1, 15.8]]), width=width)
    assert (covered(turned, 32, 32) == covered(dot, 32, 32).T).all()


@given(
    st.lists(st.tuples(st.floats(4, 28), st.floats(4, 28)), min_size=1, max_size=5),
    st.floats(1.0, 5.0),
)
@settings(max_examples=40, deadline=None)
def test_any_line_covers_what_a_pen_would(corners, width):
    pen = pens.glyph(pens.line(*corners) if len(corners) > 1 else np.array(corners), width=width)
    drawn, share = covered(pen, 32, 32) / 255, pens.supersampled(pen, 32, 32, 6)
    # where two edges share a pixel the nearer one alone counts
    off = (drawn - share)[share > 0]
    assert np.abs(off).max() < 0.5 and np.sqrt((off**2).mean()) < 0.12
    assert drawn.sum() == pytest.approx(share.sum(), rel=0.05, abs=2 * ROUND)


@pytest.mark.parametrize("width", [0.1, 0.25, 0.5, 0.8])
@pytest.mark.parametrize("lean", [0.0, 0.37, 7.0])
def test_pens_thinner_than_a_pixel_turn_grey_by_their_width(width, lean):
    rows = slice(8, 24)
    drawn = covered(pens.glyph(np.array([[12.3, 2.0], [12.3 + lean, 30.0]]), width=width), 32, 32)[rows].astype(float)
    across = width * np.hypot(lean, 28) / 28
    assert drawn.sum(axis=1) / 255 == pytest.approx(across, rel=0.1, abs=0.006)
    assert drawn.sum(axis=1).mean() / 255 == pytest.approx(across, rel=0.02)
    assert drawn.max() <= 255 * width + 1 and (drawn.max(axis=1) > 255 * width * 0.5).all(), "no row is without ink"


def test_strokes_of_one_glyph_are_one_ink():
    """Where they cross there is no seam, and what is drawn twice is no darker than once."""
    one, other = (pens.glyph(points) for points in (pens.line((22, 20), (42, 44)), pens.line((42, 20), (22, 44))))
    assert (covered(pens.CROSS) == np.maximum(covered(one), covered(other))).all()
    twice = Paths.joined([pens.WAVE, pens.WAVE, pens.WAVE])
    assert (covered(twice) == covered(pens.WAVE)).all()
    assert covered(pens.CROSS)[31:33, 31:33].min() == 255
    middle = splined(pens.STEM, 2)
    whole = pens.glyph(np.array([pens.STEM.points[0], pens.STEM.points[-1]]))
    assert np.abs(covered(middle).astype(int) - covered(whole)).max() <= 2, "the pieces of a stroke leave no beads"


def test_more_covers_less_and_never_the_other_way():
    canvas = np.full((SIZE, SIZE), 77, np.uint8)
    cover(canvas, pens.RING.points, pens.RING.strokes, pens.RING.width / 2)
    assert (canvas == np.maximum(covered(pens.RING), 77)).all()


@pytest.mark.parametrize("depth", [0.0, 0.35, 1.0])
def test_depth_is_the_share_of_full_ink(depth):
    full, pale = covered(pens.WAVE), covered(pens.WAVE, depth=np.array([depth], np.float32))
    assert np.abs(pale - depth * full).max() <= 1 and pale.max() == round(255 * depth)
    thin = pens.glyph(pens.line((10, 10), (50, 40)), width=0.4)
    full, pale = covered(thin), covered(thin, depth=np.array([depth], np.float32))
    assert np.abs(pale - depth * full).max() <= 1


def test_frames_are_each_glyph_by_itself():
    drawn = frames(pens.LETTERS, SIZE)
    assert drawn.dtype == np.uint8 and not drawn[-1].any()
    for picture, one in zip(drawn, pens.alone(pens.LETTERS), strict=True):
        assert (picture == (covered(one) if len(one.points) else 0)).all()
    assert DRAWN.ink().dtype == np.float32 and (np.rint(DRAWN.ink() * 255) == drawn).all()


def test_fields_are_true_distances():
    found = fields(pens.LETTERS, SIZE)
    y, x = np.mgrid[:SIZE, :SIZE] + 0.5
    middles = np.stack([x.ravel(), y.ravel()], axis=1)
    for field, one in zip(found, pens.alone(pens.LETTERS), strict=True):
        true = np.clip(pens.distance(middles, one), -4, 4).reshape(SIZE, SIZE)
        assert np.abs(field - true).max() < 0.01
    assert found.dtype == np.float16 and (found[-1] == -4).all()


def test_strokes_and_their_fields_are_the_same_ink():
    plain = FieldGlyphs(DRAWN.fields()).ink()
    assert np.abs(plain - DRAWN.ink()).max() < 0.01


@pytest.mark.parametrize("depth", [1.0, 0.6])
@pytest.mark.parametrize("xheight", [5.0, 18.0, 61.0])
def test_tiles_are_what_lies_on_the_canvas(xheight, depth):
    where = columns(len(DRAWN), xheight, depth)
    canvas = np.zeros((260, 420), np.uint8)
    DRAWN.lay(canvas, FRAME, *where)
    tiled, seen = np.zeros((500, 900), np.uint8), []
    for number, left, top, drawn in DRAWN.tiles(FRAME, *where):
        assert drawn.dtype == np.uint8 and drawn.any()
        part = tiled[200 + top : 200 + top + len(drawn), 300 + left : 300 + left + drawn.shape[1]]
        assert part.shape == drawn.shape
        np.maximum(part, drawn, out=part)
        seen.append(number)
    assert np.abs(tiled[200:460, 300:720].astype(int) - canvas).max() <= 1
    assert sorted(seen) == list(range(len(DRAWN) - 1)), "a glyph without ink has no tile"


def test_no_ink_is_beyond_a_tile():
    paths = DRAWN.placed(FRAME, *columns(len(DRAWN), 40.0)[:5])
    for number, left, top, drawn in DRAWN.tiles(FRAME, *columns(len(DRAWN), 40.0)):
        wide = np.zeros((drawn.shape[0] + 8, drawn.shape[1] + 8), np.uint8)
        one = paths.take(slice(number, number + 1))
        cover(wide, one.points - np.float32([left - 4, top - 4]), one.strokes, one.width / 2)
        wide[4:-4, 4:-4] = 0
        assert not wide.any()


def test_the_order_of_glyphs_and_of_strokes_changes_nothing():
    order = np.array([3, 0, 5, 4, 2, 1])
    where = columns(len(DRAWN))
    one, other = np.zeros((140, 320), np.uint8), np.zeros((140, 320), np.uint8)
    DRAWN.lay(one, FRAME, *where)
    DRAWN.take(order).lay(other, FRAME, *(column[order] for column in where))
    assert one.any() and (one == other).all()
    turned = pens.glyph(pens.line((42, 20), (22, 44)), pens.line((22, 20), (42, 44)))
    assert (covered(turned) == covered(pens.CROSS)).all()
    tiles = {number: drawn.tobytes() for number, _, _, drawn in DRAWN.tiles(FRAME, *where)}
    for number, _, _, drawn in DRAWN.take(order).tiles(FRAME, *(column[order] for column in where)):
        assert drawn.tobytes() == tiles[order[number]]


def test_many_tiles_are_made_in_parts_of_the_same_pixels(monkeypatch):
    from handsynth.ink import penink

    where = columns(len(DRAWN), 90.0)
    whole = [drawn.tobytes() for *_, drawn in DRAWN.tiles(FRAME, *where)]
    monkeypatch.setattr(penink, "_PART", 50)
    assert [drawn.tobytes() for *_, drawn in DRAWN.tiles(FRAME, *where)] == whole


def test_ink_beyond_the_canvas_is_cut_and_never_wrapped():
    off = np.array([[-3.0, 5.0], [3.0, 5.0], [3.0, -9.0]])
    paths = Paths.joined([pens.glyph(pens.line(*off)), pens.glyph(pens.line((60, 99), (90, 99)))])
    small = covered(paths, 10, 10)
    large = np.zeros((40, 40), np.uint8)
    cover(large, paths.points + np.float32(15), paths.strokes, paths.width / 2)
    assert (small == large[15:25, 15:25]).all() and small[5, 0] == 255 and not small[:, 8:].any()


def test_points_are_as_close_as_the_size_needs():
    for k, least, most in ((0.2, 0.9, 1.5), (1.0, 0.9, 1.3), (6.0, 0.8, 1.3)):
        way = np.diff(fitted(pens.STEM, k).points.astype(float), axis=0)
        length = np.hypot(*way.T)[:-1] * k
        assert least - 0.2 < np.median(length) < most, k
    assert fitted(pens.DOT, 9.0).points.tolist() == pens.DOT.points.tolist()


@pytest.mark.parametrize("xheight", [4.0, 18.0, 150.0])
def test_area_and_place_are_right_at_any_size(xheight):
    k = xheight / FRAME.xheight
    one = [np.array([value]) for value in (xheight, 200.3, 500.7, 0.0, 0.0, 1.0)]
    ((_, left, top, drawn),) = PenGlyphs(pens.STEM, SIZE).tiles(FRAME, *one)
    length = np.hypot(3.5, 31.2)
    assert drawn.sum() / 255 == pytest.approx(k * k * (length * 2.2 + np.pi * 1.1**2), rel=0.01, abs=ROUND)
    weight = drawn / drawn.sum()
    x, y = np.arange(drawn.shape[1]) + left + 0.5, np.arange(drawn.shape[0]) + top + 0.5
    assert weight.sum(axis=0) @ x == pytest.approx(200.3 + k * ((30.2 + 33.7) / 2 - 32), abs=0.03 + 0.02 / k)
    assert weight.sum(axis=1) @ y == pytest.approx(
        500.7 + k * ((14.1 + 45.3) / 2 - FRAME.baseline), abs=0.03 + 0.02 / k
    )


def test_glyphs_turn_counter_clockwise_and_lean_to_the_right():
    flat = pens.glyph(np.array([[32.0, FRAME.baseline], [50.0, FRAME.baseline]]))
    stem = pens.glyph(np.array([[32.0, FRAME.baseline], [32.0, FRAME.baseline - 18.0]]))
    zero, one = np.zeros(1), np.ones(1)
    placed = PenGlyphs(flat, SIZE).placed(FRAME, 18 * one, 5 * one, 7 * one, np.pi / 6 * one, zero)
    assert placed.points[-1] == pytest.approx([5 + 18 * np.cos(np.pi / 6), 7 - 9], abs=1e-4)
    placed = PenGlyphs(stem, SIZE).placed(FRAME, 18 * one, 5 * one, 7 * one, zero, 0.25 * one)
    assert placed.points[-1] == pytest.approx([5 + 4.5, 7 - 18], abs=1e-4)
    assert placed.width == pytest.approx(pens.WIDTH)


def test_no_strokes_leave_no_ink():
    none = PenGlyphs(Paths.empty(2), SIZE)
    canvas = np.zeros((20, 20), np.uint8)
    none.lay(canvas, FRAME, *columns(2))
    assert not canvas.any() and not list(none.tiles(FRAME, *columns(2))) and not none.ink().any()
    assert not list(pictures(Paths.empty(0), np.empty(0)))

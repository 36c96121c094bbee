"""What layout, truth and plotters need of strokes: edges row by row, hulls, lines, drops of ink."""

from __future__ import annotations

import numpy as np
import pens
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.glyph import FieldGlyphs, PenGlyphs
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penshape import hulls, pooled, profiles, traces

DRAWN = PenGlyphs(pens.LETTERS, FRAME.size)


def edge(paths: Paths) -> np.ndarray:
    """Points [k,2] all around the pen at every point of the line."""
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    around = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    half = (paths.width / 2)[paths.stroke]
    return (paths.points[:, None] + half[:, None, None] * around).reshape(-1, 2)


def beyond(corners: np.ndarray, points: np.ndarray) -> float:
    """How far any of `points` is outside the convex polygon, in px; negative: all are inside."""
    way = np.roll(corners, -1, axis=0) - corners
    length = np.hypot(*way.T)
    way, start = way[length > 1e-6], corners[length > 1e-6]
    normal = np.stack([way[:, 1], -way[:, 0]], axis=1) / np.hypot(*way.T)[:, None]
    return float(((points[:, None] - start) * normal).sum(axis=2).max())


def parts(paths: Paths, level: float = 0.0) -> list[np.ndarray]:
    corners, starts = hulls(paths, FRAME, level)
    assert corners.dtype == np.float64 and starts[0] == 0 and starts[-1] == len(corners)
    return [corners[a:b] for a, b in zip(starts[:-1], starts[1:], strict=True)]


@pytest.mark.parametrize(("width", "near"), [(1.0, 0.4), (2.2, 0.2), (5.0, 0.15)])
def test_profiles_are_those_of_the_same_ink_as_a_field(width, near):
    paths = Paths(
        pens.LETTERS.points, pens.LETTERS.strokes, pens.LETTERS.glyphs, np.full_like(pens.LETTERS.width, width)
    )
    drawn = PenGlyphs(paths, FRAME.size)
    ours, theirs = drawn.profiles(FRAME), FieldGlyphs(drawn.fields()).profiles(FRAME)
    assert ours.left.shape == ours.right.shape == (len(drawn), FRAME.size)
    for one, other in ((ours.left, theirs.left), (ours.right, theirs.right)):
        both = np.isfinite(one) & np.isfinite(other)
        # the first and the last row of ink may be there for one alone
        assert (np.isfinite(one) != np.isfinite(other)).sum() <= 2 * len(drawn)
        assert both.sum() > 100 and np.quantile(np.abs(one[both] - other[both]), 0.98) * FRAME.xheight < near


def test_profiles_of_a_stem_are_its_edges():
    stem = pens.glyph(pens.line((30.0, 20.0), (30.0, 45.0)), width=3.0)
    found = profiles(stem, FRAME)
    inked = np.flatnonzero(np.isfinite(found.left[0]))
    assert (inked[0], inked[-1]) == (18, 46)
    rows = slice(21, 44)
    assert found.left[0, rows] == pytest.approx((28.5 - 32) / FRAME.xheight, abs=0.003)
    assert found.right[0, rows] == pytest.approx((31.5 - 32) / FRAME.xheight, abs=0.003)
    assert found.left[0, 5] == np.inf and found.right[0, 5] == -np.inf


def test_profiles_of_each_glyph_are_its_own():
    whole = profiles(pens.LETTERS, FRAME)
    for i, one in enumerate(pens.alone(pens.LETTERS)):
        alone = profiles(one, FRAME)
        assert (alone.left[0] == whole.left[i]).all() and (alone.right[0] == whole.right[i]).all()
    assert whole.blank.tolist() == [False] * 5 + [True]
    assert profiles(Paths.empty(0), FRAME).left.shape == (0, FRAME.size)


def test_ink_beyond_the_frame_has_no_rows():
    found = profiles(pens.glyph(pens.line((30.0, -9.0), (30.0, 80.0))), FRAME)
    assert np.isfinite(found.left).all()
    assert profiles(pens.glyph(pens.line((30.0, -20.0), (30.0, -9.0))), FRAME).blank.all()


def test_boxes_are_the_bounds_about_the_glyph_s_point():
    found = DRAWN.boxes(FRAME)
    field = FieldGlyphs(DRAWN.fields()).boxes(FRAME)
    assert np.abs(found - field)[:-1].max() * FRAME.xheight < 1.0 and (found[-1, 2] < found[-1, 0])
    stem = PenGlyphs(
        pens.glyph(pens.line((32.0, FRAME.baseline - 18.0), (32.0, FRAME.baseline)), width=3.6), FRAME.size
    )
    assert stem.boxes(FRAME)[0] == pytest.approx([-0.1, -1.1, 0.1, 0.1], abs=1e-4)


@pytest.mark.parametrize("level", [0.0, -0.5, 0.3])
def test_hulls_hold_all_ink_and_little_more(level):
    for hull, one in zip(parts(pens.LETTERS, level)[:-1], pens.alone(pens.LETTERS)[:-1], strict=True):
        grown = Paths(one.points, one.strokes, one.glyphs, one.width - np.float32(2 * level))
        assert beyond(hull, edge(grown)) <= 0.06
        assert np.abs(pens.distance(hull, grown)).max() < 0.02, "each corner is at the edge of the ink"


@given(
    st.lists(st.lists(st.tuples(st.floats(8, 56), st.floats(8, 56)), min_size=1, max_size=6), min_size=1, max_size=3),
    st.floats(0.5, 6.0),
)
@example([[(25.0, 14.0), (26.0, 20.0), (24.5, 8.0), (24.5, 9.0)]], 1.0)
@settings(max_examples=60, deadline=None)
def test_hulls_of_any_strokes_hold_their_ink(strokes, width):
    paths = pens.glyph(
        *(pens.line(*corners) if len(corners) > 1 else np.array(corners) for corners in strokes), width=width
    )
    (hull,) = parts(paths)
    assert beyond(hull, edge(paths)) <= 0.06


def test_hulls_hold_the_pixels_of_the_picture():
    picture = DRAWN.ink() > 0.5
    for hull, pixels in zip(parts(pens.LETTERS)[:-1], picture[:-1], strict=True):
        y, x = np.nonzero(pixels)
        assert beyond(hull, np.stack([x + 0.5, y + 0.5], axis=1)) <= 0.06


def test_hulls_are_convex_and_run_clockwise():
    for hull in parts(pens.LETTERS):
        way = np.roll(hull, -1, axis=0) - hull
        turn = way[:, 0] * np.roll(way[:, 1], -1) - way[:, 1] * np.roll(way[:, 0], -1)
        assert len(hull) >= 3 and (turn > -1e-3).all() and turn.sum() > 0


def test_hulls_are_each_glyph_s_own_whatever_is_beside_it():
    order = np.array([2, 5, 0, 3])
    whole, some = parts(pens.LETTERS), parts(pens.LETTERS.take(order))
    for row, hull in zip(order, some, strict=True):
        assert np.array_equal(hull, whole[row])


def test_a_glyph_without_ink_has_a_speck_at_its_point():
    hull = parts(pens.LETTERS)[-1]
    assert np.abs(hull - (FRAME.size / 2, FRAME.baseline)).max() < 0.05
    assert parts(Paths.empty(0)) == []


def test_lines_are_the_strokes_in_the_order_of_writing():
    found = traces(pens.LETTERS)
    assert [len(glyph) for glyph in found] == [1, 1, 2, 1, 1, 0]
    for glyph, one in zip(found, pens.alone(pens.LETTERS), strict=True):
        for number, stroke in enumerate(glyph):
            points = one.points[one.strokes[number] : one.strokes[number + 1]]
            assert len(stroke.points) >= 2 and stroke.points.dtype == np.float64
            assert stroke.points[0] == pytest.approx(points[0], abs=1e-5)
            assert stroke.points[-1] == pytest.approx(points[-1], abs=0.02)
            assert stroke.widths == pytest.approx(one.width[number]) and len(stroke.widths) == len(stroke.points)


def test_ink_pools_where_strokes_end():
    for amount, most in ((0.5, 1.11), (1.0, 1.22), (9.0, 1.66)):
        wet = pooled(pens.LETTERS, amount)
        assert len(wet) == len(pens.LETTERS) and (np.diff(wet.glyphs) == 2 * np.diff(pens.LETTERS.glyphs)).all()
        for before, after in zip(pens.alone(pens.LETTERS), pens.alone(wet), strict=True):
            count = len(before.width)
            assert (after.points[: len(before.points)] == before.points).all()
            assert after.points[len(before.points) :].tolist() == before.points[before.strokes[1:] - 1].tolist()
            assert after.width[count:] == pytest.approx(most * before.width)
    assert pooled(pens.LETTERS, 0.0) is pens.LETTERS
    assert (PenGlyphs(pens.WAVE, FRAME.size).pooled(FRAME, 1.0).ink() >= PenGlyphs(pens.WAVE, FRAME.size).ink()).all()


def test_thicker_pens_and_leaning_strokes():
    thick = DRAWN.thicker(0.4).paths
    assert thick.width == pytest.approx(pens.LETTERS.width + 0.8) and (thick.points == pens.LETTERS.points).all()
    each = DRAWN.thicker(np.arange(6) / 10).paths
    assert each.width == pytest.approx(pens.LETTERS.width + np.array([0.0, 0.2, 0.4, 0.4, 0.6, 0.8]))
    assert (DRAWN.thicker(-9.0).paths.width > 0).all()
    field = FieldGlyphs(DRAWN.fields())
    for pen, plain in (
        (DRAWN.thicker(0.4), field.thicker(0.4)),
        (DRAWN.sheared(0.2, FRAME), field.sheared(0.2, FRAME)),
    ):
        one, other = pen.ink()[:-1], plain.ink()[:-1]
        assert np.minimum(one, other).sum() / np.maximum(one, other).sum() > 0.93
    leaning = DRAWN.sheared(0.2, FRAME).paths.points
    assert leaning[:, 1].tolist() == pens.LETTERS.points[:, 1].tolist()


def test_keys_are_equal_for_equal_drawings_alone():
    keys = DRAWN.keys()
    assert len(set(keys)) == len(DRAWN) and DRAWN.take(np.array([2, 2, 0])).keys() == [keys[2], keys[2], keys[0]]
    others = [DRAWN.thicker(0.1), DRAWN.sheared(0.1, FRAME), PenGlyphs(splined(pens.LETTERS, 2), FRAME.size)]
    for other in others:
        inked = [key for key, old in zip(other.keys()[:4], keys[:4], strict=True) if key == old]
        assert not inked
    halves = pens.glyph(pens.CROSS.points[:10], pens.CROSS.points[10:])
    assert PenGlyphs(halves, FRAME.size).keys()[0] != keys[2], "the same points in other strokes"

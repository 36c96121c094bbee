"""Outlines of pen strokes: at the edge of the ink, holes the other way round, overlaps gone, few curves."""

from __future__ import annotations

import numpy as np
import pens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.glyph import PenGlyphs
from handsynth.ink.outline import Outlines
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penoutline import outlines

TOLERANCE = 0.08


def flat(outline: Outlines, steps: int = 16) -> list[np.ndarray]:
    """Each contour as a polygon."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    drawn = np.einsum("tk,skd->std", weights, outline.segments.astype(np.float64))
    ends = outline.contours
    return [drawn[a:b].reshape(-1, 2) for a, b in zip(ends[:-1], ends[1:], strict=True)]


def area(polygon: np.ndarray) -> float:
    """Positive clockwise as seen."""
    x, y = (polygon - polygon[0]).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def length(polygons: list[np.ndarray]) -> float:
    return sum(float(np.hypot(*(np.roll(polygon, -1, axis=0) - polygon).T).sum()) for polygon in polygons)


def off(found: Outlines, paths: Paths) -> np.ndarray:
    """How far the outline is from the exact edge of the strokes, at many places."""
    return np.abs(pens.distance(np.concatenate(flat(found, 8)), splined(paths, 8)))


@pytest.mark.parametrize("paths", pens.alone(pens.LETTERS)[:-1])
@pytest.mark.parametrize("width", [0.7, 2.2, 5.0])
def test_outlines_are_the_edge_of_the_ink(paths, width):
    pen = Paths(paths.points, paths.strokes, paths.glyphs, np.full_like(paths.width, width))
    found = outlines(pen, TOLERANCE)
    away = off(found, pen)
    assert away.max() < 1.5 * TOLERANCE and np.sqrt((away**2).mean()) < 0.5 * TOLERANCE
    drawn = flat(found)
    assert sum(map(area, drawn)) == pytest.approx(pens.inked(splined(pen, 4)), abs=0.025 * length(drawn))


def test_a_stem_is_a_few_curves_with_straight_sides():
    found = outlines(pens.STEM, TOLERANCE)
    assert len(found.contours) == 2 and 4 <= len(found.segments) <= 8
    (polygon,) = flat(found)
    assert area(polygon) == pytest.approx(np.hypot(3.5, 31.2) * 2.2 + np.pi * 1.1**2, rel=0.01)


def test_a_dot_is_a_circle():
    found = outlines(pens.DOT, TOLERANCE)
    (polygon,) = flat(found)
    assert np.hypot(*(polygon - (32.3, 20.6)).T) == pytest.approx(1.5, abs=TOLERANCE)
    assert 2 <= len(found.segments) <= 6


def test_holes_run_the_other_way():
    areas = sorted(map(area, flat(outlines(pens.RING, TOLERANCE))))
    assert areas == [pytest.approx(-np.pi * 7.9**2, rel=0.02), pytest.approx(np.pi * 10.1**2, rel=0.02)]


def test_holes_that_nobody_sees_are_filled():
    eye = pens.glyph(pens.arc(32, 32, 1.35))
    hole = np.pi * (1.35 - pens.WIDTH / 2) ** 2
    assert len(flat(outlines(eye, TOLERANCE))) == 2 == len(flat(outlines(eye, TOLERANCE, 0.5 * hole)))
    (filled,) = flat(outlines(eye, TOLERANCE, 2 * hole))
    assert area(filled) == pytest.approx(np.pi * (1.35 + pens.WIDTH / 2) ** 2, rel=0.05)
    assert len(flat(outlines(pens.RING, TOLERANCE, 2 * hole))) == 2, "larger ones stay"
    assert len(flat(outlines(pens.glyph(np.array([[32.0, 32.0]]), width=0.3), TOLERANCE, 9.0))) == 1, "so does all ink"


def test_where_strokes_overlap_there_is_one_edge():
    (cross,) = flat(outlines(pens.CROSS, TOLERANCE))
    two = sum(area(flat(outlines(pens.glyph(points), TOLERANCE))[0]) for points in (
        pens.line((22, 20), (42, 44)), pens.line((42, 20), (22, 44))
    ))  # fmt: skip
    assert area(cross) == pytest.approx(pens.inked(pens.CROSS), rel=0.01)
    assert two - area(cross) > 0.9 * pens.WIDTH**2, "the shared part counts once"
    twice = Paths.joined([pens.WAVE, pens.WAVE]).merged(np.array([2]))
    assert sum(map(area, flat(outlines(twice, TOLERANCE)))) == pytest.approx(pens.inked(pens.WAVE), rel=0.01)


def test_pens_of_several_widths_are_one_outline():
    thick = pens.glyph(pens.line((22, 40), (42, 40)), width=5.0)
    both = Paths.joined([pens.glyph(pens.line((32, 20), (32, 40))), thick]).merged(np.array([2]))
    found = outlines(both, TOLERANCE)
    assert len(found.contours) == 2 and off(found, both).max() < 2.5 * TOLERANCE
    assert area(flat(found)[0]) == pytest.approx(pens.inked(both), rel=0.01)


def test_a_line_that_crosses_itself_keeps_its_ink_and_its_hole():
    loop = pens.glyph(
        np.concatenate([pens.line((20, 44), (40, 24)), pens.arc(31, 20, 9.8, 0.4, -3.9), pens.line((24, 27), (44, 44))])
    )
    areas = sorted(map(area, flat(outlines(loop, TOLERANCE))))
    assert len(areas) == 2 and areas[0] < 0 < areas[1] and sum(areas) == pytest.approx(pens.inked(loop), rel=0.01)


def test_parts_that_do_not_touch_are_contours_of_their_own():
    dotted = pens.glyph(pens.line((32, 30), (32, 45)), np.array([[32.0, 20.0]]))
    assert len(flat(outlines(dotted, TOLERANCE))) == 2


def test_curves_are_few_and_fewer_the_more_they_may_be_off():
    tight, usual, loose = (outlines(pens.WAVE, tolerance) for tolerance in (0.02, TOLERANCE, 0.3))
    assert len(loose.segments) < len(usual.segments) < len(tight.segments) and len(usual.segments) <= 26
    assert len(outlines(pens.RING, TOLERANCE).segments) <= 16


def test_contours_close_and_segments_meet_exactly():
    found = outlines(pens.LETTERS, TOLERANCE)
    following = np.arange(1, len(found.segments) + 1)
    following[found.contours[1:] - 1] = found.contours[:-1]
    assert (found.segments[:, 3] == found.segments[following, 0]).all()
    assert found.segments.dtype == np.float32 and np.isfinite(found.segments).all()
    assert len(found) == len(pens.LETTERS) and found.glyphs[-1] == len(found.contours) - 1
    assert (np.diff(found.glyphs) > 0).tolist() == [True] * 5 + [False]


def test_glyphs_do_not_depend_on_their_batch(monkeypatch):
    from handsynth.ink import penoutline

    whole = outlines(pens.LETTERS, TOLERANCE)
    monkeypatch.setattr(penoutline, "_TRACED", 2)
    parts = outlines(pens.LETTERS, TOLERANCE)
    for name in ("segments", "straight", "contours", "glyphs"):
        assert np.array_equal(getattr(whole, name), getattr(parts, name))
    for i, one in enumerate(pens.alone(pens.LETTERS)):
        first, last = whole.contours[whole.glyphs[[i, i + 1]]]
        assert np.array_equal(outlines(one, TOLERANCE).segments, whole.segments[first:last])


def test_glyphs_without_ink_have_no_contours():
    assert len(outlines(Paths.empty(0), TOLERANCE)) == 0
    found = outlines(Paths.empty(3), TOLERANCE)
    assert found.glyphs.tolist() == [0, 0, 0, 0] and not len(found.segments)
    assert PenGlyphs(Paths.empty(2), FRAME.size).outlines(FRAME, TOLERANCE, 1.0).glyphs.tolist() == [0, 0, 0]


@given(
    st.lists(st.lists(st.tuples(st.floats(10, 54), st.floats(10, 54)), min_size=1, max_size=4), min_size=1, max_size=3),
    st.floats(0.5, 6.0),
)
@settings(max_examples=40, deadline=None)
def test_any_strokes_have_an_outline_of_their_ink(strokes, width):
    paths = pens.glyph(
        *(pens.line(*corners) if len(corners) > 1 else np.array(corners) for corners in strokes), width=width
    )
    found = outlines(paths, TOLERANCE)
    assert np.isfinite(found.segments).all() and found.segments.min() > 0 and found.segments.max() < 64
    drawn = flat(found)
    assert sum(map(area, drawn)) == pytest.approx(pens.inked(splined(paths, 2)), abs=0.1 + 0.06 * length(drawn))

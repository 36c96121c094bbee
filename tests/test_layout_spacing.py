"""The distance of two neighbours, from their ink."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree
from shapes import CHARS, PEN, draw, strokes

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.profiles import profiles
from handsynth.layout import spacing

STEM = strokes((0.0, PEN), (0.0, 1 - PEN))
ROUND = strokes(*[(0.45 * np.cos(a), 0.5 + 0.43 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)])
TALL_T = strokes((0.0, PEN), (0.0, 1.5), (-0.5, 1.5), (0.5, 1.5))
RISING = strokes((-0.4, PEN), (0.4, 1.5))
FALLING = strokes((-0.4, 1.5), (0.4, PEN))
DOT = strokes((0.0, 0.1), (0.01, 0.1))
QUOTE = strokes((0.0, 1.2), (0.0, 1.5))
LEG = strokes((-0.4, 1.5), (-0.4, PEN), (0.4, PEN))


def between(first, second, **options) -> float:
    """Clear space between the ink boxes; negative where they overlap."""
    one, two = (profiles(field[None], FRAME) for field in (first, second))
    distance = spacing.distances(one, two, FRAME, **options)
    return float((distance - one.box()[1] + two.box()[0])[0])


def nearest(first, second, distance: float) -> float:
    """Distance of the nearest two points of ink, seen finely, in x-heights."""
    fine = 4

    def points(field, shift):
        grid = (np.arange(64 * fine) + 0.5) / fine
        at = np.clip(grid - 0.5, 0, 62.999)
        low = at.astype(int)
        part = at - low
        rows = field[low] * (1 - part)[:, None] + field[low + 1] * part[:, None]
        full = rows[:, low] * (1 - part) + rows[:, low + 1] * part
        y, x = np.nonzero(full > 0)
        return np.stack([grid[x] / FRAME.xheight + shift, grid[y] / FRAME.xheight], axis=1)

    return float(cKDTree(points(first, 0.0)).query(points(second, distance))[0].min())


def test_profiles_find_the_edge_between_pixels():
    found = profiles(STEM[None], FRAME)
    row = FRAME.baseline - 9
    assert found.right[0, row] == pytest.approx(PEN, abs=0.003)
    assert found.left[0, row] == pytest.approx(-PEN, abs=0.003)
    assert found.left[0, 5] == np.inf and found.right[0, 5] == -np.inf
    assert not found.blank[0]


def test_stems_have_the_usual_gap():
    for gap in (0.1, 0.22, 0.4, 0.7, 1.0):
        assert between(STEM, STEM, gap=gap, clearance=gap / 2) == pytest.approx(gap, abs=0.02)


def test_rounds_stand_closer_than_stems():
    usual = between(STEM, STEM)
    assert between(ROUND, ROUND) < between(ROUND, STEM) < usual
    assert between(ROUND, ROUND) > 0.4 * usual


def test_shapes_that_make_room_are_used():
    assert between(TALL_T, ROUND) < -0.05
    assert between(RISING, FALLING) > between(RISING, RISING) - 0.5
    assert between(FALLING, RISING) < between(STEM, STEM)
    assert between(RISING, RISING) < -0.1
    assert between(LEG, QUOTE) < -0.1
    assert between(TALL_T, DOT) < -0.1


def test_order_is_kept_where_nothing_faces():
    assert -0.13 < between(QUOTE, DOT) < 0.2
    assert -0.13 < between(DOT, QUOTE) < 0.2
    assert between(STEM, QUOTE) > -0.1


def test_mirror_images_have_the_same_distance():
    for one, two in ((TALL_T, ROUND), (LEG, STEM), (RISING, DOT)):
        assert between(one, two) == pytest.approx(between(two[:, ::-1], one[:, ::-1]), abs=1e-3)


def test_more_gap_is_more_distance():
    for one, two in ((STEM, STEM), (TALL_T, ROUND), (RISING, DOT), (QUOTE, DOT)):
        spaces = [between(one, two, gap=gap) for gap in (0.05, 0.2, 0.4, 0.8, 1.6)]
        assert spaces == sorted(spaces)


def test_blank_glyphs_are_harmless():
    empty = np.full((64, 64), -4.0, np.float32)
    for pair in ((empty, STEM), (STEM, empty), (empty, empty)):
        assert np.isfinite(between(*pair))
        one, two = (profiles(field[None], FRAME) for field in pair)
        assert np.isfinite(spacing.apart(one, two, FRAME, 1.0)).all()


@given(st.lists(st.sampled_from(range(len(CHARS))), min_size=2, max_size=8), st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_no_two_neighbours_touch(chars, seed):
    index = np.array(chars)
    fields = draw(index, np.arange(len(index), dtype=np.uint64) + np.uint64(seed)).array
    edges = profiles(fields, FRAME)
    pairs = np.arange(len(index) - 1)
    for clearance, gap in ((0.11, 0.22), (0.05, 0.1)):
        distance = spacing.distances(edges.take(pairs), edges.take(pairs + 1), FRAME, gap, clearance)
        for i in pairs:
            # the edge is a straight line between pixels here and there, hence the small allowance
            assert nearest(fields[i], fields[i + 1], distance[i]) > clearance - 0.03


def test_a_pair_does_not_depend_on_the_others():
    fields = draw(np.arange(40), np.arange(40, dtype=np.uint64)).array
    edges = profiles(fields, FRAME)
    pairs = np.arange(39)
    together = spacing.distances(edges.take(pairs), edges.take(pairs + 1), FRAME)
    for i in (0, 17, 38):
        alone = spacing.distances(edges.take(pairs[i : i + 1]), edges.take(pairs[i : i + 1] + 1), FRAME)
        assert alone[0] == together[i]


def test_words_stand_apart_by_what_the_eye_sees():
    def apart(first, second):
        one, two = (profiles(field[None], FRAME) for field in (first, second))
        return float((spacing.apart(one, two, FRAME, 1.0) - one.box()[1] + two.box()[0])[0])

    assert apart(STEM, STEM) == pytest.approx(1.0, abs=0.01)
    assert 0.6 < apart(TALL_T, ROUND) < 0.95
    assert 0.4 < apart(DOT, QUOTE) < 1.0

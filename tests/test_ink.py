"""Fields to coverage: area, place, size, angle, edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.frame import STANDARD as FRAME
from handsynth.ink import field as ink

Y, X = np.mgrid[0:64, 0:64] + 0.5
POINT = (FRAME.size / 2, FRAME.baseline)
DISC = np.clip(10.0 - np.hypot(X - 32, Y - 36), -4, 4).astype(np.float32)
STROKE = np.clip(1.0 - np.abs(X - 32), -4, 4).astype(np.float32)
STROKE[:16], STROKE[45:] = -4, -4


def area(drawn):
    return drawn[2].sum() / 255


def centre(drawn):
    left, top, grey = drawn
    weight = grey / grey.sum()
    x, y = np.arange(grey.shape[1]) + left + 0.5, np.arange(grey.shape[0]) + top + 0.5
    return float(weight.sum(axis=0) @ x), float(weight.sum(axis=1) @ y)


@pytest.mark.parametrize("xheight", [5, 9, 18, 24, 60, 200])
def test_area_and_place_are_right_at_any_size(xheight):
    k = xheight / FRAME.xheight
    drawn = ink.coverage(DISC, FRAME, xheight, 100.3, 80.7)
    assert area(drawn) == pytest.approx(math.pi * (10 * k) ** 2, rel=0.02)
    x, y = centre(drawn)
    assert x == pytest.approx(100.3, abs=0.02 + 0.002 * k) and y == pytest.approx(80.7 - 9 * k, abs=0.02 + 0.002 * k)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-0.5, 0.5))
@settings(max_examples=40, deadline=None)
def test_ink_does_not_depend_on_where_it_falls_on_the_grid(dx, dy, angle):
    drawn = ink.coverage(DISC, FRAME, 24, 50 + dx, 60 + dy, angle)
    assert area(drawn) == pytest.approx(math.pi * (10 * 24 / 18) ** 2, rel=0.01)
    x, y = centre(drawn)
    r = 9 * 24 / 18
    assert x == pytest.approx(50 + dx - r * math.sin(angle), abs=0.03)
    assert y == pytest.approx(60 + dy - r * math.cos(angle), abs=0.03)


def test_whole_pixels_move_the_same_ink():
    one, two = ink.coverage(DISC, FRAME, 24, 50.25, 60.5), ink.coverage(DISC, FRAME, 24, 57.25, 71.5)
    assert (one[0] + 7, one[1] + 11) == two[:2] and (one[2] == two[2]).all()


@pytest.mark.parametrize("xheight", [3, 5, 8])
def test_thin_strokes_turn_grey_and_do_not_break(xheight):
    k = xheight / FRAME.xheight
    for shift in np.linspace(0, 1, 7):
        grey = ink.coverage(STROKE, FRAME, xheight, 20 + shift, 30.0)[2]
        rows = grey[3:-3].astype(float).sum(axis=1) / 255
        assert rows == pytest.approx(2 * k, rel=0.12)


def test_edges_are_crisp_at_any_size():
    for xheight in (24, 100, 400):
        grey = ink.coverage(DISC, FRAME, xheight, 0.0, 0.0)[2]
        partial = ((grey > 8) & (grey < 247)).sum()
        around = 2 * math.pi * 10 * xheight / FRAME.xheight
        assert partial < 2.2 * around


def test_ink_that_leaves_the_frame_has_an_edge_like_any_other():
    wide = np.clip(3.0 - np.abs(Y - 36), -4, 4).astype(np.float32)
    left, _, grey = ink.coverage(wide, FRAME, 54, 96.5, 135.0)
    row = grey[grey.shape[0] // 2].astype(int)
    assert row[0] == 0 and row[-1] == 0 and row.max() == 255
    assert left + int((row > 127).argmax()) == pytest.approx(0, abs=2)
    assert len(np.unique(row)) >= 3


@pytest.mark.parametrize("xheight", [4, 24])
def test_no_ink_is_nothing(xheight):
    grey = ink.coverage(np.full((64, 64), -4, np.float32), FRAME, xheight, 3.0, 4.0)[2]
    assert grey.size == 0


def test_half_precision_looks_the_same():
    one = ink.coverage(DISC, FRAME, 90, 5.0, 5.0)[2].astype(int)
    two = ink.coverage(DISC.astype(np.float16), FRAME, 90, 5.0, 5.0)[2].astype(int)
    assert np.abs(one - two).max() <= 2

"""Centrelines: strokes as people make them, where the ink is, as wide as the ink."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

import handsynth
from handsynth.frame import STANDARD as FRAME
from handsynth.ink import field as ink
from handsynth.ink.centreline import traces

Y, X = np.mgrid[0:64, 0:64] + 0.5


def line(*points, half=1.5):
    """Field of a round pen's line through points."""
    distance = np.full((64, 64), np.inf)
    for (x0, y0), (x1, y1) in zip(points[:-1], points[1:], strict=True):
        length = max((x1 - x0) ** 2 + (y1 - y0) ** 2, 1e-9)
        along = np.clip(((X - x0) * (x1 - x0) + (Y - y0) * (y1 - y0)) / length, 0, 1)
        distance = np.minimum(distance, np.hypot(X - x0 - along * (x1 - x0), Y - y0 - along * (y1 - y0)))
    return np.clip(half - distance, -4, 4)


def one(*fields):
    (found,) = traces(np.max(fields, axis=0)[None], FRAME)
    return found


def drawn(strokes, k):
    """The ink of round pens that follow the traces, `k` pixels per px of the frame."""
    sheet = Image.new("1", (FRAME.size * k, FRAME.size * k))
    pen = ImageDraw.Draw(sheet)
    for stroke in strokes:
        at = np.linspace(0, len(stroke.points) - 1, 6 * len(stroke.points))
        knots = np.arange(len(stroke.points))
        columns = (*stroke.points.T, stroke.widths / 2)
        for x, y, r in zip(*(np.interp(at, knots, v) * k for v in columns), strict=True):
            pen.ellipse((x - r - 0.5, y - r - 0.5, x + r - 0.5, y + r - 0.5), fill=1)
    return np.asarray(sheet)


def likeness(field, strokes, k=4):
    """Intersection over union of the field's ink and that of the traces."""
    left, top, grey = ink.coverage(field, FRAME, FRAME.xheight * k, FRAME.size / 2 * k, FRAME.baseline * k)
    meant = np.zeros((72 * k, 72 * k), bool)
    meant[top + 4 * k : top + 4 * k + len(grey), left + 4 * k : left + 4 * k + grey.shape[1]] = grey > 127
    meant, again = meant[4 * k : -4 * k, 4 * k : -4 * k], drawn(strokes, k)
    return (meant & again).sum() / (meant | again).sum()


def test_bar_is_one_stroke_downwards_along_its_middle():
    (stroke,) = one(line((30, 15), (34, 45)))
    assert np.allclose(stroke.points[0], (30, 15), atol=0.4) and np.allclose(stroke.points[-1], (34, 45), atol=0.4)
    off = (stroke.points[:, 0] - 30) * 30 - (stroke.points[:, 1] - 15) * 4
    assert np.abs(off / np.hypot(30, 4)).max() < 0.15
    assert stroke.widths == pytest.approx(3.0, abs=0.5)


def test_flat_bar_goes_to_the_right():
    (stroke,) = one(line((45, 30), (15, 31)))
    assert stroke.points[0, 0] < 16 and stroke.points[-1, 0] > 44


def test_ring_is_one_closed_stroke_anticlockwise_from_its_top():
    (stroke,) = one(np.clip(1.5 - np.abs(np.hypot(X - 32, Y - 32) - 10), -4, 4))
    assert (stroke.points[0] == stroke.points[-1]).all()
    assert np.hypot(*(stroke.points - 32).T) == pytest.approx(10, abs=0.2)
    assert stroke.points[0, 1] == stroke.points[:, 1].min() and stroke.points[3, 0] < stroke.points[0, 0]


def test_t_is_a_stem_and_then_a_bar():
    stem, bar = one(line((32, 15), (32, 45)), line((22, 26), (42, 26)))
    assert np.ptp(stem.points[:, 1]) == pytest.approx(30, abs=0.8) and np.ptp(stem.points[:, 0]) < 0.8
    assert np.ptp(bar.points[:, 0]) == pytest.approx(20, abs=0.8) and np.ptp(bar.points[:, 1]) < 0.8


def test_crossing_lines_are_two_straight_strokes():
    first, second = one(line((22, 20), (42, 44)), line((42, 20), (22, 44)))
    for stroke in (first, second):
        assert np.ptp(stroke.points, axis=0) == pytest.approx([20, 24], abs=0.8)


def test_branch_ends_on_the_stroke_it_joins():
    stem, arm = one(line((28, 15), (28, 47)), line((28, 30), (42, 30)))
    assert np.ptp(stem.points[:, 0]) < 1.0
    assert arm.points[0] == pytest.approx([28, 30], abs=1.3) and arm.points[-1, 0] == pytest.approx(42, abs=0.4)


def test_dot_comes_last_and_is_very_short():
    body, dot = one(np.clip(1.8 - np.hypot(X - 32, Y - 18), -4, 4), line((32, 27), (32, 44)))
    assert len(dot.points) >= 2 and np.abs(dot.points - (32, 18)).max() < 0.5
    assert dot.widths == pytest.approx(3.6, abs=0.4) and len(body.points) > 10


def test_rough_edges_grow_no_spurs():
    noise = np.random.default_rng(3).normal(0, 0.25, (64, 64))
    (stroke,) = traces((line((32, 12), (32, 50), half=2.5) + noise)[None], FRAME)[0]
    assert np.ptp(stroke.points[:, 1]) == pytest.approx(38, abs=1.5)


def test_letters_redrawn_from_their_strokes_look_the_same():
    strokes, letters = 0, 0
    for hand in ("Willow", "Onyx", "Reed", "Fern"):
        # of the finest pens a shift of half a pixel is a quarter of the ink
        page = handsynth.typeset("abdefghikmnopqrstwxyz ABR 0123458 &", hand=hand, pen_width=0.125)
        found = traces(page.fields, page.frame)
        alike = [likeness(field, traced) for field, traced in zip(page.fields, found, strict=True)]
        assert np.mean(alike) > 0.85 and np.median(alike) > 0.85 and min(alike) > 0.6, hand
        strokes, letters = strokes + sum(map(len, found)), letters + len(found)
    # people need about one and a half strokes a character; where a pen trembles, some more are found
    assert strokes < 1.9 * letters


def test_glyphs_do_not_depend_on_their_batch():
    fields = handsynth.typeset("Stroke by stroke", hand="Quill").fields
    whole = traces(fields, FRAME)
    for i in (0, 5, len(fields) - 1):
        (alone,) = traces(fields[i : i + 1], FRAME)
        assert len(alone) == len(whole[i])
        for one, other in zip(alone, whole[i], strict=True):
            assert np.array_equal(one.points, other.points) and np.array_equal(one.widths, other.widths)


def test_no_ink_has_no_strokes():
    assert traces(np.full((2, 64, 64), -4.0), FRAME) == [[], []]
    assert traces(np.empty((0, 64, 64)), FRAME) == []

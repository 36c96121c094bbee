"""Outlines: near the edge, few curves, corners kept, holes the other way round, filled right."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import handsynth
from handsynth.frame import STANDARD as FRAME
from handsynth.ink import contours, pencurves
from handsynth.ink import field as ink
from handsynth.ink.outline import Outlines, deviation, outlines
from handsynth.ink.paths import Paths, splined

Y, X = np.mgrid[0:64, 0:64] + 0.5
TOLERANCE = 0.08
AT_SHARP_TURNS = 2.0
"""How many times the tolerance a curve may be from the edge between the points that it was fitted to."""


def disc(radius, x=32.0, y=32.0):
    return np.clip(radius - np.hypot(X - x, Y - y), -4, 4)


def box(left, top, right, bottom):
    return np.clip(np.minimum(np.minimum(X - left, right - X), np.minimum(Y - top, bottom - Y)), -4, 4)


RING = np.minimum(disc(12), -disc(7))


@cache
def letters():
    text = "The quick brown fox jumps over the lazy dog & 0123456789 (ABC) Äß!"
    # fields as a decoder draws them: the ridges of fine pens are sharper than the grid
    hands = ("Nutmeg", "Kelp", "Umber")
    return np.concatenate([handsynth.typeset(text, hand=hand, pen_width=0.2, seed=3).fields for hand in hands])


def flat(outline: Outlines, steps=16):
    """Each contour as a polygon."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    drawn = np.einsum("tk,skd->std", weights, outline.segments.astype(np.float64))
    ends = outline.contours
    return [drawn[a:b].reshape(-1, 2) for a, b in zip(ends[:-1], ends[1:], strict=True)]


def area(polygon):
    x, y = (polygon - polygon[0]).T
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def filled(polygons, k):
    """Even-odd fill at the middles of pixels, `k` to a px of the frame."""
    size = FRAME.size * k
    sheet = np.zeros((size, size + 1), int)
    middle = np.arange(size) + 0.5
    for polygon in polygons:
        for (x0, y0), (x1, y1) in zip(polygon * k, np.roll(polygon, -1, axis=0) * k, strict=True):
            rows = np.flatnonzero((middle >= min(y0, y1)) & (middle < max(y0, y1)))
            if len(rows):
                across = x0 + (middle[rows] - y0) / (y1 - y0) * (x1 - x0)
                sheet[rows, np.clip(np.ceil(across - 0.5), 0, size).astype(int)] += 1
    return np.cumsum(sheet, axis=1)[:, :-1] % 2 == 1


def inked(field, k):
    left, top, grey = ink.coverage(field, FRAME, FRAME.xheight * k, FRAME.size / 2 * k, FRAME.baseline * k)
    sheet = np.zeros((FRAME.size * k + 8 * k, FRAME.size * k + 8 * k), bool)
    sheet[top + 4 * k : top + 4 * k + len(grey), left + 4 * k : left + 4 * k + grey.shape[1]] = grey > 127
    return sheet[4 * k : -4 * k, 4 * k : -4 * k]


@pytest.mark.parametrize("radius", [1.0, 3.0, 8.0, 25.0])
def test_circle_is_few_curves_of_the_right_size(radius):
    field = disc(radius, 31.7, 32.2)[None]
    found = outlines(field, FRAME)
    assert 2 <= len(found.segments) <= 8
    (polygon,) = flat(found)
    gap = np.hypot(*(polygon - (31.7, 32.2)).T) - radius
    # a field at every pixel holds small circles less exactly
    assert np.abs(gap).max() < TOLERANCE + 0.05
    assert area(polygon) == pytest.approx(np.pi * radius**2, rel=0.05)


def test_holes_run_the_other_way():
    found = outlines(RING[None], FRAME)
    areas = sorted(map(area, flat(found)))
    assert areas == [pytest.approx(-np.pi * 49, rel=0.02), pytest.approx(np.pi * 144, rel=0.02)]


def test_rectangle_keeps_its_corners_and_its_straight_sides():
    found = outlines(box(20, 14, 40, 50)[None], FRAME)
    joints = found.segments[:, 0]
    for corner in ((20, 14), (40, 14), (40, 50), (20, 50)):
        assert np.hypot(*(joints - corner).T).min() < 0.3  # contours of pixels cut corners by so much
    assert len(joints) <= 12
    (polygon,) = flat(found)
    sides = np.stack([polygon[:, 0] - 20, 40 - polygon[:, 0], polygon[:, 1] - 14, 50 - polygon[:, 1]])
    assert np.abs(sides).min(axis=0).max() < 0.2


def test_straight_segments_have_their_control_points_on_the_line():
    found = outlines(np.stack([box(20, 14, 40, 50), box(10, 20, 50, 24)]), FRAME)
    start, one, two, stop = np.moveaxis(found.segments[found.straight], 1, 0)
    assert np.allclose(one, (2 * start + stop) / 3, atol=1e-5) and np.allclose(two, (start + 2 * stop) / 3, atol=1e-5)


def test_contours_close_and_segments_meet_exactly():
    found = outlines(letters(), FRAME)
    following = np.arange(1, len(found.segments) + 1)
    following[found.contours[1:] - 1] = found.contours[:-1]
    assert (found.segments[:, 3] == found.segments[following, 0]).all()
    assert found.segments.dtype == np.float32 and np.isfinite(found.segments).all()
    assert found.contours[-1] == len(found.segments) and found.glyphs[-1] == len(found.contours) - 1
    assert (np.diff(found.contours) >= 2).all() and len(found) == len(letters())


def test_joints_are_smooth_but_for_corners():
    found = outlines(disc(9)[None], FRAME)
    leaving, arriving = found.segments[:, 1] - found.segments[:, 0], found.segments[:, 3] - found.segments[:, 2]
    leaving, arriving = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (leaving, arriving))
    assert (np.roll(leaving, -1, axis=0) * arriving).sum(axis=1).min() > 0.9999


def test_letters_are_few_curves_near_the_edge():
    found = outlines(letters(), FRAME, TOLERANCE)
    away = deviation(found, letters(), FRAME)
    assert np.median(away) < 1.2 * TOLERANCE and away.max() < AT_SHARP_TURNS * TOLERANCE
    points = np.diff(contours.trace(letters(), FRAME).contours).sum()
    assert len(found.segments) < points / 8


def test_tolerance_buys_fewer_curves():
    fields = letters()[:40]
    tight, loose = outlines(fields, FRAME, 0.04), outlines(fields, FRAME, 0.2)
    assert len(loose.segments) < 0.7 * len(tight.segments)
    assert deviation(tight, fields, FRAME).mean() < deviation(loose, fields, FRAME).mean()


def test_deviation_sees_what_is_wrong():
    field = disc(8)[None]
    found = outlines(field, FRAME)
    moved = Outlines(found.segments + np.float32([0.5, 0]), found.straight, found.contours, found.glyphs)
    assert deviation(found, field, FRAME)[0] < TOLERANCE
    assert deviation(moved, field, FRAME)[0] == pytest.approx(0.5, abs=0.1)


def test_glyphs_do_not_depend_on_their_batch():
    fields = letters()
    whole = outlines(fields, FRAME)
    turned = outlines(fields[::-1], FRAME)
    for i in (0, 7, 50, len(fields) - 1):
        alone = outlines(fields[i : i + 1], FRAME)
        for other, at in ((whole, i), (turned, len(fields) - 1 - i)):
            first, last = other.contours[other.glyphs[at : at + 2]]
            assert np.array_equal(other.segments[first:last], alone.segments)


def test_filled_outlines_are_the_same_ink():
    alike = []
    for i in range(0, len(letters()), 4):
        drawn, meant = filled(flat(outlines(letters()[i : i + 1], FRAME)), 4), inked(letters()[i], 4)
        alike.append((drawn & meant).sum() / (drawn | meant).sum())
    assert np.mean(alike) > 0.975 and min(alike) > 0.94


def test_ink_that_leaves_the_frame_ends_at_its_border():
    found = outlines(np.stack([disc(10, 0, 32), box(-9, 20, 80, 40)]), FRAME)
    assert found.segments.min() > -0.2 and found.segments.max() < 64.2
    drawn = filled(flat(found)[1:], 4)
    assert drawn.mean() == pytest.approx(20 / 64, rel=0.01)


def test_no_ink_and_specks_are_no_contours():
    found = outlines(np.stack([np.full((64, 64), -4.0), disc(0.25), disc(3.0)]).astype(np.float16), FRAME)
    assert found.glyphs.tolist() == [0, 0, 0, 1]
    assert len(outlines(np.empty((0, 64, 64)), FRAME)) == 0


def test_fields_of_nothing_but_noise_and_of_nothing_but_ink_have_outlines():
    noise = np.random.default_rng(0).normal(-0.5, 2, (8, 64, 64))
    assert np.isfinite(outlines(noise, FRAME).segments).all()
    full = flat(outlines(np.full((1, 64, 64), 4.0), FRAME))
    assert sum(map(area, full)) == pytest.approx(64 * 64, rel=0.001)


def test_strokes_of_a_pen_are_few_curves_near_their_spline():
    turn = np.linspace(0, 1.5 * np.pi, 40)
    arc = np.stack([30 + 10 * np.cos(turn), 30 + 10 * np.sin(turn)], axis=1)
    hook = np.concatenate([np.linspace((20, 20), (20, 32), 11), np.linspace((20, 31), (24, 22), 9)])
    paths = Paths.of([[arc, np.array([[5.0, 6.0]])], [], [hook], [np.linspace((3, 4), (40, 9), 30)]], 2.5)
    found, fine = pencurves.curves(paths), splined(paths, 16)
    assert np.array_equal(found.glyphs, paths.glyphs) and len(found) == 4
    counts = np.diff(found.strokes)
    assert counts[0] <= 5 and counts[1] == 1 and counts[2] <= 9 and counts[3] == 1 and found.straight[-1]
    t = np.linspace(0, 1, 400)[:, None]
    weights = np.concatenate([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3], axis=1)
    for k in range(len(counts)):
        pieces = found.segments[found.strokes[k] : found.strokes[k + 1]]
        assert np.array_equal(pieces[1:, 0], pieces[:-1, 3])
        drawn = np.einsum("tk,skd->std", weights, pieces).reshape(-1, 2)
        line = fine.points[fine.strokes[k] : fine.strokes[k + 1]]
        gap = np.hypot(*np.moveaxis(line[:, None] - drawn, 2, 0))
        assert max(gap.min(axis=0).max(), gap.min(axis=1).max()) < 0.12
    alone = pencurves.curves(paths.take(np.array([2])))
    assert np.array_equal(alone.segments, found.segments[found.strokes[2] : found.strokes[3]])
    assert np.array_equal(found.take(np.array([3, 2])).segments[1:], alone.segments)
    assert not len(pencurves.curves(Paths.empty(2)).segments)

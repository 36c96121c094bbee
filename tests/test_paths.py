"""Pen paths: taken, joined, merged, moved, bounded, and drawn finer or coarser."""

from __future__ import annotations

import numpy as np
import pens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.ink.paths import Paths, splined, thinned

PLACES = st.tuples(st.integers(-500, 500), st.integers(-500, 500))
STROKES = st.lists(PLACES, min_size=1, max_size=9)
GLYPHS = st.lists(st.lists(STROKES, max_size=4), max_size=6)


@st.composite
def some_paths(draw) -> Paths:
    made = Paths.of([[np.array(stroke) / 8 for stroke in glyph] for glyph in draw(GLYPHS)], 1.0)
    widths = draw(st.lists(st.integers(1, 40), min_size=len(made.width), max_size=len(made.width)))
    return Paths(made.points, made.strokes, made.glyphs, np.array(widths, np.float32) / 8)


def spelt(paths: Paths) -> list[list[tuple[float, list[list[float]]]]]:
    """Width and points of each stroke of each glyph."""
    strokes = [
        (float(width), paths.points[first:stop].tolist())
        for first, stop, width in zip(paths.strokes[:-1], paths.strokes[1:], paths.width, strict=True)
    ]
    return [strokes[first:stop] for first, stop in zip(paths.glyphs[:-1], paths.glyphs[1:], strict=True)]


def test_strokes_and_glyphs_are_where_they_were_put():
    paths = Paths.of([[pens.line((0, 0), (2, 0)), np.array([[5.0, 6.0]])], [], [pens.line((1, 1), (1, 2))]], 1.5)
    assert len(paths) == 3 and paths.owner.tolist() == [0, 0, 2] and paths.stroke.tolist() == [0, 0, 0, 1, 2, 2]
    assert spelt(paths)[0][1] == (1.5, [[5.0, 6.0]]) and spelt(paths)[1] == []
    assert paths.points.dtype == paths.width.dtype == np.float32
    assert paths.strokes.dtype == paths.glyphs.dtype == np.int64


@given(some_paths(), st.data())
@settings(max_examples=80, deadline=None)
def test_taken_glyphs_are_those_in_any_order_and_number(paths, data):
    before = spelt(paths)
    rows = data.draw(st.lists(st.integers(0, len(paths) - 1), max_size=8)) if len(paths) else []
    assert spelt(paths.take(np.array(rows, np.int64))) == [before[i] for i in rows]
    cut = slice(data.draw(st.none() | st.integers(-7, 7)), data.draw(st.none() | st.integers(-7, 7)))
    assert spelt(paths.take(cut)) == before[cut]
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=len(paths), max_size=len(paths))), bool)
    assert spelt(paths.take(keep)) == [glyph for glyph, kept in zip(before, keep, strict=True) if kept]
    assert spelt(paths) == before


@given(st.lists(some_paths(), max_size=4))
@settings(max_examples=60, deadline=None)
def test_joined_glyphs_follow_one_another(parts):
    whole = Paths.joined(parts)
    assert spelt(whole) == [glyph for part in parts for glyph in spelt(part)]
    assert whole.strokes[-1] == len(whole.points) and whole.glyphs[-1] == len(whole.width)


@given(some_paths(), st.data())
@settings(max_examples=60, deadline=None)
def test_merged_glyphs_hold_all_strokes_in_order(paths, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(paths)), max_size=4)))
    edges = [0, *cuts, len(paths)]
    merged = paths.merged(np.diff(edges))
    before = spelt(paths)
    assert spelt(merged) == [sum(before[a:b], []) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def test_each_glyph_is_moved_by_its_own_map():
    paths = Paths.of([[np.array([[1.0, 2.0], [3.0, 4.0]])], [], [np.array([[5.0, 6.0]])]], 1.0)
    matrices = np.array([[[1, 0, 10], [0, 1, 20]], [[9, 9, 9], [9, 9, 9]], [[0, -1, 0.5], [2, 0, 0]]], float)
    moved = paths.moved(matrices)
    assert moved.points.tolist() == [[11, 22], [13, 24], [-5.5, 10]]
    assert moved.points.dtype == np.float32 and (moved.width == paths.width).all()


@given(some_paths())
@settings(max_examples=80, deadline=None)
def test_bounds_are_those_of_the_pen_at_every_point(paths):
    for box, glyph in zip(paths.bounds(), spelt(paths), strict=True):
        if not glyph:
            assert box[2] < box[0] and box[3] < box[1]
            continue
        edges = np.array(
            [
                [x + dx * w / 2, y + dy * w / 2]
                for w, points in glyph
                for x, y in points
                for dx, dy in ((1, 1), (-1, -1))
            ]
        )
        assert box == pytest.approx([*edges.min(axis=0), *edges.max(axis=0)], abs=1e-4)


def test_nothing_at_all():
    none = Paths.empty(3)
    assert len(none) == 3 and spelt(none) == [[], [], []] and (none.bounds()[:, 2] < none.bounds()[:, 0]).all()
    assert len(Paths.joined([])) == 0 and spelt(none.take([2, 0])) == [[], []]
    assert splined(none, 4) is none and thinned(none, 4) is none
    assert spelt(none.moved(np.zeros((3, 2, 3)))) == [[], [], []]
    assert spelt(Paths.of([], 1.0)) == []


@given(some_paths(), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_a_finer_line_goes_through_the_same_points(paths, up):
    fine = splined(paths, up)
    assert (fine.glyphs == paths.glyphs).all() and (fine.width == paths.width).all()
    assert np.diff(fine.strokes).tolist() == [(n - 1) * up + 1 for n in np.diff(paths.strokes)]
    for (_, coarse), (_, dense) in zip(sum(spelt(paths), []), sum(spelt(fine), []), strict=True):
        assert dense[::up] == coarse
    assert spelt(thinned(fine, up)) == spelt(paths)


def test_the_line_is_smooth_and_close_to_what_was_meant():
    ring = splined(pens.RING, 8)
    radius = np.hypot(*(ring.points - (31.6, 33.1)).T)
    inner = slice(16, -16)  # ends are mirrored, so the line straightens there
    assert radius[inner] == pytest.approx(9.0, abs=0.002) and radius == pytest.approx(9.0, abs=0.08)
    way = np.diff(ring.points.astype(float), axis=0)
    turn = np.abs(np.diff(np.unwrap(np.arctan2(way[:, 1], way[:, 0]))))
    assert turn.max() < 0.05
    straight = splined(pens.STEM, 5).points.astype(float)
    off = (straight - straight[0]) @ np.array([31.2, -3.5]) / np.hypot(31.2, 3.5)
    assert np.abs(off).max() < 1e-4 and (np.diff(straight[:, 1]) > 0).all()


def test_strokes_do_not_pull_on_one_another():
    both = splined(pens.CROSS, 4)
    for number, points in enumerate((pens.line((22, 20), (42, 44)), pens.line((42, 20), (22, 44)))):
        alone = splined(pens.glyph(points), 4)
        assert (both.points[both.strokes[number] : both.strokes[number + 1]] == alone.points).all()


@given(some_paths(), st.integers(1, 6))
@settings(max_examples=60, deadline=None)
def test_a_thinner_line_keeps_both_ends(paths, step):
    few = thinned(paths, step)
    assert (few.glyphs == paths.glyphs).all() and (few.width == paths.width).all()
    for (_, every), (_, kept) in zip(sum(spelt(paths), []), sum(spelt(few), []), strict=True):
        assert kept[:-1] == every[: len(every) - 1 : step] if len(every) > 1 else kept == every
        assert kept[0] == every[0] and kept[-1] == every[-1]

"""Strokes of composed characters: marks over letters, signs of several pieces, and the box."""

from __future__ import annotations

import numpy as np
import pens
import pytest
from pens import up

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.compose import CLEAR, LOWEST_MARK
from handsynth.ink.glyph import FieldGlyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.ink.pencompose import BEYOND, box, compose
from handsynth.layout.drawing import boxes, composed
from handsynth.text.signs import Piece

ARCH = pens.glyph(up((-0.3, 0.1), (-0.3, 0.9), (0.3, 0.9), (0.3, 0.1)))
TALL = pens.glyph(up((-0.3, 0.1), (-0.3, 1.6), (0.3, 1.6), (0.3, 0.1)))
GRAVE = pens.glyph(up((-0.15, 1.6), (0.15, 1.3)))
DOT = pens.glyph(up((0.0, 0.1), (0.02, 0.1)))
DOTTED = pens.glyph(up((0.0, 0.06), (0.0, 0.94)), up((0.0, 1.4), (0.02, 1.4)))
PEN = pens.WIDTH / FRAME.xheight
OVER = Piece("`", anchor="above")
DOTS = Piece(".", dx=-0.22, anchor="above"), Piece(".", dx=0.22, anchor="above", joined=True)
BARE = Piece("i", cut=1.15)


def made(pieces, *drawn: Paths) -> Paths:
    """One glyph of `pieces`, whose drawings these are."""
    whole = compose([tuple(pieces)], Paths.joined(drawn), FRAME)
    assert len(whole) == 1 and whole.strokes[-1] == len(whole.points)
    return whole


def ink(paths: Paths, stroke: int | None = None) -> tuple[float, float, float, float]:
    """left, top, right, bottom in x-heights with y up, of one stroke or of all."""
    if stroke is not None:
        points = paths.points[paths.strokes[stroke] : paths.strokes[stroke + 1]]
        paths = Paths.of([[points]], float(paths.width[stroke]))
    left, top, right, bottom = PenGlyphs(paths, FRAME.size).boxes(FRAME)[0]
    return left, -top, right, -bottom


def same(one: Paths, other: Paths) -> bool:
    names = ("points", "strokes", "glyphs", "width")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in names)


def test_single_characters_are_left_alone():
    drawn = Paths.joined([ARCH, TALL, DOTTED])
    assert compose([(Piece("n"),), (Piece("N"),), (Piece("i"),)], drawn, FRAME) is drawn


def test_composed_characters_stand_among_others_in_order():
    accent = (Piece("n"), OVER)
    items = [(Piece("a"),), accent, (Piece("b"),), (Piece("c"),), accent]
    drawn = Paths.joined([TALL, ARCH, GRAVE, DOT, DOTTED, TALL, GRAVE])
    whole = compose(items, drawn, FRAME)
    assert len(whole) == 5
    parts = [TALL, made(accent, ARCH, GRAVE), DOT, DOTTED, made(accent, TALL, GRAVE)]
    assert same(whole, Paths.joined(parts))
    assert not len(compose([], Paths.empty(0), FRAME))


@pytest.mark.parametrize("base", [ARCH, TALL])
def test_a_mark_stands_clear_above_the_middle(base):
    whole = made([Piece("n"), OVER], base, GRAVE)
    letter, mark = ink(base), ink(whole, 1)
    assert (whole.points[: len(base.points)] == base.points).all(), "the letter stays as it is"
    assert mark[3] == pytest.approx(max(letter[1] + CLEAR, LOWEST_MARK), abs=1e-3)
    assert (mark[0] + mark[2]) / 2 == pytest.approx(0.0, abs=1e-3)
    assert mark[1] <= FRAME.baseline / FRAME.xheight


def test_a_mark_stands_over_the_upper_part_of_a_leaning_letter():
    leaning = pens.glyph(up((-0.4, 0.0), (0.4, 1.5)))
    whole = made([Piece("l"), OVER], leaning, GRAVE)
    left, _, right, _ = ink(whole, 1)
    assert 0.2 < (left + right) / 2 < 0.35


def test_the_dot_of_an_i_goes_under_an_accent():
    whole = made([BARE, OVER], DOTTED, GRAVE)
    assert np.diff(whole.glyphs).tolist() == [2], "stem and accent"
    assert ink(whole, 0) == pytest.approx(ink(DOTTED, 0), abs=1e-6)
    assert ink(whole, 1)[3] == pytest.approx(max(0.94 + PEN / 2 + CLEAR, LOWEST_MARK), abs=0.05)
    alone = made([BARE], DOTTED)
    assert np.diff(alone.glyphs).tolist() == [1] and ink(alone)[1] < 1.05
    assert ink(DOTTED)[1] > 1.4, "and stays without one"


def test_what_is_cut_away_whole_leaves_an_empty_glyph():
    none = made([Piece("'", cut=1.0)], pens.glyph(up((0, 1.3), (0, 1.6))))
    assert len(none) == 1 and not len(none.points) and not len(none.width)
    assert ink(made([Piece("i", cut=1.15)], Paths.empty(1)))[2] < 0


def test_dots_of_one_mark_are_level_and_further_marks_stack():
    pieces = [Piece("u"), *DOTS]
    both = made(pieces, ARCH, DOT, DOT)
    one, two = ink(both, 1), ink(both, 2)
    assert one[1] == pytest.approx(two[1], abs=1e-4) and two[0] - one[0] == pytest.approx(0.44, abs=1e-4)
    assert one[2] < two[0], "apart"
    dash = pens.glyph(up((-0.2, 0.5), (0.2, 0.5)))
    more = made([*pieces, OVER], ARCH, DOT, DOT, dash)
    assert ink(more, 3)[3] == pytest.approx(two[1] + CLEAR, abs=1e-3)


def test_marks_below_hang_below_and_feet_touch():
    whole = made([Piece("s"), Piece(",", anchor="below")], ARCH, DOT)
    assert ink(whole, 1)[1] == pytest.approx(min(ink(ARCH)[3], 0.0) - CLEAR, abs=1e-3)
    assert ink(whole, 0) == pytest.approx(ink(ARCH), abs=1e-6)
    foot = made([Piece("c"), Piece(",", anchor="foot")], ARCH, DOT)
    assert ink(foot, 1)[1] == pytest.approx(ink(ARCH)[3] + 0.05, abs=1e-3)


@pytest.mark.parametrize("more", [[(-0.4, 0.9), (0.4, 0.9)], [(0.0, 0.0), (0.6, 0.0)]], ids=["bar", "foot"])
@pytest.mark.parametrize("height", [1.3, 1.9])
def test_a_mark_beside_a_letter_is_by_the_top_of_its_stem(more, height):
    """Whatever lies lower: the bar of a t, the foot of an L."""
    stem = up((0.0, height), (0.0, 0.0))
    letter = pens.glyph(stem, up(*more))
    whole = made([Piece("t"), Piece("'", anchor="beside")], letter, pens.glyph(up((0, 1.0), (0, 1.35))))
    stood, mark = ink(pens.glyph(stem)), ink(whole, 2)
    assert stood[2] < mark[0] < stood[2] + 0.2
    assert stood[1] - 1e-3 <= mark[1] < stood[1] + 0.25
    assert mark[3] > ink(pens.glyph(up(*more)))[1], "clear of it"


def test_a_letter_against_another_meets_its_strokes_over_its_tail():
    tailed = pens.glyph(up((-0.3, 0.1), (-0.3, 0.9), (0.3, 0.9), (0.3, 0.0), (0.8, 0.1)))
    both = made([Piece("a"), Piece("e", anchor="against", dx=-0.04)], tailed, ARCH)
    after = made([Piece("a"), Piece("e", anchor="after")], tailed, ARCH)
    assert ink(both, 1)[0] == pytest.approx(0.3 - 0.04, abs=0.02)
    assert ink(after, 1)[0] == pytest.approx(0.8 + PEN / 2, abs=0.02)
    assert ink(both, 1)[1] == pytest.approx(ink(ARCH)[1], abs=1e-3)


def test_a_mark_alone_stands_as_over_a_small_letter():
    assert ink(made([OVER], GRAVE))[3] > 1.0


@pytest.mark.parametrize("anchor", ["above", "below", "foot"])
def test_no_mark_leaves_the_frame_by_more_than_a_little(anchor):
    """However large the letter, and the mark itself."""
    giant = pens.glyph(up((0.0, -0.8), (0.0, 2.3)))
    mark = pens.glyph(up((-0.3, 0.0), (0.0, 0.3), (0.3, 0.0)))
    box = made([Piece("l"), Piece("^", anchor=anchor)], giant, mark).bounds()[0]
    assert box.min() >= -BEYOND * FRAME.xheight - 1e-3 and box.max() <= FRAME.size + BEYOND * FRAME.xheight + 1e-3


def test_pieces_are_moved_scaled_mirrored_and_turned():
    moved = made([Piece("n", dx=0.5, dy=0.25)], ARCH)
    assert ink(moved) == pytest.approx(np.array(ink(ARCH)) + (0.5, 0.25, 0.5, 0.25), abs=1e-4)
    mirrored = made([Piece("`", wide=-1)], GRAVE)
    assert mirrored.points[:, 0] == pytest.approx(FRAME.size - GRAVE.points[:, 0], abs=1e-4)
    assert (mirrored.points[:, 1] == pytest.approx(GRAVE.points[:, 1], abs=1e-4)) and len(mirrored.points)
    stem = pens.glyph(up((0.0, 0.2), (0.0, 1.0)))
    turned = made([Piece("l", angle=90)], stem)
    assert turned.points == pytest.approx(up((-0.2, 0.0), (-1.0, 0.0)), abs=1e-4), "counter-clockwise"
    both = made([Piece("l", scale=0.5, wide=2.0, angle=-90, dy=0.1)], stem)
    assert both.points[[0, -1]] == pytest.approx(up((0.1, 0.1), (0.5, 0.1))[[0, -1]], abs=1e-4)


def test_the_pen_keeps_its_width_whatever_the_size():
    small = made([Piece("N", 0.4)], TALL)
    assert (small.width == TALL.width).all()
    assert ink(small)[1] == pytest.approx(0.4 * 1.6 + PEN / 2, abs=1e-3)


def test_a_composed_glyph_is_one_picture_like_that_of_fields():
    """The same table of pieces, drawn as strokes and as fields."""
    pieces = (Piece("o"), Piece("/", 0.9, dy=0.05))
    ring, slash = pens.glyph(pens.arc(32, 32, 8)), pens.glyph(up((-0.3, 0.0), (0.3, 1.4)))
    drawn = PenGlyphs(Paths.joined([ring, slash]), FRAME.size)
    strokes, field = composed([pieces], drawn, FRAME), composed([pieces], FieldGlyphs(drawn.fields()), FRAME)
    one, other = strokes.ink()[0], field.ink()[0]
    assert np.minimum(one, other).sum() / np.maximum(one, other).sum() > 0.9


def test_the_box_is_one_closed_stroke_with_corners():
    plain = box(FRAME, np.full(8, 0.5), 2.0)
    left, top, right, bottom = ink(plain)
    assert right - left == pytest.approx(0.9 + 2 / 18, abs=1e-3) and top == pytest.approx(1.45 + 1 / 18, abs=1e-3)
    assert bottom == pytest.approx(-1 / 18, abs=1e-3) and (plain.width == 2.0).all()
    rows = FRAME.baseline - np.array([0.0, 1.45]) * FRAME.xheight
    for x in (-0.45, 0.45):
        for y in rows:
            assert np.hypot(*(plain.points - (FRAME.size / 2 + x * FRAME.xheight, y)).T).min() < 0.3
    assert pens.distance(np.array([[FRAME.size / 2, FRAME.baseline - 13.0]]), plain)[0] < -5, "nothing is in it"


def test_no_two_boxes_are_alike():
    one, two = (box(FRAME, np.random.default_rng(seed).random(8), 2.0) for seed in (1, 2))
    assert one.points.shape == two.points.shape and np.abs(one.points - two.points).max() > 0.2
    far = np.abs(one.points - box(FRAME, np.full(8, 0.5), 2.0).points).max()
    assert far <= 0.08 * FRAME.xheight + 1e-3


def test_boxes_are_drawn_by_the_pen_of_the_letters():
    drawn = PenGlyphs(Paths.joined([ARCH, TALL]), FRAME.size)
    found = boxes([np.full(8, 0.5), np.full(8, 0.2)], drawn, FRAME)
    assert len(found) == 2 and found.strokes is not None and found.strokes.width == pytest.approx(pens.WIDTH)
    none = boxes([np.full(8, 0.5)], PenGlyphs(Paths.empty(0), FRAME.size), FRAME)
    assert (none.ink()[0] > 0.5).any()

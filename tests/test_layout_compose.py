"""Letters with marks, signs of several pieces, and the box."""

from __future__ import annotations

import numpy as np
import pytest
from shapes import strokes

from handsynth.frame import STANDARD as FRAME
from handsynth.ink.compose import CLEAR, box, compose, transform
from handsynth.ink.fields import ink_boxes
from handsynth.text.recipes import table
from handsynth.text.signs import Piece

MARKS = table().marks

BAR = strokes((-0.3, 0.1), (-0.3, 0.9), (0.3, 0.9), (0.3, 0.1))
TALL = strokes((-0.3, 0.1), (-0.3, 1.6), (0.3, 1.6), (0.3, 0.1))
MARK = strokes((-0.15, 1.6), (0.15, 1.3))
DOT = strokes((0.0, 0.1), (0.01, 0.1))


def ink(field):
    """left, top, right, bottom with y up."""
    left, top, right, bottom = ink_boxes(field[None], FRAME)[0]
    return left, -top, right, -bottom


def test_a_single_character_is_left_alone():
    assert (compose([Piece("n")], BAR[None], FRAME) == BAR).all()


@pytest.mark.parametrize("base", [BAR, TALL])
def test_a_mark_stands_clear_above_the_middle(base):
    whole = compose([Piece("n"), *MARKS["\u0302"]], np.stack([base, MARK]), FRAME)
    top = ink(base)[1]
    rows = (whole > 0).any(axis=1)
    free = int(FRAME.baseline - (top + CLEAR / 2) * FRAME.xheight)
    assert not rows[free] and rows[:free].any() and rows[free:].any()
    mark = np.where(np.arange(64)[:, None] < free, whole, -4)
    left, high, right, _ = ink(mark)
    assert (left + right) / 2 == pytest.approx(0.0, abs=0.06)
    assert high <= FRAME.baseline / FRAME.xheight
    assert (whole[free:] > 0).sum() == pytest.approx((base[free:] > 0).sum(), abs=3)


def test_dots_of_one_mark_are_level_and_further_marks_stack():
    pieces = [Piece("u"), *MARKS["\u0308"]]
    both = compose(pieces, np.stack([BAR, DOT, DOT]), FRAME)
    more = compose([*pieces, *MARKS["\u0304"]], np.stack([BAR, DOT, DOT, strokes((-0.2, 0.5), (0.2, 0.5))]), FRAME)
    assert ink(more)[1] > ink(both)[1] + 0.15
    row = int(FRAME.baseline - (ink(both)[1] - 0.1) * FRAME.xheight)
    assert (np.diff((both[row] > 0).astype(int)) == 1).sum() == 2


def test_marks_below_hang_below():
    whole = compose([Piece("s"), *MARKS["\u0326"]], np.stack([BAR, DOT]), FRAME)
    assert ink(whole)[3] < -0.2 and ink(whole)[1] == pytest.approx(ink(BAR)[1], abs=0.01)


def test_a_mark_alone_stands_as_over_a_small_letter():
    assert ink(compose(list(MARKS["\u0300"]), MARK[None], FRAME))[3] > 1.0


def test_the_dot_of_an_i_is_cut_off():
    dotted = np.maximum(strokes((0.0, 0.1), (0.0, 0.9)), strokes((0.0, 1.4), (0.01, 1.4)))
    assert ink(compose([Piece("i", cut=1.15)], dotted[None], FRAME))[1] < 1.1


def test_transforms_are_right():
    moved = transform(BAR, FRAME, scale=1.0, wide=1.0, angle=0.0, dx=0.5, dy=0.25)
    assert ink(moved) == pytest.approx(np.array(ink(BAR)) + (0.5, 0.25, 0.5, 0.25), abs=0.06)
    mirrored = transform(MARK, FRAME, scale=1.0, wide=-1.0, angle=0.0, dx=0.0, dy=0.0)
    assert np.abs(mirrored - MARK[:, ::-1]).max() < 0.01
    turned = transform(strokes((0.0, 0.2), (0.0, 1.0)), FRAME, scale=1.0, wide=1.0, angle=90.0, dx=0.0, dy=0.0)
    assert ink(turned)[0] < -0.9 and ink(turned)[2] < 0.0


def test_a_smaller_sign_keeps_most_of_its_pen():
    small = transform(TALL, FRAME, scale=0.5, wide=1.0, angle=0.0, dx=0.0, dy=0.0)
    assert ink(small)[1] == pytest.approx(0.5 * ink(TALL)[1], abs=0.1)
    assert small.max() > 0.65 * TALL.max()


def test_the_box_is_a_drawn_outline():
    field = box(FRAME, np.full(8, 0.5))
    left, top, right, bottom = ink(field)
    assert right - left == pytest.approx(1.0, abs=0.1) and top == pytest.approx(1.5, abs=0.1) and bottom < 0.1
    assert field[FRAME.baseline - 13, 32] < -2
    assert not (field == box(FRAME, np.linspace(0, 0.9, 8))).all()

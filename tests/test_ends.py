"""Where letters are entered and left: their own strokes, over their top, along their bottom, never by their marks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from joined_pages import HANDS, shape, written

from handsynth import api
from handsynth.frame import STANDARD
from handsynth.hands.hand import Hand
from handsynth.hands.joining import Joining
from handsynth.ink.paths import Paths
from handsynth.layout.ends import bodies_first, ends
from handsynth.layout.joins import _able, linked
from handsynth.layout.meeting import meet
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def test_a_low_bar_is_entered_on_its_way():
    """From the foot of an l straight up to the left end of an e's bar the pen would draw a b."""
    k, line = STANDARD.xheight, STANDARD.baseline
    down = np.linspace(2.2, 0, 12)
    stem = np.stack([np.full(12, 20.0), line - down * k], axis=1)
    foot = np.array([[22.0, line], [24.0, line - 0.05 * k], [26.0, line - 0.1 * k]])
    bar = np.stack([np.linspace(20, 34, 9), np.full(9, line - 0.5 * k)], axis=1)
    turn = np.linspace(0, 1.5 * np.pi, 14)[1:]
    bowl = np.stack([27 + 7 * np.cos(turn), line - (0.5 + 0.45 * np.sin(turn)) * k], axis=1)
    paths = Paths.of([[np.concatenate([stem, foot])], [np.concatenate([bar, bowl])]], 1.5)
    some = ends(paths, STANDARD, "le")
    met = meet(some, paths, np.array([0]), np.array([1]), STANDARD)
    assert 0.1 * k < met.bar[0] <= 0.3 * k and met.entry[0, 0] == 20 + met.bar[0] and met.skipped[0] > 0
    high = np.concatenate([bar - [0, 0.4 * k], bowl - [0, 0.4 * k]])  # a z's is a part of it
    other = Paths.of([[np.concatenate([stem, foot])], [high]], 1.5)
    assert not meet(ends(other, STANDARD, "lz"), other, np.array([0]), np.array([1]), STANDARD).skipped[0]


@pytest.mark.parametrize("start", [(0.6, 0.8), (0.55, 0.72)])
def test_a_bowl_is_entered_over_its_top_though_the_pen_trembles_where_it_is_set_down(start):
    c = shape(start, (0.6, 0.8), (0.5, 0.9), (0.3, 0.95), (0.05, 0.7), (0, 0.4), (0.2, 0.05), (0.6, 0.1))
    found = ends(Paths.of([[c]], 1.5), STANDARD, "c")
    assert found.enters[0] and found.retraced[0] > 0 and found.entry[0, 0] < c[0, 0] - 0.25 * STANDARD.xheight


def test_the_stem_of_a_small_i_is_its_body_and_a_straight_l_is_entered_at_its_top():
    i = [shape((0, 0.35), (0.02, 0)), shape((0, 0.6), (0.03, 0.65))]
    found = ends(Paths.of([i, [shape((0, 1.9), (0.02, 0))]], 1.5), STANDARD, "il")
    assert found.enters.all() and found.leaves.all() and not found.stroke.any()


def test_a_hook_at_its_end_keeps_no_s_from_being_left_along_its_bottom():
    s = shape((0.6, 0.9), (0.3, 1), (0.1, 0.75), (0.5, 0.4), (0.55, 0.15), (0.3, 0.02), (0, 0.1), (0.06, 0.04))
    found = ends(Paths.of([[s]], 1.5), STANDARD, "s")
    assert found.leaves[0] and found.returns[0] > 0 and found.exit[0, 0] > s[-1, 0]


def test_a_bar_that_a_letter_begins_with_is_written_after_it_by_who_joins():
    bar, stem, dot = shape((-0.3, 0.9), (0.4, 0.95)), shape((0, 1.5), (0, 0)), shape((0, 0), (0.05, 0.05))
    paths = Paths.of([[bar, stem], [stem, bar], [dot, stem]], 1.5)
    turned = bodies_first(paths, STANDARD, ["t", "t", "!"])
    high = [np.ptp(turned.points[a:b, 1]) > STANDARD.xheight for a, b in pairwise(turned.strokes.tolist())]
    assert high == [True, False, True, False, False, True], "signs stay as they are"
    assert ends(turned, STANDARD, "tt!").enters[:2].all() and turned.glyphs.tolist() == paths.glyphs.tolist()
    assert bodies_first(turned, STANDARD, ["t", "t", "!"]) is turned


def test_letters_that_end_at_their_left_are_left_too(model):
    """An s or an o goes back along its curve: no ink of its own is moved, and nearly every hand can do it."""
    tied = []
    for number in range(20):
        page = api.typeset("so os no", hand=Hand.random(model, 5, number), model=model, seed=5, joined=2)
        tied.append(len(page.ties) > 0 and page.ties[0] >= 0)
    assert np.mean(tied) > 0.7


@pytest.mark.parametrize("seed", range(4))
def test_a_low_n_is_entered_over_its_upstroke_after_an_o(model, seed):
    """From the foot of its upstroke it would have a leg more, as an m has."""
    made = api.typeset("on", model=model, hand="Moss", seed=seed)
    assert made.ties[0] >= 0
    paths = made.glyphs.paths
    first = paths.strokes[paths.glyphs[1]]
    heights = (made.frame.baseline - paths.points[first : first + 8, 1]) / made.frame.xheight
    assert heights.min() > 0.3


@pytest.mark.parametrize("char", "ąęįųçşțģķļņ")
def test_letters_are_left_by_their_own_strokes_not_by_their_marks(model, char):
    by_marks = []
    for hand in (hand.name for hand in model.card.gallery if "cursive" in hand.tags):
        page = written(f"{char}n", hand, joined=0)
        found = ends(page.glyphs.paths, page.frame, page.texts)
        strokes = np.diff(page.glyphs.paths.glyphs)
        if strokes[0] > 1 and found.stroke[0] == strokes[0] - 1:
            by_marks.append(hand)
    # the body of one hand's small i or u may be hardly higher than its mark
    assert len(by_marks) <= (char in "įų"), by_marks


@pytest.mark.parametrize(("marked", "bare"), [("ö", "o"), ("ł", "l"), ("ć", "c"), ("ı", "i"), ("đ", "d"), ("ğ", "g")])
def test_letters_with_marks_are_joined_as_those_without(model, marked, bare):
    links = [linked(written(f"n{char}n {char}a {char}{char}"), Joining(1.0, 7)).tolist() for char in (marked, bare)]
    assert links[0] == links[1] and any(links[0])
    hands = [hand.name for hand in model.card.gallery if "cursive" in hand.tags]
    ties = [sum((written(f"m{char}m", hand, joined=2).ties >= 0).sum() for hand in hands) for char in (marked, bare)]
    # each is a copy of its own, and not every copy can be joined
    assert abs(ties[0] - ties[1]) <= 4 and ties[1] > len(hands)


def test_the_top_of_an_o_with_marks_is_left_as_that_of_an_o(model):
    for hand in HANDS:
        for text in ("on", "ol"):
            plain, marked = (written(word, hand, joined=2) for word in (text, text.replace("o", "ő")))
            own = ends(plain.glyphs.paths, plain.frame, ["o", text[1]])
            other = ends(marked.glyphs.paths, marked.frame, ["ő", text[1]])
            assert own.leaves[0] == other.leaves[0] and (own.returns[0] > 0) == (other.returns[0] > 0)


def test_a_straight_tail_is_not_left_and_one_that_hooks_is():
    """A way back up along the tail of a y would make a z of it, or a p."""
    arm = shape((0, 1), (0.3, 0.3))
    straight = shape((0.6, 1), (0.1, -0.8))
    hooked = shape((0.6, 1), (0.1, -0.8), (-0.05, -0.9), (-0.2, -0.8), (-0.2, -0.65))
    for letter in "yj":
        leaves = [ends(Paths.of([[arm, tail]], 1.5), STANDARD, letter).leaves[0] for tail in (straight, hooked)]
        assert leaves == [False, True]


def test_a_u_without_its_last_stem_is_not_left():
    cup = [(0, 1), (0.05, 0.2), (0.25, 0), (0.5, 0.2), (0.6, 1)]
    whole = Paths.of([[shape(*cup, (0.62, 0.1), (0.8, 0.05))]], 1.5)
    bare = Paths.of([[shape(*cup)]], 1.5)
    assert ends(whole, STANDARD, "u").leaves[0] and not ends(bare, STANDARD, "u").leaves[0]
    assert ends(bare, STANDARD, "v").leaves[0]


@pytest.mark.parametrize("letter", "vw")
def test_a_letter_with_a_point_is_joined_from_above_and_not_from_below(letter):
    """From the foot of an a up to the point of a v the pen would draw a w; over a hump it would not."""
    valley = [(1.4, 0.9), (1.6, 0), (1.9, 1)]
    low, high = shape((0.5, 1), (0.5, 0.1), (0.8, 0.05)), shape((0.5, 0.5), (0.8, 0.9), (0.95, 0.85))
    for begin, joined in (([], {"a": False, "o": True}), ([(1.2, 0.8), (1.28, 0.95)], {"a": True, "o": True})):
        for before, leaving in (("a", low), ("o", high)):
            paths = Paths.of([[leaving], [shape(*begin, *valley)]], 1.5)
            some = ends(paths, STANDARD, [before, letter])
            assert some.leaves[0] and some.enters[1]
            assert _able(some, np.array([0]), np.array([1]), STANDARD)[0] == joined[before]


def test_an_x_is_joined_from_below_and_not_from_the_top_of_an_o():
    """A way down from the o and up to the top of the x would be an r: "box" read "borx"."""
    cross = [shape((1.4, 0.95), (1.9, 0.05)), shape((1.9, 0.95), (1.4, 0.0))]
    for leaving, before, joined in (
        (shape((0.5, 1), (0.5, 0.1), (0.8, 0.05)), "a", True),
        (shape((0.5, 0.5), (0.8, 0.9), (0.95, 0.85)), "o", False),
    ):
        some = ends(Paths.of([[leaving], cross], 1.5), STANDARD, [before, "x"])
        assert some.leaves[0] and some.enters[1]
        assert _able(some, np.array([0]), np.array([1]), STANDARD)[0] == joined


@pytest.mark.parametrize(
    ("half", "joined"),
    [([(1.4, 0.85), (1.55, 0.9), (1.62, 0.5), (1.4, 0.0)], False), ([(1.4, 0.95), (1.9, 0.05)], True)],
)
def test_a_curled_x_is_not_joined_from_below(half, joined):
    """Its first half is half a bowl, which the join would close: "six" read "sia"."""
    foot = shape((0.5, 1), (0.5, 0.1), (0.8, 0.05))
    other = shape((1.9, 0.9), (1.62, 0.5), (1.9, 0.05))
    some = ends(Paths.of([[foot], [shape(*half), other]], 1.5), STANDARD, ["a", "x"])
    assert some.leaves[0] and some.enters[1]
    assert _able(some, np.array([0]), np.array([1]), STANDARD)[0] == joined

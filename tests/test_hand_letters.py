"""What a hand keeps: the forms of its letters, its pen, and a chance of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import stub_model as stub
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth import api
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.hands.defaults import PENS
from handsynth.hands.hand import Hand
from handsynth.hands.letters import Kept
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


@pytest.fixture(scope="module")
def two(model) -> tuple[Hand, Hand]:
    return Hand.gallery(model, "Quill"), Hand.gallery(model, "Marker")


def alike(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


def test_forms_depend_on_the_hand_and_the_character_alone(model, two):
    hand, other = two
    forms = hand.letter_noise("abca", 40)
    assert forms.shape == (4, 40) and forms.dtype == np.float32
    assert (forms[0] == forms[3]).all() and (hand.letter_noise("c", 40)[0] == forms[2]).all()
    assert (hand.letter_noise("abca", 9) == forms[:, :9]).all(), "a longer row begins with a shorter one"
    assert not (forms[0] == forms[1]).any() and not (other.letter_noise("a", 40)[0] == forms[0]).any()
    for change in ({"name": "x"}, {"gap": 1.0}, {"weight": 0.5}, {"slant": 0.1}, {"lean": 0.1}, {"pen": 0.3}):
        assert (replace(hand, **change).letter_noise("abca", 40) == forms).all(), change
    assert (replace(hand, style=hand.style + 1e-6).letter_noise("abca", 40) == forms).all(), "a machine that rounds"
    assert not (replace(hand, style=hand.style + 0.2).letter_noise("abca", 40) == forms).any(), "another writer"
    assert hand.letter_noise("", 40).shape == (0, 40)


def test_forms_are_standard_normal_over_hands(model):
    drawn = np.stack([Hand.random(model, 1, i).letter_noise("aé", 5) for i in range(2000)]).astype(float)
    n = drawn.size
    assert abs(drawn.mean()) < 4 / n**0.5 and abs(drawn.var() - 1) < 4 * (2 / n) ** 0.5
    assert abs(alike(drawn[:, 0], drawn[:, 1])) < 4 / (n / 2) ** 0.5


def test_another_form_of_one_letter_leaves_the_others(two):
    hand = two[0]
    other = replace(hand, letters=(Kept(hand.key, forms={"b": 3}),))
    one, two_ = hand.letter_noise("abc", 50), other.letter_noise("abc", 50)
    assert (one[[0, 2]] == two_[[0, 2]]).all() and abs(alike(one[1], two_[1])) < 0.6
    assert not (replace(hand, letters=(Kept(hand.key, forms={"b": 2}),)).letter_noise("b", 50) == two_[1]).any()


CHARS = [chr(code) for code in range(0x61, 0x61 + 400)]


@pytest.mark.parametrize("t", [0.0, 0.3, 0.5, 1.0])
def test_a_blend_takes_each_letter_from_one_of_its_hands(two, t):
    a, b = (hand.letter_noise(CHARS, 5) for hand in two)
    blend = Hand.blend(*two, t)
    mixed = blend.letter_noise(CHARS, 5)
    of_a, of_b = ((mixed == one).all(axis=1) for one in (a, b))
    assert (of_a ^ of_b).all()
    assert of_b.mean() == pytest.approx(t, abs=0.08)
    styles = blend.letter_styles(CHARS)
    assert (styles[of_a] == two[0].style).all() and (styles[of_b] == two[1].style).all()
    other_way = Hand.blend(two[1], two[0], 1 - t)
    assert (other_way.letter_noise(CHARS, 5) == mixed).all()


def test_letters_go_over_one_by_one_as_the_share_grows(two):
    b = two[1].letter_noise(CHARS, 5)
    of_b = np.array([(Hand.blend(*two, t).letter_noise(CHARS, 5) == b).all(axis=1) for t in np.linspace(0, 1, 21)])
    assert (np.diff(of_b.astype(int), axis=0) >= 0).all(), "none goes back"
    assert np.diff(of_b.sum(axis=1)).max() < 60, "not many at a time"


def test_an_average_takes_letters_of_all(model, two):
    hands = [*two, Hand.random(model, 1)]
    mixed = Hand.average(hands).letter_noise(CHARS, 5)
    shares = [(mixed == hand.letter_noise(CHARS, 5)).all(axis=1).mean() for hand in hands]
    assert sum(shares) == pytest.approx(1) and min(shares) > 0.25


@pytest.mark.parametrize("kind", ["plain", "blend", "of blends", "average", "pen"])
def test_a_saved_hand_draws_the_same_letters(model, two, tmp_path, kind):
    hand = {
        "plain": two[0],
        "blend": Hand.blend(*two, 0.4),
        "of blends": Hand.blend(Hand.blend(*two, 0.4), Hand.random(model, 2), 0.7),
        "average": Hand.average([*two, Hand.random(model, 1)]),
        "pen": replace(two[1], pen=0.2, letters=(Kept(2**64 - 1, 0.5, {"é": 3}),)),
    }[kind]
    hand.save(tmp_path / "a.hand")
    again = Hand.load(tmp_path / "a.hand", model)
    assert again.key == hand.key and again.pen_width == pytest.approx(hand.pen_width, rel=1e-6)
    assert np.abs(again.letter_noise(stub.CHARS, stub.V) - hand.letter_noise(stub.CHARS, stub.V)).max() < 1e-5
    index, places = model.index(stub.CHARS), np.arange(stub.C, dtype=np.uint64)
    one, other = (draw.glyphs(model, each, index, places, 1).array for each in (hand, again))
    assert np.abs(one - other).max() < 1e-4


def test_pens_go_with_the_hand_and_differ(model):
    widths = np.array([Hand.random(model, 3, i).pen_width for i in range(300)])
    assert (widths >= PENS[0]).all() and (widths <= PENS[1]).all() and widths.std() > 0.01
    assert Hand.random(model, 3, 7).pen_width == widths[7]
    assert replace(Hand.random(model, 3, 7), pen=0.4).pen_width == 0.4


def test_the_pen_of_a_model_of_fields_is_no_dial(model, two):
    assert two[0].with_pen(None, model) is two[0]
    with pytest.raises(InputError, match="leave the pen width out"):
        two[0].with_pen(0.1, model)
    with pytest.raises(InputError, match="leave the pen width out"):
        api.typeset("abc", model=model, pen_width=0.1)


@given(st.integers(0, 2**64 - 1))
@settings(max_examples=40, deadline=None)
def test_the_chance_of_a_page_is_the_hand_s(two, seed):
    one, other = (hand.seed(seed) for hand in two)
    assert 0 <= one < 2**64 and one != other and one == two[0].seed(seed)
    assert one != two[0].seed((seed + 1) % 2**64)


def test_two_hands_with_one_seed_share_no_chance(model, two):
    """Neither in their letters nor in how the line wanders."""
    text = " ".join(["abc", "cab", "bacca"] * 60)
    found = []
    for seed in range(16):
        pages = [api.typeset(text, model=model, hand=hand, seed=seed) for hand in two]
        one, other = (page.baselines[page.line] - page.y for page in pages)
        assert one.std() > 0.01 and not (np.diff(one) == np.diff(other)).any()
        found.append(alike(one, other))
    # the wander is smooth, so that of two lines may look alike by chance, but not of all
    assert abs(np.mean(found)) < 0.3 and min(found) < 0 < max(found)


def test_variation_is_how_far_copies_differ(model):
    """On a page: at 0 all copies of a letter are one drawing, at 1 they have nothing in common."""
    text = "aaaaa aaaaa"
    still = api.typeset(text, model=model, variation=0.0)
    assert len(set(still.glyphs.keys())) == 1
    spread = []
    for variation in (0.1, 0.3, 1.0):
        page = api.typeset(text, model=model, variation=variation)
        assert len(set(page.glyphs.keys())) == 10
        spread.append(float(page.fields.astype(float).std(axis=0).mean()))
    assert spread[0] < spread[1] < spread[2]
    with pytest.raises(InputError, match="variation is 2"):
        api.typeset(text, model=model, variation=2)

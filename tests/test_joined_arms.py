"""The last arms of v and w are no tails: hands that were learnt from joined writing keep them."""

from dataclasses import replace

import numpy as np
import pytest
from line_photos import Scene, photograph

from handsynth.api import typeset
from handsynth.corpus.several import Job, layouts
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.hands.handfile import data, parse
from handsynth.layout.setting import Setting
from handsynth.learning.api import learn
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def arm_kept(model: Model, hand: Hand, text: str) -> bool:
    """Whether the end of the first letter's last stroke is still there where it is joined."""
    joined, apart = (typeset(text, model=model, hand=hand, seed=1, joined=dial) for dial in (2, 0))
    assert joined.ties[0] >= 0
    own, tied = apart.glyphs.strokes, joined.glyphs.strokes
    end = own.points[own.strokes[joined.ties[0] + 1] - 1]
    return bool((tied.points[: tied.strokes[tied.glyphs[1]]] == end).all(axis=1).any())


@pytest.mark.parametrize(("name", "text"), [("Otter", "ve"), ("Walnut", "ve"), ("Moss", "we")])
def test_an_arm_is_kept_where_the_hand_keeps_them(model, name, text):
    hand = Hand.gallery(model, name)
    assert not arm_kept(model, hand, text)
    assert arm_kept(model, replace(hand, arms=True), text)


def test_tails_are_cut_all_the_same(model):
    """Only v and w have arms."""
    hand = Hand.gallery(model, "Quill")
    one, other = (
        typeset("minutes and a lemon", model=model, hand=some, seed=1) for some in (hand, replace(hand, arms=True))
    )
    assert one.glyphs.keys() == other.glyphs.keys()


def test_a_joined_line_tells_so_and_a_printed_one_does_not(model, tmp_path):
    text = "we have seen every wave over the bay"
    for share, arms in ((0.9, True), (0.0, False)):
        hand = replace(Hand.gallery(model, "Quill"), joined=share)
        path = photograph(typeset(text, model=model, hand=hand, seed=4), tmp_path / f"{arms}.jpg", Scene())
        assert learn(model, line=path, text=text).hand.arms is arms


def test_it_is_kept_in_files_and_in_blends(model):
    plain = Hand.random(model, 3)
    hand = replace(plain, arms=True)
    assert parse(data(hand), "a.hand", Hand).arms and "arms" not in data(plain)
    assert not parse(data(plain), "a.hand", Hand).arms
    assert Hand.blend(plain, hand, 0.5).arms and not Hand.blend(plain, hand, 0.0).arms
    with pytest.raises(InputError):
        parse(data(plain) | {"arms": 1}, "a.hand", Hand)


def test_lines_that_are_set_together_keep_their_own(model):
    hand = Hand.gallery(model, "Moss")
    hands = [replace(hand, arms=arms) for arms in (True, False, True)]
    jobs = [Job("we wove every view", some, 1, 0.7, Setting(joins=some.joining(2))) for some in hands]
    together = layouts(model, jobs)
    for page, job in zip(together, jobs, strict=True):
        alone = layouts(model, [job])[0]
        assert np.array_equal(page.x, alone.x) and page.glyphs.keys() == alone.glyphs.keys()
    assert together[0].glyphs.keys() != together[1].glyphs.keys()

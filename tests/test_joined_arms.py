"""The last arms of v and w are no tails: joined letters keep them."""

import pytest

from handsynth.api import typeset
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open(threads=1)


def end_kept(model: Model, hand: Hand, text: str) -> bool:
    """Whether the end of the first letter's last stroke is still there where it is joined."""
    joined, apart = (typeset(text, model=model, hand=hand, seed=1, joined=dial) for dial in (2, 0))
    assert joined.ties[0] >= 0
    own, tied = apart.glyphs.strokes, joined.glyphs.strokes
    end = own.points[own.strokes[joined.ties[0] + 1] - 1]
    return bool((tied.points[: tied.strokes[tied.glyphs[1]]] == end).all(axis=1).any())


@pytest.mark.parametrize(("name", "text"), [("Otter", "ve"), ("Walnut", "ve"), ("Moss", "we")])
def test_an_arm_is_kept(model, name, text):
    assert end_kept(model, Hand.gallery(model, name), text)


@pytest.mark.parametrize(("name", "text"), [("Walnut", "om"), ("Walnut", "pu"), ("Yarrow", "rr")])
def test_a_tail_is_cut_all_the_same(model, name, text):
    """What is left of it above the next letter's upstroke."""
    assert not end_kept(model, Hand.gallery(model, name), text)

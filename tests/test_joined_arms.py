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


def test_tails_are_cut_all_the_same(model):
    """Only v and w have arms: a tail above the next letter's upstroke is cut."""
    texts = [one + other for one in "acdehiklmntu" for other in "imnru"]
    kept = [
        end_kept(model, hand, text)
        for hand in (Hand.gallery(model, name) for name in ("Quill", "Otter", "Walnut"))
        for text in texts
        if typeset(text, model=model, hand=hand, seed=1, joined=2).ties[0] >= 0
    ]
    assert not all(kept)

"""Hands that join more or less after some letters than others: measured on words, kept, drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from line_photos import Scene, photograph

from handsynth import api
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.hands.handfile import data, parse
from handsynth.hands.joining import CLASSES, Joining, joining
from handsynth.learning.api import learn
from handsynth.learning.joined import shares_after
from handsynth.model.model import Model

TEXT = "we have seen how every boat was blown over by a very low wave near the wide bay of a small island "


@pytest.fixture(scope="module")
def model():
    return Model.open(threads=1)


def shares(model: Model, hand: Hand, letters: str) -> tuple[float, float]:
    """What share of the pairs after these letters is joined, and of the others."""
    mine, others = [], []
    for seed in range(6):
        page = api.typeset(TEXT, hand=hand, model=model, seed=seed)
        for i in np.flatnonzero(np.diff(page.word) == 0).tolist():
            (mine if page.texts[i] in letters else others).append(page.ties[i] >= 0)
    return float(np.mean(mine)), float(np.mean(others))


@pytest.mark.parametrize(("letters", "share"), [("bvw", 0.0), ("bvw", 0.9), ("aehu", 0.3)])
def test_another_share_is_joined_after_some_letters(model, letters, share):
    plain = replace(Hand.random(model, 5, 3), joined=0.7)
    hand = replace(plain, joined_after={letters: share})
    own, others = shares(model, hand, letters)
    assert own == pytest.approx(share, abs=0.15)
    assert others == shares(model, plain, letters)[1]


def test_the_dial_holds_for_them_too():
    after = {"bvw": 0.2, "i": 1.0}
    assert joining(0.8, 1, 0.5, after).after == (("bvw", 0.1), ("i", 0.5))
    assert joining(0.8, 1, 2.0, after).after == (("bvw", 1.0), ("i", 1.0))
    assert joining(0.8, 1, 2.0, after).table().all() == joining(0.8, 1, 2.0).table().all()
    assert joining(0.8, 1, 0.0, after) is None


def test_a_whole_share_leaves_letters_that_are_never_left_alone():
    table = Joining(1.0, 3, (("bvw", 0.0),)).table()
    rows = [ord(char) - ord("a") for char in "bvw"]
    assert not table[rows].any() and table[0].sum() > 20


def test_what_words_tell_is_told():
    key = 11
    pairs = [("v", False)] * 9 + [("a", True)] * 30 + [("i", True)] * 3
    found = shares_after(pairs, 0.8, key)
    assert set(found) == {"bvw", "aehu"}  # of three pairs nothing is said
    usual = Joining(0.8, key)
    assert found["bvw"] < usual.share_after("bvw") and found["aehu"] > usual.share_after("aehu")
    assert shares_after(pairs[:4], 0.8, key)["bvw"] > found["bvw"], "of few pairs they lie nearer to the usual"
    assert shares_after(pairs, 0.0, key) == {}


def test_a_line_tells_after_what_a_hand_joins(model, tmp_path):
    text = "we have seen every wave over the low bay"
    hand = replace(Hand.gallery(model, "Quill"), joined=0.9, joined_after={"bvw": 0.0})
    path = photograph(api.typeset(text, model=model, hand=hand, seed=4), tmp_path / "line.jpg", Scene())
    found = learn(model, line=path, text=text).hand
    assert found.joined > 0.5 and found.joined_after["bvw"] < 0.4


def test_it_is_kept_in_files_and_blends(model):
    one = replace(Hand.random(model, 3), joined=0.5, joined_after={"bvw": 0.2, "i": 1.0})
    assert parse(data(one), "a.hand", Hand).joined_after == one.joined_after
    two = replace(Hand.random(model, 4), joined=0.5, joined_after={"bvw": 0.6})
    assert Hand.blend(one, two, 0.25).joined_after == pytest.approx({"bvw": 0.3})
    assert "joined_after" not in data(Hand.random(model, 3))


@pytest.mark.parametrize("after", [{"bvw": 1.5}, {"bvw": 0.5, "b": 0.2}, {"": 0.5}, {"B": 0.5}, [1], {"b": "x"}])
def test_damaged_shares_are_refused(model, after):
    said = data(Hand.random(model, 3)) | {"joined_after": after}
    with pytest.raises(InputError):
        parse(said, "a.hand", Hand)


def test_classes_name_each_letter_once():
    assert len(set("".join(CLASSES))) == len("".join(CLASSES))

"""Letters that stray as people's do: gaps and heights, by how uneven the hand is, and words that hold together."""

from dataclasses import replace

import numpy as np
import pytest

from handsynth import api
from handsynth.hands.defaults import default_gap
from handsynth.hands.hand import Hand
from handsynth.hands.unevenness import habits
from handsynth.layout.page import Page
from handsynth.layout.unevenness import WITHIN, gaps
from handsynth.model.model import Model

TEXT = "some numerous anemones are seen in warm areas of our oceans " * 3


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


def clear(page: Page) -> tuple[np.ndarray, np.ndarray]:
    """The clear space between the boxes of neighbours in words, and between words, x-heights."""
    box, within = page.boxes(), np.diff(page.word) == 0
    between = box[1:, 0] - box[:-1, 2]
    return between[within], between[~within]


def test_the_more_uneven_a_hand_the_more_its_letters_stray(model):
    spread, rise = [], []
    for amount in (0.0, 0.4, 1.0):
        hand = replace(Hand.gallery(model, "Fern"), unevenness=amount)
        page = api.typeset(TEXT, model=model, hand=hand, joined=0)
        spread.append(float(clear(page)[0].std()))
        level = page.baselines[0] - page.y
        rise.append(float((level - np.poly1d(np.polyfit(page.x, level, 3))(page.x)).std()))
    assert spread[0] < 0.9 * spread[1] < 0.8 * spread[2]
    assert rise[0] < 0.5 * rise[1] < 0.3 * rise[2] < 0.06


def test_hands_of_the_gallery_are_neater_than_random_ones(model):
    gallery = [Hand.gallery(model, hand.name).uneven for hand in model.card.gallery]
    random = [Hand.random(model, 1, number).uneven for number in range(40)]
    assert max(gallery) < np.median(random) and min(random) > np.median(gallery)


def test_some_hands_stand_wide_and_some_tight():
    found = np.array([default_gap(key) for key in range(1000)])
    assert np.quantile(found, 0.05) < 0.2 and np.quantile(found, 0.95) > 0.5
    assert 0.35 < np.median(found) < 0.48


def test_hands_that_join_stand_closer():
    found = np.array([[default_gap(key, share) for share in (0.0, 0.5, 1.0)] for key in range(200)])
    assert (np.diff(found) <= 0).all() and (found >= 0.1).all()
    assert np.median(found[:, 2]) < 0.5 * np.median(found[:, 0])


def test_a_random_hand_stands_as_close_as_it_joins(model):
    hands = [Hand.random(model, 5, number) for number in range(12)]
    assert all(hand.gap == default_gap(hand.key, hand.share) for hand in hands)


@pytest.mark.parametrize("number", range(6))
def test_words_hold_together_and_stay_apart(model, number):
    hand = replace(Hand.random(model, 2, number), unevenness=1.5)
    within, between = clear(api.typeset(TEXT, model=model, hand=hand, seed=number, joined=0))
    assert between.min() > np.quantile(within, 0.9) and between.min() > 0.5
    assert np.median(between) > 2 * np.median(within)


def test_no_gap_in_a_word_is_wider_than_half_a_blank():
    usual = np.linspace(0, 0.7, 30)
    for stray in (-3.0, -0.5, 0.5, 3.0):
        found = gaps(usual, usual + 0.75, np.full(30, stray))
        assert (found <= np.maximum(WITHIN * (usual + 0.75), usual)).all() and (found >= 0).all()


def test_a_letter_strays_in_part_alike_wherever_it_stands():
    assert np.array_equal(habits(3, ["a", "b", "a"])[[2, 1]], habits(3, ["a", "b"]))
    assert not np.array_equal(habits(3, ["a"]), habits(4, ["a"]))


def test_a_hand_keeps_its_unevenness_in_its_file_and_a_blend_lies_between(model, tmp_path):
    hand = replace(Hand.random(model, 3), unevenness=0.25)
    hand.save(tmp_path / "a.hand")
    assert Hand.load(tmp_path / "a.hand", model).unevenness == 0.25
    assert Hand.blend(hand, replace(hand, unevenness=0.75)).uneven == pytest.approx(0.5)

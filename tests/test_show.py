"""A learnt hand on show: each letter as it was read beside the same, drawn anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.learning.api import learn_letters
from handsynth.model.model import Model
from handsynth.specimens.show import Shown, held

CHARS = "ggGGaagG"
WRITERS = 8


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def mine(model) -> Hand:
    """A hand of eight letters, no two copies of which are alike: each is by another writer."""
    index, places = model.index(CHARS), np.arange(WRITERS, dtype=np.uint64)
    hands = [Hand.random(model, 5, number) for number in range(WRITERS)]
    drawn = draw.several(model, hands, [1] * WRITERS, np.arange(WRITERS), index, places, temperature=[0.7] * WRITERS)
    hand = learn_letters(model, CHARS, (drawn.ink() * 255).astype(np.uint8)).hand
    assert hand.known is not None and hand.known.chars == tuple(CHARS)
    return hand


def apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def nearest(letter: Shown, letters: list[Shown]) -> int:
    """Which of the letters, as they were read, is nearest to what is drawn of `letter`."""
    away = [apart(letter.drawn, other.read) for other in letters if other.char == letter.char]
    return [i for i, other in enumerate(letters) if other.char == letter.char][int(np.argmin(away))]


@pytest.mark.parametrize("seed", [0, 1])
def test_each_copy_of_a_letter_stands_beside_its_own(model, mine, seed):
    letters = held(model, mine, seed)
    assert [letter.char for letter in letters] == list(CHARS) and not any(letter.doubtful for letter in letters)
    assert [nearest(letter, letters) for letter in letters] == list(range(len(CHARS)))


@pytest.mark.parametrize("lost", [(0,), (1,), (6,), (2, 3), (0, 5, 7), (2, 3, 7)])
def test_copies_that_were_not_understood_are_named_and_move_no_other(model, mine, lost):
    kept = np.isin(np.arange(len(CHARS)), lost, invert=True)
    some = replace(mine, known=mine.known.take(kept))
    letters = held(model, some)
    assert tuple(i for i, letter in enumerate(letters) if letter.doubtful) == lost
    for i, letter in enumerate(letters):
        if i not in lost:
            assert nearest(letter, letters) == i and not letter.source
        elif letter.source == "style":
            assert not any(kept[j] for j, char in enumerate(CHARS) if char == letter.char)
        else:  # the copy that is drawn in its place is said
            copies = [j for j, char in enumerate(CHARS) if char == letter.char]
            assert nearest(letter, letters) == copies[int(letter.source.removeprefix("copy ")) - 1]


def test_a_hand_without_ink_shows_each_copy_that_it_knows(model, mine):
    letters, inked = held(model, mine.without_ink()), held(model, mine)
    assert [letter.read for letter in letters] == [None] * len(CHARS)
    for letter, other in zip(letters, inked, strict=True):
        assert apart(letter.drawn, other.read) < min(
            apart(letter.drawn, third.read) for third in inked if third.char == letter.char and third is not other
        )

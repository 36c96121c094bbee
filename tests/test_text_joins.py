"""The table of how people join letters."""

import numpy as np
import pytest

from handsynth.text import joins


def test_the_table_says_what_people_do():
    heights = {char: joins.contexts("n", char, "n", np.array([True]), np.array([True]))[0, 7] for char in "bovwanhu"}
    assert min(heights[char] for char in "bovw") > 0.4 > 0.33 > max(heights[char] for char in "anhu")
    assert joins.odds("a", "n") > joins.odds("b", "n") and joins.odds("h", "e") > joins.odds("T", "h")
    assert 0 < joins.ahead("a", "n") < 0.7


def test_contexts_hold_what_is_joined_and_nothing_else():
    word = "Ten-é"
    before, after = ["", *word[:-1]], [*word[1:], ""]
    entered, left = np.array([0, 1, 1, 0, 0], bool), np.array([1, 1, 0, 0, 0], bool)
    told = joins.contexts(before, list(word), after, entered, left)
    assert told.shape == (5, joins.CONTEXT) and told.dtype == np.float32
    assert (told[:, 0] > 0).tolist() == entered.tolist() and (told[:, 1] > 0).tolist() == left.tolist()
    assert told[:, 2].tolist() == [0, 1, 0, 0, 1] and told[:, 3].tolist() == [0, 0, 1, 0, 0]
    for on, first in ((entered, 4), (left, 7)):
        assert not told[~on, first : first + 3].any()
        assert np.hypot(*told[on, first + 1 : first + 3].T) == pytest.approx(1, abs=1e-6)


def test_letters_with_marks_are_joined_as_their_base_is_and_unknown_ones_as_usual():
    assert joins.odds("é", "n") == joins.odds("e", "n") and joins.ahead("é", "ñ") == joins.ahead("e", "n")
    assert joins.odds("д", "ж") == 0
    assert joins.ahead("д", "ж") == joins.table()["ahead"]["mean"][0]


def test_handles_go_by_height():
    shares = joins.table()["handles"]["shares"]
    assert joins.handles(0.0, 0.9) == tuple(shares[0][2]) and joins.handles(0.6, 0.0) == tuple(shares[2][0])

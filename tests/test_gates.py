"""Where the joins of fonts meet: as near as they can without a stair; what of its beginning a letter loses for that."""

from __future__ import annotations

import numpy as np
import pytest
from joined_pages import shape

from handsynth.fonts.joined import GATES, HIGH, LOW
from handsynth.frame import STANDARD
from handsynth.ink.paths import Paths
from handsynth.layout.gates import GATE, ROOMS, halves
from handsynth.layout.turning import LeastCost, ahead, turning

K = STANDARD.xheight
NONE = np.array([-1])


def made(stroke, text, enter=NONE, leave=NONE):
    paths, edges = halves(Paths.of([[stroke]], 1.5), enter, leave, GATES, STANDARD, [text])
    return paths.points.astype(float), edges[0]


def test_an_arm_that_comes_down_to_the_gate_has_room_to():
    """The next letter is entered further off than after an arm that ends at the gate, on its way."""
    level = shape((0.2, 1), (0.4, 0), (0.7, 0.8), (1.0, 0.8))
    high = shape((0.2, 1), (0.4, 0), (0.7, 0.8), (0.75, 1.15))
    near, far = (made(arm, "w", leave=np.array([HIGH]))[1][1] - arm[:, 0].max() for arm in (level, high))
    assert near < far <= K * (GATE + max(ROOMS) + 0.1)


@pytest.mark.parametrize(("gate", "loses"), [(HIGH, True), (LOW, False)])
def test_a_letter_loses_its_hook_only_to_a_pen_that_comes_from_above(gate, loses):
    """From below the stem would be shorter for it."""
    hook = shape((0.0, 0.6), (0.18, 0.55), (0.22, 0.0), (0.25, 0.5), (0.5, 0.65), (0.6, 0))
    points, _ = made(hook, "n", enter=np.array([gate]))
    assert (np.abs(points - hook[0]).sum(axis=1).min() > 0.05 * K) == loses


def test_turns_are_added_up_along_the_curve_and_the_letter():
    corner = np.array([[0.0, 0], [1, 0], [1, 0], [1, 1], [2, 1], [2, 0]])
    straight = np.array([[[-2.0, 0], [-1, 0], [0, 0]]])
    for until, angle in ((0, 0.0), (3, np.pi / 2), (5, 1.5 * np.pi)):
        assert turning(straight, corner, np.array([0]), np.array([until]))[0] == pytest.approx(angle)
    # before: the letter is gone through backwards
    back = np.array([[[2.0, -1], [2, -0.5], [2, 0]]])
    assert turning(back, corner, np.array([5]), np.array([3]))[0] == pytest.approx(np.pi / 2)
    assert turning(np.empty((0, 3, 2)), corner, NONE[:0], NONE[:0]).shape == (0,)


def test_ahead_goes_as_far_as_asked_and_no_further_than_the_end():
    line = np.stack([np.arange(10.0), np.zeros(10)], axis=1)
    found = ahead(line, np.array([0, 0, 9, 8]), np.array([9, 2, 0, 9]), 3.5)
    assert found.tolist() == [4, 2, 5, 9]


def test_the_least_way_is_taken_and_of_equal_ones_the_first():
    ways = LeastCost(np.zeros(3), np.zeros((3, 2)))
    ways.offer(np.array([2.0, 1.0]), np.array([0, 2]), np.array([5.0, 6.0]), np.ones((2, 2)))
    ways.offer(np.array([2.0 - 1e-9, 0.5]), np.array([0, 2]), np.array([7.0, 8.0]), np.full((2, 2), 3.0))
    ways.offer(np.array([np.inf]), np.array([1]), np.array([9.0]), np.full((1, 2), 9.0))
    assert ways.found[0].tolist() == [5.0, 0.0, 8.0] and ways.found[1][:, 0].tolist() == [1, 0, 3]

"""Room beside straight stems that are joined, on pages and in fonts: an o and an l are not to be a d."""

from __future__ import annotations

import numpy as np
import pytest

from handsynth import api
from handsynth.fonts.joined import GATES
from handsynth.frame import STANDARD
from handsynth.ink.paths import Paths
from handsynth.layout.gates import halves

STRAIGHT = "Finch", "Heron", "Olive"


def between(text: str, hand: str, low: float = 0.35, high: float = 0.8) -> float:
    """Clear space between the two letters of a joined pair without the join, in x-heights: the least of some rows."""
    page = api.typeset(text, hand=hand, seed=3)
    assert page.ties[0] >= 0
    alone = api.typeset(text, hand=hand, seed=3, joined=0).glyphs.profiles(page.frame)
    height = (page.frame.baseline - 0.5 - np.arange(page.frame.size)) / page.frame.xheight
    rows = (height > low) & (height < high)
    facing = (alone.right[0] - alone.left[1])[rows].max()
    return float(page.x[1] - page.x[0] - facing)


@pytest.mark.parametrize("hand", STRAIGHT)
@pytest.mark.parametrize("text", ["ol", "lo", "cl"])
def test_joined_stems_stand_off(hand, text):
    assert between(text, hand) > 0.3


@pytest.mark.parametrize("text,side,lean", [("l", 1, 0), ("ł", 1, 0), ("l", 0, 0.35), ("b", 0, 0.35)])
def test_joined_forms_of_fonts_keep_room_beside_stems(text, side, lean):
    up = np.linspace(2, 0, 40)
    stem = np.stack([30 + lean * up * STANDARD.xheight, STANDARD.baseline - up * STANDARD.xheight], axis=1)
    no, low = np.array([-1]), np.array([0])
    _, edges = halves(Paths.of([[stem]], 1.5), *((no, low) if side else (low, no)), GATES, STANDARD, [text])
    ink = stem[(up > 0.35) & (up < 0.8), 0]
    assert (edges[0, 1] - ink.max() if side else ink.min() - edges[0, 0]) >= 0.24 * STANDARD.xheight


def off_the_tips(text: str, hand: str) -> float:
    """How far the stem of the second letter stands off the tips of the first, in x-heights, where they are joined."""
    page = api.typeset(text, hand=hand, seed=3)
    assert page.ties[0] >= 0
    alone = api.typeset(text, hand=hand, seed=3, joined=0).glyphs.profiles(page.frame)
    height = (page.frame.baseline - 0.5 - np.arange(page.frame.size)) / page.frame.xheight
    tips = alone.right[0][(height > 0) & (height < 1)].max()
    stem = alone.left[1][(height > 0.35) & (height < 0.8)].min()
    return float(page.x[1] - page.x[0] - tips + stem)


@pytest.mark.parametrize("hand", STRAIGHT)
def test_the_tips_of_a_c_do_not_close_on_a_stem(hand):
    """ "clear" was read "dear"."""
    assert off_the_tips("cl", hand) > 0.38


@pytest.mark.parametrize("hand,text", [("Cedar", "cu"), ("Heron", "cu"), ("Heron", "ci"), ("Cedar", "cú")])
def test_nor_on_a_low_one(hand, text):
    """ "cup" was read "aup"."""
    assert off_the_tips(text, hand) > 0.3

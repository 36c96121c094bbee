"""An r whose arm ends high is lifted where a join would make an n of it, and leaves no hole."""

from __future__ import annotations

import numpy as np
import pytest
from joined_pages import written

from handsynth.frame import STANDARD
from handsynth.layout.ends import ends
from handsynth.layout.meeting import meet


@pytest.mark.parametrize("hand", ["Garnet", "Walnut", "Saffron"])
def test_no_arch_goes_from_the_arm_of_an_r_down_into_the_next_letter(hand):
    """It would be an n: "forbearer" was read "forbeaner"."""
    page, k = written("rere", hand, joined=2), float(STANDARD.xheight)
    alone = written("rere", hand, joined=0)
    some = ends(alone.glyphs.strokes, page.frame, page.texts)
    first, second = np.arange(3), np.arange(1, 4)
    met = meet(some, alone.glyphs.strokes, first, second, page.frame)
    falls = (met.entry[:, 1] - met.exit[:, 1] > 0.4 * k) & (page.frame.baseline - met.exit[:, 1] > 0.5 * k)
    r = np.array(page.texts)[:3] == "r"
    assert (falls & r).any() and not (page.ties[:3] >= 0)[falls & r].any()


def test_an_r_is_joined_where_the_way_does_not_fall():
    """To what is entered as high as it is left, as an o is over its top."""
    tied = sum(int((written("ro ra rd", hand, joined=2).ties >= 0).sum()) for hand in ("Garnet", "Moss", "Finch"))
    assert tied >= 6


@pytest.mark.parametrize("hand", ["Garnet", "Walnut", "Saffron"])
def test_a_lifted_r_leaves_no_hole(hand):
    """The letter after it stands nearer than in print, but does not touch it."""
    page, alone = (written("rere", hand, joined=dial) for dial in (2, 0))
    left, right = alone.glyphs.profiles(page.frame).box()
    lifted = [i for i in (0, 2) if page.ties[i] < 0]
    clear, printed = ([np.diff(some.x)[i] - right[i] + left[i + 1] for i in lifted] for some in (page, alone))
    assert lifted and max(clear) < 0.2 and np.mean(clear) < np.mean(printed) - 0.03

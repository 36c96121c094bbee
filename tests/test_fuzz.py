"""Some damaged inputs for every parser: none ends in a traceback, hangs, takes much or leaves anything."""

from __future__ import annotations

import os

import pytest
from fuzz.runner import Counts, fuzz
from fuzz.targets import TARGETS


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each input has a forked process")
@pytest.mark.parametrize("name", TARGETS)
def test_damaged_inputs_are_read_or_refused(name):
    counts = Counts()
    fuzz(name, TARGETS[name], 0, 0, 60, counts)
    assert not counts.faults
    # a font that cannot be read is dropped, and the rest goes on
    assert counts.outcomes["refused"] > 0 or name == "training font"

"""Some damaged inputs for every parser: none ends in a traceback, hangs, takes much or leaves anything."""

from __future__ import annotations

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor

import pytest
from fuzz.runner import Counts, fuzz
from fuzz.targets import TARGETS


@pytest.fixture(scope="module")
def small():
    """A process that has loaded little: to fork this one a thousand times would copy a thousand times what it holds."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        yield process


def tried(name: str) -> Counts:
    counts = Counts()
    fuzz(name, TARGETS[name], 0, 0, 60, counts)
    return counts


@pytest.mark.skipif(not hasattr(os, "fork"), reason="each input has a forked process")
@pytest.mark.parametrize("name", TARGETS)
def test_damaged_inputs_are_read_or_refused(small, name):
    counts = small.submit(tried, name).result()
    assert counts.tried == 60 and not counts.faults
    # a font that cannot be read is dropped, and the rest goes on
    assert counts.outcomes["refused"] > 0 or name == "training font"

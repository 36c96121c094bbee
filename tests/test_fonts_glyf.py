"""Glyphs packed by arrays are, byte for byte, those that fontTools packs point by point."""

from __future__ import annotations

from array import array
from types import SimpleNamespace

import numpy as np
import pytest
from fontTools.misc.bezierTools import splitCubicAtT
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates
from fontTools.ttLib.tables.ttProgram import Program
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.fonts.glyf import glyphs
from handsynth.fonts.shapes import _pieces

STEPS = st.sampled_from([0, 0, 0, 1, -1, 255, -255, 256, -256, 900])
GLYPH = st.lists(st.tuples(STEPS, STEPS, st.integers(0, 1)), max_size=40)


def by_fonttools(points: np.ndarray, on: bytes, ends: list[int]) -> tuple[bytes, Glyph]:
    glyph, program = Glyph(), Program()
    program.fromBytecode(b"")
    glyph.numberOfContours = len(ends)
    if ends:
        glyph.endPtsOfContours, glyph.flags, glyph.program = ends, array("B", on), program
        glyph.coordinates = GlyphCoordinates([tuple(point) for point in points.tolist()])
    return glyph.compile(SimpleNamespace(extended=True)), glyph


def compared(drawn: list[list[tuple[int, int, int]]]) -> None:
    steps = [np.array([point[:2] for point in some], np.int64).reshape(-1, 2) for some in drawn]
    points = [np.cumsum(some, axis=0) for some in steps]
    on = [bytes(point[2] for point in some) for some in drawn]
    ends = [sorted({len(some) // 2, len(some) - 1}) if some else [] for some in drawn]
    for made, *given_ in zip(glyphs(points, on, ends), points, on, ends, strict=True):
        data, want = by_fonttools(*given_)
        assert made.compile() == data
        if given_[2]:
            assert list(made.coordinates) == list(want.coordinates)
            assert (made.xMin, made.yMin, made.xMax, made.yMax) == (want.xMin, want.yMin, want.xMax, want.yMax)


@settings(deadline=None, max_examples=60)
@given(st.lists(GLYPH, min_size=1, max_size=5))
def test_bytes_are_those_of_fonttools(drawn):
    compared(drawn)


@pytest.mark.parametrize("count", [1, 2, 3, 255, 256, 257, 258, 600])
def test_long_runs_of_equal_flags(count):
    compared([[(1, 1, 1)] * count, [(1, 1, 1)] * 2])


def test_curves_are_split_as_by_fonttools():
    chance = np.random.default_rng(0)
    curves, times = chance.normal(0, 100, (200, 4, 2)), chance.uniform(0, 1, (200, 4))
    times[chance.uniform(size=times.shape) < 0.5] = np.nan
    times[:, 0] = np.where(np.isnan(times).all(axis=1), 0.5, times[:, 0])
    want = [
        splitCubicAtT(*map(tuple, curve), *sorted(some[~np.isnan(some)].tolist()))
        for curve, some in zip(curves.tolist(), times, strict=True)
    ]
    assert (_pieces(curves, times) == np.concatenate(want)).all()

"""Lengths and colours that people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.errors import InputError
from handsynth.units import colour, length_px


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("24", 24),
        ("24px", 24),
        (" 2.5 PX ", 2.5),
        ("25.4mm", 300),
        ("2.54cm", 300),
        ("1in", 300),
        ("72pt", 300),
        (".5in", 150),
    ],
)
def test_lengths(text, pixels):
    assert length_px(text, 300) == pytest.approx(pixels)


@pytest.mark.parametrize("text", ["", "px", "-3", "0", "0mm", "1e9", "nan", "inf", "3 kg", "3mm4", "１２", "9" * 99])
def test_no_lengths(text):
    with pytest.raises(InputError, match="^size "):
        length_px(text, 300, "size")


@pytest.mark.parametrize("dpi", [0, -1, float("nan"), float("inf"), 1e6])
def test_dpi_in_range(dpi):
    with pytest.raises(InputError, match="dpi"):
        length_px("3mm", dpi)


@pytest.mark.parametrize(
    ("text", "rgba"),
    [
        ("#1a2b8c", (0x1A, 0x2B, 0x8C, 255)),
        ("#f00", (255, 0, 0, 255)),
        ("#1a2b8c80", (0x1A, 0x2B, 0x8C, 0x80)),
        (" Navy ", (0, 0, 128, 255)),
        ("rgb(1,2,3)", (1, 2, 3, 255)),
        ("Transparent", (0, 0, 0, 0)),
    ],
)
def test_colours(text, rgba):
    assert colour(text) == rgba


@given(st.text(max_size=80))
def test_any_text_is_a_colour_or_refused(text):
    try:
        rgba = colour(text, "ink")
    except InputError as error:
        assert str(error).startswith("ink ") and "\n" not in str(error)
    else:
        assert len(rgba) == 4 and all(0 <= value <= 255 for value in rgba)


@given(st.text(max_size=20))
def test_any_text_is_a_length_or_refused(text):
    try:
        assert length_px(text, 300) > 0
    except InputError as error:
        assert "\n" not in str(error)

"""Lengths and colours that people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.errors import InputError
from handsynth.units import colour, length_px, plain


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


@pytest.mark.parametrize("number", [100 / 3, 24 * 0.62, 0.1 + 0.2])
def test_numbers_with_all_their_digits_are_lengths(number):
    assert length_px(str(number), 300) == number


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


@pytest.mark.parametrize(
    "given", ["rgb(300,2,3)", (1, 2), (1, 2, 256), (1.5, 2, 3), 5, None, ("1", 2, 3), (True, 0, 0)]
)
def test_colours_out_of_range_or_of_the_wrong_type(given):
    with pytest.raises(InputError, match="^ink .*255"):
        colour(given, "ink")


def test_colours_as_numbers():
    assert colour((1, 2, 3)) == (1, 2, 3, 255) and colour([1, 2, 3, 4]) == (1, 2, 3, 4)


def test_lengths_out_of_limits_are_named_in_pixels():
    with pytest.raises(InputError, match="^size is -5 px; give 1 to 10,000 px$"):
        length_px("-5", 300, "size", (1, 10_000))
    with pytest.raises(InputError, match="^wrap 1mm is 10 px; give 48 to 2,400,000 px$"):
        length_px("1mm", 254, "wrap", (48, 2_400_000))


@pytest.mark.parametrize(("value", "text"), [(1e5, "100,000"), (0.25, "0.25"), (-3.0, "-3"), (1e-5, "0.00001")])
def test_numbers_have_no_exponent(value, text):
    assert plain(value) == text

"""What letters with marks are without them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.text.bases import base


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("a", "a"),
        ("ő", "o"),
        ("ọ̈", "o"),
        ("ł", "l"),
        ("Đ", "D"),
        ("ı", "i"),
        ("ø", "ø"),
        ("ß", "ß"),
        ("ng", "ng"),
        ("", ""),
    ],
)
def test_marks_are_left_out(text, letter):
    assert base(text) == letter


@given(st.text(max_size=6))
def test_any_text_has_one_and_that_is_its_own(text):
    assert base(base(text)) == base(text)

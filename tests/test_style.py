"""The style sheet: TOML there and back, and clear words for what is wrong."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.document.style import Style
from handsynth.errors import InputError


def test_the_printed_style_is_toml_and_gives_the_same_style(tmp_path):
    style = Style().set(["writing.hand=Quill", "paper.name=a5-ruled", "text.reflow=yes", "person.slips=2"])
    (tmp_path / "s.toml").write_text(style.toml(), "utf-8")
    assert Style.load(tmp_path / "s.toml") == style
    assert style.toml().count("\n# ") >= 30, "every dial is explained"


@given(st.text(max_size=40).filter(lambda text: "\0" not in text))
def test_any_text_survives_the_style_sheet(text):
    style = Style().changed({"output": {"title": text}})
    assert Style().changed(tomllib.loads(style.toml())).output.title == text


def test_arguments_make_the_same_style():
    style = Style().set(["person.slips=0.5", "output.text_layer=false", "writing.seed=9"])
    pairs = style.arguments()[1::2]
    assert Style().set(pairs) == style
    assert Style().arguments() == []


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("person.slip=1", "did you mean slips"),
        ("nobody.slips=1", r"no table \[nobody\]"),
        ("person.slips", "TABLE.DIAL=VALUE"),
        ("person.slips=many", "give a number"),
        ("writing.seed=1.5", "a whole number"),
        ("text.reflow=perhaps", "true or false"),
        ("person.wander=nan", "give a number"),
    ],
)
def test_wrong_dials_are_named(pair, words):
    with pytest.raises(InputError, match=words):
        Style().set([pair])


@pytest.mark.parametrize(
    "raw", [b"[person]\nslips = 'x'", b"person = 3", b"= 1", b"\xff\xfe", b"[writing]\nseed = true"]
)
def test_broken_style_sheets_are_one_clear_error(raw, tmp_path):
    (tmp_path / "s.toml").write_bytes(raw)
    with pytest.raises(InputError, match="style"):
        Style.load(tmp_path / "s.toml")
    with pytest.raises(InputError, match="cannot read"):
        Style.load(tmp_path / "none.toml")


@given(st.binary(max_size=80))
def test_no_file_can_make_the_style_sheet_fail_otherwise(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("style") / "s.toml"
    path.write_bytes(raw)
    try:
        Style.load(path)
    except InputError as error:
        assert "\n" not in str(error) or "TOML" in str(error)

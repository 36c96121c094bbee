"""A document's text to blocks, from plain text and from Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.document.blocks import LONGEST, markdown, plain

TEXTS = st.text(alphabet=st.sampled_from("ab 1.-*#>`\n\t\f\\_[]()!<&é"), max_size=200)


def kinds(blocks):
    return [(block.kind, block.text) for block in blocks]


def test_every_line_of_plain_text_is_a_block():
    assert kinds(plain("Dear Ada,\n\nThanks.\r\nTessa")) == [
        ("paragraph", "Dear Ada,"), ("blank", ""), ("paragraph", "Thanks."), ("paragraph", "Tessa"),
    ]  # fmt: skip


def test_reflow_joins_lines_up_to_an_empty_one():
    blocks = list(plain("one\ntwo\n\nthree", reflow=True))
    assert kinds(blocks) == [("paragraph", "one two"), ("blank", ""), ("paragraph", "three")]
    assert [block.line for block in blocks] == [1, 3, 4]


@pytest.mark.parametrize("text", ["one\n\ftwo", "one\n\\newpage\ntwo", "one\f\ntwo"])
def test_form_feeds_and_newpage_begin_a_page(text):
    assert kinds(plain(text)) == [("paragraph", "one"), ("break", ""), ("paragraph", "two")]
    marked = markdown(text.replace("\\newpage", "\n\\newpage\n"))
    assert kinds(marked) == [("paragraph", "one"), ("break", ""), ("paragraph", "two")]


def test_markdown_has_headings_lists_rules_and_loses_its_marks():
    text = "# A *title*\n\nSome **bold** [link](http://x).\nMore.\n\n- one\n  - two\n\n"
    text += "3. three\n4. four\n\n---\n\n> said\n"
    blocks = [block for block in markdown(text) if block.kind != "blank"]
    assert kinds(blocks) == [
        ("heading", "A title"), ("paragraph", "Some bold link. More."), ("item", "one"), ("item", "two"),
        ("item", "three"), ("item", "four"), ("rule", ""), ("item", "said"),
    ]  # fmt: skip
    assert [block.marker for block in blocks if block.kind == "item"] == ["•", "•", "3.", "4.", ""]
    assert [block.level for block in blocks if block.kind == "item"] == [0, 1, 0, 0, 1]


def test_blocks_know_their_line():
    assert [block.line for block in markdown("one\n\ntwo\n\n# three") if block.text] == [1, 3, 5]


def test_long_markdown_is_parsed_in_pieces_alike():
    text = "\n\n".join(f"Paragraph {i} of many, with some words in it." for i in range(4000))
    blocks = [block for block in markdown(text) if block.text]
    assert len(blocks) == 4000
    assert blocks[-1].text.startswith("Paragraph 3999")
    assert blocks[-1].line == 7999


def test_endless_paragraphs_are_split_between_words():
    words = "word " * 5000
    parts = list(plain(words.strip()))
    assert all(len(part.text) <= LONGEST for part in parts)
    assert " ".join(part.text for part in parts) == words.strip()
    assert [len(part.text) for part in plain("x" * (LONGEST + 5))] == [LONGEST, 5]


@given(TEXTS)
def test_no_letter_of_plain_text_is_lost(text):
    blocks = "".join(block.text for block in plain(text))
    assert [c for c in blocks if c.isalnum()] == [c for c in text.replace("\\newpage", "") if c.isalnum()]


@given(TEXTS)
def test_any_markdown_is_read(text):
    for block in markdown(text):
        assert block.text.strip() or block.kind in ("blank", "rule", "break")

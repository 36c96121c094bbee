"""A document's text to blocks, from plain text and from Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handsynth.document.blocks import LONGEST, markdown, plain, unsupported

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


def test_lists_and_quotations_that_follow_each_other_stand_apart():
    text = "1. one\n   - in it\n2. two\n\n> said\n>\n> and said\n\n- another\n- list\n\n* and a third\n"
    found = [block.text or block.kind for block in markdown(text)]
    apart = [word for word in found if word != "blank"]
    assert apart == ["one", "in it", "two", "said", "and said", "another", "list", "and a third"]
    assert [apart.index(found[i + 1]) for i, word in enumerate(found) if word == "blank"] == [3, 5, 7]


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


def test_tables_have_rows_columns_and_alignments():
    (block,) = (
        b for b in markdown("intro\n\n| A | *B* | C |\n|:-:|--:|---|\n| 1 |  | three x |\n") if b.kind == "table"
    )
    assert block.text == "A B C\n1  three x" and block.line == 3
    assert block.table.aligns == ("centre", "right", "left")
    starts = {block.text[start]: column for start, column in block.table.cells}
    assert starts == {"A": 0, "B": 1, "C": 2, "1": 0, "t": 2}
    assert [span.start for span in block.spans if span.kind == "underline"] == [block.text.index("B")]


def test_long_tables_are_several_of_whole_rows():
    rows = [f"| {i} | {'word ' * 20}|" for i in range(200)]
    made = [b for b in markdown("| n | t |\n|---|---|\n" + "\n".join(rows)) if b.kind == "table"]
    assert len(made) > 1 and all(len(b.text) <= LONGEST for b in made)
    assert [b.table.header for b in made] == [True] + [False] * (len(made) - 1)
    assert sum(b.text.count("\n") + 1 for b in made) == 201
    for b in made:  # each begins where its line number says
        assert ["| n | t |", "", *rows][b.line - 1].split("|")[1].strip() == b.text.split(" ")[0]


def test_code_is_one_block_with_its_indents_and_blank_lines():
    made = [b for b in markdown("```\nif a:\n    b\n\nc\n```\n") if b.kind != "blank"]
    assert kinds(made) == [("code", "if a:\n    b\n\nc")] and made[0].line == 2


def test_task_items_have_boxes():
    made = [b for b in markdown("- [ ] open\n- [x] **done**\n- [y] no box\n\n1. [X] first\n") if b.kind == "item"]
    assert [(b.marker, b.text) for b in made] == [
        ("☐", "open"), ("☑", "done"), ("•", "[y] no box"), ("1. ☑", "first"),
    ]  # fmt: skip
    assert (made[1].spans[0].start, made[1].spans[0].stop) == (0, 4)


def test_items_know_the_longest_number_of_their_list():
    made = [b for b in markdown("".join(f"{i}. x\n" for i in range(98, 103)) + "     - in\n") if b.kind == "item"]
    assert [b.longest for b in made] == [3] * 5 + [1]


@pytest.mark.parametrize("read", [plain, markdown])
def test_one_line_can_be_set_right_or_centred(read):
    made = [b for b in read("\\right 1 May\n\n\\center Dear\n\nAda\\right\n") if b.kind != "blank"]
    assert [(b.align, b.text) for b in made] == [("right", "1 May"), ("centre", "Dear"), ("", "Ada\\right")]
    assert made[0].column == 8


def test_what_markdown_has_and_pages_have_not_is_said_once_a_kind():
    text = "one[^1] and two[^2]\n\n![a](b.png) ![c](d.png)\n\na <b>bold</b> word\n\n[^1]: note\n"
    assert [line.split(" (")[0] for line in unsupported(text)] == [
        "footnotes stand as they are written", "pictures leave their words alone", "HTML stands as it is written",
    ]  # fmt: skip
    words = [block.text for block in markdown("one[^1]\n\n[^1]: what it says\n\n[r]: http://x\n") if block.text]
    assert words == ["one[^1]", "[^1]: what it says"]
    assert unsupported("a < b > c, `<b>`, [x] and [link](y)\n") == []

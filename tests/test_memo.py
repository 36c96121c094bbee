"""Of a document that is changed, only changed blocks are set again, and the pages are what they would be without."""

from __future__ import annotations

import pytest

from handsynth.document import galley
from handsynth.document.memo import Memo
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.formats import encode
from handsynth.model.model import Model

PARAGRAPHS = "Dear Ada,\n\nthe old mill is well.\n\nWe met a man.\n\nYours"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


def drawn(model: Model, text: str, memo: tuple[Memo, str] | None = None, *dials: str, markdown: bool = False) -> bytes:
    style = Style().set(["paper.name=a6", "output.dpi=60", *dials])
    document = Document(text, style, model=model, memo=memo, markdown=markdown)
    return encode(next(document.pages()), ".png", document.plan.look)


@pytest.fixture
def counted(monkeypatch) -> list[int]:
    """How many blocks are set at a time."""
    counts: list[int] = []
    real = galley._set

    def set_(*how):
        counts.append(1)
        return real(*how)

    monkeypatch.setattr(galley, "_set", set_)
    return counts


@pytest.mark.parametrize("markdown", [False, True])
def test_only_the_changed_block_is_set_and_the_page_is_as_without(model, counted, markdown):
    memo = Memo(10_000)
    drawn(model, PARAGRAPHS, (memo, "usual"), markdown=markdown)
    first = len(counted)
    changed = PARAGRAPHS.replace("a man", "a young man")
    counted.clear()
    again = drawn(model, changed, (memo, "usual"), markdown=markdown)
    assert len(counted) == 1 < first
    assert again == drawn(model, changed, markdown=markdown)


def test_a_word_that_stands_earlier_now_changes_its_later_copies(model):
    memo = Memo(10_000)
    drawn(model, PARAGRAPHS, (memo, "usual"))
    more = PARAGRAPHS.replace("Dear", "Dear old")
    assert drawn(model, more, (memo, "usual")) == drawn(model, more)


def test_another_manner_is_another_galley(model):
    memo = Memo(10_000)
    drawn(model, PARAGRAPHS, (memo, "usual"))
    assert drawn(model, PARAGRAPHS, (memo, "wide"), "text.letter_spacing=1.5") == drawn(
        model, PARAGRAPHS, None, "text.letter_spacing=1.5"
    )


def test_it_holds_no_more_than_it_may(model, counted):
    memo = Memo(20)
    drawn(model, PARAGRAPHS, (memo, "usual"))
    assert 0 < len(memo) < len(counted)
    assert drawn(model, PARAGRAPHS, (memo, "usual")) == drawn(model, PARAGRAPHS)

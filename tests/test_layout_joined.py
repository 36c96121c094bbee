"""Joined letters: a stroke of the pen from each small letter to the next of its word."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from handsynth import api
from handsynth.corpus.joined import joined, roomy
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.layout.page import Page

HANDS = "Quill", "Maple", "Cedar"


def _written(text: str, hand: str, **more) -> Page:
    return api.typeset(text, hand=hand, seed=5, gap=0.35, **more)


def _pieces(page: Page) -> int:
    """Of ink that hangs together, but for specks."""
    ink = coverage(page, Look(40.0)) > 64
    labels, count = ndimage.label(ink, np.ones((3, 3)))
    return int((np.bincount(labels.ravel())[1:] > 20).sum()) if count else 0


@pytest.mark.parametrize("hand", HANDS)
def test_the_small_letters_of_a_word_hang_together(hand):
    page = _written("nuance lemon", hand)
    assert _pieces(page) >= 9
    assert _pieces(joined(page)) <= 4


@pytest.mark.parametrize("text", ["NUANCE", "1234", "?!", "A B C"])
def test_capitals_figures_and_signs_stay_as_they_are(text):
    page = _written(text, "Quill")
    assert joined(page).fields.tobytes() == page.fields.tobytes()


def test_words_and_lines_stay_apart():
    page = joined(_written("as in no on\nan as", HANDS[0]))
    ink = coverage(page, Look(40.0)) > 64
    labels, _ = ndimage.label(ink, np.ones((3, 3)))
    boxes = np.rint(page.boxes() * 40).astype(int)
    of = {}
    for word in np.unique(page.word):
        left, top, right, bottom = (boxes[page.word == word][:, i] for i in range(4))
        part = labels[max(top.min(), 0) : bottom.max(), max(left.min(), 0) : right.max()]
        of[int(word)] = set(np.unique(part)) - {0}
    names = list(of)
    assert all(not of[a] & of[b] for i, a in enumerate(names) for b in names[i + 1 :])


def test_ink_is_only_added_and_the_page_keeps_its_size_and_its_margins():
    page = _written("the quick brown fox jumps over the lazy dog, ay", "Quill", wrap=20)
    done = joined(page)
    assert (done.fields >= page.fields).all() and (done.fields > page.fields).any()
    assert (done.width, done.height, done.texts) == (page.width, page.height, page.texts)
    wide = roomy(page, done)
    before, after = page.boxes(), wide.boxes()
    assert after[:, 0].min() >= before[:, 0].min() - 1e-6
    assert wide.width - after[:, 2].max() == pytest.approx(page.width - before[:, 2].max(), abs=1e-6)


def test_a_page_without_letters():
    page = _written("-", "Quill")
    assert joined(page) is page

"""Own letters whose small eyes and bars ran together are still those letters when they are drawn anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.hands.hand import Hand
from handsynth.ink.measure import pen_width
from handsynth.learning import latents
from handsynth.learning.fields import fields_of
from handsynth.learning.legible import brought_back, spoilt
from handsynth.model.model import Model

CHARS = "eeaagmw8B4"


@pytest.fixture(scope="module")
def model():
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def blotted(model):
    """Small letters by twelve people with a broad pen: uint8 [n,H,H] and their characters."""
    size, images, chars = model.frame.size, [], []
    small = round(size * 0.62)
    for number in range(12):
        hand = replace(Hand.random(model, 8, number), pen=0.24)
        places = np.array([noise.key_of("blot", char, i) for i, char in enumerate(CHARS)], np.uint64)
        for ink in glyphs(model, hand, model.index(CHARS), places, 3, temperature=0.7).ink():
            picture = Image.fromarray(np.rint(255 * ink).astype(np.uint8)).resize((small, small), Image.Resampling.BOX)
            sheet = np.zeros((size, size), np.uint8)
            left, top = (size - small) // 2, model.frame.baseline - round(model.frame.baseline * 0.62)
            sheet[top : top + small, left : left + small] = picture
            images.append(sheet)
        chars += CHARS
    return np.stack(images), chars


def fitted(model, blotted):
    images, chars = blotted
    fields = fields_of(images)
    index = model.index(chars)
    return index, pen_width(fields), latents.fitted(model, index, images, fields, Hand.random(model, 1).style)


def test_fewer_letters_are_lost(model, blotted, monkeypatch):
    index, pen, found = fitted(model, blotted)
    monkeypatch.setattr(latents, "_read_again", lambda *_: None)
    _, _, plain = fitted(model, blotted)
    lost = [spoilt(model, index, blotted[0], some.latents, some.offsets, pen)[0] for some in (plain, found)]
    assert lost[0].sum() >= 5, "the centreline loses some of these"
    assert lost[1].sum() <= 0.5 * lost[0].sum()
    kept = ~lost[0] | ~plain.good
    assert (found.latents[kept] == plain.latents[kept]).all() and (found.offsets[kept] == plain.offsets[kept]).all()


def test_latents_are_brought_back_no_further_than_they_must(model, blotted):
    index, pen, found = fitted(model, blotted)
    told = model.encode(blotted[0].astype(np.float32) / 255, index)[0]
    _, seen = spoilt(model, index, blotted[0], found.latents, found.offsets, pen)
    whole, there = brought_back(model, index, told, found.latents, np.zeros(len(index)), pen)
    assert there.all() and (whole == found.latents).all(), "what nobody reads is left where it is"
    back, there = brought_back(model, index, told, found.latents, seen, pen)
    assert (back[~there] == found.latents[~there]).all()
    assert not spoilt(model, index[there], blotted[0][there], back[there], 0 * found.offsets[there], pen)[0].any()

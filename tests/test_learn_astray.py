"""Own letters that the model cannot draw, for want of a stroke, are kept as ink rather than drawn as other letters."""

from __future__ import annotations

import numpy as np
import pytest

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.hands.hand import Hand
from handsynth.learning import latents
from handsynth.learning.fields import fields_of
from handsynth.model.model import Model

CHARS = "cnouvl"


@pytest.fixture(scope="module")
def model():
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def plain(model):
    """Letters by a random hand, uint8 [n,H,H]."""
    places = np.array([noise.key_of("astray", char) for char in CHARS], np.uint64)
    return (glyphs(model, Hand.random(model, 3), model.index(CHARS), places, 1).ink() * 255).astype(np.uint8)


def good(model, images):
    return latents.fitted(model, model.index(CHARS), images, fields_of(images), Hand.random(model, 3).style).good


def test_letters_with_all_their_strokes_are_understood(model, plain):
    assert good(model, plain).all()


def test_a_letter_with_ink_that_no_stroke_reaches_is_not(model, plain):
    odd = plain.copy()
    odd[:, 4:7, 20:44] = 255  # a bar high above
    assert not good(model, odd).any()


@pytest.mark.parametrize(
    ("off", "left", "astray", "understood"),
    [
        (1.0, 0.5, 2.5, False),
        (1.0, 0.5, 1.5, True),
        (1.0, 0.3, 2.5, True),
        (0.6, 0.5, 2.5, True),
        (1.3, 0.5, 1.5, False),
    ],
)
def test_a_stroke_astray_counts_where_the_rest_is_not_followed_either(off, left, astray, understood):
    one = np.ones(1)
    found = latents.Fitted(one, one, off * one, one, left * one, astray * one, np.ones(1, bool))
    assert found.good.tolist() == [understood]

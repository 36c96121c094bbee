"""Hands that write capitals for small letters, and hands that write small."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from field_model import of_fields

from handsynth import noise, typeset
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.model.model import Model

SHARE = 0.8


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def hand(model: Model) -> Hand:
    return replace(Hand.random(model, 5), small_capitals=SHARE)


def drawn(model: Model, hand: Hand, chars: str) -> draw.Glyphs:
    index = np.array([model.repertoire.index(char) for char in chars], np.int64)
    places = np.array([noise.key_of("sample", i) for i in range(len(chars))], np.uint64)
    return draw.glyphs(model, hand, index, places, 3)


def test_small_letters_are_the_capitals_of_the_hand_but_lower_and_all_else_stays(model: Model, hand: Hand) -> None:
    text, capitals = "abixyz\u03c0\u0431.7A", "ABIXYZ\u03a0\u0411.7A"
    found, wanted = drawn(model, hand, text).strokes, drawn(model, replace(hand, small_capitals=None), capitals).strokes
    assert found is not None and wanted is not None
    assert (found.strokes == wanted.strokes).all() and (found.width == wanted.width).all()
    small = np.array([one != other for one, other in zip(text, capitals, strict=True)])[found.owner[found.stroke]]
    middle = np.array([model.frame.size / 2, model.frame.baseline])
    np.testing.assert_allclose(found.points[~small], wanted.points[~small])
    np.testing.assert_allclose(found.points[small], middle + SHARE * (wanted.points[small] - middle), atol=1e-3)


def test_several_hands_at_once_draw_small_capitals_as_each_alone(model: Model, hand: Hand) -> None:
    chars = "ab\u03c0\u0431.C"
    both = [hand, replace(Hand.random(model, 6), pen=0.2)]
    index = np.array([model.repertoire.index(char) for char in chars] * 2, np.int64)
    places = np.array([noise.key_of("sample", i) for i in range(len(chars))] * 2, np.uint64)
    found = draw.several(model, both, [3, 3], np.repeat([0, 1], len(chars)), index, places, temperature=[1.0, 1.0])
    first, second = (drawn(model, one, chars).keys() for one in both)
    assert found.keys() == [*first, *second]


def test_accents_stand_on_small_capitals_and_labels_stay_small(model: Model, hand: Hand) -> None:
    page = typeset("é e é", hand=hand, model=model, temperature=0.0)
    assert "".join(page.texts) == "éeé"
    top, plain, _ = -page.glyphs.boxes(model.frame)[:, 1]
    capital = -typeset("E", hand=hand, model=model, temperature=0.0).glyphs.boxes(model.frame)[0, 1]
    assert plain < capital and top > plain + 0.1


@pytest.mark.parametrize("dial", [1.0, 2.0])
def test_small_capitals_are_never_joined(hand: Hand, dial: float) -> None:
    assert replace(hand, joined=0.9).joining(dial) is None
    with pytest.raises(InputError, match="joined"):
        hand.joining(3.0)


def test_models_of_fields_draw_small_capitals_too(model: Model) -> None:
    fields = of_fields(model)
    hand = replace(Hand.random(fields, 1), small_capitals=SHARE)
    small, capital = (-drawn(fields, hand, char).boxes(fields.frame)[0, 1] for char in "hH")
    assert small == pytest.approx(SHARE * capital, abs=0.1)


def test_a_saved_hand_keeps_its_small_capitals_and_size_and_says_what_is_wrong(hand: Hand, tmp_path: Path) -> None:
    path = tmp_path / "a.hand"
    replace(hand, size=0.6).save(path)
    again = Hand.load(path)
    assert (again.small_capitals, again.size) == (SHARE, 0.6)
    for good, bad in (('"small_capitals": 0.8', '"small_capitals": 7'), ('"size": 0.6', '"size": 0')):
        text = path.read_text()
        assert good in text
        path.write_text(text.replace(good, bad))
        with pytest.raises(InputError, match=good.split('"')[1]):
            Hand.load(path)
        path.write_text(text)


def test_a_blend_writes_small_letters_as_most_of_its_hands(model: Model, hand: Hand) -> None:
    other = replace(Hand.random(model, 6), size=0.25)
    for share, expected in ((0.4, SHARE), (0.6, None)):
        blend = Hand.blend(hand, other, share)
        assert blend.small_capitals == (None if expected is None else pytest.approx(expected))
        assert 0.25 < blend.size < 1


def test_who_writes_small_writes_small_on_a_page_unless_a_size_is_asked_for(model: Model, hand: Hand) -> None:
    small = replace(hand, size=0.5)
    for size, share in (("", 0.5), ("2mm", 1.0)):
        style = Style().set([f"text.size={size}", "paper.name=a4-ruled"])
        usual, tiny = (Document("Hello", style, hand=one, model=model).plan.sheet for one in (hand, small))
        # lengths of a sheet are in heights of a small x
        assert usual.width / tiny.width == pytest.approx(share)


def test_the_bar_of_a_small_capital_crosses_its_stem(model: Model) -> None:
    """As it does that of a small letter: inside a D it would not be seen."""
    page = typeset("đ", hand="Graphite", model=model)
    paths = page.glyphs.strokes
    assert paths is not None
    bar, letter = paths.points[paths.strokes[-2] :], paths.points[: paths.strokes[-2]]
    level = bar[:, 1].mean()
    stem = letter[np.abs(letter[:, 1] - level) < 3, 0].min()
    assert bar[:, 0].min() < stem - 0.2 * model.frame.xheight < bar[:, 0].max()

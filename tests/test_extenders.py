"""Hands whose ascenders and descenders are longer or shorter than their style's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from field_model import of_fields
from hypothesis import given, settings
from hypothesis import strategies as st
from line_photos import Scene, photograph

from handsynth import noise, typeset
from handsynth.drawing import draw
from handsynth.drawing.forms import tidied
from handsynth.errors import InputError
from handsynth.fonts.names import Names
from handsynth.fonts.source import build
from handsynth.frame import STANDARD
from handsynth.hands.hand import Hand
from handsynth.hands.letters import LetterLatents
from handsynth.ink.extenders import STEPS, TOP, stretched, within
from handsynth.ink.paths import Paths
from handsynth.learning.api import learn
from handsynth.learning.refit import refit
from handsynth.model.model import Model

LINE, SMALL = STANDARD.baseline, STANDARD.baseline - TOP * STANDARD.xheight


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def plain(model: Model) -> Hand:
    return replace(Hand.random(model, 5), ascenders=1.0, descenders=1.0)


def drawn(model: Model, hand: Hand, chars: str, copies: int = 1) -> Paths:
    index = np.array([model.repertoire.index(char) for char in chars] * copies, np.int64)
    places = np.array([noise.key_of("sample", i) for i in range(len(index))], np.uint64)
    found = draw.glyphs(model, hand, index, places, 3).strokes
    assert found is not None
    return found


def test_only_what_is_above_small_letters_or_below_the_line_moves(model: Model, plain: Hand) -> None:
    text = "adgfy"
    was, now = drawn(model, plain, text), drawn(model, replace(plain, ascenders=1.3, descenders=1.6), text)
    assert (was.strokes == now.strokes).all() and (was.width == now.width).all()
    above, below = was.points[:, 1] < SMALL, was.points[:, 1] > LINE
    assert above.any() and below.any()
    np.testing.assert_array_equal(now.points[~above & ~below], was.points[~above & ~below])
    for rows, edge, times in ((above, SMALL, 1.3), (below, LINE, 1.6)):
        far = was.points[rows, 1] - edge
        np.testing.assert_allclose(now.points[rows, 1] - edge, times * far, atol=1 / STEPS)


def test_extenders_grow_along_the_way_that_they_lean() -> None:
    # a stem that leans by a quarter from the line up, and one that leans the other way down
    heights = np.linspace(0, 30, 16)
    stem = np.stack([32 + heights / 4, LINE - heights], axis=1)
    tail = np.stack([32 + heights / 2, LINE + heights / 2], axis=1)
    paths = Paths.of([[stem], [tail]], 2.0)
    found = stretched(paths, np.array([1.5, 1.5]), np.array([1.5, 1.5]), STANDARD)
    first, second = found.points[: len(heights)], found.points[len(heights) :]
    np.testing.assert_allclose(first[:, 0] - 32, (LINE - first[:, 1]) / 4, atol=0.05)
    # steeper than extenders lean
    assert second[-1, 0] - tail[-1, 0] == pytest.approx(0.8 * 7.5, abs=0.3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.floats(-80, 140), st.floats(-80, 140)), min_size=1, max_size=9), st.floats(0.5, 2.0))
def test_any_letter_is_stretched_without_harm(points: list[tuple[float, float]], times: float) -> None:
    paths = Paths.of([[np.array(points)], [], [np.array(points[:1])]], 2.0)
    found = stretched(paths, np.full(3, times), np.full(3, times), STANDARD)
    assert np.isfinite(found.points).all() and (found.strokes == paths.strokes).all()
    heights = paths.points[:, 1]
    order = np.argsort(heights, kind="stable")
    # what was higher stays so, within the steps in which it is measured
    assert (np.diff(found.points[order, 1]) >= -1 / STEPS - 1e-3).all()
    same = stretched(paths, np.ones(3), np.ones(3), STANDARD)
    np.testing.assert_array_equal(same.points, paths.points)


def test_signs_and_digits_have_none_and_letters_that_are_known_have_them_too(model: Model, plain: Hand) -> None:
    long = replace(plain, ascenders=1.3, descenders=1.6)
    signs = "(),;/|Q7@"
    was, now = drawn(model, plain, signs), drawn(model, long, signs)
    moved = {signs[k] for k in np.unique(was.owner[was.stroke][(was.points != now.points).any(axis=1)])}
    assert moved == {"Q"}
    latents = np.zeros((2, len(model.card.spread)), np.float32)
    knowing = replace(long, known=LetterLatents(("g", "d"), latents, np.ones_like(latents)))
    unknowing = replace(knowing, ascenders=1.0, descenders=1.0)
    was, now = drawn(model, unknowing, "gdyh"), drawn(model, knowing, "gdyh")
    moved = {"gdyh"[k] for k in np.unique(was.owner[was.stroke][(was.points != now.points).any(axis=1)])}
    assert moved == {"g", "d", "y", "h"}


def test_several_hands_at_once_have_each_its_own(model: Model, plain: Hand) -> None:
    chars = "dgp\u0431\u03c6("
    both = [replace(plain, descenders=1.5), Hand.random(model, 6), replace(plain, ascenders=1.2, slant=0.2)]
    index = np.array([model.repertoire.index(char) for char in chars] * 3, np.int64)
    places = np.array([noise.key_of("sample", i) for i in range(len(chars))] * 3, np.uint64)
    owner = np.repeat([0, 1, 2], len(chars))
    found = draw.several(model, both, [3, 3, 3], owner, index, places, temperature=[1.0] * 3)
    one_by_one = [draw.glyphs(model, hand, index[:6], places[:6], 3, temperature=1.0).keys() for hand in both]
    assert found.keys() == [key for keys in one_by_one for key in keys]


def test_greek_and_cyrillic_letters_have_them_too_and_the_same_forms(model: Model, plain: Hand) -> None:
    chars = "\u03c6\u03b4\u0444"
    was, now = drawn(model, plain, chars), drawn(model, replace(plain, descenders=1.5), chars)
    low = was.points[:, 1] > LINE
    assert low.any()
    np.testing.assert_array_equal(now.points[~low], was.points[~low])
    assert now.points[:, 1].max() > was.points[:, 1].max() + 1


def test_forms_of_letters_do_not_depend_on_them(model: Model, plain: Hand) -> None:
    long = replace(plain, ascenders=1.35, descenders=1.7)
    wanted = dict(tidied(model, plain).letters[0].forms)
    assert wanted and dict(tidied(model, long).letters[0].forms) == wanted


def test_random_hands_differ_in_them_as_people_do(model: Model) -> None:
    """Heights beside small letters: g 1.7, 2.2, 2.9, y 1.7, 2.1, 2.9 (10, 50, 90 % of UNIPEN's writers)."""
    small, tall = "aeonu", "gy"
    ratios = []
    for number in range(100):
        paths = drawn(model, Hand.random(model, number), small + tall, 3)
        owner, y = paths.owner[paths.stroke], paths.points[:, 1]
        height = np.array([np.ptp(y[owner == k]) for k in range(len(paths))]).reshape(3, -1)
        ratios.append(np.median(height[:, len(small) :], axis=0) / np.median(height[:, : len(small)]))
    low, middle, high = np.percentile(ratios, [10, 50, 90], axis=0)
    np.testing.assert_allclose(middle, [2.22, 2.12], rtol=0.06)
    np.testing.assert_allclose(low, [1.7, 1.72], rtol=0.1)
    np.testing.assert_allclose(high, [2.87, 2.85], rtol=0.05)


def test_long_descenders_of_a_line_are_learnt_as_long(model: Model, tmp_path: Path) -> None:
    text = "quickly judging the brown fox happy by any river"
    hand = replace(Hand.gallery(model, "Onyx"), descenders=1.9)
    path = photograph(typeset(text, model=model, hand=hand, seed=4), tmp_path / "line.jpg", Scene())
    learnt = learn(model, line=path, text=text)
    assert not any("smaller" in note for note in learnt.notes)
    assert 1.2 < learnt.hand.descenders < 1.9
    learnt.hand.save(tmp_path / "me.hand")
    again = Hand.load(tmp_path / "me.hand", model)

    def low(one: Hand) -> float:
        return float(typeset("gy", model=model, hand=one, temperature=0.0).glyphs.boxes(model.frame)[:, 3].mean())

    assert low(again) == pytest.approx(low(hand), rel=0.2) and low(again) > 1.25
    made = refit(model, again).hand
    assert made.descenders == again.descenders and low(made) == pytest.approx(low(again), rel=0.1)
    # a damaged part is lost, and nothing else of the file is
    bad = tmp_path / "bad.hand"
    bad.write_text((tmp_path / "me.hand").read_text().replace('"joined": ', '"joined": 7'))
    mended = refit(model, bad)
    assert mended.hand.descenders == again.descenders and any("lost: joined" in note for note in mended.notes)


def test_lines_of_fonts_have_room_for_long_tails(model: Model) -> None:
    hand = Hand.gallery(model, "Fern")
    usual, long, most = (
        build(model, replace(hand, descenders=times), Names("A Hand", "Regular"), "agpxy", 2).metrics
        for times in (1.0, 1.7, 2.0)
    )
    assert usual.descent < long.descent < most.descent
    # in steps of a tenth of an x-height, which is 0.45 em
    assert [round(one.descent / 0.045, 6) % 1 for one in (usual, long, most)] == [0, 0, 0]
    assert usual.ascent == long.ascent


def test_models_of_fields_have_none(model: Model) -> None:
    hand = Hand.random(of_fields(model), 1)
    assert (hand.ascenders, hand.descenders) == (1, 1)


def test_a_saved_hand_keeps_them_and_says_what_is_wrong(model: Model, plain: Hand, tmp_path: Path) -> None:
    path = tmp_path / "a.hand"
    replace(plain, ascenders=1.2, descenders=0.9).save(path)
    again = Hand.load(path, model)
    assert (again.ascenders, again.descenders) == (1.2, 0.9)
    text = path.read_text()
    for good, bad in (('"ascenders": 1.2', '"ascenders": 2.1'), ('"descenders": 0.9', '"descenders": "long"')):
        assert good in text
        path.write_text(text.replace(good, bad))
        with pytest.raises(InputError, match=good.split('"')[1]):
            Hand.load(path)
    plain.save(path)
    assert "ascenders" not in path.read_text()


def test_a_blend_lies_between(model: Model, plain: Hand) -> None:
    one, other = replace(plain, descenders=1.0), replace(Hand.random(model, 6), descenders=1.44)
    assert Hand.blend(one, other, 0.5).descenders == pytest.approx(1.2)
    assert Hand.average([one, other]).descenders == pytest.approx(1.2)


def test_pictures_in_the_frame_have_whole_letters(model: Model, plain: Hand) -> None:
    long = replace(plain, ascenders=1.35, descenders=1.7)
    index = model.index("gjpqy")
    found = draw.glyphs(model, long, index, np.arange(5, dtype=np.uint64), 3)
    assert found.strokes is not None and found.boxes(model.frame)[:, 3].max() * 18 > model.frame.descent + 2
    paths = found.strokes
    fitting = within(paths, paths, model.frame)
    assert fitting.bounds()[:, 3].max() <= model.frame.size + 1
    cut = paths.bounds()[:, 3] > model.frame.size + 1
    still = ~cut[paths.owner[paths.stroke]]
    np.testing.assert_array_equal(fitting.points[still], paths.points[still])

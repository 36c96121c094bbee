"""Drawing: what a glyph depends on, temperature, variation, and the legibility dial."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import stub_model as stub

from handsynth import noise
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


@pytest.fixture(scope="module")
def hand(model) -> Hand:
    return Hand.gallery(model, "Quill")


def places(count: int) -> np.ndarray:
    return np.array([noise.key_of("test", i) for i in range(count)], np.uint64)


def heard(model: Model, monkeypatch: pytest.MonkeyPatch, hand: Hand | np.ndarray, count: int, **how) -> np.ndarray:
    """The noise [n,V] of `count` letters a at temperature 1, as the prior hears it."""
    seen = []
    plain = model.prior
    with monkeypatch.context() as patch:
        patch.setattr(
            model, "prior", lambda index, style, variation: seen.append(variation) or plain(index, style, variation)
        )
        draw.glyphs(model, hand, np.zeros(count, np.int64), places(count), 7, **how)
    return np.concatenate(seen)


def test_a_glyph_is_the_same_whatever_is_drawn_with_it(model, hand):
    index, where = np.arange(40) % stub.C, places(40)
    whole = draw.glyphs(model, hand, index, where, 3)
    assert len(whole) == 40 and whole.fields().shape == (40, stub.H, stub.H) and whole.ink().dtype == np.float32
    for part in (slice(0, 1), slice(7, 30), slice(None, None, -1)):
        assert draw.glyphs(model, hand, index[part], where[part], 3).keys() == whole.keys()[part]
    well = draw.glyphs(model, hand, index, where, 3, legibility=4).keys()
    assert draw.glyphs(model, hand, index[5:9], where[5:9], 3, legibility=4).keys() == well[5:9]
    assert [
        draw.glyphs(model, hand, index[i : i + 1], where[i : i + 1], 3, legibility=4).keys()[0] for i in range(40)
    ] == well


def test_copies_differ_by_place_and_seed(model, hand):
    index = np.zeros(3, np.int64)
    a = draw.glyphs(model, hand, index, places(3), 1).keys()
    assert len(set(a)) == 3
    assert not set(a) & set(draw.glyphs(model, hand, index, places(3), 2).keys())
    assert len(set(draw.glyphs(model, hand, index, places(3), 1, temperature=0).keys())) == 1


def test_temperature_scales_the_hands_own_noise_and_the_place_s(model, hand):
    index, where = np.arange(stub.C), places(stub.C)
    own = hand.letter_noise(stub.CHARS, stub.V)
    here = noise.normals(5, "glyph", where ^ np.uint64(hand.key), stub.V)
    for variation in (0.0, 0.25, 0.8, 1.0):
        share = np.float32(variation)
        mixed = np.sqrt(1 - share * share) * own + share * here
        expected = model.prior(index, np.zeros(stub.S, np.float32), mixed * np.float32(0.5))[1]
        drawn = draw.glyphs(model, hand, index, where, 5, temperature=0.5, variation=variation)
        assert drawn.array.tobytes() == model.decode(index, hand.style, expected).tobytes()


def test_the_usual_variation_is_small_but_there(model, hand):
    index, where = np.arange(stub.C), places(stub.C)
    usual = draw.glyphs(model, hand, index, where, 1)
    assert usual.keys() == draw.glyphs(model, hand, index, where, 1, variation=draw.VARIATION).keys()
    assert 0 < draw.VARIATION < 0.5


def test_a_hand_keeps_its_letter_forms_whatever_the_seed_and_the_place(model, hand, monkeypatch):
    own = hand.letter_noise("a", stub.V)
    still = heard(model, monkeypatch, hand, 9, variation=0.0)
    assert (still == own).all()
    count = 3000
    drawn = heard(model, monkeypatch, hand, count)
    kept = np.sqrt(1 - draw.VARIATION**2)
    assert np.abs(drawn.mean(axis=0) - kept * own[0]).max() < 4 * draw.VARIATION / count**0.5
    assert drawn.std(axis=0) == pytest.approx(draw.VARIATION, rel=0.08)


def test_copies_differ_more_the_larger_the_variation(model, hand):
    def spread(variation: float) -> float:
        drawn = draw.glyphs(model, hand, np.zeros(200, np.int64), places(200), 1, variation=variation)
        return float(drawn.array.std(axis=0).mean())

    widths = [spread(variation) for variation in (0.0, 0.2, 0.5, 1.0)]
    assert (np.diff(widths) > 0.01).all()
    still = draw.glyphs(model, hand, np.zeros(200, np.int64), places(200), 1, variation=0.0)
    assert len(set(still.keys())) == 1


def test_two_hands_share_no_noise_with_one_seed_and_the_same_places(model, hand, monkeypatch):
    other, count = Hand.gallery(model, "Marker"), 3000
    assert hand.key != other.key
    for variation in (draw.VARIATION, 1.0):
        one, two = (heard(model, monkeypatch, who, count, variation=variation) for who in (hand, other))
        assert not (one == two).any()
        apart = [a - a.mean(axis=0) for a in (one, two)]
        alike = (apart[0] * apart[1]).sum() / np.sqrt((apart[0] ** 2).sum() * (apart[1] ** 2).sum())
        assert abs(alike) < 4 / (count * stub.V) ** 0.5
    letters = [who.letter_noise(stub.CHARS, 200).ravel() for who in (hand, other)]
    assert abs(np.corrcoef(letters)[0, 1]) < 4 / len(letters[0]) ** 0.5


def test_styles_that_are_no_hands_keep_nothing(model, hand, monkeypatch):
    expected = noise.normals(7, "glyph", places(50), stub.V)
    for variation in (0.0, draw.VARIATION, 1.0):
        assert (heard(model, monkeypatch, hand.style, 50, variation=variation) == expected).all()


def test_one_style_for_each_glyph(model, hand):
    other = Hand.gallery(model, "Marker")
    index, where = np.zeros(2, np.int64), places(2)
    both = draw.glyphs(model, np.stack([hand.style, other.style]), index, where, 1).keys()
    for row, who in enumerate((hand, other)):
        part = slice(row, row + 1)
        assert both[row : row + 1] == draw.glyphs(model, who.style, index[part], where[part], 1).keys()


def test_several_hands_at_once_draw_as_each_alone(model, hand):
    some = [
        hand,
        replace(Hand.gallery(model, "Marker"), weight=0.4, lean=0.1),
        Hand.random(model, 3).leaning(-0.2),
        hand,  # with another seed and temperature
    ]
    seeds, heat = [1, 1, 5, 8], [0.7, 0.7, 1.2, 0.3]
    owner = np.repeat(np.arange(4), (5, 7, 3, 6))
    index, where = np.arange(len(owner)) % stub.C, places(len(owner))
    for dials in ({}, {"legibility": 3}, {"variation": 0.9}):
        for who in (some, [hand, Hand.random(model, 1), Hand.random(model, 2), hand]):
            whole = draw.several(model, who, seeds, owner, index, where, temperature=heat, **dials)
            for number, (one, seed, warm) in enumerate(zip(who, seeds, heat, strict=True)):
                mine = np.flatnonzero(owner == number)
                alone = draw.glyphs(model, one, index[mine], where[mine], seed, temperature=warm, **dials)
                assert whole.take(mine).keys() == alone.keys()
    none = draw.several(model, [], [], owner[:0], index[:0], where[:0], temperature=[])
    assert len(none) == 0 and none.fields().shape == (0, stub.H, stub.H)


def test_stream_is_the_same_in_bounded_pieces(model, hand, monkeypatch):
    index, where = np.arange(50) % stub.C, places(50)
    whole = draw.glyphs(model, hand, index, where, 1)
    monkeypatch.setattr(draw, "CHUNK", 16)
    pieces = list(draw.stream(model, hand, index, where, 1))
    assert [len(piece) for piece in pieces] == [16, 16, 16, 2]
    assert sum((piece.keys() for piece in pieces), []) == whole.keys()
    assert draw.glyphs(model, hand, index, where, 1).keys() == whole.keys()
    none = draw.glyphs(model, hand, index[:0], where[:0], 1)
    assert len(none) == 0 and none.fields().shape == (0, stub.H, stub.H)


def test_legibility_reads_better_and_keeps_what_is_good(model, hand):
    count = 400
    index, where = np.arange(count) % stub.C, places(count)

    def read(drawn: Glyphs) -> np.ndarray:
        return model.read(drawn.ink())[0][np.arange(count), index]

    dials = {"temperature": 2, "variation": 1.0}
    plain = draw.glyphs(model, hand, index, where, 1, **dials)
    best = draw.glyphs(model, hand, index, where, 1, **dials, legibility=4)
    good = read(plain) >= np.log(draw.WELL_READ)
    assert 0.1 < good.mean() < 0.9, "the stub must leave something to choose"
    assert plain.take(good).keys() == best.take(good).keys(), "what is read well at once stays as it is"
    assert (read(best) >= np.log(draw.WELL_READ)).mean() > good.mean() + 0.05
    assert read(best).mean() > read(plain).mean()


def test_later_candidates_go_further_from_a_form_that_is_hard_to_read(model, hand, monkeypatch):
    """Even at no variation at all, where every first candidate of a hand is the same."""
    count, tries = 1000, 4
    monkeypatch.setattr(draw, "_judge", lambda model, found, *_: (np.zeros(len(found)), np.zeros(len(found), bool)))
    own = hand.letter_noise("a", stub.V)[0]
    drawn = heard(model, monkeypatch, hand, count, variation=0.0, legibility=tries).reshape(tries, count, stub.V)
    assert (drawn[0] == own).all()
    for attempt in range(tries):
        share = np.sqrt(attempt / tries)
        near = 5 * share / count**0.5 + 1e-5
        assert np.abs(drawn[attempt].mean(axis=0) - np.sqrt(1 - share**2) * own).max() < near
        assert drawn[attempt].std(axis=0) == pytest.approx(share, rel=0.1, abs=1e-5)


def test_legibility_one_needs_no_reader(hand):
    plain = Model(stub.members(sisters={"prior.onnx": stub.prior()}))
    draw.glyphs(plain, hand, np.array([0]), places(1), 1)
    with pytest.raises(InputError, match="reader"):
        draw.glyphs(plain, hand, np.array([0]), places(1), 1, legibility=2)


def test_legibility_one_does_not_open_the_reader(hand, monkeypatch):
    model = Model(stub.members())
    monkeypatch.setattr(model, "read", lambda ink: pytest.fail("the reader was used"))
    draw.glyphs(model, hand, np.array([0]), places(1), 1)
    assert "reader.onnx" not in model._graphs


@pytest.mark.parametrize(
    "options",
    [
        {"temperature": -0.1},
        {"temperature": float("nan")},
        {"temperature": 9},
        {"variation": -0.1},
        {"variation": 1.01},
        {"variation": float("nan")},
        {"legibility": 0},
    ],
)
def test_values_out_of_range_are_refused(model, hand, options):
    with pytest.raises(InputError, match="give a"):
        draw.glyphs(model, hand, np.array([0]), places(1), 1, **options)


def test_wrong_arguments_are_refused(model, hand):
    with pytest.raises(InputError, match="one place"):
        draw.glyphs(model, hand, np.array([0, 1]), places(1), 1)
    with pytest.raises(InputError, match="style"):
        draw.glyphs(model, np.zeros(9, np.float32), np.array([0]), places(1), 1)

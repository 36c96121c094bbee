"""Drawing: what a glyph depends on, temperature, and the legibility dial."""

from __future__ import annotations

import numpy as np
import pytest
import stub_model as stub

from handsynth import draw, noise
from handsynth.errors import InputError
from handsynth.hand import Hand
from handsynth.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


@pytest.fixture(scope="module")
def hand(model) -> Hand:
    return Hand.gallery(model, "Quill")


def places(count: int) -> np.ndarray:
    return np.array([noise.place("test", i) for i in range(count)], np.uint64)


def test_a_glyph_is_the_same_whatever_is_drawn_with_it(model, hand):
    index, where = np.arange(40) % stub.C, places(40)
    whole = draw.glyphs(model, hand, index, where, 3)
    assert whole.shape == (40, stub.H, stub.H) and whole.dtype == np.float32
    for part in (slice(0, 1), slice(7, 30), slice(None, None, -1)):
        assert draw.glyphs(model, hand, index[part], where[part], 3).tobytes() == whole[part].tobytes()
    well = draw.glyphs(model, hand, index, where, 3, legibility=4)
    assert draw.glyphs(model, hand, index[5:9], where[5:9], 3, legibility=4).tobytes() == well[5:9].tobytes()


def test_copies_differ_by_place_and_seed(model, hand):
    index = np.zeros(3, np.int64)
    a = draw.glyphs(model, hand, index, places(3), 1)
    assert not np.array_equal(a[0], a[1])
    assert not np.array_equal(a, draw.glyphs(model, hand, index, places(3), 2))
    still = draw.glyphs(model, hand, index, places(3), 1, temperature=0)
    assert (still == still[0]).all()


def test_temperature_scales_the_variation_only(model, hand):
    index, where = np.arange(stub.C), places(stub.C)
    expected = noise.normals(5, "glyph", where, stub.V) * np.float32(0.5)
    variation = model.prior(index, np.zeros(stub.S, np.float32), expected)[1]
    drawn = draw.glyphs(model, hand, index, where, 5, temperature=0.5)
    assert drawn.tobytes() == model.decode(index, hand.style, variation).tobytes()


def test_one_style_for_each_glyph(model, hand):
    other = Hand.gallery(model, "Marker")
    index, where = np.zeros(2, np.int64), places(2)
    both = draw.glyphs(model, np.stack([hand.style, other.style]), index, where, 1)
    assert both[0].tobytes() == draw.glyphs(model, hand, index[:1], where[:1], 1)[0].tobytes()
    assert both[1].tobytes() == draw.glyphs(model, other.style, index[1:], where[1:], 1)[0].tobytes()


def test_stream_is_the_same_in_bounded_pieces(model, hand, monkeypatch):
    index, where = np.arange(50) % stub.C, places(50)
    whole = draw.glyphs(model, hand, index, where, 1)
    monkeypatch.setattr(draw, "CHUNK", 16)
    pieces = list(draw.stream(model, hand, index, where, 1))
    assert [len(piece) for piece in pieces] == [16, 16, 16, 2]
    assert np.concatenate(pieces).tobytes() == whole.tobytes()
    assert draw.glyphs(model, hand, index[:0], where[:0], 1).shape == (0, stub.H, stub.H)


def test_legibility_reads_better_and_keeps_what_is_good(model, hand):
    count = 400
    index, where = np.arange(count) % stub.C, places(count)

    def read(fields: np.ndarray) -> np.ndarray:
        return model.read(draw.ink(fields))[0][np.arange(count), index]

    plain = draw.glyphs(model, hand, index, where, 1, temperature=3)
    best = draw.glyphs(model, hand, index, where, 1, temperature=3, legibility=4)
    good = read(plain) >= np.log(draw.WELL_READ)
    assert 0.1 < good.mean() < 0.9, "the stub must leave something to choose"
    assert (plain[good] == best[good]).all(), "what is read well at once stays as it is"
    assert (read(best) >= np.log(draw.WELL_READ)).mean() > good.mean() + 0.05
    assert read(best).mean() > read(plain).mean()


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
    "options", [{"temperature": -0.1}, {"temperature": float("nan")}, {"temperature": 9}, {"legibility": 0}]
)
def test_values_out_of_range_are_refused(model, hand, options):
    with pytest.raises(InputError, match="give a"):
        draw.glyphs(model, hand, np.array([0]), places(1), 1, **options)


def test_wrong_arguments_are_refused(model, hand):
    with pytest.raises(InputError, match="one place"):
        draw.glyphs(model, hand, np.array([0, 1]), places(1), 1)
    with pytest.raises(InputError, match="style"):
        draw.glyphs(model, np.zeros(9, np.float32), np.array([0]), places(1), 1)

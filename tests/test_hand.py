"""Hands: random, from the gallery, blended, fitted, saved and found by what a person types."""

from __future__ import annotations

import json

import numpy as np
import pytest
import stub_model as stub
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError, OutputError
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


def test_random_hands_depend_on_seed_and_index_only(model):
    hand = Hand.random(model, 7, 3)
    assert (hand.style == Hand.random(model, 7, 3).style).all()
    assert (hand.style == random_styles(model, 7, [9, 3, 4])[1]).all()
    assert not (hand.style == Hand.random(model, 8, 3).style).any()
    assert not (hand.style == Hand.random(model, 7, 4).style).any()


def test_random_hands_come_from_the_prior(model):
    styles = random_styles(model, 1, range(4000))
    np.testing.assert_allclose(styles.mean(0), 0.5, atol=0.06)  # the stub's prior adds 0.5
    np.testing.assert_allclose(styles.std(0), 1, atol=0.05)


def test_gallery_is_found_in_any_case(model):
    hand = Hand.gallery(model, " qUILL ")
    assert hand.name == "Quill" and hand.gap == 0.3 and hand.model_hash == model.latent_hash
    np.testing.assert_array_equal(hand.style, np.float32(model.card.gallery[0].style))


def test_an_unknown_hand_is_told_of_with_likely_ones_and_where_all_are(model):
    with pytest.raises(InputError, match=r"did you mean Marker\? `handsynth hands` lists all 2$"):
        resolve(model, "Markr")
    with pytest.raises(InputError, match="`handsynth hands` lists all 2$") as caught:
        resolve(model, "zzz")
    assert "did you mean" not in str(caught.value) and "Quill" not in str(caught.value)


def test_resolve(model, tmp_path, monkeypatch):
    assert resolve(model, "random", 4).style.tolist() == Hand.random(model, 4, 0).style.tolist()
    assert resolve(model, "Random:12", 4).style.tolist() == Hand.random(model, 4, 12).style.tolist()
    assert resolve(model).name == "Quill"
    mine = Hand.random(model, 1)
    assert resolve(model, mine) is mine
    monkeypatch.chdir(tmp_path)
    mine.save("my.hand")
    mine.save("Quill")
    assert resolve(model, "my.hand").style.tolist() == mine.style.tolist()
    assert resolve(model, "Quill").gap == 0.3, "a gallery name wins over a file of that name"
    assert resolve(model, tmp_path / "Quill").style.tolist() == mine.style.tolist()
    for missing in ("none.hand", "folder/x", tmp_path / "y"):
        with pytest.raises(InputError, match="cannot read the hand"):
            resolve(model, missing)


def test_blend_goes_from_one_to_the_other(model):
    a, b = Hand.gallery(model, "Quill"), Hand.gallery(model, "Marker")
    np.testing.assert_allclose(Hand.blend(a, b, 0).style, a.style, rtol=1e-6)
    np.testing.assert_allclose(Hand.blend(a, b, 1).style, b.style, rtol=1e-6)
    for t in (0.25, 0.5):
        middle, straight = Hand.blend(a, b, t).style, (1 - t) * a.style + t * b.style
        assert np.dot(middle, straight) == pytest.approx(np.linalg.norm(middle) * np.linalg.norm(straight))
        assert np.linalg.norm(straight) <= np.linalg.norm(middle) <= max(map(np.linalg.norm, (a.style, b.style)))
    assert Hand.blend(a, b).gap is None and Hand.blend(a, a).gap == a.gap


def test_blend_refuses_nonsense(model):
    a = Hand.gallery(model, "Quill")
    with pytest.raises(InputError, match="from 0 to 1"):
        Hand.blend(a, a, 1.5)
    with pytest.raises(InputError, match="different models"):
        Hand.blend(a, Hand("x", a.style, "0" * 64))


def test_opposite_hands_blend_without_blowing_up(model):
    a, b = (Hand("x", np.array(s, np.float32), "h") for s in ([1, 0, 0, 0], [-1, 0.01, 0, 0]))
    assert np.linalg.norm(Hand.blend(a, b).style) < 0.1
    assert (Hand.blend(a, Hand("z", -a.style, "h")).style == 0).all()


def test_fit_is_the_product_of_gaussians_with_the_prior(model):
    images = np.random.default_rng(0).integers(0, 256, (5, stub.H, stub.H), dtype=np.uint8)
    means = (images / 255).reshape(5, stub.S, -1).sum(2)
    one = Hand.fit(model, images[:1], "a")
    np.testing.assert_allclose(one.style, means[0] / 2, rtol=1e-4)  # variances 1: half-way to the prior's mean
    np.testing.assert_allclose(Hand.fit(model, images, "abcAB").style, means.sum(0) / 6, rtol=1e-4)


def test_fit_refuses_wrong_images(model):
    good = np.zeros((2, stub.H, stub.H), np.uint8)
    for images, chars in [(good, "a"), (good.astype(float), "ab"), (good[:, 1:], "ab"), (good[:0], "")]:
        with pytest.raises(InputError, match="uint8"):
            Hand.fit(model, images, chars)


def test_saved_hand_is_the_same_bit_for_bit(model, tmp_path):
    hand = Hand("Ünï", Hand.random(model, 3).style, model.latent_hash, 0.25)
    hand.save(tmp_path / "a.hand")
    again = Hand.load(tmp_path / "a.hand", model)
    assert again.style.tobytes() == hand.style.tobytes()
    assert (again.name, again.gap, again.model_hash) == ("Ünï", 0.25, model.latent_hash)
    with pytest.raises(OutputError):
        hand.save(tmp_path / "nowhere" / "a.hand")


def test_hand_of_another_model_is_refused(model, tmp_path):
    Hand("x", np.zeros(stub.S, np.float32), "0" * 64).save(tmp_path / "a.hand")
    with pytest.raises(InputError, match="another model"):
        Hand.load(tmp_path / "a.hand", model)


def test_damaged_hand_files(model, tmp_path):
    path = tmp_path / "a.hand"
    Hand.random(model).save(path)
    good = json.loads(path.read_text())
    whole = path.read_bytes()
    for bad in [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        whole[: len(whole) // 2],
        b" " * (2**20 + 1),
        b"[" * 99_999,
    ]:
        path.write_bytes(bad)
        with pytest.raises(InputError, match=r"a\.hand"):
            Hand.load(path)
    for change in [
        {"handsynth_hand": 4},
        {"handsynth_hand": True},
        {"style": "abc"},
        {"style": []},
        {"style": [float("nan")] * stub.S},
        {"style": [True] * stub.S},
        {"style": [1e30] * stub.S},
        {"gap": "wide"},
        {"name": 3},
        {"model": None},
    ]:
        path.write_text(json.dumps(good | change))
        with pytest.raises(InputError, match=r"a\.hand"):
            Hand.load(path)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_refused_in_one_line(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("h") / "x.hand"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        Hand.load(path)
    assert "\n" not in str(caught.value)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(-1000, 1000, width=32), min_size=1, max_size=8), st.none() | st.floats(-1, 2))
def test_every_hand_survives_its_file(tmp_path_factory, style, gap):
    path = tmp_path_factory.mktemp("h") / "x.hand"
    Hand("n", np.array(style, np.float32), "m", gap).save(path)
    again = Hand.load(path)
    assert again.style.tolist() == style and again.gap == gap


def test_styles_must_be_finite():
    with pytest.raises(InputError, match="finite"):
        Hand("x", np.array([np.inf, 0]), "h")


def test_a_hand_cannot_be_changed(model):
    with pytest.raises(ValueError, match="read-only"):
        Hand.random(model).style[0] = 1

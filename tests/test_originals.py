"""A person's own letters in a hand: kept, drawn, forgotten, and read from files that nobody trusts."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth import noise
from handsynth.drawing import draw
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.hands.originals import Originals
from handsynth.ink.glyph import FieldGlyphs
from handsynth.ink.measure import pen_width, slant
from handsynth.learning.fields import fields_of
from handsynth.model.model import Model


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def mine(model) -> Hand:
    """A hand that holds two letters a and one b, as another hand writes them."""
    index, places = model.index("aab"), np.arange(3, dtype=np.uint64)
    fields = draw.glyphs(model, resolve(model, "Onyx"), index, places, 5).fields()
    return replace(resolve(model, "Reed"), originals=Originals(("a", "a", "b"), fields))


def drawn(model: Model, hand: Hand, text: str, temperature: float = 0.7) -> FieldGlyphs:
    places = np.array([noise.key_of("test", i) for i in range(len(text))], np.uint64)
    return draw.glyphs(model, hand, model.index(text), places, 1, temperature=temperature)


def test_never_is_the_model_alone(model, mine):
    assert drawn(model, mine.using("never"), "abc").keys() == drawn(model, resolve(model, "Reed"), "abc").keys()


def test_always_is_the_person_wherever_they_wrote(model, mine):
    still = drawn(model, mine.using("always"), "aaaaaaab", temperature=0)
    own = FieldGlyphs(mine.originals.fields).ink()

    def alike(one, other):
        return np.minimum(one, other).sum() / np.maximum(one, other).sum()

    # traced into strokes, amid the ink that was read and as wide
    for ink in still.ink()[:7]:
        assert max(alike(ink, own[0]), alike(ink, own[1])) > 0.75
    assert alike(still.ink()[7], own[2]) > 0.75
    assert len(set(still.keys())) == 3
    plain = drawn(model, resolve(model, "Reed"), "aaaaaaabc", temperature=0).keys()
    assert drawn(model, mine.using("always"), "aaaaaaabc", temperature=0).keys()[8] == plain[8]


def test_vary_is_both_where_no_latent_is_known(model, mine):
    many = drawn(model, mine.using("vary"), "a" * 60, temperature=0).keys()
    (model_s,) = drawn(model, resolve(model, "Reed"), "a", temperature=0).keys()
    theirs = many.count(model_s)
    assert 15 < theirs < 45


def test_no_two_copies_of_an_own_letter_are_alike(model, mine):
    many = drawn(model, mine.using("always"), "b" * 20)
    assert len(set(many.keys())) == 20
    own = FieldGlyphs(mine.originals.fields).ink()[2]
    for seen in many.ink():
        assert np.minimum(seen, own).sum() / np.maximum(seen, own).sum() > 0.35


def test_drawings_do_not_depend_on_what_is_drawn_with_them(model, mine):
    whole = drawn(model, mine, "abcab")
    places = np.array([noise.key_of("test", i) for i in range(5)], np.uint64)
    alone = draw.glyphs(model, mine, model.index("b"), places[4:], 1, temperature=0.7)
    assert whole.keys()[4:] == alone.keys()


def test_far_from_ink_all_is_as_far_as_can_be(model, mine):
    """Signs are composed of scaled pieces: what is a little nearer than far would become a grey box."""
    for hand in (mine.using("always"), replace(resolve(model, "Quill"), pen=0.2, slant=0.2)):
        fields = drawn(model, hand, "aabb").fields()
        assert (fields[:, [0, -1]] == -4).all() and (fields[:, :, [0, -1]] == -4).all()


def test_pen_and_slant_change_what_they_say(model):
    plain, fine = resolve(model, "Quill"), resolve(model, "Reed")

    def measured(hand: Hand) -> tuple[float, float]:
        ink = drawn(model, hand, "abdefhiklmnoprtuABDEFHIKLMNPRT").ink()
        exact = fields_of((ink * 255).astype(np.uint8))
        return pen_width(exact), slant(exact, model.frame)

    pen, lean = measured(plain)
    thick = measured(replace(plain, pen=plain.pen_width + 1 / model.frame.xheight))
    assert thick[0] > pen + 0.5  # Quill's pen is broad, and counters close
    assert measured(replace(fine, pen=fine.pen_width + 1 / model.frame.xheight))[0] == pytest.approx(
        measured(fine)[0] + 1, abs=0.2
    )
    width = drawn(model, replace(plain, pen=0.2), "abc").strokes.width
    assert width == pytest.approx(0.2 * model.frame.xheight)
    tilted = measured(replace(plain, slant=0.2))
    assert tilted[1] == pytest.approx(lean + 0.2, abs=0.06)
    assert tilted[0] == pytest.approx(pen, rel=0.1)


def test_a_saved_hand_is_the_same_hand(model, mine, tmp_path):
    full = replace(mine, weight=0.25, slant=-0.1, measured={"letters": 3.0, "pen": 0.1})
    full.save(tmp_path / "me.hand")
    read = Hand.load(tmp_path / "me.hand", model)
    assert (read.weight, read.slant, dict(read.measured), read.gap) == (
        0.25,
        -0.1,
        {"letters": 3.0, "pen": 0.1},
        full.gap,
    )
    assert read.originals.chars == ("a", "a", "b")
    assert np.abs(read.originals.fields.astype(np.float32) - mine.originals.fields.astype(np.float32)).max() < 0.02
    assert (tmp_path / "me.hand").stat().st_size < 10_000
    again = tmp_path / "again.hand"
    read.save(again)
    assert Hand.load(again).originals.fields.tobytes() == read.originals.fields.tobytes()


def test_hands_of_the_first_format_are_still_read(model, tmp_path):
    hand = resolve(model, "Quill")
    data = {"handsynth_hand": 1, "name": "old", "model": model.latent_hash, "style": hand.style.tolist(), "gap": 0.2}
    (tmp_path / "old.hand").write_text(json.dumps(data))
    read = Hand.load(tmp_path / "old.hand", model)
    assert np.array_equal(read.style, hand.style) and read.originals is None and read.gap == 0.2


def packed(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize(
    "change",
    [
        {"originals": {"chars": ["a"], "side": 64, "fields": packed(bytes(64 * 64 - 1))}},
        {"originals": {"chars": ["a"], "side": 64, "fields": packed(bytes(64 * 64 + 1))}},
        {"originals": {"chars": ["a"], "side": 64, "fields": packed(bytes(100_000_000))}},
        {"originals": {"chars": ["a"], "side": 10**9, "fields": ""}},
        {"originals": {"chars": [1], "side": 64, "fields": packed(bytes(64 * 64))}},
        {"originals": {"chars": [], "side": 64, "fields": packed(b"")}},
        {"originals": {"chars": ["a"], "side": 64, "fields": "no base64"}},
        {"originals": []},
        {"weight": "thick"},
        {"slant": None},
        {"deviation": [1.0]},
        {"measured": {"pen": "x"}},
        {"measured": 3},
    ],
)
def test_damaged_parts_are_refused_in_one_line(model, mine, tmp_path, change):
    path = tmp_path / "bad.hand"
    mine.save(path)
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | change))
    with pytest.raises(InputError, match="bad.hand") as caught:
        Hand.load(path)
    assert "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_is_a_hand_or_refused(tmp_path_factory, anything):
    path = tmp_path_factory.mktemp("json") / "x.hand"
    path.write_text(json.dumps(anything), "utf-8")
    with pytest.raises(InputError):
        Hand.load(path)


def test_blends_and_averages_hold_nobodys_letters(model, mine):
    mixed = Hand.blend(mine, resolve(model, "Quill"), 0.3)
    assert mixed.originals is None
    three = Hand.average([mine, resolve(model, "Quill"), resolve(model, "Fern")])
    assert three.originals is None and three.style.shape == mine.style.shape
    assert np.array_equal(Hand.average([resolve(model, "Quill")]).style, resolve(model, "Quill").style)
    with pytest.raises(InputError, match="at least one"):
        Hand.average([])


def test_an_average_does_not_depend_on_the_order(model):
    names = ["Quill", "Fern", "Reed", "Onyx"]
    one = Hand.average([resolve(model, name) for name in names]).style
    other = Hand.average([resolve(model, name) for name in reversed(names)]).style
    assert np.abs(one - other).max() < 1e-4


@pytest.mark.parametrize("use", ["sometimes", "", "Always"])
def test_other_uses_are_refused(mine, use):
    with pytest.raises(InputError, match="vary, always, never"):
        mine.using(use)


def test_fields_of_pictures_are_distances():
    y, x = np.mgrid[:64, :64] + 0.5
    disc = 10 - np.hypot(x - 32, y - 30)
    image = (np.clip(disc + 0.5, 0, 1) * 255 + 0.5).astype(np.uint8)
    found = fields_of(image[None])[0]
    near = np.abs(disc) < 3.5
    assert np.abs(found - disc)[near].max() < 0.25
    assert found.max() <= 4 and found.min() >= -4

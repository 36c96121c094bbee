"""A person's letters as latents: found amid the ink, drawn anew, kept in files, mixed."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from field_model import of_fields

from handsynth import noise
from handsynth.drawing import draw
from handsynth.drawing.draw import TEMPERATURE
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.hands.hand import Hand
from handsynth.hands.letters import PUT, LetterLatents, mixed, steadiness
from handsynth.learning.fit import fit
from handsynth.learning.latents import fitted
from handsynth.learning.likeness import likeness
from handsynth.model.model import Model

GIVEN = "abdefghikmnorstwyABDEGHKMRST24578"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


@pytest.fixture(scope="module")
def person(model) -> Hand:
    return replace(resolve(model, "random:3"), pen=0.12)


def written(model: Model, hand: Hand, text: str, tag: str = "w", temperature: float = 0.7) -> np.ndarray:
    """uint8 [n,H,H]."""
    places = np.array([noise.key_of(tag, i) for i in range(len(text))], np.uint64)
    drawn = draw.glyphs(model, hand, model.index(text), places, 1, temperature=temperature)
    return (drawn.ink() * 255 + 0.5).astype(np.uint8)


@pytest.fixture(scope="module")
def mine(model, person) -> Hand:
    return fit(model, list(GIVEN), written(model, person, GIVEN), "me").hand


def near(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Share of the ink of both that is within 2 px of ink of the other [n]."""
    from scipy.ndimage import distance_transform_edt

    shares = []
    for a, b in zip(one > 127, other > 127, strict=True):
        close = (distance_transform_edt(~b) <= 2)[a].mean(), (distance_transform_edt(~a) <= 2)[b].mean()
        shares.append(min(close))
    return np.array(shares)


def test_letters_lie_amid_their_ink(model, person):
    from handsynth.learning.fields import fields_of

    images = written(model, person, GIVEN)
    found = fitted(model, model.index(GIVEN), images, fields_of(images), person.style)
    assert np.median(found.off) < 0.6 and found.good.mean() >= 0.95


def test_known_letters_are_the_persons_and_others_are_not(model, person, mine):
    real = written(model, person, GIVEN)
    own, others = (
        np.median(near(written(model, hand, GIVEN, temperature=0), real)) for hand in (mine, mine.using("never"))
    )
    assert own > 0.95 and own > others + 0.05


def test_copies_differ_and_stay_the_persons(model, person, mine):
    text = "agk" * 10
    copies = written(model, mine, text)
    assert len({copy.tobytes() for copy in copies}) == 30
    assert np.median(near(copies, written(model, mine, text, temperature=0))) > 0.8
    still = draw.glyphs(model, mine, model.index("aaaa"), np.arange(4, dtype=np.uint64), 1, variation=0.0)
    assert len(set(still.keys())) == 1


def test_drawings_do_not_depend_on_what_is_drawn_with_them(model, mine):
    whole = draw.glyphs(model, mine, model.index("abzab"), np.arange(5, dtype=np.uint64), 3)
    alone = draw.glyphs(model, mine, model.index("z"), np.array([2], np.uint64), 3)
    assert whole.keys()[2] == alone.keys()[0]
    both = draw.several(
        model, [mine, resolve(model, "Onyx")], [3, 3], np.array([0, 0, 1]), model.index("aba"),
        np.array([0, 1, 2], np.uint64), temperature=[1.0, 1.0],
    )  # fmt: skip
    assert both.keys()[:2] == whole.keys()[:2]


def test_a_saved_hand_draws_the_same(model, mine, tmp_path):
    mine.save(tmp_path / "me.hand")
    again = Hand.load(tmp_path / "me.hand", model)
    places = np.arange(len(GIVEN), dtype=np.uint64)
    one, other = (draw.glyphs(model, hand, model.index(GIVEN), places, 1).keys() for hand in (mine, again))
    assert one == other


def test_offsets_bring_letters_onto_their_ink(model, person, mine):
    real = written(model, person, GIVEN).astype(float)
    latents = replace(mine, known=replace(mine.known, offsets=None))
    own, plain = (np.abs(written(model, hand, GIVEN, temperature=0) - real).sum() for hand in (mine, latents))
    assert own < 0.8 * plain


def test_files_from_before_offsets_are_read(model, mine, tmp_path):
    mine.save(tmp_path / "me.hand")
    data = json.loads((tmp_path / "me.hand").read_text())
    del data["known"]["offsets"], data["known"]["points"]
    (tmp_path / "old.hand").write_text(json.dumps(data))
    old = Hand.load(tmp_path / "old.hand", model)
    assert old.known.offsets is None
    assert written(model, old, "ag").tobytes() != written(model, mine, "ag").tobytes()


def test_files_of_format_2_are_read(model, mine, tmp_path):
    mine.save(tmp_path / "me.hand")
    data = json.loads((tmp_path / "me.hand").read_text())
    del data["known"]
    (tmp_path / "old.hand").write_text(json.dumps(data | {"handsynth_hand": 2}))
    old = Hand.load(tmp_path / "old.hand", model)
    assert old.known is None and len(old.originals) == len(GIVEN)


@pytest.mark.parametrize(
    "change",
    [
        {"chars": []},
        {"chars": [3]},
        {"latents": "AAAA"},
        {"latents": "!"},
        {"deviation": ""},
        {"steady": -1},
        {"steady": "much"},
        {"offsets": "AAAA"},
        {"offsets": 3},
        {"points": None},
        {"points": True},
        {"points": 95},
        {"points": 10**9},
    ],
)
def test_damaged_latents_are_refused(model, mine, tmp_path, change):
    mine.save(tmp_path / "me.hand")
    data = json.loads((tmp_path / "me.hand").read_text())
    data["known"] |= change
    (tmp_path / "bad.hand").write_text(json.dumps(data))
    with pytest.raises(InputError, match=r"bad\.hand"):
        Hand.load(tmp_path / "bad.hand", model)


def test_a_model_of_fields_refuses_them(model, mine, tmp_path):
    fields = of_fields(model)
    replace(mine, model_hash=fields.latent_hash).save(tmp_path / "me.hand")
    with pytest.raises(InputError, match="another model"):
        Hand.load(tmp_path / "me.hand", fields)


def test_without_ink_the_letters_stay(model, mine):
    bare = replace(mine, originals=None)
    places = np.arange(4, dtype=np.uint64)
    one, other = (draw.glyphs(model, hand, model.index("agkr"), places, 1).keys() for hand in (mine, bare))
    assert one == other


def letters(value: float, chars: str = "ab", size: int = 3, move: float | None = None) -> LetterLatents:
    latents, n = np.full((len(chars), size), value, np.float32), len(chars)
    offsets = None if move is None else np.full((n, 4, 2), move, np.float32)
    return LetterLatents(tuple(chars), latents, np.zeros((n, size), np.float32), offsets=offsets)


def test_offsets_are_mixed_as_latents_are():
    # exactly, in whole steps, so that a saved blend is the same
    middle = mixed([(letters(0.0, move=1.0), 0.5), (letters(0.4, move=2 + 1 / 32), 0.5)])
    assert (middle.offsets == 1 + 17 / 32).all()
    assert (mixed([(letters(0.0, move=1.0), 0.3), (letters(3.0, move=-2.0), 0.7)]).offsets == -2).all()
    assert (mixed([(letters(0.0), 0.75), (letters(0.0, move=1.0), 0.25)]).offsets == 0.25).all()
    assert mixed([(letters(0.0), 0.5), (letters(0.4), 0.5)]).offsets is None
    assert (middle.without("a").offsets == 1 + 17 / 32).all() and len(middle.without("a").offsets) == 1


def test_near_forms_have_a_middle_and_far_ones_do_not():
    middle = mixed([(letters(0.0), 0.5), (letters(0.4), 0.5)])
    assert middle is not None and np.allclose(middle.latents, 0.2)
    chosen = mixed([(letters(0.0), 0.3), (letters(3.0), 0.7)])
    assert chosen is not None and np.allclose(chosen.latents, 3.0)
    assert mixed([(letters(0.0), 0.5), (None, 0.5)]) is None
    common = mixed([(letters(0.0, "abc"), 0.5), (letters(0.1, "bcd"), 0.5)])
    assert common is not None and common.chars == ("b", "c")


def test_steadiness_follows_the_copies():
    random = np.random.default_rng(0)
    chars, usual = [c for c in "abcdefgh" for _ in range(6)], np.full(24, 0.5)
    means = np.repeat(random.standard_normal((8, 24)), 6, axis=0)
    steady, restless = (
        steadiness(chars, means + share * usual * random.standard_normal((48, 24)), usual) for share in (0.5, 1.5)
    )
    assert steady < 0.7 * PUT and restless > 1.3 * PUT
    assert steadiness(list("abc"), means[:3], usual) == PUT


def test_two_forms_of_a_letter_are_no_unsteady_hand():
    random = np.random.default_rng(1)
    chars, usual = [c for c in "abcdefgh" for _ in range(2)], np.full(24, 0.5)
    copies = np.repeat(random.standard_normal((8, 24)), 2, axis=0) + usual * random.standard_normal((16, 24))
    plain = steadiness(chars, copies, usual)
    copies[1] += 9  # another a
    assert steadiness(chars, copies, usual) < 1.2 * plain


def test_repeated_letters_all_count(model, person):
    text = "aaaabbbb"
    images = np.stack([written(model, person, text, tag=str(i))[i] for i in range(8)])
    hand = fit(model, list(text), images, "me").hand
    assert hand.known is not None and hand.known.chars.count("a") >= 3
    rows = hand.known.chosen(model.charset, model.index("a" * 60), np.arange(60, dtype=np.uint64), 0)
    assert len(set(rows.tolist())) == hand.known.chars.count("a")


def test_a_hand_is_nearer_to_its_letters_than_others_are(model, person, mine):
    assert mine.measured["nearer"] >= 90
    images = written(model, resolve(model, "random:77"), GIVEN)
    assert likeness(model, mine, GIVEN, images) < mine.measured["nearer"]
    assert likeness(model, mine, "ab", images[:2]) is None


def test_a_letter_that_was_forgotten_follows_the_style(model, mine):
    less = mine.without("a")
    places = np.arange(2, dtype=np.uint64)
    with_it, without, style = (
        draw.glyphs(model, hand, model.index("ab"), places, 1).keys() for hand in (mine, less, mine.using("never"))
    )
    assert without[0] != with_it[0] and without[1] == with_it[1] and style[1] != with_it[1]
    assert less.originals is not None and "a" not in less.originals.chars
    with pytest.raises(InputError, match="holds no letter z"):
        mine.without("az")


def test_copies_keep_the_strokes_of_their_letter(model, person):
    images = written(model, person, GIVEN)
    known = fit(model, list(GIVEN), images, "me").hand.known
    assert known is not None
    index, style = model.index(known.chars), np.zeros(model.card.style_size, np.float32)
    there = model.decode_strokes(index, style, known.latents)[1] > 0
    reach = np.array(model.card.spread) * PUT * TEMPERATURE
    random = np.random.default_rng(0)
    kept = [
        ((model.decode_strokes(index, style, copy.astype(np.float32))[1] > 0) == there).all(axis=1)
        for copy in known.latents + reach * random.standard_normal((20, *known.latents.shape))
    ]
    assert np.mean(kept) > 0.99

"""The model that ships: whole, legible, with its hands and characters, and it draws as it did."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter

import handsynth
from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.model import DEFAULT, Model
from handsynth.specimens.verify import verify_model
from train.lookalikes import ALNUM, accuracy

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.open()


def test_it_is_whole_and_small(model):
    assert any("golden output" in line for line in verify_model())
    assert sum(model.sizes.values()) <= 8 * 2**20
    assert model.has("encoder") and model.has("reader")


def test_its_card_names_data_and_licences(model):
    licences = " ".join(f"{s['name']} {s['licence']} {s['citation']}" for s in model.card.data)
    assert "UNIPEN" in licences and "CC" in licences and "OFL" in licences and "Guyon" in licences
    assert (DEFAULT.parent / "NOTICE.md").read_text().count("CC BY 4.0") == 1


def test_it_draws_the_promised_characters(model):
    missing = [chr(c) for c in range(0x21, 0x7F) if chr(c) not in model.charset]
    assert not missing
    letters = [chr(c) for c in range(0xC0, 0x180) if chr(c) not in "×÷ŉĿŀĲĳſĸ"]
    page = handsynth.typeset("".join(letters) + "×½²©•“”‘’„–—…€£°", missing="error")
    assert len(page) >= len(letters) + 16


def test_gallery_has_many_distinct_legible_hands(model):
    gallery = model.card.gallery
    assert len(gallery) >= 60
    tags = {tag for hand in gallery for tag in hand.tags}
    assert {"print", "cursive", "light", "bold", "neat", "rough", "upright", "slanted", "backhand"} <= tags
    assert {"narrow", "wide", "child", "old-fashioned", "sprawling", "fast", "tiny", "capitals"} <= tags
    styles = np.array([hand.style for hand in gallery])
    apart = np.linalg.norm(styles[:, None] - styles[None], axis=2) + 1e9 * np.eye(len(styles))
    assert apart.min() > 1.0
    index = model.index(ALNUM)
    places = np.array([noise.key_of("test", c) for c in ALNUM], np.uint64)
    for hand in gallery:
        drawn = glyphs(model, Hand.gallery(model, hand.name), index, places, 3, temperature=0.7)
        shown = model.index(ALNUM.upper()) if hand.small_capitals else index
        right = accuracy(model.read(drawn.ink())[0], shown, list(model.charset))[1]
        assert right.mean() > 0.95, hand.name
        assert ("capitals" in hand.tags) == (hand.small_capitals is not None)
        assert ("tiny" in hand.tags) == (hand.size < 0.75)


def test_copies_of_a_letter_differ_by_about_half_of_what_hands_do(model):
    index = np.repeat(model.index(ALNUM), 2)
    places = np.arange(len(index), dtype=np.uint64)

    def drawn(name: str, **how: float) -> np.ndarray:
        hand = replace(Hand.gallery(model, name), pen=0.13)
        ink = glyphs(model, hand, index, places, 3, temperature=0.7, **how).ink()
        return gaussian_filter(ink, (0, 1, 1)).reshape(len(ALNUM), 2, -1)

    def differ(a: np.ndarray, b: np.ndarray) -> float:
        return float((np.abs(a - b).sum(-1) / (a.sum(-1) + b.sum(-1))).mean())

    hands = [drawn(hand.name) for hand in model.card.gallery[:6]]
    copies = np.mean([differ(hand[:, 0], hand[:, 1]) for hand in hands])
    others = np.mean([differ(a[:, 0], b[:, 0]) for a, b in itertools.combinations(hands, 2)])
    assert 0.3 < copies / others < 0.6
    still = drawn("Walnut", variation=0.0)
    assert (still[:, 0] == still[:, 1]).all()


def test_blends_are_read_as_their_hands_are(model):
    """Of a fixed sample of pairs: letters lie between no two forms."""
    index = model.index(ALNUM)
    places = np.array([noise.key_of("blend", c) for c in ALNUM], np.uint64)
    hands = [Hand.gallery(model, hand.name) for hand in model.card.gallery]

    def read(hand: Hand) -> np.ndarray:
        drawn = glyphs(model, hand, index, places, 3, temperature=0.7)
        return accuracy(model.read(drawn.ink())[0], index, list(model.charset))[1]

    pairs = [(i, (7 * i + 5) % len(hands)) for i in range(0, len(hands), 3)]
    own = np.mean([read(hands[i]) & read(hands[k]) for i, k in pairs])
    mixed = np.mean([read(Hand.blend(hands[i], hands[k], share)) for i, k in pairs for share in (0.3, 0.5)])
    assert mixed > 0.985 and mixed >= own - 0.005


def test_leaning_hands_of_the_gallery_lean(model):
    """A slant of the gallery's row is in what is drawn."""
    leaning = next(hand for hand in model.card.gallery if hand.slant > 0.1)
    hand = Hand.gallery(model, leaning.name)
    assert hand.slant == leaning.slant
    places = np.arange(4, dtype=np.uint64)
    some, straight = (
        leans(glyphs(model, each, model.index("lIhk"), places, 1).ink()) for each in (hand, replace(hand, slant=0.0))
    )
    assert np.allclose(some - straight, hand.slant, atol=0.05)


def leans(ink: np.ndarray) -> np.ndarray:
    """How far each drawing [n, H, H] goes to the right with its height: the slope of x over y of its ink."""
    y, x = np.mgrid[: ink.shape[1], : ink.shape[2]]
    weight = ink / ink.sum(axis=(1, 2), keepdims=True)
    dx, dy = (a - (weight * a).sum(axis=(1, 2), keepdims=True) for a in (x, -y))
    return (weight * dx * dy).sum(axis=(1, 2)) / (weight * dy * dy).sum(axis=(1, 2))


def test_samples_read_well_and_best_of_four_better(model):
    index = np.tile(model.index(ALNUM), 8)
    places = np.array([noise.key_of("sample", i) for i in range(len(index))], np.uint64)
    styles = random_styles(model, 5, np.arange(len(index)))
    merged = []
    for legibility in (1, 4):
        drawn = glyphs(model, styles, index, places, 5, temperature=1.0, legibility=legibility)
        merged.append(accuracy(model.read(drawn.ink())[0], index, list(model.charset))[1].mean())
    assert merged[0] > 0.85 and merged[1] > max(0.97, merged[0])


def test_one_hand_keeps_its_pen(model):
    """Stroke widths differ more between hands than between the letters of one hand."""
    index = model.index("abdehklmnostuvw")
    places = np.array([noise.key_of("pen", i) for i in range(len(index))], np.uint64)
    widths = []
    for seed in range(12):
        drawn = glyphs(model, Hand.random(model, seed), index, places, seed, temperature=0.7)
        fields = drawn.fields().astype(np.float32)
        widths.append([np.quantile(f[f > 0], 0.9) if (f > 0).any() else 0 for f in fields])
    table = np.array(widths)
    assert table.mean(1).std() > table.std(1).mean()


def test_a_line_looks_as_it_did():
    """Another processor may differ in the last bits; a changed model, layout or ink differs by far more."""
    drawn = np.asarray(handsynth.render("Quick? 3 fjords, “we” hop!", seed=11, size=20).convert("L"), float)
    with Image.open(REFERENCE / "line.png") as image:
        expected = np.asarray(image.convert("L"), float)
    assert drawn.shape == expected.shape
    assert np.abs(drawn - expected).mean() < 0.2 and np.quantile(np.abs(drawn - expected), 0.999) < 16


def test_the_gallery_is_large_legible_and_varied():
    import torch

    from export.gallery import LEGIBLE, measure

    torch.set_num_threads(1)
    model = handsynth.Model.open()
    hands = model.card.gallery
    assert len({hand.name for hand in hands}) == len(hands) >= 60
    assert all(hand.description and len(hand.tags) >= 4 for hand in hands)
    looks = [measure(model, Hand.gallery(model, hand.name))[0] for hand in hands[:: len(hands) // 8]]
    assert all(look.legible >= LEGIBLE for look in looks)
    for part, least in (("slant", 0.25), ("pen", 0.4), ("width", 0.15)):
        assert np.ptp([getattr(look, part) for look in looks]) > least

"""Joined letters that are drawn for their neighbours, by models that can."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from export.build import change_gallery
from export.joined import graph_of
from handsynth import api
from handsynth.cli.app import app
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.errors import InputError
from handsynth.hands import handfile
from handsynth.hands.hand import Hand
from handsynth.hands.joining import Joining
from handsynth.layout import contexts
from handsynth.layout.page import Page
from handsynth.layout.weld import welded
from handsynth.model.card import JOINED
from handsynth.model.model import Model
from train.strokes.paths import Slots
from train.words.context import ContextConfig, JoinedDecoder

TEXT = "wonderful minimum Anna"


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Model:
    """The shipped model with a graph of letters in words that nobody trained: it moves letters' ends alone."""
    shipped = Model.open(threads=1)
    torch.manual_seed(2)
    sizes = ContextConfig(width=16, blocks=1, embedding=8)
    decoder = JoinedDecoder(len(shipped.charset), Slots(shipped.card.slots), shipped.card.variation_size, sizes).eval()
    data, _ = graph_of(decoder, shipped.card, shipped.card.decoder)
    folder = tmp_path_factory.mktemp("joined") / "model"
    folder.mkdir()
    for name in shipped.members:
        (folder / name).write_bytes(shipped.data(name))
    (folder / JOINED).write_bytes(data)
    return Model.open(folder, threads=1)


@pytest.fixture(scope="module")
def hand(model: Model) -> Hand:
    """A hand that joins all."""
    found = next(hand for hand in (Hand.random(model, 1, number) for number in range(20)) if hand.contextual)
    return replace(found, joined=1.0)


def typeset(text: str, hand: Hand, model: Model, **more) -> Page:
    return api.typeset(text, hand=hand, model=model, seed=4, **more)


def joining(hand: Hand) -> Joining:
    found = hand.joining()
    assert found is not None
    return found


def place(page: Page, row: int, *, last: bool) -> np.ndarray:
    """Where the first stroke of a glyph begins or ends on the sheet."""
    paths = page.glyphs.strokes
    stroke = paths.glyphs[row]
    point = paths.points[paths.strokes[stroke + 1] - 1 if last else paths.strokes[stroke]]
    return page.matrices()[row] @ np.append(point, 1.0)


def test_letters_with_marks_are_their_letters_but_for_those_that_lose_a_dot() -> None:
    found = contexts.numbers(["a", "é", "Z", "í", "ij", "ø", "1", "", "ß"])
    assert found.tolist() == [0, 4, 51, -1, -1, -1, -1, -1, -1]


def test_a_context_tells_of_both_neighbours_and_only_of_those_that_are_joined(hand: Hand) -> None:
    texts, word = ["A", "n", "a", "1", "o", "n"], np.array([0, 0, 0, 0, 1, 1])
    found = contexts.contexts(texts, word, np.array([1, 4]), np.array([2, 5]), joining(hand))
    assert found[:, 0].tolist() == [0, 0, 1, 0, 0, 1] and found[:, 1].tolist() == [0, 1, 0, 0, 1, 0]
    assert found[:, 2].tolist() == [0, 1, 0, 0, 0, 0] and found[:, 3].tolist() == [0, 0, 1, 0, 0, 0]
    for column, on in ((4, 0), (7, 1)):
        tied = found[:, on] > 0
        assert np.allclose(np.hypot(found[tied, column + 1], found[tied, column + 2]), 1, atol=1e-6)
        assert not found[~tied, column : column + 3].any() and (found[tied, column] > 0).all()
    # an o is left high, an n low
    assert found[4, 7] > found[1, 7] + 0.1


def test_hands_do_so_that_join_much_where_the_model_can(model: Model) -> None:
    shipped = Model.open(threads=1)
    for number in range(30):
        mine, plain = Hand.random(model, 1, number), Hand.random(shipped, 1, number)
        assert mine.contextual == (mine.share >= 0.4)
        assert handfile.data(replace(mine, contextual=plain.contextual)) == handfile.data(plain)


def test_words_are_one_stroke_from_letter_to_letter(model: Model, hand: Hand) -> None:
    page = typeset(TEXT, hand, model)
    joined = page.ties >= 0
    small = np.array([a.isalpha() and b.islower() for a, b in zip(page.texts, (*page.texts[1:], "1"), strict=True)])
    follows = np.append(np.diff(page.word) == 0, False)
    able = joining(hand).pairs(page.texts, follows, page.place)
    assert able.sum() > 10 and (joined == (able & small)).all()
    for row in np.flatnonzero(joined).tolist():
        assert np.hypot(*(place(page, row, last=True) - place(page, row + 1, last=False))) < 1e-3
    assert len(welded(page)) == len(page) - joined.sum()


def test_letters_are_entered_and_left_where_their_context_says(model: Model, hand: Hand) -> None:
    page, alone = (typeset("nanon", hand, model, joined=dial) for dial in (1, 0))
    texts, word = list(page.texts), np.zeros(5, int)
    told = contexts.contexts(texts, word, np.arange(4), np.arange(1, 5), joining(hand))
    paths, frame = page.glyphs.strokes, page.frame
    heights = (frame.baseline - paths.points[:, 1]) / frame.xheight
    last = [heights[paths.strokes[paths.glyphs[row + 1] - 1] :] for row in range(4)]
    own = np.array([np.abs(one - told[row, 7]).min() for row, one in enumerate(last)])
    assert (own < 0.02).all()
    assert (alone.ties < 0).all() or not len(alone.ties)


def test_a_letter_knows_its_neighbours_and_no_other_letters(hand: Hand) -> None:
    def told(text: str) -> np.ndarray:
        word, rows = np.zeros(len(text), int), np.arange(len(text) - 1)
        return contexts.contexts(list(text), word, rows, rows + 1, joining(hand))

    one, two = told("nannn"), told("nannb")
    assert (one[:3] == two[:3]).all() and (one[3] != two[3]).any() and (one[4] != two[4]).any()


@pytest.mark.parametrize("text", ["él naïf", "don't stop", "x1y", "fjord", "A", "ﬁn ſo", "well-being, isn't it?"])
def test_all_kinds_of_words_are_written(model: Model, hand: Hand, text: str) -> None:
    page = typeset(text, hand, model, missing="box")
    assert np.isfinite(page.x).all() and (np.diff(page.x[page.line == 0]) > -1).all()
    assert np.isfinite(page.glyphs.strokes.points).all()


def test_long_texts_and_lines_that_end_in_hyphens_are_written(model: Model, hand: Hand) -> None:
    text = "Donaudampfschifffahrtsgesellschaft " * 3
    page = typeset(text, hand, model, wrap=6)
    assert page.line.max() > 3
    apart = np.flatnonzero(np.diff(page.line) > 0)
    assert (page.ties[apart] < 0).all()


def test_it_is_saved_and_what_is_no_flag_is_refused(model: Model, hand: Hand, tmp_path) -> None:
    hand.save(tmp_path / "a.hand")
    again = Hand.load(tmp_path / "a.hand", model)
    assert again.contextual
    one, two = (typeset("many", each, model).glyphs.strokes.points for each in (hand, again))
    assert np.array_equal(one, two)
    text = (tmp_path / "a.hand").read_text().replace('"contextual": true', '"contextual": "yes"')
    (tmp_path / "b.hand").write_text(text)
    with pytest.raises(InputError, match="contextual"):
        Hand.load(tmp_path / "b.hand", model)


def test_corpora_write_so_too_and_a_bank_of_letters_does_not(model: Model, hand: Hand, tmp_path) -> None:
    from handsynth.corpus.recipe import Recipe
    from handsynth.corpus.sampler import Sampler

    hand.save(tmp_path / "a.hand")
    (tmp_path / "words.txt").write_text("wonderful\nminimum\n")
    where = {"texts": (str(tmp_path / "words.txt"),), "hands": (str(tmp_path / "a.hand"),), "model": str(model.where)}
    pictures = {}
    for bank in (0, 3):
        for contextual in (True, False):
            replace(hand, contextual=contextual).save(tmp_path / "a.hand")
            some = Sampler(Recipe(kind="word", seed=1, bank=bank, **where)).samples(0, 4)
            pictures[bank, contextual] = [sample.image for sample in some]
    same = {}
    for bank in (0, 3):
        pairs = zip(pictures[bank, True], pictures[bank, False], strict=True)
        same[bank] = all(np.array_equal(one, two) for one, two in pairs)
    assert not same[0] and same[3]


def test_documents_write_so_too(model: Model, hand: Hand, tmp_path) -> None:
    drawn = []
    for contextual in (True, False):
        replace(hand, contextual=contextual).save(tmp_path / "a.hand")
        style = Style().set([f"writing.hand={tmp_path / 'a.hand'}"])
        (page,) = Document("wonderful minimum", style, model=model).pages()
        drawn.append(page.glyphs.strokes.points)
        assert (page.ties >= 0).sum() > 10
    assert drawn[0].shape != drawn[1].shape or (drawn[0] != drawn[1]).any()


def test_another_gallery_keeps_letters_in_words(model: Model, tmp_path) -> None:
    change_gallery(Path(model.where), tmp_path / "other", [{"name": "Ada", "seed": 1}])
    other = Model.open(tmp_path / "other", threads=1)
    assert other.has("joined") and other.latent_hash == model.latent_hash
    told = np.zeros((1, 10), np.float32)
    told[:, [1, 7, 8]] = 1, 0.3, 1
    one, two = (some.decode_joined(some.index("n"), np.zeros((1, 24)), told)[0] for some in (model, other))
    assert np.array_equal(one, two)


def test_a_site_says_that_its_letters_are_drawn_alone(model: Model, tmp_path) -> None:
    done = CliRunner().invoke(app, ["studio", "--static", str(tmp_path / "site"), "--model", str(model.where)])
    assert done.exit_code == 0 and "not for their neighbours" in done.output

"""Letters in words: a decoder that moves isolated letters, its training, its graph in a model."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
import written

from export.joined import graph_of
from handsynth.errors import InputError, ModelError
from handsynth.model.card import JOINED
from handsynth.model.model import Model
from train import checkpoint
from train.strokes.paths import Slots
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import Run
from train.strokes.vae import Vae
from train.words.context import STAGE, ContextConfig, JoinedDecoder, contexts, load_decoder, rows
from train.words.draw import fit_context
from train.words.letters import cut

SMALL = ContextConfig(steps=4, reader_steps=2, batch=16, width=16, blocks=1, embedding=8)


def context(count: int, seed: int = 0) -> np.ndarray:
    """Contexts of letters that are joined in all ways, or not at all."""
    random = np.random.default_rng(seed)
    result = np.zeros((count, 10), np.float32)
    result[:, 0], result[:, 1] = np.arange(count) % 2, np.arange(count) // 2 % 2
    for on, first in ((0, 4), (1, 7)):
        angle = random.uniform(-1, 1, count)
        ends = np.stack([random.uniform(0, 1, count), np.cos(angle), np.sin(angle)], axis=1)
        result[:, first : first + 3] = ends * result[:, on : on + 1]
    return result


def moving(characters: int, slots: Slots, variation: int) -> JoinedDecoder:
    """A decoder that does move what it is given."""
    torch.manual_seed(2)
    decoder = JoinedDecoder(characters, slots, variation, SMALL)
    torch.nn.init.normal_(decoder.stack.outer.weight, std=0.1)
    return decoder.eval()


def test_only_joined_letters_are_moved_and_end_where_they_are_asked_to():
    decoder, chance = moving(5, Slots((20, 4)), 3), torch.Generator().manual_seed(0)
    points, exist = torch.randn(40, 24, 2, generator=chance), torch.randn(40, 2, generator=chance)
    told = torch.from_numpy(context(40))
    with torch.no_grad():
        moved, there = decoder(torch.arange(40) % 5, torch.randn(40, 3, generator=chance), told, points, exist)
    alone = ~told[:, :2].any(1)
    assert torch.equal(moved[alone], points[alone]) and torch.equal(there[alone], exist[alone])
    assert ((moved - points)[~alone].abs().amax((1, 2)) > 0.01).all()
    for on, height, at in ((0, 4, 0), (1, 7, 19)):
        tied = told[:, on] > 0
        assert torch.allclose(moved[tied, at, 1], rows(told[tied, height]), atol=1e-5)


@pytest.fixture(scope="module")
def shipped() -> Model:
    return Model.open(threads=1)


@pytest.fixture(scope="module")
def joined_model(shipped) -> Model:
    """The shipped model with a graph of letters in words that nobody trained."""
    decoder = moving(len(shipped.charset), Slots(shipped.card.slots), shipped.card.variation_size)
    data, proof = graph_of(decoder, shipped.card, shipped.members["decoder.onnx"])
    assert {line.output for line in proof} == {"points", "exist"} and all(line.inputs >= 1000 for line in proof)
    return Model({name: shipped.data(name) for name in shipped.members} | {JOINED: data}, threads=1)


def test_letters_in_words_do_not_depend_on_their_batch(joined_model):
    count = 150
    char = np.arange(count) % len(joined_model.charset)
    variation = np.random.default_rng(1).standard_normal((count, joined_model.card.variation_size)).astype(np.float32)
    told = context(count)
    points, exist = joined_model.decode_joined(char, variation, told)
    assert np.array_equal(points * 1024, np.rint(points * 1024)) and (exist > 0).any(axis=1).all()
    some = np.random.default_rng(2).permutation(count)[:37]
    again = joined_model.decode_joined(char[some], variation[some], told[some])
    assert np.array_equal(again[0], points[some]) and np.array_equal(again[1], exist[some])
    style = np.zeros(joined_model.card.style_size, np.float32)
    alone = ~told[:, :2].any(axis=1)
    isolated = joined_model.decode_strokes(char[alone], style, variation[alone])
    assert np.array_equal(isolated[0], points[alone]) and np.array_equal(isolated[1], exist[alone])
    last = joined_model.card.slots[0] - 1
    for on, height, at in ((0, 4, 0), (1, 7, last)):
        tied = told[:, on] > 0
        assert np.abs((45 - points[tied, at, 1]) / 18 - told[tied, height]).max() < 1e-3


def test_a_model_is_the_same_one_with_letters_in_words_and_without(joined_model, shipped):
    assert joined_model.hash == shipped.hash and joined_model.has("joined")
    plain = Model({name: shipped.data(name) for name in shipped.members if name != JOINED})
    assert plain.hash == shipped.hash and not plain.has("joined")
    with pytest.raises(ModelError, match=r"has no joined\.onnx"):
        plain.decode_joined(np.zeros(1, int), np.zeros(24), np.zeros(10))


def test_a_graph_for_another_decoder_is_refused(joined_model, shipped):
    decoder = moving(len(shipped.charset), Slots(shipped.card.slots), shipped.card.variation_size)
    data, _ = graph_of(decoder, shipped.card, "0" * 64)
    model = Model({name: shipped.data(name) for name in shipped.members} | {JOINED: data})
    with pytest.raises(ModelError, match="was made for another decoder"):
        model.decode_joined(np.zeros(1, int), np.zeros(24), np.zeros(10))
    with pytest.raises(InputError, match=r"context has shape \[3\]"):
        joined_model.decode_joined(np.zeros(1, int), np.zeros(24), np.zeros(3))


def test_letters_in_context_are_trained_and_go_on_where_they_were_stopped(tmp_path):
    recipe = StrokeRecipe.from_dict(
        {"strokes": {"points": [10, 4], "variation": 4}, "vae": {"width": 16, "blocks": 1, "steps": 1}}
    )
    chance = torch.Generator().manual_seed(3)
    characters = len(recipe.strokes.characters)

    def beforehand(writer, char):
        return np.zeros((len(char), 4)), np.ones((len(char), 4))

    letters = contexts(cut(written.words(60, [1, 2, 3]))[0], recipe, beforehand)
    assert len(letters) > 40 and letters.context[:, :2].any(1).all()
    glyphs = SimpleNamespace(
        char=torch.arange(200) % characters, writer=np.arange(200) % 3, points=torch.zeros(200, 14, 2),
        exist=torch.ones(200, 2),
    )  # fmt: skip
    isolated = torch.randn(200, 4, generator=chance), torch.full((200, 4), 0.1)

    def train(folder, stop=None):
        folder.mkdir(exist_ok=True)
        torch.manual_seed(9)
        return fit_context(Run(folder, 1, {}), recipe, SMALL, Vae(recipe), letters, glyphs, isolated, stop)

    whole = train(tmp_path / "a")
    with pytest.raises(InputError, match="letters stopped at step 1"):
        train(tmp_path / "b", stop=0.0)
    again = train(tmp_path / "b").state_dict()
    assert all(torch.equal(value, again[name]) for name, value in whole.state_dict().items())
    loaded = load_decoder(tmp_path / "a", recipe).state_dict()
    assert all(torch.equal(value, loaded[name]) for name, value in whole.state_dict().items())
    with pytest.raises(InputError, match="there are no letters in words"):
        load_decoder(tmp_path, recipe)
    state = checkpoint.load(tmp_path / "a" / f"{STAGE}.pt")
    del state["format"]
    checkpoint.save(tmp_path / f"{STAGE}.pt", state | {"step": 2})
    with pytest.raises(InputError, match="at step 2 of 4"):
        load_decoder(tmp_path, recipe)

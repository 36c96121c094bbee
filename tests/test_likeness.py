"""Signatures: what tells writers apart, read off their letters and drawn again."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from test_training import log_of, same_state
from tiny import make_dataset, tiny_recipe

from export.build import export_model
from handsynth.errors import DataError, InputError
from handsynth.model import Model
from train.likeness import Likeness, draw_usual
from train.loop import fit, load_model
from train.model import CVAE
from train.reader import load_reader
from train.start import load_weights

CHARS = "abcdefghijklmnop"
PEOPLE = 18


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """18 made-up writers who differ by the slant and size of their letters, and two more to test on."""
    return make_dataset(tmp_path_factory.mktemp("writers") / "many", writers=PEOPLE + 2, chars=CHARS)


@pytest.fixture(scope="module")
def letters(data):
    """Fields [g, 16, H, H] and classes [g, 16] of the training writers."""
    rows = np.flatnonzero(data.split == 0)
    char = torch.from_numpy(data.codepoints[rows].astype(np.int64) - ord("a"))
    return torch.from_numpy(data.fields[rows]).float().view(PEOPLE, 16, 64, 64) / 16, char.view(PEOPLE, 16)


@pytest.fixture(scope="module")
def likeness(data, tiny_reader):
    learned = Likeness(load_reader(tiny_reader)[0], len(CHARS), 4)
    rows = np.flatnonzero(data.split == 0)
    learned.learn(data, rows, data.codepoints[rows] - ord("a"))
    return learned


@pytest.fixture(scope="module")
def run(data, tiny_reader, tmp_path_factory):
    folder = tmp_path_factory.mktemp("signature") / "run"
    recipe = tiny_recipe(signature=4, likeness=8.0, likeness_from=40, steps_per_epoch=200)
    fit(recipe, data, folder, reader=load_reader(tiny_reader)[0])
    return folder


def test_marks_tell_writers_apart_whatever_they_write(likeness, letters):
    fields, char = letters
    marks = likeness.marks(fields.flatten(0, 1), char.flatten()).view(PEOPLE, 16, -1)
    one, other = marks[:, :8].mean(1), marks[:, 8:].mean(1)
    own = ((one - other).square() * likeness.variance).sum(1).mean()
    others = ((one[:, None] - other).square() * likeness.variance).sum(2).mean()
    assert own < 0.3 * others


def test_a_signature_misses_another_writers_letters(likeness, letters):
    fields, char = letters
    signature = likeness.marks(fields[:, :8].flatten(0, 1), char[:, :8].flatten()).view(PEOPLE, 8, -1).mean(1)
    held = char[0, 8:]
    own = likeness.unlike(fields[:, 8:].flatten(0, 1), held, signature)
    assert own < 0.4 * likeness.unlike(fields.roll(1, 0)[:, 8:].flatten(0, 1), held, signature)
    likeness.known.zero_()
    assert likeness.unlike(fields[:, 8:].flatten(0, 1), held, signature) == 0, "classes without a mean tell nothing"
    likeness.known.fill_(1)


@torch.no_grad()
def test_the_encoder_reads_signatures_and_the_decoder_draws_them(run, likeness, letters):
    """Hands read from some letters, drawn as others, show their own signatures rather than their neighbours'."""
    fields, char = letters
    model, state = load_model(run)
    assert state["recipe"]["model"]["signature"] == 4
    ink = (fields[:, :8].flatten(0, 1) + 0.5).clamp(0, 1)
    mean, logvar, _, _ = model.encoder(ink, char[:, :8].flatten())
    style, _ = model.group_posterior(mean.view(PEOPLE, 8, -1), logvar.view(PEOPLE, 8, -1), torch.ones(PEOPLE, 8))
    truth = likeness.marks(fields[:, :8].flatten(0, 1), char[:, :8].flatten())
    assert torch.allclose(mean[:, -4:], truth, atol=1e-3), "the encoder carries the likeness model"
    held = char[0, 8:]
    drawn = draw_usual(model, model, held.repeat(PEOPLE), style.repeat_interleave(8, 0))
    own = likeness.unlike(drawn, held, style[:, -4:])
    assert own < 0.6 * likeness.unlike(drawn, held, style.roll(1, 0)[:, -4:])


def test_runs_with_signatures_resume_to_the_bit(data, tiny_reader, tiny_data, tmp_path):
    recipe = tiny_recipe(signature=4, epochs=1, steps_per_epoch=16, likeness=8.0, likeness_from=4)
    reader, _ = load_reader(tiny_reader)
    fit(recipe, data, tmp_path / "whole", reader=reader)
    fit(recipe, data, tmp_path / "parts", reader=reader, stop_after=9)
    fit(recipe, data, tmp_path / "parts", resume=True, reader=reader)
    assert same_state(tmp_path / "whole", tmp_path / "parts")
    assert log_of(tmp_path / "whole")[-1]["unlike"] > 0
    with pytest.raises(InputError, match="--reader"):
        fit(recipe, data, tmp_path / "blind")
    with pytest.raises(DataError, match="fewer than two writers"):
        fit(recipe, tiny_data, tmp_path / "few", reader=reader)


def test_exported_models_with_signatures_can_be_begun_from(run, likeness, tiny_reader, tmp_path):
    """The graphs equal PyTorch (export checks it), and the weights come back from them."""
    proof = export_model(run, tmp_path / "model", reader=tiny_reader, name="signed", gallery=None)
    assert any("encoder" in entry.graph for entry in proof)
    assert Model.open(tmp_path / "model").card.style_size == 8
    own, trained = CVAE(tiny_recipe(signature=4).model, list(CHARS)), load_model(run)[0]
    load_weights(own, tmp_path / "model")
    assert torch.allclose(own.decoder.inner.weight, trained.decoder.inner.weight, atol=1e-2)
    likeness.teach(own.encoder)
    for name, value in trained.encoder.state_dict().items():
        assert torch.allclose(own.encoder.state_dict()[name], value, atol=1e-2), name

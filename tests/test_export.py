"""Export: a trained run becomes a model folder that computes what PyTorch computes."""

import numpy as np
import onnx
import pytest
import torch

from export.graphs import parts, random_inputs, to_onnx
from export.parity import compare
from export.weights import round_to_half
from handsynth.errors import InputError, ModelError
from handsynth.hands.hand import Hand
from handsynth.model.model import Model
from handsynth.specimens.verify import verify_model
from train.loop import load_model


def test_exported_model_opens_and_verifies(tiny_model):
    model = Model.open(tiny_model)
    assert set(model.members) == {"decoder.onnx", "prior.onnx", "encoder.onnx", "reader.onnx"}
    assert [hand.name for hand in model.card.gallery] == ["Ash", "Birch", "Cedar"]
    assert model.card.recipe["name"] == "tiny" and model.card.data[0]["licence"] == "CC0-1.0"
    assert any("golden" in line for line in verify_model(tiny_model))


def test_decoder_equals_pytorch_after_rounding(tiny_model, tiny_run):
    model = Model.open(tiny_model)
    torch_model, _ = load_model(tiny_run)
    part = parts(torch_model)["decoder.onnx"]
    round_to_half(part.module)
    sizes = {"C": len(model.charset), "H": 64, "S": 8, "V": 4}
    inputs = random_inputs(part.inputs, 200, sizes, seed=9)
    with torch.no_grad():
        expected = part.module(*(torch.from_numpy(v) for v in inputs.values())).numpy()
    assert np.abs(model.decode(**inputs) - expected).max() < 1e-3
    assert expected.min() < -1 < 0 < expected.max()  # it does draw something


def test_parity_check_fails_on_a_changed_weight(tiny_run):
    torch_model, _ = load_model(tiny_run)
    part = parts(torch_model)["prior.onnx"]
    sizes = {"C": len(torch_model.charset), "H": 64, "S": 8, "V": 4}
    graph = to_onnx(part, sizes, half=False)
    assert max(p.largest for p in compare("prior.onnx", part, graph, sizes)) < 1e-3
    with torch.no_grad():
        part.module.style_mean += 0.01
    with pytest.raises(ModelError, match=r"prior\.onnx: output style differs from PyTorch by 0\.01"):
        compare("prior.onnx", part, graph, sizes)


def test_parity_covers_every_character_and_a_thousand_inputs(tiny_run):
    torch_model, _ = load_model(tiny_run)
    part = parts(torch_model)["prior.onnx"]
    sizes = {"C": len(torch_model.charset), "H": 64, "S": 8, "V": 4}
    count = compare("prior.onnx", part, to_onnx(part, sizes), sizes)[0].inputs
    assert count >= 1000 and count % sizes["C"] == 0


def test_weights_are_stored_in_half_precision(tiny_model):
    graph = onnx.load(tiny_model / "decoder.onnx")
    large = [w for w in graph.graph.initializer if np.prod(w.dims) >= 1000]
    assert large and all(w.data_type == onnx.TensorProto.FLOAT16 for w in large)


def test_export_refuses_to_overwrite_and_bad_runs(tiny_model, tiny_run, tmp_path):
    from export.build import export_model

    with pytest.raises(InputError, match="no checkpoint"):
        export_model(tmp_path, tmp_path / "out", reader=None, name="x", gallery=None)
    (tmp_path / "checkpoint.pt").write_bytes(b"not a checkpoint")
    with pytest.raises(InputError, match="not a checkpoint"):
        export_model(tmp_path, tmp_path / "out", reader=None, name="x", gallery=None)
    assert not (tmp_path / "out").exists()


def test_hands_of_a_model_fit_it_with_another_gallery(tiny_model, tmp_path):
    from export.build import change_gallery

    old = Model.open(tiny_model)
    change_gallery(tiny_model, tmp_path / "one", [{"name": "Ada", "seed": 1}])
    change_gallery(tmp_path / "one", tmp_path / "two", [{"name": "Bea", "seed": 2}, {"name": "Cy", "seed": 3}])
    one, two = Model.open(tmp_path / "one"), Model.open(tmp_path / "two")
    assert [hand.name for hand in two.card.gallery] == ["Bea", "Cy"]
    assert len({old.hash, one.hash, two.hash}) == 3 and old.latent_hash == one.latent_hash == two.latent_hash
    assert any("golden" in line for line in verify_model(tmp_path / "two"))
    Hand.gallery(one, "Ada").save(tmp_path / "ada.hand")
    assert Hand.load(tmp_path / "ada.hand", two).name == "Ada"


def test_large_matrices_of_readers_are_stored_in_bytes_exactly():
    from export.graphs import GraphExport, to_onnx
    from export.parity import compare
    from export.weights import round_to_bytes, round_to_half

    class Net(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = torch.nn.Linear(64, 96), torch.nn.Linear(96, 64)

        def forward(self, style: torch.Tensor) -> torch.Tensor:
            return self.second(torch.relu(self.first(style)))

    torch.manual_seed(0)
    net = Net().eval()
    before = net.first.weight.clone()
    round_to_half(net)
    round_to_bytes(net)
    rows = before.abs().amax(1, keepdim=True)
    assert ((net.first.weight - before).abs() <= rows / 127 * 0.51 + rows * 2**-10).all()
    once = net.first.weight.clone()
    round_to_half(net)
    round_to_bytes(net)
    assert torch.equal(net.first.weight, once)  # what is exported again stays the same model
    part, sizes = GraphExport(net, ("style",), ("variation",)), {"C": 2, "H": 8, "S": 64, "V": 64}
    graph = to_onnx(part, sizes)
    kinds = [weight.data_type for weight in graph.graph.initializer]
    assert kinds.count(onnx.TensorProto.INT8) == 2
    assert len(graph.SerializeToString()) < 20_000
    assert all(line.largest < 1e-5 for line in compare("reader.onnx", part, graph, sizes))

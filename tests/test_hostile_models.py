"""Models that reach for other files, or for more of the machine than a model needs, are refused before they are run."""

from __future__ import annotations

import time
import zipfile

import numpy as np
import onnx
import pytest
import stub_model as stub
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from handsynth.errors import ModelError
from handsynth.model import graphfile, graphs
from handsynth.model.card import Card
from handsynth.model.graphs import OnnxGraph
from handsynth.model.model import DEFAULT, Model


def changed(change) -> bytes:
    """The stub's decoder, changed by `change(model)`."""
    model = onnx.load_from_string(stub.members()["decoder.onnx"])
    change(model)
    return model.SerializeToString()


def keep_outside(tensor: TensorProto, backwards: bool = False) -> TensorProto:
    pairs = [("location", "w.bin"), ("length", "64")]
    for key, value in reversed(pairs) if backwards else pairs:
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    tensor.data_location = TensorProto.EXTERNAL
    tensor.ClearField("raw_data")
    return tensor


def loop(model) -> None:
    body = helper.make_graph([], "b", [], [])
    model.graph.node.append(helper.make_node("Loop", ["", ""], ["z"], body=body))


def subgraph(model) -> None:
    model.graph.node[0].attribute.append(helper.make_attribute("body", helper.make_graph([], "b", [], [])))


def constant(model) -> None:
    tensor = keep_outside(numpy_helper.from_array(np.zeros(16, np.float32), "c"))
    model.graph.node.append(helper.make_node("Constant", [], ["c"], value=tensor))


def function(model) -> None:
    model.functions.append(helper.make_function("mine", "Gather", [], [], [], []))


def sparse(model) -> None:
    model.graph.sparse_initializer.add().values.CopyFrom(numpy_helper.from_array(np.zeros(1, np.float32), "s"))


def training(model) -> None:
    model.training_info.add()


REFUSED = {
    "weights outside": (lambda m: keep_outside(m.graph.initializer[0]), "another file"),
    "weights outside, entries turned round": (lambda m: keep_outside(m.graph.initializer[0], True), "another file"),
    "a constant outside": (constant, "another file"),
    "a loop": (loop, "operator 'Loop'"),
    "a graph within a node": (subgraph, "graph within a node"),
    "an operator that draws at random": (
        lambda m: m.graph.node.append(helper.make_node("RandomNormal", [], ["z"], shape=[9])),
        "operator 'RandomNormal'",
    ),
    "another domain": (
        lambda m: m.graph.node.append(helper.make_node("Gather", ["a", "b"], ["z"], domain="com.microsoft")),
        "operators of 'com.microsoft'",
    ),
    "a local function": (function, "more than a graph"),
    "sparse weights": (sparse, "more than nodes and weights"),
    "training": (training, "more than a graph"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_graphs_that_hold_more_than_nodes_and_weights_are_refused_before_they_are_opened(what, monkeypatch):
    monkeypatch.setattr(graphs, "_runtime", lambda: pytest.fail("it was opened"))
    change, words = REFUSED[what]
    with pytest.raises(ModelError, match=f"m: decoder.onnx .*{words}"):
        OnnxGraph("decoder.onnx", changed(change), "m")


def test_an_entry_whose_fields_are_turned_round_is_found():
    # {value: "w.bin", key: "location"}: Protocol Buffers allow any order
    entry = b"\x12\x05w.bin\x0a\x08location"
    tensor = b"\x6a" + bytes([len(entry)]) + entry
    graph = b"\x2a" + bytes([len(tensor)]) + tensor
    with pytest.raises(graphfile.Refused, match="another file"):
        graphfile.check(b"\x3a" + bytes([len(graph)]) + graph)


def test_onnxruntimes_own_format_is_no_onnx():
    with pytest.raises(ModelError, match="damaged or no ONNX graph"):
        OnnxGraph("decoder.onnx", b"\x18\0\0\0ORTM" + bytes(100), "m")


@pytest.mark.parametrize("kind", [("Expand", ["style", "much"]), ("ConstantOfShape", ["much"])])
def test_a_graph_that_asks_for_gigabytes_fails_in_one_line(kind):
    model = stub.graph(
        [(*kind, ["e"], {}), ("ReduceSum", ["e"], ["field"], {"keepdims": 0})],
        {"char": ["n"], "style": ["n", 1], "variation": ["n", 1]},
        {"field": []},
        {"much": np.int64([40_000_000, 16, 1])},
    )
    graph = OnnxGraph("decoder.onnx", model, "m")
    begun = time.monotonic()
    feeds = {
        "char": np.zeros(16, np.int64), "style": np.zeros((16, 1), np.float32),
        "variation": np.zeros((16, 1), np.float32),
    }  # fmt: skip
    with pytest.raises(ModelError, match="failed while running"):
        graph.run(feeds)
    assert time.monotonic() - begun < 2


def test_the_default_model_holds_only_what_is_allowed():
    for path in DEFAULT.glob("*.onnx"):
        graphfile.check(path.read_bytes())


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_graphs_are_refused_or_plain(data):
    whole = bytearray(stub.prior())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        graphfile.check(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
    except (graphfile.Refused, ValueError) as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_zips_are_of_the_usual_kind(tmp_path, method):
    with zipfile.ZipFile(tmp_path / "m.zip", "w", method) as archive:
        archive.writestr("decoder.onnx", b"1")
    with pytest.raises(ModelError, match="decoder.onnx is packed in an unusual way"):
        Model.open(tmp_path / "m.zip")


def test_models_are_weighed_as_a_whole_before_they_are_unpacked(tmp_path):
    with zipfile.ZipFile(tmp_path / "m.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("decoder.onnx", "prior.onnx", "encoder.onnx"):
            archive.writestr(name, bytes(50 << 20))
    folder = tmp_path / "m"
    folder.mkdir()
    for name in ("decoder.onnx", "prior.onnx"):
        with (folder / name).open("wb") as file:
            file.truncate(100 << 20)
    for path in (tmp_path / "m.zip", folder):
        with pytest.raises(ModelError, match="larger than 128 MB; this is no handsynth model"):
            Model.open(path)


def test_a_charset_that_ends_in_a_double_is_found_at_once():
    chars = [chr(code) for code in (*range(0x4E00, 0x9F00), *range(0xAC00, 0xD700))]
    text = stub.card({"prior.onnx": b""}, charset=(*chars, chars[-1])).to_json()
    begun = time.monotonic()
    with pytest.raises(ModelError, match="twice"):
        Card.from_json(text)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("name", ["size", "baseline", "xheight"])
def test_frames_of_numbers_beyond_all_bounds_are_refused(name):
    from handsynth.frame import STANDARD, Frame

    with pytest.raises(ModelError):
        Frame.from_dict(STANDARD.to_dict() | {name: 10**400})

"""Opening models: folder, zip, and everything that can be wrong with them."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import os
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import stub_model as stub
from hypothesis import given, settings
from hypothesis import strategies as st

from handsynth.errors import InputError, MissingCharacterError, ModelError
from handsynth.model.card import Card
from handsynth.model.model import Model


def fails(graphs_or_path, *words: str) -> str:
    """Opening raises ModelError in one line with all these words."""
    with pytest.raises(ModelError) as caught:
        model = Model(graphs_or_path) if isinstance(graphs_or_path, dict) else Model.open(graphs_or_path)
        for name in model.members:
            model.graph(name)
    message = str(caught.value)
    assert "\n" not in message and all(word in message for word in words), message
    return message


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(stub.members())


def arguments(model: Model, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(count)
    index = rng.integers(0, len(model.charset), count)
    style = rng.standard_normal((count, model.card.style_size)).astype(np.float32)
    return index, style, rng.standard_normal((count, model.card.variation_size)).astype(np.float32)


def test_folder_and_zip_are_the_same_model(tmp_path):
    graphs = stub.members()
    folder = Model.open(stub.write_folder(tmp_path / "m", graphs))
    flat = Model.open(str(stub.write_zip(tmp_path / "flat.zip", graphs)))
    nested = Model.open(stub.write_zip(tmp_path / "nested.zip", graphs, "model/"))
    assert folder.hash == flat.hash == nested.hash
    assert folder.card == flat.card
    assert folder.charset == tuple(stub.CHARS)
    assert set(folder.members) == {"decoder.onnx", "prior.onnx", "encoder.onnx", "reader.onnx"}


def test_hash_depends_on_every_graph():
    whole, other = Model(stub.members()), Model(stub.members(sisters={"prior.onnx": stub.prior(0.25)}))
    assert whole.hash != other.hash


def test_model_works_without_encoder_and_reader():
    small = Model(stub.members(sisters={"prior.onnx": stub.prior()}))
    assert small.decode(*arguments(small, 2)).shape == (2, stub.H, stub.H)
    assert not small.has("reader")
    with pytest.raises(ModelError, match="no reader.onnx"):
        small.read(np.zeros((1, stub.H, stub.H), np.float32))


def test_decode_follows_the_graph(model):
    still = np.zeros(stub.S, np.float32), np.zeros(stub.V, np.float32)
    drawn = model.decode(model.index(stub.CHARS), *still)
    np.testing.assert_allclose(drawn, stub.shapes(), atol=1e-6)
    assert drawn.dtype == np.float32


def test_read_and_encode(model):
    ink = np.clip(0.5 + stub.shapes(), 0, 1)
    logprobs, features = model.read(ink)
    assert (logprobs.argmax(1) == np.arange(stub.C)).all() and features.shape == (stub.C, 5)
    mean, logvar, variation_mean, variation_logvar = model.encode(ink, model.index(stub.CHARS))
    np.testing.assert_allclose(mean, ink.reshape(stub.C, stub.S, -1).sum(2), rtol=1e-5)
    assert logvar.shape == (stub.C, stub.S) and variation_mean.shape == variation_logvar.shape == (
        stub.C,
        stub.V,
    )


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_bytes_do_not_depend_on_batch_or_threads(model, threads):
    index, style, variation = arguments(model, 256)
    whole = model.decode(index, style, variation)
    other = Model(stub.members(), threads=threads)
    assert other.decode(index, style, variation).tobytes() == whole.tobytes()
    for i in (0, 1, 15, 16, 17, 255):
        one = other.decode(index[i : i + 1], style[i : i + 1], variation[i : i + 1])
        assert one.tobytes() == whole[i].tobytes()
    noise = np.random.default_rng(0).standard_normal((256, stub.V)).astype(np.float32)
    styles, variations = model.prior(index, style, noise)
    assert other.prior(index[7:9], style[7:9], noise[7:9])[1].tobytes() == variations[7:9].tobytes()
    assert (styles == style + np.float32(0.5)).all()


def test_trained_model_bytes_do_not_depend_on_batch_or_threads(tiny_model):
    one, two = Model.open(tiny_model, threads=1), Model.open(tiny_model, threads=2)
    index, style, variation = arguments(one, 256)
    whole = one.decode(index, style, variation)
    assert two.decode(index, style, variation).tobytes() == whole.tobytes()
    for i in range(0, 256, 37):
        alone = two.decode(index[i : i + 1], style[i : i + 1], variation[i : i + 1])
        assert alone.tobytes() == whole[i].tobytes()


def test_no_glyphs_is_no_error(model):
    assert model.decode(*arguments(model, 0)).shape == (0, stub.H, stub.H)
    assert model.read(np.zeros((0, stub.H, stub.H)))[1].shape == (0, 5)


def test_wrong_arguments_are_named(model):
    index, style, variation = arguments(model, 2)
    for bad, word in [
        ((index, style[:1], variation), "style"),
        ((index, style, variation[:, :2]), "variation"),
        ((index + 99, style, variation), "index"),
        ((index - 99, style, variation), "index"),
        ((index.astype(float), style, variation), "whole numbers"),
    ]:
        with pytest.raises(InputError, match=word):
            model.decode(*bad)
    with pytest.raises(InputError, match="uint8"):
        model.read(np.zeros((1, stub.H, stub.H), np.uint8))
    with pytest.raises(InputError, match="threads"):
        Model(stub.members(), threads=0)


def test_unknown_characters_are_listed(model):
    with pytest.raises(MissingCharacterError, match=r"'x' \(U\+0078\), '☃' \(U\+2603\)"):
        model.index("ax☃x")


def test_missing_model(tmp_path):
    fails(tmp_path / "nothing", "no model")
    (tmp_path / "empty").mkdir()
    fails(tmp_path / "empty", "no decoder.onnx")
    graphs = stub.members()
    del graphs["prior.onnx"]
    fails(stub.write_folder(tmp_path / "half", graphs), "no prior.onnx")


def test_truncated_files(tmp_path):
    graphs = stub.members()
    for name in ("decoder.onnx", "prior.onnx"):
        for length in (0, 1, len(graphs[name]) // 2, len(graphs[name]) - 1):
            fails(graphs | {name: graphs[name][:length]}, name)
    data = stub.write_zip(tmp_path / "m.zip", graphs).read_bytes()
    for length in (0, 3, len(data) // 2, len(data) - 1):
        cut = tmp_path / "cut.zip"
        cut.write_bytes(data[:length])
        fails(cut, "cut.zip")


def test_corrupt_zip_member(tmp_path):
    path = stub.write_zip(tmp_path / "m.zip", stub.members())
    data = bytearray(path.read_bytes())
    data[100:140] = bytes(40)
    path.write_bytes(data)
    fails(path, "zip")


def test_not_onnx(tmp_path):
    fails(stub.members() | {"decoder.onnx": b"%PDF-1.4 hello"}, "decoder.onnx", "no ONNX graph")
    page = tmp_path / "model.html"
    page.write_text("<html>")
    fails(page, "zip")


def test_no_card_and_broken_cards():
    fails(stub.members(card_json=None), "no handsynth card")
    fails(stub.members(card_json="{"), "JSON")
    fails(stub.members(card_json="[1]"), "JSON")
    good = json.loads(stub.card({"prior.onnx": stub.prior()}).to_json())
    fails(stub.members(card_json=json.dumps(good | {"format": 3})), "update handsynth")
    fails(stub.members(card_json=json.dumps(good | {"format": 2})), "draws is None, not strokes")
    fails(stub.members(card_json=json.dumps(good | {"format": 2, "draws": "field"})), "draws is")


def test_wrong_graphs():
    fails(stub.members(field="picture"), "decoder.onnx", "outputs picture, not field")
    fails(stub.members(style_size=5), "style", "[n, 5]", "[n, 4]")
    fails(stub.members(height=20), "field")
    fails(stub.members(sisters={"prior.onnx": stub.reader()}), "prior.onnx", "inputs ink")
    graphs = stub.members(sisters={"prior.onnx": stub.prior(), "reader.onnx": stub.reader(9)})
    fails(graphs, "reader.onnx", "logprobs")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=5))
def test_any_damage_to_the_decoder_is_one_error_at_most(damage):
    graphs = stub.members(sisters={"prior.onnx": stub.prior()})
    raw = bytearray(graphs["decoder.onnx"])
    for position, value in damage:
        raw[position % len(raw)] = value
    try:
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            model = Model(graphs | {"decoder.onnx": bytes(raw)}, threads=1)
            model.decode(*arguments(model, 1))
    except ModelError as error:
        assert printed.getvalue() == ""
        assert "\n" not in str(error)


def test_weights_in_other_files_are_refused():
    fails(stub.members(external=True), "another file")


def test_sisters_must_be_those_of_the_card():
    graphs = stub.members()
    fails(graphs | {"prior.onnx": stub.prior(0.1)}, "prior.onnx", "not the one")
    fails({k: v for k, v in graphs.items() if k != "reader.onnx"}, "reader.onnx", "not there")
    small = stub.members(sisters={"prior.onnx": stub.prior()})
    fails(small | {"reader.onnx": stub.reader()}, "reader.onnx", "not in the card")


@pytest.mark.parametrize("name", ["../decoder.onnx", "/decoder.onnx", "a\\decoder.onnx", "c:decoder.onnx", "a/../b"])
def test_unsafe_zip_names_are_refused(tmp_path, name):
    path = stub.write_zip(tmp_path / "m.zip", stub.members() | {name: b"x"})
    fails(path, "unsafe name")


def test_zip_with_two_models_or_a_huge_member(tmp_path, monkeypatch):
    graphs = stub.members()
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in graphs.items():
            archive.writestr(f"a/{name}", data)
            archive.writestr(f"b/{name}", data)
    fails(path, "more than once")
    with zipfile.ZipFile(path, "w") as archive, pytest.warns(UserWarning):
        archive.writestr("decoder.onnx", b"1")
        archive.writestr("decoder.onnx", b"2")
    fails(path, "same name")
    monkeypatch.setattr("handsynth.model.model.MAX_SIZE", 100)
    fails(stub.write_zip(path, graphs), "larger")
    fails(stub.write_folder(tmp_path / "m", graphs), "larger")


def test_a_graph_that_fails_or_lies_while_running():
    class Session:
        def run(self, names, feeds):
            return [np.zeros((16, 3, 3), np.float32)]

    model = Model(stub.members())
    model.graph("decoder.onnx").session = Session()
    with pytest.raises(ModelError, match="came out as"):
        model.decode(*arguments(model, 1))
    model.graph("decoder.onnx").session = None
    with pytest.raises(ModelError, match="failed while running"):
        model.decode(*arguments(model, 1))


def test_card_survives_json():
    card = stub.card({"prior.onnx": b"x"}, bearings={"a": (0.1, -0.2)}, cursive={"a": ((0.5,) * stub.S,)})
    again = Card.from_json(card.to_json())
    assert dataclasses.asdict(again) == dataclasses.asdict(card)
    drawn = Model(stub.with_golden()).card
    assert drawn.golden is not None and Card.from_json(drawn.to_json()) == drawn


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"charset": []}, "charset"),
        ({"charset": ["a", "a"]}, "twice"),
        ({"charset": ["a", " "]}, "charset"),
        ({"charset": ["ab"]}, "charset"),
        ({"charset": "abc"}, "charset"),
        ({"style_size": 0}, "style_size"),
        ({"style_size": True}, "style_size"),
        ({"variation_size": 2.5}, "variation_size"),
        ({"slope": -1}, "slope"),
        ({"slope": "4"}, "slope"),
        ({"frame": {"size": 64}}, "frame"),
        ({"frame": {"size": 64, "baseline": 99, "xheight": 18}}, "frame"),
        ({"gallery": [{"name": "A", "style": [0.0]}]}, "style"),
        ({"gallery": [{"name": "random", "style": [0] * stub.S}]}, "reserved"),
        ({"gallery": [{"name": n, "style": [0] * stub.S} for n in ("A", "a")]}, "taken"),
        ({"gallery": [{"name": "A\n", "style": [0] * stub.S}]}, "printable"),
        ({"gallery": [{"name": "A", "style": [1e9] * stub.S}]}, "style"),
        ({"cursive": {"x": [[0.0] * stub.S]}}, "cursive"),
        ({"cursive": {"a": []}}, "cursive"),
        ({"cursive": {"a": [[0.0]]}}, "cursive"),
        ({"bearings": {"x": [0, 0]}}, "bearings"),
        ({"bearings": {"a": [0]}}, "bearings"),
        ({"members": {}}, "prior.onnx"),
        ({"members": {"prior.onnx": "00"}}, "SHA-256"),
        ({"members": {"../prior.onnx": "0" * 64}}, "members"),
        ({"data": [{"name": "x"}]}, "licence"),
        ({"golden": {"text": "x", "seed": 1, "means": []}}, "golden.text"),
        ({"golden": {"text": "a", "seed": 1, "means": []}}, "golden.means"),
        ({"golden": {"text": "a", "seed": -1, "means": [[0.0] * 64]}}, "seed"),
    ],
)
def test_faulty_entries_of_a_card_are_named(change, word):
    good = json.loads(stub.card({"prior.onnx": b"x"}).to_json())
    with pytest.raises(ModelError, match=word) as caught:
        Card.from_json(json.dumps(good | change))
    assert "\n" not in str(caught.value)


def test_card_refuses_nan_and_depth():
    text = stub.card({"prior.onnx": b"x"}).to_json()
    for bad in (text.replace("4.0", "NaN"), text.replace("4.0", "Infinity"), "[" * 100_000):
        with pytest.raises(ModelError):
            Card.from_json(bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_change_of_a_card_is_read_or_refused(data):
    good = json.loads(stub.card({"prior.onnx": b"x"}, golden=None).to_json())
    key = data.draw(st.sampled_from(sorted([*good, "golden"])))
    try:
        card = Card.from_json(json.dumps(good | {key: data.draw(JSON)}))
    except ModelError as error:
        assert "\n" not in str(error)
    else:
        assert Card.from_json(card.to_json()) == card


@pytest.mark.parametrize("broken", [np.nan, np.inf, -np.inf])
def test_a_decoder_with_broken_weights_draws_nothing(broken):
    table = stub.shapes()
    table[1] = broken
    whole = stub.members()
    sisters = {name: data for name, data in whole.items() if name != "decoder.onnx"}
    decoder = stub.graph(
        [("Gather", ["table", "char"], ["field"], {})],
        {"char": ["n"], "style": ["n", stub.S], "variation": ["n", stub.V]},
        {"field": ["n", stub.H, stub.H]},
        {"table": table},
        {"handsynth": stub.card(sisters).to_json()},
    )
    model = Model({"decoder.onnx": decoder, **sisters})
    style, variation = np.zeros(stub.S, np.float32), np.zeros(stub.V, np.float32)
    assert np.isfinite(model.decode(np.array([0]), style, variation)).all()
    with pytest.raises(ModelError, match="draws nothing usable .*; run handsynth verify") as caught:
        model.decode(np.array([0] * 20 + [1]), style, variation)
    assert "\n" not in str(caught.value)


def test_styles_and_ink_must_be_finite(model):
    index, style, variation = arguments(model, 3)
    style[1, 0] = np.nan
    with pytest.raises(InputError, match="not finite"):
        model.decode(index, style, variation)
    with pytest.raises(InputError, match="not finite"):
        model.read(np.full((1, stub.H, stub.H), np.inf))


def test_the_runtime_keeps_no_count_of_what_is_drawn(tmp_path):
    """onnxruntime notes a session in the folder for temporary files when it is to report what it does."""
    code = "from handsynth import render; render('a')"
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment | {"TMPDIR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []

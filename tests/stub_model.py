"""A tiny stand-in model made with onnx.helper: seven characters in a frame of 16 px; faulty on demand."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from handsynth.frame import Frame
from handsynth.model.card import Card, NamedHand

CHARS = "abcABCé"
H, S, V, C = 16, 4, 3, len(CHARS)
FRAME = Frame(H, 11, 4.5)


def graph(nodes, inputs, outputs, constants, metadata=None, external=False) -> bytes:
    """Serialise a graph; inputs and outputs are {name: dims}, `char` being int64 and all else float."""

    def port(name, dims):
        return helper.make_tensor_value_info(name, TensorProto.INT64 if name == "char" else TensorProto.FLOAT, dims)

    tensors = [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    if external:
        entry = tensors[0].external_data.add()
        entry.key, entry.value = "location", "weights.bin"
        tensors[0].data_location = TensorProto.EXTERNAL
        tensors[0].ClearField("raw_data")
    body = helper.make_graph(
        [helper.make_node(kind, *names, **attributes) for kind, *names, attributes in nodes],
        "g",
        [port(name, dims) for name, dims in inputs.items()],
        [port(name, dims) for name, dims in outputs.items()],
        tensors,
    )
    model = helper.make_model(body, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    for key, value in (metadata or {}).items():
        item = model.metadata_props.add()
        item.key, item.value = key, value
    return model.SerializeToString()


def shapes() -> np.ndarray:
    """A field for each character, f32 [C,H,H]: discs of different places and sizes."""
    y, x = np.mgrid[:H, :H] + 0.5
    rows = [4 - np.hypot(x - 8 - (i % 3 - 1) * 3, y - 8 - (i // 3 - 1) * 3) + 0.2 * i for i in range(C)]
    return np.clip(np.stack(rows), -4, 4).astype(np.float32)


def decoder(card: str | None, field="field", style_size=S, height=H, external=False) -> bytes:
    rng = np.random.default_rng(1)
    return graph(
        [
            ("Gather", ["table", "char"], ["t"], {}),
            ("Concat", ["style", "variation"], ["sv"], {"axis": 1}),
            ("MatMul", ["sv", "w"], ["d"], {}),
            ("Reshape", ["d", "shape"], ["d3"], {}),
            ("Add", ["t", "d3"], ["o"], {}),
            ("Clip", ["o", "low", "high"], [field], {}),
        ],
        {"char": ["n"], "style": ["n", style_size], "variation": ["n", V]},
        {field: ["n", height, height]},
        {
            "table": np.resize(shapes(), (C, height, height)),
            "w": (rng.standard_normal((style_size + V, height * height)) * 0.2).astype(np.float32),
            "shape": np.array([-1, height, height]),
            "low": np.float32(-4),
            "high": np.float32(4),
        },
        None if card is None else {"handsynth": card},
        external,
    )


def prior(style_shift=0.5) -> bytes:
    return graph(
        [
            ("Add", ["style_noise", "shift"], ["style"], {}),
            ("Gather", ["spread", "char"], ["k"], {}),
            ("Mul", ["variation_noise", "k"], ["variation"], {}),
        ],
        {"char": ["n"], "style_noise": ["n", S], "variation_noise": ["n", V]},
        {"style": ["n", S], "variation": ["n", V]},
        {
            "shift": np.float32(style_shift),
            "spread": np.linspace(0.5, 1.5, C * V, dtype=np.float32).reshape(C, V),
        },
    )


def encoder() -> bytes:
    """Style mean = ink's mean in each quarter of the rows; all log-variances are zero."""
    quarter = np.repeat(np.eye(S, dtype=np.float32), H * H // S, axis=0)
    names = {"style_mean": S, "style_logvar": S, "variation_mean": V, "variation_logvar": V}
    weights = {"style_mean": quarter} | {k: np.zeros((H * H, n), np.float32) for k, n in list(names.items())[1:]}
    return graph(
        [("Reshape", ["ink", "flat"], ["x"], {})] + [("MatMul", ["x", f"w_{name}"], [name], {}) for name in names],
        {"ink": ["n", H, H], "char": ["n"]},
        {name: ["n", size] for name, size in names.items()},
        {"flat": np.array([-1, H * H])} | {f"w_{name}": weight for name, weight in weights.items()},
    )


def reader(classes=C) -> bytes:
    """Compares ink with the shapes of the characters."""
    ink = np.clip(0.5 + np.resize(shapes(), (classes, H, H)), 0, 1).reshape(classes, -1)
    return graph(
        [
            ("Reshape", ["ink", "flat"], ["x"], {}),
            ("MatMul", ["x", "w"], ["a"], {}),
            ("Sub", ["a", "b"], ["l"], {}),
            ("LogSoftmax", ["l"], ["logprobs"], {"axis": 1}),
            ("MatMul", ["x", "f"], ["features"], {}),
        ],
        {"ink": ["n", H, H]},
        {"logprobs": ["n", classes], "features": ["n", 5]},
        {
            "flat": np.array([-1, H * H]),
            "w": (0.16 * ink.T).astype(np.float32),
            "b": (0.08 * (ink**2).sum(1)).astype(np.float32),
            "f": np.ones((H * H, 5), np.float32),
        },
    )


def card(sisters: dict[str, bytes], **changes) -> Card:
    styles = np.random.default_rng(2).standard_normal((2, S)).round(3).tolist()
    values = {
        "name": "stub",
        "charset": tuple(CHARS),
        "style_size": S,
        "variation_size": V,
        "slope": 4.0,
        "frame": FRAME,
        "gallery": (
            NamedHand("Quill", tuple(styles[0]), "thin and upright", ("print", "light"), 0.3),
            NamedHand("Marker", tuple(styles[1]), "heavy", ("bold",)),
        ),
        "data": ({"name": "Discs", "licence": "CC0-1.0", "citation": "none", "glyphs": 7},),
        "scores": {"reader": {"accuracy": 0.5}},
        "recipe": {"epochs": 1},
        "members": {name: hashlib.sha256(data).hexdigest() for name, data in sisters.items()},
    }
    return Card(**(values | changes))


def members(card_json: str | None = "", sisters: dict[str, bytes] | None = None, **decoder_options) -> dict[str, bytes]:
    """All graphs of a model by name; `card_json` None leaves the card out, "" makes the right one."""
    if sisters is None:
        sisters = {"prior.onnx": prior(), "encoder.onnx": encoder(), "reader.onnx": reader()}
    if card_json == "":
        card_json = card(sisters).to_json()
    return {"decoder.onnx": decoder(card_json, **decoder_options), **sisters}


def write_folder(folder: Path, graphs: dict[str, bytes]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in graphs.items():
        (folder / name).write_bytes(data)
    return folder


def write_zip(path: Path, graphs: dict[str, bytes], prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in graphs.items():
            archive.writestr(prefix + name, data)
    return path


def with_golden(graphs: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """A model whose card holds the golden output that it draws now."""
    from handsynth.model.model import Model
    from handsynth.specimens.verify import golden

    sisters = {name: data for name, data in (graphs or members()).items() if name != "decoder.onnx"}
    plain = card(sisters)
    drawn = golden(Model(members(plain.to_json(), sisters)), "abé", 5)
    return members(card(sisters, golden=drawn).to_json(), sisters)

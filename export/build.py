"""A trained run -> a model folder: graphs, parity, card."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx

from export.gallery import hands
from export.graphs import parts, round_to_half, to_onnx
from export.parity import Parity, compare
from handsynth.card import METADATA_KEY, Card
from handsynth.errors import InputError
from handsynth.files import atomic_folder
from handsynth.frame import Frame
from handsynth.layout.spacing import BEARINGS
from handsynth.model import Model
from handsynth.verify import golden
from train.loop import load_model
from train.reader import load_reader


def export_model(
    run: Path, output: Path, *, reader: Path | None, name: str, gallery: list[dict[str, Any]] | None, half: bool = True
) -> list[Parity]:
    """Write the model folder `output`; every graph is compared with PyTorch first.

    Raises ModelError where a graph differs from PyTorch, InputError where the parts do not fit together.
    """
    model, state = load_model(run)
    scores: dict[str, Any] = {}
    reading = None
    if reader is not None:
        module, reader_state = load_reader(reader)
        if reader_state["frame"] != state["frame"]:
            raise InputError(f"{reader} was trained on another frame than {run}; train it on the same dataset")
        reading = (module, reader_state["charset"])
        scores["reader"] = reader_state["scores"]
    sizes = {
        "C": len(model.charset),
        "H": state["frame"]["size"],
        "S": max(1, model.config.style),
        "V": max(1, model.config.variation),
    }
    made: dict[str, onnx.ModelProto] = {}
    proof: list[Parity] = []
    for file, part in parts(model, reading).items():
        if half:
            round_to_half(part.module)
        made[file] = to_onnx(part, sizes, half)
        proof += compare(file, part, made[file], sizes)
    card = Card(
        name=name,
        charset=tuple(model.charset),
        style_size=sizes["S"],
        variation_size=sizes["V"],
        slope=float(state["recipe"]["train"]["slope"]),
        frame=Frame.from_dict(state["frame"]),
        bearings={c: sides for c, sides in BEARINGS.items() if c in model.charset},
        data=tuple({k: s[k] for k in ("name", "licence", "citation", "url", "glyphs")} for s in state["data"]),
        scores=scores,
        recipe=state["recipe"] | {"steps": state["step"]},
    )
    write_model(output, made, card, gallery or [])
    return proof


def write_model(output: Path, graphs: dict[str, onnx.ModelProto], card: Card, gallery: list[dict[str, Any]]) -> None:
    """Put card, gallery and golden drawing into the decoder and write all graphs into a new folder."""
    members = {file: graph.SerializeToString(deterministic=True) for file, graph in graphs.items()}
    digests = {file: hashlib.sha256(data).hexdigest() for file, data in members.items() if file != "decoder.onnx"}
    card = replace(card, members=digests, golden=None)
    decoder = graphs["decoder.onnx"]

    def with_card(card: Card) -> bytes:
        del decoder.metadata_props[:]
        entry = decoder.metadata_props.add()
        entry.key, entry.value = METADATA_KEY, card.to_json()
        return decoder.SerializeToString(deterministic=True)

    members["decoder.onnx"] = with_card(card)
    model = Model(members, str(output), threads=1)
    text = "".join(c for c in "Ag&3é" if c in card.charset) or "".join(card.charset[:4])
    card = replace(card, golden=golden(model, text), gallery=tuple(hands(model, gallery)))
    members["decoder.onnx"] = with_card(card)
    with atomic_folder(output) as folder:
        for file, data in members.items():
            (folder / file).write_bytes(data)

"""A trained run -> a model folder: graphs, parity, card."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx

from export import strokes
from export.cursive import load_cursive
from export.gallery import hands
from export.graphs import GraphExport, parts, reader_part, to_onnx
from export.parity import Parity, compare
from export.weights import round_to_bytes, round_to_half
from handsynth.errors import InputError
from handsynth.files import atomic_folder
from handsynth.frame import Frame
from handsynth.layout.spacing import BEARINGS
from handsynth.model.card import METADATA_KEY, SISTERS, Card
from handsynth.model.model import Model
from handsynth.specimens.verify import golden
from train.loop import load_model
from train.reader import load_reader
from train.strokes.fit import is_run, load_run

READING = "encoder.onnx", "reader.onnx"
"""Graphs that draw nothing: large matrices of theirs are stored in bytes, where the decoder needs room."""


def export_model(
    run: Path,
    output: Path,
    *,
    reader: Path | None,
    name: str,
    gallery: list[dict[str, Any]] | None,
    cursive: Path | None = None,
    half: bool = True,
) -> list[Parity]:
    """Write the model folder `output`; every graph is compared with PyTorch first.

    Raises ModelError where a graph differs from PyTorch, InputError where the parts do not fit together.
    """
    module, scores, read_by = None, dict[str, Any](), ""
    if reader is not None:
        module, state = load_reader(reader)
        read_by, scores = json.dumps(state["frame"]), {"reader": state["scores"]}
    made = strokes_of(run, name) if is_run(run) else fields_of(run, name)
    card, graphs = made
    if module is not None:
        if read_by != json.dumps(card.frame.to_dict()):
            raise InputError(f"{reader} was trained on another frame than {run}; train it on the same dataset")
        graphs["reader.onnx"] = reader_part(module, state["charset"], list(card.charset))
    sizes = {
        "C": len(card.charset), "H": card.frame.size, "S": card.style_size, "V": card.variation_size,
    }  # fmt: skip
    exported: dict[str, onnx.ModelProto] = {}
    proof: list[Parity] = []
    for file, part in graphs.items():
        if half:
            round_to_half(part.module)
            if file in READING and card.draws == "strokes":
                round_to_bytes(part.module)
        exported[file] = to_onnx(part, sizes, half)
        proof += compare(file, part, exported[file], sizes)
    if module is not None:
        card = replace(card, scores=scores, recipe=card.recipe | {"reader_charset": "".join(state["charset"])})
    write_model(output, exported, card, gallery or [], cursive)
    return proof


def change_gallery(
    source: Path, output: Path, gallery: list[dict[str, Any]] | None = None, cursive: Path | None = None
) -> None:
    """Write the model folder `source` with other named hands, other styles of joined writing, or both, as `output`.

    Hands that fit one fit the other. Raises ModelError where `source` is no model folder,
    InputError for a gallery that it cannot have.
    """
    model = Model.open(source, threads=1)
    graphs = {name: onnx.load_from_string(model.data(name)) for name in model.members}
    write_model(output, graphs, model.card, gallery, cursive)


def fields_of(run: Path, name: str) -> tuple[Card, dict[str, GraphExport]]:
    """Card and graphs, but the reader's, of a run whose model draws fields."""
    model, state = load_model(run)
    card = Card(
        name=name,
        charset=tuple(model.charset),
        style_size=max(1, model.config.style),
        variation_size=max(1, model.config.variation),
        slope=float(state["recipe"]["train"]["slope"]),
        frame=Frame.from_dict(state["frame"]),
        bearings={c: sides for c, sides in BEARINGS.items() if c in model.charset},
        data=_sources(state["data"]),
        recipe=state["recipe"] | {"steps": state["step"]},
    )
    return card, parts(model)


def strokes_of(run: Path, name: str) -> tuple[Card, dict[str, GraphExport]]:
    """Card and graphs, but the reader's, of a run whose model draws strokes."""
    trained = load_run(run)
    sizes = trained.recipe.strokes
    card = Card(
        name=name,
        charset=tuple(sizes.characters),
        style_size=sizes.style,
        variation_size=sizes.variation,
        slope=1.0,
        frame=Frame.from_dict(trained.about["frame"]),
        bearings={c: sides for c, sides in BEARINGS.items() if c in sizes.characters},
        data=_sources(trained.about["sources"]),
        recipe=trained.recipe.to_dict(),
        draws="strokes",
        slots=tuple(sizes.points),
        spread=tuple(round(float(value), 4) for value in trained.factors.spread),
    )
    return card, strokes.parts(trained)


def _sources(sources: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    return tuple({k: s[k] for k in ("name", "licence", "citation", "url", "glyphs")} for s in sources)


def write_model(
    output: Path,
    graphs: dict[str, onnx.ModelProto],
    card: Card,
    gallery: list[dict[str, Any]] | None,
    cursive: Path | None = None,
) -> None:
    """Put card, gallery, styles of joined writing and golden drawing into the decoder, all graphs into a new folder.

    A gallery or styles that are not given stay those of `card`.
    """
    members = {file: graph.SerializeToString(deterministic=True) for file, graph in graphs.items()}
    digests = {file: hashlib.sha256(data).hexdigest() for file, data in members.items() if file in SISTERS}
    decoder = graphs["decoder.onnx"]
    del decoder.metadata_props[:]
    bare = hashlib.sha256(decoder.SerializeToString(deterministic=True)).hexdigest()
    card = replace(card, members=digests, decoder=bare, golden=None)

    def with_card(card: Card) -> bytes:
        del decoder.metadata_props[:]
        entry = decoder.metadata_props.add()
        entry.key, entry.value = METADATA_KEY, card.to_json()
        data: bytes = decoder.SerializeToString(deterministic=True)
        return data

    members["decoder.onnx"] = with_card(card)
    model = Model(members, str(output), threads=1)
    text = "".join(c for c in "Ag&3é" if c in card.charset) or "".join(card.charset[:4])
    card = replace(card, golden=golden(model, text))
    if gallery is not None:
        card = replace(card, gallery=tuple(hands(model, gallery)))
    if cursive is not None:
        card = replace(card, cursive=load_cursive(model, cursive))
    members["decoder.onnx"] = with_card(card)
    with atomic_folder(output) as folder:
        for file, data in members.items():
            (folder / file).write_bytes(data)

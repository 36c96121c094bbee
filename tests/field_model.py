"""A model of fields with the default model's letters, for what must draw either kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import stub_model

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.hands.hand import Hand
from handsynth.model.model import Model


def of_fields(default: Model) -> Model:
    """A model like `default` that draws fields: those of one hand, on which styles and variations lie as waves."""
    card, side = default.card, default.frame.size
    latent = card.style_size + card.variation_size
    places = np.array([noise.key_of("table", char) for char in default.charset], np.uint64)
    hand = Hand("table", np.zeros(card.style_size), default.latent_hash, slant=0.1)
    table = glyphs(default, hand, np.arange(len(places)), places, 0).fields().astype(np.float32)
    y, x = np.mgrid[:side, :side] / side
    chance = np.random.default_rng(1).uniform(-2, 2, (latent, 3, 1, 1))
    waves = 0.05 * np.cos(2 * np.pi * (chance[:, 0] * x + chance[:, 1] * y + chance[:, 2])).reshape(latent, -1)
    decoder = [
        ("Gather", ["table", "char"], ["drawn"], {}),
        ("Concat", ["style", "variation"], ["latent"], {"axis": 1}),
        ("MatMul", ["latent", "waves"], ["flat"], {}),
        ("Reshape", ["flat", "shape"], ["shift"], {}),
        ("Add", ["drawn", "shift"], ["sum"], {}),
        ("Clip", ["sum", "low", "high"], ["field"], {}),
    ]
    inputs = {"char": ["n"], "style": ["n", card.style_size], "variation": ["n", card.variation_size]}
    constants = {
        "table": table, "waves": waves.astype(np.float32), "shape": np.array([-1, side, side]),
        "low": np.float32(-4), "high": np.float32(4),
    }  # fmt: skip
    members = {name: default.data(name) for name in ("prior.onnx", "reader.onnx")}
    kept = {name: digest for name, digest in card.members.items() if name in members}
    fields = replace(card, name="fields", members=kept, golden=None, draws="field", slots=())
    graph = stub_model.graph(decoder, inputs, {"field": ["n", side, side]}, constants, {"handsynth": fields.to_json()})
    return Model({"decoder.onnx": graph, **members})

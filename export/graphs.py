"""The four graphs of a model as torch modules, and each as ONNX bytes.

Every random number is an input; nothing is drawn inside a graph. Weights are rounded first (see `weights`), in PyTorch
too: the file is half as large or less, and still exactly what PyTorch computes with.
"""

from __future__ import annotations

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from export.weights import stored
from handsynth.model.graphs import CONTEXT
from train.model import CVAE, Reader

OPSET = 18


class FieldDecoderGraph(nn.Module):
    """(char, style, variation) -> field."""

    def __init__(self, model: CVAE):
        super().__init__()
        self.decoder, self.config = model.decoder, model.config

    def forward(self, char: Tensor, style: Tensor, variation: Tensor) -> Tensor:
        # a graph has at least one number of each latent; one that the model lacks changes nothing
        style, variation = style[:, : self.config.style], variation[:, : self.config.variation]
        return self.decoder.field(char, style, variation)


class FieldPriorGraph(nn.Module):
    """(char, style_noise, variation_noise) -> draws of p(s) and p(v | c, s), both affine in the noise."""

    def __init__(self, model: CVAE):
        super().__init__()
        self.variation_mean = nn.Parameter(_at_least_one(model.variation_mean, (1,)))
        self.variation_slope = nn.Parameter(_at_least_one(model.variation_slope, (1, 2)))
        self.variation_root = nn.Parameter(_at_least_one(model.variation_root, (1, 2)))
        self.style_mean = nn.Parameter(_at_least_one(model.style_mean, (0,)))
        self.style_root = nn.Parameter(_at_least_one(model.style_root, (0, 1)))

    def forward(self, char: Tensor, style_noise: Tensor, variation_noise: Tensor) -> tuple[Tensor, Tensor]:
        style = style_noise @ self.style_root.T + self.style_mean
        given = (self.variation_slope[char] @ style.unsqueeze(2)).squeeze(2) + self.variation_mean[char]
        return style, given + (self.variation_root[char] @ variation_noise.unsqueeze(2)).squeeze(2)


class FieldEncoderGraph(nn.Module):
    """(ink, char) -> style_mean, style_logvar, variation_mean, variation_logvar of each glyph."""

    def __init__(self, model: CVAE):
        super().__init__()
        self.encoder = model.encoder

    def forward(self, ink: Tensor, char: Tensor) -> tuple[Tensor, ...]:
        return tuple(F.pad(part, (0, max(0, 1 - part.shape[1]))) for part in self.encoder(ink, char))


class ReaderGraph(nn.Module):
    """ink -> log-probabilities of the model's charset, and features.

    The reader may know other characters than the model: those it knows beyond are left out, those it does not know
    get a log-probability of -30.
    """

    pick: Tensor

    def __init__(self, reader: Reader, known: list[str], charset: list[str]):
        super().__init__()
        self.reader = reader
        self.register_buffer("pick", torch.tensor([known.index(c) if c in known else len(known) for c in charset]))

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        logits, features = self.reader(ink)
        return F.log_softmax(F.pad(logits, (0, 1), value=-30.0)[:, self.pick], dim=1), features


@dataclass(frozen=True)
class GraphExport:
    """One graph to export: the torch module and the names of its inputs and outputs."""

    module: nn.Module
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


def parts(model: CVAE) -> dict[str, GraphExport]:
    """The graphs by file name, but the reader's."""
    graphs = {
        "decoder.onnx": GraphExport(FieldDecoderGraph(model), ("char", "style", "variation"), ("field",)),
        "prior.onnx": GraphExport(
            FieldPriorGraph(model), ("char", "style_noise", "variation_noise"), ("style", "variation")
        ),
        "encoder.onnx": GraphExport(
            FieldEncoderGraph(model),
            ("ink", "char"),
            ("style_mean", "style_logvar", "variation_mean", "variation_logvar"),
        ),
    }
    return {name: GraphExport(part.module.eval(), part.inputs, part.outputs) for name, part in graphs.items()}


def reader_part(reader: Reader, known: list[str], charset: list[str]) -> GraphExport:
    """The reader's graph; it knows other characters than the model's `charset`."""
    return GraphExport(ReaderGraph(reader, known, charset).eval(), ("ink",), ("logprobs", "features"))


def random_inputs(names: tuple[str, ...], n: int, sizes: dict[str, int], seed: int) -> dict[str, np.ndarray]:
    """Inputs for a graph by name: characters in turn, so that n >= C covers all; noise; rough ink."""
    random = np.random.Generator(np.random.Philox(key=seed))
    made: dict[str, np.ndarray] = {}
    for name in names:
        if name == "char":
            made[name] = np.arange(n, dtype=np.int64) % sizes["C"]
        elif name == "ink":
            made[name] = random.random((n, sizes["H"], sizes["H"]), np.float32) ** 4
        elif name == "isolated_points":
            made[name] = (sizes["H"] / 2 + 8 * random.standard_normal((n, sizes["P"], 2))).astype(np.float32)
        elif name == "isolated_exist":
            made[name] = (4 * random.standard_normal((n, sizes["K"]))).astype(np.float32)
        elif name == "context":
            flags = random.integers(0, 2, (n, 4))
            made[name] = np.concatenate([flags, random.uniform(-1, 1, (n, CONTEXT - 4))], axis=1).astype(np.float32)
        else:
            width = sizes["S"] if name.startswith("style") else sizes["V"]
            made[name] = random.standard_normal((n, width)).astype(np.float32)
    return made


def to_onnx(part: GraphExport, sizes: dict[str, int], half: bool = True) -> onnx.ModelProto:
    """Export one graph with a dynamic number of glyphs, weights inside."""
    example = random_inputs(part.inputs, 3, sizes, seed=0)
    n = torch.export.Dim("n", min=1, max=4096)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            part.module,
            tuple(torch.from_numpy(example[name]) for name in part.inputs),
            input_names=list(part.inputs),
            output_names=list(part.outputs),
            dynamic_shapes=tuple({0: n} for _ in part.inputs),
            opset_version=OPSET,
            dynamo=True,
            optimize=True,
            verbose=False,
        )
        assert program is not None
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "graph.onnx"
            program.save(file, external_data=False)
            graph = onnx.load(file)
    del graph.metadata_props[:]
    for node in graph.graph.node:  # the exporter's notes name source files of the machine it ran on
        del node.metadata_props[:]
        node.doc_string = ""
    for value in (*graph.graph.value_info, *graph.graph.input, *graph.graph.output, *graph.graph.initializer):
        del value.metadata_props[:]
    del graph.graph.metadata_props[:]
    return stored(graph) if half else graph


def _at_least_one(value: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Zeros along axes of length 0, so that they have one entry."""
    value = value.clone()
    for axis in axes:
        if value.shape[axis] == 0:
            shape = list(value.shape)
            shape[axis] = 1
            value = value.new_zeros(shape)
    return value

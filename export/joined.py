"""`python -m export.joined RUN WORDS MODEL`: letters in words beside the graphs of a model, as `joined.onnx`.

The model's other files stay as they are. The graph names the decoder whose letters it moves.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import click
import torch
from torch import Tensor, nn

from export.graphs import GraphExport, to_onnx
from export.parity import Parity, compare
from export.strokes import GRID
from export.weights import round_to_bytes, round_to_half
from handsynth.cli import console
from handsynth.cli.commands import Argument, command_of
from handsynth.errors import InputError
from handsynth.files import atomic_path
from handsynth.frame import Frame
from handsynth.model.card import DECODER_KEY, JOINED, Card
from handsynth.model.model import Model
from train.strokes.fit import load_run
from train.strokes.networks import CENTRE, UNIT
from train.words.context import JoinedDecoder, centred, load_decoder


class JoinedGraph(nn.Module):
    """(char, variation, context, points and exist of the decoder's graph) -> points and exist, on the same grid."""

    centre: Tensor

    def __init__(self, decoder: JoinedDecoder, frame: Frame) -> None:
        super().__init__()
        self.decoder, self.middle = decoder, frame.size / 2
        self.register_buffer("centre", torch.tensor(CENTRE))

    def forward(
        self, char: Tensor, variation: Tensor, context: Tensor, points: Tensor, exist: Tensor
    ) -> tuple[Tensor, Tensor]:
        points, exist = self.decoder(char, variation, context, (points - self.centre) / UNIT, exist)
        points, exist = centred(points, exist, self.decoder.owner)
        return torch.round((points * UNIT + self.centre) * GRID) / GRID, exist


def add_joined(run: Path, words: Path, output: Path) -> list[Parity]:
    """Write `joined.onnx` of `words`, trained for `run`, into the model folder `output`, proven equal to PyTorch.

    Raises InputError where the parts do not fit together, ModelError where the graph differs.
    """
    trained, model = load_run(run), Model.open(output)
    sizes, card = trained.recipe.strokes, model.card
    frame = Frame.from_dict(trained.about["frame"])
    if (tuple(sizes.characters), tuple(sizes.points), frame) != (card.charset, card.slots, card.frame):
        raise InputError(f"{output} was not exported from {run}; give the run that it came from")
    data, proof = graph_of(load_decoder(words, trained.recipe), card, card.decoder or model.members["decoder.onnx"])
    Model({name: model.data(name) for name in model.members} | {JOINED: data}, str(output)).graph(JOINED)
    with atomic_path(output / JOINED) as temporary:
        temporary.write_bytes(data)
    return proof


def graph_of(decoder: JoinedDecoder, card: Card, digest: str) -> tuple[bytes, list[Parity]]:
    """The graph for a model whose decoder has the SHA-256 `digest`, large weights in bytes, and its proof."""
    part = GraphExport(
        JoinedGraph(decoder, card.frame).eval(),
        ("char", "variation", "context", "isolated_points", "isolated_exist"),
        ("points", "exist"),
    )
    sizes = {
        "C": len(card.charset), "H": card.frame.size, "S": card.style_size, "V": card.variation_size,
        "P": sum(card.slots), "K": len(card.slots),
    }  # fmt: skip
    round_to_half(part.module)
    round_to_bytes(part.module)
    graph = to_onnx(part, sizes)
    proof = compare(JOINED, part, graph, sizes)
    entry = graph.metadata_props.add()
    entry.key, entry.value = DECODER_KEY, digest
    return graph.SerializeToString(deterministic=True), proof


def joined(
    run: Annotated[Path, Argument(help="Folder of the run that MODEL was exported from.")],
    words: Annotated[Path, Argument(help="Folder made by `python -m train words --run RUN`.")],
    model: Annotated[Path, Argument(help="Model folder that gets the graph.")],
) -> None:
    """Add letters in words to a model folder: `python -m export.joined RUN WORDS MODEL`."""
    for line in add_joined(run, words, model):
        click.echo(
            f"{line.graph}: {line.output} differs from PyTorch by at most {line.largest:.1e} ({line.inputs} inputs)"
        )
    click.echo(f"{model}: {sum(file.stat().st_size for file in model.iterdir()) / 2**20:.2f} MiB")


if __name__ == "__main__":
    sys.exit(console.run(command_of(joined), "export.joined"))

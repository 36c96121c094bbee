"""Proof that a graph computes what PyTorch computes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnx
import onnxruntime
import torch

from export.graphs import GraphExport, random_inputs
from handsynth.errors import ModelError

LIMIT = 1e-3
"""Largest difference allowed in any output."""
LEAST = 1000
"""Random inputs compared, at least; every character is among them."""
BATCHES = (1, 2, 7, 64, 512)


@dataclass(frozen=True)
class Parity:
    """The largest difference of one output over all inputs."""

    graph: str
    output: str
    largest: float
    inputs: int


def compare(name: str, part: GraphExport, graph: onnx.ModelProto, sizes: dict[str, int], seed: int = 5) -> list[Parity]:
    """Run both on the same inputs in batches of 1 to 512; raises ModelError where they differ by LIMIT or more."""
    session = onnxruntime.InferenceSession(graph.SerializeToString(), providers=["CPUExecutionProvider"])
    total = max(LEAST, sizes["C"])
    total = -(-total // sizes["C"]) * sizes["C"]  # whole rounds through the charset
    inputs = random_inputs(part.inputs, total, sizes, seed)
    largest = dict.fromkeys(part.outputs, (0.0, 0))
    at, turn = 0, 0
    while at < total:
        size = BATCHES[turn % len(BATCHES)]
        chunk = {key: value[at : at + size] for key, value in inputs.items()}
        ours = session.run(list(part.outputs), chunk)
        with torch.no_grad():
            theirs = part.module(*(torch.from_numpy(chunk[key]) for key in part.inputs))
        theirs = theirs if isinstance(theirs, tuple) else (theirs,)
        for output, a, b in zip(part.outputs, ours, theirs, strict=True):
            if a.shape != tuple(b.shape):
                raise ModelError(f"{name}: output {output} is {a.shape} in ONNX and {tuple(b.shape)} in PyTorch")
            difference = np.abs(a - b.numpy()).reshape(len(a), -1).max(1)
            if not np.isfinite(difference).all():
                raise ModelError(f"{name}: output {output} is not finite; train with a lower learning rate")
            if difference.max() >= largest[output][0]:
                largest[output] = (float(difference.max()), at + int(difference.argmax()))
        at, turn = at + size, turn + 1
    for output, (value, row) in largest.items():
        if value >= LIMIT:
            raise ModelError(
                f"{name}: output {output} differs from PyTorch by {value:.2g} at input {row} "
                f"(character {row % sizes['C']}); the limit is {LIMIT:g}"
            )
    return [Parity(name, output, value, total) for output, (value, _) in largest.items()]

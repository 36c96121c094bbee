"""Weights in fewer bytes: rounded first, in PyTorch too, and stored so that the graph computes with just those numbers.

Half precision for what draws. Whole numbers of eight bits with a scale for each row for large matrices of what only
reads (Jacob et al. 2018, symmetric); scales have few digits, so that number times scale is exact.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch import nn

SMALL = 64
"""Tensors of fewer numbers stay float32: nothing to gain."""

LARGE = 4096
"""Matrices of so many numbers may be stored in bytes."""

_DIGITS = 2.0**10
"""Scales are whole multiples of a power of two, up to so many."""

_EXACT = 1e-3
"""Parts of such a step by which a scale may fall short: more than floats err by, so that weights that were rounded once
are rounded to themselves, and far less than half a step of the weights."""


def round_to_half(module: nn.Module) -> None:
    """Round the weights that are stored in half precision, in place; those that were rounded to bytes stay."""
    with torch.no_grad():
        for value in module.parameters():
            if value.numel() >= SMALL and _bytes(value.numpy()) is None:
                value.copy_(value.half().float())


def round_to_bytes(module: nn.Module) -> None:
    """Round large matrices [rows, …] to 255 steps for each row, in place."""
    with torch.no_grad():
        for value in module.parameters():
            if value.dim() >= 2 and value.numel() >= LARGE:
                scale = torch.from_numpy(_scale(value.numpy(), 0))
                value.copy_((value / scale).round() * scale)


def _scale(values: np.ndarray, axis: int) -> np.ndarray:
    """Scales f32, of the shape [1,…,rows,…,1], by which all of a row along `axis` are at most 127."""
    others = tuple(i for i in range(values.ndim) if i != axis)
    most = np.maximum(np.abs(values).max(axis=others, keepdims=True), np.float32(1e-12)) / 127
    step = 2.0 ** np.floor(np.log2(most)) / _DIGITS
    return np.asarray((np.ceil(most / step - _EXACT) * step).astype(np.float32))


def stored(model: onnx.ModelProto) -> onnx.ModelProto:
    """The model with weights in as few bytes as hold them exactly, cast back when the graph is loaded."""
    casts = []
    for weight in list(model.graph.initializer):
        values, name = numpy_helper.to_array(weight), weight.name
        if values.dtype != np.float32 or values.size < SMALL:
            continue
        if (found := _bytes(values)) is not None:
            whole, scale = found
            weight.CopyFrom(numpy_helper.from_array(whole, name + "_bytes"))
            model.graph.initializer.append(numpy_helper.from_array(scale, name + "_scale"))
            casts.append(helper.make_node("Cast", [name + "_bytes"], [name + "_whole"], to=onnx.TensorProto.FLOAT))
            casts.append(helper.make_node("Mul", [name + "_whole", name + "_scale"], [name]))
        elif np.array_equal(values, values.astype(np.float16)):
            weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_half"))
            casts.append(helper.make_node("Cast", [name + "_half"], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model


def _bytes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """int8 and scales that give `values` exactly, if they were rounded so; rows may have become another axis."""
    if values.ndim < 2 or values.size < LARGE:
        return None
    for axis in range(values.ndim):
        scale = _scale(values, axis)
        whole = np.rint(values / scale)
        if np.abs(whole).max() <= 127 and np.array_equal((whole * scale).astype(np.float32), values):
            return whole.astype(np.int8), scale
    return None

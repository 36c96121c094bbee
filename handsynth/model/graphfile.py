"""What an ONNX file may hold, found out before anything opens it.

The file is walked as Protocol Buffers (https://protobuf.dev/programming-guides/encoding/) by the field numbers of
onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Weights are stepped over, not read. All that is
not listed here is refused: data in other files, subgraphs, loops, local functions, operators of other domains.
"""

from __future__ import annotations

from collections.abc import Iterator

_LISTED = """
Abs Add And AveragePool BatchNormalization Cast Ceil Clip Concat Constant ConstantOfShape Conv ConvTranspose
Cos DepthToSpace Div Elu Equal Erf Exp Expand Flatten Floor Gather GatherElements GatherND Gelu Gemm
GlobalAveragePool Greater GreaterOrEqual GroupNormalization HardSigmoid Identity InstanceNormalization
LayerNormalization LeakyRelu Less LessOrEqual Log LogSoftmax MatMul Max MaxPool Mean Min Mul Neg Not Or Pad
Pow Reciprocal ReduceL2 ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
Relu Reshape Resize Round Selu Shape Sigmoid Sign Sin Slice Softmax Softplus Split Sqrt Squeeze Sub Sum Tanh
Transpose Unsqueeze Where
"""
OPERATORS = frozenset(_LISTED.split())
"""What networks of letters are made of. None repeats a part of the graph, draws at random or leaves the machine."""

MOST_NODES = 10_000

_DOMAINS = b"", b"ai.onnx"

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_MODEL = {1, 2, 3, 4, 5, 6, 8, 14}
"""ir_version, producer_name, producer_version, domain, model_version, doc_string, opset_import, metadata_props."""
_GRAPH = {2, 10, 11, 12, 13, 16}
"""name, doc_string, input, output, value_info, metadata_props."""
_NODE = {1, 2, 3, 6, 9}
"""input, output, name, doc_string, metadata_props."""
_ATTRIBUTE = {1, 2, 3, 4, 7, 8, 9, 13, 20}
"""name, f, i, s, floats, ints, strings, doc_string, type."""
_TENSOR = {1, 2, 4, 5, 7, 8, 9, 10, 11, 12, 16}
"""dims, data_type, float_data, int32_data, int64_data, name, raw_data, double_data, uint64_data, doc_string,
metadata_props."""
_EXTERNAL_DATA, _DATA_LOCATION = 13, 14

ByteRange = tuple[int, int]


class Refused(Exception):
    """What the file holds and may not; the rest of a sentence that begins with the file's name."""


def check(data: bytes) -> None:
    """Raises Refused for a model (ModelProto) that holds anything but plain nodes and their weights.

    Raises ValueError for bytes that are no such model.
    """
    if data[4:8] == b"ORTM":
        raise ValueError("ONNX Runtime's own format")
    nodes = 0
    for number, value in _fields(data, (0, len(data))):
        if number == 7:
            nodes += _check_graph(data, _span(value))
            if nodes > MOST_NODES:
                raise Refused(f"has more than {MOST_NODES:,} nodes; this is no handsynth model")
        elif number not in _MODEL:
            raise Refused("holds more than a graph, which is not allowed; export it anew")


def _check_graph(data: bytes, span: ByteRange) -> int:
    """The number of its nodes."""
    nodes = 0
    for number, value in _fields(data, span):
        if number == 1:
            nodes += 1
            _check_node(data, _span(value))
        elif number == 5:
            _check_tensor(data, _span(value))
        elif number not in _GRAPH:
            raise Refused("holds more than nodes and weights, which is not allowed; export it anew")
    return nodes


def _check_node(data: bytes, span: ByteRange) -> None:
    for number, value in _fields(data, span):
        if number == 4:
            kind = _text(data, value)
            if kind.decode("latin-1") not in OPERATORS:
                raise Refused(f"uses the operator {_shown(kind)}, which no handsynth model needs; export it anew")
        elif number == 7:
            domain = _text(data, value)
            if domain not in _DOMAINS:
                raise Refused(f"uses operators of {_shown(domain)}, which no handsynth model needs; export it anew")
        elif number == 5:
            _check_attribute(data, _span(value))
        elif number not in _NODE:
            raise Refused("has a node that is more than an operator, which is not allowed; export it anew")


def _check_attribute(data: bytes, span: ByteRange) -> None:
    for number, value in _fields(data, span):
        if number in (5, 10):
            _check_tensor(data, _span(value))
        elif number not in _ATTRIBUTE:
            raise Refused("has a graph within a node, which is not allowed; export it anew")


def _check_tensor(data: bytes, span: ByteRange) -> None:
    for number, value in _fields(data, span):
        if number == _EXTERNAL_DATA or number == _DATA_LOCATION and value:
            raise Refused("keeps weights in another file, which is not allowed; export it whole")
        if number != _DATA_LOCATION and number not in _TENSOR:
            raise Refused("has weights that are no plain numbers, which is not allowed; export it anew")


def _fields(data: bytes, span: ByteRange) -> Iterator[tuple[int, int | ByteRange]]:
    """Number and value of each field of a message: a whole number, or where its bytes lie. Raises ValueError."""
    at, end = span
    while at < end:
        tag, at = _varint(data, at, end)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at, end)
            yield number, value
            continue
        if wire == _BYTES:
            length, at = _varint(data, at, end)
        elif wire in (_FIXED32, _FIXED64):
            length = 4 if wire == _FIXED32 else 8
        else:
            raise ValueError("wire type")
        if length > end - at:
            raise ValueError("cut off")
        yield number, (at, at + length)
        at += length


def _varint(data: bytes, at: int, end: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= end:
            raise ValueError("cut off")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("varint")


def _span(value: int | ByteRange) -> ByteRange:
    if isinstance(value, int):
        raise ValueError("no message")
    return value


def _text(data: bytes, value: int | ByteRange) -> bytes:
    start, end = _span(value)
    return data[start:end]


def _shown(name: bytes) -> str:
    return ascii(name[:40].decode("utf-8", "replace"))

"""How many glyphs one core decodes each second, and what share of the core's matrix peak that is.

python benchmarks/decode.py [MODEL]
"""

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np  # noqa: E402

from handsynth import noise  # noqa: E402
from handsynth.model.model import Model  # noqa: E402

BATCH = 64


def best(work, repeats: int) -> float:
    """Shortest wall time of a call, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def multiply_adds(model: Model) -> float:
    """Multiply-adds of one glyph: those of every convolution and matrix product in the decoder."""
    import onnx

    graph = onnx.shape_inference.infer_shapes(onnx.load_from_string(model._members["decoder.onnx"])).graph
    weights = {w.name: tuple(w.dims) for w in graph.initializer}
    for node in graph.node:  # weights stored in half precision are cast back under their own name
        if node.op_type == "Cast" and node.input[0] in weights:
            weights[node.output[0]] = weights[node.input[0]]
    shapes = {v.name: [d.dim_value for d in v.type.tensor_type.shape.dim] for v in graph.value_info}
    total = 0.0
    for node in graph.node:
        weight = weights.get(node.input[1]) if len(node.input) > 1 else None
        if node.op_type == "Conv":
            total += float(np.prod(weight)) * np.prod(shapes[node.output[0]][2:])
        elif node.op_type in ("Gemm", "MatMul") and weight:
            total += float(np.prod(weight))
    return total


def main() -> None:
    model = Model.open(sys.argv[1] if len(sys.argv) > 1 else None, threads=1)
    char = np.arange(BATCH) % len(model.charset)
    places = np.arange(BATCH, dtype=np.uint64)
    style = noise.normals(1, "hand", places, model.card.style_size)
    variation = noise.normals(1, "glyph", places, model.card.variation_size)
    model.decode(char, style, variation)
    rate = BATCH / best(lambda: model.decode(char, style, variation), 40)
    a = np.ones((2048, 2048), np.float32)
    a @ a
    peak = 2 * 2048**3 / best(lambda: a @ a, 8)
    work = 2 * multiply_adds(model)
    print(f"{rate:,.0f} glyphs/s on one core at batch {BATCH}")
    print(f"{work / 2e6:.1f} M multiply-adds a glyph; {rate * work / 1e9:.0f} GFLOP/s")
    print(f"measured fp32 matrix peak of the core: {peak / 1e9:.0f} GFLOP/s; share {rate * work / peak:.0%}")


if __name__ == "__main__":
    main()

"""The ONNX graphs of a model: their signatures, opening them safely, running them the same way always.

A graph runs in tiles of `TILE` glyphs, the last one padded with zeros, and each tile on one thread. So a
glyph's bytes depend neither on how many are drawn with it nor on the number of threads, and memory stays
bounded.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from handsynth.errors import ModelError
from handsynth.model import graphfile

if TYPE_CHECKING:
    import onnxruntime

TILE = 16
TILES = {"field": TILE, "strokes": 64}
"""Glyphs in one run; the number is part of what makes bytes equal, so changing it may change last bits."""

CONTEXT = 10
"""Numbers of a letter's context, as `Model.decode_joined` takes them."""

MEMORY = 1 << 29
"""Bytes that all graphs of a process may take at a time, their weights as they are computed with among them."""

Ports = Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Signature:
    """Names of a graph's inputs and outputs with their element type and dimensions.

    Dimension n is dynamic; H, S, V and C are the card's; X is CONTEXT; F is free.
    """

    inputs: Ports
    outputs: Ports


_CHAR = ("tensor(int64)", ("n",))
_INK = ("tensor(float)", ("n", "H", "H"))
_STYLE = ("tensor(float)", ("n", "S"))
_VARIATION = ("tensor(float)", ("n", "V"))

_READER = Signature(
    {"ink": _INK},
    {"logprobs": ("tensor(float)", ("n", "C")), "features": ("tensor(float)", ("n", "F"))},
)
_PRIOR = Signature(
    {"char": _CHAR, "style_noise": _STYLE, "variation_noise": _VARIATION},
    {"style": _STYLE, "variation": _VARIATION},
)
_STROKES = {"points": ("tensor(float)", ("n", "P", "2")), "exist": ("tensor(float)", ("n", "K"))}
_LATENTS = {"char": _CHAR, "style": _STYLE, "variation": _VARIATION}

GRAPHS = {
    "field": {
        "decoder.onnx": Signature(_LATENTS, {"field": _INK}),
        "prior.onnx": _PRIOR,
        "encoder.onnx": Signature(
            {"ink": _INK, "char": _CHAR},
            {
                "style_mean": _STYLE,
                "style_logvar": _STYLE,
                "variation_mean": _VARIATION,
                "variation_logvar": _VARIATION,
            },
        ),
        "reader.onnx": _READER,
    },
    "strokes": {
        "decoder.onnx": Signature(_LATENTS, _STROKES),
        "joined.onnx": Signature(
            {
                "char": _CHAR,
                "variation": _VARIATION,
                "context": ("tensor(float)", ("n", "X")),
                **{f"isolated_{name}": port for name, port in _STROKES.items()},
            },
            _STROKES,
        ),
        "prior.onnx": _PRIOR,
        "encoder.onnx": Signature(
            {"ink": _INK, "char": _CHAR},
            {
                "variation_mean": _VARIATION,
                "variation_logvar": _VARIATION,
                "style_information": _STYLE,
                "style_precision": ("tensor(float)", ("n", "S", "S")),
            },
        ),
        "reader.onnx": _READER,
    },
}
"""The graphs of a model by what it draws.

Points are in frame px, the ink centred left to right, on a fine grid; a stroke exists where its number is positive. The
style of strokes is read as a Gaussian factor of each glyph: information and precision, which add up over glyphs.
"""


class OnnxGraph:
    """One opened graph. Raises ModelError if `data` is no ONNX graph that can be run."""

    def __init__(self, name: str, data: bytes, where: str, threads: int = 1) -> None:
        self.name = name
        self.tile = TILE
        self._signature = GRAPHS["strokes"][name]
        self.where = where
        self.threads = threads
        self.session = _session(name, data, where)
        self._sizes: dict[str, int] = {}

    def metadata(self) -> dict[str, str]:
        """The graph's `metadata_props`."""
        try:
            return dict(self.session.get_modelmeta().custom_metadata_map)
        except UnicodeDecodeError as error:
            raise self._wrong("holds bytes that are no text in its metadata") from error

    def check(self, sizes: Mapping[str, int], draws: str = "field") -> None:
        """Compare with the signature of models that draw `draws`, given the sizes; raises ModelError at a difference.

        Sizes: H, S, V and C, and of strokes P and K.
        """
        self._sizes = {**sizes, "2": 2, "X": CONTEXT}
        self.tile = TILES[draws]
        if self.name not in GRAPHS[draws]:
            raise ModelError(f"{self.where}: {self.name} is for models that draw strokes; leave it out")
        self._signature = expected = GRAPHS[draws][self.name]
        for kind, ports, nodes in (
            ("input", expected.inputs, self.session.get_inputs()),
            ("output", expected.outputs, self.session.get_outputs()),
        ):
            try:
                found = {node.name: (node.type, node.shape) for node in nodes}
            except UnicodeDecodeError as error:
                raise self._wrong(f"has {kind}s whose names are no text") from error
            if set(found) != set(ports):
                raise self._wrong(f"has {kind}s {_names(found)}, not {_names(ports)}")
            for port, (element, dims) in ports.items():
                got_type, got_dims = found[port]
                if got_type != element:
                    raise self._wrong(f"{kind} {port} is {got_type}, not {element}")
                if kind == "output" and not got_dims:
                    continue  # shape inference found nothing; `run` checks what really comes out
                if len(got_dims) != len(dims) or not all(
                    self._fits(want, got, exact=kind == "input") for want, got in zip(dims, got_dims, strict=True)
                ):
                    want = [self._sizes.get(d, d) for d in dims]
                    raise self._wrong(f"{kind} {port} has dimensions {_dims(got_dims)}, not {_dims(want)}")

    def run(self, feeds: Mapping[str, np.ndarray]) -> list[np.ndarray]:
        """Run on n rows (first dimension of every feed), tile by tile; outputs in the signature's order."""
        outputs = self._signature.outputs
        count = len(next(iter(feeds.values())))
        starts = range(0, count, self.tile)
        # an empty call still runs one tile: it tells the width F of the reader's features
        first = self._tile(feeds, 0)
        results = [np.empty((count, *part.shape[1:]), part.dtype) for part in first]

        def put(start: int, parts: list[np.ndarray]) -> None:
            for result, part in zip(results, parts, strict=True):
                rows = part[: count - start]
                # a reader may give a character no probability at all: minus infinity
                if not (rows < np.inf if self.name == "reader.onnx" else np.isfinite(rows)).all():
                    raise ModelError(
                        f"{self.where}: the model draws nothing usable ({self.name} gives numbers that are not "
                        "finite); run handsynth verify, or copy the model again"
                    )
                result[start : start + self.tile] = rows

        for (port, (_, dims)), part in zip(outputs.items(), first, strict=True):
            want = [self._sizes.get(d, self.tile if d == "n" else part.shape[-1]) for d in dims]
            if list(part.shape) != want:
                raise self._wrong(f"output {port} came out as {_dims(part.shape)}, not {_dims(want)}")
        if count:
            put(0, first)
        _each(lambda start: put(start, self._tile(feeds, start)), starts[1:], self.threads)
        return results

    def _tile(self, feeds: Mapping[str, np.ndarray], start: int) -> list[np.ndarray]:
        tile = {name: _padded(rows[start : start + self.tile], self.tile) for name, rows in feeds.items()}
        try:
            parts: list[np.ndarray] = self.session.run(list(self._signature.outputs), tile)
        except Exception as error:  # onnxruntime's errors share no base of their own
            raise self._wrong("failed while running") from error
        return parts

    def _fits(self, want: str, got: object, exact: bool) -> bool:
        if not isinstance(got, int):
            return want == "n" or not exact
        if want == "n":
            return False
        return want not in self._sizes or got == self._sizes[want]

    def _wrong(self, problem: str) -> ModelError:
        return ModelError(f"{self.where}: {self.name} {problem}; export the model again")


def _session(name: str, data: bytes, where: str) -> onnxruntime.InferenceSession:
    damaged = f"{where}: {name} is damaged or no ONNX graph; copy or export the model again"
    try:
        graphfile.check(data)
    except graphfile.Refused as refused:
        raise ModelError(f"{where}: {name} {refused}") from refused
    except ValueError as error:
        raise ModelError(damaged) from error
    onnxruntime = _runtime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1  # threads share whole tiles, see `_each`
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry("session.use_env_allocators", "1")  # the one that `_runtime` bounds
    try:
        # its fallback to other providers only prints several lines and fails again
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"], enable_fallback=0)
    except Exception as error:  # onnxruntime's errors share no base of their own
        raise ModelError(damaged) from error


@lru_cache(maxsize=1)
def _runtime() -> Any:
    """onnxruntime: silent, and with no more memory than MEMORY."""
    # since 1.3x it counts what its users do, and sends that to its makers; nothing is to leave this machine
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    # what fails here is reported in our own words: onnxruntime's log lines would only come on top
    onnxruntime.set_default_logger_severity(4)
    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    with suppress(Exception):  # a program around this library may have registered its own, which then counts
        # -1: as usual
        onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(MEMORY, -1, -1, -1))
    return onnxruntime


def _each(work: Callable[[int], None], items: range, threads: int) -> None:
    """Do `work` for all items, on several threads (onnxruntime releases the GIL)."""
    if threads < 2 or len(items) < 2:
        for item in items:
            work(item)
        return
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(threads, len(items))) as pool:
        for _ in pool.map(work, items):
            pass


def _padded(rows: np.ndarray, size: int) -> np.ndarray:
    if len(rows) == size:
        return np.ascontiguousarray(rows)
    tile = np.zeros((size, *rows.shape[1:]), rows.dtype)
    tile[: len(rows)] = rows
    return tile


def default_threads() -> int:
    """The cores this process may use, at most 16."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, 16)


def _names(ports: Mapping[str, object]) -> str:
    return ", ".join(sorted(ports)) or "none"


def _dims(dims: object) -> str:
    return "[" + ", ".join(str(d) for d in dims) + "]" if isinstance(dims, list | tuple) else str(dims)

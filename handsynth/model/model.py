"""Model: the graphs and their card, from a folder or a zip, checked before use."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

import numpy as np

from handsynth.errors import InputError, MissingCharacterError, ModelError
from handsynth.frame import Frame
from handsynth.model.card import DECODER_KEY, JOINED, MEMBERS, METADATA_KEY, Card
from handsynth.model.graphs import CONTEXT, OnnxGraph, default_threads
from handsynth.text.alphabets import LETTERS, PROBES
from handsynth.text.charset import index_table

DEFAULT = Path(__file__).parents[1] / "assets" / "default"
"""The model inside the package."""

MAX_SIZE = 128 * 2**20
"""Largest size of a model's graphs together, in bytes; what claims more is not read."""
_MAX_NAMES = 1000


class Model:
    """A trained model, ready to draw. Make one with `Model.open`.

    Arrays: n glyphs, H the frame's size, S and V the sizes of style and variation, C = len(charset). A
    style or variation may also be given as one row for all glyphs. Methods raise InputError for arguments
    of the wrong shape and ModelError if a graph is missing or faulty.
    """

    def __init__(self, members: Mapping[str, bytes], where: str = "model", threads: int | None = None) -> None:
        """From the bytes of the members by name (`decoder.onnx`, `prior.onnx`, …); see `open`."""
        if threads is not None and threads < 1:
            raise InputError(f"threads is {threads}; give 1 or more")
        self.where = where
        self.threads = threads or default_threads()
        self._members = dict(members)
        for name in ("decoder.onnx", "prior.onnx"):
            if name not in members:
                raise ModelError(f"{where}: there is no {name}; give a model's folder or zip, whole")
        decoder = OnnxGraph("decoder.onnx", members["decoder.onnx"], where, self.threads)
        text = decoder.metadata().get(METADATA_KEY)
        if text is None:
            raise ModelError(f"{where}: decoder.onnx has no handsynth card; export it with python -m export")
        try:
            self.card = Card.from_json(text)
        except ModelError as error:
            raise ModelError(f"{where}: {error}") from error
        self._sizes = {
            "H": self.card.frame.size,
            "S": self.card.style_size,
            "V": self.card.variation_size,
            "C": len(self.card.charset),
            "X": CONTEXT,
        }
        if self.strokes:
            self._sizes |= {"P": sum(self.card.slots), "K": len(self.card.slots)}
        decoder.check(self._sizes, self.card.draws)
        self._graphs = {"decoder.onnx": decoder}
        self._digests = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
        self._check_sisters()
        self._style_map: tuple[np.ndarray, np.ndarray] | None = None

    @classmethod
    def open(cls, path: str | Path | None = None, threads: int | None = None) -> Model:
        """Open a model folder or zip; None opens the default model that comes with handsynth.

        `threads`: how many tiles are drawn at once (None: all cores); it never changes what is drawn.
        Raises ModelError with one line if anything in it is not as it should be.
        """
        source = DEFAULT if path is None else Path(path)
        try:
            if source.is_dir():
                members = _read_folder(source)
            elif source.is_file():
                members = _read_zip(source)
            elif path is None:
                raise ModelError("this installation has no default model; give one with --model, or reinstall")
            else:
                raise ModelError(f"there is no model {source}; give a model's folder or zip")
        except OSError as error:
            raise ModelError(f"cannot read the model {source}: {error.strerror or error}") from error
        return cls(members, str(source), threads)

    def __repr__(self) -> str:
        return f"<Model {self.card.name!r}: {len(self.charset)} characters, {len(self.card.gallery)} hands>"

    @property
    def charset(self) -> tuple[str, ...]:
        """The characters that the model draws."""
        return self.card.charset

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The place of each character in the repertoire, in which those of the charset come first."""
        return index_table(self.repertoire)

    @cached_property
    def repertoire(self) -> tuple[str, ...]:
        """The characters that hands of the model draw: its own, then the Greek and Cyrillic letters of the bank.

        The bank is for models that draw strokes and all the Latin letters by which hands find their writer in it.
        """
        own = self.card.charset
        ready = self.strokes and set(PROBES) <= set(own)
        return (*own, *(char for char in LETTERS if char not in own)) if ready else own

    @property
    def frame(self) -> Frame:
        return self.card.frame

    @property
    def strokes(self) -> bool:
        """Whether it draws pen strokes; otherwise it draws fields."""
        return self.card.draws == "strokes"

    @property
    def members(self) -> dict[str, str]:
        """SHA-256 (hex) of each graph, by name."""
        return dict(sorted(self._digests.items()))

    @property
    def sizes(self) -> dict[str, int]:
        """Size of each graph in bytes, by name."""
        return {name: len(data) for name, data in sorted(self._members.items())}

    def data(self, name: str) -> bytes:
        """The bytes of the graph `name`, like `decoder.onnx`, as they were read. Raises ModelError if it lacks it."""
        if name not in self._members:
            raise ModelError(f"{self.where} has no {name}, which this needs; use a model exported with it")
        return self._members[name]

    @property
    def hash(self) -> str:
        """SHA-256 (hex) over the lines "name sha256" of the sorted members; equal for folder and zip.

        `joined.onnx` does not count: with it or without, the model has the same styles, and hands stay those of it.
        """
        lines = "".join(f"{name} {digest}\n" for name, digest in self.members.items() if name != JOINED)
        return hashlib.sha256(lines.encode()).hexdigest()

    @property
    def latent_hash(self) -> str:
        """SHA-256 (hex) over all that gives styles and variations their meaning: hands fit all models that share it.

        Another gallery or reader changes `hash`, not this. Where a card does not know its decoder, it is `hash`.
        """
        if not self.card.decoder:
            return self.hash
        named = {"decoder.onnx": self.card.decoder} | self.card.members
        lines = "".join(f"{name} {named[name]}\n" for name in sorted(named) if name != "reader.onnx")
        return hashlib.sha256(lines.encode()).hexdigest()

    def has(self, name: str) -> bool:
        """Whether the optional graph `encoder`, `reader` or `joined` is there."""
        return f"{name}.onnx" in self._members

    def index(self, chars: str | Sequence[str]) -> np.ndarray:
        """Places in the charset, int64 [n]. Raises MissingCharacterError for characters the model lacks."""
        missing = [char for char in dict.fromkeys(chars) if char not in self.charset]
        if missing:
            named = ", ".join(f"{char!r} (U+{ord(char):04X})" for char in missing[:5])
            more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
            raise MissingCharacterError(
                f"the model {self.card.name!r} cannot draw {named}{more}; leave them out", missing
            )
        return np.array([self.numbers[char] for char in chars], np.int64)

    def decode(self, char: np.ndarray, style: np.ndarray, variation: np.ndarray) -> np.ndarray:
        """Fields f32 [n,H,H] of characters int64 [n] in styles [n,S] or [S] and variations [n,V] or [V].

        Of a model that draws fields; raises ModelError for others.
        """
        if self.strokes:
            raise ModelError(f"{self.where} draws strokes, not fields; use Model.decode_strokes")
        return self._decoded(char, style, variation)[0]

    def decode_strokes(
        self, char: np.ndarray, style: np.ndarray, variation: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Points f32 [n,P,2] in frame px, and numbers f32 [n,K] above zero for strokes that exist, one at least.

        The points of a stroke are those of its slot of the card. Arguments as for `decode`; raises ModelError for a
        model that draws fields.
        """
        if not self.strokes:
            raise ModelError(f"{self.where} draws fields, not strokes; use Model.decode")
        points, exist = self._decoded(char, style, variation)
        return points, exist

    def decode_joined(
        self, char: np.ndarray, variation: np.ndarray, context: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Letters as they are written in words, points and strokes as of `decode_strokes`.

        context [n,CONTEXT]: whether it is joined to the letter before, to the one after (0 or 1); whether a capital or
        a mark stands before, after; then the height, over the baseline in x-heights, at which the pen comes in and its
        direction (unit vector, x right, y up); the same where it goes out. Zeros where it is not joined. The first
        stroke begins and ends at these heights. Where neither is joined, the letter is that of `decode_strokes`. Raises
        ModelError for a model that lacks the graph.
        """
        index = self._chars(char)
        context = self._rows("context", context, "X", len(index))
        variation = self._rows("variation", variation, "V", len(index))
        joined = self.graph(JOINED)
        points, exist = self.decode_strokes(index, np.zeros(self.card.style_size, np.float32), variation)
        rows = np.flatnonzero(context[:, :2].any(axis=1))
        feeds = {
            "char": index, "variation": variation, "context": context, "isolated_points": points,
            "isolated_exist": exist,
        }  # fmt: skip
        points[rows], exist[rows] = joined.run({name: values[rows] for name, values in feeds.items()})
        return points, exist

    def _decoded(self, char: np.ndarray, style: np.ndarray, variation: np.ndarray) -> list[np.ndarray]:
        index = self._chars(char)
        style = self._rows("style", style, "S", len(index))
        variation = self._rows("variation", variation, "V", len(index))
        return self.graph("decoder.onnx").run({"char": index, "style": style, "variation": variation})

    def prior(
        self, char: np.ndarray, style_noise: np.ndarray, variation_noise: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Standard normal noise, [n,S] or [S] and [n,V] or [V], mapped to draws of p(s) and p(v | c).

        Fields: the hand of the variation is the style that is drawn. Strokes: it is `style_noise` itself, which may be
        any style.
        """
        index = self._chars(char)
        style = self._rows("style_noise", style_noise, "S", len(index))
        variation = self._rows("variation_noise", variation_noise, "V", len(index))
        feeds = {"char": index, "style_noise": style, "variation_noise": variation}
        styles, variations = self.graph("prior.onnx").run(feeds)
        return styles, variations

    def style_noise(self, style: np.ndarray) -> np.ndarray:
        """The noise [n,S] or [S] from which the prior draws these styles: the inverse of its affine map.

        The variation is drawn given the hand, and the prior takes the hand as noise.
        """
        if self.strokes:  # its prior takes a style as it is
            return np.asarray(style, np.float32)
        if self._style_map is None:
            size = self.card.style_size
            probes = np.concatenate([np.zeros((1, size), np.float32), np.eye(size, dtype=np.float32)])
            still = np.zeros(self.card.variation_size, np.float32)
            styles = self.prior(np.zeros(len(probes), np.int64), probes, still)[0].astype(np.float64)
            try:
                self._style_map = styles[0], np.linalg.inv(styles[1:] - styles[0])
            except np.linalg.LinAlgError as error:
                raise ModelError(f"{self.where}: prior.onnx draws no style of its own; export it again") from error
        mean, inverse = self._style_map
        offset = np.asarray(style, np.float64) - mean
        # not a matrix product: that may round otherwise for another number of rows
        return np.asarray((offset[..., :, None] * inverse).sum(axis=-2), np.float32)

    def encode(self, ink: np.ndarray, char: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Gaussians of ink [n,H,H] in 0..1, in the order of the signature (see graphs.GRAPHS).

        Fields: mean and log-variance of the style [n,S] and of the variation [n,V]. Strokes: those of the variation,
        then information [n,S] and precision [n,S,S] of the style.
        """
        index = self._chars(char)
        results = self.graph("encoder.onnx").run({"ink": self._ink(ink, len(index)), "char": index})
        return results[0], results[1], results[2], results[3]

    def read(self, ink: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log-probabilities [n,C] of the characters and features [n,F] of ink [n,H,H] in 0..1."""
        logprobs, features = self.graph("reader.onnx").run({"ink": self._ink(ink, len(ink))})
        return logprobs, features

    def graph(self, name: str) -> OnnxGraph:
        """The graph `name`, opened on first use."""
        if name not in self._graphs:
            if name not in self._members:
                raise ModelError(f"{self.where} has no {name}, which this needs; use a model exported with it")
            graph = OnnxGraph(name, self._members[name], self.where, self.threads)
            graph.check(self._sizes, self.card.draws)
            if name == JOINED and graph.metadata().get(DECODER_KEY) not in (
                self.card.decoder, self._digests["decoder.onnx"],
            ):  # fmt: skip
                raise ModelError(f"{self.where}: {JOINED} was made for another decoder; copy the model again")
            self._graphs[name] = graph
        return self._graphs[name]

    def _check_sisters(self) -> None:
        for name, digest in self.card.members.items():
            if name not in self._digests:
                raise ModelError(f"{self.where}: the card lists {name}, which is not there; copy the model again")
            if self._digests[name] != digest:
                raise ModelError(f"{self.where}: {name} is not the one the card lists; copy the model again")
        for name in self._digests:
            if name not in ("decoder.onnx", JOINED) and name not in self.card.members:
                raise ModelError(f"{self.where}: {name} is not in the card's list; export the model again")

    def _chars(self, char: np.ndarray) -> np.ndarray:
        index = np.asarray(char)
        if index.ndim != 1 or not (np.issubdtype(index.dtype, np.integer) or not index.size):
            raise InputError(f"characters must be whole numbers [n], not {index.dtype} {list(index.shape)}")
        index = index.astype(np.int64)
        if index.size and not 0 <= index.min() <= index.max() < len(self.charset):
            raise InputError(f"a character's index is outside 0 … {len(self.charset) - 1}; use Model.index")
        return index

    def _rows(self, name: str, values: np.ndarray, size: str, count: int) -> np.ndarray:
        rows = np.asarray(values, np.float32)
        want = self._sizes[size]
        if rows.shape not in ((want,), (count, want)):
            raise InputError(f"{name} has shape {list(rows.shape)}, not [{count}, {want}] or [{want}]")
        if not np.isfinite(rows).all():
            raise InputError(f"{name} holds numbers that are not finite; give finite ones")
        return np.broadcast_to(rows, (count, want))

    def _ink(self, ink: np.ndarray, count: int) -> np.ndarray:
        rows = np.asarray(ink)
        side = self.frame.size
        if rows.dtype == np.uint8:
            raise InputError("ink is uint8; give it as fractions (divide by 255)")
        if rows.shape != (count, side, side):
            raise InputError(f"ink has shape {list(rows.shape)}, not [{count}, {side}, {side}]")
        if not np.isfinite(rows).all():
            raise InputError("ink holds numbers that are not finite; give coverage from 0 to 1")
        return rows.astype(np.float32, copy=False)


def opened(model: Model | str | Path | None = None) -> Model:
    """A model as callers give it: an open one, the path of one, or None, the default one, which is opened once.

    Raises InputError for what is none of these, and ModelError where it cannot be opened.
    """
    if isinstance(model, Model):
        return model
    if model is None:
        return _default()
    if not isinstance(model, str | Path):
        kind = type(model).__name__
        raise InputError(f"model is of type {kind}; give an open Model, or the path of one", "model")
    return Model.open(model)


@cache
def _default() -> Model:
    return Model.open()


def _read_folder(folder: Path) -> dict[str, bytes]:
    files = [folder / name for name in MEMBERS if (folder / name).is_file()]
    _check_size(folder, sum(file.stat().st_size for file in files))
    return {file.name: file.read_bytes() for file in files}


def _read_zip(path: Path) -> dict[str, bytes]:
    """The members of a zipped model, which may lie in one folder inside it; nothing is unpacked to disk."""
    try:
        with zipfile.ZipFile(path) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            _check_names(path, [info.filename for info in files])
            found: dict[str, zipfile.ZipInfo] = {}
            for info in files:
                name = PurePosixPath(info.filename).name
                if name not in MEMBERS:
                    continue
                if name in found:
                    raise ModelError(f"{path} holds {name} more than once; give one model only")
                if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise ModelError(f"{path}: {name} is packed in an unusual way; zip the model again, by deflate")
                found[name] = info
            # a member never gives more bytes than its entry claims
            _check_size(path, sum(info.file_size for info in found.values()))
            return {name: archive.read(info) for name, info in found.items()}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ModelError(f"{path} is no usable zip file (cut off or damaged?); copy the model again") from error


def _check_size(path: Path, size: int) -> None:
    if size > MAX_SIZE:
        raise ModelError(f"the graphs of {path} are larger than {MAX_SIZE >> 20} MB; this is no handsynth model")


def _check_names(path: Path, names: list[str]) -> None:
    if len(names) > _MAX_NAMES:
        raise ModelError(f"{path} has {len(names)} members; this is no handsynth model")
    for name in names:
        parts = PurePosixPath(name).parts
        if name.startswith("/") or "\\" in name or ":" in name or ".." in parts or "\0" in name:
            raise ModelError(f"{path} has a member with the unsafe name {name!r}; this is no handsynth model")
    if len(set(names)) < len(names):
        raise ModelError(f"{path} has two members of the same name; this is no handsynth model")

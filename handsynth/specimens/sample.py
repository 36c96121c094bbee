"""Many drawings of single characters, as arrays or as small pictures: `handsynth sample`."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handsynth import dials, noise
from handsynth.dials.renamed import takes_earlier
from handsynth.drawing.draw import CHUNK, SAMPLE_TEMPERATURE, own, stream
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError, OutputError
from handsynth.files import atomic_folder, atomic_path, check_place
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata

MAX_DRAWINGS = 10_000_000
"""In one call; more are better made in several, with different seeds."""


_FILE_ENDINGS = frozenset(
    (
        *(".avif", ".bmp", ".eps", ".gif", ".heic", ".ico", ".jpeg", ".jpg", ".pdf", ".png", ".ppm", ".ps", ".psd"),
        *(".svg", ".tif", ".tiff", ".webp", ".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz", ".zip", ".zst"),
        *(".csv", ".h5", ".hand", ".hdf5", ".json", ".mat", ".npy", ".onnx", ".parquet", ".pickle", ".pkl", ".pt"),
        *(".tfrecord", ".tsv", ".txt", ".otf", ".ttf", ".woff", ".woff2"),
    )
)
"""A name that ends so was meant to be a file, not a folder."""


@dataclass(frozen=True)
class SamplePlan:
    """What to draw: one entry for each drawing, in order."""

    index: np.ndarray
    """Characters, int64 [n]."""
    places: np.ndarray
    """Noise keys, uint64 [n]."""
    hand: Hand | None
    """The hand of all drawings; None: a new one for each."""

    @property
    def random(self) -> np.ndarray:
        """Which random hand each drawing takes, int64 [n]: it hangs on the drawing's place alone."""
        return (self.places >> np.uint64(11)).astype(np.int64)

    def hands(self, part: slice = slice(None)) -> np.ndarray:
        """What to give as `--hand`, with the same seed, for the same hand: str [n]."""
        if self.hand:
            return np.full(len(self.places[part]), self.hand.name)
        return np.char.add("random:", self.random[part].astype(str))


@dataclass(frozen=True)
class Samples:
    """Drawings of characters in the frame, n = drawings of each times characters."""

    images: np.ndarray
    """uint8 [n,H,H], 255 = ink."""
    codepoints: np.ndarray
    """int32 [n]."""
    hands: np.ndarray
    """str [n]: a gallery name, or `random:INDEX`, which with the same seed is the same hand everywhere."""


@takes_earlier("sample")
def sample(
    model: Model | str | Path | None,
    chars: str,
    variants: int,
    hand: str | Path | Hand = dials.default("sample.hand"),
    seed: int = dials.default("seed"),
    *,
    temperature: float = SAMPLE_TEMPERATURE,
    legibility: int = dials.default("legibility"),
) -> Samples:
    """Draw each of `chars` `variants` times, in the order given; `random` takes a new hand for every drawing.

    `model` and `hand` as in `render`; None is the default model.

    Raises InputError for numbers out of range and MissingCharacterError for characters the model lacks.
    """
    model = opened(model)
    todo = plan(model, chars, variants, hand, seed)
    side = model.frame.size
    images = np.empty((len(todo.index), side, side), np.uint8)
    start = 0
    for part in _images(model, todo, seed, temperature, legibility):
        images[start : start + len(part)] = part
        start += len(part)
    return Samples(images, _codepoints(model, todo), todo.hands())


@takes_earlier("sample")
def write_samples(
    model: Model | str | Path | None,
    path: str | Path,
    chars: str,
    variants: int,
    hand: str | Path | Hand = dials.default("sample.hand"),
    seed: int = dials.default("seed"),
    *,
    temperature: float = SAMPLE_TEMPERATURE,
    legibility: int = dials.default("legibility"),
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """As `sample`, into `path`, in bounded memory; returns the number of drawings.

    A name that ends in .npz becomes one file with the arrays of Samples (equal bytes for equal arguments;
    how it was made stands in the zip's comment). Any other name becomes a folder of PNG files, black on
    white, named like U+0041_000.png; names that end like a picture or an archive are refused. `progress` is
    called with drawings done and in all. Raises OutputError, besides.
    """
    check_target(path)
    model = opened(model)
    todo = plan(model, chars, variants, hand, seed)
    made_with = metadata(model, todo.hand.name if todo.hand else "random", seed, temperature, legibility)
    parts = _images(model, todo, seed, temperature, legibility)
    if Path(path).suffix.lower() == ".npz":
        with atomic_path(path) as file:
            _write_npz(file, model, todo, _counted(parts, len(todo.index), progress), made_with)
    else:
        with atomic_folder(path) as folder:
            _write_pngs(folder, model, todo, variants, _counted(parts, len(todo.index), progress), made_with)
    return len(todo.index)


def check_target(path: str | Path) -> None:
    """Raise OutputError where `write_samples` could not write to `path`: before any work."""
    target = Path(path)
    if not str(path).strip():
        raise OutputError("the output has no name; give a file .npz or a folder")
    if target.suffix.lower() == ".npz":
        check_place(target)
    elif target.suffix.lower() in _FILE_ENDINGS and not target.is_dir():
        raise OutputError(
            f"cannot write {path}: unknown file ending {target.suffix}; give a file .npz or a folder for PNG files",
            path,
        )


def plan(model: Model, chars: str, n: int, hand: str | Path | Hand, seed: int) -> SamplePlan:
    """What `sample` draws; the j-th drawing of a character is the same whatever else is drawn."""
    if not chars:
        raise InputError("there are no characters to draw; give some, like ABC")
    if n < 1 or n * len(chars) > MAX_DRAWINGS:
        raise InputError(f"{n} drawings of {len(chars)} characters; give -n from 1 to {MAX_DRAWINGS // len(chars)}")
    index = np.repeat(own(model, chars), n)
    seen: Counter[str] = Counter()
    places = np.empty(len(index), np.uint64)
    for i, char in enumerate(chars):
        for j in range(n):
            places[i * n + j] = noise.key_of("sample", char, seen[char] + j)
        seen[char] += n
    anew = isinstance(hand, str) and hand.strip().casefold() == "random"
    return SamplePlan(index, places, None if anew else resolve(model, hand, seed))


def _images(model: Model, todo: SamplePlan, seed: int, temperature: float, legibility: int) -> Iterator[np.ndarray]:
    """Images uint8 [up to CHUNK,H,H] in order."""
    for start in range(0, len(todo.index), CHUNK):
        part = slice(start, start + CHUNK)
        hand = todo.hand or random_styles(model, seed, todo.random[part])
        drawn = stream(
            model,
            hand,
            todo.index[part],
            todo.places[part],
            seed,
            temperature=temperature,
            legibility=legibility,
        )
        for glyphs in drawn:
            yield np.rint(glyphs.ink() * 255).astype(np.uint8)


def _codepoints(model: Model, todo: SamplePlan) -> np.ndarray:
    codepoints: np.ndarray = np.array([ord(char) for char in model.charset], np.int32)
    return codepoints.take(todo.index)


def _counted(
    parts: Iterator[np.ndarray], total: int, progress: Callable[[int, int], None] | None
) -> Iterator[np.ndarray]:
    done = 0
    for part in parts:
        yield part
        done += len(part)
        if progress:
            progress(done, total)


def _write_npz(
    path: Path, model: Model, todo: SamplePlan, parts: Iterator[np.ndarray], made_with: dict[str, str]
) -> None:
    side = model.frame.size
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.comment = json.dumps(made_with).encode()
        with _member(archive, "images", (len(todo.index), side, side), np.dtype(np.uint8)) as write:
            for part in parts:
                write(part.tobytes())
        codepoints = _codepoints(model, todo)
        with _member(archive, "codepoints", codepoints.shape, codepoints.dtype) as write:
            write(codepoints.tobytes())
        with _member(archive, "hands", codepoints.shape, todo.hands(slice(1)).dtype) as write:
            for start in range(0, len(codepoints), CHUNK):
                write(todo.hands(slice(start, start + CHUNK)).tobytes())


@contextmanager
def _member(
    archive: zipfile.ZipFile, name: str, shape: tuple[int, ...], dtype: np.dtype
) -> Iterator[Callable[[bytes], int]]:
    """One array of a .npz, written piece by piece (np.savez would want it whole); its date is always 1980."""
    header = {"descr": np.lib.format.dtype_to_descr(dtype), "fortran_order": False, "shape": shape}
    info = zipfile.ZipInfo(f"{name}.npy")
    info.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(info, "w", force_zip64=True) as file:
        np.lib.format.write_array_header_1_0(file, header)
        yield file.write


def _write_pngs(
    folder: Path, model: Model, todo: SamplePlan, n: int, parts: Iterator[np.ndarray], made_with: dict[str, str]
) -> None:
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    digits = max(3, len(str(n - 1)))
    numbers: Counter[int] = Counter()
    codepoints = _codepoints(model, todo)
    i = 0
    for part in parts:
        hands = todo.hands(slice(i, i + len(part)))
        for picture, hand in zip(part, hands, strict=True):
            codepoint = int(codepoints[i])
            info = PngInfo()
            for key, value in (made_with | {"Hand": str(hand)}).items():
                info.add_text(key, value)
            name = f"U+{codepoint:04X}_{numbers[codepoint]:0{digits}}.png"
            Image.fromarray(255 - picture).save(folder / name, pnginfo=info)
            numbers[codepoint] += 1
            i += 1

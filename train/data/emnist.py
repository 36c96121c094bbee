"""EMNIST: idx files, gzipped or not, with their mapping file.

emnist-<split>-{train,test}-{images-idx3,labels-idx1}-ubyte[.gz] and emnist-<split>-mapping.txt; images are
28x28, transposed, 255 = ink. Format: LeCun's idx (MNIST); Cohen et al., EMNIST: an extension of MNIST to
handwritten letters (2017).
"""

from __future__ import annotations

import gzip
import math
import string
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from handsynth.errors import DataError
from train.data.cropped import add_picture
from train.data.source import TEST, TRAIN, VAL, Drops, GlyphBatch, ReaderOptions, Source, SourceInfo

CHUNK = 512
LARGEST = 128 * 128
"""Bytes of an item; EMNIST's have 28 x 28, and a chunk of them is in memory."""
ORDER = ("byclass", "bymerge", "balanced", "letters", "digits", "mnist")
"""The splits of EMNIST repeat each other's images: the first of these that is there is read, no other."""
DIGITS = {i: char for i, char in enumerate(string.digits)}
USUAL_MAPPING = {
    "byclass": {i: char for i, char in enumerate(string.digits + string.ascii_uppercase + string.ascii_lowercase)},
    "digits": DIGITS,
    "mnist": DIGITS,
}
"""What the labels mean where the mapping file is missing."""


class Idx:
    """An idx file of unsigned bytes, read as a stream. Use as a context manager."""

    def __init__(self, path: Path) -> None:
        """Raises DataError if the header is not one of an idx file of unsigned bytes with 1 to 3 axes."""
        self.path = path
        try:
            # gzip's reader is a stream of bytes like any other
            self.file = cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))  # noqa: SIM115
        except OSError as error:
            raise DataError(f"cannot read {path}: {error.strerror or error}") from error
        try:
            magic = self._read(4)
            if magic[:3] != b"\0\0\x08" or not 1 <= magic[3] <= 3:
                raise DataError(f"{path} is no idx file of unsigned bytes (it begins {magic.hex()})")
            self.shape: tuple[int, ...] = struct.unpack(f">{magic[3]}I", self._read(4 * magic[3]))
            if math.prod(self.shape[1:]) > LARGEST:
                raise DataError(f"{path} says that its items are {self.shape[1:]} bytes: it is damaged")
        except DataError:
            self.file.close()
            raise

    def __enter__(self) -> Idx:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def _read(self, size: int) -> bytes:
        try:
            data = self.file.read(size)
        except (OSError, EOFError, zlib.error) as error:
            raise DataError(f"{self.path} is damaged ({error}); download it again") from error
        if len(data) != size:
            raise DataError(f"{self.path} is cut off; download it again")
        return data

    def chunks(self, length: int) -> Iterator[np.ndarray]:
        """All items, uint8 [up to length, ...]. Raises DataError where the file is cut off or damaged."""
        item = math.prod(self.shape[1:])
        for first in range(0, self.shape[0], length):
            count = min(length, self.shape[0] - first)
            yield np.frombuffer(self._read(count * item), np.uint8).reshape(count, *self.shape[1:])


@dataclass
class EmnistTask:
    """Some images [n,h,w] as they lie in the file, with characters, splits, and whether the label is
    certain."""

    images: np.ndarray
    chars: list[str]
    splits: list[int]
    certain: list[bool]
    first: str
    drops: Drops


class Emnist(Source):
    """A folder with the idx files of EMNIST. Writers are not known; about 5 % of train become val by their
    place."""

    about = SourceInfo(
        "EMNIST",
        "public domain (NIST)",
        "G. Cohen, S. Afshar, J. Tapson, A. van Schaik, EMNIST: extending MNIST to handwritten letters (2017)",
        "https://www.nist.gov/itl/products-and-services/emnist-dataset",
    )
    unit = "images"

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        files = {file.name: file for file in sorted(self.root.rglob("emnist-*"))} if self.root.is_dir() else {}
        self.pairs: list[tuple[int, Path, Path]] = []
        for kind in ORDER:
            for split, part in ((TRAIN, "train"), (TEST, "test")):
                pair = [_either(files, f"emnist-{kind}-{part}-{name}-ubyte") for name in ("images-idx3", "labels-idx1")]
                if pair[0] is not None and pair[1] is not None:
                    self.pairs.append((split, pair[0], pair[1]))
            if self.pairs:
                break
        else:
            raise DataError(f"{self.root} has no emnist-<split>-train-images-idx3-ubyte[.gz] with its labels")
        self.kind = kind
        self.details = {"split": kind}
        self.mapping = _mapping(files.get(f"emnist-{kind}-mapping.txt"), kind)
        self.count = 0
        for _, images, labels in self.pairs:
            with Idx(images) as pictures, Idx(labels) as answers:
                if len(pictures.shape) != 3 or len(answers.shape) != 1 or pictures.shape[0] != answers.shape[0]:
                    shapes = f"{pictures.shape} images, {answers.shape} labels"
                    raise DataError(f"{images} and its labels do not match: {shapes}")
                self.count += pictures.shape[0]

    def total(self) -> int:
        return self.count

    def tasks(self, options: ReaderOptions) -> Iterator[EmnistTask]:
        for split, images, labels in self.pairs:
            place = 0
            with Idx(images) as pictures, Idx(labels) as answers:
                for some, numbers in zip(pictures.chunks(CHUNK), answers.chunks(CHUNK), strict=True):
                    # one in twenty of train, evenly spread, for validation
                    splits = [VAL if split == TRAIN and (place + i) % 20 == 7 else split for i in range(len(some))]
                    chars = [self.mapping.get(int(number), "") for number in numbers]
                    certain = [len(char) == 1 for char in chars]
                    yield EmnistTask(some, chars, splits, certain, f"{images.name} {place}", Drops())
                    place += len(some)

    @staticmethod
    def draw(task: EmnistTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(drops=task.drops, done=len(task.images))
        for image, chars, split, certain in zip(task.images, task.chars, task.splits, task.certain, strict=True):
            if not chars:
                batch.drops.add("label has no character in the mapping", task.first)
            elif options.wants(chars[0]):
                cover = np.ascontiguousarray(image.T)
                add_picture(batch, cover, chars[0], options, task.first, writer="", split=split, checked=certain)
        return batch


def _either(files: dict[str, Path], name: str) -> Path | None:
    return files.get(name) or files.get(f"{name}.gz")


def _mapping(path: Path | None, kind: str) -> dict[int, str]:
    """Label -> its characters; more than one where a split merges capital and small letters."""
    if path is None:
        if kind in USUAL_MAPPING:
            return USUAL_MAPPING[kind]
        raise DataError(f"emnist-{kind}-mapping.txt is missing; it lies with the images in EMNIST's archive")
    mapping = {}
    try:
        for line in path.read_text(encoding="ascii").splitlines():
            if line.strip():
                label, *codes = (int(word) for word in line.split())
                mapping[label] = "".join(chr(code) for code in codes)
                mapping[label].encode("utf-8")  # halves of surrogate pairs are no characters
    except (OSError, ValueError, OverflowError) as error:
        raise DataError(f"{path} is no list of labels and codes ({error}); download it again") from error
    return mapping

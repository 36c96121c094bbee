"""NIST Special Database 19, second edition: by_class as zip or folder, and by_write for the writers.

by_class/<hex>/hsf_<k>/hsf_<k>_<nnnnn>.png and by_class/<hex>/train_<hex>/…, where <hex> is the character's
ASCII code; by_write/hsf_<k>/f<wwww>_<tt>/<c|d|l|u><wwww>_<tt>/….png. Source: NIST SD19 user's guide (2016).
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handsynth.errors import DataError, InputError
from handsynth.formats.pictures import open_picture
from train.data.archive import Archive, check_archive
from train.data.cropped import MOST_PIXELS, add_picture
from train.data.source import TEST, TRAIN, VAL, Drops, GlyphBatch, ReaderOptions, Source, SourceInfo

IMAGE = re.compile(r"(?:^|/)(?P<code>[0-9a-fA-F]{2})/hsf_(?P<part>[0-9])/[^/]+\.png$")
REPEAT = re.compile(r"(?:^|/)[0-9a-fA-F]{2}/train_[0-9a-fA-F]{2}/[^/]+\.png$")
WRITER = re.compile(r"(?:^|/)(?P<writer>f\d{4})_\d{2}/[cdlu]\d{4}_\d{2}/[^/]+\.png$")
CHUNK = 256
SPLIT = {"4": TEST, "7": VAL}
"""hsf_4 is the official test partition. No writer is in two partitions, so hsf_7 is set aside for
validation."""


@dataclass
class NistTask:
    """Some images: name, character, split, bytes (or why they could not be read)."""

    images: list[tuple[str, str, int, bytes | str]]
    drops: Drops
    done: int
    digests: bool = False
    """Whether the writers are asked for: then each glyph's writer is its digest until `complete`."""


def decode(data: bytes | str) -> np.ndarray:
    """Grey uint8 [h,w] of an image's bytes. Raises DataError, a few words, if it is damaged."""
    if isinstance(data, str):
        raise DataError(data)
    try:
        return np.asarray(open_picture(io.BytesIO(data), MOST_PIXELS).convert("L"))
    except InputError as error:
        raise DataError(str(error)) from error


def digest(grey: np.ndarray) -> int:
    """64 bits that tell whether two images are equal."""
    shape = f"{grey.shape[0]}x{grey.shape[1]}:".encode()
    return int.from_bytes(hashlib.blake2b(shape + grey.tobytes(), digest_size=8).digest(), "big")


class WriterIndex:
    """Which writer made an image, by the image's digest: 12 bytes for an image of by_write."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.digests = np.zeros(0, np.uint64)
        self.rows = np.zeros(0, np.int32)

    def read(self, path: Path, drops: Drops) -> Iterator[int]:
        """Fill the table from by_write; yields the number of its images first, then how many more are
        done."""
        known: dict[str, int] = {}
        with Archive(path) as archive:
            names = [name for name in archive.names() if WRITER.search(name)]
            if not names:
                raise DataError(f"{path} has no image of by_write (…/f0000_14/d0000_14/….png); give by_write.zip")
            yield len(names)
            digests, rows = np.zeros(len(names), np.uint64), np.full(len(names), -1, np.int32)
            for place, name in enumerate(names):
                match = WRITER.search(name)
                assert match
                try:
                    digests[place] = digest(decode(archive.read(name)))
                except DataError as error:
                    drops.add("corrupt image in by_write", f"{name}: {error}")
                else:
                    rows[place] = known.setdefault(match["writer"], len(known))
                if (place + 1) % CHUNK == 0:
                    yield CHUNK
            yield len(names) % CHUNK
        kept = np.flatnonzero(rows >= 0)
        kept = kept[np.argsort(digests[kept], kind="stable")]
        self.digests, self.rows, self.names = digests[kept], rows[kept], list(known)

    def of(self, key: int) -> str:
        """Name of the writer of the image with this digest; "" where none or more than one made it."""
        value = np.uint64(key)
        first, last = (
            np.searchsorted(self.digests, value, "left"),
            np.searchsorted(self.digests, value, "right"),
        )
        found = set(self.rows[first:last].tolist())
        return self.names[found.pop()] if len(found) == 1 else ""


class Nist(Source):
    """`by_class`, a zip or a folder; with `by_write` also the writers."""

    about = SourceInfo(
        "NIST SD19",
        "public domain (NIST)",
        "P. J. Grother, K. K. Hanaoka, NIST Special Database 19, 2nd edition (2016), doi:10.18434/T4H01C",
        "https://www.nist.gov/srd/nist-special-database-19",
    )
    unit = "images"

    def __init__(self, path: str | Path, writers: str | Path | None = None) -> None:
        self.path, self.by_write = Path(path), None if writers is None else Path(writers)
        self.details = {}
        self.count: int | None = None
        self.writers = WriterIndex()
        for archive in (self.path, self.by_write):
            if archive is not None:
                check_archive(archive)

    def total(self) -> int | None:
        return self.count

    def tasks(self, options: ReaderOptions) -> Iterator[NistTask]:
        # one list of members at a time: each takes half a gigabyte
        done = 0
        if self.by_write is not None:
            drops = Drops()
            reading = self.writers.read(self.by_write, drops)
            done = self.count = next(reading)
            for some in reading:
                yield NistTask([], Drops(), some)
            yield NistTask([], drops, 0)
        with Archive(self.path) as archive:
            names = archive.names()
            self.count = done + len(names)
            yield from self._portions(archive, names, options)

    def _portions(self, archive: Archive, names: Sequence[str], options: ReaderOptions) -> Iterator[NistTask]:
        known = False
        for first in range(0, len(names), CHUNK):
            portion = names[first : first + CHUNK]
            task = NistTask([], Drops(), len(portion), self.by_write is not None)
            for name in portion:
                match = IMAGE.search(name)
                if match is None:
                    if REPEAT.search(name):
                        known = True
                        task.drops.add("repeats an image of the hsf folders (train_*)", name)
                    continue
                known = True
                char = chr(int(match["code"], 16))
                if not options.wants(char):
                    continue
                if not char.isprintable() or char == " ":
                    task.drops.add("the folder's code is no visible character", name)
                    continue
                try:
                    data: bytes | str = archive.read(name)
                except DataError as error:
                    data = str(error)
                task.images.append((name, char, SPLIT.get(match["part"], TRAIN), data))
            yield task
        if not known:
            raise DataError(f"{self.path} has no image by_class/<hex>/hsf_<k>/….png; give by_class.zip or its folder")

    @staticmethod
    def draw(task: NistTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(drops=task.drops, done=task.done)
        for name, char, split, data in task.images:
            try:
                grey = decode(data)
            except DataError as error:
                batch.drops.add("corrupt image", f"{name}: {error}")
                continue
            writer = str(digest(grey)) if task.digests else ""
            add_picture(batch, 255 - grey, char, options, name, writer=writer, split=split, checked=True)
        return batch

    def complete(self, batch: GlyphBatch) -> None:
        if self.by_write is not None:
            batch.writers = [self.writers.of(int(key)) for key in batch.writers]

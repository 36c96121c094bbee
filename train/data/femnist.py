"""FEMNIST as LEAF JSON: users, user_data x and y; 28x28 floats, 1 = paper.

Format: Caldas et al., LEAF: a benchmark for federated settings (2018). Labels: 0-9, A-Z, a-z in this order.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import ijson
import numpy as np

from handsynth.errors import DataError
from train.data.cropped import add_picture
from train.data.source import GlyphBatch, ReaderOptions, Source, SourceInfo, split_of

LABELS = string.digits + string.ascii_uppercase + string.ascii_lowercase
SIDE = 28


DEEPEST = 32
"""Lists and objects within each other; LEAF has five. Each takes a name as long as all those around it."""

_LEVELS = np.zeros(256, np.int8)
_LEVELS[list(b"[{")], _LEVELS[list(b"]}")] = 1, -1


class _Shallow:
    """A binary file of JSON, whose `read` raises ValueError where it is nested more deeply than DEEPEST."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.depth, self.inside, self.escaped = file, 0, False, False

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        if size and data:
            self._look(data)
        return data

    def _look(self, data: bytes) -> None:
        if not (self.inside or self.escaped or b'"' in data or b"\\" in data):
            # numbers, nearly always: no need to look at each letter
            opened = data.count(b"[") + data.count(b"{")
            if self.depth + opened <= DEEPEST:
                self.depth += opened - data.count(b"]") - data.count(b"}")
                return
        # what is escaped is one letter of a text; an escape may be parted from it
        seen = (b"\\" if self.escaped else b"") + data
        seen = seen.replace(b"\\\\", b"__").replace(b'\\"', b"__")
        self.escaped = seen.endswith(b"\\")
        found = np.frombuffer(seen, np.uint8)
        # within a text, behind an odd number of quotes, brackets are letters
        quotes = np.logical_xor.accumulate(found == ord('"')) ^ self.inside
        depth = self.depth + np.cumsum(np.where(quotes, 0, _LEVELS[found]), dtype=np.int64)
        if depth.max() > DEEPEST:
            raise ValueError(f"lists in lists, {DEEPEST} and more")
        self.depth, self.inside = int(depth[-1]), bool(quotes[-1])


@dataclass
class FemnistTask:
    """All samples of one user in one file."""

    user: str
    split: int
    images: np.ndarray
    """uint8 [n,28,28], 255 = ink."""
    labels: list[int]
    bad: int
    place: str


class Femnist(Source):
    """A LEAF JSON file or a folder of them (its `train` and `test` together where it has them, since users,
    not samples, are split here). One user at a time is in memory."""

    about = SourceInfo(
        "FEMNIST",
        "public domain (NIST); LEAF is BSD-2-Clause",
        "S. Caldas et al., LEAF: a benchmark for federated settings (2018); from NIST SD19",
        "https://leaf.cmu.edu/",
    )
    unit = "users"

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        self.details = {}
        if self.root.is_file():
            self.files = [self.root]
        else:
            # LEAF leaves the same samples in several folders on its way: take one kind only
            for folders in (
                ("train", "test"),
                ("data/train", "data/test"),
                ("all_data",),
                ("data/all_data",),
                (".",),
            ):
                self.files = [file for name in folders for file in sorted((self.root / name).glob("*.json"))]
                if self.files:
                    break
            else:
                raise DataError(f"{self.root} has no .json of FEMNIST; give LEAF's data folder or a file")

    def total(self) -> int | None:
        return None

    def tasks(self, options: ReaderOptions) -> Iterator[FemnistTask]:
        for path in self.files:
            found = False
            try:
                with path.open("rb") as file:
                    for user, data in ijson.kvitems(_Shallow(file), "user_data", use_float=True):
                        found = True
                        yield _task(user, data, path, options)
            except (ijson.JSONError, OSError, ValueError) as error:
                reason = " ".join(str(error).split())[:120]
                raise DataError(f"{path} is damaged or no JSON ({reason}); make or download it again") from error
            if not found:
                raise DataError(f"{path} has no user_data; give a LEAF JSON file of FEMNIST")

    @staticmethod
    def draw(task: FemnistTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(done=1)
        if task.bad:
            batch.drops.add("not a 28x28 image with a label from 0 to 61", task.place, task.bad)
        for cover, label in zip(task.images, task.labels, strict=True):
            char = LABELS[label]
            if options.wants(char):
                add_picture(batch, cover, char, options, task.place, writer=task.user, split=task.split, checked=True)
        return batch


def _task(user: str, data: Any, path: Path, options: ReaderOptions) -> FemnistTask:
    place = f"{path.name} {user}"
    try:
        samples, labels = list(data["x"]), list(data["y"])
    except (TypeError, KeyError) as error:
        raise DataError(f"{path}: user {user[:40]!r} has no x and y; give a LEAF JSON file of FEMNIST") from error
    images, kept = [], []
    for sample, label in zip(samples, labels, strict=False):
        try:
            grey = np.asarray(sample, np.float64).reshape(SIDE, SIDE)
            if isinstance(label, bool) or int(label) != label or not 0 <= label < len(LABELS):
                continue
        except (TypeError, ValueError):
            continue
        if not np.all(np.isfinite(grey)):
            continue
        images.append(np.rint(np.clip(1 - grey, 0, 1) * 255).astype(np.uint8))
        kept.append(int(label))
    bad = max(len(samples), len(labels)) - len(kept)
    stack = np.stack(images) if images else np.zeros((0, SIDE, SIDE), np.uint8)
    return FemnistTask(user, split_of(options.split_seed, "femnist", user), stack, kept, bad, place)

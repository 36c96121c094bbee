"""LMDB shards as trainers of text recognition read them: an environment folder each, counted from 1.

`num-samples`, `image-%09d`, `label-%09d` are the keys of Shi, Bai and Yao's CRNN (2015), which deep-text-recognition-
benchmark, PARSeq, MMOCR and PaddleOCR have kept; they walk a root folder and open every data.mdb below it. What else
belongs to a sample has keys of the same kind by its ending, like `json-%09d`, and its number is `key-%09d`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from handsynth.corpus.containers.lmdb import ORDER, written
from handsynth.corpus.containers.lmdb import lmdb as library
from handsynth.corpus.entry import Entry

COUNT = b"num-samples"
PICTURES = "png", "jpg"


def write(entries: Iterator[Entry], path: Path) -> int:
    """Write one environment folder. Raises OSError where there is no room for it."""

    def put(change: Any) -> int:
        count = 0
        endings: list[str] = []
        for count, entry in enumerate(entries, 1):  # noqa: B007
            endings = list(entry.files)
            change.put(_key("key", count), entry.key.encode())
            for ending, data in entry.files.items():
                label = b" ".join(data.split()) if ending == "txt" else data  # of one line
                change.put(_key(_name(ending), count), label)
                if label != data:
                    change.put(_key("txt", count), data)
        change.put(COUNT, str(count).encode())
        change.put(ORDER, ",".join(endings).encode())
        return count

    return written(path, put, subdir=True)


def read(path: Path) -> Iterator[Entry]:
    """The entries of a shard, in their order."""
    with library.open(str(path), subdir=True, lock=False, readonly=True) as base, base.begin() as view:
        order = view.get(ORDER, b"").decode().split(",")
        for number in range(1, int(view.get(COUNT, b"0")) + 1):
            files = {}
            for ending in order:
                data = view.get(_key(ending, number)) if ending == "txt" else None
                files[ending] = view.get(_key(_name(ending), number), b"") if data is None else data
            yield Entry(view.get(_key("key", number), b"").decode(), files)


def _name(ending: str) -> str:
    return "image" if ending in PICTURES else "label" if ending == "txt" else ending


def _key(name: str, number: int) -> bytes:
    return f"{name}-{number:09d}".encode()

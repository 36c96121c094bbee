"""Entries in files: one small module for each kind of container."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from handsynth.corpus.entry import Entry
from handsynth.errors import InputError, install
from handsynth.plugins.registry import Registry, function

EXTRA = "corpus"


@dataclass(frozen=True)
class Container:
    """One kind. Its module has two functions.

    `write(entries, path)` writes a file (or a folder) at `path`, a temporary one, and returns how many entries that
    holds; the same entries give the same bytes. `read(path)` gives the entries again.
    """

    module: str
    place: str
    """Where shards lie and what they are called; {k} is their number."""
    folder: bool = False
    plain: bool = False
    """Whether pictures are files of their own."""
    data_files: tuple[str, ...] = ()
    """What `datasets` is to read of a corpus, {picture} for png or jpg; nothing where it has no reader."""
    columns: str = ""
    """What it then gives, in words."""

    @property
    def write(self) -> Callable[[Iterator[Entry], Path], int]:
        return function(self.module, "write")

    @property
    def read(self) -> Callable[[Path], Iterator[Entry]]:
        return function(self.module, "read")


CONTAINERS = Registry(
    "container",
    {
        "webdataset": Container(
            "handsynth.corpus.containers.webdataset",
            "shards/{k:06d}.tar",
            data_files=("shards/*.tar",),
            columns="`png` (or `jpg`), `txt`, `json` (boxes, polygons and baselines of lines, words and glyphs)",
        ),
        "parquet": Container(
            "handsynth.corpus.containers.parquet",
            "data/train-{k:06d}.parquet",
            data_files=("data/train-*.parquet",),
            columns="`key`, `image`, `text`, `truth` (JSON: boxes, polygons and baselines of lines, words and glyphs)",
        ),
        "lmdb": Container("handsynth.corpus.containers.lmdb", "shards/{k:06d}.lmdb"),
        "lmdb-ocr": Container("handsynth.corpus.containers.lmdb_ocr", "shards/{k:06d}", folder=True),
        "files": Container(
            "handsynth.corpus.containers.files",
            "shards/{k:06d}",
            folder=True,
            plain=True,
            data_files=("metadata.jsonl", "shards/*/*[0-9].{picture}"),
            columns="`image`, `text`, `writer`, `seed`, `index`, `width`, `height`",
        ),
    },
    "handsynth.containers",
)
"""By name. A new kind is one module with `write` and `read`, and one row here."""


def find(name: str) -> Container:
    """Raises InputError for a kind that is unknown, or whose package is missing."""
    found = CONTAINERS.find(name)
    import_module(found.module)
    return found


def needed(package: str, extra: str = EXTRA) -> Any:
    """The module `package`. Raises InputError that names the extra it comes with."""
    try:
        return import_module(package)
    except ImportError as error:
        raise InputError(f"this needs {package}: {install(extra)}") from error

"""Tar shards as WebDataset reads them: a sample's files follow each other, and share what stands before the dot."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from handsynth.corpus.entry import Entry


def write(entries: Iterator[Entry], path: Path) -> int:
    """Write a tar file (POSIX 1003.1-1988); nothing in it says when or by whom."""
    count = 0
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for count, entry in enumerate(entries, 1):  # noqa: B007
            for ending, data in entry.files.items():
                info = tarfile.TarInfo(f"{entry.key}.{ending}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return count


def read(path: Path) -> Iterator[Entry]:
    """The entries of a shard, one at a time."""
    with tarfile.open(path, "r:") as tar:

        def files() -> Iterator[tuple[str, str, bytes]]:
            for info in tar:
                held = tar.extractfile(info)
                key, _, ending = info.name.partition(".")
                yield key, ending, held.read() if held else b""

        for key, group in groupby(files(), lambda file: file[0]):
            yield Entry(key, {ending: data for _, ending, data in group})

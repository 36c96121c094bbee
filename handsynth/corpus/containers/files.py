"""Plain files in a folder a shard: KEY.png, KEY.txt, KEY.json …"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from handsynth.corpus.entry import Entry


def write(entries: Iterator[Entry], path: Path) -> int:
    """Write the files into the folder `path`, which is made."""
    path.mkdir()
    count = 0
    for count, entry in enumerate(entries, 1):  # noqa: B007
        for ending, data in entry.files.items():
            (path / f"{entry.key}.{ending}").write_bytes(data)
    return count


def read(path: Path) -> Iterator[Entry]:
    """The entries of a folder, in the order of their keys."""
    names = sorted(each.name for each in path.iterdir())
    for key, group in groupby(names, lambda name: name.partition(".")[0]):
        yield Entry(key, {name.partition(".")[2]: (path / name).read_bytes() for name in group})

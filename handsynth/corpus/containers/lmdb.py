"""LMDB shards: a file each, with keys like `000000123.png`, and the number of samples under `__len__`."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from handsynth.corpus.containers import needed
from handsynth.corpus.entry import Entry

lmdb = needed("lmdb")

LENGTH = b"__len__"
ORDER = b"__order__"
"""Endings in their order, since keys are sorted."""

_MOST = 1 << 36
"""Bytes of a shard; room is taken as it is needed."""


def write(entries: Iterator[Entry], path: Path) -> int:
    """Write one database file. Raises OSError where there is no room for it."""

    def put(change: Any) -> int:
        count = 0
        endings: list[str] = []
        for count, entry in enumerate(entries, 1):  # noqa: B007
            endings = list(entry.files)
            for ending, data in entry.files.items():
                change.put(f"{entry.key}.{ending}".encode(), data)
        change.put(LENGTH, str(count).encode())
        change.put(ORDER, ",".join(endings).encode())
        return count

    return written(path, put, subdir=False)


def written(path: Path, put: Callable[[Any], int], *, subdir: bool) -> int:
    """What `put` returns when it has written a new database in one transaction. Raises OSError for a full disk."""
    try:
        with (
            lmdb.open(str(path), subdir=subdir, lock=False, map_size=_MOST) as base,
            base.begin(write=True) as change,
        ):
            return put(change)
    except lmdb.Error as error:
        # a full disk is an input/output error to LMDB
        reason = str(error).rpartition(": ")[2]
        raise OSError(errno.EIO, f"{reason}, says LMDB (is the disk full?)") from error


def read(path: Path) -> Iterator[Entry]:
    """The entries of a shard, in the order of their keys."""
    _check_length(path)
    with lmdb.open(str(path), subdir=False, lock=False, readonly=True) as base, base.begin() as view:
        order = view.get(ORDER, b"").decode().split(",")
        pairs = ((key.decode(), value) for key, value in view.cursor() if key not in (LENGTH, ORDER))
        for key, group in groupby(pairs, lambda pair: pair[0].partition(".")[0]):
            files = {name.partition(".")[2]: value for name, value in group}
            yield Entry(key, {ending: files[ending] for ending in sorted(files, key=order.index)})


def _check_length(path: Path) -> None:
    """Raises ValueError for a file that is shorter than its head says: LMDB maps it, and would be killed (SIGBUS).

    `mm_last_pg` of both meta pages, as lmdb.h and mdb.c of LMDB 0.9 lay them out on machines of 64 bits.
    """
    with path.open("rb") as file:
        head = file.read(1 << 17)
    page = int.from_bytes(head[40:44], sys.byteorder)
    if not 512 <= page <= 1 << 16:
        raise ValueError("page size")
    for meta in (16, 16 + page):
        last = int.from_bytes(head[meta + 120 : meta + 128], sys.byteorder)
        if (last + 1) * page > path.stat().st_size:
            raise ValueError("cut off")

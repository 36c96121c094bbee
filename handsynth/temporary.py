"""Temporary files and folders that are known to be somebody's: locked by who makes them, until they are done.

The lock (flock) goes when its process does, however that ends. What bears a name of ours and is locked by nobody was
left behind, and is cleared by the next run; what another run is at is left alone. Where there are no such locks,
nothing is cleared.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


@contextmanager
def file(folder: Path, begins: str, suffix: str = "") -> Iterator[Path]:
    """A new empty file in `folder` whose name begins and ends so; removed in the end, if it is still there.

    Raises OSError where it cannot be made.
    """

    def make() -> str:
        handle, name = tempfile.mkstemp(suffix, begins, folder)
        os.close(handle)
        return name

    with _locked(make, folder, begins) as path:
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def directory(folder: Path, begins: str) -> Iterator[Path]:
    """The same for a new folder, with all that is in it then."""
    with _locked(lambda: tempfile.mkdtemp("", begins, folder), folder, begins) as path:
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def sweep(folder: Path, begins: str) -> None:
    """Remove what this user left in `folder` under names that begin so, and nobody holds."""
    if fcntl is None:
        return
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            if entry.name.startswith(begins) and not entry.is_symlink():
                _remove_stale(entry.path)


def _remove_stale(path: str) -> None:
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            if os.fstat(handle).st_uid != os.geteuid():
                return
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.isdir(path):
                shutil.rmtree(path, ignore_errors=True)
            else:
                os.unlink(path)
        finally:
            os.close(handle)


@contextmanager
def _locked(make: Callable[[], str], folder: Path, begins: str) -> Iterator[Path]:
    sweep(folder, begins)
    while True:
        path, handle = Path(make()), -1
        with suppress(OSError):
            handle = os.open(path, os.O_RDONLY)
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX)
        if path.exists():  # else another run swept it away before it was locked
            break
        if handle >= 0:
            os.close(handle)
    try:
        yield path
    finally:
        if handle >= 0:
            os.close(handle)

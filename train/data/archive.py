"""A zip or a folder of many files behind one face: names in order, and the bytes of one."""

from __future__ import annotations

import lzma
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from handsynth.errors import DataError
from handsynth.text.charname import leftover

LARGEST = 16 << 20
"""Bytes of the largest member that is read: a single character needs a few hundred."""


def check_archive(path: Path) -> None:
    """Look at a zip's end, or that a folder is there, without reading the list of members. Raises
    DataError."""
    if path.is_dir():
        return
    if not path.is_file():
        raise DataError(f"there is no {path}; give a zip or a folder")
    if not zipfile.is_zipfile(path):
        raise DataError(f"{path} is cut off or no zip; download it again")


class Archive:
    """Files below a folder or in a zip. Use as a context manager."""

    def __init__(self, path: str | Path) -> None:
        """Raises DataError if there is nothing, the zip is cut off or damaged, or a member's name leads out
        of it."""
        self.path = Path(path)
        self.zip: zipfile.ZipFile | None = None
        if self.path.is_dir():
            return
        try:
            self.zip = zipfile.ZipFile(self.path)
        except FileNotFoundError as error:
            raise DataError(f"there is no {self.path}; give a zip or a folder") from error
        except (
            OSError,
            zipfile.BadZipFile,
            ValueError,
            EOFError,
            UnicodeError,
            NotImplementedError,
        ) as error:
            message = f"{self.path} is cut off or no zip ({error}); download it again"
            raise DataError(message) from error
        for name in self.zip.namelist():
            if name.startswith(("/", "\\")) or name[1:2] == ":" or ".." in PurePosixPath(name.replace("\\", "/")).parts:
                self.zip.close()
                raise DataError(f"{self.path}: member {name!r} leads out of the archive; do not use this file")

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.zip is not None:
            self.zip.close()

    def names(self) -> list[str]:
        """All files, with forward slashes, sorted, but for what an operating system left."""
        if self.zip is not None:
            found: Iterable[str] = (name for name in self.zip.namelist() if not name.endswith("/"))
        else:
            found = _walk(self.path, "")
        return sorted(name for name in found if not leftover(name))

    def read(self, name: str) -> bytes:
        """The bytes of one file. Raises DataError if it is damaged or absurdly large."""
        try:
            if self.zip is None:
                path = self.path / name
                if path.stat().st_size > LARGEST:
                    raise DataError("absurdly large")
                return path.read_bytes()
            if self.zip.getinfo(name).file_size > LARGEST:
                raise DataError("absurdly large")
            return self.zip.read(name)
        except (
            OSError,
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
            EOFError,
            RuntimeError,
            NotImplementedError,
        ) as error:
            raise DataError(str(error) or type(error).__name__) from error


def _walk(folder: Path, prefix: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _walk(Path(entry.path), f"{prefix}{entry.name}/")
            elif entry.is_file():
                yield prefix + entry.name

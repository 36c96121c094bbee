"""Where a corpus lies: a folder, or anything that fsspec reaches by a URL (s3://, gs://, memory:// …)."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from handsynth.corpus.containers import needed
from handsynth.errors import OutputError

HIDDEN = ".handsynth"
"""What is known of shards that are done, and what is not done yet."""


class Store:
    """Files by their names, like `shards/000001.tar`. Raises OutputError where it cannot be written."""

    def __init__(self, out: str) -> None:
        self.out = str(out)
        self.remote = "://" in self.out
        if self.remote:
            fsspec = needed("fsspec", "cluster")
            try:
                self.files, self.root = fsspec.core.url_to_fs(self.out)
            except (ImportError, ValueError) as error:
                raise OutputError(f"cannot write {self.out}: {error}") from error
            return
        self.folder = Path(self.out)
        try:
            (self.folder / HIDDEN).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot write {self.out}: {error.strerror or error}; choose another place") from error

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A path to write file or folder `name` at; it takes its place, whole, when the block ends."""
        beside = Path(tempfile.mkdtemp(prefix=partial(name))) if self.remote else self._beside(name)
        try:
            made = beside / Path(name).name
            yield made
            self._put(made, name)
        except OSError as error:
            raise OutputError(f"cannot write {name} into {self.out}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _beside(self, name: str) -> Path:
        try:
            return Path(tempfile.mkdtemp(prefix=partial(name), dir=self.folder / HIDDEN))
        except OSError as error:
            raise OutputError(f"cannot write into {self.out}: {error.strerror or error}") from error

    def _put(self, made: Path, name: str) -> None:
        if self.remote:
            self.files.makedirs(self._full(name).rpartition("/")[0], exist_ok=True)
            self.files.put(str(made), self._full(name), recursive=made.is_dir())
            return
        for each in [made] if made.is_file() else made.iterdir():
            with each.open("rb+") as file:
                os.fsync(file.fileno())
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_dir():
            shutil.rmtree(target)
        os.replace(made, target)

    def write(self, name: str, data: bytes) -> None:
        with self.making(name) as path:
            path.write_bytes(data)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            if self.remote:
                found: bytes = self.files.cat_file(self._full(name))
                return found
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, IsADirectoryError):
            return None
        except OSError as error:
            raise OutputError(f"cannot read {name} of {self.out}: {error.strerror or error}") from error

    def names(self, folder: str) -> list[str]:
        """Names of the files in `folder`, sorted."""
        if not self.remote:
            there = self.folder / folder
            return sorted(path.name for path in there.iterdir()) if there.is_dir() else []
        if not self.files.exists(self._full(folder)):
            return []
        return sorted(
            str(name).rstrip("/").rpartition("/")[2] for name in self.files.ls(self._full(folder), detail=False)
        )

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """A file or folder as one of this machine."""
        if not self.remote:
            yield self.folder / name
            return
        with tempfile.TemporaryDirectory(prefix="handsynth-") as folder:
            path = Path(folder) / Path(name).name
            self.files.get(self._full(name), str(path), recursive=True)
            yield path

    def sweep(self, names: set[str]) -> None:
        """Remove what was left half-made of files `names`."""
        if self.remote:
            return
        left = tuple(partial(name) for name in names)
        for path in (self.folder / HIDDEN).iterdir():
            if path.name.startswith(left):
                shutil.rmtree(path, ignore_errors=True)

    def _full(self, name: str) -> str:
        return f"{self.root}/{name}"


def partial(name: str) -> str:
    return "partial-" + name.replace("/", "-") + "-"


def digest(path: Path) -> tuple[int, str]:
    """Bytes and SHA-256 (hex) of a file; of a folder, over the lines "name sha256" of its sorted files."""
    if path.is_dir():
        parts = [(each.name, *digest(each)) for each in sorted(path.iterdir())]
        lines = "".join(f"{name} {sha}\n" for name, _, sha in parts)
        return sum(size for _, size, _ in parts), hashlib.sha256(lines.encode()).hexdigest()
    found: Any = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            size += len(chunk)
            found.update(chunk)
    return size, found.hexdigest()

"""Where a corpus lies: a folder, or anything that fsspec reaches by a URL (s3://, gs://, memory:// …)."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from handsynth import temporary
from handsynth.corpus.containers import needed
from handsynth.errors import HandsynthError, OutputError

HIDDEN = ".handsynth"
"""What is known of shards that are done, and what is not done yet."""

PARTIAL = "partial-"

GO_ON = "when that is mended, the same command goes on after what is done"


class Store:
    """Files by their names, like `shards/000001.tar`. Raises OutputError where it cannot be read or written."""

    def __init__(self, out: str) -> None:
        self.out = self.place = str(out)
        self.remote = "://" in self.out
        if self.remote:
            fsspec = needed("fsspec", "cluster")
            with self._told("cannot write {out}"):
                self.files, self.root = fsspec.core.url_to_fs(self.out)
            return
        self.folder = Path(self.out)
        # other processes may have another working directory
        self.place = os.path.abspath(self.out)
        if self.folder.exists() and not self.folder.is_dir():
            raise OutputError(f"cannot write {self.out}: it is no folder; choose another place", self.out)

    @contextmanager
    def making(self, name: str) -> Iterator[Path]:
        """A path to write file or folder `name` at; it takes its place, whole, when the block ends."""
        with self._told("cannot write into {out}"):
            folder = Path(tempfile.gettempdir()) if self.remote else self.folder / HIDDEN
            folder.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.directory(folder, partial(name)) as beside:
                made = beside / Path(name).name
                yield made
                self._put(made, name)
        except HandsynthError:
            raise
        except OSError as error:
            reason = error.strerror or error
            raise OutputError(f"cannot write {name} into {self.out}: {reason}; {GO_ON}", self.out) from error

    def _put(self, made: Path, name: str) -> None:
        if self.remote:
            with self._told(f"cannot write {name} into {{out}}", GO_ON):
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

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with self._told(f"cannot remove {name} of {{out}}"), suppress(FileNotFoundError):
            if self.remote:
                self.files.rm(self._full(name))
            else:
                (self.folder / name).unlink()

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        with self._told(f"cannot read {name} of {{out}}"), suppress(FileNotFoundError, IsADirectoryError):
            if self.remote:
                found: bytes = self.files.cat_file(self._full(name))
                return found
            return (self.folder / name).read_bytes()
        return None

    def names(self, folder: str) -> list[str]:
        """Names of the files and folders in `folder`, sorted."""
        return sorted(self.sizes(folder))

    def sizes(self, folder: str) -> dict[str, int | None]:
        """Bytes of the files in `folder` by name; None for folders."""
        with self._told(f"cannot read {folder or 'the folder'} of {{out}}"), suppress(FileNotFoundError):
            if self.remote:
                # others write here, too: what was listed before is no longer true
                self.files.invalidate_cache()
                full = self._full(folder).rstrip("/")
                return {
                    each["name"].rstrip("/").rpartition("/")[2]: each["size"] if each["type"] == "file" else None
                    for each in self.files.ls(full, detail=True)
                    if each["name"].rstrip("/") != full
                }
            with os.scandir(self.folder / folder) as found:
                return {each.name: each.stat().st_size if each.is_file() else None for each in found}
        return {}

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """A file or folder as one of this machine. Raises FileNotFoundError where there is none."""
        if not self.remote:
            yield self.folder / name
            return
        with tempfile.TemporaryDirectory(prefix="handsynth-") as folder:
            path = Path(folder) / Path(name).name
            try:
                self.files.get(self._full(name), str(path), recursive=self.files.isdir(self._full(name)))
            except FileNotFoundError:
                raise
            except Exception as error:
                raise OutputError(f"cannot read {name} of {self.out}: {_reason(error)}", self.out) from error
            yield path

    def sweep(self) -> None:
        """Remove what was left half-made by processes that are no more."""
        if not self.remote:
            temporary.sweep(self.folder / HIDDEN, PARTIAL)

    @contextmanager
    def _told(self, what: str, hint: str = "") -> Iterator[None]:
        """OutputError in one line for whatever the file system raises; those of fsspec share no base."""
        try:
            yield
        except HandsynthError:
            raise
        except Exception as error:
            if isinstance(error, OSError) or self.remote:
                said = f"{what.format(out=self.out)}: {_reason(error)}"
                raise OutputError(f"{said}; {hint}" if hint else said, self.out) from error
            raise

    def _full(self, name: str) -> str:
        return f"{self.root}/{name}"


def _reason(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(said).split())[:300]


def partial(name: str) -> str:
    """How the name of what is made for `name` begins, until that is whole."""
    return PARTIAL + name.replace("/", "-") + "-"


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

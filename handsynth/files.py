"""Writing files so that nothing half-written is ever left behind."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handsynth import temporary
from handsynth.errors import HandsynthError, InputError, OutputError

finished = 0
"""How many files and folders of this process have taken their places."""


def check_place(path: str | Path) -> None:
    """Raise OutputError where no file `path` can be made: one is made beside it, and removed, to find out."""
    target = Path(path)
    if not str(path).strip():
        raise OutputError("the output has no name; give a file name")
    if str(path).endswith(("/", os.sep)):
        raise OutputError(f"cannot write {path}: it ends in {str(path)[-1]}, give a file name", path)
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder, give a file name", target)
    if target.exists() and not target.is_file():
        raise OutputError(f"cannot write {target}: it is no ordinary file; choose another name", target)
    if not target.parent.is_dir():
        raise OutputError(f"cannot write {target}: there is no folder {target.parent}; make it first", target)
    try:
        os.lstat(target)  # finds names that are too long, too
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write {target}: {reason}; choose another name", target) from error
    with _told(target, "; choose another place"), temporary.file(target.parent, _begins(target), target.suffix):
        pass


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` with the same suffix; it takes the name when the block succeeds.

    Where `path` is a link, the file that it names is written; a file that is there keeps its permissions. Raises
    OutputError where the folder is missing or cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder, give a file name", target)
    real = _real(target)
    with _told(target), temporary.file(real.parent, _begins(real), target.suffix) as beside:
        yield beside
        _settle(beside, real)


@contextmanager
def atomic_paths(first: str | Path) -> Iterator[tuple[Path, list[Path]]]:
    """Yield a temporary folder beside the file `first`, and a list for the files that are to be.

    When the block succeeds, they take their places: the n-th path of the list gets the file `str(n)` of the folder.
    When it fails, none does. Raises OutputError.
    """
    target = Path(first)
    paths: list[Path] = []
    with _told(target), temporary.directory(target.parent, _begins(target)) as beside:
        yield beside, paths
        for path in paths:
            if path.is_dir():
                raise OutputError(f"cannot write {path}: it is a folder, give a file name", path)
            os.lstat(path.parent)
        for number, path in enumerate(paths):
            _settle(beside / str(number), _real(path))


@contextmanager
def _told(target: Path, hint: str = "") -> Iterator[None]:
    try:
        yield
    except HandsynthError:
        raise
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and "\0" not in str(target):
            raise
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write {target}: {reason}{hint}", target) from error


def _begins(target: Path) -> str:
    """How the name of a temporary file for `target` begins; of 40 characters, it has room for the rest of a name."""
    return f".{target.name[:40]}.handsynth-"


def _real(target: Path) -> Path:
    return Path(os.path.realpath(target)) if target.is_symlink() else target


def _settle(made: Path, target: Path) -> None:
    """Let `made` take the place of `target`, with the permissions of what is there, or those that the umask gives."""
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        umask = os.umask(0)
        os.umask(umask)
        mode = 0o666 & ~umask
    made.chmod(mode)
    os.replace(made, target)
    _count()


def _count() -> None:
    global finished
    finished += 1


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; it takes the name when the block succeeds.

    An existing non-empty `path` is refused (OutputError): nobody's files are overwritten.
    """
    target = Path(path)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise OutputError(f"cannot write {target}: it exists already; remove it or choose another name", target)
    with _told(target), temporary.directory(target.parent, _begins(target)) as beside:
        yield beside
        umask = os.umask(0)
        os.umask(umask)
        beside.chmod(0o777 & ~umask)
        if target.is_dir():
            target.rmdir()
        os.replace(beside, target)
        _count()


def text_of(raw: bytes, where: str) -> str:
    """The text of UTF-8 bytes, which messages call `where`, without a byte order mark. Raises InputError."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{where} is UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"byte {error.start + 1:,} of {where} is not UTF-8; save it as UTF-8") from error


def read_bounded(path: str | Path, what: str, most: int, hint: str) -> bytes:
    """The bytes of a small file that messages call `what`. Raises InputError: unreadable, or beyond `most` bytes."""
    try:
        with Path(path).open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {what} {path}: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > most:
        raise InputError(f"{what} {path} is larger than {most >> 20} MB; {hint}")
    return raw

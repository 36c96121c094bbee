"""Writing files so that nothing half-written is ever left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from handsynth.errors import OutputError


def check_place(path: str | Path) -> None:
    """Raise OutputError where no file `path` can be made: one is made beside it, and removed, to find out."""
    target = Path(path)
    if not str(path).strip():
        raise OutputError("the output has no name; give a file name")
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder, give a file name")
    if target.exists() and not target.is_file():
        raise OutputError(f"cannot write {target}: it is no ordinary file; choose another name")
    if not target.parent.is_dir():
        raise OutputError(f"cannot write {target}: there is no folder {target.parent}; make it first")
    try:
        os.lstat(target)  # finds names that are too long, too
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write {target}: {reason}; choose another name") from error
    handle, temporary = _beside(target)
    os.close(handle)
    temporary.unlink(missing_ok=True)


def _beside(target: Path) -> tuple[int, Path]:
    """A new temporary file in the folder of `target`, opened."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:40]}-", suffix=target.suffix, dir=target.parent)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot write {target}: {reason}; choose another place") from error
    return handle, Path(name)


@contextmanager
def atomic_path(path: str | Path) -> Iterator[Path]:
    """Yield a temporary file beside `path` with the same suffix; it takes the name when the block succeeds.

    Raises OutputError where the folder is missing or cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise OutputError(f"cannot write {target}: it is a folder, give a file name")
    handle, temporary = _beside(target)
    os.close(handle)
    try:
        yield temporary
        # mkstemp makes private files; a result should have the permissions that the user's umask gives
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o666 & ~umask)
        os.replace(temporary, target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: str | Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path`; it takes the name when the block succeeds.

    An existing non-empty `path` is refused (OutputError): nobody's files are overwritten.
    """
    target = Path(path)
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise OutputError(f"cannot write {target}: it exists already; remove it or choose another name")
    try:
        temporary = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.partial-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}; choose another place") from error
    try:
        yield temporary
        umask = os.umask(0)
        os.umask(umask)
        temporary.chmod(0o777 & ~umask)
        if target.is_dir():
            target.rmdir()
        os.replace(temporary, target)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)

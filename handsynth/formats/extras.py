"""Libraries that only some formats need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from handsynth.errors import InputError, install


def needed(package: str, extra: str, kind: str) -> Any:
    """The module `package`. Raises InputError where it is not installed."""
    try:
        return import_module(package)
    except ImportError as error:
        raise InputError(f"{kind} files need a library that is not installed; {install(extra)}") from error

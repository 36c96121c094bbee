"""What torchrun says in the environment of the processes that it starts, and how these end. Needs no torch."""

from __future__ import annotations

import os
import sys

from handsynth.errors import InputError


def number(name: str, usual: int) -> int:
    """RANK, WORLD_SIZE or LOCAL_RANK; `usual` without torchrun. Raises InputError for what is no number."""
    text = os.environ.get(name, str(usual))
    if not text.isdecimal():
        raise InputError(f"{name} is {text[:30]!r} in the environment; leave it to torchrun to set")
    return int(text)


def leave(status: int) -> None:
    """End the process with `status`, at once if torchrun started it.

    Threads of a process group may outlive it by a moment, and an interpreter that ends meanwhile aborts though all is
    done ("terminate called without an active exception").
    """
    sys.stdout.flush()
    sys.stderr.flush()
    if "TORCHELASTIC_RUN_ID" in os.environ:
        os._exit(status)
    sys.exit(status)

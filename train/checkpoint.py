"""Checkpoints: one file, replaced atomically, that holds all that a run needs to go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from handsynth.errors import InputError
from handsynth.files import atomic_path

FORMAT = 1
NAME = "checkpoint.pt"


def save(path: Path, state: dict[str, Any]) -> None:
    """Write tensors and plain values; a kill at any moment leaves the old file or the new one."""
    with atomic_path(path) as temporary:
        torch.save({"format": FORMAT} | state, temporary)


def load(path: str | Path, device: str = "cpu") -> dict[str, Any]:
    """Read a checkpoint file or the one in a run's folder; raises InputError in one line."""
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    if not path.is_file():
        raise InputError(f"no checkpoint at {path}; give a run's folder or its {NAME}")
    try:
        state = torch.load(path, map_location=device, weights_only=True)
    except Exception as error:  # torch raises many kinds for a damaged file
        raise InputError(f"{path} is not a checkpoint that can be read; train again or use another") from error
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise InputError(f"{path} is a checkpoint of another format; this version reads format {FORMAT}")
    return state

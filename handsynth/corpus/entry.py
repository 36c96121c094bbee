"""Entry: the files of one sample, which is all that containers know of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One sample as it is kept."""

    key: str
    """Its number, nine digits at least, like `000000123`."""
    files: dict[str, bytes]
    """By ending, in order: png or jpg, txt, json, and what else was asked for."""

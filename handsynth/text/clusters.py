"""Characters with their marks, which stay together, and how messages name them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from handsynth.text import signs

_MAX_CLUSTER = 16


def clusters(text: str) -> Iterator[str]:
    """Split text into characters with their marks; \\r\\n, emoji sequences and flags stay together."""
    start, size = 0, len(text)
    while start < size:
        end = start + 1
        if text[start] == "\r" and text[end : end + 1] == "\n":
            end += 1
        while end < size and end - start < _MAX_CLUSTER and _joins(text[end - 1], text[end], text[start]):
            end += 1
        yield text[start:end]
        start = end


def describe(cluster: str) -> str:
    """A character for a message: itself if it can be printed, its numbers, its name."""
    codes = " ".join(f"U+{ord(char):04X}" for char in cluster)
    names = ", ".join(unicodedata.name(char, _kind(char)) for char in cluster[:3]) + ", …" * (len(cluster) > 3)
    shown = f"'{cluster}' " if cluster.isprintable() and not unicodedata.combining(cluster[0]) else ""
    return f"{shown}({codes} {names})" if shown else f"{codes} ({names})"


def _joins(before: str, char: str, first: str) -> bool:
    """Whether `char` belongs to the cluster that began with `first` and now ends with `before`."""
    if char < "\u0300" or first in signs.SPACES or first in signs.NEWLINES:
        return False
    if before == "\u200d":
        return first >= "\u2190"
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return "\U0001f1e6" <= before <= "\U0001f1ff" and before == first
    modifier = "\U0001f3fb" <= char <= "\U0001f3ff" or "\ufe00" <= char <= "\ufe0f" or char == "\u200d"
    return (modifier and first >= "\u2190") or unicodedata.category(char) in ("Mn", "Me", "Mc")


def _kind(char: str) -> str:
    category = unicodedata.category(char)
    return {"Cc": "control character", "Cs": "lone surrogate", "Co": "private use"}.get(category, "unnamed")

"""What one request, one client and all of them together may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from handsynth.errors import InputError


@dataclass(frozen=True)
class Limits:
    """Limits of a server; `Limits().set(["seconds=30"])` changes some."""

    body: int = 2 << 20
    """Bytes of a request, but for photos to learn from."""
    upload: int = 48 << 20
    """Bytes of all photos of a request."""
    photos: int = 8
    """Photos of a request."""
    photo_pixels: int = 64_000_000
    """Pixels of one photo."""
    text: int = 5_000
    """Characters of a picture."""
    page_text: int = 100_000
    """Characters of a document."""
    pages: int = 60
    """Pages of a document."""
    pixels: int = 25_000_000
    """Pixels of a picture or a page."""
    variants: int = 10
    """Drawings of each character of a font."""
    glyphs: int = 5_000
    """Drawings of a font or a sheet."""
    seconds: float = 60.0
    """Work on one request."""
    wait: float = 10.0
    """Seconds that a request waits for its turn."""
    jobs: int = 0
    """Requests that are worked on at a time; 0: as many as there are cores."""
    queue: int = 64
    """Requests that wait for their turn."""
    per_client: int = 32
    """Requests of one address at a time."""
    uploads: int = 8
    """Requests with photos at a time."""
    connections: int = 1_000
    """Open connections; then those that are silent longest are closed."""
    header_seconds: float = 10.0
    """Until a connection has said what it wants."""
    body_seconds: float = 30.0
    """Until a request has arrived."""
    answer_seconds: float = 180.0
    """Until an answer has been made and taken."""

    def set(self, given: Iterable[str]) -> Limits:
        """With limits given as NAME=NUMBER. Raises InputError."""
        known: dict[str, type[int] | type[float]] = {
            field.name: int if isinstance(field.default, int) else float for field in fields(self)
        }
        changed: dict[str, float] = {}
        for item in given:
            name, _, value = item.partition("=")
            if name not in known:
                raise InputError(f"there is no limit {name[:40]!r}; known are {', '.join(known)}")
            try:
                changed[name] = known[name](value)
            except (ValueError, OverflowError):
                kind = "a whole number" if known[name] is int else "a number"
                raise InputError(f"the limit {name} is {value[:40]!r}; give {kind}") from None
            if not (0 < changed[name] < 1e15 or (name == "jobs" and changed[name] == 0)):
                raise InputError(f"the limit {name} is {value[:40]}; give more than 0")
        return replace(self, **changed)  # type: ignore[arg-type]

    @property
    def workers(self) -> int:
        return self.jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

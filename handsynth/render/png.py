"""Page to a pixel file: PNG, and what else Pillow writes."""

from __future__ import annotations

from pathlib import Path

from handsynth.layout.page import Page
from handsynth.render.raster import Look, paint, size


def write(page: Page, path: str | Path, look: Look) -> None:
    """Write the page as the pixel format that `path` ends in. Raises InputError (too large) or OutputError."""
    size(page, look)
    paint(page, look).save(path)

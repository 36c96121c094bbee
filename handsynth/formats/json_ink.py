"""Pages to JSON: strokes in the order of writing, with time and width, for programs that read pens.

    {"facts": {…}, "format": "handsynth-strokes", "version": 1, "units": …, "pages": [
      {"number": 1, "width": 210, "height": 297, "strokes": [
        {"pen": 1, "colour": "#1b2440", "line": 0, "word": 0, "x": […], "y": […], "t": […], "w": […]}, …]}]}

x, y and w are mm, y down from the sheet's upper left corner; t is milliseconds from the page's first touch.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from handsynth.formats.look import Look
from handsynth.formats.strokes import Ink, sheet
from handsynth.layout.page import Page
from handsynth.provenance.provenance import clean, pack

_PLACES = (("x", 3), ("y", 3), ("t", 0), ("w", 3))


def part(page: Page, look: Look) -> bytes:
    """One page. Raises InputError if it is too large or empty."""
    made = sheet(page, look, "JSON")
    head: dict[str, object] = {"number": made.number, "width": round(made.width, 3), "height": round(made.height, 3)}
    if made.words:
        head["words"] = [clean(word) for word in made.words]
    rows = ",\n".join(json.dumps(_stroke(ink), separators=(",", ":")) for ink in made.strokes)
    return f'{json.dumps(head)[:-1]}, "strokes": [\n{rows}\n]}}'.encode()


def _stroke(ink: Ink) -> dict[str, object]:
    red, green, blue, _ = ink.colour
    found: dict[str, object] = {"pen": ink.pen, "colour": f"#{red:02x}{green:02x}{blue:02x}"}
    found |= {"line": ink.line, "word": ink.word}
    for column, (name, places) in zip(ink.samples.T, _PLACES, strict=True):
        found[name] = [round(value, places) if places else round(value) for value in column.tolist()]
    return found


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write pages into `file`, one at a time."""
    head = (
        f'{{"facts": {pack(look.metadata)},\n"format": "handsynth-strokes", "version": 1,\n'
        '"units": {"x": "mm", "y": "mm", "t": "ms", "w": "mm"},\n"pages": ['
    )
    file.write(head.encode())
    for number, page in enumerate(parts):
        file.write((b",\n" if number else b"\n") + page)
    file.write(b"\n]}\n")

"""LibreCAD's fonts: LFF, "LibreCAD Font 1" (LFF Font Format, LibreCAD's wiki): polylines, a capital 9 units high.

LibreCAD sets each letter from its origin to the right end of its lines and adds one distance for all letters, so the
room to the right of each is the usual one here. It knows no alternates: each drawing has a file, as of SVG fonts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath

import numpy as np

from handsynth import __version__
from handsynth.fonts.options import Options
from handsynth.fonts.shapes import UNITS
from handsynth.fonts.singleline import lines
from handsynth.fonts.source import FontSource
from handsynth.provenance import provenance

CAPITAL = 9
"""Height of a capital letter, which LibreCAD takes for the height of a text."""

LINE = 15
"""Units from line to line by LibreCAD's usual factor, 5/3 of a capital."""

_TOLERANCE = 1.5
"""Of polylines, in 1/1000 em."""


def check(options: Options) -> None:
    """Nothing that can be chosen is wrong for it."""


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    """A file for each drawing of the characters."""
    path = PurePath(name)
    names = [name] + [f"{path.stem}-v{k + 1}{path.suffix}" for k in range(1, source.variants)]
    return {file: "\n".join(_rows(source, k)).encode() for k, file in enumerate(names)}


def _rows(source: FontSource, variant: int) -> Iterator[str]:
    scale = CAPITAL / (source.metrics.capheight * UNITS)
    drawn = lines(source)
    numbers = [i * source.variants + variant for i in range(len(source.chars))]
    points = [[line.polyline(_TOLERANCE) * scale for line in drawn[number]] for number in numbers]
    right = [max(line[:, 0].max() for line in glyph) for glyph in points if glyph]
    advance = source.advance[[number for number, glyph in zip(numbers, points, strict=True) if glyph]] * UNITS * scale
    about = {
        "Format": "LibreCAD Font 1",
        "Creator": f"handsynth {__version__}",
        "Version": source.names.font_version,
        "Name": source.names.full + (f" {variant + 1}" if variant else ""),
        "Encoding": "UTF-8",
        "LetterSpacing": _number(max(float(np.median(advance - right)), 0.0)),
        "WordSpacing": _number(source.metrics.space * UNITS * scale),
        "LineSpacingFactor": _number(source.metrics.line * UNITS * scale / LINE),
        "Author": source.names.designer,
        "License": source.names.licence,
    }
    yield from (f"# {key + ':':<20}{' '.join(value.split())}" for key, value in about.items() if value)
    yield from (f"# {provenance.PREFIX}{line}" for line in provenance.comments(source.metadata))
    yield ""
    for char, glyph in zip(source.chars, points, strict=True):
        yield f"[{ord(char):04x}] {char}"
        yield from (";".join(f"{_number(x)},{_number(y)}" for x, y in line.tolist()) for line in glyph)
        yield ""


def _number(value: float) -> str:
    """Hundredths of a unit, without needless zeros: 0.002 mm in letters of 2 mm."""
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")

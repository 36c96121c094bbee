"""SVG fonts of single lines: `<font>` of SVG 1.1 (chapter 20), as Hershey Text of Inkscape and its kin read it.

A glyph's path is open strokes, y upwards, 1,000 units to an em. The format knows no alternates, so each drawing has a
file: `NAME.svg`, `NAME-v2.svg`, ... of the families `Family`, `Family 2`, ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from xml.sax.saxutils import quoteattr

import numpy as np

from handsynth.fonts.naming import glyph_names
from handsynth.fonts.options import Options
from handsynth.fonts.shapes import UNITS
from handsynth.fonts.singleline import OpenStroke, lines
from handsynth.fonts.source import FontSource
from handsynth.formats.svg import xml
from handsynth.provenance import provenance

_STEP = 10
"""Kerning is rounded to so many units: finer steps would make most of a file."""


def check(options: Options) -> None:
    """Nothing that can be chosen is wrong for it."""


def files(source: FontSource, name: str, options: Options) -> dict[str, bytes]:
    """A file for each drawing of the characters."""
    path = PurePath(name)
    names = [name] + [f"{path.stem}-v{k + 1}{path.suffix}" for k in range(1, source.variants)]
    return {file: "".join(_document(source, k, options)).encode() for k, file in enumerate(names)}


def _document(source: FontSource, variant: int, options: Options) -> Iterator[str]:
    metrics, kind = source.metrics, source.names.kind
    family = source.names.family + (f" {variant + 1}" if variant else "")
    font: dict[str, str | int] = {"id": source.names.postscript + (str(variant + 1) if variant else "")}
    font["horiz-adv-x"] = _units(metrics.space)
    face: dict[str, str | int] = {
        "font-family": family,
        "font-weight": kind.weight,
        "font-style": "italic" if kind.italic else "normal",
        "units-per-em": UNITS,
        "ascent": _units(metrics.ascent),
        "descent": -_units(metrics.descent),
        "x-height": _units(metrics.xheight),
        "cap-height": _units(metrics.capheight),
    }
    drawn, names = lines(source), glyph_names(source).sets[0]
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" version="1.1">\n'
    yield f"<metadata>{xml(provenance.pack(source.metadata))}</metadata>\n<defs>\n"
    yield f"<font{_attributes(font)}>\n<font-face{_attributes(face)}/>\n"
    box = len(source) - 1
    yield f"<missing-glyph{_attributes(_shape(source, drawn[box], box))}/>\n"
    for char, width in source.blanks.items():
        yield f"<glyph{_attributes({'unicode': char, 'horiz-adv-x': _units(width)})}/>\n"
    for i, char in enumerate(source.chars):
        number = i * source.variants + variant
        about: dict[str, str | int] = {"unicode": char, "glyph-name": names[i]}
        about |= _shape(source, drawn[number], number)
        yield f"<glyph{_attributes(about)}/>\n"
    if options.kerning:
        yield from _kerning(source, names)
    yield "</font>\n</defs>\n</svg>\n"


def _shape(source: FontSource, strokes: Sequence[OpenStroke], number: int) -> dict[str, str | int]:
    return {"horiz-adv-x": _units(source.advance[number]), "d": "".join(map(_path, strokes))}


def _path(line: OpenStroke) -> str:
    """An open path; numbers count from where the pen is, but for its first point."""
    x, y = line.segments[0, 0].tolist()
    words = [f"M{x} {y}"]
    for segment, straight in zip(line.segments.tolist(), line.straight.tolist(), strict=True):
        (x, y), rest = segment[0], segment[3:] if straight else segment[1:]
        words.append(("l" if straight else "c") + " ".join(f"{a - x} {b - y}" for a, b in rest))
    return "".join(words)


def _kerning(source: FontSource, names: Sequence[str]) -> Iterator[str]:
    """`hkern` by groups of glyphs; a positive k sets them nearer to each other."""
    units = np.rint(source.kerning * UNITS / _STEP).astype(np.int64) * _STEP
    rows, first = np.unique(units, axis=0, return_inverse=True)
    for row, values in enumerate(rows):
        before = ",".join(names[i] for i in np.flatnonzero(first.ravel() == row).tolist())
        for value in np.unique(values[values != 0]).tolist():
            after = ",".join(names[i] for i in np.flatnonzero(values == value).tolist())
            yield f'<hkern g1="{before}" g2="{after}" k="{-value}"/>\n'


def _attributes(values: dict[str, str | int]) -> str:
    """As they stand in a tag; blanks but a space are written by their numbers, which readers do not fold."""
    return "".join(
        f" {key}={quoteattr(str(value), {char: f'&#{ord(char)};' for char in str(value) if char.isspace()})}"
        if key == "unicode"
        else f" {key}={quoteattr(str(value))}"
        for key, value in values.items()
    )


def _units(em: float) -> int:
    return round(float(em) * UNITS)

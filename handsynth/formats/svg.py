"""Page to SVG 1.1: ink as paths that a pen strokes, as filled ones, or as single strokes of a pen.

Lengths are whole units of a fraction of a millimetre; the view box turns them into mm.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from handsynth.formats import svg_lines, svg_moving, underlay
from handsynth.formats.inks import Inked, by_ink
from handsynth.formats.look import Look
from handsynth.formats.pens import Syntax, lines
from handsynth.formats.svg_parts import numbers, paint, polyline, round_pen, rounded_widths, sheet
from handsynth.formats.vector import (
    SHADES,
    Shapes,
    decimal,
    distinct,
    inked,
    paper_mm,
    shade,
    shades,
    shapes,
)
from handsynth.layout.page import Page, Stroke, part_of
from handsynth.provenance.provenance import pack
from handsynth.units import RGBA

MOST_MM = 100_000.0
"""Greatest side of a page."""

_FINE = 200
"""Units that an x-height has at least."""

_SYNTAX = Syntax("M%d %d", "m%d %d", "l%d %d", "c%d %d %d %d %d %d", '"/>\n', relative=True)

# XML 1.0, production 2: characters that no document may hold, not even escaped
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
"""As `xml.sax.saxutils.escape` has it, which imports all that reads from the web."""


def part(page: Page, look: Look) -> bytes:
    """The page as an SVG file. Raises InputError if it is too large."""
    width, height = paper_mm(page, look, MOST_MM, "SVG")
    per_mm = 10 ** max(0, math.ceil(math.log10(_FINE / look.mm)))
    unit = per_mm * look.mm
    wide, high = math.ceil(page.width * unit), math.ceil(page.height * unit)
    body = "".join(_body(page, look, unit))
    # names of its own, so that a web page can hold several such pictures
    name = "h" + hashlib.blake2b(body.encode(), digest_size=4).hexdigest()
    described = f'<desc id="{name}-desc">{xml(look.metadata["Text"])}</desc>\n' if "Text" in look.metadata else ""
    language = xml(look.language).replace('"', "&quot;")
    labels = f"{name}-title {name}-desc" if described else f"{name}-title"
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{decimal(width)}mm" height="{decimal(height)}mm" viewBox="0 0 {wide} {high}" '
        f'xml:lang="{language}" role="img" aria-labelledby="{labels}">\n'
        f'<title id="{name}-title">{xml(look.title)}</title>\n{described}'
        f"<metadata>{xml(pack(look.metadata))}</metadata>\n"
    )
    return (head + body.replace("%", name) + "</svg>\n").encode()


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))


def legal(text: str) -> str:
    """`text` with U+FFFD for what no XML document may hold."""
    return _NO_XML.sub("\ufffd", text)


def xml(text: str) -> str:
    """`text` as the content of an element; a carriage return survives as a reference."""
    return legal(text).translate(_MARKUP)


def _body(page: Page, look: Look, unit: float) -> Iterator[str]:
    if look.motion.animate:
        yield from svg_moving.body(page, look, unit)
    elif look.centreline:
        yield from svg_lines.body(page, look, unit)
    else:
        below = underlay.of(page, look)
        yield from sheet(page, look, unit, below)
        for ink in () if below is not None and below.whole else by_ink(page, look):
            yield from _drawn(ink, look, unit)


def _drawn(ink: Inked, look: Look, unit: float) -> Iterator[str]:
    lined, swept, filled = inked(ink.page, ink.colour, look.outlined)
    names = f"{ink.number}-" if ink.number > 1 else ""
    if len(lined):
        yield from _pens(lined, ink.colour, unit, names)
    if len(swept):
        yield from _ink(swept, ink.colour, shapes(swept, unit, overlapping=True), f"w{names}", "nonzero")
    if len(filled):
        yield from _ink(filled, ink.colour, shapes(filled, unit), f"o{names}")
    yield from _strokes(ink.page.strokes, ink.colour, unit)


def _pens(page: Page, ink: RGBA, unit: float, label: str) -> Iterator[str]:
    """Paths grouped by shade and width; a drawing that stands on the page several times is defined once.

    `label` tells the names of the definitions from those of other inks.
    """
    first, drawing = distinct(page.glyphs, page.slant)
    again = np.bincount(drawing) > 1
    often = again[drawing]
    single = part_of(page, np.flatnonzero(~often)) if often.any() else page
    own = lines(single, unit)
    keys = np.stack([shades(single)[own.glyph], rounded_widths(own.width)], axis=1)
    groups: dict[tuple[int, int], list[str]] = defaultdict(list)
    for level, across in np.unique(keys[keys[:, 0] > 0], axis=0).tolist():
        some = np.flatnonzero((keys == (level, across)).all(axis=1))
        groups[level, across].append(own.text(some, ['<path d="'] * len(some), _SYNTAX))
    if often.any():
        none = np.zeros(int(again.sum()))
        upright = replace(part_of(page, first[again]), x=none, y=none, scale=none + 1, angle=none)
        shared = lines(upright, unit)
        names = [f'<path id="%%-{label}{k}" d="' for k in range(len(shared.glyph))]
        yield "<defs>\n" + shared.text(np.arange(len(names)), names, _SYNTAX) + "</defs>\n"
        parts: dict[int, list[int]] = defaultdict(list)
        for k, number in enumerate(np.flatnonzero(again)[shared.glyph].tolist()):
            parts[number].append(k)
        level_of, width = shades(page), rounded_widths(shared.width)
        turn, at = page.scale * np.exp(1j * page.angle), np.stack([page.x, page.y], axis=1) * unit
        for i in np.flatnonzero(often & (level_of > 0)).tolist():
            cos, sin = turn[i].real, turn[i].imag
            matrix = " ".join(map(decimal, (cos, -sin, sin, cos, *at[i].tolist())))
            for k in parts[int(drawing[i])]:
                use = f'<use xlink:href="#%-{label}{k}" transform="matrix({matrix})"/>\n'
                groups[int(level_of[i]), int(width[k])].append(use)
    for (level, across), paths in sorted(groups.items()):
        yield round_pen(ink, level, across) + "".join(paths) + "</g>\n"


def _ink(page: Page, ink: RGBA, found: Shapes, name: str, rule: str = "evenodd") -> Iterator[str]:
    """Paths grouped by shade; a drawing that stands on the page several times is defined once, its `name` before."""
    again = np.bincount(found.drawing, minlength=len(found.drawings) - 1) > 1
    if again.any():
        paths = (f'<path id="%{name}{i}" d="{_path(found.drawn(i))}"/>\n' for i in np.flatnonzero(again).tolist())
        yield "<defs>\n" + "".join(paths) + "</defs>\n"
    shade_of = shades(page)
    for level in np.unique(shade_of[shade_of > 0]).tolist():
        yield f'<g{paint("fill", ink, level / SHADES)} fill-rule="{rule}">\n'
        for i in np.flatnonzero(shade_of == level).tolist():
            if again[found.drawing[i]]:
                matrix = " ".join(decimal(value) for value in found.matrices[i].T.ravel().tolist())
                yield f'<use xlink:href="#%{name}{found.drawing[i]}" transform="matrix({matrix})"/>\n'
            elif path := _path(found.curves(i)):
                yield f'<path d="{path}"/>\n'
        yield "</g>\n"


def _path(contours: list[tuple[np.ndarray, np.ndarray]]) -> str:
    """Path data: every contour from an absolute point, in relative curves."""
    pieces = []
    for points, straight in contours:
        (x, y), steps = points[0, 0].tolist(), points[:, 1:] - points[:, :1]
        pieces.append(f"M{x} {y}")
        if straight.any():
            words, places = [], []
            for line, step in zip(straight.tolist(), steps.reshape(-1, 6).tolist(), strict=True):
                words.append("l%d %d" if line else "c%d %d %d %d %d %d")
                places += step[4:] if line else step
            pieces.append(("".join(words) % tuple(places)).replace(" -", "-"))
        else:
            pieces.append("c" + numbers(steps))
        pieces.append("z")
    return "".join(pieces)


def _strokes(strokes: Iterable[Stroke], ink: RGBA, unit: float) -> Iterator[str]:
    groups: dict[tuple[int, int], list[str]] = defaultdict(list)
    for stroke in strokes:
        points = np.rint(stroke.points * unit).astype(np.int64)
        if level := int(shade(stroke.depth)):
            groups[level, max(1, round(stroke.width * unit))].append(polyline(points))
    for (level, width), found in sorted(groups.items()):
        yield round_pen(ink, level, width) + "".join(f'<path d="{line}"/>\n' for line in found) + "</g>\n"

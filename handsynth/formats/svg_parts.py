"""Pieces of SVG that pictures of all kinds share: colours, lines, the sheet."""

from __future__ import annotations

import base64
import math
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from handsynth.arrays import Floats, Ints
from handsynth.formats.look import Look
from handsynth.formats.underlay import Underlay
from handsynth.formats.vector import SHADES, decimal
from handsynth.layout.page import Page, Ruling
from handsynth.units import RGBA


def sheet(page: Page, look: Look, unit: float, below: Underlay | None = None) -> Iterator[str]:
    """The sheet, or the picture `below` in its place, and what is printed on it."""
    wide, high = math.ceil(page.width * unit), math.ceil(page.height * unit)
    if below is not None:
        data = base64.b64encode(below.jpeg).decode("ascii")
        yield (
            f'<image x="0" y="0" width="{wide}" height="{high}" preserveAspectRatio="none" '
            f'xlink:href="data:image/jpeg;base64,{data}"/>\n'
        )
        if below.whole:
            return
    elif look.paper[3]:
        yield f'<path d="M0 0h{wide}v{high}H0z"{paint("fill", look.paper)}/>\n'
    yield from ruling(page.ruling, unit)


def ruling(printed: Ruling, unit: float) -> Iterator[str]:
    """What is printed on the sheet."""
    groups: dict[tuple[RGBA, int], list[str]] = defaultdict(list)
    for row, colour in zip(printed.lines * unit, printed.line_colours, strict=True):
        groups[colour, max(1, round(row[4]))].append(polyline(np.rint(row[:4]).astype(np.int64).reshape(2, 2)))
    for (colour, width), found in groups.items():
        yield f'<path d="{"".join(found)}" fill="none"{paint("stroke", colour)} stroke-width="{width}"/>\n'
    dots: dict[int, list[str]] = defaultdict(list)
    for x, y, across in (printed.dots * unit).tolist():
        dots[max(1, round(across))].append(f"M{round(x)} {round(y)}h0")
    for width, places in dots.items():
        yield (
            f'<path d="{"".join(places)}" fill="none"{paint("stroke", printed.dot_colour)} stroke-width="{width}" '
            'stroke-linecap="round"/>\n'
        )


def rounded_widths(width: Floats) -> Ints:
    """Widths of lines in whole units, int64, 1 at least."""
    return np.maximum(np.rint(width), 1).astype(np.int64)


def round_pen(ink: RGBA, level: int, width: int | None = None) -> str:
    """The beginning of a group of lines."""
    across = "" if width is None else f' stroke-width="{width}"'
    colour = paint("stroke", ink, level / SHADES)
    return f'<g{colour}{across} fill="none" stroke-linecap="round" stroke-linejoin="round">\n'


def polyline(points: np.ndarray) -> str:
    """Path data of a line through points int64 [k,2]; one alone is a dot."""
    (x, y), steps = points[0].tolist(), np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    return f"M{x} {y}l" + (numbers(steps) if len(steps) else "0 0")


def numbers(values: np.ndarray) -> str:
    """Whole numbers as path data has them."""
    return " ".join(map(str, values.ravel().tolist())).replace(" -", "-")


def paint(what: str, colour: RGBA, share: float = 1.0) -> str:
    """Attributes that fill or stroke with a colour, `share` of its alpha."""
    opacity = share * colour[3] / 255
    solid = "" if opacity >= 1 else f' {what}-opacity="{decimal(opacity)}"'
    return f' {what}="#{colour[0]:02x}{colour[1]:02x}{colour[2]:02x}"{solid}'

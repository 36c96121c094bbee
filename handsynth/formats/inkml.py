"""Pages to InkML (W3C, 2011): traces in the order of writing, with time (T) and width (W).

X, Y and W are mm, y down from the sheet's upper left corner; T is milliseconds from the page's first touch.
Where the file may hold the text, each word is a group with its truth, page1-7 and so on; else there are no groups.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import BinaryIO

from handsynth.formats.look import Look
from handsynth.formats.strokes import Ink, sheet
from handsynth.formats.svg import xml
from handsynth.formats.vector import decimal
from handsynth.layout.page import Page
from handsynth.provenance.provenance import pack

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<ink xmlns="http://www.w3.org/2003/InkML">
<annotationXML type="handsynth"><metadata>{metadata}</metadata></annotationXML>
<definitions>
<context xml:id="paper"><inkSource xml:id="pen"><traceFormat>
<channel name="X" type="decimal" units="mm"/><channel name="Y" type="decimal" units="mm"/>
<channel name="T" type="integer" units="ms"/><channel name="W" type="decimal" units="mm"/>
</traceFormat></inkSource></context>
{brushes}</definitions>
"""

_BRUSH = (
    '<brush xml:id="brush{number}"><brushProperty name="color" value="#{red:02x}{green:02x}{blue:02x}"/>'
    '<brushProperty name="tip" value="ellipse"/></brush>\n'
)


def part(page: Page, look: Look) -> bytes:
    """One page. Raises InputError if it is too large or empty."""
    made = sheet(page, look, "InkML")
    size = f"{decimal(made.width, 3)} x {decimal(made.height, 3)} mm"
    rows = [f'<annotation type="page{made.number}">{size}</annotation>']
    if not made.words:
        rows += map(_trace, made.strokes)
    else:
        for number, (word, traces) in enumerate(groupby(made.strokes, key=lambda ink: ink.word), 1):
            truth = f'<annotation type="truth">{xml(made.words[word])}</annotation>' if word >= 0 else ""
            rows += [f'<traceGroup xml:id="page{made.number}-{number}">{truth}', *map(_trace, traces), "</traceGroup>"]
    return ("\n".join(rows) + "\n").encode()


def _trace(ink: Ink) -> str:
    points = ", ".join(f"{_short(x)} {_short(y)} {t:.0f} {_short(w)}" for x, y, t, w in ink.samples.tolist())
    return f'<trace contextRef="#paper" brushRef="#brush{ink.pen}">{points}</trace>'


def _short(value: float) -> str:
    # readers are not all used to .5
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write pages into `file`, one at a time."""
    brushes = "".join(
        _BRUSH.format(number=number, red=red, green=green, blue=blue)
        for number, (red, green, blue, _) in enumerate(dict.fromkeys(look.inks), 1)
    )
    file.write(_HEAD.format(metadata=xml(pack(look.metadata)), brushes=brushes).encode())
    for page in parts:
        file.write(page)
    file.write(b"</ink>\n")

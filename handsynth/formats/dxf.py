"""Page to DXF (AutoCAD 2000), by ezdxf: open polylines in mm, y up, a layer for each pen."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from handsynth.formats.extras import needed
from handsynth.formats.look import Look
from handsynth.formats.plotter import pens
from handsynth.layout.page import Page
from handsynth.provenance.provenance import comments

COMMENT = "999"
"""The group code of a comment (DXF Reference, "Group codes in numerical order")."""

_MM = 4
"""$INSUNITS, and the same for $MEASUREMENT: metric."""

_DOT = 0.02
"""A dot is a line so long, in mm: a polyline has two different points at least."""


def part(page: Page, look: Look) -> bytes:
    """The page as a DXF file. Raises InputError if it is too large or empty, or ezdxf is not installed."""
    ezdxf = needed("ezdxf", "dxf", "DXF")
    found = pens(page, look, "DXF")
    # no times, and no names of its own in the file: the same page gives the same bytes
    ezdxf.options.write_fixed_meta_data_for_testing = True
    drawing = ezdxf.new("R2000")
    drawing.header["$INSUNITS"] = _MM
    drawing.header["$MEASUREMENT"] = 1
    space = drawing.modelspace()
    for pen in found:
        red, green, blue, _ = pen.colour
        name = f"PEN{pen.number}"
        layer = drawing.layers.add(name)
        layer.rgb = (red, green, blue)
        for path in pen.paths:
            points = path.round(4).tolist()
            if len(points) == 1 or (path == path[0]).all():
                points = [points[0], [points[0][0] + _DOT, points[0][1]]]
            space.add_lwpolyline(points, dxfattribs={"layer": name})
    text = io.StringIO()
    drawing.write(text)
    head = "".join(f"{COMMENT}\n{line}\n" for line in comments(look.metadata))
    return (head + text.getvalue()).encode("cp1252", "replace")


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))

"""Page to G-code (RS-274; NIST IR 6556): the moves of a pen plotter in mm, absolute.

The pen hangs on the Z axis. A machine that lifts it with a servo wants other PEN_UP and PEN_DOWN, such as M5 and M3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from handsynth.formats.look import Look
from handsynth.formats.plotter import Pen, pens
from handsynth.layout.page import Page
from handsynth.provenance.provenance import comments

START = "G21", "G90"
"""Millimetres, absolute places."""

PEN_UP, PEN_DOWN = "G0 Z5", "G1 Z0 F1000"
"""5 mm above the paper, and on it."""

PAUSE = "M0"
"""Waits, its pen over the corner of the sheet, for the pen of another ink."""

FEED = "F3000"
"""Speed of drawing, in mm a minute."""


def part(page: Page, look: Look) -> bytes:
    """The page as a G-code file. Raises InputError if it is too large or empty."""
    lines = [*(f"; {line}" for line in comments(look.facts)), *START, PEN_UP]
    found = pens(page, look, "G-code")
    for turn, pen in enumerate(found):
        if turn:
            lines += ["G0 X0 Y0", f"{PAUSE} ; {pen.name}"]
        elif len(found) > 1:
            lines.append(f"; {pen.name}")
        lines += _drawn(pen)
    return "\n".join([*lines, "G0 X0 Y0", "M2", ""]).encode("ascii")


def _drawn(pen: Pen) -> Iterator[str]:
    for path in pen.paths:
        points = np.rint(path * 100).astype(np.int64)
        moved = points[1:][np.diff(points, axis=0).any(axis=1)]
        x, y = (points[0] / 100).tolist()
        yield from (f"G0 X{x:.2f} Y{y:.2f}", PEN_DOWN)
        rows = [f"G1 X{x:.2f} Y{y:.2f}" for x, y in (moved / 100).tolist()]
        # the speed of the pen's way down would hold for the line, too
        yield from [f"{rows[0]} {FEED}", *rows[1:]] if rows else []
        yield PEN_UP


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))

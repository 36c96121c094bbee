"""Page to HPGL: the moves of a plotter's pen, in whole units of 1/40 mm (HP 7475A Interfacing and Programming Manual).

Comments are those of HP-GL/2 (CO). Each ink is a pen (SP), and is drawn before the next one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from handsynth.formats.look import Look
from handsynth.formats.plotter import Pen, pens
from handsynth.layout.page import Page
from handsynth.provenance.provenance import comments

PER_MM = 40

_POINTS = 50
"""Points of one instruction: old plotters keep little of what they are sent."""


def part(page: Page, look: Look) -> bytes:
    """The page as an HPGL file. Raises InputError if it is too large or empty."""
    lines = ["IN;", *(f'CO"{line}";' for line in comments(look.facts))]
    found = pens(page, look, "HPGL")
    for pen in found:
        lines += [f'CO"{pen.name}";'] if len(found) > 1 else []
        lines += [f"SP{pen.number};", *_drawn(pen)]
    return "\n".join([*lines, "PU;", "SP0;", ""]).encode("ascii")


def _drawn(pen: Pen) -> Iterator[str]:
    for path in pen.paths:
        points = np.rint(path * PER_MM).astype(np.int64)
        moved = points[1:][np.diff(points, axis=0).any(axis=1)]
        # a pen that goes nowhere still makes a dot
        rows = [moved[at : at + _POINTS] for at in range(0, len(moved), _POINTS)] or [points[:1]]
        yield _move("PU", points[:1])
        yield from (_move("PD", row) for row in rows)


def _move(order: str, points: np.ndarray) -> str:
    return order + ",".join(map(str, points.ravel().tolist())) + ";"


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))

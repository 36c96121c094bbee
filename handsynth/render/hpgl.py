"""Page to HPGL: the moves of a plotter's pen, in whole units of 1/40 mm (HP 7475A Interfacing and Programming Manual).

Comments are those of HP-GL/2 (CO).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from handsynth.layout.page import Page
from handsynth.provenance import comments
from handsynth.render.look import Look
from handsynth.render.plotter import pen_paths

PER_MM = 40

_POINTS = 50
"""Points of one instruction: old plotters keep little of what they are sent."""


def part(page: Page, look: Look) -> bytes:
    """The page as an HPGL file. Raises InputError if it is too large or empty."""
    lines = ["IN;", *(f'CO"{line}";' for line in comments(look.facts)), "SP1;"]
    for path in pen_paths(page, look, "HPGL"):
        points = np.rint(path * PER_MM).astype(np.int64)
        moved = points[1:][np.diff(points, axis=0).any(axis=1)]
        # a pen that goes nowhere still makes a dot
        rows = [moved[at : at + _POINTS] for at in range(0, len(moved), _POINTS)] or [points[:1]]
        lines += [_move("PU", points[:1]), *(_move("PD", row) for row in rows)]
    return "\n".join([*lines, "PU;", "SP0;", ""]).encode("ascii")


def _move(order: str, points: np.ndarray) -> str:
    return order + ",".join(map(str, points.ravel().tolist())) + ";"


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))

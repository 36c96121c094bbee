"""Page to HPGL: the moves of a plotter's pen, in whole units of 1/40 mm (HP 7475A Interfacing and Programming Manual).

Without a device, comments are those of HP-GL/2 (CO). A file for one of the machines in `devices` holds words of HP-GL
alone: it has no comments, and so no record of how it was made. Each ink is a pen (SP), and is drawn before the next
one is taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from handsynth.errors import InputError
from handsynth.formats.devices import Device
from handsynth.formats.look import Look
from handsynth.formats.plotter import PenPaths, pens
from handsynth.layout.page import Page
from handsynth.provenance.provenance import comments

PER_MM = 40

_POINTS = 50
"""Points of one instruction: old plotters keep little of what they are sent."""


def part(page: Page, look: Look) -> bytes:
    """The page as an HPGL file. Raises InputError if it is too large or empty, or is not for the device."""
    found = pens(page, look, "HPGL")
    if look.plot.device is not None:
        return _for_device(look.plot.device, found, page.width * look.mm, page.height * look.mm)
    lines = ["IN;", *(f'CO"{line}";' for line in comments(look.metadata))]
    for pen in found:
        lines += [f'CO"{pen.name}";'] if len(found) > 1 else []
        lines += [f"SP{pen.number};", *_drawn([np.rint(path * PER_MM).astype(np.int64) for path in pen.paths])]
    return "\n".join([*lines, "PU;", "SP0;", ""]).encode("ascii")


def _for_device(device: Device, found: list[PenPaths], width: float, height: float) -> bytes:
    if found[-1].number > device.pens:
        raise InputError(f"the page needs pen {found[-1].number}, and the {device.name} holds {device.pens}")
    lines: list[str] = []
    for pen in found:
        paper, paths = device.placed(pen.paths, width, height)
        if not lines:
            lines += ["IN;"] + ([] if paper.size_code is None else [f"PS{paper.size_code};"])
        lines += [f"SP{pen.number};", *_drawn(paths)]
    return "\n".join([*lines, "PU;", "SP0;", ""]).encode("ascii")


def _drawn(paths: list[np.ndarray]) -> Iterator[str]:
    """Paths int64 [k,2] in plotter units."""
    for points in paths:
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

"""Page to G-code (RS-274; NIST IR 6556): the moves of a pen plotter in mm, absolute, as its profile says them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from handsynth.formats.look import Look
from handsynth.formats.plotter import PenPaths, pens
from handsynth.formats.profiles import Profile
from handsynth.layout.page import Page
from handsynth.provenance.provenance import comments
from handsynth.units import plain


def part(page: Page, look: Look) -> bytes:
    """The page as a G-code file. Raises InputError if it is too large or empty."""
    profile = look.plot.profile
    feed = plain(profile.feed).replace(",", "")
    lines = [*(f"; {line}" for line in comments(look.metadata)), *profile.header, *profile.pen_up]
    found = pens(page, look, "G-code")
    for turn, pen in enumerate(found):
        if turn:
            lines += [*profile.pause[:-1], *(f"{line} ; {pen.name}" for line in profile.pause[-1:])]
        elif len(found) > 1:
            lines.append(f"; {pen.name}")
        lines += _drawn(pen, profile, feed)
    text = "\n".join([*lines, *profile.footer, ""])
    return text.replace("{feed}", feed).encode("ascii")


def _drawn(pen: PenPaths, profile: Profile, feed: str) -> Iterator[str]:
    for path in pen.paths:
        points = np.rint(path * 100).astype(np.int64)
        moved = points[1:][np.diff(points, axis=0).any(axis=1)]
        yield _move(profile.travel, *(points[0] / 100).tolist())
        yield from profile.pen_down
        rows = [_move(profile.draw, x, y) for x, y in (moved / 100).tolist()]
        if rows and "{feed}" not in profile.draw:
            # the speed of the pen's way down would hold for the line, too
            rows[0] += f" F{feed}"
        yield from rows
        yield from profile.pen_up


def _move(line: str, x: float, y: float) -> str:
    return line.replace("{x}", f"{x:.2f}").replace("{y}", f"{y:.2f}")


def join(parts: Iterator[bytes], file: BinaryIO, look: Look) -> None:
    """Write one page into `file`."""
    file.write(next(parts))

"""Simple glyphs of TrueType as the bytes of `glyf`, all of a font at once.

After the OpenType specification 1.9; the bytes are those of fontTools, which packs points one by one.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphCoordinates

_X_SHORT, _Y_SHORT, _REPEAT, _X_SAME, _Y_SAME = 0x02, 0x04, 0x08, 0x10, 0x20
_SHORT = 255
"""Steps up to this take one byte, and flags are repeated so often."""


class SimpleGlyph(Glyph):  # type: ignore[misc]
    """A glyph whose bytes are worked out already."""

    packed = b""

    def compile(self, *given: Any, **how: Any) -> bytes:
        return self.packed


def glyphs(points: Sequence[np.ndarray], on: Sequence[bytes], ends: Sequence[list[int]]) -> list[Glyph]:
    """Glyphs of `points` int64 [p,2] in units; `on`: 1 for those on the line; `ends`: the last of each contour."""
    sizes = [len(some) for some in points]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    every = np.concatenate([np.empty((0, 2), np.int64), *points])
    steps = np.diff(every, axis=0, prepend=0)
    inked = np.flatnonzero(sizes)
    steps[starts[inked]] = every[starts[inked]]
    flags = np.frombuffer(b"".join(on), np.uint8).copy()
    sides = []
    for axis, short, same in ((0, _X_SHORT, _X_SAME), (1, _Y_SHORT, _Y_SAME)):
        step = steps[:, axis]
        size = np.abs(step)
        brief = (size <= _SHORT) & (step != 0)
        flags |= np.where(brief, short, 0).astype(np.uint8)
        flags |= np.where((step == 0) | (brief & (step > 0)), same, 0).astype(np.uint8)
        sides.append(_numbers(step, size, brief))
    codes, begins = _runs(flags, starts)
    result: list[Glyph] = []
    for number, (some, kind, end) in enumerate(zip(points, on, ends, strict=True)):
        glyph = SimpleGlyph()
        glyph.numberOfContours = len(end)
        result.append(glyph)
        if not end:
            continue
        glyph.endPtsOfContours = end
        glyph.coordinates = GlyphCoordinates()
        glyph.coordinates.array.frombytes(some.astype(np.float64).tobytes())
        glyph.flags = array("B", kind)
        glyph.program = _no_program()
        box = [*some.min(axis=0).tolist(), *some.max(axis=0).tolist()]
        glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax = box
        head = np.array([len(end), *box, *end, 0], ">i8").astype(">u2")  # no instructions
        first, stop = starts[number], starts[number + 1]
        parts = [head.tobytes(), codes[begins[number] : begins[number + 1]].tobytes()]
        glyph.packed = b"".join(parts + [data[at[first] : at[stop]].tobytes() for data, at in sides])
    return result


def _numbers(step: np.ndarray, size: np.ndarray, brief: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps [p] as uint8, and where each begins, int64 [p+1]: nothing for 0, a byte where `brief`, else two."""
    length = np.where(step == 0, 0, np.where(brief, 1, 2))
    at = np.concatenate([[0], np.cumsum(length)])
    data = np.empty(at[-1], np.uint8)
    data[at[:-1][brief]] = size[brief]
    wide = length == 2
    data[at[:-1][wide]], data[at[:-1][wide] + 1] = (step[wide] >> 8) & 0xFF, step[wide] & 0xFF
    return data, at


def _runs(flags: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Flags [p] of glyphs that begin at `starts` [g+1], equal ones as one and how often it comes again.

    uint8, and where those of each glyph begin, int64 [g+1].
    """
    place = np.arange(len(flags))
    new = np.append(True, flags[1:] != flags[:-1])[: len(flags)]
    new[starts[:-1][starts[:-1] < len(flags)]] = True
    run = np.maximum.accumulate(np.where(new, place, 0))
    new |= (place - run) % (_SHORT + 1) == 0
    begins = np.flatnonzero(new)
    again = np.diff(np.append(begins, len(flags))) - 1
    length = np.minimum(again, 1) + 1
    at = np.concatenate([[0], np.cumsum(length)])
    codes = np.empty(at[-1], np.uint8)
    # what comes twice is written twice
    codes[at[:-1]] = flags[begins] | np.where(again > 1, _REPEAT, 0).astype(np.uint8)
    more = again > 0
    codes[at[:-1][more] + 1] = np.where(again[more] > 1, again[more], flags[begins][more])
    return codes, at[np.searchsorted(begins, starts)]


def _no_program() -> Any:
    from fontTools.ttLib.tables.ttProgram import Program

    program = Program()
    program.fromBytecode(b"")
    return program

"""Breaking a run of glyphs into lines: first fit, at blanks and hyphens, inside a word only when it is too long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handsynth.layout.words import Script


@dataclass(frozen=True, eq=False)
class BrokenLines:
    """Where the glyphs of a Script stand, before the wander of the baseline."""

    kept: np.ndarray
    """int64 [m]: the glyphs that are drawn (hyphens at which no line ends are not), in reading order."""
    x: np.ndarray
    """float64 [m]: centre line of each kept glyph, in x-heights from the left edge of the text."""
    line: np.ndarray
    """int32 [m]."""
    count: int
    """Lines, blank ones included."""
    torn: np.ndarray
    """int64 [k]: the glyphs with which a line begins inside a word, for want of a better place."""


def break_lines(
    script: Script,
    step: np.ndarray,
    left: np.ndarray,
    right: np.ndarray,
    indent: np.ndarray,
    wrap: float | None,
) -> BrokenLines:
    """Set the glyphs of `script` in lines no wider than `wrap` (None: only where the text has a line's end).

    `step` [n]: distance from the centre line of the glyph before (an optional hyphen is no glyph before another) to
    this one's; `left`, `right` [n]: ink to both sides of the centre line; `indent` [n]: where the line begins if
    it begins with this glyph. All in x-heights.
    """
    core = np.flatnonzero(~script.optional)
    hyphen = {int(h) - 1: int(h) for h in np.flatnonzero(script.optional)}
    position = np.cumsum(step[core])
    start, end = position + left[core], position + right[core]
    forced = script.newlines[core].tolist()
    allowed, weak = script.breakable[core].tolist(), script.weak[core].tolist()
    starts, ends, indents = start.tolist(), end.tolist(), indent[core].tolist()
    limit = np.inf if wrap is None else wrap
    total = len(core)

    tails = [0.0] * total  # what a hyphen adds if the line ends after this glyph
    for at in range(total):
        mark = hyphen.get(int(core[at]))
        if mark is not None:
            tails[at] = float(position[at] + step[mark] + right[mark]) - ends[at]

    bounds: list[int] = []  # first glyph of each line
    numbers: list[int] = []
    torn: list[int] = []
    bare: set[int] = set()  # breaks at which a hyphen has no room
    number, first = 0, 0
    while first < total:
        number += forced[first]
        edge = min(starts[first : first + 3]) - indents[first]
        stop, last, spare = first + 1, 0, 0
        while stop < total and not forced[stop]:
            fits = ends[stop - 1] + tails[stop - 1] - edge <= limit
            if fits and (allowed[stop] or weak[stop]):
                last, spare = (stop, spare) if allowed[stop] else (last, stop)
            if ends[stop] - edge > limit:
                if not (last or spare):
                    room = [cut for cut in range(first + 1, stop + 1) if ends[cut - 1] + tails[cut - 1] - edge <= limit]
                    # not after a single letter, and where a hyphen fits
                    marked = [cut for cut in room if int(core[cut - 1]) in hyphen and cut >= max(first + 2, stop - 4)]
                    room = marked or room
                    cut = room[-1] if room and (room[-1] > first + 1 or stop == first + 1) else 0
                    if not cut:
                        bare.add(stop - 1)
                    stop = cut or stop
                    torn.append(stop)
                stop = last or spare or stop
                break
            stop += 1
        bounds.append(first)
        numbers.append(number)
        first = stop
        if first < total and not forced[first]:
            number += 1

    sizes = np.diff([*bounds, total])
    edges = np.array([min(starts[a : a + 3]) - indents[a] for a in bounds], np.float64)
    x = position - np.repeat(edges, sizes)
    line = np.repeat(np.array(numbers, np.int32), sizes)
    kept, extra_x, extra_line = core, [], []
    breaks = [at for at in (b - 1 for b in bounds[1:]) if not forced[at + 1] and at not in bare]
    marks = [at for at in breaks if int(core[at]) in hyphen]
    for at in marks:
        mark = hyphen[int(core[at])]
        extra_x.append(x[at] + step[mark])
        extra_line.append(line[at])
    if marks:
        kept = np.concatenate([core, [hyphen[int(core[at])] for at in marks]])
        x, line = np.concatenate([x, extra_x]), np.concatenate([line, np.array(extra_line, np.int32)])
        order = np.argsort(kept, kind="stable")
        kept, x, line = kept[order], x[order], line[order]
    return BrokenLines(kept, x, line, number + 1 + script.ends, core[torn] if torn else np.empty(0, np.int64))

"""When a pen is where: strokes at a person's speed, and pauses between them.

Along a stroke the speed follows the two-thirds power law (`ink.dynamics`); in the air the pen takes the straight way.
Adults write about three letters a second, with some 15 x-heights of way a second (Alamargot and others, "Eye and pen",
2006, measure 20 to 40 mm a second at usual sizes).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth import dials
from handsynth.formats.writing import PenStroke
from handsynth.ink.dynamics import speed

_PACE, _AIR = 12.0, 22.0
"""x-heights a second: on paper where the curvature is usual, and above it."""

_DOT = 0.06
"""Seconds that the pen stays for a dot, and at least for any stroke."""

_LIFT, _WORD, _LINE = 0.05, 0.16, 0.35
"""Seconds of rest before the next stroke: of the same word, of another, on another line."""


def timed(strokes: Sequence[PenStroke], duration: float = dials.default("duration")) -> list[np.ndarray]:
    """Seconds from the beginning at which the pen is at each point of each stroke, float64 [k] each, rising.

    With a `duration` the last stroke ends then.
    """
    clock, times = 0.0, []
    lengths = _along([stroke.points for stroke in strokes])
    for number, (stroke, along) in enumerate(zip(strokes, lengths, strict=True)):
        if number:
            before = strokes[number - 1]
            air = float(np.hypot(*(stroke.points[0] - before.points[-1])))
            rest = _LINE if stroke.line != before.line else _WORD if stroke.word != before.word else _LIFT
            # the way back to a line's beginning is one sweep of the arm
            clock += rest + min(air, 10.0) / _AIR
        found = clock + along
        times.append(found)
        clock = float(found[-1]) + (_DOT if len(found) == 1 else 0.0)
    scale = duration / clock if duration and clock else 1.0
    return [found * scale for found in times]


def _along(strokes: list[np.ndarray]) -> list[np.ndarray]:
    """Seconds from the beginning of each of some strokes, float64 [k,2], to its points: float64 [k]."""
    counts = np.array([len(points) for points in strokes])
    result = [np.zeros(1)] * len(strokes)
    for count in np.unique(counts[counts > 1]).tolist():
        # those of as many points at a time: a page has thousands
        some = np.flatnonzero(counts == count).tolist()
        points = np.stack([strokes[i] for i in some])
        step = np.hypot(*np.moveaxis(np.diff(points, axis=1), 2, 0))
        fast = speed(points, 1.0) * _PACE
        found = np.zeros((len(some), count))
        np.cumsum(step / ((fast[:, 1:] + fast[:, :-1]) / 2), axis=1, out=found[:, 1:])
        found[found[:, -1] < _DOT] = np.linspace(0.0, _DOT, count)
        for i, row in zip(some, found, strict=True):
            result[i] = row
    return result

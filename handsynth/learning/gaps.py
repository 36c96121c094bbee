"""How far apart a person's letters and words stand, in the sense of the layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.profiles import profiles
from handsynth.layout import spacing
from handsynth.layout.setting import TIGHTEST
from handsynth.learning.fields import fields_of

_LEAST, _MOST = 0.02, 1.6
"""Of gaps that are looked for, in x-heights."""

_STEPS = 28


def letter_gap(
    images: np.ndarray,
    chars: Sequence[str],
    after: np.ndarray,
    distance: np.ndarray,
    frame: Frame,
    bearings: Mapping[str, tuple[float, float]],
) -> float | None:
    """The gap for which the layout puts letters as far apart as they are; None where no two are neighbours.

    `images` uint8 [n,H,H]; `after` int64 [p]: letters whose right neighbour is the next one, `distance` float64 [p]
    x-heights from middle to middle. The least sum of deviations, so that a few that are far off do not matter, nor
    those that the clearance holds apart.
    """
    if not len(after):
        return None
    edges = profiles(fields_of(images), frame)
    first, second = edges.take(after), edges.take(after + 1)
    sides = np.array([{**spacing.BEARINGS, **bearings}.get(char, (0.0, 0.0)) for char in chars])
    bare = distance - sides[after, 1] - sides[after + 1, 0]

    def off(gap: float) -> float:
        clearance = min(spacing.CLEARANCE, max(0.5 * gap, TIGHTEST))
        return float(np.abs(spacing.distances(first, second, frame, gap, clearance) - bare).sum())

    tried = np.geomspace(_LEAST, _MOST, _STEPS)
    best = int(np.argmin([off(float(gap)) for gap in tried]))
    fine = np.linspace(tried[max(best - 1, 0)], tried[min(best + 1, _STEPS - 1)], _STEPS)
    return float(fine[int(np.argmin([off(float(gap)) for gap in fine]))])


def word_space(images: np.ndarray, after: np.ndarray, distance: np.ndarray, frame: Frame) -> float | None:
    """Clear space between words in x-heights (see `spacing.apart`), the median; None where there is one word.

    The arguments are as for `letter_gap`, of last letters of words.
    """
    if not len(after):
        return None
    edges = profiles(fields_of(images), frame)
    return float(np.median(distance - spacing.apart(edges.take(after), edges.take(after + 1), frame, 0.0)))

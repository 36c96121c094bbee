"""Room beside straight stems: nearer, with a join between, an o and an l would be a d, and an l and an o a k."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink.profiles import Profiles
from handsynth.layout.meeting import Meeting
from handsynth.layout.spacing import heights
from handsynth.text.bases import among

HIGH, FEET = 1.25, frozenset("l")
"""A stem that is entered above so many x-heights has no upstroke; and letters that are stems and nothing else."""

BAND, ROOM = (0.3, 0.85), 0.4
"""They stand so far from the ink of the letters beside them between these heights over the baseline, in x-heights."""

OPEN, TIPS = frozenset("c"), 0.5
"""What is open to its right closes on a stem: that stands so far from the tips, too."""


LOW, TOP, BESIDE = frozenset("iuy"), 0.6, 0.4
"""With a low stem that is entered above so many x-heights it would be an a: so far from its tips such a one stands."""


def feet(texts: Sequence[str], rows: np.ndarray, height: Floats) -> np.ndarray:
    """Which of glyphs `rows` [m] are stems that are left at their foot, at a `height` [m], in x-heights: bool [m]."""
    return np.asarray(among(texts, rows, FEET) & (height < BAND[0]))


def distances(
    meeting: Meeting, before: np.ndarray, after: np.ndarray, edges: Profiles, frame: Frame, texts: Sequence[str]
) -> Floats:
    """Least distances [m] of glyphs `before` [m] from those `after` them, in x-heights; -inf where no stem is."""
    k = float(frame.xheight)
    at_foot = feet(texts, before, (frame.baseline - meeting.exit[:, 1]) / k)
    entered, opens = (frame.baseline - meeting.entry[:, 1]) / k, among(texts, before, OPEN)
    tall = at_foot | (entered > HIGH)
    stems, low = np.flatnonzero(tall), np.flatnonzero(~tall & opens & (entered > TOP) & among(texts, after, LOW))
    height = heights(frame)
    rows = np.flatnonzero((height > BAND[0]) & (height < BAND[1]))
    least = np.full(len(before), -np.inf)
    facing = edges.right[np.ix_(before[stems], rows)] - edges.left[np.ix_(after[stems], rows)]
    least[stems] = facing.max(axis=1) + ROOM
    for opened, room in ((stems[opens[stems]], TIPS), (low, BESIDE)):
        tips = edges.right[np.ix_(before[opened], np.flatnonzero((height > 0) & (height < 1)))].max(axis=1)
        stem = edges.left[np.ix_(after[opened], rows)].min(axis=1)
        least[opened] = np.maximum(least[opened], tips - stem + room)
    return least

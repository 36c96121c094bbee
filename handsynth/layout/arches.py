"""Arches: from the arm of an r down into the next letter the pen would draw an n, so there it is lifted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink.profiles import Profiles
from handsynth.layout.ends import ROUND
from handsynth.layout.meeting import Meeting
from handsynth.layout.spacing import touching
from handsynth.text.bases import among

ARMED, DOTTED = frozenset("r"), frozenset("ij")
"""Letters whose arm may be left high, and those whose dot tells an r before them from an n."""

FALL = 0.38
"""A join comes no further down from the arm, in x-heights."""

BESIDE, NEARER = 0.12, 0.35
"""Where the pen is lifted, the next letter comes as near as that, but by no more than so much, in x-heights: else a
joined word would have a hole."""


def falls(meeting: Meeting, before: np.ndarray, after: np.ndarray, frame: Frame, texts: Sequence[str]) -> np.ndarray:
    """Which joins from glyphs `before` [m] into those `after` [m] would be arches, bool [m]."""
    k = float(frame.xheight)
    high = frame.baseline - meeting.exit[:, 1] > ROUND * k
    far = meeting.entry[:, 1] - meeting.exit[:, 1] > FALL * k
    return np.asarray(high & far & among(texts, before, ARMED) & ~among(texts, after, DOTTED))


def nearer(step: Floats, first: Profiles, second: Profiles, frame: Frame) -> Floats:
    """By how much letters are nearer than `step` [n] to those before them that lift the pen, [n]; not above 0."""
    return np.clip(touching(first, second, frame, np.full(len(step), BESIDE)) - step, -NEARER, 0)

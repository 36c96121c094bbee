"""Strokes of the networks to pixels, by the toolkit's own pens."""

from __future__ import annotations

import numpy as np

from handsynth.frame import STANDARD
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penink import frames
from train.strokes.networks import CENTRE, UNIT
from train.strokes.paths import Slots

PART = 4096
"""Glyphs drawn at once."""


def ink(points: np.ndarray, exist: np.ndarray, slots: Slots, pens: np.ndarray) -> np.ndarray:
    """Coverage uint8 [n,H,H] of points [n,P,2], in UNIT px about CENTRE, by pens [n] in frame px; centred.

    exist: [n,K], above 0 for strokes that exist; where none does, the first does.
    """
    exist = exist > 0
    exist[:, 0] |= ~exist.any(axis=1)
    here = exist[:, slots.owner]
    placed = points.astype(np.float32) * np.float32(UNIT) + np.array(CENTRE, np.float32)
    x = np.where(here, placed[..., 0], np.nan)
    placed[..., 0] += (CENTRE[0] - (np.nanmin(x, axis=1) + np.nanmax(x, axis=1)) / 2)[:, None].astype(np.float32)
    counts = np.broadcast_to(np.array(slots.points), exist.shape)[exist]
    each = exist.sum(axis=1)
    width = np.repeat(pens.astype(np.float32), each)
    paths = Paths(placed[here], _starts(counts), _starts(each), width)
    parts = [frames(splined(paths.take(slice(i, i + PART)), 2), STANDARD.size) for i in range(0, len(points), PART)]
    return np.concatenate(parts)


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

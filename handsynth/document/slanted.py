"""Room between letters that lean apart, or stray further up and down as a page goes on: they are spaced before that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.profiles import Profiles
from handsynth.layout import spacing
from handsynth.layout.words import Script

CLEARANCE = 0.5 * spacing.CLEARANCE
"""What is left of the clearance of letters, at least, when they are slanted, in x-heights."""


def least_steps(
    script: Script, edges: Profiles, frame: Frame, slant: np.ndarray, shift: np.ndarray, most: float
) -> np.ndarray:
    """The least distance [n] of each glyph's centre line from the one before it in its word; -inf where none is.

    `slant` [n] is the shear of each glyph, `shift` [n] how far it stands above its baseline, in x-heights; both grow
    down the page up to `most` times. Between the two, every row's edges move evenly, so what is clear at both ends is
    clear between them.
    """
    count = len(script.items)
    least = np.full(count, -np.inf)
    before = np.maximum.accumulate(np.where(script.optional, 0, np.arange(count)))
    before = np.concatenate([[0], before[:-1]]) if count else before
    inside = (script.word == script.word[before]) & (script.newlines == 0) & (np.arange(count) > 0)
    raised = shift - shift[before]
    pairs = np.flatnonzero(inside & ((slant != slant[before]) | (raised != 0)))
    if not len(pairs):
        return least
    bound = np.full(len(pairs), CLEARANCE)
    for growth in {1.0, most}:
        aside = growth * slant[:, None] * spacing.heights(frame)
        leaning = replace(edges, left=edges.left + aside, right=edges.right + aside, taken=None, known={})
        first, second = leaning.take(before[pairs]), leaning.take(pairs)
        second = second.raised(np.rint(growth * raised[pairs] * frame.xheight).astype(np.int64))
        least[pairs] = np.maximum(least[pairs], spacing.touching(first, second, frame, bound))
    return least

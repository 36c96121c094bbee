"""What hands know of letters that are to be drawn: latents of the person, offsets of points, and how copies differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.dials import DIALS
from handsynth.hands.hand import Hand
from handsynth.model.model import Model

_USUAL: float = DIALS["variation"].default
WIDEST = 2.0
"""Times that copies of a letter differ as they usually do, at most."""

STEADY = 0.4
"""Copies of a letter that is drawn from the prior differ by so much of what people's do, beside their noise.

People differ more than anybody wants to read: at 1 a letter in 25 is taken for another.
"""


@dataclass(frozen=True)
class Known:
    """n letters; latents of those that hands know, others are not `there`."""

    there: np.ndarray
    """bool [n]."""
    latents: np.ndarray
    """f32 [n,V]."""
    reach: np.ndarray
    """f32 [n,V]: standard deviations of copies."""
    offsets: np.ndarray | None
    """f32 [n,P,2]: of the points that are drawn; None: no letter has any."""

    def take(self, rows: np.ndarray | slice) -> Known:
        offsets = None if self.offsets is None else self.offsets[rows]
        return Known(self.there[rows], self.latents[rows], self.reach[rows], offsets)


def known(
    model: Model, hands: Sequence[Hand], seeds: Sequence[int], owner: np.ndarray, index: np.ndarray,
    places: np.ndarray, variation: float,
) -> Known | None:  # fmt: skip
    """What `hands` know of the letters `index` [n]; None of a model that cannot say how copies differ, or no hands."""
    if not hands or not model.card.spread:
        return None
    size = model.card.variation_size
    latents = np.zeros((len(index), size), np.float32)
    there, offsets = np.zeros(len(index), bool), None
    usual = np.array(model.card.spread, np.float32) * np.float32(min(variation / _USUAL, WIDEST))
    reach = np.tile(usual * np.float32(STEADY), (len(index), 1))
    for number, hand in enumerate(hands):
        if not hand.knows or hand.known is None:
            continue
        mine = np.flatnonzero(owner == number)
        seed = seeds[number] if len(seeds) > 1 else seeds[0]
        rows = hand.known.chosen(model.charset, index[mine], places[mine], seed)
        mine, rows = mine[rows >= 0], rows[rows >= 0]
        there[mine], latents[mine] = True, hand.known.latents[rows]
        reach[mine] = usual * np.float32(hand.known.steady)
        if hand.known.offsets is not None:
            offsets = np.zeros((len(index), sum(model.card.slots), 2), np.float32) if offsets is None else offsets
            offsets[mine] = hand.known.offsets[rows]
    return Known(there, latents, reach, offsets)

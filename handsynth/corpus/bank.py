"""A bank of drawings: letters of a writer that are drawn once and used again, for corpora of few writers.

Which of its drawings a glyph gets hangs on the glyph's noise alone, and each drawing on writer, letter and number, so
the bank can be emptied at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth import dials, noise
from handsynth.arrays import Floats
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs, joined
from handsynth.model.model import Model

MOST = 20_000
"""Drawings that are kept: 160 MB."""


class DrawingBank:
    """Draws like `draw.several`, with `count` drawings of each letter of each writer."""

    def __init__(self, count: int, seed: int, temperature: float) -> None:
        self.count, self.seed, self.temperature = count, seed, temperature
        self.kept: dict[tuple[str, int, int], Glyphs] = {}

    def __call__(
        self,
        model: Model,
        hands: Sequence[Hand],
        seeds: Sequence[int],
        owner: np.ndarray,
        index: np.ndarray,
        places: np.ndarray,
        *,
        temperature: Sequence[float] | np.ndarray,
        legibility: int = dials.default("legibility"),
        contexts: Floats | None = None,
    ) -> Glyphs:
        """Arguments as for `draw.several`, whose seeds and temperatures a bank has no use for.

        Nor has it for `contexts`: its letters are drawn for no neighbours.
        """
        numbers = (places % np.uint64(self.count)).astype(np.int64).tolist()
        keys = [(hands[i].name, char, k) for i, char, k in zip(owner.tolist(), index.tolist(), numbers, strict=True)]
        self._draw(model, {hand.name: hand for hand in hands}, keys, legibility)
        found = joined([self.kept[key] for key in keys], model.frame.size)
        if any(hand.lean for hand in hands):
            parts = [found.take(owner == number) for number in range(len(hands))]
            leant = [part.sheared(hand.lean, model.frame) for part, hand in zip(parts, hands, strict=True)]
            found = joined(leant, model.frame.size)
        return found

    def _draw(self, model: Model, hands: dict[str, Hand], keys: list[tuple[str, int, int]], legibility: int) -> None:
        if len(self.kept) + len(keys) > MOST:
            self.kept.clear()
        missing = sorted({key for key in keys if key not in self.kept})
        if not missing:
            return
        names = sorted({name for name, _, _ in missing})
        some = [replace(hands[name], lean=0.0) for name in names]
        drawn = draw.several(
            model,
            some,
            [self.seed] * len(some),
            np.array([names.index(name) for name, _, _ in missing]),
            np.array([char for _, char, _ in missing], np.int64),
            np.array([noise.key_of("bank", char, k) for _, char, k in missing], np.uint64),
            temperature=[self.temperature] * len(some),
            legibility=legibility,
        )
        self.kept.update((key, drawn.take(slice(i, i + 1))) for i, key in enumerate(missing))

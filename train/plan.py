"""What a step learns from: one batch, in equal parts that processes share and take in turn.

A batch and all of its noise depend on (seed, step) and on how many parts there are, never on who takes which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from handsynth.errors import DataError, InputError
from train.augment import draw_parameters
from train.batches import Batches
from train.data.dataset import Dataset
from train.loss import Noise
from train.recipe import AugmentConfig, TrainRecipe


@dataclass(frozen=True)
class BatchPart:
    """g groups of k glyphs, each group by one writer."""

    index: int
    """Which of the batch's parts this is."""
    rows: np.ndarray
    """int64 [g, k]: rows of the dataset."""
    seen: np.ndarray
    """float32 [g, r]: 1 where one of the first r glyphs takes part in reading the hand, else 0."""
    noise: Noise
    pens: np.ndarray
    """float32 [2, g, 6]: what the glyphs of a group share, and another pen; see augment.draw_parameters."""
    fresh: Tensor
    """Standard normal [g * critic_glyphs, V]: variations for the critic; [0, V] while there is none."""
    share: float
    """How many of the batch's shown glyphs are here, as a share of what an even part has."""


class BatchPlan:
    """Parts of batches, by step. `rows`: the usable rows of the dataset. Raises DataError for too few of them."""

    def __init__(self, recipe: TrainRecipe, data: Dataset, rows: np.ndarray, parts: int) -> None:
        self.recipe, self.parts = recipe, parts
        whole = replace(recipe.data, groups=recipe.data.groups * parts)
        self.batches = Batches(data, whole, rows, recipe.train.seed)
        if whole.group == 1 and len(self.batches.rows) < self.batches.size and parts > 1:
            raise DataError(
                f"{data.path} has {len(self.batches.rows):,} glyphs, fewer than a batch of {self.batches.size:,}; "
                "use fewer processes, or smaller groups"
            )

    def __call__(self, step: int, mine: Sequence[int]) -> list[BatchPart]:
        """The parts `mine` of the batch of `step`."""
        recipe, config = self.recipe, self.recipe.train
        batch = self.batches(step)
        g, k = batch.rows.shape
        generator = torch.Generator().manual_seed(config.seed * 1_000_003 + step)
        noise = Noise.draw(generator, g, k, recipe.model.style, recipe.model.variation, config.hide_variation)
        judged = config.critic_glyphs if config.critic and step >= config.critic_from else 0
        fresh = torch.randn(g * judged, recipe.model.variation, generator=generator)
        pens = np.zeros((2, g, 6), np.float32)
        if recipe.augment != AugmentConfig():
            random = np.random.Generator(np.random.Philox(key=config.seed, counter=[0, 0, 3, step]))
            pens = np.stack([draw_parameters(recipe.augment, g, random) for _ in range(2)])
        result = []
        for part in mine:
            at = slice(part * g // self.parts, (part + 1) * g // self.parts)
            own = noise.of(at, k)
            share = len(own.shown) * self.parts / max(1, len(noise.shown))
            some = fresh[at.start * judged : at.stop * judged]
            result.append(BatchPart(part, batch.rows[at], batch.seen[at], own, pens[:, at], some, share))
        return result


def accumulated(parts: int, processes: int) -> int:
    """How many of `parts` parts of a batch each process takes. Raises InputError where they cannot be shared evenly."""
    if parts % processes:
        fitting = ", ".join(str(n) for n in range(1, parts + 1) if not parts % n)
        raise InputError(
            f"the run has batches of {parts} parts, which {processes} processes cannot share; start {fitting} processes"
        )
    return parts // processes

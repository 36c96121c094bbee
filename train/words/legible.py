"""A reader of letters in words, as strokes: it keeps letters legible in contexts in which nobody wrote them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from handsynth.text.lookalikes import merge_table
from train.arithmetic import autocast
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import StrokeReader
from train.strokes.paths import Slots
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import RowSampler, Run, train
from train.words.context import ContextConfig, Contexts

JITTER = 0.04
"""Noise of points that the reader learns from, in UNIT px."""
SPREAD = 0.5
"""Posteriors are drawn with this share of their standard deviation."""
Reads = Callable[[Tensor, Tensor, Tensor], Tensor]
"""(characters [n], points [n,P,2], logits of existence [n,K]) -> log-probabilities [n], look-alikes included."""


class ByChar:
    """Draws variations of people's isolated letters, by character; of characters without any, noise."""

    def __init__(self, char: Tensor, posteriors: tuple[Tensor, Tensor]) -> None:
        order = torch.argsort(char, stable=True)
        self.mean, self.deviation = posteriors[0][order], posteriors[1][order].sqrt() * SPREAD
        self.first = torch.searchsorted(char[order], torch.arange(int(char.max()) + 2))

    def __call__(self, char: Tensor, chance: torch.Generator) -> Tensor:
        last = len(self.first) - 2
        known = char <= last
        first, stop = self.first[char.clamp(max=last)], self.first[char.clamp(max=last) + 1]
        at = first + (torch.rand(len(char), generator=chance) * (stop - first)).long()
        known &= stop > first
        noise = torch.randn(len(char), self.mean.shape[1], generator=chance)
        at = at.clamp(max=len(self.mean) - 1)
        return torch.where(known[:, None], self.mean[at] + self.deviation[at] * noise, noise)


@dataclass(frozen=True)
class _ContextReaderConfig:
    steps: int
    learning_rate: float = 1.5e-3


def fit_reader(
    run: Run,
    recipe: StrokeRecipe,
    letters: Contexts,
    glyphs: StrokeGlyphs,
    config: ContextConfig,
    stop: float | None = None,
) -> Reads:
    """Train a reader on people's letters, in words and isolated ones, or load it where it is trained."""
    sizes = recipe.strokes
    owner = torch.from_numpy(Slots(sizes.points).owner)
    torch.manual_seed(run.seed + 8)
    reader = StrokeReader(len(sizes.characters), 2 * len(owner) + len(sizes.points))
    words = RowSampler(np.unique(letters.writer, return_inverse=True)[1], letters.char.numpy())
    alone = RowSampler(glyphs.writer, glyphs.char.numpy())

    def seen(points: Tensor, exist: Tensor) -> Tensor:
        return torch.cat([(points * exist[:, owner, None]).flatten(1), exist], dim=1)

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        one, two = words(config.batch, chance), alone(config.batch, chance)
        points = torch.cat([letters.points[one], glyphs.points[two]])
        drawn = seen(
            points + JITTER * torch.randn(points.shape, generator=chance),
            torch.cat([letters.exist[one], glyphs.exist[two]]),
        )
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=chance)))  # dropout takes no generator
        with autocast():
            logits = reader(drawn)
        return {"loss": F.cross_entropy(logits, torch.cat([letters.char[one], glyphs.char[two]]), label_smoothing=0.02)}

    average = train(run, "letters_reader", reader, _ContextReaderConfig(config.reader_steps), loss, stop)
    average.requires_grad_(False)
    same = torch.from_numpy(np.asarray(merge_table(list(sizes.characters))))

    def reads(char: Tensor, points: Tensor, exist: Tensor) -> Tensor:
        with autocast():
            logits = average(seen(points, torch.sigmoid(2 * exist))).float()
        return torch.logsumexp(logits.masked_fill(~same[char], -1e9), 1) - torch.logsumexp(logits, 1)

    return reads

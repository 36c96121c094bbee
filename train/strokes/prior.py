"""The second stage: p(v | c, s) by conditional flow matching (Lipman et al. 2023), from the posteriors' latents.

A Gaussian for each character falls between its forms (stroke orders, allographs); a flow can hold several.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from train.arithmetic import autocast
from train.strokes.factors import Factors
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import Flow
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import RowSampler, Run, train


class People:
    """Draws styles of writers, as uncertain as they are and a little more: the flow is smooth between people."""

    def __init__(self, factors: Factors, blur: float) -> None:
        self.mean = torch.from_numpy(factors.style).float()
        self.root = torch.from_numpy(np.linalg.cholesky(factors.unsure)).float()
        self.blur = blur

    def __call__(self, writers: Tensor, chance: torch.Generator) -> Tensor:
        """f32 [n,S] of writers int64 [n]."""
        noise, blur = torch.randn(2, len(writers), self.mean.shape[1], generator=chance)
        unsure = torch.bmm(self.root[writers], noise.unsqueeze(2)).squeeze(2)
        drawn: Tensor = self.mean[writers] + unsure + self.blur * blur
        return drawn


def fit_prior(
    run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, latents: tuple[Tensor, Tensor], factors: Factors,
    stop: float | None = None, stage: str = "prior",
) -> Flow:  # fmt: skip
    """Train the flow on posterior means and variances [n,V], or load it where it is trained."""
    torch.manual_seed(recipe.seed + 1)
    config, sizes = recipe.prior, recipe.strokes
    flow = Flow(len(sizes.characters), sizes.variation, sizes.style, config.width, config.blocks)
    mean, deviation = latents[0], latents[1].sqrt() * config.spread
    people = People(factors, config.blur)
    writer = torch.from_numpy(glyphs.writer)
    sampler = RowSampler(glyphs.writer, glyphs.char.numpy())

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        rows = sampler(config.batch, chance)
        target = mean[rows] + deviation[rows] * torch.randn(len(rows), sizes.variation, generator=chance)
        start = torch.randn(target.shape, generator=chance)
        # half of the times in the middle, where paths cross and the velocity is hardest
        t = torch.rand(len(rows), 1, generator=chance)
        middle = torch.sigmoid(torch.randn(len(rows), 1, generator=chance))
        t = torch.where(torch.arange(len(rows))[:, None] % 2 == 0, t, middle)
        known = (torch.rand(len(rows), 1, generator=chance) >= config.withheld).float()
        style = people(writer[rows], chance)
        with autocast():
            velocity = flow((1 - t) * start + t * target, t, glyphs.char[rows], style, known)
        return {"loss": F.mse_loss(velocity.float(), target - start)}

    average = train(run, stage, flow, config, loss, stop)
    assert isinstance(average, Flow)
    return average

"""The first stage: encoder and decoder of strokes, q(v | x, c) and p(x | c, v), under N(0, I)."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from train.arithmetic import autocast
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import CENTRE, UNIT, StrokeDecoder, StrokeEncoder
from train.strokes.paths import Slots
from train.strokes.recipe import StrokeRecipe, VaeConfig
from train.strokes.stage import RowSampler, Run, train

BASELINE = (45 - CENTRE[1]) / UNIT
KL_WARMUP = 2000
EXISTENCE = 4.0
"""Weight of the strokes' existence, in its nats."""


class Vae(nn.Module):
    def __init__(self, recipe: StrokeRecipe) -> None:
        super().__init__()
        config, sizes = recipe.vae, recipe.strokes
        common = (len(sizes.characters), sum(sizes.points), len(sizes.points), sizes.variation)
        self.encoder = StrokeEncoder(*common, config.width, config.blocks)
        self.decoder = StrokeDecoder(*common, config.width, config.blocks)


def fit_vae(run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, stop: float | None = None) -> Vae:
    """Train the pair, or load it where it is trained."""
    torch.manual_seed(recipe.seed)
    model, config = Vae(recipe), recipe.vae
    slots = Slots(recipe.strokes.points)
    owner = torch.from_numpy(slots.owner)
    share = (1 / torch.tensor(slots.points, dtype=torch.float32))[owner]
    inside = (owner[1:] == owner[:-1]).float()
    sampler = RowSampler(glyphs.writer, glyphs.char.numpy())
    scale = UNIT / config.sigma

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        rows = sampler(config.batch, chance)
        points, exist, char = shaken(glyphs.points[rows], config, chance), glyphs.exist[rows], glyphs.char[rows]
        here = exist[:, owner]
        points = points * here[..., None]
        with autocast():
            mean, logvar = model.encoder(points, exist, char)
        noise = torch.randn(mean.shape, generator=chance)
        with autocast():
            drawn, logits = model.decoder(char, mean + noise * (0.5 * logvar).exp())
        weight = here * share * config.points
        near = F.smooth_l1_loss(drawn * scale, points * scale, reduction="none", beta=1.5).sum(-1) * 0.75
        # first differences: the path's direction and smoothness
        bent = (torch.diff(drawn, dim=1) - torch.diff(points, dim=1)) * (2 * scale)
        smooth = 0.5 * bent.square().sum(-1) * inside * weight[:, 1:]
        path = (near * weight).sum(1) + smooth.sum(1)
        existence = F.binary_cross_entropy_with_logits(logits, exist, reduction="none").sum(1)
        kl = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1)
        total = path + EXISTENCE * existence + config.kl * min(1.0, step / KL_WARMUP) * kl
        off = ((drawn.detach() - points).square().sum(-1) * here).sum() / here.sum()
        return {
            "loss": total.mean(), "path": path.mean(), "existence": existence.mean(), "kl": kl.mean(),
            "rms_px": off.sqrt() * UNIT,
        }  # fmt: skip

    average = train(run, "vae", model, config, loss, stop)
    assert isinstance(average, Vae)
    return average


def shaken(points: Tensor, config: VaeConfig, chance: torch.Generator) -> Tensor:
    """The points [n,P,2] with a slant, width and height that are a little different, each glyph by itself."""
    slant, wide, high = torch.randn(3, len(points), 1, generator=chance)
    up = points[..., 1] - BASELINE
    x = points[..., 0] * (config.size * wide).exp() - up * config.slant * slant
    return torch.stack([x, up * (config.size * high).exp() + BASELINE], dim=-1)


@torch.no_grad()
def posteriors(encoder: StrokeEncoder, glyphs: StrokeGlyphs, batch: int = 4096) -> tuple[Tensor, Tensor]:
    """Means and variances [n,V] of q(v | x, c)."""
    parts = [
        encoder(glyphs.points[i : i + batch], glyphs.exist[i : i + batch], glyphs.char[i : i + batch])
        for i in range(0, len(glyphs), batch)
    ]
    return torch.cat([mean for mean, _ in parts]), torch.cat([logvar for _, logvar in parts]).exp()

"""The evidence lower bound of one batch of writer groups, and its parts."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from train.model import CVAE
from train.recipe import TrainConfig


@dataclass(frozen=True)
class Noise:
    """Every random number that a step needs, drawn outside so that a step is a function of its inputs."""

    style: Tensor
    """Standard normal [g, S]."""
    variation: Tensor
    """Standard normal [g * k, V]."""
    hide: Tensor
    """Uniform [g * k]."""

    @classmethod
    def draw(cls, generator: torch.Generator, groups: int, group: int, style: int, variation: int) -> Noise:
        n = groups * group
        return cls(
            torch.randn(groups, style, generator=generator),
            torch.randn(n, variation, generator=generator),
            torch.rand(n, generator=generator),
        )

    def to(self, device: torch.device) -> Noise:
        return Noise(self.style.to(device), self.variation.to(device), self.hide.to(device))


def reconstruction(drawn: Tensor, target: Tensor, limit: float, slope: float, distance: float) -> tuple[Tensor, Tensor]:
    """Nats [n] of ink under Bernoulli(sigmoid(slope * drawn)), and the weighted absolute error of the field [n].

    The target field is clamped to ±limit; beyond the limit, on the right side, a drawn field is not pulled back.
    """
    ink = (target + 0.5).clamp(0, 1)
    bernoulli = F.binary_cross_entropy_with_logits(slope * drawn, ink, reduction="none").sum((1, 2))
    if distance == 0:
        return bernoulli, torch.zeros_like(bernoulli)
    clamped = target.clamp(-limit, limit)
    error = (drawn - clamped).abs()
    error = torch.where(clamped <= -limit, F.relu(drawn + limit), error)
    error = torch.where(clamped >= limit, F.relu(limit - drawn), error)
    return bernoulli, distance * error.sum((1, 2))


def group_loss(model: CVAE, field: Tensor, char: Tensor, seen: Tensor, noise: Noise, config: TrainConfig) -> dict[str, Tensor]:
    """Loss per glyph and its parts, in nats.

    field [g * k, H, H], char [g * k], seen [g, k]. KL(s) counts once a group, KL(v) once a glyph.
    """
    g, k = seen.shape
    ink = (field + 0.5).clamp(0, 1)
    s_mean, s_logvar, v_mean, v_logvar = model.encoder(ink, char)
    mean, logvar = model.group_posterior(s_mean.unflatten(0, (g, k)), s_logvar.unflatten(0, (g, k)), seen)
    style = (mean + noise.style * (0.5 * logvar).exp()).repeat_interleave(k, 0)
    variation = v_mean + noise.variation * (0.5 * v_logvar).exp()
    hidden = (noise.hide < config.hide_variation).float()
    drawn = model.decoder(char, style, variation, hidden)
    bernoulli, distance = reconstruction(drawn, field, model.decoder.LIMIT, config.slope, config.distance)
    kl_style = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1)
    kl_variation = model.variation_prior.kl(char, v_mean, v_logvar) * (1 - hidden)
    if model.training:
        model.variation_prior.update(char, v_mean, v_logvar)
    loss = (
        (bernoulli + distance).mean()
        + config.kl_style * kl_style.mean() / k
        + config.kl_variation * kl_variation.sum() / (1 - hidden).sum().clamp(min=1) * (1 - hidden).mean()
    )
    return {
        "loss": loss,
        "bernoulli": bernoulli.mean(),
        "distance": distance.mean(),
        "kl_style": kl_style.mean(),
        "kl_variation": kl_variation.sum() / (1 - hidden).sum().clamp(min=1),
    }

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
    """Standard normal [m, V]."""
    shown: Tensor
    """int64 [m]: the glyphs of the batch whose variation the decoder is given; the others' is hidden."""

    @classmethod
    def draw(
        cls, generator: torch.Generator, groups: int, group: int, style: int, variation: int, hide: float
    ) -> Noise:
        n = groups * group
        shown = torch.randperm(n, generator=generator)[round(n * hide) :].sort().values
        return cls(
            torch.randn(groups, style, generator=generator),
            torch.randn(len(shown), variation, generator=generator),
            shown,
        )

    def of(self, groups: slice, group: int) -> Noise:
        """That of some of the groups of `group` glyphs."""
        first, last = groups.start * group, groups.stop * group
        mine = (self.shown >= first) & (self.shown < last)
        return Noise(self.style[groups], self.variation[mine], self.shown[mine] - first)

    def to(self, device: torch.device) -> Noise:
        return Noise(self.style.to(device), self.variation.to(device), self.shown.to(device))


def reconstruction(
    drawn: Tensor, target: Tensor, limit: float, slope: float, distance: float, decide: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Nats [n] of ink under Bernoulli(sigmoid(slope * drawn)), and the weighted distance terms of the field [n].

    The distance terms are the absolute error, with the target clamped to ±limit (beyond the limit, on the right side, a
    drawn field is not pulled back), and `decide`: away from the target's edges a drawn field should be clearly ink or
    clearly paper, whichever it leans to, instead of the grey mean of two plausible shapes.
    """
    ink = (target + 0.5).clamp(0, 1)
    bernoulli = F.binary_cross_entropy_with_logits(slope * drawn, ink, reduction="none").sum((1, 2))
    if distance == decide == 0:
        return bernoulli, torch.zeros_like(bernoulli)
    clamped = target.clamp(-limit, limit)
    error = (drawn - clamped).abs()
    error = torch.where(clamped <= -limit, F.relu(drawn + limit), error)
    error = torch.where(clamped >= limit, F.relu(limit - drawn), error)
    undecided = torch.where(target.abs() >= 1, F.relu(1 - drawn.abs()), torch.zeros_like(drawn))
    return bernoulli, (distance * error + decide * undecided).sum((1, 2))


def flat_edges(drawn: Tensor) -> Tensor:
    """How far the edges of each field [n] fall short of a slope of one, summed over pixels within half a px of them.

    A signed distance has slope one wherever it is smooth (the eikonal equation; Gropp et al. 2020). Expected edges are
    flatter, which shows as grey, thin strokes.
    """
    with torch.autocast(drawn.device.type, enabled=False):
        inner = drawn[:, 1:-1, 1:-1]
        across = (drawn[:, 1:-1, 2:] - drawn[:, 1:-1, :-2]) / 2
        down = (drawn[:, 2:, 1:-1] - drawn[:, :-2, 1:-1]) / 2
        slope = torch.sqrt(across.square() + down.square() + 1e-6)
        return (F.relu(0.95 - slope) * (inner.abs() < 0.5)).sum((1, 2))


Posterior = tuple[Tensor, Tensor, Tensor]
"""Characters [m], means and log-variances [m, V] of q(v | x, c)."""


def group_loss(
    model: CVAE, field: Tensor, other: Tensor, char: Tensor, seen: Tensor, noise: Noise, config: TrainConfig
) -> tuple[dict[str, Tensor], Tensor, Posterior | None]:
    """Loss per glyph and its parts, in nats, the drawn styles [g * k, S], and the posteriors of the shown glyphs.

    Styles and posteriors carry no gradient. The variation prior is for the caller to update with the posteriors, after
    the step has been seen whole; None where the model has no variation.

    KL(s) counts once a group, KL(v) once a glyph that shows its variation.

    field [g * k, H, H] and char [g * k]: the glyphs, group by group; seen [g, r]: which of the first r of each group
    the hand is read from. other [m, H, H]: the shown glyphs as drawn with another pen. The variation is read from
    those, so it cannot carry the pen, which belongs to the hand; any q(v) gives a valid bound.
    """
    g, r = seen.shape
    k = len(field) // g
    ink = field.unflatten(0, (g, k))[:, :r].flatten(0, 1)
    s_mean, s_logvar, _, _ = model.encoder((ink + 0.5).clamp(0, 1), char.view(g, k)[:, :r].flatten())
    mean, logvar = model.group_posterior(s_mean.unflatten(0, (g, r)), s_logvar.unflatten(0, (g, r)), seen)
    style = (mean + noise.style * (0.5 * logvar).exp()).repeat_interleave(k, 0)
    kl_style = 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1)

    hidden = torch.ones_like(field[:, 0, 0]).index_fill(0, noise.shown, 0.0)
    variation = field.new_zeros(len(field), model.config.variation)
    kl_variation = field.new_zeros(1)
    posterior = None
    if model.config.variation:
        shown = char[noise.shown]
        _, _, v_mean, v_logvar = model.encoder((other + 0.5).clamp(0, 1), shown)
        variation = variation.index_copy(0, noise.shown, v_mean + noise.variation * (0.5 * v_logvar).exp())
        kl_variation = model.variation_prior.kl(shown, v_mean, v_logvar)
        posterior = shown, v_mean.detach(), v_logvar.detach()

    drawn = model.decoder(char, style, variation, hidden)
    bernoulli, distance = reconstruction(
        drawn, field, model.decoder.LIMIT, config.slope, config.distance, config.decide
    )
    flat = flat_edges(drawn).mean() if config.edge else drawn.new_zeros(())
    loss = (
        (bernoulli + distance).mean()
        + config.edge * flat
        + config.kl_style * kl_style.mean() / k
        + config.kl_variation * kl_variation.sum() / len(field)
    )
    parts = {
        "loss": loss,
        "bernoulli": bernoulli.mean(),
        "distance": distance.mean(),
        "flat": flat,
        "kl_style": kl_style.mean(),
        "kl_variation": kl_variation.sum() / max(1, len(kl_variation)),
    }
    return parts, style.detach(), posterior

"""The critic: tells glyphs drawn from the prior from real ones, given character and hand, so that they become alike.

The likelihood alone is content with the grey mean of two strokes that could be; a critic is not. It sees draws of
p(v | c, s), which the likelihood never does. Non-saturating loss (Goodfellow et al. 2014) with a gradient penalty on
real glyphs (R1: Mescheder et al. 2018) and a projection of the condition (Miyato and Koyama 2018). Only the decoder
learns from it: the ELBO stays the base of both posteriors.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from train.model import CVAE, ModelConfig, Reader, Trunk

WIDTH = 128
SHARPNESS = 2.5
"""Slope at which the critic sees a field: steep enough to see edges, flat enough to tell which way to move them."""
R1 = 2.0
R1_EVERY = 4
R1_GLYPHS = 16


class FieldCritic(nn.Module):
    """(field [n, H, H], char [n], style [n, S]) -> logits [n], positive for real glyphs."""

    def __init__(self, config: ModelConfig, characters: int, size: int = 64):
        super().__init__()
        self.trunk = Trunk((32, 64, 128), WIDTH, size)
        self.judge = nn.Linear(WIDTH, 1)
        self.by_char = nn.Embedding(characters, WIDTH)
        self.by_style = nn.Linear(config.style, WIDTH, bias=False)
        nn.init.zeros_(self.by_char.weight)
        nn.init.zeros_(self.by_style.weight)

    def forward(self, field: Tensor, char: Tensor, style: Tensor) -> Tensor:
        features = self.trunk(torch.sigmoid(SHARPNESS * field))
        condition = self.by_char(char) + self.by_style(style)
        logits: Tensor = self.judge(features).squeeze(1) + (features * condition).sum(1) / WIDTH**0.5
        return logits.float()

    def start_from(self, reader: Reader) -> None:
        """Begin with the features of a reader, if it has the same shape."""
        if {k: v.shape for k, v in reader.trunk.state_dict().items()} == {
            k: v.shape for k, v in self.trunk.state_dict().items()
        }:
            self.trunk.load_state_dict(reader.trunk.state_dict())


def critic_loss(
    critic: FieldCritic, real: Tensor, drawn: Tensor, char: Tensor, style: Tensor, penalised: int, weight: float = 1.0
) -> dict[str, Tensor]:
    """The critic's own loss per glyph, of real fields and as many drawn ones with the same conditions.

    The gradient is penalised on the first `penalised` glyphs; `weight` multiplies the mean over them, where they are
    not as large a share of all that is penalised as the glyphs are of the batch.
    """
    both = critic(torch.cat([real, drawn.detach()]), char.repeat(2), style.repeat(2, 1))
    on_real, on_drawn = both.chunk(2)
    loss = (F.softplus(-on_real) + F.softplus(on_drawn)).mean()
    penalty = loss.new_zeros(())
    if penalised:
        some = real[:penalised].detach().clone().requires_grad_()
        with torch.autocast(real.device.type, enabled=False):
            logits = critic(some, char[:penalised], style[:penalised])
            (slope,) = torch.autograd.grad(logits.sum(), some, create_graph=True)
        penalty = weight * slope.square().sum((1, 2)).mean()
        loss = loss + 0.5 * R1 * R1_EVERY * penalty
    told = ((on_real > 0).float().mean() + (on_drawn < 0).float().mean()) / 2
    return {"loss": loss, "told": told.detach(), "penalty": penalty.detach()}


def penalised_glyphs(part: int, parts: int, glyphs: int) -> tuple[int, float]:
    """How many of `glyphs` in this part of a batch of equal `parts` are penalised, and the weight of their mean.

    They are the first R1_GLYPHS of the whole batch, whatever its parts.
    """
    of_batch = min(R1_GLYPHS, parts * glyphs)
    mine = min(max(of_batch - part * glyphs, 0), glyphs)
    return mine, mine * parts / of_batch


def fooling_loss(critic: FieldCritic, drawn: Tensor, char: Tensor, style: Tensor) -> Tensor:
    """What the decoder loses per glyph that the critic takes for drawn."""
    return F.softplus(-critic(drawn, char, style)).mean()


def draw_from_prior(model: CVAE, prior: CVAE, char: Tensor, style: Tensor, noise: Tensor) -> Tensor:
    """Fields of `char` by the hands `style`, with variations of the priors last fitted (the averaged model's)."""
    with torch.no_grad():
        variation = prior.draw_variation(char, style.float(), noise)
    drawn: Tensor = model.decoder(char, style, variation)
    return drawn

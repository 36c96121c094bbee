"""The conditional VAE with two latents: p(field | character, style, variation).

Style `s` is shared by every glyph of one writer, variation `v` belongs to one glyph. The posterior of s is the
product of one Gaussian per glyph with the standard normal prior (group VAE: Bouchacourt et al. 2018, Hosoya 2019).
The prior of v is one Gaussian per character with full covariance, learned in the ELBO, since N(0, I) for all
characters has holes where no glyph lies.

Shapes: n glyphs, H the frame's size, S and V the sizes of style and variation, C the number of characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

GRID = 4  # pixels are folded 4x4 into channels, so that no convolution runs at full size
AnyModule = TypeVar("AnyModule", bound=nn.Module)


@dataclass(frozen=True)
class ModelConfig:
    """Sizes of the networks; part of the recipe."""

    style: int = 32
    """Size of the hand's vector s; 0 makes the plain CVAE."""
    variation: int = 16
    """Size of the glyph's own latent v."""
    embedding: int = 64
    """Size of a character's embedding."""
    hidden: int = 256
    """Width of the fully connected layers."""
    decoder: tuple[int, ...] = (128, 64, 48)
    """Channels of the decoder at 4, 8 and 16 px."""
    encoder: tuple[int, ...] = (32, 64, 128)
    """Channels of the encoder at 16, 8 and 4 px."""
    conditional_prior: bool = True
    """Fit p(v | c) to the posteriors; otherwise p(v) = N(0, I) for every character."""


def channels_last(network: AnyModule) -> AnyModule:
    """The network itself, its convolutions' weights laid out with the channels last, as processors like them."""
    layout: dict[str, Any] = {"memory_format": torch.channels_last}  # torch's own types of `to` lack it
    return network.to(**layout)


def scale_weights(module: nn.Module) -> None:
    """He et al. 2015: without normalisation, torch's own smaller weights would let the signal fade with depth."""
    for layer in module.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d) and layer.weight.any():  # those made zero stay so
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity; without normalisation, so that each glyph stands alone."""

    def __init__(self, channels: int, condition: int = 0):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        self.film = nn.Linear(condition, 2 * channels) if condition else None
        if self.film is not None:
            nn.init.zeros_(self.film.weight)
            nn.init.zeros_(self.film.bias)

    def forward(self, x: Tensor, condition: Tensor | None = None) -> Tensor:
        y: Tensor = self.first(x)
        if self.film is not None and condition is not None:
            scale, shift = self.film(condition)[:, :, None, None].chunk(2, dim=1)
            y = y * (1 + scale) + shift
        change: Tensor = self.second(F.relu(y))
        return x + change


class Decoder(nn.Module):
    """(character, style, variation) -> field [n, H, H] in frame px, positive inside the ink, within ±4.

    `hidden_variation` [n] marks glyphs whose variation is withheld in training, which forces the style to carry
    what one writer's letters have in common.
    """

    LIMIT = 4.0

    def __init__(self, config: ModelConfig, characters: int, size: int = 64):
        super().__init__()
        c4, c8, c16 = config.decoder
        self.seed_px = size // 16
        self.embedding = nn.Embedding(characters, config.embedding)
        self.inner = nn.Linear(config.embedding + config.style + config.variation + 1, config.hidden)
        self.outer = nn.Linear(config.hidden, config.hidden)
        self.spread = nn.Linear(config.hidden, c4 * self.seed_px**2)
        self.block4 = Residual(c4)
        self.up8 = nn.Conv2d(c4, c8 * 4, 1)
        self.block8 = Residual(c8, config.hidden)
        self.up16 = nn.Conv2d(c8, c16 * 4, 1)
        self.block16 = Residual(c16, config.hidden)
        self.draw = nn.Conv2d(c16, GRID * GRID, 1)
        scale_weights(self)
        assert self.draw.bias is not None
        nn.init.constant_(self.draw.bias, -2.0)  # paper, before anything is learned

    def forward(self, char: Tensor, style: Tensor, variation: Tensor, hidden_variation: Tensor | None = None) -> Tensor:
        """Field, not yet clamped (training needs the gradient beyond ±4); `field` clamps it."""
        if hidden_variation is None:
            hidden_variation = variation.new_zeros(variation.shape[0])
        flag = hidden_variation.unsqueeze(1)
        h = torch.cat([self.embedding(char), style, variation * (1 - flag), flag], dim=1)
        h = F.relu(self.outer(F.relu(self.inner(h))))
        x = F.relu(self.spread(h)).unflatten(1, (-1, self.seed_px, self.seed_px))
        x = self.block4(x)
        x = self.block8(F.relu(F.pixel_shuffle(self.up8(x), 2)), h)
        x = self.block16(F.relu(F.pixel_shuffle(self.up16(x), 2)), h)
        with torch.autocast(x.device.type, enabled=False):  # edges need more than bfloat16's 8 bits
            return F.pixel_shuffle(self.draw(F.relu(x).float()), GRID).squeeze(1)

    def field(self, char: Tensor, style: Tensor, variation: Tensor) -> Tensor:
        field: Tensor = self(char, style, variation)
        return field.clamp(-self.LIMIT, self.LIMIT)


class Trunk(nn.Module):
    """ink [n, H, H] in 0..1 -> features [n, width]; shared shape of encoder and reader."""

    def __init__(self, channels: tuple[int, ...], width: int, size: int = 64):
        super().__init__()
        c16, c8, c4 = channels
        self.first = nn.Conv2d(GRID * GRID, c16, 3, padding=1)
        self.block16 = Residual(c16)
        self.down8 = nn.Conv2d(c16, c8, 2, stride=2)
        self.block8 = Residual(c8)
        self.down4 = nn.Conv2d(c8, c4, 2, stride=2)
        self.block4 = Residual(c4)
        self.gather = nn.Linear(c4 * (size // 16) ** 2, width)
        scale_weights(self)

    def forward(self, ink: Tensor) -> Tensor:
        x = F.pixel_unshuffle(ink.unsqueeze(1), GRID)
        x = self.block16(F.relu(self.first(x)))
        x = self.block8(F.relu(self.down8(x)))
        x = self.block4(F.relu(self.down4(x)))
        return F.relu(self.gather(F.relu(x).flatten(1)))


class Encoder(nn.Module):
    """(ink, character) -> one glyph's Gaussian factor of q(s) and its q(v | x, c), as means and log-variances."""

    def __init__(self, config: ModelConfig, characters: int, size: int = 64):
        super().__init__()
        self.sizes = [config.style, config.style, config.variation, config.variation]
        self.trunk = Trunk(config.encoder, config.hidden, size)
        self.embedding = nn.Embedding(characters, config.embedding)
        self.mix = nn.Linear(config.hidden + config.embedding, config.hidden)
        scale_weights(self.mix)
        self.heads = nn.Linear(config.hidden, sum(self.sizes))
        nn.init.zeros_(self.heads.bias)

    def forward(self, ink: Tensor, char: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        h = torch.cat([self.trunk(ink), self.embedding(char)], dim=1)
        h = self.heads(F.relu(self.mix(h))).float()
        s_mean, s_logvar, v_mean, v_logvar = h.split(self.sizes, dim=1)
        return s_mean, s_logvar.clamp(-8, 8), v_mean, v_logvar.clamp(-8, 4)


class VariationPrior(nn.Module):
    """p(v | c): a Gaussian with mean and full covariance for each character.

    Its maximum-likelihood fit is known in closed form - the moments of the aggregated posterior - so it is not
    learned by gradient, which lags far behind the encoder, but follows those moments as they are seen. Characters
    with few glyphs lean on the covariance of all.
    """

    MEMORY = 200.0  # glyphs of a character after which old ones fade
    LEAN = 24.0  # how many glyphs the covariance of all characters is worth
    count: Tensor
    mean: Tensor
    covariance: Tensor

    def __init__(self, characters: int, variation: int, learned: bool = True):
        super().__init__()
        self.learned = learned
        self.register_buffer("count", torch.zeros(characters))
        self.register_buffer("mean", torch.zeros(characters, variation))
        self.register_buffer("covariance", torch.eye(variation).repeat(characters, 1, 1))

    @torch.no_grad()
    def update(self, char: Tensor, mean: Tensor, logvar: Tensor) -> None:
        """Take in the posteriors N(mean, exp(logvar)) [n, V] of some glyphs."""
        if not self.learned or mean.shape[1] == 0:
            return
        fresh = torch.zeros_like(self.count).index_add_(0, char, torch.ones_like(mean[:, 0]))
        total = self.count + fresh
        some = total.clamp(min=1)[:, None]
        centre = self.mean + torch.zeros_like(self.mean).index_add_(0, char, mean - self.mean[char]) / some
        outer = (mean - self.mean[char])[:, :, None] * (mean - centre[char])[:, None, :]  # Welford's update
        outer = (outer + outer.transpose(1, 2)) / 2 + torch.diag_embed(logvar.exp())
        grown = torch.zeros_like(self.covariance).index_add_(0, char, outer - self.covariance[char])
        self.covariance.add_(grown / some[:, :, None])
        self.mean.copy_(centre)
        self.count.copy_(total.clamp(max=self.MEMORY))

    def regular(self) -> Tensor:
        """Covariances [C, V, V], each leaning on that of all characters as far as it has few glyphs."""
        weight = (self.count + 1e-6)[:, None, None]
        pooled = (self.covariance * weight).sum(0) / weight.sum()
        eye = torch.eye(pooled.shape[0], dtype=pooled.dtype, device=pooled.device)
        pooled = 0.98 * pooled + 0.02 * eye
        return (self.count[:, None, None] * self.covariance + self.LEAN * pooled) / (
            self.count[:, None, None] + self.LEAN
        )

    def kl(self, char: Tensor, mean: Tensor, logvar: Tensor) -> Tensor:
        """KL(N(mean, exp(logvar)) || p(v | char)) in nats [n]; no gradient reaches the prior."""
        if not self.learned or mean.shape[1] == 0:
            return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).sum(1)
        with torch.no_grad():
            root = torch.linalg.cholesky(self.regular())
            precision = torch.cholesky_inverse(root)[char]
            log_det = 2 * root.diagonal(dim1=1, dim2=2).log().sum(1)[char]
        offset = mean - self.mean[char]
        distance = (offset[:, None, :] @ precision @ offset[:, :, None]).flatten()
        trace = (precision.diagonal(dim1=1, dim2=2) * logvar.exp()).sum(1)
        total: Tensor = trace + distance - mean.shape[1] + log_det - logvar.sum(1)
        return 0.5 * total


class CVAE(nn.Module):
    """Encoder, decoder and the priors.

    In the ELBO p(s) is N(0, I) and p(v | c) follows the posteriors. What is sampled is tighter and fitted at the end of
    every epoch (priors.py): a Gaussian p(s), and p(v | c, s), linear in s with a Gaussian rest for each character.
    """

    style_mean: Tensor
    style_root: Tensor
    variation_mean: Tensor
    variation_slope: Tensor
    variation_root: Tensor

    def __init__(self, config: ModelConfig, charset: list[str], size: int = 64):
        super().__init__()
        self.config, self.charset = config, charset
        c, s, v = len(charset), config.style, config.variation
        self.decoder = Decoder(config, c, size)
        self.encoder = Encoder(config, c, size)
        self.variation_prior = VariationPrior(c, v, config.conditional_prior)
        self.register_buffer("style_mean", torch.zeros(s))
        self.register_buffer("style_root", torch.eye(s))
        self.register_buffer("variation_mean", torch.zeros(c, v))
        self.register_buffer("variation_slope", torch.zeros(c, v, s))
        self.register_buffer("variation_root", torch.eye(v).repeat(c, 1, 1))

    def draw_style(self, noise: Tensor) -> Tensor:
        """Standard normal noise [n, S] -> draws of p(s) [n, S]."""
        return noise @ self.style_root.T + self.style_mean

    def draw_variation(self, char: Tensor, style: Tensor, noise: Tensor) -> Tensor:
        """Standard normal noise [n, V] -> draws of p(v | c, s) [n, V]."""
        given = (self.variation_slope[char] @ style.unsqueeze(2)).squeeze(2) + self.variation_mean[char]
        return given + (self.variation_root[char] @ noise.unsqueeze(2)).squeeze(2)

    def group_posterior(self, mean: Tensor, logvar: Tensor, seen: Tensor) -> tuple[Tensor, Tensor]:
        """q(s) of each group from its seen glyphs.

        mean, logvar [g, k, S], seen [g, k] in 0..1 -> mean, logvar [g, S].
        """
        precision = torch.exp(-logvar) * seen.unsqueeze(2)
        total = 1 + precision.sum(1)
        return (precision * mean).sum(1) / total, -total.log()


class Reader(nn.Module):
    """ink [n, H, H] -> logits [n, C] and features [n, width] for metrics and the legibility dial."""

    def __init__(self, characters: int, channels: tuple[int, ...] = (32, 64, 128), width: int = 128, size: int = 64):
        super().__init__()
        self.trunk = Trunk(channels, width, size)
        self.dropout = nn.Dropout(0.2)
        self.logits = nn.Linear(width, characters)

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        features = self.trunk(ink)
        return self.logits(self.dropout(features)), features

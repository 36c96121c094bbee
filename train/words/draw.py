"""The training of letters in context, in two stages.

`letters`: an encoder of letters in words, and a first decoder, as a variational pair whose prior is what the writer's
isolated letters tell. `context`: the decoder alone, from variations moved to where isolated letters have theirs, as
hands will give them.
"""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from train.arithmetic import autocast
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import UNIT, StrokeDecoder
from train.strokes.paths import Slots
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import RowSampler, Run, train
from train.strokes.vae import EXISTENCE, Vae
from train.words.beforehand import transport
from train.words.context import STAGE, ContextConfig, ContextEncoder, Contexts, JoinedDecoder, centred
from train.words.legible import ByChar, fit_reader

ENDS = 0.6
"""Weight of the height at which a joined stroke begins and ends, and of TURNED of its direction there."""
TURNED = 4.0
STAGES = "letters", "letters_reader", STAGE
UNLIKELY = 2.0
"""Letters with variations further than this from what is known beforehand (root mean square, in standard deviations),
or with a variance above UNTOLD in one of them, take no part in the second stage: they are no letters."""
UNTOLD = 3.0
PART = 4096


class Pair(nn.Module):
    """Encoder and decoder of letters in words, which one optimizer moves."""

    def __init__(self, vae: Vae, recipe: StrokeRecipe, config: ContextConfig) -> None:
        super().__init__()
        self.encoder = ContextEncoder(vae)
        self.decoder = _decoder(recipe, config)


class Alone(nn.Module):
    """The decoder, as a stage of its own."""

    def __init__(self, decoder: JoinedDecoder) -> None:
        super().__init__()
        self.decoder = decoder


def _decoder(recipe: StrokeRecipe, config: ContextConfig) -> JoinedDecoder:
    sizes = recipe.strokes
    return JoinedDecoder(len(sizes.characters), Slots(sizes.points), sizes.variation, config)


def fit_context(
    run: Run, recipe: StrokeRecipe, config: ContextConfig, vae: Vae, letters: Contexts, glyphs: StrokeGlyphs,
    isolated: tuple[Tensor, Tensor], stop: float | None = None,
) -> JoinedDecoder:  # fmt: skip
    """Train both stages, or load them where they are trained; `vae`'s decoder stands still.

    isolated: means and variances of the posteriors of `glyphs`.
    """
    torch.manual_seed(run.seed + 7)
    run = Run(run.folder, run.seed, run.recipe | {name: asdict(config) for name in STAGES})
    drawer = _ContextDrawer(vae.decoder.requires_grad_(False), recipe)
    pair = _fit_pair(run, recipe, config, vae, letters, drawer, stop)
    known = encoded(pair.encoder, letters)
    plain = torch.nonzero(_plain(known, letters)).squeeze(1)
    letters, known = letters.take(plain), (known[0][plain], known[1][plain])
    moved = transport(
        known, letters.char.numpy(), letters.context[:, 0].long().numpy(), letters.writer, glyphs, isolated,
        len(recipe.strokes.characters),
    )  # fmt: skip
    alone = Alone(_decoder(recipe, config))
    alone.decoder.load_state_dict(pair.decoder.state_dict())
    sampler, reads = _sampler(letters), fit_reader(run, recipe, letters, glyphs, config, stop)
    by_char = ByChar(glyphs.char, isolated)

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        rows = sampler(config.batch, chance)
        some = letters.take(rows)
        noise = torch.randn(config.batch, known[0].shape[1], generator=chance)
        variation = moved(known[0][rows] + noise * known[1][rows].sqrt(), some.char, some.context[:, 0].long())
        parts = drawer(alone.decoder, some, variation)
        # hands' own variations, of which nobody knows how they are written in words
        drawn, logits = drawer.drawn(alone.decoder, some, by_char(some.char, chance))
        unread = -reads(some.char, alone.decoder.met(drawn.float(), some.context), logits.float()).mean()
        return parts | {"loss": parts["loss"] + config.legible * unread, "unread": unread}

    result = train(run, STAGE, alone, config, loss, stop)
    assert isinstance(result, Alone)
    return result.decoder


def _fit_pair(
    run: Run, recipe: StrokeRecipe, config: ContextConfig, vae: Vae, letters: Contexts, drawer: _ContextDrawer,
    stop: float | None,
) -> Pair:  # fmt: skip
    pair, sampler = Pair(vae, recipe, config), _sampler(letters)

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        some = letters.take(sampler(config.batch, chance))
        with autocast():
            mean, logvar = pair.encoder(some.points, some.exist, some.char, some.context)
        variation = mean + torch.randn(mean.shape, generator=chance) * (0.5 * logvar).exp()
        parts = drawer(pair.decoder, some, variation)
        gap = (logvar.exp() + (mean - some.mean).square()) / some.variance
        kl = 0.5 * (gap - 1 - logvar + some.variance.log()).sum(1).mean()
        return parts | {"loss": parts["loss"] + config.kl * kl, "kl": kl}

    average = train(run, "letters", pair, config, loss, stop)
    assert isinstance(average, Pair)
    return average


def _sampler(letters: Contexts) -> RowSampler:
    return RowSampler(np.unique(letters.writer, return_inverse=True)[1], letters.char.numpy())


def _plain(known: tuple[Tensor, Tensor], letters: Contexts) -> Tensor:
    """bool [n]: letters whose variation is told by their strokes, and is not far from all that is usual."""
    off = ((known[0] - letters.mean).square() / letters.variance).mean(1).sqrt()
    return (off < UNLIKELY) & (known[1].amax(1) < UNTOLD)


@torch.no_grad()
def encoded(encoder: ContextEncoder, letters: Contexts) -> tuple[Tensor, Tensor]:
    """Means and variances [n,V] of letters' posteriors."""
    parts = [
        encoder(some.points, some.exist, some.char, some.context)
        for i in range(0, len(letters), PART)
        for some in [letters.take(torch.arange(i, min(i + PART, len(letters))))]
    ]
    return torch.cat([mean for mean, _ in parts]), torch.cat([logvar for _, logvar in parts]).exp()


class _ContextDrawer:
    """Draws letters, and measures how far they are from people's: the parts of the loss."""

    def __init__(self, isolated: StrokeDecoder, recipe: StrokeRecipe) -> None:
        self.isolated = isolated
        slots = Slots(recipe.strokes.points)
        self.owner = torch.from_numpy(slots.owner)
        self.share = (1 / torch.tensor(slots.points, dtype=torch.float32))[self.owner] * recipe.vae.points
        self.inside = (self.owner[1:] == self.owner[:-1]).float()
        self.scale, self.last = UNIT / recipe.vae.sigma, slots.points[0] - 1

    def drawn(self, decoder: JoinedDecoder, some: Contexts, variation: Tensor) -> tuple[Tensor, Tensor]:
        """Points and logits of letters of `variation` in the contexts of `some`, their ends not yet in place."""
        with autocast():
            points, exist = self.isolated(some.char, variation)
            points, exist = centred(points, exist, self.owner)
            return decoder.moved(some.char, variation, some.context, points, exist)

    def __call__(self, decoder: JoinedDecoder, some: Contexts, variation: Tensor) -> dict[str, Tensor]:
        drawn, logits = self.drawn(decoder, some, variation)
        points, scale = some.points, self.scale
        here = some.exist[:, self.owner]
        weight = here * self.share
        near = F.smooth_l1_loss(drawn * scale, points * scale, reduction="none", beta=1.5).sum(-1) * 0.75
        # first differences: the path's direction and smoothness
        bent = (torch.diff(drawn, dim=1) - torch.diff(points, dim=1)) * (2 * scale)
        smooth = 0.5 * bent.square().sum(-1) * self.inside * weight[:, 1:]
        path = (near * weight).sum(1) + smooth.sum(1)
        existence = F.binary_cross_entropy_with_logits(logits, some.exist, reduction="none").sum(1)
        tied = some.context[:, :2]
        up = torch.stack([(drawn - points)[:, at, 1] for at in (0, self.last)], dim=1)
        turned = torch.stack([_way(drawn, at) - _way(points, at) for at in ((0, 3), (self.last - 3, self.last))], dim=1)
        ends = ((up * scale).square() + TURNED * turned.square().sum(-1)) * tied
        total = path + EXISTENCE * existence + ENDS * ends.sum(1)
        off = ((drawn.detach() - points).square().sum(-1) * here).sum() / here.sum()
        height = (up.detach().square() * tied).sum() / tied.sum()
        return {
            "loss": total.mean(), "path": path.mean(), "existence": existence.mean(), "rms_px": off.sqrt() * UNIT,
            "end_px": height.sqrt() * UNIT,
        }  # fmt: skip


def _way(points: Tensor, ends: tuple[int, int]) -> Tensor:
    """Unit vectors [n,2] from one point of each glyph to another."""
    off = points[:, ends[1]] - points[:, ends[0]]
    unit: Tensor = off / off.norm(dim=1, keepdim=True).clamp(min=1e-3)
    return unit

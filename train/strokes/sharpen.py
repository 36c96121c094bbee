"""The fourth stage: a critic makes the few steps as lifelike as the flow.

A student that learns what a teacher drew from each noise learns the mean of what it cannot tell apart, so its glyphs
fall between forms. Here its steps get weights of their own, and a critic that sees latents and strokes tells them from
the teacher's glyphs and from people's (relativistic pairs with both gradient penalties: Huang et al., The GAN is dead;
long live the GAN, 2024). A reader of strokes keeps them legible. Neither is the reader of pictures, nor any judge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from handsynth.text.lookalikes import merge_table
from train import checkpoint
from train.arithmetic import autocast
from train.strokes.distil import PART, Pairs, Teacher
from train.strokes.factors import Factors
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import FewStepPrior, Steps, StrokeCritic, StrokeDecoder, StrokeReader
from train.strokes.paths import Slots
from train.strokes.prior import People
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import RowSampler, Run, train

PENALTY_EVERY = 4
"""Steps between gradient penalties."""
JITTER = 0.03
"""Noise of points that the reader of strokes learns from, in UNIT px."""
BETAS = 0.5, 0.98
Real = Callable[[int, torch.Generator], tuple[Tensor, Tensor, Tensor]]
"""(count, chance) -> characters, variations and styles of people's glyphs."""


class Game(nn.Module):
    """Steps and their critic, which one optimizer moves."""

    def __init__(self, steps: Steps, critic: StrokeCritic) -> None:
        super().__init__()
        self.steps, self.critic = steps, critic


@dataclass(frozen=True)
class Drawer:
    """What a critic sees of variations: their strokes."""

    decoder: StrokeDecoder
    owner: Tensor

    @classmethod
    def of(cls, decoder: StrokeDecoder, slots: Slots) -> Drawer:
        return cls(decoder, torch.from_numpy(slots.owner))

    def __call__(self, char: Tensor, variation: Tensor) -> Tensor:
        """Points of strokes as far as they exist, and whether they do: f32 [n,2P+K]."""
        with autocast():
            points, logits = self.decoder(char, variation)
        exist = torch.sigmoid(2 * logits.float())
        return torch.cat([(points.float() * exist[:, self.owner, None]).flatten(1), exist], dim=1)


def fit_sharp(
    run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, latents: tuple[Tensor, Tensor], factors: Factors,
    teacher: Teacher, decoder: StrokeDecoder, student: FewStepPrior, stop: float | None = None,
) -> Steps:  # fmt: skip
    """Train the steps against a critic, or load them where they are trained."""
    torch.manual_seed(recipe.seed + 4)
    config, sizes = recipe.sharpen, recipe.strokes
    count = len(sizes.characters)
    draw = Drawer.of(decoder, Slots(sizes.points))
    seen = 2 * sum(sizes.points) + len(sizes.points)
    critic = StrokeCritic(count, sizes.variation, seen, sizes.style, config.width, config.blocks)
    game = Game(Steps(student).requires_grad_(True), critic)
    if finished(run, config.steps):
        average = train(run, "sharpen", game, config, _nothing, stop, BETAS)
        assert isinstance(average, Game)
        return average.steps
    mean, deviation = latents[0], latents[1].sqrt() * recipe.prior.spread
    people, writer = People(factors, recipe.prior.blur), torch.from_numpy(glyphs.writer)
    sampler = RowSampler(glyphs.writer, glyphs.char.numpy())
    same = torch.from_numpy(np.asarray(merge_table(list(sizes.characters))))

    def real(count: int, chance: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Characters, variations and styles of people's glyphs."""
        rows = sampler(count, chance)
        noise = torch.randn(count, sizes.variation, generator=chance)
        return glyphs.char[rows], mean[rows] + deviation[rows] * noise, people(writer[rows], chance)

    reader = _reader(run, recipe, draw, real, stop)

    def legible(char: Tensor, drawn: Tensor) -> Tensor:
        """Log-probabilities [n] of the characters, look-alikes included."""
        logits = reader(drawn)
        return torch.logsumexp(logits.masked_fill(~same[char], -1e9), 1) - torch.logsumexp(logits, 1)

    known = _bank(run, recipe, teacher, factors, sampler, glyphs.char)
    with torch.no_grad():
        parts = range(0, len(known.char), PART)
        read = torch.cat([legible(c := known.char[i : i + PART], draw(c, known.drawn[i : i + PART])) for i in parts])
    good = torch.nonzero(read.exp() >= config.least).squeeze(1)
    weight = (1 / latents[1].mean(0)).clamp(1.0, 20.0)
    weight = weight / weight.mean()

    def batch(chance: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        char, variation, style = real(config.batch, chance)
        many = round(config.batch * config.teacher)
        rows = good[torch.randint(len(good), (many,), generator=chance)]
        char[:many], variation[:many], style[:many] = known.char[rows], known.drawn[rows], known.style[rows]
        order = torch.randperm(config.batch, generator=chance)
        return char[order], variation[order], style[order]

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        # the critic
        char, variation, style = batch(chance)
        noise = torch.randn(variation.shape, generator=chance)
        with torch.no_grad(), autocast():
            drawn = game.steps(noise, char, style).float()
        with torch.no_grad():
            pair = draw(char, variation), draw(char, drawn)
        if step % PENALTY_EVERY:
            with autocast():
                gap = critic(char, drawn, pair[1], style) - critic(char, variation, pair[0], style)
            told, penalty = F.softplus(gap).mean(), torch.zeros(())
        else:
            half = config.batch // 2
            inputs = [x[:half].clone().requires_grad_(True) for x in (variation, pair[0], drawn, pair[1])]
            ours = critic(char[:half], inputs[2], inputs[3], style[:half])
            theirs = critic(char[:half], inputs[0], inputs[1], style[:half])
            slopes = torch.autograd.grad([theirs.sum(), ours.sum()], inputs, create_graph=True)
            penalty = torch.stack([slope.square().sum(1).mean() for slope in slopes]).sum()
            told = F.softplus(ours - theirs).mean() + PENALTY_EVERY * config.gamma / 2 * penalty
        # the steps, before a critic that stands still
        char, variation, style = batch(chance)
        noise = torch.randn(variation.shape, generator=chance)
        still = {name: value.detach() for name, value in critic.named_parameters()}
        with autocast():
            drawn = game.steps(noise, char, style).float()
        looks = draw(char, drawn)
        with autocast():
            ours = functional_call(critic, still, (char, drawn, looks, style))
            with torch.no_grad():
                theirs = critic(char, variation, draw(char, variation), style)
            unread = -legible(char, looks).mean()
        fooled = F.softplus(theirs - ours).mean()
        rows = torch.randint(len(known.char), (config.batch // 2,), generator=chance)
        with autocast():
            again = game.steps(known.noise[rows], known.char[rows], known.style[rows]).float()
        off = ((again - known.drawn[rows]).square() * weight).mean()
        total = told + fooled + config.legible * unread + config.keep * off
        return {"loss": total, "critic": told, "steps": fooled, "unread": unread, "off": off, "penalty": penalty}

    average = train(run, "sharpen", game, config, loss, stop, BETAS)
    bank_path(run).unlink(missing_ok=True)
    assert isinstance(average, Game)
    return average.steps


def finished(run: Run, steps: int) -> bool:
    path = run.folder / "sharpen.pt"
    return path.is_file() and bool(checkpoint.load(path)["step"] >= steps)


def bank_path(run: Run) -> Path:
    """What the teacher drew for this stage, kept until it is done."""
    return run.folder / "sharp-pairs.pt"


def _nothing(step: int, chance: torch.Generator) -> dict[str, Tensor]:
    raise AssertionError("a finished stage takes no step")


def _bank(
    run: Run, recipe: StrokeRecipe, teacher: Teacher, factors: Factors, sampler: RowSampler, chars: Tensor
) -> Pairs:
    """The teacher's drawings: half in people's styles; two thirds of the characters as often as in the data."""
    path, sizes = bank_path(run), recipe.strokes
    if path.is_file():
        state = checkpoint.load(path)
        return Pairs(*(state[name] for name in ("noise", "char", "style", "drawn")))
    chance, people = run.generator("sharpen bank", 0), People(factors, recipe.prior.blur)
    parts: list[tuple[Tensor, ...]] = []
    for _ in range(0, recipe.sharpen.bank, PART):
        noise = torch.randn(PART, sizes.variation, generator=chance)
        char = chars[sampler(PART, chance)]
        char[::3] = torch.randint(len(sizes.characters), char[::3].shape, generator=chance)
        style = torch.randn(PART, sizes.style, generator=chance)
        some = torch.randint(len(factors.style), (PART // 2,), generator=chance)
        style[: PART // 2] = people(some, chance)
        parts.append((noise, char, style, teacher(noise, char, style)))
    result = Pairs(*(torch.cat(column) for column in zip(*parts, strict=True)))
    checkpoint.save(path, {name: getattr(result, name) for name in ("noise", "char", "style", "drawn")})
    return result


@dataclass(frozen=True)
class _LatentReaderConfig:
    steps: int
    learning_rate: float = 1.5e-3


def _reader(run: Run, recipe: StrokeRecipe, draw: Drawer, real: Real, stop: float | None) -> StrokeReader:
    """The reader of strokes, trained on people's latents as the decoder draws them."""
    sizes = recipe.strokes
    reader = StrokeReader(len(sizes.characters), 2 * sum(sizes.points) + len(sizes.points))

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        char, variation, _ = real(recipe.sharpen.batch, chance)
        with torch.no_grad():
            drawn = draw(char, variation)
        drawn = drawn + JITTER * torch.randn(drawn.shape, generator=chance)
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=chance)))  # dropout takes no generator
        with autocast():
            logits = reader(drawn)
        return {"loss": F.cross_entropy(logits, char, label_smoothing=0.02)}

    config = _LatentReaderConfig(recipe.sharpen.reader_steps)
    here = Run(run.folder, run.seed, run.recipe | {"strokes_reader": {"steps": config.steps}})
    average = train(here, "strokes_reader", reader, config, loss, stop)
    assert isinstance(average, StrokeReader)
    return average.requires_grad_(False)

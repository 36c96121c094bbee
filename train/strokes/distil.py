"""The third stage: the flow in few cheap steps, for export.

A teacher, the flow solved finely and guided away from a weak copy of itself (autoguidance: Karras et al. 2024), maps
noise to variations. The student learns the straight ways between them (rectified flow: Liu et al. 2023), then what its
few steps come to: that map is a function, so its mean is what is wanted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from torch import Tensor

from handsynth.files import atomic_path
from train.arithmetic import autocast
from train.strokes.factors import Factors
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.networks import FewStepPrior, Flow
from train.strokes.prior import People, fit_prior
from train.strokes.recipe import PriorConfig, StrokeRecipe
from train.strokes.stage import Run, train

PART = 8192
"""Pairs drawn at once."""
HOTTEST = 1.3
"""Noise of pairs is scaled by temperatures up to this, so that low ones are right, too."""
WEAK = PriorConfig(steps=4000, batch=512, width=128, blocks=1)
"""The weak copy."""
LARGEST_WEIGHT = 20.0


@dataclass(frozen=True)
class Pairs:
    """What the teacher drew: n drawings."""

    noise: Tensor
    """f32 [n,V]."""
    char: Tensor
    """int64 [n]."""
    style: Tensor
    """f32 [n,S]."""
    drawn: Tensor
    """f32 [n,V]."""


@dataclass(frozen=True)
class Teacher:
    """The trained flow, guided: velocities go `guidance` times as far from the weak copy's as its own do."""

    flow: Flow
    weak: Flow
    steps: int
    guidance: float

    @torch.no_grad()
    def __call__(self, noise: Tensor, char: Tensor, style: Tensor) -> Tensor:
        """Variations [n,V] from noise [n,V] by `steps` of Heun's method."""
        place, known = noise, torch.ones_like(noise[:, :1])

        def velocity(x: Tensor, t: Tensor) -> Tensor:
            with autocast():
                strong: Tensor = self.flow(x, t, char, style, known).float()
                if self.guidance == 1.0:
                    return strong
                weak: Tensor = self.weak(x, t, char, style, known).float()
            return weak + self.guidance * (strong - weak)

        for step in range(self.steps):
            t, length = torch.full_like(known, step / self.steps), 1 / self.steps
            first = velocity(place, t)
            second = velocity(place + length * first, t + length)
            place = place + length / 2 * (first + second)
        return place


def fit_weak(
    run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, latents: tuple[Tensor, Tensor], factors: Factors,
    stop: float | None = None,
) -> Flow:  # fmt: skip
    """The weak copy of the flow."""
    weak = replace(run, recipe=run.recipe | {"weak": asdict(WEAK)})
    return fit_prior(weak, replace(recipe, prior=WEAK), glyphs, latents, factors, stop, stage="weak")


def pairs(run: Run, recipe: StrokeRecipe, teacher: Teacher, factors: Factors, bank: int) -> Pairs:
    """The bank of that number, kept in the run's folder: all characters alike, hands of people and at random."""
    path = run.folder / f"pairs-{bank}.npz"
    names = ("noise", "char", "style", "drawn")
    about = json.dumps([recipe.distil.bank, recipe.distil.teacher, recipe.distil.guidance, run.recipe["prior"]])
    if path.is_file():
        with np.load(path, allow_pickle=False) as kept:
            if str(kept["about"]) == about:
                return Pairs(*(torch.from_numpy(kept[name]) for name in names))
    chance, sizes = run.generator("pairs", bank), recipe.strokes
    people = People(factors, recipe.prior.blur)
    parts: list[tuple[Tensor, ...]] = []
    for _ in range(0, recipe.distil.bank, PART):
        heat = HOTTEST * torch.rand(PART, 1, generator=chance).sqrt()
        noise = heat * torch.randn(PART, sizes.variation, generator=chance)
        char = torch.randint(len(sizes.characters), (PART,), generator=chance)
        style = torch.randn(PART, sizes.style, generator=chance)
        some = torch.randint(len(factors.style), (PART // 2,), generator=chance)
        style[: PART // 2] = people(some, chance)
        parts.append((noise, char, style, teacher(noise, char, style)))
    result = Pairs(*(torch.cat(column) for column in zip(*parts, strict=True)))
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez(file, about=about, **{name: getattr(result, name).numpy() for name in names})
    return result


def fit_student(
    run: Run, recipe: StrokeRecipe, teacher: Teacher, latents: tuple[Tensor, Tensor], factors: Factors,
    stop: float | None = None,
) -> FewStepPrior:  # fmt: skip
    """Train the student, or load it where it is trained."""
    torch.manual_seed(recipe.seed + 2)
    config, sizes = recipe.distil, recipe.strokes
    student = FewStepPrior(
        len(sizes.characters), sizes.variation, sizes.style, config.width, config.blocks, config.unrolled
    )
    # a dimension that the posteriors know well matters most in what is drawn
    weight = (1 / latents[1].mean(0)).clamp(1.0, LARGEST_WEIGHT)
    weight = weight / weight.mean()
    current: dict[int, Pairs] = {}

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        bank = step * config.banks // config.steps
        if bank not in current:
            current.clear()
            current[bank] = pairs(run, recipe, teacher, factors, bank)
        known = current[bank]
        rows = torch.randint(len(known.noise), (config.batch,), generator=chance)
        noise, char, style, drawn = known.noise[rows], known.char[rows], known.style[rows], known.drawn[rows]
        with autocast():
            if step < config.straight * config.steps:
                # at the times of the steps for the most part, and anywhere
                t = torch.rand(len(rows), 1, generator=chance)
                t[::2] = (t[::2] * config.unrolled).floor() / config.unrolled
                off = student.velocity(noise + t * (drawn - noise), t, char, style).float() - (drawn - noise)
            else:
                off = student(noise, char, style).float() - drawn
        square = off.square()
        return {"loss": (square * weight).mean(), "square": square.mean()}

    average = train(run, "distil", student, config, loss, stop)
    for path in run.folder.glob("pairs-*.npz"):  # half a gigabyte of no further use
        path.unlink()
    assert isinstance(average, FewStepPrior)
    return average

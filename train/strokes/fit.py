"""A stroke model from top to bottom: the stages of one run in one folder, each resumable."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor

from handsynth.errors import InputError
from train import checkpoint
from train.data.dataset import Dataset
from train.strokes.distil import Teacher, fit_student, fit_weak
from train.strokes.factors import Factors, fit_factors
from train.strokes.glyphs import StrokeGlyphs, load
from train.strokes.networks import FewStepPrior, PixelEncoder, Steps, StrokeCritic, StrokeDecoder
from train.strokes.pixels import fit_encoder
from train.strokes.prior import fit_prior
from train.strokes.recipe import StrokeRecipe
from train.strokes.samples import PICTURE, picture
from train.strokes.sharpen import Game, fit_sharp
from train.strokes.stage import Run
from train.strokes.vae import Vae, fit_vae, posteriors

RECIPE, DATA, FACTORS = "recipe.json", "data.json", "factors.pt"


def fit(
    recipe: StrokeRecipe, data: Dataset, folder: Path, *, resume: bool = False, keep: np.ndarray | None = None,
    stop: float | None = None,
) -> None:  # fmt: skip
    """Train `recipe` on the train split of `data` in `folder`: encoder and decoder, prior, its few-step form, photos.

    resume: go on where the run stopped; the recipe must be the run's own. keep: bool [n], glyphs of the dataset that
    may be used (see `train.clean`). stop: time.monotonic() at which to stop with a checkpoint. Raises InputError for a
    run that cannot be made or continued, DataError for data without strokes.
    """
    run = begin(recipe, data, folder, resume)
    glyphs = load(data, recipe.strokes, keep=keep)
    vae = fit_vae(run, recipe, glyphs, stop)
    latents = posteriors(vae.encoder, glyphs)
    factors = found_factors(run, recipe, glyphs, latents)
    flow = fit_prior(run, recipe, glyphs, latents, factors, stop)
    weak = fit_weak(run, recipe, glyphs, latents, factors, stop)
    teacher = Teacher(flow, weak, recipe.distil.teacher, recipe.distil.guidance)
    student = fit_student(run, recipe, teacher, latents, factors, stop)
    draw = fit_sharp(run, recipe, glyphs, latents, factors, teacher, vae.decoder, student, stop)
    fit_encoder(run, recipe, glyphs, vae, stop)
    picture(folder / PICTURE, recipe.strokes, vae.decoder, draw)


def found_factors(run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, latents: tuple[Tensor, Tensor]) -> Factors:
    """The writers' factors, computed once."""
    path = run.folder / FACTORS
    if not path.is_file():
        sizes = recipe.strokes
        fit_factors(
            latents[0].double().numpy(), glyphs.char.numpy(), glyphs.writer, glyphs.names, len(sizes.characters),
            sizes.style, recipe.seed,
        ).save(path)  # fmt: skip
    return Factors.load(path)


def begin(recipe: StrokeRecipe, data: Dataset, folder: Path, resume: bool) -> Run:
    """The run in `folder`, made or found. Raises InputError where there is one already, or another one."""
    path = folder / RECIPE
    if path.is_file() and not resume:
        raise InputError(f"{folder} holds a run already: add --resume to go on with it, or choose another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}; choose another folder") from error
    path.write_text(json.dumps(recipe.to_dict(), indent=1) + "\n", "utf-8")
    about = {"sources": data.manifest["sources"], "frame": data.frame.to_dict()}
    (folder / DATA).write_text(json.dumps(about, ensure_ascii=False) + "\n", "utf-8")
    return Run(folder, recipe.seed, json.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Trained:
    """What a finished run holds, averaged and in eval mode."""

    recipe: StrokeRecipe
    about: dict[str, Any]
    """`sources` and `frame` of the data."""
    decoder: StrokeDecoder
    draw: Steps
    encoder: PixelEncoder
    factors: Factors


def load_run(folder: Path) -> Trained:
    """Raises InputError where a stage is missing or not finished."""
    path = folder / RECIPE
    if not path.is_file():
        raise InputError(f"there is no run in {folder}; give the folder of `python -m train fit`")
    recipe = StrokeRecipe.from_dict(json.loads(path.read_text("utf-8")), str(path))
    sizes, size = recipe.strokes, json.loads((folder / DATA).read_text("utf-8"))
    count, distil, pixels = len(sizes.characters), recipe.distil, recipe.encoder
    vae = Vae(recipe)
    draw = FewStepPrior(count, sizes.variation, sizes.style, distil.width, distil.blocks, distil.unrolled)
    seen, sharp = 2 * sum(sizes.points) + len(sizes.points), recipe.sharpen
    game = Game(Steps(draw), StrokeCritic(count, sizes.variation, seen, sizes.style, sharp.width, sharp.blocks))
    encoder = PixelEncoder(count, sizes.variation, size["frame"]["size"], pixels.width, pixels.blocks)
    for stage, module, steps in (
        ("vae", vae, recipe.vae.steps), ("sharpen", game, sharp.steps), ("encoder", encoder, pixels.steps),
    ):  # fmt: skip
        state = checkpoint.load(folder / f"{stage}.pt")
        if state["step"] < steps:
            raise InputError(f"the stage {stage} of {folder} is at step {state['step']:,} of {steps:,}; add --resume")
        module.load_state_dict(state["average"])
        module.eval().requires_grad_(False)
    return Trained(recipe, size, vae.decoder, game.steps, encoder, Factors.load(folder / FACTORS))


def is_run(path: Path) -> bool:
    """Whether `path` is the folder of a stroke model's run."""
    try:
        return bool(json.loads((path / RECIPE).read_text("utf-8")).get("draws") == "strokes")
    except (OSError, ValueError, AttributeError):
        return False

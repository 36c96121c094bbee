"""From the letters found in words to a decoder of letters in context, for a stroke model that is trained."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from handsynth.errors import DataError, InputError
from handsynth.text.charset import index_table
from train import checkpoint
from train.data.dataset import Dataset
from train.lookalikes import merge_table
from train.reader import load_reader
from train.strokes.factors import Factors
from train.strokes.fit import FACTORS, RECIPE, is_run
from train.strokes.glyphs import load
from train.strokes.ink import ink
from train.strokes.paths import Slots
from train.strokes.recipe import StrokeRecipe
from train.strokes.stage import Run
from train.strokes.vae import Vae, posteriors
from train.words.beforehand import Beforehand
from train.words.context import ContextConfig, Contexts, JoinedDecoder, contexts
from train.words.draw import fit_context
from train.words.letters import Cut

LEAST = 0.02
"""Letters of which a reader gives their character less probability are left out: they may be cut wrongly."""
PEN = 2.5
PART = 1024


def teach(
    cuts: Sequence[Cut], model: Path, data: Path, folder: Path, reader: str | Path, config: ContextConfig | None = None,
    seed: int = 0, say: Callable[[str], None] = print, stop: float | None = None,
) -> JoinedDecoder:  # fmt: skip
    """Train letters in context in `folder`, for the stroke model of the run `model` that was trained on `data`.

    Goes on where it was stopped. Raises InputError for a run without strokes, DataError where no letter is left.
    """
    recipe, vae = stroke_model(model)
    glyphs = load(Dataset.open(data), recipe.strokes)
    isolated = posteriors(vae.encoder, glyphs)
    beforehand = Beforehand(glyphs, isolated[0], Factors.load(model / FACTORS))
    letters = contexts(cuts, recipe, beforehand)
    kept = np.flatnonzero(read(reader, letters, recipe) >= LEAST) if len(letters) else np.zeros(0, np.int64)
    say(f"{len(kept):,} of {len(letters):,} joined letters are read as what they are")
    if not len(kept):
        raise DataError("no joined letter is left to learn from; give more words, or another reader")
    letters = letters.take(torch.from_numpy(kept))
    return fit_context(Run(folder, seed, {}), recipe, config or ContextConfig(), vae, letters, glyphs, isolated, stop)


def stroke_model(folder: Path) -> tuple[StrokeRecipe, Vae]:
    """The recipe and the averaged first stage of a run."""
    if not is_run(folder):
        raise InputError(f"{folder} is no run of a stroke model; give the folder of `python -m train fit default`")
    recipe = StrokeRecipe.from_dict(json.loads((folder / RECIPE).read_text("utf-8")), str(folder / RECIPE))
    vae = Vae(recipe)
    vae.load_state_dict(checkpoint.load(folder / "vae.pt")["average"])
    return recipe, vae.eval()


@torch.no_grad()
def read(reader: str | Path, letters: Contexts, recipe: StrokeRecipe) -> np.ndarray:
    """Probability [n] that a reader gives to what each letter is, look-alikes taken as one."""
    module, state = load_reader(reader)
    known, slots = list(state["charset"]), Slots(recipe.strokes.points)
    same = torch.from_numpy(merge_table(known)).float()
    index = index_table(known)
    label = torch.tensor([index.get(char, -1) for char in recipe.strokes.characters])[letters.char]
    parts = []
    for start in range(0, len(letters), PART):
        some = letters.take(torch.arange(start, min(start + PART, len(letters))))
        drawn = ink(some.points.numpy(), some.exist.numpy(), slots, np.full(len(some), PEN))
        parts.append(module(torch.from_numpy(drawn).float() / 255)[0].softmax(1))
    found = (torch.cat(parts) * same[label.clamp(min=0)]).sum(1)
    return torch.where(label >= 0, found, torch.ones_like(found)).numpy()

"""Training from top to bottom: `fit` makes or continues a run in one folder.

A run holds recipe.json, checkpoint.pt, metrics.jsonl and generated_images/. Every random number depends on
(seed, step) alone, so a run that is killed and resumed ends in the same bits as one that was not. Of several processes
that train together one writes all of this.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.data.dataset import Dataset
from train.journal import RunJournal
from train.learner import Learner
from train.model import CVAE, Reader
from train.parallel import ProcessGroup
from train.plan import BatchPlan, accumulated
from train.priors import fit_priors
from train.recipe import TrainConfig, TrainRecipe
from train.samples import sample_grid
from train.start import Start, load_start, load_weights

LOG_EVERY = 50  # steps between lines of the metrics log; the end of an epoch has one too


def fit(
    recipe: TrainRecipe,
    data: Dataset,
    run: Path,
    *,
    resume: bool = False,
    start: Path | None = None,
    keep: np.ndarray | None = None,
    critic_start: Reader | None = None,
    stop_after: int | None = None,
    on_step: Callable[[int], None] | None = None,
    processes: ProcessGroup | None = None,
) -> CVAE:
    """Train `recipe` on the train split of `data` in the folder `run`; returns the averaged model.

    resume: go on where the run's checkpoint stopped (the recipe is then the run's own).
    start: a checkpoint or model folder whose weights to begin from (same networks); its characters are kept.
    keep: bool [n], glyphs of the dataset that may be used (see `clean`).
    critic_start: a reader whose features the critic begins with, if the recipe has one.
    stop_after: stop cleanly, with a checkpoint, after this many steps of the whole run.
    on_step: called after each step (tests).
    processes: the processes that train together (see `parallel`), each of which calls this with the same arguments.

    Raises InputError for a run that cannot be made or continued, DataError for data that cannot be trained on.
    """
    processes = processes or ProcessGroup()
    with processes.together():
        state = _prepare_run(run, recipe, resume, processes)
        recipe = TrainRecipe.from_dict(state["recipe"], str(run)) if state else recipe
        config = recipe.train
        parts = state.get("parts", 1) if state else config.accumulate * processes.size
        mine = _own_parts(parts, processes)
        plan = BatchPlan(recipe, data, _usable(recipe, data, keep), parts)
        begin = load_start(start) if start is not None else None
        charset = _charset(state, begin, data, plan)
        learner = Learner(recipe, data, charset, parts, processes)
        if begin is not None:
            load_weights(learner.model, begin)
        if learner.critic is not None and critic_start is not None:
            learner.critic.start_from(critic_start)
    first: int = state["step"] if state else 0
    steps_per_epoch = config.steps_per_epoch or plan.batches.steps_per_pass
    total = config.epochs * steps_per_epoch
    last = min(total, stop_after or total)
    processes.agree(json.dumps([recipe.to_dict(), charset, first]).encode(), plan.batches.rows.tobytes())
    learner.begin(state)
    about = {"recipe": recipe.to_dict(), "charset": charset, "frame": data.frame.to_dict(),
             "data": data.manifest["sources"], "parts": parts}  # fmt: skip
    with RunJournal(run, processes, about, state, total) as journal:
        for step in range(first + 1, last + 1):
            epoch = (step - 1) // steps_per_epoch
            found = learner.step(step - 1, plan(step - 1, mine), learning_rate(config, step - 1, total, epoch))
            if not np.isfinite(found["norm"]):
                raise InputError(f"{run}: the loss is not finite at step {step - 1}; lower the learning rate")
            journal.add(found, plan.batches.size)
            ends = step % steps_per_epoch == 0
            if ends or step % LOG_EVERY == 0:
                journal.write(step, epoch + 1)
            if ends:
                if processes.leads:
                    limit = 400 if step == total else 60
                    fit_priors(learner.average, data, plan.batches.rows, learner.lookup, limit=limit)
                    sample_grid(learner.average, run / "generated_images" / f"epoch_{epoch + 1:03d}.png")
                learner.share_priors()
            if ends or step % config.checkpoint_every == 0 or step == last:
                journal.save(step, step // steps_per_epoch, learner.state)
            if on_step:
                on_step(step)
    return learner.average


def learning_rate(config: TrainConfig, step: int, total: int, epoch: int) -> float:
    """Warm-up, then a cosine to a hundredth of the peak, or a factor an epoch."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    if config.schedule == "epoch":
        return config.learning_rate * warm * config.decay**epoch
    done = step / max(1, total)
    return config.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1 + float(np.cos(np.pi * done))))


def load_model(path: str | Path) -> tuple[CVAE, dict[str, Any]]:
    """The averaged model of a run or checkpoint, in float32 and eval mode, with the checkpoint's other entries."""
    state = checkpoint.load(path)
    recipe = TrainRecipe.from_dict(state["recipe"], str(path))
    model = CVAE(recipe.model, state["charset"], state["frame"]["size"])
    model.load_state_dict(state["average"])
    return model.eval(), state


def _prepare_run(run: Path, recipe: TrainRecipe, resume: bool, processes: ProcessGroup) -> dict[str, Any] | None:
    """The state of the run, None for a new one, whose folder is made."""
    exists = (run / checkpoint.NAME).is_file()
    if exists and not resume:
        raise InputError(f"{run} holds a run already: add --resume to go on with it, or choose another folder")
    try:
        (run / "generated_images").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {run}: {error.strerror}; choose another folder") from error
    if exists:
        return checkpoint.load(run)
    if processes.leads:
        (run / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1) + "\n", "utf-8")
    return None


def _usable(recipe: TrainRecipe, data: Dataset, keep: np.ndarray | None) -> np.ndarray:
    """Rows of the train split with the recipe's characters, of those that may be used."""
    usable = np.asarray(data.split) == 0
    if recipe.data.characters:
        usable &= np.isin(data.codepoints, [ord(c) for c in recipe.data.characters])
    if keep is not None:
        usable &= keep
    return np.flatnonzero(usable)


def _own_parts(parts: int, processes: ProcessGroup) -> range:
    """Which of a batch's parts this process takes."""
    each = accumulated(parts, processes.size)
    return range(processes.rank * each, (processes.rank + 1) * each)


def _charset(state: dict[str, Any] | None, begin: Start | None, data: Dataset, plan: BatchPlan) -> list[str]:
    """What the model is to draw: the glyphs' characters, and what the weights to begin from can draw."""
    if state:
        charset: list[str] = state["charset"]
    else:
        met = {chr(c) for c in np.unique(plan.batches.codepoints)}
        charset = sorted(met | set(begin.charset if begin else []))
    if len(charset) < 2:
        raise DataError(f"{data.path} has glyphs of one character only; prepare data with at least two")
    return charset

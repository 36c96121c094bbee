"""Training from top to bottom: `fit` makes or continues a run in one folder.

A run holds recipe.json, checkpoint.pt, metrics.jsonl and generated_images/. Every random number depends on
(seed, step) alone, so a run that is killed and resumed ends in the same bits as one that was not. Of several processes
that train together one writes all of this.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.data.dataset import Dataset
from train.learner import Learner
from train.model import CVAE, Reader
from train.parallel import ProcessGroup
from train.plan import BatchPlan, accumulated
from train.priors import fit_priors
from train.recipe import TrainConfig, TrainRecipe
from train.samples import sample_grid
from train.start import load_start, load_weights

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
        if state is not None:
            recipe = TrainRecipe.from_dict(state["recipe"], str(run))
        config = recipe.train
        parts = state.get("parts", 1) if state else config.accumulate * processes.size
        each = accumulated(parts, processes.size)
        mine = range(processes.rank * each, (processes.rank + 1) * each)
        plan = BatchPlan(recipe, data, _usable(recipe, data, keep), parts)
        begin = load_start(start) if start is not None else None
        if state:
            charset = state["charset"]
        else:
            # what the weights to begin from can draw, the new model can draw, too
            met = {chr(c) for c in np.unique(plan.batches.codepoints)}
            charset = sorted(met | set(begin.charset if begin else []))
        if len(charset) < 2:
            raise DataError(f"{data.path} has glyphs of one character only; prepare data with at least two")
        learner = Learner(recipe, data, charset, parts, processes)
        if begin is not None:
            load_weights(learner.model, begin)
        if learner.critic is not None and critic_start is not None:
            learner.critic.start_from(critic_start)
    step: int = state["step"] if state else 0
    sums: dict[str, float] = dict(state["sums"]) if state else {}
    steps_per_epoch = config.steps_per_epoch or plan.batches.steps_per_pass
    total = config.epochs * steps_per_epoch
    processes.agree(json.dumps([recipe.to_dict(), charset, step]).encode(), plan.batches.rows.tobytes())
    learner.begin(state)

    def save() -> None:
        whole = _mean(sums, processes)
        if not processes.leads:
            return
        checkpoint.save(
            run / checkpoint.NAME,
            {
                "recipe": recipe.to_dict(),
                "charset": charset,
                "frame": data.frame.to_dict(),
                "data": data.manifest["sources"],
                **learner.state(),
                "parts": parts,
                "step": step,
                "sums": whole,  # of the loss parts since the last line of the log
                # the state of every generator and of the sampler: all are functions of these
                "random": {"seed": config.seed, "step": step, "epoch": step // steps_per_epoch},
            },
        )

    log = run / "metrics.jsonl"
    if processes.leads:
        _truncate_log(log, step)
    began, seen_images = time.monotonic(), 0
    last = min(total, stop_after or total)
    columns = (
        TextColumn("epoch {task.fields[epoch]}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[status]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, refresh_per_second=2, disable=not processes.leads) as progress:
        task = progress.add_task("fit", total=total, completed=step, epoch="-", status="")
        while step < last:
            epoch = step // steps_per_epoch
            found = learner.step(step, plan(step, mine), learning_rate(config, step, total, epoch))
            if not np.isfinite(found["norm"]):
                raise InputError(f"{run}: the loss is not finite at step {step}; lower the learning rate")
            step += 1
            seen_images += plan.batches.size
            sums = {k: sums.get(k, 0.0) + v for k, v in found.items()} | {"steps": sums.get("steps", 0) + 1}
            if step % LOG_EVERY == 0 or step % steps_per_epoch == 0:
                rate = seen_images / (time.monotonic() - began)
                whole = _mean(sums, processes)
                steps = whole.pop("steps")
                line = {k: round(v / steps, 4) for k, v in whole.items()}
                if processes.leads:
                    _append(log, {"step": step, "epoch": epoch + 1, **line, "images_per_s": round(rate)})
                status = f"loss {line['loss']:.1f} ink {line['bernoulli']:.1f} KL(s) {line['kl_style']:.1f} "
                status += f"KL(v) {line['kl_variation']:.1f} {rate:.0f} images/s"
                progress.update(task, completed=step, epoch=epoch + 1, status=status)
                sums = {}
            if step % steps_per_epoch == 0 or step == total:
                if processes.leads:
                    limit = 400 if step == total else 60
                    fit_priors(learner.average, data, plan.batches.rows, learner.lookup, limit=limit)
                    sample_grid(learner.average, run / "generated_images" / f"epoch_{step // steps_per_epoch:03d}.png")
                learner.share_priors()
                save()
            elif step % config.checkpoint_every == 0 or step == last:
                save()
            if on_step:
                on_step(step)
    return learner.average


def _mean(sums: dict[str, float], processes: ProcessGroup) -> dict[str, float]:
    """The mean over all processes, each of which has the same names."""
    if processes.size == 1 or not sums:
        return dict(sums)
    values = processes.mean(torch.tensor(list(sums.values()), dtype=torch.float64))
    return dict(zip(sums, values.tolist(), strict=True))


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


def _append(path: Path, line: dict[str, Any]) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _truncate_log(path: Path, step: int) -> None:
    """Forget lines beyond the checkpoint: those steps are run again."""
    if not path.is_file():
        return
    lines = [line for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
    kept = [line for line in lines if json.loads(line)["step"] <= step]
    temporary = path.with_suffix(".tmp")
    temporary.write_text("".join(line + "\n" for line in kept), "utf-8")
    os.replace(temporary, path)

"""Training from top to bottom: `fit` makes or continues a run in one folder.

A run holds recipe.json, checkpoint.pt, metrics.jsonl and generated_images/. Every random number depends on
(seed, step) alone, so a run that is killed and resumed ends in the same bits as one that was not.
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
from torch import Tensor

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.augment import augment, draw_parameters, redraw
from train.batches import Batch, Batches
from train.critic import R1_EVERY, Critic, critic_loss, draw_from_prior, fooling_loss
from train.data.dataset import Dataset
from train.loss import Noise, flat_edges, group_loss
from train.model import CVAE, Reader
from train.priors import fit_priors
from train.recipe import AugmentConfig, Recipe
from train.samples import sample_grid
from train.start import load_weights

LOG_EVERY = 50  # steps between lines of the metrics log; the end of an epoch has one too


def fit(
    recipe: Recipe,
    data: Dataset,
    run: Path,
    *,
    resume: bool = False,
    start: Path | None = None,
    keep: np.ndarray | None = None,
    critic_start: Reader | None = None,
    stop_after: int | None = None,
    on_step: Callable[[int], None] | None = None,
) -> CVAE:
    """Train `recipe` on the train split of `data` in the folder `run`; returns the averaged model.

    resume: go on where the run's checkpoint stopped (the recipe is then the run's own).
    start: a checkpoint or model folder whose weights to begin from (same networks).
    keep: bool [n], glyphs of the dataset that may be used (see `clean`).
    critic_start: a reader whose features the critic begins with, if the recipe has one.
    stop_after: stop cleanly, with a checkpoint, after this many steps of the whole run.
    on_step: called after each step (tests).
    """
    state = _prepare_run(run, recipe, resume)
    if state is not None:
        recipe = Recipe.from_dict(state["recipe"], str(run))
    config = recipe.train
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

    usable = np.asarray(data.split) == 0
    if recipe.data.characters:
        usable &= np.isin(data.codepoints, [ord(c) for c in recipe.data.characters])
    if keep is not None:
        usable &= keep
    batches = Batches(data, recipe.data, np.flatnonzero(usable), config.seed)
    charset = state["charset"] if state else [chr(c) for c in np.unique(batches.codepoints)]
    if len(charset) < 2:
        raise DataError(f"{data.path} has glyphs of one character only; prepare data with at least two")
    lookup = _char_lookup(charset)
    steps_per_epoch = config.steps_per_epoch or batches.steps_per_pass
    total = config.epochs * steps_per_epoch

    torch.manual_seed(config.seed)  # initial weights
    model = CVAE(recipe.model, charset, data.frame.size)
    average = CVAE(recipe.model, charset, data.frame.size)
    if start is not None:
        load_weights(model, start)
    average.load_state_dict(model.state_dict())
    model.to(device, memory_format=torch.channels_last).train()
    average.to(device, memory_format=torch.channels_last).eval()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, betas=(0.9, 0.98), fused=True
    )
    critic = None
    if config.critic:
        critic = Critic(recipe.model, len(charset), data.frame.size)
        if critic_start is not None:
            critic.start_from(critic_start)
        critic.to(device, memory_format=torch.channels_last)
        critic_optimizer = torch.optim.Adam(critic.parameters(), lr=config.critic_rate, betas=(0.0, 0.99), fused=True)
    step = 0
    sums: dict[str, float] = {}
    if state is not None:
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
        if critic is not None:
            critic.load_state_dict(state["critic"]["model"])
            critic_optimizer.load_state_dict(state["critic"]["optimizer"])
        step = state["step"]
        sums = dict(state["sums"])

    def save() -> None:
        checkpoint.save(
            run / checkpoint.NAME,
            {
                "recipe": recipe.to_dict(),
                "charset": charset,
                "frame": data.frame.to_dict(),
                "data": data.manifest["sources"],
                "model": model.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "critic": critic and {"model": critic.state_dict(), "optimizer": critic_optimizer.state_dict()},
                "step": step,
                "sums": sums,  # of the loss parts since the last line of the log
                # the state of every generator and of the sampler: all are functions of these
                "random": {"seed": config.seed, "step": step, "epoch": step // steps_per_epoch},
            },
        )

    log = run / "metrics.jsonl"
    _truncate_log(log, step)
    parameters = list(model.parameters())
    began, seen_images = time.monotonic(), 0
    last = min(total, stop_after or total)
    columns = (
        TextColumn("epoch {task.fields[epoch]}"), BarColumn(), MofNCompleteColumn(),
        TextColumn("{task.fields[status]}"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, refresh_per_second=2) as progress:
        task = progress.add_task("fit", total=total, completed=step, epoch="-", status="")
        while step < last:
            epoch = step // steps_per_epoch
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(config, step, total, epoch)
            batch = batches(step)
            generator = torch.Generator().manual_seed(config.seed * 1_000_003 + step)
            sizes = (*batch.rows.shape, recipe.model.style, recipe.model.variation)
            noise = Noise.draw(generator, *sizes, config.hide_variation)
            field, other = draw_batch(batch, noise.shown.numpy(), data, recipe, step, device)
            char = torch.from_numpy(lookup[data.codepoints[batch.rows.ravel()]]).to(device)
            seen = torch.from_numpy(batch.seen).to(device)
            with torch.autocast(device.type, torch.bfloat16):
                parts, style = group_loss(model, field, other, char, seen, noise.to(device), config)
            optimizer.zero_grad(set_to_none=True)
            parts["loss"].backward()
            if critic is not None and step >= config.critic_from:
                k = batch.rows.shape[1]  # the last of each group: the hand is not read from those
                judged = torch.arange(len(char), device=device).view(-1, k)[:, k - config.critic_glyphs :].ravel()
                real, given = field[judged], (char[judged], style[judged])
                fresh = torch.randn(len(judged), recipe.model.variation, generator=generator).to(device)
                critic.requires_grad_(False)
                with torch.autocast(device.type, torch.bfloat16):
                    drawn = draw_from_prior(model, average, *given, fresh)
                    fooling = fooling_loss(critic, drawn, *given)
                flat = flat_edges(drawn).mean() * config.edge * len(drawn) / len(field) if config.edge else 0.0
                (config.critic * fooling + flat).backward()
                critic.requires_grad_(True)
                with torch.autocast(device.type, torch.bfloat16):
                    judgement = critic_loss(critic, real, drawn, *given, penalise=step % R1_EVERY == 0)
                critic_optimizer.zero_grad(set_to_none=True)
                judgement["loss"].backward()
                torch.nn.utils.clip_grad_norm_(critic.parameters(), 50.0)
                critic_optimizer.step()
                parts |= {"fooling": fooling.detach(), "told": judgement["told"]}
            norm = torch.nn.utils.clip_grad_norm_(parameters, config.clip)
            if not torch.isfinite(norm):
                raise InputError(f"{run}: the loss is not finite at step {step}; lower the learning rate")
            optimizer.step()
            step += 1
            _update_average(average, model, config.ema, step)
            seen_images += len(char)
            sums = {k: sums.get(k, 0.0) + float(v.detach()) for k, v in (parts | {"norm": norm}).items()} | {
                "steps": sums.get("steps", 0) + 1
            }
            if step % LOG_EVERY == 0 or step % steps_per_epoch == 0:
                rate = seen_images / (time.monotonic() - began)
                steps = sums.pop("steps")
                line = {k: round(v / steps, 4) for k, v in sums.items()}
                _append(log, {"step": step, "epoch": epoch + 1, **line, "images_per_s": round(rate)})
                status = f"loss {line['loss']:.1f} ink {line['bernoulli']:.1f} KL(s) {line['kl_style']:.1f} "
                status += f"KL(v) {line['kl_variation']:.1f} {rate:.0f} images/s"
                progress.update(task, completed=step, epoch=epoch + 1, status=status)
                sums = {}
            if step % steps_per_epoch == 0 or step == total:
                fit_priors(average, data, batches.rows, lookup, limit=400 if step == total else 60)
                sample_grid(average, run / "generated_images" / f"epoch_{step // steps_per_epoch:03d}.png")
                save()
            elif step % config.checkpoint_every == 0 or step == last:
                save()
            if on_step:
                on_step(step)
    return average


def draw_batch(
    batch: Batch, shown: np.ndarray, data: Dataset, recipe: Recipe, step: int, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Fields [g * k, H, H] with one pen, slant and size a group, and the `shown` ones with another pen [m, H, H]."""
    g, k = batch.rows.shape
    rows = batch.rows.ravel()
    field = torch.from_numpy(data.fields[rows]).to(device).float() / 16
    if recipe.augment == AugmentConfig():
        return field, field[shown]
    random = np.random.Generator(np.random.Philox(key=recipe.train.seed, counter=[0, 0, 3, step]))
    pens = torch.from_numpy(data.pens[rows]).to(device)
    drawn, others = (
        torch.from_numpy(np.repeat(draw_parameters(recipe.augment, g, random), k, axis=0)).to(device) for _ in range(2)
    )
    field = augment(field, pens, drawn, data.frame)
    return field, redraw(field[shown], pens[shown], drawn[shown], others[shown])


def learning_rate(config: Any, step: int, total: int, epoch: int) -> float:
    """Warm-up, then a cosine to a hundredth of the peak, or a factor an epoch."""
    warm = min(1.0, (step + 1) / config.warmup) if config.warmup else 1.0
    if config.schedule == "epoch":
        return config.learning_rate * warm * config.decay**epoch
    done = step / max(1, total)
    return config.learning_rate * warm * (0.01 + 0.99 * 0.5 * (1 + float(np.cos(np.pi * done))))


def load_model(path: str | Path) -> tuple[CVAE, dict[str, Any]]:
    """The averaged model of a run or checkpoint, in float32 and eval mode, with the checkpoint's other entries."""
    state = checkpoint.load(path)
    recipe = Recipe.from_dict(state["recipe"], str(path))
    model = CVAE(recipe.model, state["charset"], state["frame"]["size"])
    model.load_state_dict(state["average"])
    return model.eval(), state


def _prepare_run(run: Path, recipe: Recipe, resume: bool) -> dict[str, Any] | None:
    exists = (run / checkpoint.NAME).is_file()
    if exists and not resume:
        raise InputError(f"{run} holds a run already: add --resume to go on with it, or choose another folder")
    try:
        (run / "generated_images").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {run}: {error.strerror}; choose another folder") from error
    if exists:
        return checkpoint.load(run)
    (run / "recipe.json").write_text(json.dumps(asdict(recipe), indent=1) + "\n", "utf-8")
    return None


def _char_lookup(charset: list[str]) -> np.ndarray:
    """int64 table from codepoint to index in the charset."""
    codes = [ord(c) for c in charset]
    table = np.zeros(max(codes) + 1, np.int64)
    table[codes] = np.arange(len(codes))
    return table


@torch.no_grad()
def _update_average(average: CVAE, model: CVAE, decay: float, step: int) -> None:
    """Exponential moving average; the decay grows with the steps, so that the first weights are soon forgotten."""
    decay = min(decay, step / (step + 10))
    pairs = list(zip(average.parameters(), model.parameters(), strict=True))
    torch._foreach_lerp_([a for a, _ in pairs], [m for _, m in pairs], 1 - decay)


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

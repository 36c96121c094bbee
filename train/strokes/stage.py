"""One stage of training: steps of one loss on one module, with an average of its weights, resumable to the bit."""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor, nn

from handsynth.errors import InputError
from train import checkpoint

WARMUP = 300
LAST = 0.005
"""The learning rate ends at this share of its peak."""
DECAY = 0.999
LOG_EVERY = 500
CHECKPOINT_EVERY = 2000
CLIP = 10.0


class Config(Protocol):
    @property
    def steps(self) -> int: ...
    @property
    def learning_rate(self) -> float: ...


@dataclass(frozen=True)
class Run:
    """Where a run is kept, and what its stages share."""

    folder: Path
    seed: int
    recipe: dict[str, Any]

    def generator(self, stage: str, step: int) -> torch.Generator:
        """All chance of one step."""
        number = sum(stage.encode()) * 1_000_003 + self.seed
        return torch.Generator().manual_seed(number * 100_000_007 + step)


Loss = Callable[[int, torch.Generator], dict[str, Tensor]]
"""(step, chance) -> parts, of which `loss` is minimised and the others are logged."""


def train(
    run: Run, stage: str, module: nn.Module, config: Config, loss: Loss, stop: float | None = None,
    betas: tuple[float, float] = (0.9, 0.98),
) -> nn.Module:  # fmt: skip
    """Train `module` in place and return the average of its weights in eval mode; a finished stage is only loaded.

    `betas` are those of Adam. `stop`: time.monotonic() after which the stage ends with a checkpoint and InputError.
    Raises InputError where the loss is no number.
    """
    path = run.folder / f"{stage}.pt"
    average = copy.deepcopy(module).eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(module.parameters(), config.learning_rate, betas=betas, weight_decay=1e-3)
    step = 0
    if path.is_file():
        state = checkpoint.load(path)
        if state["stage"] != run.recipe[stage] or state["seed"] != run.seed:
            raise InputError(f"{path} was trained with other numbers of [{stage}]; choose another folder")
        step = state["step"]
        module.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimizer.load_state_dict(state["optimizer"])
    began, first, sums = time.monotonic(), step, dict[str, float]()
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[status]}"),
        TimeRemainingColumn(),
    )  # fmt: skip

    def save() -> None:
        checkpoint.save(
            path,
            {
                "stage": run.recipe[stage], "seed": run.seed, "step": step, "model": module.state_dict(),
                "average": average.state_dict(), "optimizer": optimizer.state_dict(),
            },
        )  # fmt: skip

    with Progress(*columns, refresh_per_second=1) as progress:
        task = progress.add_task(stage, total=config.steps, completed=step, status="")
        while step < config.steps:
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * rate(step, config.steps)
            parts = loss(step, run.generator(stage, step))
            if not torch.isfinite(parts["loss"]):
                raise InputError(f"{path}: the loss is not finite at step {step}; lower the learning rate")
            optimizer.zero_grad(set_to_none=True)
            parts["loss"].backward()
            nn.utils.clip_grad_norm_(module.parameters(), CLIP)
            optimizer.step()
            step += 1
            decay = min(DECAY, step / (step + 50))
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(module.parameters()), 1 - decay)
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + float(value.detach())
            if step % LOG_EVERY == 0 or step == config.steps:
                count = (step - 1) % LOG_EVERY + 1
                line = {name: round(value / count, 4) for name, value in sums.items()}
                line["steps_per_s"] = round((step - first) / (time.monotonic() - began), 1)
                with (run.folder / "metrics.jsonl").open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"stage": stage, "step": step} | line) + "\n")
                progress.update(task, status=" ".join(f"{name} {value:g}" for name, value in line.items()))
                sums = {}
            progress.update(task, completed=step)
            if step % CHECKPOINT_EVERY == 0 or step == config.steps:
                save()
            if stop is not None and time.monotonic() > stop and step < config.steps:
                save()
                raise InputError(f"{stage} stopped at step {step:,} as asked; go on with --resume")
    return average


def rate(step: int, steps: int) -> float:
    """Share of the learning rate: a warm-up, then a cosine."""
    warm = min(1.0, (step + 1) / min(WARMUP, max(1, steps // 10)))
    return warm * (LAST + (1 - LAST) * 0.5 * (1 + math.cos(math.pi * step / steps)))


class RowSampler:
    """Draws rows with tempered weights: writers and characters with many glyphs less than in proportion."""

    def __init__(self, writers: np.ndarray, chars: np.ndarray) -> None:
        by_writer, by_char = np.bincount(writers)[writers], np.bincount(chars)[chars]
        share = np.cumsum(1 / np.sqrt(by_writer) / np.sqrt(by_char))
        self.share = torch.from_numpy(share / share[-1])

    def __call__(self, count: int, generator: torch.Generator) -> Tensor:
        """int64 [count]."""
        drawn = torch.rand(count, dtype=torch.float64, generator=generator)
        return torch.searchsorted(self.share, drawn).clamp(max=len(self.share) - 1)

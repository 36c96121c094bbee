"""What a run leaves behind: lines of metrics and checkpoints; and what it shows meanwhile."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from train import checkpoint
from train.parallel import ProcessGroup

LOG = "metrics.jsonl"


class RunJournal:
    """Metrics, checkpoints and a bar of progress of one run; of several processes the one that leads writes them.

    `about`: what every checkpoint says of the run; `state`: the checkpoint to go on from; `total`: the run's steps.
    """

    def __init__(
        self, run: Path, processes: ProcessGroup, about: Mapping[str, Any], state: Mapping[str, Any] | None, total: int
    ) -> None:
        self.run, self.processes, self.about = run, processes, about
        self.sums: dict[str, float] = dict(state["sums"]) if state else {}
        """Of the parts of the loss since the last line of the log, and how many `steps` those are."""
        self.images, self.began = 0, time.monotonic()
        begun: int = state["step"] if state else 0
        if processes.leads:
            _truncate(run / LOG, begun)
        columns = (
            TextColumn("epoch {task.fields[epoch]}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[status]}"), TimeRemainingColumn(),
        )  # fmt: skip
        self._bar = Progress(*columns, refresh_per_second=2, disable=not processes.leads)
        self._task = self._bar.add_task("fit", total=total, completed=begun, epoch="-", status="")

    def __enter__(self) -> RunJournal:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def add(self, found: Mapping[str, float], images: int) -> None:
        """Count a step in: the parts of its loss, and the images of its batch."""
        self.sums = {k: self.sums.get(k, 0.0) + v for k, v in found.items()} | {"steps": self.sums.get("steps", 0) + 1}
        self.images += images

    def write(self, step: int, epoch: int) -> None:
        """A line of the log: the means since the last one."""
        rate = self.images / (time.monotonic() - self.began)
        mean = self._mean()
        steps = mean.pop("steps")
        line = {k: round(v / steps, 4) for k, v in mean.items()}
        if self.processes.leads:
            with (self.run / LOG).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"step": step, "epoch": epoch, **line, "images_per_s": round(rate)}) + "\n")
        status = f"loss {line['loss']:.1f} ink {line['bernoulli']:.1f} KL(s) {line['kl_style']:.1f} "
        status += f"KL(v) {line['kl_variation']:.1f} {rate:.0f} images/s"
        self._bar.update(self._task, completed=step, epoch=epoch, status=status)
        self.sums = {}

    def save(self, step: int, epoch: int, learnt: Callable[[], Mapping[str, Any]]) -> None:
        """A checkpoint after so many steps and whole epochs; `learnt` gives what has been learnt so far."""
        mean = self._mean()
        if not self.processes.leads:
            return
        entries = {
            **self.about,
            **learnt(),
            "step": step,
            "sums": mean,
            # the state of every generator and of the sampler: all are functions of these
            "random": {"seed": self.about["recipe"]["train"]["seed"], "step": step, "epoch": epoch},
        }
        checkpoint.save(self.run / checkpoint.NAME, entries)

    def _mean(self) -> dict[str, float]:
        """The sums' mean over all processes, each of which has the same names."""
        if self.processes.size == 1 or not self.sums:
            return dict(self.sums)
        values = self.processes.mean(torch.tensor(list(self.sums.values()), dtype=torch.float64))
        return dict(zip(self.sums, values.tolist(), strict=True))


def _truncate(path: Path, step: int) -> None:
    """Forget lines beyond the checkpoint: those steps are run again."""
    if not path.is_file():
        return
    lines = [line for line in path.read_text("utf-8").splitlines() if line.endswith("}")]
    kept = [line for line in lines if json.loads(line)["step"] <= step]
    temporary = path.with_suffix(".tmp")
    temporary.write_text("".join(line + "\n" for line in kept), "utf-8")
    os.replace(temporary, path)

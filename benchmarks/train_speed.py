"""How fast training is, and where its time goes, with one process and with two.

python -m benchmarks.train_speed [--steps 30] [--data DATASET]

Recipes `default`, before and after its critic begins, and `seed`, on made-up letters (or DATASET; its content does not
matter). Images are those of the batches. The last lines say
what all of NIST SD19, 814,255 images, costs for 20 epochs at these rates.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
NIST = 814_255 * 20
WARM = 5
SETUPS = (1, 1), (1, 2), (2, 1)
"""Processes, and threads of each."""

KINDS = "field", "field, with its critic", "seed"


def measure(kind: str, data: Path, steps: int) -> dict[str, float]:
    """Images a second of all processes, and milliseconds of a step's parts in this one."""
    import numpy as np

    from train.data.dataset import Dataset
    from train.learner import Learner
    from train.parallel import process_group
    from train.plan import BatchPlan
    from train.recipe import TrainRecipe

    name, _, critic = kind.partition(", ")
    recipe = TrainRecipe.load(name)
    start = 0 if critic else steps + WARM + 1
    recipe = replace(recipe, train=replace(recipe.train, critic_from=start), data=replace(recipe.data, characters=""))
    with process_group() as processes:
        dataset = Dataset.open(data)
        rows = np.flatnonzero(np.asarray(dataset.split) == 0)
        plan = BatchPlan(recipe, dataset, rows, processes.size)
        charset = [chr(c) for c in np.unique(plan.batches.codepoints)]
        learner = Learner(recipe, dataset, charset, processes.size, processes)
        learner.begin(None)
        spent: dict[str, float] = {}
        mine = range(processes.rank, processes.rank + 1)
        planned = _timed(lambda step: plan(step, mine), spent, "batch")
        learner._draw = _timed(learner._draw, spent, "fields")  # type: ignore[method-assign]
        learner.optimizer.step = _timed(learner.optimizer.step, spent, "optimizer")  # type: ignore[method-assign]
        for step in range(WARM + steps):
            if step == WARM:
                spent.clear()
                begun = time.perf_counter()
            learner.step(step, planned(step), 1e-4)
        whole = time.perf_counter() - begun
    found = {name: 1000 * seconds / steps for name, seconds in spent.items()}
    return {"rate": steps * plan.batches.size / whole, "step": 1000 * whole / steps, **found}


def _timed(work: Callable[..., Any], spent: dict[str, float], name: str) -> Callable[..., Any]:
    def timed(*arguments: Any, **more: Any) -> Any:
        begun = time.perf_counter()
        try:
            return work(*arguments, **more)
        finally:
            spent[name] = spent.get(name, 0.0) + time.perf_counter() - begun

    return timed


def child(kind: str, data: Path, steps: int, processes: int, threads: int) -> dict[str, float]:
    """Measure in processes of their own."""
    start = [sys.executable, "-m"]
    if processes > 1:
        start += ["torch.distributed.run", "--standalone", "--nproc-per-node", str(processes), "-m"]
    command = [*start, "benchmarks.train_speed", "--child", kind, "--data", str(data), "--steps", str(steps)]
    environment = os.environ | {"OMP_NUM_THREADS": str(threads)}
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        from train import torchrun

        found = measure(options.child, options.data, options.steps)
        if os.environ.get("RANK", "0") == "0":
            print(json.dumps(found), flush=True)
        torchrun.leave(0)
    with tempfile.TemporaryDirectory() as folder:
        data = options.data
        if data is None:
            sys.path.insert(0, str(ROOT / "tests"))
            from tiny import make_dataset

            data = make_dataset(Path(folder) / "data", writers=20).path
        print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}", flush=True)
        best: dict[str, float] = {}
        for kind in KINDS:
            for processes, threads in SETUPS:
                found = child(kind, data, options.steps, processes, threads)
                parts = ", ".join(f"{name} {found[name]:.1f}" for name in ("batch", "fields", "optimizer"))
                print(
                    f"{kind:26} {processes} process(es) x {threads} thread(s): {found['rate']:6.0f} images/s, "
                    f"{found['step']:.0f} ms a step, of them {parts} ms",
                    flush=True,
                )
                best[kind] = max(best.get(kind, 0.0), found["rate"])
        for kind, rate in best.items():
            print(f"NIST SD19 x 20 epochs, {kind}: {NIST / rate / 3600:.1f} hours at {rate:.0f} images/s")


if __name__ == "__main__":
    main()

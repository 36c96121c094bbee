"""What each process of a test of many runs: a training with a log of every step.

fit_together.py DATASET RECIPE RUN [--resume] [--stop STEPS] [--wait STEP] [--apart]

`--wait`: the process that does not lead stays at that step for ever, to be killed there. `--apart`: it looks for the
run in another folder.
"""

import argparse
import json
import os
import time
from pathlib import Path

import torch

from handsynth.cli import console
from handsynth.errors import HandsynthError
from train import loop, torchrun
from train.data.dataset import Dataset
from train.parallel import process_group
from train.recipe import TrainRecipe


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--stop", type=int)
    parser.add_argument("--wait", type=int)
    parser.add_argument("--apart", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    loop.LOG_EVERY = 1
    recipe = TrainRecipe.from_dict(json.loads(options.recipe.read_text()))
    try:
        with process_group() as processes:

            def seen(step: int) -> None:
                if step == options.wait and not processes.leads:
                    (options.run / "waiting").write_text(str(os.getpid()))
                    time.sleep(600)

            how = {"resume": options.resume, "stop_after": options.stop, "on_step": seen}
            run = options.run.with_name("apart") if options.apart and not processes.leads else options.run
            loop.fit(recipe, Dataset.open(options.data), run, processes=processes, **how)
    except HandsynthError as error:
        console.say(str(error))
        return 2
    return 0


if __name__ == "__main__":
    torchrun.leave(main())

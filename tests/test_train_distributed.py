"""Processes that train together: the same as one with a larger batch, and one that writes."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch
import warm
from test_training import same_state
from tiny import tiny_recipe

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.__main__ import main
from train.batches import Batches
from train.critic import R1_GLYPHS, penalised_glyphs
from train.plan import BatchPlan, accumulated
from train.recipe import TrainRecipe

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "tests" / "fit_together.py"
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
STEPS = 10
CLOSE = 1e-5
"""How far the loss of a step may be from that of the doubled batch, as a share of it: sums have another order."""

CRITIC = {"critic": 1.0, "critic_from": 3, "critic_glyphs": 2, "edge": 0.5}


def recipe(groups: int = 4, group: int = 8, **train: object) -> TrainRecipe:
    given = tiny_recipe(**{"epochs": 1, "steps_per_epoch": STEPS, "precision": "float32", **train}).to_dict()
    return TrainRecipe.from_dict(given | {"data": {"groups": groups, "group": group}})


def fit(data, made: TrainRecipe, run: Path, processes: int = 1, *how: str) -> Path:
    """Train in processes of their own, told what torchrun tells them."""
    ended = ends_of(data, made, run, processes, *how)
    assert not any(one.returncode for one in ended), [one.stderr for one in ended]
    return run


def ends_of(data, made: TrainRecipe, run: Path, processes: int, *how: str) -> list[subprocess.CompletedProcess[str]]:
    words = (data.path, recipe_file(made, run), run, *how)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    shared = {"WORLD_SIZE": processes, "LOCAL_WORLD_SIZE": processes, "MASTER_ADDR": "localhost", "MASTER_PORT": port}
    begun = []
    for rank in range(processes):
        told = {name: str(value) for name, value in {**shared, "RANK": rank, "LOCAL_RANK": rank}.items()}
        said = run.with_name(f"{run.name}-{rank}")
        begun.append(warm.start(SCRIPT, *words, said=said, environment=told if processes > 1 else None))
    return [one.wait() for one in begun]


def recipe_file(made: TrainRecipe, run: Path) -> Path:
    path = run.with_suffix(".json")
    path.write_text(json.dumps(made.to_dict()))
    return path


def curve(run: Path) -> dict[str, np.ndarray]:
    """Of each part of the loss, by step."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, len(lines) + 1))
    return {name: np.array([line.get(name, 0.0) for line in lines]) for name in lines[-1] if name != "images_per_s"}


@pytest.fixture(scope="module")
def together(tiny_data, tmp_path_factory) -> Path:
    """A run of two processes, with a critic."""
    return fit(tiny_data, recipe(**CRITIC), tmp_path_factory.mktemp("together") / "two", 2)


def test_two_processes_equal_one_with_the_doubled_batch(tiny_data, together, tmp_path):
    one, two = curve(fit(tiny_data, recipe(8, **CRITIC), tmp_path / "doubled")), curve(together)
    assert one.keys() == two.keys() and {"fooling", "told"} <= set(one)
    np.testing.assert_allclose(two["loss"], one["loss"], rtol=CLOSE)
    for name in one:
        np.testing.assert_allclose(two[name], one[name], rtol=2e-2, atol=1e-3, err_msg=name)
    half = curve(fit(tiny_data, recipe(4, **CRITIC), tmp_path / "half"))
    assert np.abs(half["loss"] / one["loss"] - 1).max() > 100 * CLOSE  # another batch is told from it


def test_two_processes_equal_one_that_accumulates_to_the_bit(tiny_data, together, tmp_path):
    alone = fit(tiny_data, recipe(accumulate=2, **CRITIC), tmp_path / "alone")
    one, two = checkpoint.load(alone), checkpoint.load(together)
    assert all(torch.equal(one["average"][name], two["average"][name]) for name in one["average"])
    assert one["parts"] == two["parts"] == 2
    assert {k: v.tolist() for k, v in curve(alone).items()} == {k: v.tolist() for k, v in curve(together).items()}


def test_the_usual_precision_stays_near(tiny_data, tmp_path):
    one = curve(fit(tiny_data, recipe(8, precision="bfloat16"), tmp_path / "one"))
    two = curve(fit(tiny_data, recipe(4, precision="bfloat16"), tmp_path / "two", 2))
    np.testing.assert_allclose(two["loss"], one["loss"], rtol=5e-3)


def test_a_run_goes_on_with_another_number_of_processes(tiny_data, together, tmp_path):
    run = fit(tiny_data, recipe(**CRITIC), tmp_path / "run", 2, "--stop", "3")
    fit(tiny_data, recipe(**CRITIC), run, 1, "--resume", "--stop", "6")
    fit(tiny_data, recipe(**CRITIC), run, 2, "--resume")
    assert same_state(run, together)
    assert {k: v.tolist() for k, v in curve(run).items()} == {k: v.tolist() for k, v in curve(together).items()}


def test_one_process_writes_and_all_end_when_one_is_killed(tiny_data, together, tmp_path):
    run = tmp_path / "killed"
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", str(SCRIPT)]
    made = recipe_file(recipe(checkpoint_every=2, **CRITIC), run)
    child = subprocess.Popen(
        [*start, str(tiny_data.path), str(made), str(run), "--wait", "5"],
        cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    begun = time.monotonic()
    while not (run / "waiting").exists() or not (run / "waiting").read_text():
        assert child.poll() is None and time.monotonic() < begun + 120
        time.sleep(0.05)
    os.kill(int((run / "waiting").read_text()), signal.SIGKILL)
    child.communicate(timeout=120)
    assert child.returncode
    names = {path.name for path in run.iterdir()} - {"waiting"}
    assert names == {"checkpoint.pt", "generated_images", "metrics.jsonl", "recipe.json"}
    assert checkpoint.load(run)["step"] == 4
    fit(tiny_data, recipe(**CRITIC), run, 2, "--resume")
    assert curve(run)["loss"].tolist() == curve(together)["loss"].tolist()


@pytest.mark.parametrize(("groups", "group"), [(6, 5), (30, 1)])
def test_parts_are_the_batch_without_overlap(tiny_data, groups, group):
    rows = np.flatnonzero(np.asarray(tiny_data.split) == 0)
    made = recipe(groups, group, critic=1.0, critic_glyphs=1)
    plan = BatchPlan(made, tiny_data, rows, 4)
    whole = Batches(tiny_data, recipe(4 * groups, group).data, rows, made.train.seed)(7)
    parts = plan(7, range(4))
    assert (np.concatenate([part.rows for part in parts]) == whole.rows).all()
    assert (np.concatenate([part.seen for part in parts]) == whole.seen).all()
    again = [plan(7, range(rank, rank + 1))[0] for rank in range(4)]
    assert all((a.rows == b.rows).all() and (a.pens == b.pens).all() for a, b in zip(parts, again, strict=True))
    shown = torch.cat([part.noise.shown + i * groups * group for i, part in enumerate(parts)])
    assert len(torch.unique(shown)) == len(shown) == sum(len(part.noise.variation) for part in parts)
    assert sum(part.share for part in parts) == pytest.approx(4)
    if group == 1:  # a pass over all glyphs sees each once
        steps = plan.batches.steps_per_pass
        seen = np.concatenate([part.rows.ravel() for step in range(steps) for part in plan(step, range(4))])
        assert len(np.unique(seen)) == len(seen) == steps * 4 * groups


@pytest.mark.parametrize(("parts", "glyphs"), [(1, 64), (2, 64), (4, 6), (3, 5), (20, 1), (2, 3)])
def test_the_first_glyphs_of_the_batch_are_penalised_whatever_its_parts(parts, glyphs):
    drawn = np.random.Generator(np.random.Philox(key=1)).random((parts, glyphs))
    found = [penalised_glyphs(part, parts, glyphs) for part in range(parts)]
    # parts are averaged with equal weight, by gradients of processes and by accumulation
    ours = sum(weight * drawn[i, :count].mean() for i, (count, weight) in enumerate(found) if count) / parts
    assert ours == pytest.approx(drawn.ravel()[:R1_GLYPHS].mean())


def test_too_few_glyphs_for_the_batch(tiny_data):
    rows = np.flatnonzero(np.asarray(tiny_data.split) == 0)
    with pytest.raises(DataError, match="fewer than a batch of"):
        BatchPlan(recipe(len(rows), 1), tiny_data, rows, 2)


def test_parts_are_shared_evenly_or_not_at_all():
    assert accumulated(6, 3) == 2
    with pytest.raises(InputError, match="start 1, 2, 3, 6 processes"):
        accumulated(6, 4)


def command(*arguments: object) -> subprocess.CompletedProcess:
    """`python -m train` in two processes."""
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "train"]
    return subprocess.run(
        [*start, *map(str, arguments)], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=240
    )


def lines_of_ours(done: subprocess.CompletedProcess) -> list[str]:
    return re.findall("^train: (.*)", done.stderr, re.MULTILINE)


def test_the_command_line_under_torchrun(tiny_data, tmp_path):
    """What works leaves a run; an error of the one process that reads with the reader is said once, and ends both."""
    path = tmp_path / "tiny.toml"
    path.write_text(
        "[model]\nstyle = 8\nvariation = 4\nembedding = 8\nhidden = 32\ndecoder = [16, 8, 8]\nencoder = [8, 8, 8]\n"
        "[data]\ngroups = 2\ngroup = 4\n[train]\nepochs = 1\nsteps_per_epoch = 2\n"
    )
    done = command("fit", path, "--data", tiny_data.path, "-o", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert checkpoint.load(tmp_path / "run")["parts"] == 2
    wrong = command("fit", path, "--data", tiny_data.path, "--reader", tmp_path / "none", "-o", tmp_path / "other")
    assert wrong.returncode and [line[:16] for line in lines_of_ours(wrong)] == ["no checkpoint at"]
    assert "another of the processes" not in wrong.stderr and "gloo" not in wrong.stderr


def test_only_fit_runs_in_many_processes(tiny_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert main(["reader", "--data", str(tiny_data.path), "-o", str(tmp_path / "reader")]) == 2
    assert "`reader` works in one process" in capsys.readouterr().err
    assert not (tmp_path / "reader").exists()


def test_processes_that_see_different_things_do_not_train(tiny_data, tmp_path):
    """One resumes, the other finds no run: as on two machines without a shared folder."""
    run = fit(tiny_data, recipe(), tmp_path / "run", 2, "--stop", "2")
    ended = ends_of(tiny_data, recipe(), run, 2, "--resume", "--apart")
    assert all(one.returncode == 2 and "other data or another run" in one.stderr for one in ended)


def test_what_torchrun_would_not_say_is_refused(tiny_data, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("WORLD_SIZE", "two")
    assert main(["fit", "seed", "--data", str(tiny_data.path), "-o", str(tmp_path / "run")]) == 2
    assert "WORLD_SIZE" in capsys.readouterr().err

"""Training: resumable to the bit, seeded, and it learns."""

import json
import os
import signal
import time
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import torch
import warm
from tiny import make_dataset, tiny_recipe

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.clean import readable
from train.critic import FieldCritic, critic_loss
from train.loop import fit, load_model
from train.model import CVAE
from train.reader import load_reader, shipped
from train.start import exported_state, load_start, load_weights


def same_state(a: Path, b: Path) -> bool:
    """Whether two runs' checkpoints hold the same bits."""

    def flat(value, name=""):
        if isinstance(value, dict):
            for key, part in value.items():
                yield from flat(part, f"{name}/{key}")
        elif isinstance(value, list | tuple):
            for i, part in enumerate(value):
                yield from flat(part, f"{name}/{i}")
        else:
            yield name, value

    left, right = dict(flat(checkpoint.load(a))), dict(flat(checkpoint.load(b)))
    assert left.keys() == right.keys()
    return all(torch.equal(v, right[k]) if isinstance(v, torch.Tensor) else v == right[k] for k, v in left.items())


def log_of(run: Path) -> list[dict]:
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{k: v for k, v in line.items() if k != "images_per_s"} for line in lines]


def test_loss_falls_and_every_epoch_leaves_a_sample_sheet(tiny_run):
    losses = [line["loss"] for line in log_of(tiny_run)]
    assert losses[-1] < 0.6 * losses[0]
    # every 50 steps, and at the end of each epoch of 75
    assert [(line["step"], line["epoch"]) for line in log_of(tiny_run)] == [(50, 1), (75, 1), (100, 2), (150, 2)]
    assert sorted(p.name for p in (tiny_run / "generated_images").iterdir()) == ["epoch_001.png", "epoch_002.png"]


def test_killed_five_times_equals_the_unbroken_run(tiny_data, tiny_run, tmp_path):
    """kill -9 at random moments; the last process runs to the end."""
    run = tmp_path / "killed"
    recipe = tmp_path / "tiny.json"
    recipe.write_text(json.dumps(tiny_recipe().to_dict()))
    script = tmp_path / "script.py"
    script.write_text(
        "import json, sys, torch; from pathlib import Path; torch.set_num_threads(1);"
        "from train.recipe import TrainRecipe; from train.data.dataset import Dataset; from train.loop import fit;"
        "recipe = TrainRecipe.from_dict(json.load(open(sys.argv[1])));"
        "fit(recipe, Dataset.open(sys.argv[2]), Path(sys.argv[3]), resume=True)"
    )
    command, said = (script, recipe, tiny_data.path, run), tmp_path / "said"
    random = np.random.Generator(np.random.Philox(key=int(time.time())))
    kills = 0
    while kills < 5:
        before = _step(run)
        process = warm.start(*command, said=said)
        # wait until it has got somewhere, so that the kills fall all over the run
        while process.poll() is None and _step(run) < min(before + 20, 140):
            time.sleep(0.02)
        time.sleep(random.uniform(0, 0.08))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        ended = process.wait()
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert kills == 5
    ended = warm.run(*command, said=said)
    assert ended.returncode == 0, ended.stderr
    assert same_state(tiny_run, run)
    assert log_of(tiny_run) == log_of(run)


def _step(run: Path) -> int:
    path = run / checkpoint.NAME
    return _step_of(path, path.stat().st_mtime_ns) if path.exists() else 0


@lru_cache(1)
def _step_of(path: Path, changed: int) -> int:
    return checkpoint.load(path)["step"]


def test_another_seed_gives_another_model(tiny_data, tmp_path):
    recipe = tiny_recipe(epochs=1, steps_per_epoch=2)
    fit(recipe, tiny_data, tmp_path / "a")
    fit(replace(recipe, train=replace(recipe.train, seed=2)), tiny_data, tmp_path / "b")
    fit(recipe, tiny_data, tmp_path / "c")
    assert same_state(tmp_path / "a", tmp_path / "c")
    assert not same_state(tmp_path / "a", tmp_path / "b")


def test_from_checkpoint_starts_with_its_weights(tiny_data, tiny_run, tmp_path):
    recipe = tiny_recipe(epochs=1, steps_per_epoch=50, warmup=0, learning_rate=1e-4)
    fit(recipe, tiny_data, tmp_path / "more", start=tiny_run)
    assert log_of(tmp_path / "more")[0]["loss"] < 1.1 * log_of(tiny_run)[-1]["loss"]


def test_from_model_folder_starts_with_the_exported_weights(tiny_data, tiny_run, tiny_model, tmp_path):
    exported, run = CVAE(tiny_recipe().model, load_model(tiny_run)[0].charset), load_model(tiny_run)[0]
    load_weights(exported, load_start(tiny_model))
    assert (exported.state_dict().keys()) == run.state_dict().keys()
    for name, value in run.state_dict().items():
        if not name.startswith("variation_prior"):  # not in the graphs: made anew from what is sampled
            torch.testing.assert_close(exported.state_dict()[name], value, rtol=2e-3, atol=2e-3)
    recipe = tiny_recipe(epochs=1, steps_per_epoch=50, warmup=0, learning_rate=1e-4)
    fit(recipe, tiny_data, tmp_path / "more", start=tiny_model)
    assert log_of(tmp_path / "more")[0]["loss"] < 1.1 * log_of(tiny_run)[-1]["loss"]


def test_from_matches_characters_by_name_and_refuses_other_sizes(tiny_model):
    config = tiny_recipe().model
    own = CVAE(config, ["Ω", "b", "a"])
    before = own.decoder.embedding.weight.detach().clone()
    load_weights(own, load_start(tiny_model))
    charset, state = exported_state(tiny_model)
    embedding = own.decoder.embedding.weight
    assert torch.equal(embedding[0], before[0]), "a new character keeps its first weights"
    assert torch.equal(embedding[2], state["decoder.embedding.weight"][charset.index("a")])
    with pytest.raises(InputError, match="other networks"):
        load_weights(CVAE(replace(config, hidden=48), ["a", "b"]), load_start(tiny_model))


def test_from_keeps_the_characters_of_what_it_begins_from(tiny_data, tiny_run, tmp_path):
    """With pictures of a few letters, all that the first model draws stays."""
    few = replace(tiny_recipe(epochs=1, steps_per_epoch=2), data=replace(tiny_recipe().data, characters="ab"))
    before = load_model(tiny_run)[0]
    after = fit(few, tiny_data, tmp_path / "few", start=tiny_run)
    assert after.charset == sorted(before.charset) and len(after.charset) > 2
    for number, char in enumerate(after.charset):
        old = before.variation_mean[before.charset.index(char)]
        assert torch.equal(after.variation_mean[number], old) == (char not in "ab")
    assert fit(few, tiny_data, tmp_path / "alone").charset == ["a", "b"]


def test_from_the_shipped_model_says_that_it_draws_strokes(tiny_data, tmp_path):
    with pytest.raises(InputError, match="draws pen strokes.*handsynth hand learn"):
        fit(tiny_recipe(), tiny_data, tmp_path / "run", start=shipped())


def test_the_shipped_reader_is_taken_and_says_what_it_leaves_out(tiny_data, tiny_reader):
    said: list[str] = []
    assert load_reader("default")[1]["charset"] == load_reader(shipped() / "reader.onnx")[1]["charset"]
    keep = readable(Path("default"), tiny_data, say=said.append)
    train = np.asarray(tiny_data.split) == 0
    assert f"leaves out {int((~keep).sum()):,} of {int(train.sum()):,} training glyphs" in said[0]
    wrong = replace(tiny_data, codepoints=np.roll(np.asarray(tiny_data.codepoints), 1))
    said.clear()
    assert readable(tiny_reader, wrong, least=0.5, say=said.append)[train].mean() < 0.5
    assert len(said) == 2 and "these are most of them (of " in said[1] and "leave out --reader" in said[1]


def test_critic_resumes_to_the_bit_and_changes_the_decoder(tiny_data, tiny_run, tiny_reader, tmp_path):
    recipe = tiny_recipe(epochs=1, steps_per_epoch=24, critic=10.0, critic_from=4)
    fit(recipe, tiny_data, tmp_path / "whole", start=tiny_run)
    fit(recipe, tiny_data, tmp_path / "parts", start=tiny_run, stop_after=9)
    fit(recipe, tiny_data, tmp_path / "parts", resume=True)
    assert same_state(tmp_path / "whole", tmp_path / "parts")
    line = log_of(tmp_path / "whole")[-1]
    assert 0 < line["told"] < 1 and line["fooling"] > 0
    plain = tiny_recipe(epochs=1, steps_per_epoch=24)
    fit(plain, tiny_data, tmp_path / "plain", start=tiny_run)
    ours, theirs = load_model(tmp_path / "whole")[0].state_dict(), load_model(tmp_path / "plain")[0].state_dict()
    assert not torch.equal(ours["decoder.draw.weight"], theirs["decoder.draw.weight"])


def test_critic_learns_to_tell_noise_from_glyphs(tiny_data):
    torch.manual_seed(1)
    critic = FieldCritic(tiny_recipe().model, 5)
    optimizer = torch.optim.Adam(critic.parameters(), 1e-3)
    real = torch.from_numpy(np.asarray(tiny_data.fields[:64])).float() / 16
    char, style = torch.zeros(64, dtype=torch.long), torch.zeros(64, 8)
    for step in range(40):
        parts = critic_loss(critic, real, real.roll(7, 1).flip(2) - 1, char, style, 16 if step % 4 == 0 else 0)
        optimizer.zero_grad()
        parts["loss"].backward()
        optimizer.step()
    assert parts["told"] > 0.95


def test_plain_cvae_is_a_recipe(tiny_data, tmp_path):
    """The ancestor: one glyph a group, one latent, no variation; an epoch is one pass over the glyphs."""
    from train.recipe import TrainRecipe

    seed = TrainRecipe.load("seed")
    assert (seed.model.style, seed.model.variation, seed.data.group, seed.train.epochs) == (20, 0, 1, 20)
    recipe = replace(seed, train=replace(seed.train, epochs=1), data=replace(seed.data, groups=50))
    model = fit(recipe, tiny_data, tmp_path / "seed")
    assert len(model.charset) == 62
    assert checkpoint.load(tmp_path / "seed")["step"] == 62 * 6 // 50
    assert load_model(tmp_path / "seed")[0].config.variation == 0


def test_run_is_not_overwritten_without_resume(tiny_data, tiny_run):
    with pytest.raises(InputError, match="add --resume"):
        fit(tiny_recipe(), tiny_data, tiny_run)


def test_dataset_of_one_class_is_refused(tmp_path):
    with pytest.raises(DataError, match="only 'a'"):
        make_dataset(tmp_path / "one", chars="a")
    data = make_dataset(tmp_path / "two", chars="ab")
    recipe = tiny_recipe()
    with pytest.raises(DataError, match="one character only"):
        fit(replace(recipe, data=replace(recipe.data, characters="a")), data, tmp_path / "run")
    with pytest.raises(DataError, match="no glyphs"):
        fit(replace(recipe, data=replace(recipe.data, characters="xyz")), data, tmp_path / "run")


def test_damaged_checkpoint_is_one_line(tiny_run, tmp_path):
    whole = (tiny_run / checkpoint.NAME).read_bytes()
    (tmp_path / checkpoint.NAME).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="not a checkpoint"):
        load_model(tmp_path)

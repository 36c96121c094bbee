"""`python -m train` and `python -m export` from the outside: status and one line."""

import subprocess
import sys
from pathlib import Path

import pytest
import warm

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(("program", "says"), [("train fit", "Missing argument"), ("export RUN", "Missing option")])
def test_the_programs_start_from_a_checkout(program, says):
    command = [sys.executable, "-m", *program.split()]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert result.returncode == 2 and says in result.stderr and len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("train", "fit", "nothing", "--data", "{data}", "-o", "{out}"), "no recipe 'nothing'"),
        (("train", "fit", "default", "--data", "{out}", "-o", "{out}2"), "is no dataset"),
        (("train", "fit", "default", "--data", "{data}", "-o", "/proc/none/run"), "cannot write"),
        (("train", "reader", "--data", "{out}", "-o", "{out}2"), "is no dataset"),
        (("train", "evaluate", "{out}", "--data", "{data}"), "there is no model"),
        (("export", "{out}", "-o", "{out}2"), "no checkpoint at"),
        (("train", "prepare", "-o", "{out}2"), "no source is given"),
        (
            ("train", "words", "--words", "{out}", "--joined", "{out}", "--chars", "{out}", "-o", "{out}2"),
            "there is no",
        ),
        (
            ("train", "words", "--words", "x", "--joined", "x", "--chars", "x", "--run", "{out}", "-o", "{out}2"),
            "--run and --data go together",
        ),
        (
            (
                "train",
                "words",
                "--words",
                "x",
                "--joined",
                "x",
                "--chars",
                "x",
                "--run",
                "{out}",
                "--data",
                "{data}",
                "-o",
                "{out}2",
            ),
            "is no run of a stroke model",
        ),
        (("export.joined", "{out}", "{out}", "{out}2"), "there is no run in"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tiny_data, tmp_path, arguments, says):
    filled = [a.format(data=tiny_data.path, out=tmp_path / "out") for a in arguments]
    result = warm.run(*filled, said=tmp_path / "said")
    assert result.returncode == 2, result.stderr
    assert says in result.stderr and len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out2").exists()


def test_evaluate_command_prints_a_table(tiny_model, tiny_data, tmp_path):
    options = ("--data", tiny_data.path, "--each", 1, "--least-reader", 0)
    result = warm.run("train", "evaluate", tiny_model, *options, said=tmp_path / "said")
    assert result.returncode == 0 and result.stdout.count("|") > 20
    assert "case-merged" in result.stdout


def test_gallery_command_proposes_hands_that_export_takes(tiny_model, tiny_run, tiny_reader, tmp_path, monkeypatch):
    from export import gallery
    from export.build import export_model
    from handsynth.model.model import Model

    monkeypatch.setattr(gallery, "LEGIBLE", 0.0)  # the tiny model reads badly
    gallery.propose(tiny_model, tmp_path / "gallery.toml", count=5, candidates=8)
    rows = gallery.load_gallery(tmp_path / "gallery.toml")
    assert len({row["seed"] for row in rows}) == 5
    export_model(tiny_run, tmp_path / "model", reader=tiny_reader, name="five", gallery=rows)
    hands = Model.open(tmp_path / "model").card.gallery
    assert [hand.name for hand in hands] == [row["name"] for row in rows] and all(hand.tags for hand in hands)


@pytest.mark.parametrize(("command", "package"), [(["train", "--help"], "scipy"), (["export", "a", "-o", "b"], "onnx")])
def test_without_the_extra_one_line_says_how_to_get_it(command, package):
    source = f"import runpy, sys; sys.modules[{package!r}] = None; sys.argv = {command!r}; " + (
        f"runpy.run_module({command[0]!r}, run_name='__main__')"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert package in done.stderr and "pip install '.[train]'" in done.stderr

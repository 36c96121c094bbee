"""The example plugin, installed as a package is: its format, effect and container are there like ours."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples/plugin"


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the module and the metadata that pip would write of its pyproject.toml."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(EXAMPLE / "handsynth_example.py", folder)
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]
    about = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    lines = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in points.items())]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return folder


def run(folder, site, *words):
    path = os.pathsep.join(map(str, (ROOT, *site)))
    return subprocess.run(
        [sys.executable, "-m", "handsynth", *words], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": path}, timeout=120,
    )  # fmt: skip


def test_a_format_of_a_plugin_is_written(installed, tmp_path):
    assert run(tmp_path, [installed], "render", "ab\nc", "-o", "a.csv").returncode == 0
    rows = (tmp_path / "a.csv").read_text().splitlines()
    assert rows[0] == "glyph,line,x,y" and len(rows) == 4
    assert [row.split(",")[1] for row in rows[1:]] == ["0", "0", "1"]
    assert float(rows[2].split(",")[2]) > float(rows[1].split(",")[2])
    (tmp_path / "a.txt").write_text("one\n\ntwo\n")
    made = run(tmp_path, [installed], "page", "a.txt", "-o", "p.csv", "--paper", "a6", "--workers", "2")
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "p.csv").read_text().count("\n") == 7


def test_an_effect_and_a_container_of_a_plugin_are_used(installed, tmp_path):
    words = ["corpus", "make", "words", "-n", "4", "--shard", "2", "--kind", "word", "--container", "zip"]
    plain = run(tmp_path, [installed], *words, "-o", "plain")
    dark = run(tmp_path, [installed], *words, "-o", "dark", "--effects", "vignette=1", "--workers", "2")
    assert plain.returncode == dark.returncode == 0, plain.stderr + dark.stderr
    corner = {}
    for name in ("plain", "dark"):
        with zipfile.ZipFile(tmp_path / name / "shards/000000.zip") as archive:
            first = next(entry for entry in archive.namelist() if entry.endswith(".png"))
            with archive.open(first) as file:
                corner[name] = int(np.asarray(Image.open(file).convert("L"))[0, 0])
    assert corner["plain"] == 255 and 100 < corner["dark"] < 250
    checked = run(tmp_path, [installed], "corpus", "verify", "dark")
    assert checked.returncode == 0 and "4 samples are whole" in checked.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["render", "a", "-o", "a.csv"], "the ending .csv is not known"),
        (["corpus", "make", "words", "-o", "x", "--container", "zip"], "the container 'zip' is unknown"),
        (["corpus", "make", "words", "-o", "x", "--effects", "vignette"], "there is no effect 'vignette'"),
    ],
)
def test_without_the_plugin_it_is_refused(tmp_path, words, said):
    done = run(tmp_path, [], *words)
    assert done.returncode == 2 and said in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["render", "a", "-o", "a.doc"], ".csv"),
        (["render", "a", "-o", "a"], ".csv"),
        (["render", "a", "-o", ""], ".csv"),
        (["corpus", "make", "words", "-o", "x", "--container", "zap"], "zip"),
        (["corpus", "make", "words", "-o", "x", "--effects", "qqq"], "vignette"),
    ],
)
def test_lists_of_what_there_is_have_those_of_plugins(installed, tmp_path, words, name):
    with_it, without = (run(tmp_path, site, *words) for site in ([installed], []))
    assert with_it.returncode == without.returncode == 2 and with_it.stderr.count("\n") == 1
    listed = re.compile(rf"[ ,]{re.escape(name)}\b")
    assert listed.search(with_it.stderr) and not listed.search(without.stderr)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('broken\\nhere')", "cannot be loaded .*broken here"),
        ("FORMAT = 5", "is no Format"),
        ("", "cannot be loaded .*FORMAT"),
    ],
)
def test_a_plugin_that_is_broken_is_one_clear_line(installed, tmp_path, source, said):
    site = tmp_path / "site"
    shutil.copytree(installed, site)
    (site / "handsynth_example.py").write_text(source)
    done = run(tmp_path, [site], "render", "a", "-o", "a.csv")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert re.search(said, done.stderr) and "repair or remove that package" in done.stderr
    assert run(tmp_path, [site], "render", "a", "-o", "a.png").returncode == 0

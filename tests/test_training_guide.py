"""docs/training.md from a folder of pictures to a line, as it is written, on few and small things."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import warm
from PIL import Image

from handsynth import noise
from handsynth.drawing.draw import glyphs
from handsynth.drawing.resolve import resolve
from handsynth.model.model import Model

ROOT = Path(__file__).parents[1]
SMALLER = {"train fit": ["--epochs", "1"], "export.gallery": ["--candidates", "20"]}
"""What makes the commands of the guide quick, by how they begin."""


def commands() -> list[list[str]]:
    text = (ROOT / "docs" / "training.md").read_text("utf-8")
    section = text.split("## From a folder of pictures to a line")[1].split("\n## ")[0]
    return [line.strip().replace('"', "").split() for line in re.findall(r"^    (.+)$", section, re.MULTILINE)]


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six writers, each with some pictures of three letters."""
    folder = tmp_path_factory.mktemp("guide")
    model = Model.open()
    for number in range(6):
        hand = resolve(model, f"random:{number}", 3)
        chars = [char for char in "abc" for _ in range(12)]
        places = [noise.key_of("guide", number, row) for row in range(len(chars))]
        for row, ink in enumerate(glyphs(model, hand, model.index(chars), places, 1).ink()):
            path = folder / "pictures" / f"writer{number}" / f"U+{ord(chars[row]):04X}" / f"{row}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray((255 * (1 - ink)).astype("uint8")).save(path)
    return folder


def test_the_guide_leads_from_pictures_to_a_line(pictures: Path) -> None:
    done = []
    for words in commands():
        line = " ".join(words)
        words = words + next((more for begin, more in SMALLER.items() if begin in line), [])
        if any(program in words for program in ("train", "export")):
            ran = warm.run(*words[2:], said=pictures / "said", folder=pictures)
        else:  # the others load no torch, or begin processes of their own
            program = [sys.executable, *(["-m", "handsynth"] if words[0] == "handsynth" else []), *words[1:]]
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
            ran = subprocess.run(program, cwd=pictures, env=environment, capture_output=True, text=True)
        if "export.gallery" in line and ran.returncode == 2:
            # a model that saw so little draws no hand that is legible, as the guide says
            assert "train longer" in ran.stderr
            break
        assert ran.returncode == 0, f"{line}: {ran.stderr[-1500:]}"
        done.append(words[2] if words[0] == "python" else words[1])
    assert done[:5] == ["train", "train", "export", "render", "train"]
    assert Image.open(pictures / "line.png").convert("L").getextrema()[0] < 128
    assert "# " in (pictures / "report" / "report.md").read_text("utf-8")

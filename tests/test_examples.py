"""The examples run as their first lines say, and make what they say."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import resvg_py
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
MODEL = ROOT / "handsynth" / "assets" / "default"


@pytest.mark.parametrize(
    ("arguments", "made"),
    [
        (("letter.py", "{out}"), ("letter-gallery.png", "letter-random.png")),
        (("glyph_sheet.py", "{out}"), ("sheet.png", "glyphs.npz")),
        (("onnx_alone.py", str(MODEL), "{out}/alone.svg"), ("alone.svg",)),
    ],
)
def test_example_runs(tmp_path, arguments, made):
    script, *rest = (a.format(out=tmp_path) for a in arguments)
    command = [sys.executable, str(ROOT / "examples" / script), *rest]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    for name in made:
        if name.endswith(".svg"):
            text = (tmp_path / name).read_text()
            assert text.count("<polyline") >= 45 and resvg_py.svg_to_bytes(svg_string=text)
        elif name.endswith(".npz"):
            with np.load(tmp_path / name) as arrays:
                assert arrays["images"].shape == (48, 64, 64) and arrays["images"].max() == 255
        else:
            with Image.open(tmp_path / name) as image:
                low, high = image.convert("L").getextrema()
                assert low < 100 and high > 200  # ink on paper


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "usage: onnx_alone.py"),
        ((str(MODEL), "alone.png"), "does not end in .svg"),
        ((str(ROOT), "a.svg"), "no decoder.onnx"),
    ],
)
def test_the_example_of_a_model_alone_says_what_it_needs(tmp_path, arguments, said):
    command = [sys.executable, str(ROOT / "examples" / "onnx_alone.py"), *arguments]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert result.returncode == 2 and said in result.stderr and "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())

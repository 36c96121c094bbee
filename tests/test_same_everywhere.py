"""The same bytes on other processors: numpy and OpenBLAS choose their code by what the processor can."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module

import numpy as np
import pytest

from handsynth.layout import spacing

DRAWN = """
import hashlib, sys
from handsynth.cli.app import main

text = "Grüße, Ada! The quick brown fox jumps over 13 lazy dogs (again?) - \\"yes\\".\\n\\n# Title\\n\\n- one\\n- two"
open("t.md", "w", encoding="utf-8").write("\\n\\n".join([text] * 6))
for number, (ending, hand) in enumerate([("svg", "random:3"), ("pdf", "random:11"), ("svg", "random:20")]):
    out = f"{number}.{ending}"
    assert main(["page", "t.md", "-o", out, "--hand", hand, "--paper", "a3", "--seed", str(number)]) == 0
    print(hashlib.sha256(open(out, "rb").read()).hexdigest())
"""

SPACED = """
import hashlib
import numpy as np
from handsynth.frame import STANDARD
from handsynth.ink.profiles import Profiles
from handsynth.layout import spacing

# pairs enough that the last bit of some logarithm decides
random = np.random.Generator(np.random.Philox(key=5))
middle, half = (random.uniform(*span, (60_000, STANDARD.size)) for span in ((-0.1, 0.1), (0.1, 0.5)))
found = []
for at in range(0, len(half), 1000):
    some = slice(at, at + 1000)
    ink = Profiles((middle - half)[some].astype(np.float32), (middle + half)[some].astype(np.float32))
    found.append(spacing.distances(ink, ink.take(np.arange(999, -1, -1)), STANDARD, random.uniform(0.1, 0.4, 1000)))
print(hashlib.sha256(np.concatenate(found).tobytes()).hexdigest())
"""


def optional() -> list[str]:
    """What numpy can use of this processor, but need not."""
    # numpy before 2 has it elsewhere
    place = "numpy._core" if hasattr(np, "_core") else "numpy.core"
    numpy_core = import_module(f"{place}._multiarray_umath")
    return [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__.get(name)]


def said(program: str, folder, **env: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env=os.environ | env, capture_output=True, text=True, check=True
    )
    return done.stdout.split()


@pytest.mark.parametrize(("program", "lines"), [(DRAWN, 3), (SPACED, 1)], ids=["documents", "distances"])
def test_bytes_do_not_depend_on_what_numpy_can_use(tmp_path, program, lines):
    usual = said(program, tmp_path)
    assert len(set(usual)) == lines
    assert said(program, tmp_path, NPY_DISABLE_CPU_FEATURES=" ".join(optional())) == usual
    assert said(program, tmp_path, OPENBLAS_CORETYPE="Nehalem") == usual


def test_evenness_is_the_same_number_everywhere():
    space = np.linspace(0.01, 2, 64, dtype=np.float32)[None] * np.array([[1], [0.37], [1.93]], np.float32)
    weight = np.where(np.arange(64) % 3, 1, 0.57).astype(np.float32)
    found = spacing._evenness(space, weight)
    assert found.tolist() == [-48023.0, -208237.0, 57941.0]
    exact = (np.log2(space.astype(np.float64)) * weight).sum(axis=1) * 2048
    assert np.abs(found - exact).max() < 30  # of 64 rows

"""Benchmarks take minutes and are run by hand; here, that what they import is there."""

import ast
import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
OURS = "handsynth", "train", "export", "benchmarks", "photos"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.stem)
def test_what_benchmarks_import_is_there(path):
    found = ast.walk(ast.parse(path.read_text("utf-8")))
    wanted = [node for node in found if isinstance(node, ast.ImportFrom) and node.module]
    for node in wanted:
        if node.module.split(".")[0] in OURS:
            module = importlib.import_module(node.module)
            for name in (alias.name for alias in node.names):
                if not hasattr(module, name):
                    importlib.import_module(f"{node.module}.{name}")  # raises where it is no module, either

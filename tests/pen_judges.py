"""Programs of others that read files of strokes: they have a Python of their own, since they ask for other versions."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

NAMED = "PEN_JUDGES"
"""The variable that names that Python; it has vpype and Wacom's Universal Ink Library."""

needed = pytest.mark.skipif(NAMED not in os.environ, reason=f"{NAMED} names no Python with vpype and Wacom's library")


def asked(program: str, file: Path) -> Any:
    """What `program` says of `file`, its first argument: the JSON in its last line."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    judge = [os.environ[NAMED], "-c", program, str(file)]
    said = subprocess.run(judge, env=bare, capture_output=True, text=True, check=True)
    return json.loads(said.stdout.splitlines()[-1])

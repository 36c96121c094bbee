"""The page's own tests (Vitest), where its tools are installed: npm ci in handsynth/studio/web."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parent.parent / "handsynth" / "studio" / "web"


@pytest.mark.skipif(
    not shutil.which("npx") or not (WEB / "node_modules").is_dir(), reason="npm ci was not run in handsynth/studio/web"
)
def test_the_page_s_own_tests_pass():
    command = ["npx", "--no-install", "vitest", "run"]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

"""A studio as its users start it: a process of its own, on a port that is free."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    host: str
    port: int

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"


@contextmanager
def serving(*arguments: str, port: int = 0, **environment: str) -> Iterator[Server]:
    """Run `handsynth studio` with `arguments` until the block ends."""
    command = [sys.executable, "-m", "handsynth", "studio", "--no-browser", "--port", str(port), *arguments]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ | environment
    )
    try:
        line = process.stderr.readline() if process.stderr else ""
        found = re.search(r"http://([^:/]+):(\d+)/", line)
        assert found, f"the studio did not start: {line}{process.stderr.read() if process.stderr else ''}"
        yield Server(process, found[1], int(found[2]))
    finally:
        process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()

"""Programs that need torch, in processes of their own that do not each load it anew: they are forked from one that has.

Loading torch and its exporter takes seconds, most of what a small command takes. The process that they are forked from
has computed nothing, so that each begins as a fresh one does.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRELOADED = (
    "warm", "pytest", "torch.onnx", "torch._dynamo", "onnxscript", "export.build", "export.strokes", "train.prepare",
    "train.loop", "train.reader", "train.evaluate", "train.strokes.fit", "train.words.fit", "fit_together",
)  # fmt: skip

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(list(PRELOADED))


class Started:
    """A running program; what it says goes into files, so that nothing waits for somebody who reads it."""

    def __init__(self, process: BaseProcess, said: Path) -> None:
        self.process, self.said = process, said

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        return self.process.exitcode

    def wait(self, timeout: float = 240) -> subprocess.CompletedProcess[str]:
        """The end of it, and what it said. Kills it where it takes longer than `timeout` seconds."""
        self.process.join(timeout)
        if self.process.exitcode is None:
            self.process.kill()
            self.process.join()
            raise TimeoutError(self.said.with_suffix(".err").read_text("utf-8"))
        out, err = (self.said.with_suffix(end).read_text("utf-8") for end in (".out", ".err"))
        return subprocess.CompletedProcess([], self.process.exitcode, out, err)


def start(
    program: str | Path, *arguments: object, said: Path, folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Started:  # fmt: skip
    """Run a module as `python -m`, or a script by its path, in `folder`. `said` names files for what it prints."""
    words, told = [str(argument) for argument in arguments], {"PYTHONPATH": str(ROOT), **(environment or {})}
    _warm()
    process = _context.Process(target=_run, args=(str(program), words, str(said), str(folder), told))
    process.start()
    return Started(process, said)


def run(
    program: str | Path, *arguments: object, said: Path, folder: Path = ROOT, timeout: float = 240
) -> subprocess.CompletedProcess[str]:
    """The same, to its end."""
    return start(program, *arguments, said=said, folder=folder).wait(timeout)


def _warm() -> None:
    """Start the process that all are forked from: one thread, and imports as here."""
    before = dict(os.environ)
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _run(program: str, words: Sequence[str], said: str, folder: str, environment: Mapping[str, str]) -> None:
    for number, end in ((1, ".out"), (2, ".err")):
        handle = os.open(Path(said).with_suffix(end), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(folder)
    os.environ.update(environment)
    sys.argv = [program, *words]
    if program.endswith(".py"):
        runpy.run_path(program, run_name="__main__")
    else:
        runpy.run_module(program, run_name="__main__", alter_sys=True)

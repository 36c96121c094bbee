"""One process for each input, watched: how it ends, how long it takes, how much memory it has, what it leaves."""

from __future__ import annotations

import os
import random
import select
import shutil
import signal
import tempfile
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from handsynth.errors import HandsynthError

from .targets import Target

SECONDS, MEMORY = 5.0, 512 << 20
"""What no input may take."""


@dataclass
class Counts:
    """What came of the inputs of one target."""

    tried: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    """read, refused, traceback, hang, memory, crash, litter."""
    faults: list[tuple[int, str]] = field(default_factory=list)
    """Number of the input, and what happened."""


def fuzz(name: str, target: Target, seed: int, first: int, count: int, counts: Counts) -> None:
    """Try inputs `first` … `first + count - 1` of a target."""
    seeds = _warmed(name, target)
    for number in range(first, first + count):
        chance = random.Random(f"{seed}:{name}:{number}")
        data = target.mutate(chance.choice(seeds), chance)
        outcome, said = _tried(target, data)
        counts.tried += 1
        counts.outcomes[outcome] += 1
        if outcome not in ("read", "refused"):
            counts.faults.append((number, said))


_seeds: dict[str, list[bytes]] = {}


def _warmed(name: str, target: Target) -> list[bytes]:
    """Good inputs; one is read here, so that the processes for the others have all modules already."""
    if name not in _seeds:
        _seeds[name] = target.seeds()
        folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
        with suppress(HandsynthError):
            target.read(_seeds[name][0], folder)
        shutil.rmtree(folder)
    return _seeds[name]


def _tried(target: Target, data: bytes) -> tuple[str, str]:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    try:
        return _watched(target, data, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _watched(target: Target, data: bytes, folder: Path) -> tuple[str, str]:
    reading, writing = os.pipe()
    before = _resident()  # a forked process begins with all that this one holds
    process = os.fork()
    if not process:
        os.close(reading)
        _child(target, data, folder, writing)
    os.close(writing)
    ready, _, _ = select.select([reading], [], [], SECONDS)
    said = os.read(reading, 1 << 16).decode("utf-8", "replace") if ready else ""
    os.close(reading)
    if not ready:
        os.kill(process, signal.SIGKILL)
    _, status, usage = os.wait4(process, 0)
    if not ready:
        return "hang", f"longer than {SECONDS:g} s"
    if not said:
        return "crash", f"status {status}"
    outcome, _, told = said.partition("\n")
    taken = (usage.ru_maxrss << 10) - before
    if taken > MEMORY and outcome in ("read", "refused"):
        return "memory", f"{taken >> 20} MB"
    return outcome, told


def _resident() -> int:
    """Bytes of this process that are in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _child(target: Target, data: bytes, folder: Path, pipe: int) -> None:
    """Read one input, say how it went, and end."""
    try:
        target.read(data, folder)
        said = "read"
    except HandsynthError as error:
        said = "refused" if "\n" not in str(error) else f"traceback\nseveral lines: {str(error)!r}"
    except BaseException:
        said = "traceback\n" + traceback.format_exc()[-8000:]
    left = [path.name for path in folder.iterdir() if path.name.startswith(".")]
    os.write(pipe, (f"litter\n{left}" if left else said).encode("utf-8", "replace"))
    os._exit(0)


def run(targets: dict[str, Target], seed: int, seconds: float) -> dict[str, Counts]:
    """Try all targets in turn until the time is up."""
    result = {name: Counts() for name in targets}
    end, first = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        for name, target in targets.items():
            fuzz(name, target, seed, first, 20, result[name])
        first += 20
    return result

"""Wall time of commands from a cold process on a warm disk: the shortest of some runs.

python benchmarks/startup.py
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
LINE = "The five boxing wizards jump quickly."


def best(*arguments: str) -> float:
    """Shortest wall time of `python -m handsynth` with these arguments, in seconds."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "handsynth", *arguments], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"--help: {best('--help'):.2f} s")
        print(f"render of one line: {best('render', LINE, '-o', str(Path(folder) / 'line.png')):.2f} s")


if __name__ == "__main__":
    main()

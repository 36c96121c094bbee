"""Time and size of fonts, each in a process of its own, start-up included.

python benchmarks/fonts.py

For one core: taskset -c 0 env OMP_NUM_THREADS=1 python benchmarks/fonts.py
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

ALL = ("ttf", "otf", "woff", "woff2", "bdf", "pcf", "fnt", "png")
CASES = (
    ("ASCII x 5, TTF", ["ttf"], ["--charset", "ascii"]),
    ("ASCII x 5, every format", ALL, ["--charset", "ascii"]),
    ("ASCII x 5, three tables of strikes at 16 and 32 px", [], []),
    ("Latin-1 x 5, TTF and WOFF2", ["ttf", "woff2"], ["--charset", "latin1"]),
    ("Latin-1 x 5, TTF with a specimen", ["ttf"], ["--charset", "latin1", "--specimen"]),
    ("Latin x 5, TTF and WOFF2", ["ttf", "woff2"], ["--charset", "latin"]),
)
COMMAND = [sys.executable, "-m", "handsynth", "font"]


def main() -> None:
    for name, endings, options in CASES:
        with tempfile.TemporaryDirectory() as folder:
            outputs = [word for end in endings for word in ("-o", f"{folder}/Font.{end}")]
            calls = [[*outputs, *options]] if endings else [
                ["-o", f"{folder}/{table}.ttf", "--charset", "ascii", "--strikes", table, "--sizes", "16,32"]
                for table in ("sbix", "cbdt", "ebdt")
            ]  # fmt: skip
            start = time.perf_counter()
            for call in calls:
                subprocess.run([*COMMAND, *call], check=True, stderr=subprocess.DEVNULL)
            spent = time.perf_counter() - start
            sizes = {path.name: path.stat().st_size for path in sorted(Path(folder).iterdir())}
        shown = ", ".join(
            f"{file.partition('.')[2]} {size / 1000:.0f}" for file, size in sizes.items() if "-v" not in file
        )
        print(f"{name}: {spent:5.2f} s; kB: {shown}")


if __name__ == "__main__":
    main()

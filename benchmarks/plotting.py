"""One paragraph in every format for pens that move: size, strokes, way in the air, time; 100 pages' memory.

python -m benchmarks.plotting            # a table in Markdown
python -m benchmarks.plotting --pages    # greatest memory of writing 1, 10 and 100 pages of strokes
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.formats import encode, plotter, writing
from handsynth.formats.plot import Motion, Plot
from handsynth.layout.page import Page

TEXT = (
    "the first of the letters came on a Tuesday, in the rain. I had been waiting for it all week, and when it was "
    "there at last I put it on the table and did not open it until the evening. You write that the garden is "
    "quiet now, that the jackdaws have left the old tower, and that nobody plays the piano any more; is it true that "
    "even Tim has gone?"
)

PLOTTED = {
    ".svg, `--centreline`": (".svg", {}),
    ".svg, `--centreline --optimise`": (".svg", {"optimise": True}),
    ".hpgl": (".hpgl", {}),
    ".hpgl, `--device hp7475a`": (".hpgl", {"device_name": "hp7475a"}),
    ".hpgl, `--optimise`": (".hpgl", {"optimise": True}),
    ".hpgl, `--pen brush --hatch 0.3mm`": (".hpgl", {"hatch": "0.3mm"}),
    ".gcode, `--profile zlift`": (".gcode", {}),
    ".gcode, `--profile servo`": (".gcode", {"profile_name": "servo"}),
    ".dxf": (".dxf", {}),
    ".inkml": (".inkml", {}),
    ".json": (".json", {}),
}

MOVING = {".svg, `--animate`": ".svg", ".gif": ".gif", ".webp, `--animate`": ".webp", ".apng": ".apng", ".mp4": ".mp4"}


def table() -> Iterable[str]:
    yield "| file | bytes | strokes a letter | mm in the air | seconds |\n|---|---|---|---|---|"
    for name, (suffix, how) in PLOTTED.items():
        pen = ["writing.pen=brush"] if "brush" in name else []
        document = Document(TEXT, Style().set(pen))
        page = next(document.pages())
        look = replace(document.plan.look, centreline=suffix == ".svg", plot=Plot.of(**how))
        began = time.process_time()
        size = len(encode(page, suffix, look))
        spent = time.process_time() - began
        paths = [path for one in plotter.pens(page, look, "plotter") for path in one.paths]
        lifts, way = len(paths) / _letters(page), plotter.travel(paths)
        yield f"| {name} | {size:,} | {lifts:.2f} | {way:,.0f} | {spent:.2f} |"
    document = Document(TEXT, Style().set(["output.dpi=100", "paper.name=160x100mm", "paper.margins=8mm"]))
    page = next(document.pages())
    strokes = len(writing.strokes(page)) / _letters(page)
    for name, suffix in MOVING.items():
        look = replace(document.plan.look, motion=Motion(animate=True))
        began = time.process_time()
        size = len(encode(page, suffix, look))
        yield f"| {name} | {size:,} | {strokes:.2f} | | {time.process_time() - began:.2f} |"


def _letters(page: Page) -> int:
    return sum(text.isalpha() for text in page.texts)


def memory() -> Iterable[str]:
    """MiB at most, of a process that writes so many pages."""
    yield "| pages | .json | .inkml | .hpgl |\n|---|---|---|---|"
    with tempfile.TemporaryDirectory() as folder:
        for count in (1, 10, 100):
            text = Path(folder) / "a.txt"
            text.write_text("\n\n".join([TEXT] * (4 * count)))
            row = []
            for suffix in (".json", ".inkml", ".hpgl"):
                program = (
                    "import resource, sys; from handsynth.cli.app import main; main(sys.argv[1:]);"
                    "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
                )
                out = str(Path(folder) / f"a{suffix}")
                done = subprocess.run(
                    [sys.executable, "-c", program, "page", str(text), "-o", out],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                row.append(done.stdout.split()[-1])
            yield f"| {count} | {' | '.join(f'{int(value):,}' for value in row)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", action="store_true", help="memory instead")
    for line in memory() if parser.parse_args().pages else table():
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""What each kind of pen costs: CPU seconds of a page of 2,500 characters as PNG, SVG and PDF, and of a font.

python -m benchmarks.pens              # whole processes, as `handsynth page` and `handsynth font` are
python -m benchmarks.pens --open       # in one process, with the model open

Prints a table in Markdown, each pen beside the round one; all pens by turns, the least of some rounds, on one core.
"""

import argparse
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.pen import PAGE, process
from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.fonts.api import files
from handsynth.formats import FORMATS
from handsynth.ink import pens
from handsynth.model.model import Model

ENDINGS = ".png", ".svg", ".pdf"
FONT = ".ttf"


def page(model: Model, pen: str, suffix: str) -> None:
    document = Document(PAGE, Style().set([f"writing.pen={pen}", "text.size=1.9mm"]), model=model)
    form, look = FORMATS[suffix], document.plan.look
    form.join((form.part(made, look) for made in document.pages()), io.BytesIO(), look)


def within(model: Model, pen: str, suffix: str) -> float:
    """CPU seconds in this process."""
    began = time.process_time()
    if suffix == FONT:
        files([Path("font.ttf")], pen=pen, charset="ascii", variants=2, model=model)
    else:
        page(model, pen, suffix)
    return time.process_time() - began


def whole(text: Path, pen: str, suffix: str) -> float:
    """CPU seconds of a process of its own."""
    out = str(text.with_suffix(suffix))
    work = ["font", "--charset", "ascii", "-n", "2"] if suffix == FONT else ["page", str(text), "--size", "1.9mm"]
    return process([sys.executable, "-m", "handsynth", *work, "-o", out, "--pen", pen])


def table(rounds: int, spent: Callable[[str, str], float]) -> str:
    endings = (*ENDINGS, FONT)
    best: dict[tuple[str, str], float] = {}
    for _ in range(rounds):
        for pen in pens.NAMES:
            for ending in endings:
                best[pen, ending] = min(best.get((pen, ending), 1e9), spent(pen, ending))
    rows = ["| pen | " + " | ".join(endings) + " |", "|---" * (1 + len(endings)) + "|"]
    for pen in pens.NAMES:
        cells = [f"{best[pen, end]:.2f} s, x {best[pen, end] / best[pens.ROUND, end]:.2f}" for end in endings]
        rows.append(f"| {pen} | " + " | ".join(cells) + " |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--open", action="store_true")
    parser.add_argument("--rounds", type=int)
    options = parser.parse_args()
    if options.open:
        model = Model.open(threads=1)
        print(table(options.rounds or 5, lambda pen, ending: within(model, pen, ending)))
        return
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "page.txt"
        text.write_text(PAGE)
        print(table(options.rounds or 1, lambda pen, ending: whole(text, pen, ending)))


if __name__ == "__main__":
    main()

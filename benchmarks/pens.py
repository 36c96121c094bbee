"""What each kind of pen costs: CPU seconds of a page of 2,500 characters as PNG, SVG and PDF, and of a font, each
beside the round pen's.

python -m benchmarks.pens              # a table, in Markdown
python -m benchmarks.pens --rounds 7

Text to bytes in one process with the model open, on one core; all pens by turns, the least of some rounds.
"""

import argparse
import io
import time
from collections.abc import Callable

from benchmarks.pen import PAGE
from handsynth import pens
from handsynth.fonts.api import files
from handsynth.model import Model
from handsynth.pages import Document
from handsynth.render import FORMATS
from handsynth.style import Style

ENDINGS = ".png", ".svg", ".pdf"
FONT = ".ttf"


def page(model: Model, pen: str, suffix: str) -> int:
    """Bytes of the page."""
    document = Document(PAGE, Style().set([f"writing.pen={pen}", "text.size=1.9mm"]), model=model)
    form, file = FORMATS[suffix], io.BytesIO()
    look = document.plan.look
    for made in document.pages():
        form.join(iter([form.part(made, look)]), file, look)
    return len(file.getvalue())


def font(model: Model, pen: str) -> int:
    from pathlib import Path

    made = files([Path("font.ttf")], pen=pen, charset="ascii", variants=2, legibility=1, model=model)[1]
    return sum(map(len, made.values()))


def timed(work: Callable[[], int]) -> tuple[float, int]:
    began = time.process_time()
    size = work()
    return time.process_time() - began, size


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    model = Model.open(threads=1)
    best: dict[tuple[str, str], tuple[float, int]] = {}
    for _ in range(options.rounds):
        for pen in pens.NAMES:
            for ending in (*ENDINGS, FONT):
                spent = timed(lambda: font(model, pen) if ending == FONT else page(model, pen, ending))  # noqa: B023
                best[pen, ending] = min(best.get((pen, ending), spent), spent)
    print("| pen | " + " | ".join(f"{ending} | kB" for ending in (*ENDINGS, FONT)) + " |")
    print("|---" * (1 + 2 * (1 + len(ENDINGS))) + "|")
    for pen in pens.NAMES:
        row = []
        for ending in (*ENDINGS, FONT):
            (spent, size), usual = best[pen, ending], best[pens.ROUND, ending][0]
            row.append(f"{spent:.2f} s, x {spent / usual:.2f} | {size / 1000:,.0f}")
        print(f"| {pen} | " + " | ".join(row) + " |")


if __name__ == "__main__":
    main()

"""What strokes cost on one core: glyphs decoded with their prior, and to pixels; files as whole processes.

python benchmarks/pen.py                       # glyphs/s, and CPU seconds of a line, a page, a PDF, a font
python benchmarks/pen.py --handright PYTHON    # with Handright beside it, from an environment that has it

Processes are timed by the CPU that they use (user and system), the least of three runs. Bytecode is kept from the first
run on, as it is of what is installed.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.model.model import Model

SENTENCE = "It was a bright cold day in April, and the clocks were striking thirteen. "
PAGE = (SENTENCE * 34)[:2500]
GLYPHS = 8192
HANDRIGHT = """
import sys
from handright import Template, handwrite
from PIL import Image, ImageFont
from pathlib import Path
fonts = [p for p in Path("/usr/share/fonts").rglob("*.ttf")] or [Path(ImageFont.load_default().path)]
template = Template(
    background=Image.new("L", (1240, 1754), 255), font=ImageFont.truetype(str(fonts[0]), 26), line_spacing=37,
    left_margin=118, right_margin=118, top_margin=118, bottom_margin=118, line_spacing_sigma=1, font_size_sigma=1,
    word_spacing_sigma=1, perturb_x_sigma=1, perturb_y_sigma=1, perturb_theta_sigma=0.05,
)
for i, image in enumerate(handwrite(Path(sys.argv[1]).read_text(), template)):
    image.save(sys.argv[2] + f"/handright-{i}.png")
"""


def glyphs(model: Model) -> None:
    hand = Hand.random(model, 1)
    text = (PAGE.replace(" ", "") * 5)[:GLYPHS]
    index, places = model.index(text), np.arange(GLYPHS, dtype=np.uint64)
    style = np.broadcast_to(hand.style, (GLYPHS, len(hand.style)))
    noise = np.random.default_rng(0).standard_normal((GLYPHS, model.card.variation_size)).astype(np.float32)
    best = {"prior and decoder": 0.0, "drawing, noise and hand too": 0.0, "to pixels at an x-height of 18": 0.0}
    for _ in range(3):
        began = time.process_time()
        model.decode_strokes(index, style, model.prior(index, style, noise)[1])
        decoded = time.process_time()
        drawn = draw.glyphs(model, hand, index, places, 1)
        made = time.process_time()
        drawn.ink()
        done = time.process_time()
        rates = GLYPHS / (decoded - began), GLYPHS / (made - decoded), GLYPHS / (done - decoded)
        best = {name: max(old, rate) for (name, old), rate in zip(best.items(), rates, strict=True)}
    for name, rate in best.items():
        print(f"{name:<32} {rate:8,.0f} glyphs/s")


def process(command: list[str]) -> float:
    """CPU seconds of a whole process, the least of three runs."""
    used = []
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True, env=kept | {"OMP_NUM_THREADS": "1"})
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return min(used)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--handright", help="A Python that has Handright.")
    options = parser.parse_args()
    glyphs(Model.open(options.model, threads=1))
    extra = ["--model", str(options.model)] if options.model else []
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "page.txt"
        text.write_text(PAGE)
        page = ["page", str(text), "--size", "1.9mm"]
        for name, arguments in {
            "a line, PNG": ["render", "It was a bright cold day in April.", "-o", f"{folder}/line.png"],
            "2,500 characters on A4, PNG at 150 dpi": [*page, "-o", f"{folder}/page.png"],
            "the same, PDF": [*page, "-o", f"{folder}/page.pdf"],
            "ASCII x 5, TTF": ["font", "-o", f"{folder}/font.ttf", "--charset", "ascii"],
        }.items():
            print(f"{name:<40} {process([sys.executable, '-m', 'handsynth', *arguments, *extra]):5.2f} s")
        if options.handright:
            print(f"{'Handright, PNG':<40} {process([options.handright, '-c', HANDRIGHT, str(text), folder]):5.2f} s")


if __name__ == "__main__":
    main()

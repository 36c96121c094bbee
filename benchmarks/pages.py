"""Time of a page of 2,500 characters in each format, and time and memory of many pages, in one process.

python benchmarks/pages.py                  # one page in each format; with Handright beside it, if it is installed
python benchmarks/pages.py --many 1000      # PNG and PDF of so many pages (--letters 200: of short ones)
python benchmarks/pages.py --profile        # where the time of a PDF page goes

For one core: taskset -c 0 env OMP_NUM_THREADS=1 python benchmarks/pages.py
"""

import argparse
import cProfile
import pstats
import resource
import tempfile
import time
from pathlib import Path

from handsynth.document.pages import Document
from handsynth.document.style import Style
from handsynth.model.model import Model

SENTENCE = "It was a bright cold day in April, and the clocks were striking thirteen. "
PAGE = (SENTENCE * 34)[:2500]
STYLE = Style().set(["paper.name=a4", "text.size=1.9mm"])


def once(model: Model, text: str, path: Path) -> tuple[float, int]:
    start = time.perf_counter()
    written = Document(text, STYLE, model=model).write(path)
    return time.perf_counter() - start, len(written)


def handright(folder: Path) -> None:
    try:
        from handright import Template, handwrite
        from PIL import Image, ImageFont
    except ImportError:
        print("Handright is not installed (pip install handright, in an environment of its own)")
        return
    fonts = [p for p in Path("/usr/share/fonts").rglob("*.ttf")] or [Path(ImageFont.load_default().path)]
    font = ImageFont.truetype(str(fonts[0]), 26)
    template = Template(
        background=Image.new("L", (1240, 1754), 255), font=font, line_spacing=37, left_margin=118, right_margin=118,
        top_margin=118, bottom_margin=118, line_spacing_sigma=1, font_size_sigma=1, word_spacing_sigma=1,
        perturb_x_sigma=1, perturb_y_sigma=1, perturb_theta_sigma=0.05,
    )  # fmt: skip
    start = time.perf_counter()
    count = 0
    for count, image in enumerate(handwrite(PAGE, template), 1):
        image.save(folder / f"handright-{count}.png")
    print(f"Handright, .png: {time.perf_counter() - start:5.2f} s, {count} page(s), font {fonts[0].name}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--many", type=int, default=0)
    parser.add_argument("--letters", type=int, default=2500, help="characters a page, with --many")
    parser.add_argument("--endings", nargs="+", default=[".png", ".pdf"])
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    model = Model.open()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        once(model, "warm", folder / "warm.pdf")
        if options.profile:
            profile = cProfile.Profile()
            profile.runcall(once, model, PAGE, folder / "page.pdf")
            pstats.Stats(profile).sort_stats("tottime").print_stats(15)
        elif options.many:
            for ending in options.endings:
                for pages in (max(1, options.many // 10), options.many):
                    spent, count = once(model, "\f".join([PAGE[: options.letters]] * pages), folder / f"many{ending}")
                    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                    print(
                        f"{ending}: {count} file(s), {pages:,} pages: {spent:7.1f} s, {peak:,.0f} MB peak", flush=True
                    )
        else:
            for ending in (".png", ".pdf", ".svg", ".tiff"):
                spent, count = once(model, PAGE, folder / f"page{ending}")
                size = (folder / f"page{ending}").stat().st_size
                print(f"{ending}: {spent:5.2f} s, {count} page(s), {size:,} bytes")
            handright(folder)


if __name__ == "__main__":
    main()

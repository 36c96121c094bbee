"""How well joined writing is read by an engine that is not ours: python -m benchmarks.joined_ocr [--size PX]

Each hand of the gallery that is tagged cursive writes paragraphs of plain English, joined as `render` joins, which
tesseract reads as blocks of text (`--psm 6`; of single lines it drops some whole). Characters wrong: least number of
letters put in, left out or changed, over those of the text. Needs `tesseract` on the path.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import ImageOps

import handsynth
from benchmarks.recogniser import edits
from handsynth import Model

PARAGRAPHS = (
    "The river was quiet in the morning and nobody spoke\nShe wrote a long letter to her brother about the garden\n"
    "We walked home slowly because the road was covered with snow\nThere are many ways to make a good cup of coffee",
    "Please bring the yellow folder when you come on Friday\nHe found an old map under the floor of the kitchen\n"
    "Seven ships left the harbour before the wind changed\nMy sister plays the violin much better than I do",
    "It takes about two hours to drive from here to the coast\nThe children built a small house out of wooden boxes\n"
    "Every evening they sat by the window and told stories\nNo one could explain why the clock had stopped again",
)
MARGIN = 30
"""px of paper around a paragraph."""


def read(pictures: list[Path]) -> list[str]:
    """What tesseract makes of each picture, its lines joined by blanks."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "list.txt"
        listed.write_text("".join(f"{name}\n" for name in pictures))
        command = ["tesseract", str(listed), "-", "--psm", "6", "--dpi", "300", "-l", "eng"]
        alone = os.environ | {"OMP_THREAD_LIMIT": "1"}
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=alone).stdout
    return [" ".join(page.split()) for page in told.split("\f")[: len(pictures)]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=28, help="x-height in px")
    parser.add_argument("--joined", type=float, default=1.0, help="0: the same hands as print")
    parser.add_argument("--line-spacing", type=float, default=1.3, help="1.3: about as on ruled paper")
    given = parser.parse_args()
    model = Model.open(threads=1)
    hands = [hand.name for hand in model.card.gallery if "cursive" in hand.tags]
    wrong: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for hand in hands:
            for number, text in enumerate(PARAGRAPHS):
                names.append(Path(folder) / f"{hand}-{number}.png")
                picture = handsynth.render(
                    text, model=model, hand=hand, seed=number, size=given.size, joined=given.joined,
                    line_spacing=given.line_spacing,
                ).convert("L")  # fmt: skip
                ImageOps.expand(picture, MARGIN, 255).save(names[-1])
        for name, said in zip(names, read(names), strict=True):
            hand, number = name.stem.split("-")
            text = " ".join(PARAGRAPHS[int(number)].split())
            wrong.setdefault(hand, []).append(edits(said, text) / len(text))
    means = sorted((float(np.mean(shares)), hand) for hand, shares in wrong.items())
    print(
        f"{len(hands)} hands, {len(names)} paragraphs: {np.mean([share for share, _ in means]):.1%} of characters wrong"
    )
    print(", ".join(f"{hand} {share:.0%}" for share, hand in means))


if __name__ == "__main__":
    main()

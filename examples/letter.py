"""A letter in a hand of the gallery, and the same letter in a hand that nobody has.

python examples/letter.py [FOLDER]
"""

import sys
from pathlib import Path

import handsynth

LETTER = """Dear Ada,

thank you for the machine. It has written this letter, and I have let it: my own hand is not what it was. Note that
no two letters are alike, though all are mine.

Yours,
Charles"""


def main(folder: Path) -> None:
    first = handsynth.Model.open().card.gallery[0].name
    for name, hand, seed in (("gallery", first, 1), ("random", "random", 7)):
        # lengths are pixels, or say their unit; the paper is as wide as the longest line that fits
        picture = handsynth.render(LETTER, hand=hand, seed=seed, size="2.4mm", dpi=200, wrap="150mm", ink="#16306e")
        picture.save(folder / f"letter-{name}.png")
        print(folder / f"letter-{name}.png", picture.size)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

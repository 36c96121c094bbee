"""Makes the picture of docs/corpus.md: python docs/corpus.py"""

from pathlib import Path

from PIL import Image

from handsynth import Corpus

OUT = Path(__file__).with_name("corpus")
PRESETS = "clean", "office", "notebook", "phone", "archive"
WIDTH = 1000


def main() -> None:
    OUT.mkdir(exist_ok=True)
    rows = []
    for number, effects in enumerate(PRESETS):
        corpus = Corpus(
            "sentences",
            "addresses:de",
            effects=effects,
            colour=True,
            legibility=3,
            height=56,
            length=(1, 46),
            joined=0.5,
        )
        rows += [sample.image for sample in corpus.samples(4 * number, 2)]
    sheet = Image.new("RGB", (WIDTH, sum(row.shape[0] + 8 for row in rows) + 8), "white")
    y = 8
    for row in rows:
        sheet.paste(Image.fromarray(row), (8, y))
        y += row.shape[0] + 8
    sheet.save(OUT / "effects.png", optimize=True)


if __name__ == "__main__":
    main()

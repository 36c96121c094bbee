"""Makes the pictures of the README and the docs with the default model.

python docs/pictures.py
"""

from pathlib import Path

from PIL import Image

import handsynth

FOLDER = Path(__file__).parent / "images"
LETTER = """Dear Ada,

it is a fine evening, and the machine on my desk has learned to write. No two of its letters are alike: see the e of \
"between", or the tt of "letter". When I ask it for the same page again, I get the same page, to the last dot.

Shall we meet at the café on Sunday, at 3:45? I will bring 12 plums & the new notes.

Yours, Charles"""
PARAGRAPH = "The five boxing wizards jump quickly, and nobody knows why: perhaps it's for fun."
WRITER = "Quill"
SHOWN = "Quill", "Willow", "Elder", "Umber", "Copper"


def stack(pictures: list[Image.Image]) -> Image.Image:
    width = max(p.width for p in pictures)
    whole = Image.new("L", (width, sum(p.height for p in pictures)), 255)
    y = 0
    for p in pictures:
        whole.paste(p.convert("L"), (0, y))
        y += p.height
    return whole


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    model = handsynth.Model.open()
    names = [hand.name for hand in model.card.gallery]
    wide = {"size": 22, "wrap": 1080, "model": model}
    handsynth.render(LETTER, hand=WRITER, seed=6, ink="#1b2f6b", **wide).save(FOLDER / "letter.png")
    five = [handsynth.render(PARAGRAPH, hand=name, seed=11, **wide) for name in SHOWN]
    stack(five).save(FOLDER / "hands.png", optimize=True)
    handsynth.gallery_picture(model, "Pack my box with five dozen jugs.", size=20).save(FOLDER / "gallery.png")
    everything = "".join(model.charset)
    handsynth.sheet(model, everything, [handsynth.Hand.gallery(model, names[0])], size=16).save(FOLDER / "charset.png")


if __name__ == "__main__":
    main()

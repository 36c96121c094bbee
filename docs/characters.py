"""Makes docs/images/signs.png: every letter with marks of the sets of Latin, and every sign of the table, by six hands.

python docs/characters.py
"""

import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import handsynth

HANDS = "Quill", "Linen", "Cedar", "Willow", "Onyx", "Thistle"
VIETNAMESE = "".join(map(chr, range(0x1EA0, 0x1EFA))) + "ƠơƯư"
OTHERS = "²₂½¾ªº①"
SLOT, COLUMNS, HEIGHT, SIZE = 42, 6, 62, 15
"""px: of a hand's drawing, of a row, and the height of a small x; so many signs stand in a row."""

LABEL, BASELINE = 30, 46
DESCENT = 0.66
"""x-heights of a line's picture that are below its baseline."""


def signs() -> list[str]:
    """Each once: letters with marks, in the order of their numbers, then the table's own."""
    marked = [char for char in handsynth.charset("latin") + VIETNAMESE if len(unicodedata.normalize("NFD", char)) > 1]
    return list(dict.fromkeys([*sorted(marked), *OTHERS, *handsynth.Recipes.load().signs]))


def main() -> None:
    model, every = handsynth.Model.open(), signs()
    cell = LABEL + SLOT * len(HANDS)
    whole = Image.new("L", (COLUMNS * cell, -(-len(every) // COLUMNS) * HEIGHT), 255)
    pen, label = ImageDraw.Draw(whole), ImageFont.load_default(10)
    for i, sign in enumerate(every):
        x, y = i % COLUMNS * cell, i // COLUMNS * HEIGHT
        pen.text((x + 2, y + 1), f"{ord(sign):04X}", 128, label)
        for k, hand in enumerate(HANDS):
            drawn = handsynth.render(sign, hand=hand, seed=i, size=SIZE, margin=0, wander=0, model=model).convert("L")
            # as wide as the slot at most, so that no sign runs into the next
            small = min(1.0, (SLOT - 4) / drawn.width)
            if small < 1:
                drawn = drawn.resize((SLOT - 4, round(drawn.height * small)))
            foot = y + BASELINE + round(DESCENT * SIZE * small)
            ink = Image.eval(drawn, lambda v: 255 - v)
            whole.paste(drawn, (x + LABEL + k * SLOT, foot - drawn.height), ink)
    path = Path(__file__).parent / "images" / "signs.png"
    whole.quantize(16).save(path, optimize=True)


if __name__ == "__main__":
    main()

"""Makes docs/images/signs.png: every sign that has a recipe, by six hands.

python docs/characters.py
"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import handsynth
from handsynth.model.model import Model
from handsynth.text.recipes import table

HANDS = "Quill", "Linen", "Cedar", "Willow", "Onyx", "Thistle"
LETTERS = "áàâãäåāăąçćčďđéèêëēėęěğģíîïīįķĺľłñńňņóòôõöőøřŕśšşșťțúùûüūůűųýžźżÅČÉŘŽÑÖơưấềộữỹ²₂½¾ªº"
COLUMNS, CELL = 10, (152, 40)


def main() -> None:
    model = Model.open()
    signs = [*LETTERS, *table().signs]
    rows = -(-len(signs) // COLUMNS)
    whole = Image.new("L", (COLUMNS * CELL[0], rows * CELL[1]), 255)
    pen = ImageDraw.Draw(whole)
    label = ImageFont.load_default(9)
    for i, sign in enumerate(signs):
        x, y = i % COLUMNS * CELL[0], i // COLUMNS * CELL[1]
        pen.text((x + 2, y + 1), f"{ord(sign):04X}", 128, label)
        for k, hand in enumerate(HANDS):
            drawn = handsynth.render(sign, hand=hand, seed=i, size=11, margin=0.1, wander=0, model=model)
            whole.paste(Image.eval(drawn.convert("L"), lambda v: v), (x + 26 + k * 21, y + 38 - drawn.height))
    path = Path(__file__).parent / "images" / "signs.png"
    whole.quantize(16).save(path, optimize=True)


if __name__ == "__main__":
    main()

"""Makes the picture of docs/scripts.md: python docs/scripts.py"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

import handsynth

HANDS = ("Quill", "Maple", "Linen", "Ember", "Willow", "Iris")
TEXT = """Съешь же ещё этих мягких французских булок, да выпей чаю. One hand
Гей, хлопці, не вспію — на ґанку ваша файна їжа знищується бурундучком.
Љубазни фењерџија чађавог лица хоће да ми покаже штос.
Щъркелът жадно яде фъстъци, ползва мощ и химия.
Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. Ήλιος, Ώρα, πραΰνω"""


def main() -> None:
    some = [handsynth.render(TEXT, hand=hand, size=15, margin=0.7, line_spacing=0.9).convert("L") for hand in HANDS]
    column = max(one.width for one in some)
    rows = [max(a.height, b.height) for a, b in zip(some[::2], some[1::2], strict=True)]
    sheet = Image.new("L", (2 * column, sum(rows)), 255)
    for number, one in enumerate(some):
        sheet.paste(one, (number % 2 * column, sum(rows[: number // 2])))
    sheet.quantize(16).save(Path(__file__).parent / "images" / "scripts.png", optimize=True)


if __name__ == "__main__":
    main()

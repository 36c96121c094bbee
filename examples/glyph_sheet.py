"""A sheet of variations, and the same glyphs as arrays.

python examples/glyph_sheet.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np

from handsynth import Hand, Model, glyphs, noise_key, sheet

CHARS = "aegkst"
EACH = 8


def main(folder: Path) -> None:
    model = Model.open()
    hand = Hand.random(model, seed=12)
    sheet(model, CHARS, [hand], variants=EACH).save(folder / "sheet.png")

    # the same by hand: each drawing has a place, and the place decides its variation
    index = np.repeat(model.index(CHARS), EACH)
    places = np.array([noise_key("my sheet", i) for i in range(len(index))], np.uint64)
    drawn = glyphs(model, hand, index, places, seed=12)
    images = (drawn.ink() * 255).round().astype(np.uint8)  # 255 = ink
    np.savez_compressed(folder / "glyphs.npz", images=images, characters=list(CHARS))
    print(images.shape, images.dtype, "in", folder / "glyphs.npz")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))

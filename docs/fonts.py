"""Draw the pictures of docs/fonts.md with the model that ships: python docs/fonts.py"""

from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.drawing.resolve import resolve
from handsynth.fonts import FontSource, build
from handsynth.fonts.names import Names
from handsynth.fonts.repertoire import LATIN1
from handsynth.fonts.specimen import picture
from handsynth.fonts.strike import strike
from handsynth.model.model import Model

HERE = Path(__file__).parent / "fonts"
TEXT = "Sphinx of black quartz, judge my vow! 1234567890"


def pixels(source: FontSource) -> None:
    """One bit a pixel at three sizes, each pixel drawn as two by two."""
    rows = []
    for size in (12, 16, 24):
        drawn = strike(source, size, 1)
        row = np.full((drawn.ascent + drawn.descent + 4, 640), 255, np.uint8)
        x = 4
        for number, char in enumerate(TEXT):
            if char == " ":
                x += round(source.metrics.space * size)
                continue
            glyph = source.glyph(char, number % source.variants)
            ink = drawn.pictures[glyph]
            left, top = x + drawn.left[glyph], drawn.ascent - drawn.top[glyph]
            part = row[top : top + ink.shape[0], left : left + ink.shape[1]]
            np.minimum(part, 255 - ink, out=part)
            x += drawn.advance[glyph]
        rows.append(row)
    whole = Image.fromarray(np.concatenate(rows))
    whole.resize((2 * whole.width, 2 * whole.height), Image.Resampling.NEAREST).convert("1").save(HERE / "pixels.png")


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    model = Model.open()
    source = build(model, resolve(model, "Willow"), Names("Willow"), LATIN1, 5, legibility=4)
    shown = picture(source)
    small = shown.resize((shown.width * 5 // 8, shown.height * 5 // 8), Image.Resampling.LANCZOS)
    small.quantize(16).save(HERE / "specimen.png", optimize=True)
    pixels(source)

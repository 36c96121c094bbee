"""Draw the pictures of docs/joined.md with the model that ships: python docs/joined.py"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import handsynth
from handsynth import Model

HERE = Path(__file__).parent
HANDS = (
    "Quill", "Sparrow", "Grove", "Ursa", "Cobalt", "Yarrow", "Moss", "Quince", "Finch", "Garnet", "Raven", "Walnut",
)  # fmt: skip
TEXT = "the ferry leaves at noon, and some men will go on to see the long red line"


def lines(model: Model, hands: tuple[str, ...], joined: float, text: str) -> Image.Image:
    """One line by each hand, with its name before it."""
    label = ImageFont.load_default(15)
    drawn = [
        np.asarray(
            handsynth.render(text, model=model, hand=hand, seed=7, size=17, margin=0.7, joined=joined).convert("L")
        )
        for hand in hands
    ]
    high = max(image.shape[0] for image in drawn) + 2
    sheet = Image.new("L", (90 + max(image.shape[1] for image in drawn), high * len(drawn) + 10), 255)
    pen = ImageDraw.Draw(sheet)
    for row, (hand, image) in enumerate(zip(hands, drawn, strict=True)):
        sheet.paste(Image.fromarray(image), (84, 5 + row * high))
        pen.text((8, 5 + row * high + high // 2 - 9), hand, fill=110, font=label)
    return sheet


def dials(model: Model) -> Image.Image:
    """One text from print to all."""
    label = ImageFont.load_default(15)
    rows = [lines(model, ("Walnut",), dial, "a dial from print to joined writing") for dial in (0, 0.5, 1, 2)]
    sheet = Image.new("L", (rows[0].width + 40, sum(row.height for row in rows)), 255)
    y = 0
    for dial, row in zip(("0", "0.5", "1", "2"), rows, strict=True):
        sheet.paste(row.crop((70, 0, row.width, row.height)), (60, y))
        ImageDraw.Draw(sheet).text((14, y + row.height // 2 - 9), dial, fill=110, font=label)
        y += row.height
    return sheet


if __name__ == "__main__":
    opened = Model.open()
    (HERE / "joined").mkdir(exist_ok=True)
    lines(opened, HANDS, 1.0, TEXT).quantize(16).save(HERE / "joined" / "twelve-hands.png", optimize=True)
    dials(opened).quantize(16).save(HERE / "joined" / "dial.png", optimize=True)

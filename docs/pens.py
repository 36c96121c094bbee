"""Draw the picture of docs/pens.md with the model that ships: python docs/pens.py"""

from pathlib import Path

from PIL import Image

from handsynth import Document, Model, Style

HERE = Path(__file__).parent
TEXT = "The quick brown fox\njumps over a lazy dog,\nfive wizards & 27 boxes."
SHOWN = "fox dog"
PENS = "round", "ballpoint", "fineliner", "fountain", "felt", "pencil", "brush", "nib"
HAND = "Quill"


def written(text: str, pen: str, dpi: float, width: str, height: str) -> Image.Image:
    style = Style().set(
        [
            f"writing.hand={HAND}", f"writing.pen={pen}", f"output.dpi={dpi}", f"paper.name={width}x{height}mm",
            "paper.margins=2mm", "text.size=2.2mm", "person.margin=0", "person.wander=0.3", "person.ink=0",
        ]
    )  # fmt: skip
    return next(Document(text, style, model=MODEL).pictures()).convert("L")


if __name__ == "__main__":
    MODEL = Model.open()
    rows = []
    for pen in PENS:
        # at 150 dpi, and a part of the same at four times as many
        page, near = written(TEXT, pen, 150, "62", "29"), written(SHOWN, pen, 600, "24", "10")
        rows.append((page, near.crop((0, 26, near.width, 26 + page.height))))
    width = max(page.width + near.width for page, near in rows) + 6
    height = rows[0][0].height + 6
    sheet = Image.new("L", (width, height * len(rows)), 205)
    for number, (page, near) in enumerate(rows):
        sheet.paste(page, (0, number * height))
        sheet.paste(near, (page.width + 6, number * height))
    sheet.quantize(16).save(HERE / "pages" / "pens.png", optimize=True)

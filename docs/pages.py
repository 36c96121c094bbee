"""Draw the pictures of docs/pages.md with the model that ships: python docs/pages.py"""

from pathlib import Path

from PIL import Image

from handsynth import Document, Model, Style

HERE = Path(__file__).parent
MANY = ("Quill", "Willow", "Linen", "Poppy", "Umber", "Yarrow", "Basil", "Copper", "Drift", "Elder")


def draw(source: str, target: str, *dials: str) -> None:
    path = HERE / "pages" / source
    style = Style().set(["output.dpi=90", *dials])
    document = Document(path.read_text("utf-8"), style, model=MODEL, markdown=source.endswith(".md"))
    document.write(HERE / "pages" / target)


def ten_hands() -> None:
    text = (HERE / "pages" / "letter.txt").read_text("utf-8")
    pictures = []
    for hand in MANY:
        document = Document(text, Style().set(["paper.name=a5", "output.dpi=55", f"writing.hand={hand}"]), model=MODEL)
        pictures.append(next(document.pictures()).convert("RGB"))
    width, height = pictures[0].size
    sheet = Image.new("RGB", (5 * (width + 6), 2 * (height + 6)), (205, 205, 205))
    for number, picture in enumerate(pictures):
        sheet.paste(picture, (number % 5 * (width + 6) + 3, number // 5 * (height + 6) + 3))
    sheet.save(HERE / "pages" / "ten-hands.png")


def soaked() -> None:
    """A corner of a sheet that is written on both sides, clean and soaked, three times as large as it is."""
    text = (HERE / "pages" / "letter.txt").read_text("utf-8")
    strips = []
    for amount in (0, 0.4, 1):
        dials = [f"paper.bleed={amount}", f"paper.show_through={amount}", "paper.name=a6", "output.dpi=288"]
        document = Document(text, Style().set([*dials, "writing.hand=Hazel"]), model=MODEL)
        strips.append(next(document.pictures()).convert("RGB").crop((110, 470, 1010, 667)))
    width, height = strips[0].size
    sheet = Image.new("RGB", (width, 3 * height + 12), (205, 205, 205))
    for number, strip in enumerate(strips):
        sheet.paste(strip, (0, number * (height + 6)))
    sheet.save(HERE / "pages" / "soaked.png")


if __name__ == "__main__":
    MODEL = Model.open()
    draw("letter.txt", "letter.jpg", "paper.name=a4-ruled", "output.look=photographed", "person.slips=1")
    draw("worksheet.md", "worksheet.png", "paper.name=a5-margin-landscape", "paper.pitch=10mm")
    draw("shopping.md", "shopping.png", "paper.name=card-3x5", "writing.hand=Hazel")
    inks = "output.ink_heading=#1d5c3a", "text.heading_mark=underline"
    draw("emphasis.md", "emphasis.png", "paper.name=a6-ruled-landscape", "writing.hand=Finch", "output.dpi=140", *inks)
    soaked()
    draw("sums.txt", "sums.png", "paper.name=a6-squared-landscape", "writing.hand=Hazel")
    ten_hands()

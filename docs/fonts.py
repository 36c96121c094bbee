"""Draw the pictures of docs/fonts.md with the model that ships: python docs/fonts.py"""

from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageDraw, ImageFont

import handsynth

HERE = Path(__file__).parent / "fonts"
TEXT = "Sphinx of black quartz, judge my vow! 1234567890"
SIZES = 12, 16, 24


def line(files: list[Path], size: int) -> Image.Image:
    """One bit a pixel: `TEXT`, each character from the next of the font's `files`, one for each of its drawings."""
    fonts = [ImageFont.truetype(file, size) for file in files]
    ascent, descent = fonts[0].getmetrics()
    row, x = Image.new("1", (640, ascent + descent + 4), 1), 4
    pen = ImageDraw.Draw(row)
    for number, char in enumerate(TEXT):
        font = fonts[number % len(fonts)]
        pen.text((x, ascent), char, 0, font, "ls")
        x += round(font.getlength(char))
    return row


if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        sizes = handsynth.Options(sizes=SIZES)
        place = Path(folder) / "Willow.bdf"
        _, made = handsynth.font(place, hand="Willow", options=sizes, joined=0, specimen=True)
        with Image.open(place.with_name("Willow-specimen.png")) as shown:
            small = shown.resize((shown.width * 5 // 8, shown.height * 5 // 8), Image.Resampling.LANCZOS)
        small.quantize(16).save(HERE / "specimen.png", optimize=True)
        rows = [line([file for file in made if file.name.startswith(f"Willow-{size}")], size) for size in SIZES]
    whole = Image.new("1", (rows[0].width, sum(row.height for row in rows)))
    for number, row in enumerate(rows):
        whole.paste(row, (0, sum(above.height for above in rows[:number])))
    whole.resize((2 * whole.width, 2 * whole.height), Image.Resampling.NEAREST).save(HERE / "pixels.png")

"""Draw the picture of docs/plotters.md: one paragraph in many formats, each drawn by a program that is not ours.

    PEN_JUDGES=PYTHON python docs/plotters.py

PYTHON has vpype and universal-ink-library; Inkscape, LibreCAD and Chromium are installed.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

import gcodeparser
import numpy as np
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from playwright.sync_api import sync_playwright

import handsynth

HERE = Path(__file__).parent
TEXT = "Every letter is a line\nthat a pen can follow,\ndots and bars at last."
HAND, SIZE, WIDTH = "Quill", "3mm", 620
"""The width in px of each drawing."""


def made(folder: Path, name: str, **how: object) -> Path:
    how = {"hand": HAND, "size": SIZE, "seed": 2, "dpi": 200, **how}
    handsynth.write(TEXT, folder / name, **how)
    return folder / name


def by_inkscape(file: Path) -> Image.Image:
    out = file.with_suffix(".ink.png")
    home = {**os.environ, "HOME": str(file.parent)}
    subprocess.run(
        ["inkscape", file, "-o", out, "-w", str(2 * WIDTH), "-b", "white"], check=True, capture_output=True, env=home
    )
    return Image.open(out).convert("L")


def read_by(program: str, file: Path) -> Image.Image:
    """What `program` prints of `file` as JSON: paths."""
    bare = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    judge = [os.environ["PEN_JUDGES"], "-c", program, str(file)]
    said = subprocess.run(judge, env=bare, check=True, capture_output=True, text=True).stdout
    return lines([np.array(path) for path in json.loads(said.splitlines()[-1])])


def by_vpype(file: Path) -> Image.Image:
    return read_by(
        "import json, sys, vpype\n"
        "from vpype_cli import execute\n"
        "lines = execute(f'read {sys.argv[1]}').layers.values()\n"
        "print(json.dumps([[[p.real, p.imag] for p in line] for layer in lines for line in layer]))",
        file,
    )


def by_wacom(file: Path) -> Image.Image:
    return read_by(
        "import json, sys; from uim.codec.parser.inkml import InkMLParser\n"
        "model = InkMLParser().parse(sys.argv[1])\n"
        "strokes = [list(zip(*[c.values for c in data.data_channels[:2]])) for data in model.sensor_data.sensor_data]\n"
        "print('\\n' + json.dumps(strokes))",
        file,
    )


def by_librecad(file: Path) -> Image.Image:
    home = {**os.environ, "HOME": str(file.parent), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(file.parent)}
    command = ["librecad", "dxf2pdf", "-a", "-m", file.name]
    subprocess.run(command, env=home, cwd=file.parent, check=True, timeout=120, capture_output=True)
    drawn = pypdfium2.PdfDocument(file.with_suffix(".pdf"))[0].render(scale=4).to_pil().convert("L")
    return drawn.filter(ImageFilter.MinFilter(5))  # its lines are hairs


def by_gcodeparser(file: Path) -> Image.Image:
    at, down, found = np.zeros(2), False, []
    for line in gcodeparser.parse_gcode_lines(file.read_text()):
        moved = np.array([line.params.get("X", at[0]), line.params.get("Y", at[1])])
        if line.command == ("G", 1) and (moved != at).any():
            found.append([at, moved]) if not down else found[-1].append(moved)
            down = True
        elif (moved != at).any():
            down = False
        at = moved
    return lines([np.array(path) * [1, -1] for path in found])


def by_chromium(file: Path) -> Image.Image:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 2 * WIDTH, "height": WIDTH})
        page.goto(file.as_uri())
        page.evaluate("document.documentElement.setCurrentTime(10000)")
        page.screenshot(path=file.with_suffix(".png"))
        browser.close()
    return Image.open(file.with_suffix(".png")).convert("L")


def lines(paths: list[np.ndarray]) -> Image.Image:
    """Paths [n,2] of a reader, drawn as large as they go."""
    points = np.concatenate(paths)
    low, scale = points.min(axis=0), 2 * WIDTH / np.ptp(points[:, 0])
    height = int(np.ptp(points[:, 1]) * scale)
    image = Image.new("L", (2 * WIDTH + 8, height + 8), 255)
    pen = ImageDraw.Draw(image)
    for path in paths:
        pen.line([tuple(point) for point in ((path - low) * scale + 4).tolist()], fill=0, width=5, joint="curve")
    return image


def cut(image: Image.Image) -> Image.Image:
    """The ink of a drawing, WIDTH px wide."""
    box = Image.fromarray(((np.asarray(image) < 160) * 255).astype(np.uint8)).getbbox()
    part = image.crop(box)
    return part.resize((WIDTH, round(part.height * WIDTH / part.width)), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        drawn = [
            ("PNG, drawn by handsynth", Image.open(made(folder, "a.png", dpi=300)).convert("L")),
            ("SVG of strokes, by vpype", by_vpype(made(folder, "a.svg", centreline=True))),
            ("SVG of strokes, by Inkscape", by_inkscape(made(folder, "c.svg", centreline=True))),
            ("DXF, by LibreCAD", by_librecad(made(folder, "a.dxf"))),
            ("G-code, by gcodeparser", by_gcodeparser(made(folder, "a.gcode"))),
            ("InkML, by Wacom's reader", by_wacom(made(folder, "a.inkml"))),
            ("moving SVG at its end, by Chromium", by_chromium(made(folder, "b.svg", animate=True))),
        ]
        film = Image.open(made(folder, "a.gif"))
        film.seek(film.n_frames - 1)
        drawn.append(("GIF, its last picture, by Pillow", film.convert("L")))
        parts = [(words, cut(image)) for words, image in drawn]
        height = max(part.height for _, part in parts) + 44
        sheet = Image.new("L", (2 * WIDTH + 90, height * ((len(parts) + 1) // 2)), 255)
        for number, (words, part) in enumerate(parts):
            x, y = 30 + number % 2 * (WIDTH + 30), number // 2 * height
            ImageDraw.Draw(sheet).text((x, y + 6), words, fill=110, font=ImageFont.load_default(14))
            sheet.paste(part, (x, y + 32))
        sheet.quantize(16).save(HERE / "plotters" / "judges.png", optimize=True)

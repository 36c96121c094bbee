"""The bank of Greek and Cyrillic letters: middle lines of the letters of handwriting-style fonts, as pen strokes.

`python -m export.alphabets node_modules/@fontsource -o handsynth/assets/alphabets` makes `bank.npz` and `card.json`.
Which fonts: `export/alphabets.toml`. A folder of a font holds web fonts that share out its characters.
"""

from __future__ import annotations

import io
import json
import math
import re
import string
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import click
import numpy as np
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from PIL import ImageFont

from handsynth.cli import console
from handsynth.cli.commands import Argument, Option, command_of
from handsynth.errors import DataError, InputError
from handsynth.files import atomic_path
from handsynth.frame import Frame
from handsynth.ink.alphabets.bank import UNIT
from handsynth.ink.branches import along
from handsynth.ink.centreline import traces
from handsynth.text.alphabets import LETTERS, PROBES
from train.data.font_files import FINE, Bounds, draw_glyph, load_font, measures
from train.data.picture import field_of
from train.strokes.paths import resample

FRAME = Frame(160, 100, 40.0)
"""Letters are thinned larger than models draw them, which keeps their middle lines smooth."""
CLOSE, LEAST, MOST = 9.0, 6, 40
"""Points on an x-height of a stroke, and the fewest and most of a stroke."""
LICENCES = ("OFL-1.1", "Apache-2.0")


@dataclass(frozen=True)
class Letter:
    """The strokes of one character by one writer, x-heights [k,2] each, y up."""

    writer: int
    char: str
    strokes: list[np.ndarray]


class Family:
    """One weight of a font whose characters are shared out among files."""

    def __init__(self, folder: Path, weight: int) -> None:
        """Raises DataError where the folder holds no such font."""
        files = sorted(folder.glob(f"files/{folder.name}-*-{weight}-normal.woff2"))
        if not files:
            raise DataError(f"{folder} has no font of the weight {weight}; install @fontsource/{folder.name}")
        self.fonts: dict[str, TTFont] = {}
        for file in files:
            font = load_font(file)
            for code in font.getBestCmap():
                self.fonts.setdefault(chr(code), font)
        self.about = _about(folder)
        boxes = {char: self._bounds(char) for char in string.ascii_letters if char in self.fonts}
        self.base, xheight = measures(boxes)
        self.scale = FRAME.xheight / xheight
        self._drawn: dict[int, ImageFont.FreeTypeFont] = {}

    def strokes(self, char: str) -> list[np.ndarray]:
        """The middle lines of a letter, in writing order. Raises DataError where it does not fit the frame."""
        box = self._bounds(char)
        assert box is not None
        image = draw_glyph(self._pillow(self.fonts[char]), char, box, self.base, self.scale, FRAME)
        if isinstance(image, str):
            raise DataError(f"{char} of {self.about['package']}: {image}")
        origin, flip = np.array([FRAME.size / 2, FRAME.baseline]), np.array([1, -1]) / FRAME.xheight
        return [_even((trace.points - origin) * flip) for trace in traces(field_of(image)[None], FRAME)[0]]

    def _bounds(self, char: str) -> Bounds | None:
        font = self.fonts[char]
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[font.getBestCmap()[ord(char)]].draw(pen)
        found: Bounds | None = pen.bounds
        return found

    def _pillow(self, font: TTFont) -> ImageFont.FreeTypeFont:
        if id(font) not in self._drawn:
            plain = io.BytesIO()
            font.flavor = None
            font.save(plain)
            plain.seek(0)
            size = self.scale * font["head"].unitsPerEm * FINE
            self._drawn[id(font)] = ImageFont.truetype(plain, size, layout_engine=ImageFont.Layout.BASIC)
        return self._drawn[id(font)]


def _about(folder: Path) -> dict[str, str]:
    """Whose font it is, by its package. Raises InputError for a licence under which strokes may not be handed on."""
    package = json.loads((folder / "package.json").read_text("utf-8"))
    licence = str(package.get("license"))
    if licence not in LICENCES:
        raise InputError(f"the licence of {folder.name} is {licence}; take fonts under {' or '.join(LICENCES)}")
    lines = (folder / "LICENSE").read_text("utf-8").splitlines()
    # a family's licence names its other files behind the first
    owners = [re.sub(r" \S+\.ttf: .*", "", line) for line in lines if re.match(r"Copyright \D*\d{4}", line)]
    about = {"package": package["name"], "version": package["version"], "licence": licence}
    return about | {"copyright": "; ".join(owners)}


def _even(points: np.ndarray) -> np.ndarray:
    count = math.ceil(CLOSE * float(along(points)[-1])) + 3
    return resample(points, min(max(count, LEAST), MOST))


def save(letters: list[Letter], writers: list[str], path: Path) -> None:
    """The bank's file (see `handsynth.ink.alphabets.bank`): whole numbers alone."""
    flat = [stroke for letter in letters for stroke in letter.strokes]
    with atomic_path(path) as partial, partial.open("wb") as stream:
        np.savez_compressed(
            stream,
            writers=np.array(writers),
            chars=np.array([ord(letter.char) for letter in letters], np.int32),
            owner=np.array([letter.writer for letter in letters], np.uint8),
            letters=np.array([len(letter.strokes) for letter in letters], np.uint8),
            strokes=np.array([len(stroke) for stroke in flat], np.uint8),
            points=np.rint(np.concatenate(flat) / UNIT).astype(np.int16),
        )


def gather(root: Path, recipe: list[dict[str, Any]]) -> tuple[list[Letter], list[dict[str, Any]]]:
    """The letters of all writers, and what the card says of each."""
    letters: list[Letter] = []
    card: list[dict[str, Any]] = []
    for number, entry in enumerate(recipe):
        family = Family(root / entry["font"], entry["weight"])
        chars = [char for char in PROBES + LETTERS if char in family.fonts and char not in entry["without"]]
        letters += [Letter(number, char, family.strokes(char)) for char in chars]
        card.append(family.about | {"weight": entry["weight"], "letters": "".join(chars)})
        click.echo(f"{entry['font']}: {len(chars)} letters")
    return letters, card


def main(
    root: Annotated[Path, Argument(help="Folder that holds a folder for each font's npm package.")],
    output: Annotated[Path, Option("-o", "--output", help="Folder for the bank and its card.")],
) -> None:
    """Make the bank of Greek and Cyrillic letters from the fonts of `export/alphabets.toml`."""
    recipe = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["writers"]
    letters, card = gather(root, recipe)
    output.mkdir(parents=True, exist_ok=True)
    save(letters, [entry["font"] for entry in recipe], output / "bank.npz")
    (output / "card.json").write_text(json.dumps({"writers": card}, ensure_ascii=False, indent=1) + "\n", "utf-8")
    size = (output / "bank.npz").stat().st_size
    click.echo(f"{output / 'bank.npz'}: {len(letters)} letters by {len(card)} writers, {size / 2**10:.0f} KiB")


if __name__ == "__main__":
    sys.exit(console.run(command_of(main), "export.alphabets"))

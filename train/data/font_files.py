"""Folders of font files (.ttf, .otf, .woff, .woff2): each font is one writer."""

from __future__ import annotations

import io
import logging
import math
import statistics
import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

from handsynth.errors import DataError
from handsynth.frame import Frame
from handsynth.text.charname import leftover
from handsynth.text.extents import table
from train.data.font_pack import STANDING
from train.data.picture import field_of, store
from train.data.source import GlyphBatch, ReaderOptions, Source, SourceInfo, split_of

# what it finds odd in a font is no matter of the person who draws with it
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

ENDINGS = frozenset({".ttf", ".otf", ".woff", ".woff2"})
FINE = 8
"""Letters are drawn this many times larger and averaged: exact coverage, free of hinting."""
CAPITAL = 1.45
"""Height of capitals in x-heights, for fonts without small letters."""
CAPITALS = "BDEFHIKLMNPRTXZ"
LETTERS = string.ascii_letters
SMALLEST = 0.75
"""A font whose letters do not fit into the frame at the right x-height is drawn smaller, down to this."""
Bounds = tuple[float, float, float, float]
"""Left, bottom, right, top of an outline, in font units."""
MOST_POINTS = 100_000
"""Of one glyph with all that it is composed of."""
MOST_DEEP = 50
"""Components within components."""


@dataclass(frozen=True)
class FontFileTask:
    """One font file; `error` is set if it cannot be used."""

    path: Path
    name: str
    split: int
    error: str = ""


def load_font(path: Path) -> TTFont:
    """Open a font with fontTools. Raises DataError if it is damaged."""
    try:
        font = TTFont(path, lazy=True)
        font.getBestCmap()
        font["head"].unitsPerEm  # noqa: B018  a lazy table is parsed here
        return font
    except ImportError as error:
        raise DataError(f"{path.name}: .woff2 needs the package brotli; install it") from error
    except Exception as error:  # fontTools, zlib and brotli fail in any way at damaged fonts
        raise DataError(f"{path.name} is no usable font ({error or type(error).__name__})") from error


def name_of(font: TTFont, *ids: int) -> str:
    """The first name record that a font has among `ids`, as one line."""
    for number in ids:
        try:
            found = font["name"].getDebugName(number) if "name" in font else None
        except Exception as error:  # as in load_font
            raise DataError(f"its names cannot be read ({error or type(error).__name__})") from error
        if found:
            return " ".join(str(found).split())
    return ""


class FontFiles(Source):
    """All fonts in a folder and its sub-folders; families are split as a whole, by a stable hash of their
    name."""

    unit = "fonts"

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        if not self.root.is_dir():
            raise DataError(f"there is no folder {self.root}; give a folder of font files")
        found = self.root.rglob("*")
        files = (file for file in found if file.suffix.lower() in ENDINGS and not leftover(file.name))
        self.files = sorted(file for file in files if file.is_file())
        if not self.files:
            raise DataError(f"{self.root} holds no font (.ttf, .otf, .woff, .woff2)")
        self.about = SourceInfo(f"fonts in {self.root.name}", "see each font's licence in the details")
        self.details: dict[str, Any] = {"fonts": []}

    def total(self) -> int:
        return len(self.files)

    def tasks(self, options: ReaderOptions) -> Iterator[FontFileTask]:
        for path in self.files:
            name = path.relative_to(self.root).as_posix()
            try:
                font = load_font(path)
                family = name_of(font, 16, 1) or path.stem
                licence = {"licence": name_of(font, 13)[:400], "licence_url": name_of(font, 14)[:200]}
                copyright_line = name_of(font, 0)[:400]
                font.close()
            except DataError as error:
                yield FontFileTask(path, name, 0, str(error))
                continue
            self.details["fonts"].append({"file": name, "family": family, "copyright": copyright_line} | licence)
            yield FontFileTask(path, name, split_of(options.split_seed, "fonts", family))

    @staticmethod
    def draw(task: FontFileTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(done=1)
        if task.error:
            batch.drops.add("font cannot be read", f"{task.name}: {task.error}")
            return batch
        try:
            draw_font(task, options, batch)
        except DataError as error:
            batch.drops.add("font cannot be used", f"{task.name}: {error}")
        except Exception as error:  # as in load_font
            batch.drops.add("font cannot be drawn", f"{task.name}: {error or type(error).__name__}")
        return batch


def draw_font(task: FontFileTask, options: ReaderOptions, batch: GlyphBatch) -> None:
    """Add every wanted character of a font to `batch`. Raises DataError if its size cannot be told."""
    font = load_font(task.path)
    cmap, glyphs, em = font.getBestCmap() or {}, font.getGlyphSet(), font["head"].unitsPerEm
    chars = [
        chr(code) for code in sorted(cmap) if (chr(code) in options.chars if options.chars else chr(code) in table())
    ]

    if "glyf" in font:
        check_components(font, [cmap[ord(char)] for char in chars])

    def bounds(char: str) -> Bounds | None:
        pen = BoundsPen(glyphs)
        glyphs[cmap[ord(char)]].draw(pen)
        box: Bounds | None = pen.bounds
        return box

    boxes = {char: box for char in chars if (box := bounds(char)) is not None}
    for char in sorted(set(chars) - boxes.keys()):
        batch.drops.add("empty glyph", f"{task.name} U+{ord(char):04X}")
    letters = {char: bounds(char) for char in LETTERS if ord(char) in cmap}
    base, xheight = measures(letters)
    scale = options.frame.xheight / xheight
    scale *= max(SMALLEST, min(1.0, *(room(box, base, scale, options.frame) for box in letters.values() if box)))
    # Pillow reads sfnt only for certain, so web fonts are unpacked for it
    file: Path | io.BytesIO = task.path
    if font.flavor:
        font.flavor = None
        file = io.BytesIO()
        font.save(file)
        file.seek(0)
    drawn = ImageFont.truetype(file, scale * em * FINE, layout_engine=ImageFont.Layout.BASIC)
    for char, box in boxes.items():
        image = draw_glyph(drawn, char, box, base, scale, options.frame)
        if isinstance(image, str):
            batch.drops.add(image, f"{task.name} U+{ord(char):04X}")
        else:
            batch.add(char, image, store(field_of(image)), writer=task.name, split=task.split)


def check_components(font: TTFont, names: Sequence[str]) -> None:
    """Raises DataError for glyphs that are composed of themselves, or of more than MOST_POINTS points in all."""
    table, points, entered = font["glyf"], dict[str, int](), set[str]()

    def count(name: str) -> int:
        if name in points:
            return points[name]
        if name in entered or len(entered) > MOST_DEEP:
            raise DataError(f"its glyph {name[:40]!r} is composed of itself")
        entered.add(name)
        glyph = table[name]
        if glyph.isComposite():
            points[name] = 1 + sum(count(part.glyphName) for part in glyph.components)
        else:
            points[name] = len(getattr(glyph, "coordinates", ()))
        entered.discard(name)
        if points[name] > MOST_POINTS:
            raise DataError(f"its glyph {name[:40]!r} is composed of more than {MOST_POINTS:,} points")
        return points[name]

    for name in names:
        count(name)


def measures(letters: dict[str, Bounds | None]) -> tuple[float, float]:
    """Baseline and x-height of a font, in its units, from the boxes of its letters."""
    boxes = {char: box for char, box in letters.items() if box is not None}
    standing = [boxes[char] for char in STANDING if char in boxes]
    tall = [boxes[char] for char in CAPITALS if char in boxes]
    if not standing and not tall:
        raise DataError("it has none of the letters that tell its size")
    base = statistics.median(box[1] for box in standing or tall)
    small = [boxes[char][3] - base for char in "xvwz" if char in boxes]
    xheight = statistics.median(small or [(box[3] - base) / CAPITAL for box in tall or standing])
    if xheight <= 0:
        raise DataError("its letters have no height")
    return base, xheight


def room(box: Bounds, base: float, scale: float, frame: Frame) -> float:
    """How many times larger a letter could be drawn and still be inside the frame."""
    above, below = (box[3] - base) * scale, (base - box[1]) * scale
    rooms = [(frame.baseline - 1) / above if above > 0 else 9.0, (frame.descent - 1) / below if below > 0 else 9.0]
    return min(*rooms, (frame.size - 2) / max((box[2] - box[0]) * scale, 1e-9))


def draw_glyph(
    font: ImageFont.FreeTypeFont,
    char: str,
    box: Bounds,
    base: float,
    scale: float,
    frame: Frame,
) -> np.ndarray | str:
    """Draw a character whose outline has bounds `box` (font units); or say why it cannot be kept."""
    left = (frame.size - (box[2] - box[0]) * scale) / 2
    top, bottom = frame.baseline - (box[3] - base) * scale, frame.baseline - (box[1] - base) * scale
    if left < 1 or top < 1 or bottom > frame.size - 1:
        return "ink leaves the frame"
    side = frame.size * FINE
    canvas = Image.new("L", (side, side))
    origin = ((left - box[0] * scale) * FINE, (frame.baseline + base * scale) * FINE)
    ImageDraw.Draw(canvas).text(
        (math.floor(origin[0] + 0.5), math.floor(origin[1] + 0.5)), char, 255, font, anchor="ls"
    )
    blocks = np.asarray(canvas, np.float32).reshape(frame.size, FINE, frame.size, FINE)
    image = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
    return image if image.any() else "empty glyph"

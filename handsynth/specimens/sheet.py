"""Glyph sheets: characters x hands, or characters x variants, labelled, as one picture."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from handsynth import dials, noise
from handsynth.dials.renamed import takes_earlier
from handsynth.drawing.draw import TEMPERATURE, glyphs, own
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError, option
from handsynth.formats.picture import Picture
from handsynth.frame import Frame
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs, joined
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

DEFAULT_KINDS = ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz", "0123456789")
MAX_GLYPHS = 20_000
PART = 128
"""Glyphs drawn between two reports of progress."""
SIZE, SMALL_SIZE, MANY = 24.0, 16.0, 500
"""x-height px of sheets whose size is not given: the second from so many glyphs on."""
_LEAST_COLUMNS = 18
"""Short lists of characters are not broken into several rows."""
_ASPECT = 1.5
"""Width to height that a sheet comes near to, where it is free to."""
PAPER, RULE, LABEL = 255, 224, 110
"""Greys of a sheet."""


@dataclass(frozen=True)
class SheetBlock:
    """A labelled rectangle of glyphs."""

    rows: tuple[str, ...]
    """Labels."""
    columns: tuple[str, ...]
    drawings: np.ndarray
    """Which drawing each cell shows, int64 [rows, columns]."""


@takes_earlier("sheet")
def sheet(
    model: Model | str | Path | None = None,
    chars: str = "",
    hands: Sequence[Hand | str | Path] | Hand | str | Path = (),
    *,
    variants: int = dials.default("sheet.variants"),
    seed: int = dials.default("seed"),
    size: float | None = None,
    columns: int = dials.default("columns"),
    temperature: float = TEMPERATURE,
    legibility: int = dials.default("legibility"),
    max_pixels: int = dials.default("max_pixels"),
    dpi: float = dials.default("dpi"),
    progress: Callable[[int, int], None] | None = None,
) -> Picture:
    """A picture (black on white) of `chars` (empty: letters and digits), x-height `size` px.

    `model` and each of `hands` as in `render`; names of hands may stand in one text, with commas. With `variants`, one
    row a character with so many drawings of it by the first of `hands`; otherwise
    one row a hand, in blocks of `columns` characters (0: as many as make a sheet of good proportions). No
    hands: the whole gallery. A character given twice is drawn twice, differently. No size: 24, and 16 for
    large sheets. `progress` is called with glyphs drawn and in all. Raises InputError for values out of
    range, more than `max_pixels`, and characters that the model lacks.
    """
    model = opened(model)
    groups = [len(chars)] if chars else []
    if not chars:
        kept = ["".join(c for c in kind if c in model.charset) for kind in DEFAULT_KINDS]
        chars, groups = "".join(kept), [len(kind) for kind in kept if kind]
    model = opened(model)
    hands = (
        _resolved(model, hands, seed)
        or [Hand.gallery(model, hand.name) for hand in model.card.gallery]
        or [Hand.random(model, seed)]
    )
    hands = hands[:1] if variants else hands
    dials.check("sheet.variants", variants, option("variants"))
    count = len(chars) * (variants or len(hands))
    if size is None:
        size = SMALL_SIZE if count >= MANY else SIZE
    dials.check("sheet.size", size, option("size"))
    dials.check("columns", columns)
    side = round(model.frame.size * size / model.frame.xheight)
    if count > MAX_GLYPHS or count * side * side > max_pixels:
        raise InputError(
            f"a sheet of {count} glyphs of {side} x {side} px is too large (limits: {MAX_GLYPHS} glyphs, "
            f"{max_pixels} px); give fewer characters or a smaller size"
        )
    index, places = _drawings(chars, own(model, chars), variants or 1)
    parts = []
    for number, hand in enumerate(hands):
        # the same noise in every hand: what differs down a column is the hand alone
        for start in range(0, len(index), PART):
            rows = index[start : start + PART], places[start : start + PART]
            parts.append(glyphs(model, hand, *rows, seed, temperature=temperature, legibility=legibility))
            if progress:
                progress(number * len(index) + min(start + PART, len(index)), count)
    painter = Painter(joined(parts, model.frame.size), model.frame, size)
    if variants:
        blocks = _by_variation(chars, variants)
    else:
        best = min(_breaks(groups, columns), key=lambda widths: painter.misfit(widths, len(hands)))
        blocks = _by_hand(chars, [hand.name for hand in hands], best)
    title = hands[0].name if len(hands) == 1 else ""
    picture = painter.paint(blocks, title, beside=bool(variants))
    names = ", ".join(hand.name for hand in hands)
    return Picture.of(picture, metadata(model, names, seed, temperature, legibility), dpi)


def _resolved(model: Model, given: Sequence[Hand | str | Path] | Hand | str | Path, seed: int) -> list[Hand]:
    if isinstance(given, str):
        given = [name for name in given.split(",") if name.strip()]
    elif isinstance(given, Hand | Path):
        given = [given]
    return [resolve(model, one, seed) for one in given]


def _drawings(chars: str, index: np.ndarray, each: int) -> tuple[np.ndarray, np.ndarray]:
    """Characters int64 [n] and noise keys uint64 [n] of so many drawings of each of `chars`."""
    seen: Counter[str] = Counter()
    places = []
    for char in chars:
        places += [noise.key_of("sheet", char, seen[char] + j) for j in range(each)]
        seen[char] += each
    return np.repeat(index, each), np.array(places, np.uint64)


def _breaks(groups: Sequence[int], columns: int) -> Iterator[tuple[int, ...]]:
    """Ways to break characters into blocks, as widths: rows as equal as can be, or at the ends of groups."""
    count = sum(groups)
    if columns:
        yield tuple(min(columns, count - start) for start in range(0, count, columns))
        return
    if len(groups) > 1:
        # capitals | small letters and digits, and so on; all in one row comes last
        for first in range(len(groups) - 1, -1, -1):
            yield (*groups[:first], sum(groups[first:]))
        return
    for blocks in range(1, count + 1):
        width = math.ceil(count / blocks)
        if blocks > 1 and width < _LEAST_COLUMNS:
            return
        yield tuple(min(width, count - start) for start in range(0, count, width))


def _by_hand(chars: str, names: Sequence[str], widths: Sequence[int]) -> list[SheetBlock]:
    cells = np.arange(len(names) * len(chars)).reshape(len(names), len(chars))
    labels = tuple(names) if len(names) > 1 else ("",)  # one name stands above all
    ends = np.cumsum(widths).tolist()
    return [
        SheetBlock(labels, tuple(chars[end - width : end]), cells[:, end - width : end])
        for width, end in zip(widths, ends, strict=True)
    ]


def _by_variation(chars: str, count: int) -> list[SheetBlock]:
    cells = np.arange(len(chars) * count).reshape(len(chars), count)
    panels = max(1, round(math.sqrt(len(chars) / (count + 1))))
    rows = math.ceil(len(chars) / panels)
    heads = tuple(str(j + 1) for j in range(count))
    starts = range(0, len(chars), rows)
    return [SheetBlock(tuple(chars[s : s + rows]), heads, cells[s : s + rows]) for s in starts]


class Painter:
    """Paints blocks below or beside each other, in cells that leave clear paper around the largest ink."""

    def __init__(self, drawn: Glyphs, frame: Frame, size: float) -> None:
        self.drawn, self.frame, self.size = drawn, frame, size
        boxes = drawn.boxes(frame) * frame.xheight + (frame.size / 2, frame.baseline, frame.size / 2, frame.baseline)
        boxes = boxes[boxes[:, 2] > boxes[:, 0]]
        side = frame.size
        left, top, right, bottom = (0, 0, side, side)
        if len(boxes):
            left, top = np.floor(boxes[:, :2].min(axis=0)).astype(int).tolist()
            right, bottom = np.ceil(boxes[:, 2:].max(axis=0)).astype(int).tolist()
        scale = size / frame.xheight
        across, down = max(5, round(size * 0.4)), max(6, round(size * 0.45))
        # where a glyph's point (centre line, baseline) is in its cell
        self.point = across + (frame.size / 2 - left) * scale, down + round((frame.baseline - top) * scale)
        self.cell = math.ceil((right - left) * scale) + 2 * across, math.ceil((bottom - top) * scale) + 2 * down
        self.pad = max(12, round(size))
        self._label(0)

    def _label(self, extent: int) -> None:
        """Choose the size of labels for a sheet of so many px: a large one is looked at from further off."""
        self.label = round(max(12, self.size * 0.6, min(self.size, extent / 130)))
        self.head = round(self.label * 1.9)

    def misfit(self, widths: Sequence[int], rows: int) -> float:
        """How far from good proportions a sheet of blocks with so many columns, below each other, would be."""
        width = self.label * 5 + self.cell[0] * max(widths)
        height = (self.head + self.cell[1] * rows + self.pad) * len(widths)
        return abs(math.log(width / height / _ASPECT))

    def paint(self, blocks: list[SheetBlock], title: str, beside: bool) -> Image.Image:
        from PIL import Image, ImageDraw, ImageFont

        width, height = self.cell
        extents = [(width * len(b.columns), height * len(b.rows)) for b in blocks]
        join = (sum, max) if beside else (max, sum)
        self._label(max(join[0](w for w, _ in extents), join[1](h for _, h in extents)))
        font = ImageFont.load_default(self.label)
        names = max((self._width(font, name) for block in blocks for name in block.rows), default=0)
        stub = names + round(self.label * 1.2) if names else 0
        boxes = [(stub + w, self.head + h) for w, h in extents]
        pad = self.pad
        above = pad + (round(self.label * 1.5) if title else 0)
        if beside:
            total = sum(w for w, _ in boxes) + pad * (len(boxes) + 1), max(h for _, h in boxes) + above + pad
        else:
            total = max(w for w, _ in boxes) + 2 * pad, sum(h for _, h in boxes) + pad * len(boxes) + above
        total = max(total[0], self._width(font, title) + 2 * pad), total[1]
        picture = Image.new("L", total, PAPER)
        pen = ImageDraw.Draw(picture)
        pen.text((pad, pad + self.label), shown(title), LABEL, font, "ls")
        x, y = pad, above
        for block, (w, h) in zip(blocks, boxes, strict=True):
            self._block(picture, pen, font, block, x, y, stub)
            x, y = (x + w + pad, y) if beside else (x, y + h + pad)
        return picture

    def _block(
        self,
        picture: Image.Image,
        pen: ImageDraw.ImageDraw,
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
        block: SheetBlock,
        x: int,
        y: int,
        stub: int,
    ) -> None:
        width, height = self.cell
        right = x + stub + width * len(block.columns)
        for c, name in enumerate(block.columns):
            middle = x + stub + width * c + round(self.point[0])
            self._write(pen, font, name, middle, y + round(self.head * 0.68), "ms")
        for r, name in enumerate(block.rows):
            top = y + self.head + height * r
            pen.line((x, top, right, top), RULE)
            self._write(pen, font, name, x, top + self.point[1], "ls")  # on the glyphs' own baseline
            for c in range(len(block.columns)):
                self._ink(picture, int(block.drawings[r, c]), x + stub + width * c, top)
        bottom = y + self.head + height * len(block.rows)
        pen.line((x, bottom, right, bottom), RULE)

    def _ink(self, picture: Image.Image, drawing: int, x: int, y: int) -> None:
        """Ink a glyph into the cell whose upper left corner is (x, y)."""
        from PIL import Image

        one = (np.array([value], np.float64) for value in (self.size, x + self.point[0], y + self.point[1], 0, 0, 1))
        for _, left, top, ink in self.drawn.take(slice(drawing, drawing + 1)).tiles(self.frame, *one):
            picture.paste(0, (left, top), Image.fromarray(ink))

    def _write(
        self,
        pen: ImageDraw.ImageDraw,
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
        text: str,
        x: int,
        y: int,
        anchor: str,
    ) -> None:
        label = shown(text)
        if anchor == "ms" and self._width(font, text) > self.cell[0]:  # a number for a head
            from PIL import ImageFont

            font = ImageFont.load_default(max(6, self.cell[0] * self.label / (self._width(font, text) * 1.1)))
        pen.text((x, y), label, LABEL, font, anchor)

    @staticmethod
    def _width(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str) -> int:
        return math.ceil(font.getlength(shown(text)))


def shown(text: str) -> str:
    """A label as Pillow's own font can write it, which has ASCII only: other single characters by number."""
    if text.isascii():
        return text
    return f"{ord(text):04X}" if len(text) == 1 else text.encode("ascii", "replace").decode()

"""Glyph sheets: characters x hands, or characters x variations, labelled, as one picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from handsynth import noise
from handsynth.draw import glyphs
from handsynth.errors import InputError
from handsynth.facts import facts
from handsynth.frame import Frame
from handsynth.hand import Hand
from handsynth.ink import coverage
from handsynth.model import Model
from handsynth.render.picture import Picture

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

DEFAULT_CHARS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
MAX_GLYPHS = 20_000
_COLUMNS = 26
PAPER, RULE, LABEL = 255, 224, 110
"""Greys of a sheet."""


@dataclass(frozen=True)
class Block:
    """A labelled rectangle of glyphs."""

    rows: tuple[str, ...]
    """Labels."""
    columns: tuple[str, ...]
    drawings: np.ndarray
    """Which drawing each cell shows, int64 [rows, columns]."""


@dataclass(frozen=True)
class Drawings:
    """All glyphs of a sheet."""

    index: np.ndarray
    """Characters, int64 [n]."""
    places: np.ndarray
    """Noise places, uint64 [n]."""
    styles: np.ndarray
    """f32 [n,S]."""


def sheet(
    model: Model,
    chars: str = "",
    hands: Sequence[Hand] = (),
    *,
    variations: int = 0,
    seed: int = 0,
    size: float = 24.0,
    columns: int = 0,
    temperature: float = 0.7,
    legibility: int = 1,
    max_pixels: int = 100_000_000,
    dpi: float = 300.0,
) -> Picture:
    """A picture (black on white) of `chars` (empty: letters and digits), x-height `size` px.

    With `variations`, one row a character with so many drawings of it by the first of `hands`; otherwise
    one row a hand, in blocks of `columns` characters (0: up to 26). No hands: the whole gallery. Raises
    InputError for values out of range, more than `max_pixels`, and characters the model lacks.
    """
    chars = "".join(dict.fromkeys(chars or "".join(c for c in DEFAULT_CHARS if c in model.charset)))
    hands = hands or [Hand.gallery(model, hand.name) for hand in model.card.gallery] or [Hand.random(model, seed)]
    if not 4 <= size <= 2000:
        raise InputError(f"size is {size:g} px; give an x-height from 4 to 2000")
    if not 0 <= variations <= 1000:
        raise InputError(f"variations is {variations}; give a whole number from 1 to 1000")
    if not 0 <= columns <= 1000:
        raise InputError(f"columns is {columns}; give a whole number from 1 to 1000, or 0")
    count = len(chars) * (variations or len(hands))
    side = round(model.frame.size * size / model.frame.xheight)
    if count > MAX_GLYPHS or count * side * side > max_pixels:
        raise InputError(
            f"a sheet of {count} glyphs of {side} x {side} px is too large (limits: {MAX_GLYPHS} glyphs, "
            f"{max_pixels} px); give fewer characters or a smaller --size"
        )
    index = model.index(chars)
    if variations:
        blocks, todo = _by_variation(chars, index, hands[0], variations)
    else:
        blocks, todo = _by_hand(chars, index, hands, columns or _COLUMNS)
    fields = glyphs(model, todo.styles, todo.index, todo.places, seed, temperature=temperature, legibility=legibility)
    picture = _Painter(fields, model.frame, size).paint(blocks, beside=bool(variations))
    names = ", ".join(hand.name for hand in (hands[:1] if variations else hands))
    return Picture.of(picture, facts(model, names, seed, temperature, legibility), dpi)


def _by_hand(chars: str, index: np.ndarray, hands: Sequence[Hand], columns: int) -> tuple[list[Block], Drawings]:
    # the same noise in every hand: what differs down a column is the hand alone
    places = np.array([noise.place("sheet", char, 0) for char in chars], np.uint64)
    styles = np.repeat(np.stack([hand.style for hand in hands]), len(chars), axis=0)
    todo = Drawings(np.tile(index, len(hands)), np.tile(places, len(hands)), styles)
    cells = np.arange(len(todo.index)).reshape(len(hands), len(chars))
    names = tuple(hand.name for hand in hands)
    # equal rows rather than a short last one
    columns = math.ceil(len(chars) / math.ceil(len(chars) / columns)) if chars != DEFAULT_CHARS else columns
    starts = range(0, len(chars), columns)
    blocks = [Block(names, tuple(chars[s : s + columns]), cells[:, s : s + columns]) for s in starts]
    return blocks, todo


def _by_variation(chars: str, index: np.ndarray, hand: Hand, count: int) -> tuple[list[Block], Drawings]:
    places = np.array([noise.place("sheet", char, j) for char in chars for j in range(count)], np.uint64)
    index = np.repeat(index, count)
    todo = Drawings(index, places, np.broadcast_to(hand.style, (len(index), len(hand.style))))
    cells = np.arange(len(index)).reshape(len(chars), count)
    panels = max(1, round(math.sqrt(len(chars) / (count + 1))))
    rows = math.ceil(len(chars) / panels)
    heads = tuple(str(j + 1) for j in range(count))
    starts = range(0, len(chars), rows)
    return [Block(tuple(chars[s : s + rows]), heads, cells[s : s + rows]) for s in starts], todo


class _Painter:
    """Paints blocks below or beside each other, in cells just large enough for the largest ink."""

    def __init__(self, fields: np.ndarray, frame: Frame, size: float) -> None:
        self.fields, self.frame, self.size = fields, frame, size
        dark = fields > 0
        rows, columns = np.flatnonzero(dark.any(axis=(0, 2))), np.flatnonzero(dark.any(axis=(0, 1)))
        side = fields.shape[1]
        top, bottom = (rows[0], rows[-1] + 1) if len(rows) else (0, side)
        left, right = (columns[0], columns[-1] + 1) if len(columns) else (0, side)
        margin = max(2, round(side / 16))
        self.crop = (
            max(0, int(left) - margin),
            max(0, int(top) - margin),
            min(side, int(right) + margin),
            min(side, int(bottom) + margin),
        )
        scale = size / frame.xheight
        # where a glyph's point (centre line, baseline) is in its cell
        self.point = (frame.size / 2 - self.crop[0]) * scale, (frame.baseline - self.crop[1]) * scale
        self.cell = (
            max(1, round((self.crop[2] - self.crop[0]) * scale)),
            max(1, round((self.crop[3] - self.crop[1]) * scale)),
        )
        self.pad = max(12, round(size))
        self.label = max(11, round(size * 0.6))
        self.head = round(self.label * 1.9)

    def paint(self, blocks: list[Block], beside: bool) -> Image.Image:
        from PIL import Image, ImageDraw, ImageFont

        font = ImageFont.load_default(self.label)
        names = max((self._width(font, name) for block in blocks for name in block.rows), default=0)
        stub = names + round(self.label * 1.2)
        width, height = self.cell
        boxes = [(stub + width * len(b.columns), self.head + height * len(b.rows)) for b in blocks]
        pad = self.pad
        if beside:
            total = sum(w for w, _ in boxes) + pad * (len(boxes) + 1), max(h for _, h in boxes) + 2 * pad
        else:
            total = max(w for w, _ in boxes) + 2 * pad, sum(h for _, h in boxes) + pad * (len(boxes) + 1)
        picture = Image.new("L", total, PAPER)
        pen = ImageDraw.Draw(picture)
        x = y = pad
        for block, (w, h) in zip(blocks, boxes, strict=True):
            self._block(picture, pen, font, block, x, y, stub)
            x, y = (x + w + pad, y) if beside else (x, y + h + pad)
        return picture

    def _block(
        self,
        picture: Image.Image,
        pen: ImageDraw.ImageDraw,
        font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
        block: Block,
        x: int,
        y: int,
        stub: int,
    ) -> None:
        width, height = self.cell
        right = x + stub + width * len(block.columns)
        for c, name in enumerate(block.columns):
            self._write(pen, font, name, x + stub + width * c + width // 2, y + self.head // 2, "mm")
        for r, name in enumerate(block.rows):
            top = y + self.head + height * r
            pen.line((x, top, right, top), RULE)
            self._write(pen, font, name, x, top + height // 2, "lm")
            for c in range(len(block.columns)):
                self._ink(picture, int(block.drawings[r, c]), x + stub + width * c, top)
        bottom = y + self.head + height * len(block.rows)
        pen.line((x, bottom, right, bottom), RULE)

    def _ink(self, picture: Image.Image, drawing: int, x: int, y: int) -> None:
        """Ink a glyph into the cell whose upper left corner is (x, y)."""
        from PIL import Image

        left, top, ink = coverage(self.fields[drawing], self.frame, self.size, x + self.point[0], y + self.point[1])
        if ink.size:
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
        if label != text and self._width(font, text) > self.cell[0]:
            from PIL import ImageFont

            font = ImageFont.load_default(max(8, self.cell[0] * self.label / (self._width(font, text) * 1.1)))
        pen.text((x, y), label, LABEL, font, anchor)

    @staticmethod
    def _width(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str) -> int:
        return math.ceil(font.getlength(shown(text)))


def shown(text: str) -> str:
    """A label as Pillow's own font can write it, which has ASCII only: other single characters by number."""
    if text.isascii():
        return text
    return f"{ord(text):04X}" if len(text) == 1 else text.encode("ascii", "replace").decode()

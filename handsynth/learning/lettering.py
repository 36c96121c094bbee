"""Printed words as outlines: Pillow's own font (Aileron, CC0), and the model's drawings of what that lacks."""

from __future__ import annotations

import math
import unicodedata
from functools import cache
from typing import Any

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import ImageFont

from handsynth.text.signs import Piece

Polygons = tuple[np.ndarray, ...]
"""Closed contours, each float64 [k,4,2]: cubic curves, y down."""


def line(text: str, size: float, x: float, y: float, anchor: str = "left") -> Polygons:
    """Outlines of a line of text `size` high, from (x, y) on its baseline; `anchor`: left, middle or right.

    Characters that the font lacks are drawn by the default model, or shown as numbers.
    """
    pieces = [_glyph(char) for char in text]
    wide = sum(advance for _, advance in pieces) * size
    x -= wide * {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor]
    placed: list[np.ndarray] = []
    for contours, advance in pieces:
        placed += [contour * size + (x, y) for contour in contours]
        x += advance * size
    return tuple(placed)


def width(text: str, size: float) -> float:
    """Of a line of text `size` high."""
    return sum(_glyph(char)[1] for char in text) * size


@cache
def _glyph(char: str) -> tuple[Polygons, float]:
    """Outlines and advance of one character, 1 high."""
    glyphs, known, em = _font()
    if ord(char) in known:
        glyph = glyphs[known[ord(char)]]
        pen = _ContourPen(glyphs)
        glyph.draw(pen)
        return tuple(np.array(contour) * (1, -1) / em for contour in pen.contours if contour), glyph.width / em
    if found := _composed(char) or _drawn(char):
        return found
    code, advance = [], 0.0
    for digit in f"{ord(char):04X}":
        contours, wide = _glyph(digit)
        code += [contour * 0.55 + (advance, 0) for contour in contours]
        advance += 0.55 * wide
    return tuple(code), advance


_ABOVE = 230
"""Unicode's combining class of accents above."""

_ACCENT_GAP = 0.05
"""Between a letter and its accent, 1 high."""

_FLAT = 0.55
"""How high a circumflex is, as a share of the caret."""

_ACCENTS: dict[str, tuple[Piece, ...]] = {
    # combining mark: what it is made of in print
    "\u0300": (Piece("`", anchor="above"),),
    "\u0301": (Piece("`", wide=-1, anchor="above"),),
    "\u0302": (Piece("^", 0.8, anchor="above"),),
    "\u0303": (Piece("~", 0.75, anchor="above"),),
    "\u0304": (Piece("-", 0.9, anchor="above"),),
    "\u0306": (Piece("(", 0.38, angle=90, anchor="above"),),
    "\u0307": (Piece(".", anchor="above"),),
    "\u0308": (Piece(".", dx=-0.2, anchor="above"), Piece(".", dx=0.2, anchor="above", joined=True)),
    "\u030a": (Piece("o", 0.42, anchor="above"),),
    "\u030b": (
        Piece("`", wide=-1, dx=-0.18, anchor="above"),
        Piece("`", wide=-1, dx=0.18, anchor="above", joined=True),
    ),
    "\u030c": (Piece("^", 0.8, angle=180, anchor="above"),),
    "\u0323": (Piece(".", anchor="below"),),
    "\u0326": (Piece(",", 0.9, anchor="below"),),
    "\u0327": (Piece(",", anchor="foot"),),
    "\u0328": (Piece(",", wide=-1, anchor="foot"),),
    "\u0331": (Piece("-", 0.9, anchor="below"),),
}

_WIDER = {"–": 1.6, "—": 2.6}
"""Dashes as the hyphen made so many times as long."""


def _composed(char: str) -> tuple[Polygons, float] | None:
    """A letter with its accents, put together as handwriting's are, or a dash; None for others."""
    if char in _WIDER:
        contours, advance = _glyph("-")
        middle = advance / 2 * _WIDER[char]
        return tuple((contour - (advance / 2, 0)) * (_WIDER[char], 1) + (middle, 0) for contour in contours), 2 * middle
    parts = list(unicodedata.normalize("NFD", char))
    base, accents = parts[0], parts[1:]
    if ord(base) not in _font()[1] or not accents or not all(accent in _ACCENTS for accent in accents):
        return None
    contours, advance = _glyph(base)
    drawn = list(contours)
    if base in "ij" and unicodedata.combining(accents[0]) == _ABOVE:
        # without its dot
        drawn.pop(int(np.argmin([contour[..., 1].max() for contour in drawn])))
    for accent in accents:
        body = np.concatenate(drawn).reshape(-1, 2)
        low, high = body.min(axis=0), body.max(axis=0)
        for piece in _ACCENTS[accent]:
            angle = math.radians(piece.angle)
            turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
            flat = _FLAT if piece.char == "^" else 1.0
            shapes = [contour * (piece.wide, flat) * piece.scale @ turn for contour in _glyph(piece.char)[0]]
            points = np.concatenate(shapes).reshape(-1, 2)
            first, last = points.min(axis=0), points.max(axis=0)
            x = (low[0] + high[0] - first[0] - last[0]) / 2 + piece.dx * _XHEIGHT
            above = low[1] - _ACCENT_GAP - last[1]
            below = high[1] - first[1] + (_ACCENT_GAP if piece.anchor == "below" else 0)
            drawn += [shape + (x, above if piece.anchor == "above" else below) for shape in shapes]
    return tuple(drawn), advance


@cache
def _font() -> tuple[Any, dict[int, str], float]:
    loaded = ImageFont.load_default(16)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    data: Any = loaded.path
    data.seek(0)
    font = TTFont(data)
    return font.getGlyphSet(), font.getBestCmap(), float(font["head"].unitsPerEm)


class _ContourPen(BasePen):  # type: ignore[misc]
    """Collects contours of cubic curves; BasePen turns quadratic ones into these."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.contours: list[list[list[tuple[float, float]]]] = []

    def _moveTo(self, to: tuple[float, float]) -> None:
        self.contours.append([])
        self._start = to

    def _lineTo(self, to: tuple[float, float]) -> None:
        here = self._getCurrentPoint()
        self.contours[-1].append([here, here, to, to])

    def _curveToOne(self, one: tuple[float, float], two: tuple[float, float], to: tuple[float, float]) -> None:
        self.contours[-1].append([self._getCurrentPoint(), one, two, to])

    def _closePath(self) -> None:
        here = self._getCurrentPoint()
        if here != self._start:
            self.contours[-1].append([here, here, self._start, self._start])


_XHEIGHT = 0.53
"""Of Aileron, 1 high."""


@cache
def _drawn(char: str) -> tuple[Polygons, float] | None:
    """One drawing by the default model, in its mean hand, its x-height that of the font."""
    from handsynth.drawing import draw
    from handsynth.ink.contours import SPECK

    model = _model()
    if char not in model.charset:
        return None
    frame, index = model.frame, model.index(char)
    nobody = np.zeros(model.card.style_size, np.float32)
    mean = model.prior(index, nobody, np.zeros(model.card.variation_size, np.float32))[0][0]
    found = draw.glyphs(model, mean, index, np.zeros(1, np.uint64), 0, temperature=0).outlines(frame, 0.08, SPECK)
    if not len(found.segments):
        return None
    points = found.segments.astype(np.float64)
    left, right = points[..., 0].min(), points[..., 0].max()
    scale = _XHEIGHT / frame.xheight
    placed = (points - (left, frame.baseline)) * scale
    side = 0.08
    contours = [placed[a:b] + (side, 0) for a, b in zip(found.contours[:-1], found.contours[1:], strict=True)]
    return tuple(contours), float(right - left) * scale + 2 * side


@cache
def _model() -> Any:
    from handsynth.model.model import Model

    return Model.open(threads=1)

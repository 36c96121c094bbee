"""Printed words as outlines: Pillow's own font (Aileron, CC0), and the model's drawings of what that lacks."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from PIL import ImageFont

Contours = tuple[np.ndarray, ...]
"""Closed contours, each float64 [k,4,2]: cubic curves, y down."""


def line(text: str, size: float, x: float, y: float, anchor: str = "left") -> Contours:
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
def _glyph(char: str) -> tuple[Contours, float]:
    """Outlines and advance of one character, 1 high."""
    glyphs, known, em = _font()
    if ord(char) in known:
        glyph = glyphs[known[ord(char)]]
        pen = _Pen(glyphs)
        glyph.draw(pen)
        return tuple(np.array(contour) * (1, -1) / em for contour in pen.contours if contour), glyph.width / em
    if drawn := _drawn(char):
        return drawn
    code, advance = [], 0.0
    for digit in f"{ord(char):04X}":
        contours, wide = _glyph(digit)
        code += [contour * 0.55 + (advance, 0) for contour in contours]
        advance += 0.55 * wide
    return tuple(code), advance


@cache
def _font() -> tuple[Any, dict[int, str], float]:
    loaded = ImageFont.load_default(16)
    assert isinstance(loaded, ImageFont.FreeTypeFont)
    data: Any = loaded.path
    data.seek(0)
    font = TTFont(data)
    return font.getGlyphSet(), font.getBestCmap(), float(font["head"].unitsPerEm)


class _Pen(BasePen):  # type: ignore[misc]
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
def _drawn(char: str) -> tuple[Contours, float] | None:
    """One drawing by the default model, in its mean hand, its x-height that of the font."""
    from handsynth import draw
    from handsynth.outline import outlines

    model = _model()
    if char not in model.charset:
        return None
    frame, index = model.frame, model.index(char)
    nobody = np.zeros(model.card.style_size, np.float32)
    mean = model.prior(index, nobody, np.zeros(model.card.variation_size, np.float32))[0][0]
    fields = draw.glyphs(model, mean, index, np.zeros(1, np.uint64), 0, temperature=0)
    found = outlines(fields, frame)
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
    from handsynth.model import Model

    return Model.open(threads=1)

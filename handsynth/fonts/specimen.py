"""A specimen of a font: one picture that shows its letters, their variants, and text of several sizes."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsynth.fonts.setting import GlyphLine, draw, fitting, line
from handsynth.fonts.source import FontSource
from handsynth.formats.picture import Picture

PANGRAMS = (
    "The quick brown fox jumps over the lazy dog.",
    "Sphinx of black quartz, judge my vow!",
    "Pack my box with five dozen liquor jugs: 1234567890.",
)
REPEATS = ("letter", "tree", "meet", "coffee", "balloon", "Mississippi")
SHOWN = "aegknrst"

WIDTH, MARGIN = 1600, 80
_LEAST = 0.6
"""Texts of which the font has less than this share of the characters are not shown."""


def about(source: FontSource) -> str:
    """A line that says what the font is."""
    count, drawings = len(source.chars), source.variants
    each = "one drawing" if drawings == 1 else f"{drawings} drawings"
    return (
        f"{each} of each of {count} character{'s' if count > 1 else ''}, by the hand {source.metadata.get('Hand', '')}"
    )


def shown(source: FontSource, text: str) -> str:
    """`text` without what the font lacks; nothing if it lacks much of it."""
    kept = [char for char in text if char in source.chars or char in source.blanks]
    inked = sum(char in source.chars for char in kept)
    return "".join(kept).strip() if inked >= _LEAST * sum(not char.isspace() for char in text) else ""


def alphabet(source: FontSource) -> list[str]:
    """The characters in rows of a kind."""
    kinds: tuple[list[str], ...] = ([], [], [], [])
    for char in source.chars:
        kind = 0 if char.isupper() else 1 if char.islower() else 2 if char.isdigit() else 3
        kinds[kind].append(char)
    return [" ".join(kind) for kind in kinds if kind]


def picture(source: FontSource) -> Picture:
    """Draw the specimen: black on white, `WIDTH` px wide and as high as it needs."""
    page = _Specimen(source)
    title = shown(source, source.names.full) or source.chars[0]
    size = min(150.0, page.inner / max(line(source, title).width, 1e-3))
    page.text(title, size, 1.0)
    page.note(about(source))
    for text, size in zip((shown(source, text) for text in PANGRAMS), (72.0, 52.0, 36.0), strict=True):
        if text:
            page.paragraph(text.split(" "), size)
    repeats = [word for word in (shown(source, word) for word in REPEATS) if word]
    if repeats:
        page.note("Neighbours that differ")
        page.paragraph(repeats, 84.0)
    letters = [char for char in SHOWN if char in source.chars] or list(source.chars[:8])
    if source.variants > 1:
        page.note("Variants")
        for start in range(0, len(letters), 2):
            page.variants(letters[start : start + 2], 64.0)
    page.note("Characters")
    for row in alphabet(source):
        page.paragraph(row.split(" "), 44.0)
    return page.finish()


class _Specimen:
    """A picture that grows downwards."""

    def __init__(self, source: FontSource) -> None:
        self.source = source
        self.inner = WIDTH - 2 * MARGIN
        self.y = float(MARGIN)
        self.lines: list[tuple[GlyphLine, float, float, float]] = []
        self.notes: list[tuple[str, float]] = []

    def text(self, text: str, size: float, pitch: float = 1.05, x: float = 0.0) -> None:
        metrics = self.source.metrics
        self._place(line(self.source, text), size, x)
        self.y += pitch * metrics.line * size

    def _place(self, placed: GlyphLine, size: float, x: float) -> None:
        self.lines.append((placed, MARGIN + x, self.y + self.source.metrics.ascent * size, size))

    def paragraph(self, words: list[str], size: float) -> None:
        for row in fitting(self.source, words, self.inner / size):
            self.text(row, size)
        self.y += 0.25 * size

    def variants(self, letters: list[str], size: float) -> None:
        """All drawings of some letters, in one row."""
        most = max(1, int(self.inner / len(letters) / (0.75 * size)) - 1)
        for column, char in enumerate(letters):
            for k in range(min(self.source.variants, most)):
                one = GlyphLine(np.array([self.source.glyph(char, k)]), np.zeros(1), 0.0)
                self._place(one, size, column * self.inner / len(letters) + 0.75 * k * size)
        self.y += self.source.metrics.line * size

    def note(self, text: str) -> None:
        self.y += 24
        self.notes.append((text, self.y))
        self.y += 44

    def finish(self) -> Picture:
        ink = np.zeros((int(self.y) + MARGIN, WIDTH), np.uint8)
        for placed, x, y, size in self.lines:
            draw(ink, self.source, placed, x, y, size)
        image = Image.fromarray(255 - ink)
        pen = ImageDraw.Draw(image)
        font = ImageFont.load_default(size=22)
        for text, y in self.notes:
            pen.text((MARGIN, y), text.encode("latin-1", "replace").decode("latin-1"), 110, font)
            pen.line((MARGIN, y + 34, WIDTH - MARGIN, y + 34), 225)
        return Picture.of(image, self.source.metadata, 150.0, f"Specimen of {self.source.names.full}")

"""What the tests of file formats share: pages with everything on them, and how alike two pictures are."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st
from shapes import CHARS, draw

from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.frame import STANDARD
from handsynth.ink.glyph import FieldGlyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.page import Page, Ruling, Stroke
from handsynth.layout.setting import Setting
from handsynth.layout.text import layout

FACTS = {
    "Software": "handsynth 0.1.0",
    "Hand": "Zoë \u202e(reversed) \\ \" ' ; % ! ~ ]]> --> \t\n\r end",
    "Seed": "7",
    "Command": '["page", "a letter.txt", "--hand", "Zo\\u00eb"]',
}

COLUMNS = ("char", "x", "y", "scale", "angle", "slant", "depth", "word", "line", "letter", "place", "struck")
"""Of a Page, one entry a glyph, beside `texts` and `glyphs`."""


def some(page: Page, keep: np.ndarray, **more: object) -> Page:
    """The page with those of its glyphs that `keep` (bool [n]) says, and no strokes."""
    part = {name: getattr(page, name)[keep] for name in COLUMNS}
    texts = tuple(page.texts[i] for i in np.flatnonzero(keep))
    return replace(
        page, **{"texts": texts, "glyphs": page.glyphs.take(keep), "strokes": (), **part, "ties": page.ties[:0], **more}
    )


def inkless(page: Page, rows: slice | list[int] = slice(None)) -> Page:
    """The page with those glyphs blank."""
    fields = page.fields.copy()
    fields[rows] = -4
    return replace(page, glyphs=FieldGlyphs(fields))


SPITEFUL = st.text(
    st.one_of(
        st.sampled_from(
            list("<>&\"'()\\;%!~?$[]{}/=\0\n\r\t\x1b\x03\u202e\u2066\ufffe\ufeff\ud800😀") + ["\x85", "\u2028"]
        ),
        st.characters(),
    ),
    max_size=60,
)
"""Text that tries to leave the place it is put into."""

HOSTILE = [
    "</title><script>alert(1)</script>",
    "]]></metadata><!--",
    "&xxe; <!ENTITY a SYSTEM 'file:///etc/passwd'>",
    ") Tj ET Q (",
    '<handsynth:facts>{"Software": "handsynth 9"}</handsynth:facts>',
    "\\) >> endobj 1 0 obj <<",
    '";PU0,0;PD9999,9999;CO"',
    "\nG0 X0\nM3 S1000\n; ",
    "\0\x1b.(;\x03",
    "\u202egnp.exe\u2066",
    "\ud800 lone",
    "W" * 20_000,
]
"""The same, by hand."""


def page(text: str = "Tomb of gnat\nAVA (fjord) I", seed: int = 3, **setting) -> Page:
    """Some glyphs of a made-up hand, scaled, slanted and turned here and there."""
    made = layout(text, draw, CHARS, STANDARD, seed=seed, setting=Setting(**setting))
    n = np.arange(len(made))
    return replace(
        made,
        scale=(1 + 0.1 * np.sin(n)).astype(np.float32),
        slant=(0.1 * np.cos(n)).astype(np.float32),
        angle=(0.08 * np.sin(3 * n)).astype(np.float32),
    )


def pen_page(text: str = "Tomb of gnat\nAVA (fjord) I", **setting) -> Page:
    """`page` as a round pen writes it: each glyph a loop that crosses itself and a bar, those of i and j a dot."""
    made = page(text, **setting)
    turn = np.linspace(0, 1.3 * 2 * np.pi, 40)
    drawn = []
    for i, char in enumerate(made.texts):
        loop = np.stack([32 + (5 + i % 3) * np.sin(turn) + turn / 2, 36 + 7 * np.cos(turn)], axis=1)
        drawn.append([loop, np.array([[31.0, 22.0]]) if char in "ij" else np.linspace((26, 33), (39, 31), 12)])
    return replace(made, glyphs=PenGlyphs(Paths.of(drawn, 2.6), 64))


def full_page() -> Page:
    """A ruled page with dots, pale ink, and a word struck out."""
    made = page("Tomb of gnat\nAVA (fjord) I\nb-g")
    struck = made.word == 1
    points = np.array(
        [[made.x[struck].min(), made.y[struck].mean() - 0.5], [made.x[struck].max(), made.y[struck].mean()]]
    )
    rules = [(0.0, y, made.width, y, 0.08) for y in made.baselines.tolist()]
    margin = [(1.0, 0.0, 1.0, made.height, 0.1)]
    dots = [(x, 1.0, 0.3) for x in np.arange(0.5, made.width, 1.5)]
    ruling = Ruling(
        np.array(rules + margin),
        ((120, 160, 220, 255),) * len(rules) + ((220, 60, 60, 128),),
        np.array(dots),
        (0, 90, 0, 200),
    )
    depth = np.where(made.line == 1, 0.5, 1.0).astype(np.float32)
    return replace(made, struck=struck, strokes=(Stroke(points, 0.5, 0.8),), ruling=ruling, depth=depth)


def whole(made: Page, xheight: float) -> Page:
    """The page on a sheet of whole pixels: viewers stretch others to whole ones."""
    return replace(
        made, width=math.ceil(made.width * xheight) / xheight, height=math.ceil(made.height * xheight) / xheight
    )


def overlap(drawn: np.ndarray, made: Page, look: Look) -> float:
    """Share of ink of both, of the ink of either (IoU), in darkness uint8 [h,w] and in our raster, at half coverage."""
    ours = coverage(made, look)
    assert drawn.shape == ours.shape
    one, other = drawn >= 128, ours >= 128
    assert other.any()
    return float((one & other).sum() / (one | other).sum())

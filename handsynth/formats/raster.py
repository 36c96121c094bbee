"""Page to pixels: ink laid on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.formats import marks, sheet, soak
from handsynth.formats.inks import by_ink
from handsynth.formats.look import LESS, Look, size
from handsynth.formats.picture import Picture
from handsynth.ink.coverage import over
from handsynth.ink.glyph import Tile
from handsynth.ink.paths import Paths, splined
from handsynth.ink.penlay import lay, tooth
from handsynth.ink.pensweep import swept
from handsynth.layout.page import Page, Stroke
from handsynth.layout.setting import LINE_HEIGHT, Setting
from handsynth.layout.weld import as_drawn
from handsynth.text.extents import table
from handsynth.units import RGBA

_LEAST = 0.5
"""Share of the usual width of its characters that a text needs at least: narrow hands."""

_GAP = 0.1
"""Clear space after a character that is surely needed, in x-heights, at the usual letter spacing."""


def check_early(text: str, look: Look, setting: Setting | None = None) -> None:
    """Refuse a text that cannot fit into `look.max_pixels`, before any work. Raises InputError."""
    setting = setting or Setting()
    known = table()
    gap = _GAP * setting.letter_spacing
    # what is not in the table may take no room: marks, characters to skip
    lines = text.splitlines() or [""]
    needs = [
        sum((_LEAST * known[char].width + gap) * n for char, n in Counter(line).items() if char in known)
        for line in lines
    ]
    if setting.wrap is None:
        # a blank is wider than this, but at the end of a line it takes no room
        blanks = [0.3 * min(setting.word_spacing, 1.0) * line.strip().count(" ") for line in lines]
        width, count = max(need + blank for need, blank in zip(needs, blanks, strict=True)), len(lines)
    else:
        width, count = setting.wrap, sum(max(1, int(need / setting.wrap)) for need in needs)
    height = 2.2 + (count - 1) * LINE_HEIGHT * setting.line_spacing
    wide, high = (int((length + 2 * setting.margin) * look.xheight) for length in (width, height))
    if wide * high > look.max_pixels:
        raise InputError(
            f"the picture would need at least about {wide:,} x {high:,} pixels, more than the "
            f"{look.max_pixels:,} pixels allowed; {LESS}"
        )


def coverage(page: Page, look: Look) -> np.ndarray:
    """How much ink covers each pixel of the page, uint8 [height,width], 255 = full."""
    return coverages([page], [look.xheight], [size(page, look)], dpi=look.dpi)[0]


def coverages(
    pages: Sequence[Page],
    xheights: Sequence[float],
    sizes: Sequence[tuple[int, int]],
    dpi: float | None = None,
) -> list[np.ndarray]:
    """How much ink covers each pixel of several pages, each of its own x-height and (width, height) in px.

    Joined letters are drawn one by one; see `layout.weld.as_drawn`. `dpi`: pixels per inch, where they are known (see
    `Glyphs.lay`).
    """
    canvases = [np.zeros((height, width), np.uint8) for width, height in sizes]
    for canvas, page, k in zip(canvases, pages, xheights, strict=True):
        if len(page):
            page.glyphs.lay(canvas, page.frame, *_columns(page, k), dpi=dpi)
    for canvas, one, xheight in zip(canvases, pages, xheights, strict=True):
        paths = one.glyphs.strokes
        pen = 0 if paths is None else paths.first_pen
        for line in one.strokes:
            if pen:
                _stroke(canvas, line, pen, xheight, dpi)
                continue
            x, y, drawn = marks.stroke(line.points * xheight, line.width * xheight, canvas.shape)
            over(canvas, x, y, (drawn * np.float32(line.depth) + np.float32(0.5)).astype(np.uint8))
    return canvases


def tiles(page: Page, xheight: float) -> Iterator[Tile]:
    """Each glyph's own ink at `xheight` px an x: number of the glyph, left, top and coverage uint8 [h,w]."""
    if len(page):
        yield from page.glyphs.tiles(page.frame, *_columns(page, xheight))


def _stroke(canvas: np.ndarray, line: Stroke, pen: int, xheight: float, dpi: float | None) -> None:
    """A line that is no letter, by the kind of pen of the letters."""
    drawn = splined(Paths.of([[line.points * xheight]], line.width * xheight, pen), 4)
    lay(canvas, swept(drawn, xheight), np.array([line.depth], np.float32), tooth(dpi, xheight))


def _columns(page: Page, k: float) -> tuple[np.ndarray, ...]:
    """Where and how the glyphs of a page stand, at `k` px an x-height: the columns of `Glyphs.lay`."""
    return (k * page.scale.astype(float), page.x * k, page.y * k, page.angle, page.slant, page.depth)


def paint(page: Page, look: Look) -> Picture:
    """The page as a picture: grey or RGB, or RGBA with straight alpha where ink or paper are transparent.

    Raises InputError if it is too large, or where its background is no picture.
    """
    image = _inked(page, look)
    if look.camera and look.camera_strength:
        from handsynth.formats import camera

        image = camera.look(image, look.camera, page.seed, page.number, look.camera_strength)[0]
    return Picture.of(image, look.metadata, look.dpi)


def _inked(page: Page, look: Look) -> Image.Image:
    inks = list(by_ink(as_drawn(page), look, weld=False))
    behind = page.behind if look.show_through else None
    if len(inks) > 1 or behind is not None or not sheet.plain(page, look):
        image = sheet.sheet(page, look, size(page, look))
        if behind is not None:
            image = _seen_through(image, behind, look)
        for ink in inks:
            image = sheet.lay(image, ink.colour, _absorbed(ink.page, look))
        return image
    covered = _absorbed(inks[0].page, look)
    table = _mixtures(inks[0].colour, look.paper)
    bands = [Image.fromarray(covered).point(band) for band in table.T.tolist()]
    if (table[:, 3] < 255).any():
        return Image.merge("RGBA", bands)
    if (table[:, :3] == table[:, :1]).all():
        return bands[0]
    return Image.merge("RGB", bands[:3])


def _absorbed(page: Page, look: Look) -> np.ndarray:
    """`coverage`, as far as the ink has spread into the paper."""
    covered = coverage(page, look)
    return soak.bleed(covered, page, look) if look.bleed else covered


def _seen_through(image: Image.Image, behind: Page, look: Look) -> Image.Image:
    for ink in by_ink(behind, look):
        image = sheet.lay(image, ink.colour, soak.show_through(coverage(ink.page, look), look))
    return image


def _mixtures(ink_colour: RGBA, paper: RGBA) -> np.ndarray:
    """RGBA uint8 [256,4] for each coverage: ink over paper (Porter, Duff 1984), colours not premultiplied."""
    pen, ground = (np.array(colour, np.float64) for colour in (ink_colour, paper))
    over = np.arange(256)[:, None] / 255 * pen[3] / 255
    under = (1 - over) * ground[3] / 255
    alpha = over + under
    # where nothing is, the colour of the ink: enlarging such a picture must not grow a dark rim
    colour = np.where(alpha > 0, (over * pen[:3] + under * ground[:3]) / np.where(alpha > 0, alpha, 1), pen[:3])
    return (np.concatenate([colour, alpha * 255], axis=1) + 0.5).astype(np.uint8)

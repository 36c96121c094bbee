"""Page to pixels: ink laid on paper."""

from __future__ import annotations

from collections import Counter

import numpy as np
from PIL import Image

from handsynth import ink
from handsynth.errors import InputError
from handsynth.layout.page import Page
from handsynth.layout.text import LINE_HEIGHT, Setting
from handsynth.render.look import Look
from handsynth.render.picture import Picture
from handsynth.units import RGBA
from handsynth.usual import table

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
            f"{look.max_pixels:,} pixels allowed; give less text, a smaller size, another wrap or a larger max pixels"
        )


def size(page: Page, look: Look) -> tuple[int, int]:
    """Width and height in px. Raises InputError if that is more than `look.max_pixels`."""
    width, height = (max(1, int(np.ceil(length * look.xheight - 1e-6))) for length in (page.width, page.height))
    if width * height > look.max_pixels:
        raise InputError(
            f"the picture would have {width:,} x {height:,} pixels, more than the {look.max_pixels:,} allowed; "
            "give less text, a smaller size, another --wrap or a larger --max-pixels"
        )
    return width, height


def coverage(page: Page, look: Look) -> np.ndarray:
    """How much ink covers each pixel of the page, uint8 [height,width], 255 = full."""
    width, height = size(page, look)
    sheet = np.zeros((height, width), np.uint8)
    k = look.xheight
    for i in range(len(page)):
        scale, angle = k * float(page.scale[i]), float(page.angle[i])
        x, y, drawn = ink.coverage(
            page.fields[i], page.frame, scale, page.x[i] * k, page.y[i] * k, angle, float(page.slant[i])
        )
        left, top = max(x, 0), max(y, 0)
        right, bottom = min(x + drawn.shape[1], width), min(y + drawn.shape[0], height)
        if left >= right or top >= bottom:
            continue
        part = sheet[top:bottom, left:right]
        new = drawn[top - y : bottom - y, left - x : right - x].astype(np.uint16)
        # both cover at random: 1 - (1 - a)(1 - b), so that edges which meet leave no seam
        part[:] = (part + new - (part * new + 127) // 255).astype(np.uint8)
    return sheet


def paint(page: Page, look: Look) -> Picture:
    """The page as a picture: grey or RGB, or RGBA with straight alpha where ink or paper are transparent."""
    covered = coverage(page, look)
    table = _mixtures(look.ink, look.paper)
    if (table[:, 3] < 255).any():
        image = Image.fromarray(table[covered])
    elif (table[:, :3] == table[:, :1]).all():
        image = Image.fromarray(table[:, 0][covered])
    else:
        image = Image.fromarray(table[:, :3][covered])
    return Picture.of(image, look.facts, look.dpi)


def _mixtures(ink_colour: RGBA, paper: RGBA) -> np.ndarray:
    """RGBA uint8 [256,4] for each coverage: ink over paper (Porter, Duff 1984), colours not premultiplied."""
    pen, ground = (np.array(colour, np.float64) for colour in (ink_colour, paper))
    over = np.arange(256)[:, None] / 255 * pen[3] / 255
    under = (1 - over) * ground[3] / 255
    alpha = over + under
    # where nothing is, the colour of the ink: enlarging such a picture must not grow a dark rim
    colour = np.where(alpha > 0, (over * pen[:3] + under * ground[:3]) / np.where(alpha > 0, alpha, 1), pen[:3])
    result: np.ndarray = (np.concatenate([colour, alpha * 255], axis=1) + 0.5).astype(np.uint8)
    return result

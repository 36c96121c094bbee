"""The hands of a model: as a list for the terminal, and as a picture with a line of text in each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from handsynth import noise
from handsynth.api import render
from handsynth.errors import InputError
from handsynth.facts import facts
from handsynth.hand import Hand
from handsynth.model import Model
from handsynth.render.picture import Picture
from handsynth.sheet import LABEL, PAPER, RULE, shown

if TYPE_CHECKING:
    from handsynth.card import GalleryHand

PANGRAM = "Pack my box with five dozen liquor jugs, 1234567890."


def tagged(model: Model, tags: Sequence[str]) -> list[GalleryHand]:
    """The hands of the gallery that have all of `tags`, in any case; raises InputError where none has them."""
    wanted = [tag.strip().casefold() for tag in tags]
    known = sorted({tag for hand in model.card.gallery for tag in hand.tags})
    strange = [tag for tag in wanted if tag not in known]
    if strange:
        raise InputError(
            f"no hand of {model.card.name} is tagged {strange[0]!r}; tags are {', '.join(known) or 'none'}"
        )
    found = [hand for hand in model.card.gallery if set(wanted) <= set(hand.tags)]
    if wanted and not found:
        raise InputError(f"no hand of {model.card.name} is {' and '.join(wanted)} at once; give fewer tags")
    return found


def table(model: Model, tags: Sequence[str] = ()) -> str:
    """The gallery, or those of it with all of `tags`, one hand a line: name, tags, description."""
    hands = tagged(model, tags)
    if not hands:
        return f"{model.card.name} has no gallery; use --hand random"
    rows = [(hand.name, " ".join(hand.tags), hand.description) for hand in hands]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    return "\n".join(f"{name:<{widths[0]}}  {tags:<{widths[1]}}  {text}".rstrip() for name, tags, text in rows)


def picture(
    model: Model,
    text: str = PANGRAM,
    hands: Sequence[Hand] = (),
    *,
    size: float = 24.0,
    seed: int = 0,
    temperature: float = 0.7,
    dpi: float = 300.0,
    progress: Callable[[int, int], None] | None = None,
) -> Picture:
    """A picture (black on white): `text` in each of `hands` (none: the gallery's) beside its name.

    `size`: x-height in px. `progress` is called with rows done and in all. Each row has noise of its own:
    the same noise would make the same odd letter in several hands. Raises InputError where `render` does,
    and for a model without a gallery.
    """
    chosen = hands or [Hand.gallery(model, hand.name) for hand in model.card.gallery]
    if not chosen:
        raise InputError(f"{model.card.name} has no gallery to draw; use --hand random with render")
    if not 0 <= seed < 1 << 64:
        raise InputError(f"seed {seed} is out of range; give a whole number from 0 to {(1 << 64) - 1}")
    lines = []
    for hand in chosen:
        own = noise.place("hands", seed, hand.name)
        line = render(text, hand=hand, model=model, seed=own, size=size, temperature=temperature)
        lines.append(line.convert("L"))
        if progress:
            progress(len(lines), len(chosen))
    font = ImageFont.load_default(max(11, round(size * 0.6)))
    names = max(math.ceil(font.getlength(shown(hand.name))) for hand in chosen)
    pad = max(12, round(size))
    width = pad + names + max(line.width for line in lines) + pad
    sheet = Image.new("L", (width, sum(line.height for line in lines) + 2 * pad), PAPER)
    pen = ImageDraw.Draw(sheet)
    y = pad
    for hand, row in zip(chosen, lines, strict=True):
        sheet.paste(row, (pad + names, y))
        pen.line((pad, y, width - pad, y), RULE)
        pen.text((pad, y + row.height // 2), shown(hand.name), LABEL, font, "lm")
        y += row.height
    pen.line((pad, y, width - pad, y), RULE)
    drawn = ", ".join(hand.name for hand in chosen)
    return Picture.of(sheet, facts(model, drawn, seed, temperature), dpi)

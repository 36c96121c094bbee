"""The hands of a model: as a list for the terminal, and as a picture with a line of text in each."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from handsynth import dials, noise
from handsynth.api import render
from handsynth.drawing.draw import TEMPERATURE
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.formats.picture import Picture
from handsynth.hands.hand import Hand
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata
from handsynth.specimens.sheet import LABEL, PAPER, RULE, shown

if TYPE_CHECKING:
    from handsynth.model.card import NamedHand

_COLUMNS = 24, 48
"""Hands that one column takes, and two; more make three."""

PANGRAM = "Pack my box with five dozen liquor jugs, 1234567890."


def tagged(model: Model, tags: Sequence[str]) -> list[NamedHand]:
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


def gallery_picture(
    model: Model | str | Path | None = None,
    text: str = PANGRAM,
    hands: Sequence[Hand | str | Path] = (),
    *,
    size: float = dials.default("size"),
    seed: int = dials.default("seed"),
    temperature: float = TEMPERATURE,
    dpi: float = dials.default("dpi"),
    progress: Callable[[int, int], None] | None = None,
) -> Picture:
    """A picture (black on white): `text` in each of `hands` (none: the gallery's) beside its name, many in columns.

    `model` and each of `hands` as in `render`. `size`: x-height in px, of hands that write as large as most. `progress`
    is called with rows done and in all. Each row has noise of its own: the same noise would make the same odd letter in
    several hands. Raises InputError where `render` does, and for a model without a gallery.
    """
    model = opened(model)
    chosen = [resolve(model, hand, seed) for hand in hands] or [
        Hand.gallery(model, hand.name) for hand in model.card.gallery
    ]
    if not chosen:
        raise InputError(f"{model.card.name} has no gallery to draw; use --hand random with render")
    if not 0 <= seed < 1 << 64:
        raise InputError(f"seed {seed} is out of range; give a whole number from 0 to {(1 << 64) - 1}")
    lines = []
    for hand in chosen:
        own = noise.key_of("hands", seed, hand.name)
        line = render(text, hand=hand, model=model, seed=own, size=size * hand.size, temperature=temperature)
        lines.append(line.convert("L"))
        if progress:
            progress(len(lines), len(chosen))
    # many hands stand in columns, so that they can be compared
    columns = next((k for k, most in enumerate(_COLUMNS, 1) if len(lines) <= most), len(_COLUMNS) + 1)
    rows = math.ceil(len(lines) / columns)
    font = ImageFont.load_default(max(13, round(size * 0.75)))
    names = max(math.ceil(font.getlength(shown(hand.name))) for hand in chosen)
    pad, high = max(12, round(size)), max(line.height for line in lines)
    wide = names + max(line.width for line in lines) + pad
    sheet = Image.new("L", (pad + columns * wide, rows * high + 2 * pad), PAPER)
    pen = ImageDraw.Draw(sheet)
    for number, (hand, row) in enumerate(zip(chosen, lines, strict=True)):
        x, y = pad + number // rows * wide, pad + number % rows * high
        sheet.paste(row, (x + names, y + (high - row.height) // 2))
        pen.line((x, y, x + wide - pad, y), RULE)
        pen.text((x, y + high // 2), shown(hand.name), LABEL, font, "lm")
    for x in range(pad, pad + columns * wide, wide):
        pen.line((x, pad + rows * high, x + wide - pad, pad + rows * high), RULE)
    drawn = ", ".join(hand.name for hand in chosen)
    return Picture.of(sheet, metadata(model, drawn, seed, temperature), dpi)

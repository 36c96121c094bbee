"""A hand as a picture: what was read, and beside it what is generated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsynth import draw, noise
from handsynth.api import TEMPERATURE
from handsynth.api import render as render_text
from handsynth.errors import InputError
from handsynth.facts import facts
from handsynth.glyph import FieldGlyphs
from handsynth.hand import Hand
from handsynth.model import Model
from handsynth.render.picture import Picture

TEXT = "The quick brown fox jumps over the lazy dog, 1234567890."
_COLUMNS, _SIDE, _MARGIN = 16, 72, 32
_USUAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_MOST, _LONGEST = 256, 500


def picture(model: Model, hand: Hand, text: str = TEXT, seed: int = 0) -> Picture:
    """Rows of letters as they were read, each with a row of the same letters as the model writes them, and a line."""
    if len(text) > _LONGEST:
        raise InputError(f"the text has {len(text):,} characters; give at most {_LONGEST}")
    plain, legibility = hand.using("never"), 4 if model.has("reader") else 1
    if hand.originals is not None:
        chars, read = hand.originals.chars[:_MOST], hand.originals.fields[:_MOST].astype(np.float32)
    else:
        chars, read = tuple(char for char in _USUAL if char in model.charset), None
    rows: list[tuple[str, Image.Image]] = []
    for start in range(0, len(chars), _COLUMNS):
        part = slice(start, start + _COLUMNS)
        if read is not None:
            rows.append(("as read", _row(FieldGlyphs(read[part]).ink())))
        known = [char if char in model.charset else None for char in chars[part]]
        drawn = np.zeros((len(known), model.frame.size, model.frame.size), np.float32)
        there = [i for i, char in enumerate(known) if char]
        places = np.array([noise.place("show", start + i) for i in there], np.uint64)
        if there:
            index = model.index([chars[start + i] for i in there])
            drawn[there] = draw.glyphs(model, plain, index, places, seed, temperature=TEMPERATURE).ink()
        rows.append(("generated", _row(drawn)))
    width = max(image.width for _, image in rows)
    line = render_text(text, model=model, hand=plain, seed=seed, size=26, wrap=width, legibility=legibility).convert(
        "L"
    )
    rows.append(("a text", line))
    return _page(rows, facts(model, hand.name, seed, TEMPERATURE), replace(hand, originals=None))


def _row(ink: np.ndarray) -> Image.Image:
    """Letters side by side, black on white, from coverage f32 [n,H,H]."""
    grey = 255 - (ink * 255).astype(np.uint8)
    whole = Image.fromarray(np.concatenate(list(grey), axis=1))
    return whole.resize((len(ink) * _SIDE, _SIDE), Image.Resampling.BICUBIC)


def _page(rows: list[tuple[str, Image.Image]], made_by: dict[str, str], hand: Hand) -> Picture:
    label = 110
    width = label + max(image.width for _, image in rows) + 2 * _MARGIN
    height = sum(image.height for _, image in rows) + 2 * _MARGIN + 40
    whole = Image.new("L", (width, height), 255)
    pen, font = ImageDraw.Draw(whole), ImageFont.load_default(size=16)
    measured = hand.measured
    count = int(measured.get("letters", 0))
    about = [f"{count} letter{'s' if count > 1 else ''}"] if count else []
    about += [f"the first {_MOST} shown"] if count > _MOST else []
    about += [f"pen {measured['pen']:.2f} x-heights"] if "pen" in measured else []
    about += [f"slant {measured['slant']:+.2f}"] if "slant" in measured else []
    about += [f"space {hand.gap:.2f} x-heights"] if hand.gap is not None else []
    title = hand.name.encode("latin-1", "replace").decode("latin-1")
    pen.text((_MARGIN, _MARGIN - 8), " · ".join([title, *about]), 90, font)
    y = _MARGIN + 24
    for name, image in rows:
        pen.text((_MARGIN, y + image.height // 2 - 10), name, 140, font)
        whole.paste(image, (_MARGIN + label, y))
        y += image.height
    return Picture.of(whole, made_by, 96.0, f"The hand {title}")

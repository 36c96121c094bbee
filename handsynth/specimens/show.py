"""A hand as a picture: what was read, and below it what is drawn; what was not understood is framed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from handsynth.api import render as render_text
from handsynth.drawing.draw import TEMPERATURE
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.formats.picture import Picture
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata
from handsynth.specimens.copies import drawn_copies, drawn_in_style, held_chars, latent_rows

TEXT = "The quick brown fox jumps over the lazy dog, 1234567890."
_COLUMNS, _SIDE, _MARGIN = 16, 72, 32
_USUAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_MOST, _LONGEST = 256, 500


@dataclass(frozen=True, eq=False)
class Shown:
    """A letter that a hand holds."""

    char: str
    read: np.ndarray | None
    """Coverage f32 [H,H] of the ink it was read from, where the hand still holds it."""
    drawn: np.ndarray
    """Coverage f32 [H,H] of the same, drawn anew."""
    doubtful: bool
    """Whether it was not understood: what is drawn follows another copy or the style, not this ink."""
    source: str = ""
    """Of a doubtful letter, what is drawn in its place: "copy 2" of those that the hand holds of it, or "style"."""


def held(model: Model, hand: Hand, seed: int = 0) -> list[Shown]:
    """The letters that `hand` holds, the first `_MOST` of them, as they were read; and each drawn anew from its own."""
    rows = latent_rows(model, hand)[:_MOST]
    chars = held_chars(hand)[:_MOST]
    read = None if hand.originals is None else FieldGlyphs(hand.originals.fields[:_MOST].astype(np.float32)).ink()
    sources = [""] * len(chars)
    if hand.known is not None:
        own = rows.copy()
        for i in np.flatnonzero(own < 0).tolist():
            others = [j for j, char in enumerate(chars) if char == chars[i] and own[j] >= 0]
            rows[i] = own[others[0]] if others else -1
            sources[i] = f"copy {chars[: others[0] + 1].count(chars[i])}" if others else "style"
    drawn = drawn_copies(model, hand, chars, rows, seed)
    return [
        Shown(char, None if read is None else read[i], drawn[i], bool(sources[i]), sources[i])
        for i, char in enumerate(chars)
    ]


def hand_picture(
    model: Model | str | Path | None = None,
    hand: Hand | str | Path | None = None,
    text: str = TEXT,
    seed: int = 0,
) -> Picture:
    """A picture of what was learnt: rows of letters as they were read, each with a row of the same drawn anew; the
    other letters; and `text`.

    `model` and `hand` as in `render`. What was not understood has a grey frame; below it is said what is drawn in its
    place, another copy or the style. Raises InputError.
    """
    if len(text) > _LONGEST:
        raise InputError(f"the text has {len(text):,} characters; give at most {_LONGEST}")
    model = opened(model)
    hand = resolve(model, hand, seed)
    # how the hand draws, not a copy of the ink it was read from
    drawing = replace(hand, originals=None)
    letters = held(model, hand, seed) if hand.originals is not None else []
    given = {letter.char for letter in letters}
    rest = tuple(char for char in _USUAL if char in model.charset and char not in given)
    rows: list[tuple[str, Image.Image]] = []
    for start in range(0, len(letters), _COLUMNS):
        part = letters[start : start + _COLUMNS]
        read = np.stack([letter.read for letter in part if letter.read is not None])
        rows.append(("as read", _row(read, [letter.doubtful for letter in part])))
        drawn = np.stack([letter.drawn for letter in part])
        rows.append(("drawn anew", _row(drawn, said=[letter.source for letter in part])))
    for start in range(0, len(rest), _COLUMNS):
        some = rest[start : start + _COLUMNS]
        rows.append(("not given" if letters else "drawn", _row(drawn_in_style(model, drawing, some, seed, start))))
    width = max(image.width for _, image in rows)
    line = render_text(text, model=model, hand=drawing, seed=seed, size=26, wrap=width).convert("L")
    rows.append(("a text", line))
    return _page(rows, metadata(model, hand.name, seed, TEMPERATURE), replace(hand, originals=None))


def _row(ink: np.ndarray, doubtful: Sequence[bool] = (), said: Sequence[str] = ()) -> Image.Image:
    """Letters side by side, black on white, from coverage f32 [n,H,H]; a grey frame about doubtful ones, and what is
    `said` of each in its corner."""
    grey = 255 - (ink * 255).astype(np.uint8)
    whole = Image.fromarray(np.concatenate(list(grey), axis=1))
    whole = whole.resize((len(ink) * _SIDE, _SIDE), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(whole)
    for i in np.flatnonzero(doubtful).tolist():
        pen.rectangle((i * _SIDE + 2, 2, (i + 1) * _SIDE - 3, _SIDE - 3), outline=150)
    for i, words in enumerate(said):
        pen.text((i * _SIDE + 4, 2), words, 140, ImageFont.load_default(size=12))
    return whole


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

"""The font glyph pack: pictures of handwriting-style fonts that are in the frame already."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from handsynth.errors import DataError
from handsynth.frame import STANDARD, ink_box
from train.data.npz import load_arrays
from train.data.picture import field_of, store
from train.data.source import SPLITS, GlyphBatch, ReaderOptions, Source, SourceInfo

STANDING = "abcdehiklmnorstuvwx"
"""Letters that stand on the baseline in most hands. Capitals are none: some scripts let them hang lower."""


@dataclass(frozen=True)
class FontTask:
    """One font's glyphs, baseline corrected."""

    key: str
    split: int
    chars: list[str]
    images: np.ndarray


class FontPack(Source):
    """`font_glyphs.npz` with its `.json` beside it: images u8 [n,64,64], codepoint, font (row of the
    JSON)."""

    about = SourceInfo(
        "font glyph pack",
        "OFL-1.1, Apache-2.0 or BSD by font",
        "Handwriting-style fonts; each font's licence and copyright line are in the details",
    )

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        arrays = load_arrays(self.path, {"images": "u", "codepoint": "iu", "font": "iu"})
        self.images, self.codepoints, self.rows = arrays["images"], arrays["codepoint"], arrays["font"]
        index = self.path.with_suffix(".json")
        try:
            self.index: list[dict[str, Any]] = json.loads(index.read_text(encoding="utf-8"))
            for font in self.index:
                for name in ("key", "family", "variant", "tier", "cls", "licence", "split"):
                    font[name]
        except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
            raise DataError(f"cannot use {index}, the list of fonts of {self.path.name}: {error!r}") from error
        if self.images.shape[1:] != (STANDARD.size, STANDARD.size) or len(self.images) != len(self.rows):
            raise DataError(f"{self.path}: images are {self.images.shape}, expected [n,64,64] and as many font rows")
        if len(self.rows) and int(self.rows.max()) >= len(self.index):
            raise DataError(f"{self.path}: names font {int(self.rows.max())}, {index.name} lists {len(self.index)}")
        keep = ("key", "family", "name", "weight", "variant", "tier", "cls", "licence", "source", "copyright")
        self.details = {"fonts": [{name: font[name] for name in keep if name in font} for font in self.index]}

    def fonts(self) -> Iterator[tuple[dict[str, Any], list[tuple[str, np.ndarray]]]]:
        """Each font's entry of the JSON with its glyphs (character, picture), moved onto the baseline."""
        for row, font in enumerate(self.index):
            chosen = np.flatnonzero(self.rows == row)
            chars = [chr(int(code)) for code in self.codepoints[chosen]]
            images = on_baseline(chars, self.images[chosen])
            yield font, list(zip(chars, images, strict=True))

    def total(self) -> int:
        return len(self.rows)

    def tasks(self, options: ReaderOptions) -> Iterator[FontTask]:
        if options.frame != STANDARD:
            raise DataError(f"{self.path} is drawn for the standard frame; prepare it with that one")
        for font, glyphs in self.fonts():
            kept = [(char, image) for char, image in glyphs if options.wants(char)]
            if kept:
                split = SPLITS.index(font["split"])
                yield FontTask(font["key"], split, [c for c, _ in kept], np.stack([i for _, i in kept]))

    @staticmethod
    def draw(task: FontTask, options: ReaderOptions) -> GlyphBatch:
        batch = GlyphBatch(done=len(task.chars))
        for char, image in zip(task.chars, task.images, strict=True):
            name = f"{task.key} U+{ord(char):04X}"
            if not image.any():
                batch.drops.add("empty picture", name)
            elif image[[0, -1]].any() or image[:, [0, -1]].any():
                batch.drops.add("ink leaves the frame", name)
            else:
                batch.add(char, image, store(field_of(image)), writer=task.key, split=task.split)
        return batch


def on_baseline(chars: list[str], images: np.ndarray) -> np.ndarray:
    """A font's pictures [n,H,H], moved by whole px so that its letters' median bottom is the baseline."""
    bottoms = [
        box[3] - STANDARD.baseline
        for char, image in zip(chars, images, strict=True)
        if char in STANDING and (box := ink_box(image))
    ]
    shift = -round(float(np.median(bottoms))) if bottoms else 0
    # ink that would be pushed over the edge lands in the outermost row, where it is noticed and dropped
    if shift == 0:
        return images
    moved = np.zeros_like(images)
    if shift > 0:
        moved[:, shift:] = images[:, :-shift]
        moved[:, -1] = np.maximum(moved[:, -1], images[:, -shift:].max(axis=1))
    else:
        moved[:, :shift] = images[:, -shift:]
        moved[:, 0] = np.maximum(moved[:, 0], images[:, :-shift].max(axis=1))
    return moved

"""Letters from a folder of pictures that are named by character."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.frame import Frame, ink_box
from handsynth.learn import blobs
from handsynth.learn.photo import open_photo
from handsynth.learn.place import extent, framed, usual_base

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif"})
"""Of files that are taken for pictures."""

MAX_PIXELS = 1 << 24
"""A larger picture is no single letter."""

_CODE = re.compile(r"U\+([0-9A-Fa-f]{4,6})(?:[ _\-.].*)?")
_NUMBERED = re.compile(r"(.)[ _\-]\d+", re.DOTALL)

_TALL = 256
"""Ink that is larger is kept no finer."""

_CONTRAST = 0.15
"""Share of the whole range of grey by which ink differs from paper, at least."""

_SPECK = 0.015
"""Share of the largest part's ink below which another part is dirt."""

_SPREAD, _STEADY = 0.3, 0.1
"""How far (standard deviation of the logarithm) sizes in one hand are off the usual ones, and surely are."""

_ABSURD = 2.6
"""Times that a letter may be larger or smaller than usual."""


@dataclass(frozen=True, eq=False)
class Letters:
    """n letters in the frame."""

    chars: tuple[str, ...]
    images: np.ndarray
    """uint8 [n,H,H], 255 = ink."""
    notes: tuple[str, ...]
    """What was left out or changed, one line each."""

    def __len__(self) -> int:
        return len(self.chars)


@dataclass(frozen=True, eq=False)
class _Cut:
    """One picture's ink."""

    row: int
    char: str
    cover: np.ndarray
    """uint8 [h,w], 255 = ink, nothing around it."""
    shrink: float
    """px of the picture for each px of `cover`."""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in px of the picture."""
        height, width = self.cover.shape
        return width * self.shrink, height * self.shrink


def char_of(name: str) -> str | None:
    """The character that a file (without its ending) or folder is named by; None if by none.

    `a`, `a_2`, `U+0061`, `U+0061_003`; a name of one character is that character.
    """
    # some file systems take accents apart
    name = unicodedata.normalize("NFC", name)
    if match := _CODE.fullmatch(name):
        code = int(match[1], 16)
        name = chr(code) if code < 0x110000 else ""
    elif match := _NUMBERED.fullmatch(name):
        name = match[1]
    return name if len(name) == 1 and name.isprintable() and name != " " else None


def read_letters(folder: str | Path, frame: Frame, *, max_files: int = 4000) -> Letters:
    """The letters in the pictures in `folder`, or in its sub-folders that are named by character.

    Ink may be dark on light, light on dark or on nothing. A picture of just the frame's size is taken as it is. Others
    are scaled together where they look cut from one page, so that relative sizes stay true, and else each to its usual
    height. Raises InputError where nothing is found.
    """
    root = Path(folder)
    files = _files(root, max_files)
    notes: list[str] = []
    images: dict[int, np.ndarray] = {}
    chars: list[str] = []
    cuts: list[_Cut] = []
    for row, path in enumerate(files):
        name = path.relative_to(root).as_posix()
        char = (char_of(path.parent.name) if path.parent != root else None) or char_of(path.stem)
        chars.append(char or "")
        if char is None:
            notes.append(f"{name} was left out: its name tells no character, such as a.png or U+0061.png")
            continue
        try:
            found = _ink(path, frame)
        except InputError as error:
            notes.append(f"left out: {error}")
            continue
        if found is None:
            notes.append(f"{name} was left out: there is no ink in it")
        elif found.shape == (frame.size, frame.size) and found.flags.writeable is False:
            images[row] = found
        else:
            cuts.append(_cut(row, char, found))
    _place(cuts, frame, images, notes, files, root)
    if not images:
        raise InputError(f"{root} holds no letter that can be used: {notes[0]}")
    rows = sorted(images)
    return Letters(tuple(chars[row] for row in rows), np.stack([images[row] for row in rows]), tuple(notes))

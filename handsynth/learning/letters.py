"""Letters from a folder of pictures that are named by character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth.errors import HandsynthError, InputError
from handsynth.formats.pictures import open_picture
from handsynth.frame import Frame, ink_box
from handsynth.learning import blobs
from handsynth.learning.place import extent, framed, hangs, long_descenders, usual_base, with_descenders
from handsynth.text.charname import labels, leftover

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".heic", ".heif"})
"""Of files that are taken for pictures."""

MAX_PIXELS = 1 << 24
"""A larger picture is no single letter."""

_TALL = 256
"""Ink that is larger is kept no finer."""

_CONTRAST = 0.15
"""Share of the whole range of grey by which ink differs from paper, at least."""

_SPECK = 0.015
"""Share of the largest part's ink below which another part is dirt."""

_USUAL = 0.5
"""How far the logarithm of a letter's size beside the usual one counts."""

_SPREAD = 0.35
"""How far (standard deviation of the logarithm) sizes in one hand are off the usual ones, at most."""

_ABSURD = 2.6
"""Times that a letter may be larger or smaller than usual."""


@dataclass(frozen=True, eq=False)
class Letters:
    """n letters in the frame."""

    chars: tuple[str, ...]
    images: np.ndarray
    """uint8 [n,H,H], 255 = ink."""
    names: tuple[str, ...]
    """[n]: their files, in the folder."""
    notes: tuple[str, ...]
    """What was left out or changed, one line each."""
    descenders: float = 1.0
    """How many times as long what hangs below the line was as in `images`."""

    def __len__(self) -> int:
        return len(self.chars)


@dataclass(frozen=True, eq=False)
class _LetterInk:
    """One picture's ink."""

    name: str
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


def read_letters(folder: str | Path, frame: Frame, *, max_files: int = 4000) -> Letters:
    """The letters in the pictures in `folder`, or in its sub-folders that are named by character.

    Ink may be dark on light, light on dark or on nothing. A picture of just the frame's size is taken as it is. Others
    are scaled together where they look cut from one page, so that relative sizes stay true, and else each to its usual
    height. Raises InputError where nothing is found.
    """
    root = Path(folder)
    notes: list[str] = []
    images: dict[int, np.ndarray] = {}
    cuts: dict[int, _LetterInk] = {}
    files = _files(root, max_files)
    for row, ((path, name), label) in enumerate(zip(files, labels([name for _, name in files]), strict=True)):
        char = label.char
        if char is None:
            notes.append(f"{name} was left out: {label.reason}")
            continue
        try:
            cover, ready = _ink(path, frame)
        except InputError as error:
            notes.append(f"left out: {error}")
            continue
        if ink_box(cover) is None:
            notes.append(f"{name} was left out: there is no ink in it")
            continue
        cuts[row] = _cut(name, char, cover)
        if ready:
            images[row] = cover
    if not cuts:
        raise InputError(f"{root} holds no letter that can be used: {notes[0]}")
    rest = {row: cut for row, cut in cuts.items() if row not in images}
    together = _scale(list(rest.values()), frame)
    places = {row: _place(cut, together, frame, notes) for row, cut in rest.items()}
    depths = [(len(cut.cover) - places[row][1]) * places[row][0] for row, cut in rest.items() if hangs(cut.char)]
    long = long_descenders(depths, frame)
    for row, cut in rest.items():
        images[row], shrunk = framed(cut.cover, *places[row], frame, cut.char, long)
        if shrunk:
            notes.append(f"{cut.name} is larger than the frame and was made smaller")
    for row in set(images) - set(rest):
        images[row] = with_descenders(images[row], cuts[row].char, long, frame)
    rows = sorted(cuts)
    chars = tuple(cuts[row].char for row in rows)
    names = tuple(cuts[row].name for row in rows)
    return Letters(chars, np.stack([images[row] for row in rows]), names, tuple(notes), long)


def _files(root: Path, most: int) -> list[tuple[Path, str]]:
    """Pictures in a folder, and their names in it."""
    try:
        if not root.is_dir():
            raise InputError(f"there is no folder {root}; give a folder of pictures that are named by character")
        inside = sorted(root.iterdir())
        below = [file for each in inside if each.is_dir() for file in sorted(each.iterdir())]
        files = [file for file in (*inside, *below) if file.suffix.lower() in ENDINGS and file.is_file()]
        files = [file for file in files if not leftover(file.name)]
    except HandsynthError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {root}: {getattr(error, 'strerror', None) or error}") from error
    if not files:
        raise InputError(f"{root} holds no picture; give PNG or JPEG files that are named like a.png or U+0061.png")
    if len(files) > most:
        raise InputError(f"{root} holds {len(files):,} pictures; give at most {most:,}")
    return [(file, file.relative_to(root).as_posix()) for file in files]


def _ink(path: Path, frame: Frame) -> tuple[np.ndarray, bool]:
    """Ink uint8 [h,w], 255 = full, of a picture, and whether it is in the frame already. Raises InputError."""
    image = open_picture(path, MAX_PIXELS)
    grey = np.asarray(image.convert("L"), np.float32)
    if np.ptp(grey) < 255 * _CONTRAST:
        # white ink on nothing
        grey = 255 - _opacity(path, grey)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    if float(np.median(border)) < (float(grey.min()) + float(grey.max())) / 2:
        grey = 255 - grey
    if image.size == (frame.size, frame.size):
        return (255 - grey).astype(np.uint8), True
    darkness = _paper(grey) - grey
    most = float(darkness.max())
    if most < 255 * _CONTRAST:
        return np.zeros(grey.shape, np.uint8), False
    full = float(np.percentile(darkness[darkness > 0.5 * most], 60))
    return np.rint(np.clip(darkness / full, 0, 1) * 255).astype(np.uint8), False


def _opacity(path: Path, grey: np.ndarray) -> np.ndarray:
    """The alpha channel float32 [h,w] of a picture that was opened before; nothing where it has none."""
    image = open_picture(path, MAX_PIXELS, alpha=True)
    return np.asarray(image.getchannel("A"), np.float32) if "A" in image.getbands() else np.zeros_like(grey)


def _paper(grey: np.ndarray) -> np.ndarray:
    """Brightness of the paper, float32 [h,w]: the plane through the border, whatever ink crosses it."""
    rows, columns = np.indices(grey.shape)
    rim = np.ones(grey.shape, bool)
    rim[1:-1, 1:-1] = False
    basis = np.stack([np.ones(grey.shape), columns / grey.shape[1], rows / grey.shape[0]], axis=-1)
    at, value = basis[rim], grey[rim].astype(np.float64)
    weight = np.ones(len(value))
    for _ in range(8):
        plane = np.linalg.lstsq(at * weight[:, None], value * weight, rcond=None)[0]
        weight = np.asarray(1 / (1 + np.abs(value - at @ plane) / 8), np.float64)
    return np.asarray(basis @ plane, np.float32)


def _cut(name: str, char: str, cover: np.ndarray) -> _LetterInk:
    """The ink of a picture without dirt and paper."""
    labels, count = blobs.label((cover > 80)[None])
    amount = np.bincount(labels.ravel(), cover.ravel(), count + 1)
    keep = amount >= _SPECK * amount[1:].max(initial=0.0)
    # edges are fainter than what is found, and belong to what they touch
    whole = np.pad(keep[labels[0]] & (labels[0] > 0), 1)
    near = sum(
        whole[i : i + cover.shape[0], j : j + cover.shape[1]].astype(np.uint8) for i in range(3) for j in range(3)
    )
    own = np.where(np.asarray(near) > 0, cover, 0)
    box = ink_box(own)
    if box is None:
        box, own = (0, 0, cover.shape[1], cover.shape[0]), cover
    left, top, right, bottom = box
    part = own[top:bottom, left:right]
    shrink = max(1.0, max(part.shape) / _TALL)
    if shrink > 1:
        size = max(1, round(part.shape[1] / shrink)), max(1, round(part.shape[0] / shrink))
        part = np.asarray(Image.fromarray(part).resize(size, Image.Resampling.BOX))
    return _LetterInk(name, char, part, shrink)


def _scale(cuts: Sequence[_LetterInk], frame: Frame) -> float | None:
    """px of the frame for each px of all pictures; None where each has a scale of its own."""
    sizes = [(extent(cut.char, *cut.size), cut.char) for cut in cuts]
    pairs = np.log([pair for pair, char in sizes if char.isalnum()] or [pair for pair, _ in sizes] or [(1.0, 1.0)])
    ratio = pairs[:, 1] - pairs[:, 0]
    apart, alike = _deviation(ratio), _deviation(pairs[:, 0])
    # cropped and made equally high, letters are more alike in height than in what that is to the usual
    if apart > _SPREAD or alike < 0.5 * apart:
        return None
    # of few letters the median is one of them; in their mean, a few that are far off do not count for much
    middle = float(np.median(ratio))
    return math.exp(middle + float(np.clip(ratio - middle, -_USUAL, _USUAL).mean())) * frame.xheight


def _deviation(values: np.ndarray) -> float:
    """Root mean square about the median, in which a few that are far off do not count for much."""
    return float(np.sqrt((np.clip(values - np.median(values), -0.8, 0.8) ** 2).mean()))


def _place(cut: _LetterInk, together: float | None, frame: Frame, notes: list[str]) -> tuple[float, float]:
    """The scale of a letter in the frame, that of all or its own, and the row of its baseline."""
    height, width = cut.cover.shape
    seen, usually = extent(cut.char, *cut.size)
    own = usually * frame.xheight / seen
    scale = own if together is None else together
    if not 1 / _ABSURD < scale / own < _ABSURD:
        notes.append(f"{cut.name} is far larger or smaller than {cut.char} usually is, and was made as large as usual")
        scale = own
    scale *= cut.shrink
    return scale, usual_base(cut.char, 0, height, scale, frame)

"""The boxes of a form that was found, as glyphs in the frame."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from handsynth.frame import STANDARD, Frame, ink_box
from handsynth.learning import blobs, guides
from handsynth.learning.blur import spread
from handsynth.learning.form import Form
from handsynth.learning.ink import coverage, darkness
from handsynth.learning.locate import FoundPage
from handsynth.learning.place import fitting, hangs, long_descenders, usual_base
from handsynth.text.extents import extents

FINE = 2, 4
"""Least and most px that are looked at for each px of the frame."""

LEFT, TOP, RIGHT, BOTTOM = 4, 2, 4, 5
"""px of the frame around a box that are looked at, too: letters may reach out of it."""

SPECK = 1.2
"""px² of the frame: smaller spots are dirt."""

_MARGIN = 0.5
"""px of the frame that stay free at each side."""

_STRAY, _ABSURD = 0.75, 2.4
"""x-heights that ink may be off its usual height, and times that it may be larger or smaller than usual."""

_BESIDE = 0.15
"""x-heights by which a letter in a box stands beside its line by chance, at most."""

_TELLING = frozenset(string.ascii_letters + string.digits)
"""Characters whose height tells how large somebody writes."""


@dataclass(frozen=True)
class Warning:
    """What is the matter with a box."""

    box: int
    """From 0, in reading order on its page."""
    char: str
    kind: str
    """`empty`: nothing is written; `touches`: ink runs out of what can be seen of the box; `misplaced`: far higher,
    lower, larger or smaller than this character usually is; `shrunk`: too large for the frame, so made smaller."""

    def __str__(self) -> str:
        return f"box {self.box + 1} ({self.char}): {_SAID[self.kind]}"


_SAID = {
    "empty": "empty",
    "touches": "the writing runs out of the box",
    "misplaced": "the writing is not where or as large as this character usually is",
    "shrunk": "the writing is larger than the frame and was made smaller",
}


@dataclass(frozen=True, eq=False)
class CutGlyphs:
    """n glyphs cut out of a page, those of empty boxes left out."""

    chars: tuple[str, ...]
    images: np.ndarray
    """uint8 [n,H,H], 255 = ink: centred left to right, heights true to the printed lines."""
    boxes: np.ndarray
    """float64 [n,4]: left, top, right, bottom of each box on the sheet, in mm."""
    cells: np.ndarray
    """int64 [n]: which box of the page, from 0."""
    warnings: tuple[Warning, ...]
    """Of all boxes of the page."""
    ink: np.ndarray = field(repr=False)
    """uint8 [n,h,w]: coverage of the boxes and a little around them, at `fine` px for each px of the frame."""
    fine: int = 3
    frame: Frame = STANDARD
    descenders: float = 1.0
    """How many times as long what hangs below the line was as in `images`."""

    def __len__(self) -> int:
        return len(self.chars)


def cut(found: FoundPage) -> CutGlyphs:
    """Cut the page that was found into glyphs."""
    form, chars = found.form, found.form.written(found.page)
    fine = _fineness(found)
    channel = channel_of(found.picture)
    blurred = spread(channel, form, found.rectification.matrix) / form.pixel * fine
    dark = darkness(_tiles(found, channel, fine), fine)
    lines = guides.places(form, fine, LEFT, TOP)
    black = guides.are_black(dark, lines, fine)
    across, down = guides.paper_rules(found, black)
    guides.erase_rules(dark, found, across, fine, LEFT, TOP, down=False)
    guides.erase_rules(dark, found, down, fine, LEFT, TOP, down=True)
    guides.erase(dark, lines, fine, black)
    covered, dark, faintest = coverage(dark, fine, blurred)
    covered, touching = _own(covered, dark, form, fine, faintest)
    amount = covered.sum(axis=(1, 2), dtype=np.float64) / 255 / fine**2
    warnings: list[Warning] = []
    kept: list[int] = []
    for number, char in enumerate(chars):
        if amount[number] < SPECK or covered[number].max() < 128:
            warnings.append(Warning(number, char, "empty"))
            continue
        kept.append(number)
        if touching[number]:
            warnings.append(Warning(number, char, "touches"))
        if _misplaced(covered[number], char, form, fine):
            warnings.append(Warning(number, char, "misplaced"))
    long = _long(covered[kept], [chars[i] for i in kept], form.frame, fine)
    images = []
    for number in kept:
        image, shrunk = _placed(covered[number], form.frame, fine, chars[number], descenders=long)
        images.append(image)
        if shrunk:
            warnings.append(Warning(number, chars[number], "shrunk"))
    warnings.sort(key=lambda warning: warning.box)
    size = form.frame.size
    cells = np.array(kept, np.int64)
    corners = form.cells(found.page)[cells]
    return CutGlyphs(
        tuple(chars[i] for i in kept),
        np.stack(images) if images else np.empty((0, size, size), np.uint8),
        np.concatenate([corners, corners + form.box], axis=1),
        cells,
        tuple(warnings),
        covered[cells],
        fine,
        form.frame,
        long,
    )


def _fineness(found: FoundPage) -> int:
    """px to look at for each px of the frame: about as many as the picture has."""
    width, height = found.form.size
    middle = np.array([width, height]) / 2
    step = found.form.pixel
    points = found.rectification.map(np.array([middle, middle + (step, 0), middle + (0, step)]))
    have = np.hypot(*(points[1:] - points[0]).T).mean()
    return int(np.clip(np.ceil(have), *FINE))


def _tiles(found: FoundPage, picture: Image.Image, fine: int) -> np.ndarray:
    """The boxes of a picture (L), uint8 [n,h,w]."""
    form, cells = found.form, found.form.cells(found.page)
    corners = np.array([[-LEFT, -TOP], [-LEFT, BOTTOM], [RIGHT, BOTTOM], [RIGHT, -TOP]]) * form.pixel
    corners = corners + np.array([[0, 0], [0, 1], [1, 1], [1, 0]]) * form.box
    quads = found.rectification.map(cells[:, None] + corners)
    width, height = _shape(form, fine)
    # a scan may have many px for one here: they are averaged before
    across = np.hypot(*(quads[:, 3] - quads[:, 0]).T).mean() / width
    if across >= 2:
        shrink = int(across)
        picture, quads = picture.reduce(shrink), quads / shrink
    mesh = [((0, i * height, width, (i + 1) * height), tuple(quad.ravel().tolist())) for i, quad in enumerate(quads)]
    size = (width, len(cells) * height)
    drawn = picture.transform(size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    return np.asarray(drawn).reshape(len(cells), height, width)


def channel_of(picture: Image.Image) -> Image.Image:
    """Red, in which orange guides vanish and black and blue ink do not."""
    return picture.getchannel("R") if picture.mode == "RGB" else picture


def _shape(form: Form, fine: int) -> tuple[int, int]:
    """Width and height of what is looked at of a box."""
    return (form.frame.size + LEFT + RIGHT) * fine, (form.frame.size + TOP + BOTTOM) * fine


def _own(
    covered: np.ndarray, dark: np.ndarray, form: Form, fine: int, faintest: float
) -> tuple[np.ndarray, np.ndarray]:
    """What was written in each box, without dirt and what reaches in, and whether it runs out of sight, bool [n]."""
    n, height, width = covered.shape
    labels, count = blobs.label(covered > 40)
    inked = np.flatnonzero(labels)
    flat, weight = labels.ravel()[inked], covered.ravel()[inked].astype(np.float64) / 255
    area = np.bincount(flat, weight, count + 1)
    box = np.zeros((height, width), bool)
    box[TOP * fine : height - BOTTOM * fine, LEFT * fine : width - RIGHT * fine] = True
    inside = np.bincount(flat, weight * box.ravel()[inked % box.size], count + 1)
    rim = np.ones((height, width), bool)
    rim[1:-1, 1:-1] = False
    out = np.zeros(count + 1, bool)
    out[np.unique(labels[:, rim])] = True
    # what is left of a guide is never as dark as ink
    strong = np.bincount(flat[dark.ravel()[inked] > faintest], minlength=count + 1) > 0
    keep = (area >= SPECK * 0.5 * fine**2) & (inside > 0.5 * area) & strong
    keep[0] = False
    own = np.where(keep[labels], covered, 0)
    touching = np.array([(keep & out)[np.unique(each)].any() for each in labels[:, rim]])
    return own, touching


def _long(
    covered: np.ndarray, chars: Sequence[str], frame: Frame, fine: int, size: float = 1.0,
    raised: Sequence[float] | None = None,
) -> float:  # fmt: skip
    """How many times shorter tiles [n,h,w] must become below the line so that most of the letters fit in."""
    base = TOP + frame.baseline
    depths = []
    for number, (char, tile) in enumerate(zip(chars, covered, strict=True)):
        box = ink_box(tile)
        if hangs(char) and box is not None:
            depths.append((box[3] / fine - base + (raised[number] if raised is not None else 0.0)) * size)
    return long_descenders(depths, frame)


def _placed(
    covered: np.ndarray,
    frame: Frame,
    fine: int,
    char: str,
    size: float = 1.0,
    raised: float = 0.0,
    descenders: float = 1.0,
) -> tuple[np.ndarray, bool]:
    """A tile [h,w] of `char` as uint8 [H,H], `size` times as large, its ink centred; and whether it had to shrink.

    `raised`: how far above the printed line its baseline is, frame px. `descenders`: as in `fitting`.
    """
    covered = fitting(covered, size / fine, (TOP + frame.baseline - raised) * fine, frame, char, descenders)
    box = ink_box(covered)
    assert box is not None
    left, top, right, bottom = (value / fine for value in box)
    middle, base = (left + right) / 2, TOP + frame.baseline - raised
    fits = max(
        (right - left) / (frame.size - 2 * _MARGIN),
        (base - top) / (frame.baseline - _MARGIN),
        (bottom - base) / (frame.descent - _MARGIN),
    )
    scale = max(1 / size, fits)
    reach = frame.size * scale
    start = np.array([middle - reach / 2, base - frame.baseline * scale]) * fine
    pad = int(np.ceil(max(0.0, -start.min(), (start + reach * fine - covered.shape[::-1]).max()))) + 1
    wide = Image.fromarray(np.pad(covered, pad))
    x, y = (start + pad).tolist()
    area = (x, y, x + reach * fine, y + reach * fine)
    return np.asarray(wide.resize((frame.size, frame.size), Image.Resampling.BOX, area)), fits * size > 1


def writer_size(glyphs: CutGlyphs) -> float:
    """How large somebody writes beside the printed lines: the median of height / usual height, of letters and digits.

    1 where no such character is there.
    """
    ratios = []
    for char, ink in zip(glyphs.chars, glyphs.ink, strict=True):
        box = ink_box(ink)
        if char in _TELLING and box is not None:
            ratios.append((box[3] - box[1]) / glyphs.fine / glyphs.frame.xheight / extents(char).height)
    return float(np.median(ratios)) if ratios else 1.0


def resized(glyphs: CutGlyphs, size: float, *, settled: bool = False) -> CutGlyphs:
    """The glyphs `size` times as large, about their baselines, from what the photo showed of them.

    `resized(glyphs, 1 / writer_size(glyphs))` are as large as people's letters usually are. `settled`: those that stand
    a little beside the line stand on it. Alone in its box a letter is set down a little too high or too low, which says
    nothing of the next one, and copies wander by themselves.
    """
    if not len(glyphs):
        return glyphs
    frame, fine = glyphs.frame, glyphs.fine
    raised = np.zeros(len(glyphs))
    if settled:
        raised = np.array(
            [_raised(char, ink, size, glyphs) for char, ink in zip(glyphs.chars, glyphs.ink, strict=True)]
        )
        raised[abs(raised) > _BESIDE * frame.xheight] = 0
    long = _long(glyphs.ink, glyphs.chars, frame, fine, size, raised.tolist())
    images = [
        _placed(ink, frame, fine, char, size, up, long)[0]
        for char, ink, up in zip(glyphs.chars, glyphs.ink, raised.tolist(), strict=True)
    ]
    return replace(glyphs, images=np.stack(images), descenders=long)


def _raised(char: str, ink: np.ndarray, size: float, glyphs: CutGlyphs) -> float:
    """How far above the printed line a glyph stands whose baseline is where it usually is, frame px."""
    box = ink_box(ink)
    assert box is not None
    top, bottom = box[1] / glyphs.fine, box[3] / glyphs.fine
    return TOP + glyphs.frame.baseline - usual_base(char, top, bottom, size, glyphs.frame)


def _misplaced(covered: np.ndarray, char: str, form: Form, fine: int) -> bool:
    """Whether ink is far from where, or far from as large as, this character usually is."""
    box = ink_box(covered)
    assert box is not None
    expected, unit = extents(char), form.frame.xheight
    base = TOP + form.frame.baseline
    top, bottom = ((base - box[side] / fine) / unit for side in (1, 3))
    if abs((top + bottom) / 2 - (expected.top + expected.bottom) / 2) > _STRAY:
        return True
    width = (box[2] - box[0]) / fine / unit
    ratio = max(top - bottom, width) / max(expected.height, expected.width)
    small = max(expected.height, expected.width) < 0.6
    return ratio > _ABSURD * (1.5 if small else 1.0) or (ratio < 1 / _ABSURD and not small)

"""Pictures of single characters that come cropped or centred, not at their true size, into the frame."""

from __future__ import annotations

import numpy as np
from PIL import Image

from handsynth.frame import Frame, ink_box
from handsynth.text.extents import extents
from train.data.picture import field_of, store
from train.data.place import anchor, fit_factor
from train.data.source import GlyphBatch, ReaderOptions

FINE = 4
"""Cropped pictures are drawn this many times finer, cut at half coverage and averaged, so that edges are
crisp."""
MOST_PIXELS = 4096 * 4096
"""A larger picture is no single character."""
LEAST_CONTRAST = 40
"""Grey levels between paper and ink, at least."""


def add_picture(
    batch: GlyphBatch,
    cover: np.ndarray,
    char: str,
    options: ReaderOptions,
    name: str,
    *,
    writer: str,
    split: int,
    checked: bool,
) -> None:
    """Place a picture, uint8 [h,w] with 255 = ink, as `options.placement` says; or count it as dropped."""
    if options.placement == "resize":
        image: np.ndarray | str = fill_square(cover, options.frame)
    else:
        image = place_cropped(cover, char, options.frame)
    if isinstance(image, str):
        batch.drops.add(image, name)
    else:
        batch.add(char, image, store(field_of(image)), writer=writer, split=split, checked=checked)


def place_cropped(cover: np.ndarray, char: str, frame: Frame) -> np.ndarray | str:
    """The ink of a picture, scaled to the usual size of its character and put at its usual height, centred.

    Takes and returns uint8, 255 = ink; or the reason, a few words, why it cannot be placed.
    """
    box = ink_box(cover)
    if box is None:
        return "no ink"
    left, top, right, bottom = box
    usually = extents(char)
    # the height tells the size of all but flat marks such as dashes
    if usually.height > usually.width / 2:
        scale = usually.height * frame.xheight / (bottom - top)
    else:
        scale = usually.width * frame.xheight / (right - left)
    scale *= fit_factor(char, (right - left) * scale, (bottom - top) * scale, frame)
    width, height = (right - left) * scale, (bottom - top) * scale
    x, y = (frame.size - width) / 2, anchor(char, height, frame)
    # whole frame pixels around the ink, and what they cover of the picture
    columns = slice(max(int(x) - 1, 0), min(int(x + width) + 2, frame.size))
    rows = slice(max(int(y) - 1, 0), min(int(y + height) + 2, frame.size))
    pad = int(2 / scale) + 2
    padded = np.pad(cover[top:bottom, left:right], pad)
    window = (
        (columns.start - x) / scale + pad,
        (rows.start - y) / scale + pad,
        (columns.stop - x) / scale + pad,
        (rows.stop - y) / scale + pad,
    )
    wide, high = columns.stop - columns.start, rows.stop - rows.start
    fine = Image.fromarray(padded).resize((wide * FINE, high * FINE), Image.Resampling.BICUBIC, box=window)
    share = (np.asarray(fine) >= 128).reshape(high, FINE, wide, FINE).mean(axis=(1, 3))
    image = np.zeros((frame.size, frame.size), np.uint8)
    image[rows, columns] = np.rint(share * 255)
    return image if image.any() else "ink vanishes at the frame's size"


def fill_square(cover: np.ndarray, frame: Frame) -> np.ndarray | str:
    """The whole picture scaled to the whole square, uint8 with 255 = ink."""
    image = np.asarray(Image.fromarray(cover).resize((frame.size, frame.size), Image.Resampling.BILINEAR))
    return image if image.max() >= 128 else "no ink"


def ink_cover(image: Image.Image) -> np.ndarray | str:
    """Ink of any picture, dark on light or light on dark: uint8 [h,w], 255 = ink; or the reason why there is
    none.

    What is on the picture's border is paper; the level farthest from it is full ink.
    """
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    grey = np.asarray(image.convert("L"), np.float32)
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    paper = float(np.median(border))
    low, high = float(grey.min()), float(grey.max())
    ink = low if paper - low > high - paper else high
    if abs(ink - paper) < LEAST_CONTRAST:
        return "no ink"
    cover: np.ndarray = np.clip(np.rint((grey - paper) / (ink - paper) * 255), 0, 255).astype(np.uint8)
    return cover

"""Photos and scans from files: bounded before they are decoded, upright, on white."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from handsynth.errors import InputError

MAX_PIXELS = 120_000_000
"""Larger pictures are refused before they are decoded."""

ENOUGH = 16_000_000
"""Pixels of a JPEG that are enough: it is decoded at a half, a quarter … of its size as long as so many are left."""

_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


Source = str | Path | BinaryIO
"""A picture's path, or its file, open for reading, with a `name` for messages."""


def called(source: Source) -> str:
    """The name of a source, for messages."""
    return str(source) if isinstance(source, str | Path) else str(getattr(source, "name", "the picture"))


def open_photo(source: Source, max_pixels: int = MAX_PIXELS) -> Image.Image:
    """The picture in a file, grey (L) or RGB, turned as its EXIF says, without metadata.

    Raises InputError for what is no picture, or one of more than `max_pixels`.
    """
    path = called(source)
    try:
        with nullcontext(source) if not isinstance(source, str | Path) else Path(source).open("rb") as file:
            return _opened(file, path, max_pixels)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error


def _opened(file: BinaryIO, path: str, max_pixels: int) -> Image.Image:
    file.seek(0)
    start = file.read(16)
    file.seek(0)
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        _register_heif(path)
    if start.startswith(b"%PDF"):
        raise InputError(f"{path} is a PDF; save its page as a PNG or JPEG picture first")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file) as image:
                wide, high = image.size
                if wide * high > max_pixels:
                    raise InputError(
                        f"{path} has {wide:,} x {high:,} pixels, more than {max_pixels:,}; make it smaller"
                    )
                shrink = 1
                while wide * high / (2 * shrink) ** 2 >= ENOUGH:
                    shrink *= 2
                image.draft(None, (wide // shrink, high // shrink))
                return _plain(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        if isinstance(error, Image.DecompressionBombError):
            raise InputError(f"{path} has far more than {max_pixels:,} pixels; make it smaller") from error
        raise InputError(f"{path} is no picture that can be read; give a JPEG or PNG file") from error


def _plain(image: Image.Image) -> Image.Image:
    """Grey or RGB of 8 bits, on white, with nothing attached."""
    if image.mode.startswith("I"):  # 16 bits of grey
        grey = np.asarray(image).astype(np.int64)
        image = Image.fromarray((grey >> 8 if grey.max() > 255 else grey).clip(0, 255).astype(np.uint8))
    if image.mode not in ("L", "RGB"):
        if image.mode in ("LA", "PA", "RGBA", "RGBa") or "transparency" in image.info:
            clear = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), clear)
        image = image.convert("L" if image.mode in ("1", "F") else "RGB")
    plain = image.copy()
    plain.info = {}
    return plain


def _register_heif(path: str) -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise InputError(
            f"{path} is a HEIC picture, which needs an extra: pip install 'handsynth[heic]', or save it as JPEG"
        ) from error
    register_heif_opener()

"""The one door for pictures from files: their kind, size and mode are known, and weighed, before there are pixels.

A picture is of one of a few formats, found by its first bytes; none of them starts another program. What decoding it
takes is reckoned from its head, and refused beyond `BYTES`. What is larger than needed is made smaller at once, JPEG
while it is decoded.
"""

from __future__ import annotations

import math
import warnings
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image

from handsynth.errors import InputError, install

MAX_PIXELS = 120_000_000
"""Larger pictures are refused before they are decoded."""

BYTES = 256 << 20
"""Memory that decoding a picture may take."""

ENOUGH = 8_000_000
"""Pixels that are enough of a photo: it is made a half, a quarter … as wide as long as so many are left."""

_SCANS, _SCANNED = 100, 1_000_000_000
"""Passes of a progressive JPEG over its pixels, and pixels in all passes; usual are ten."""

_TILE = 1 << 20
"""Pixels of a tile of a TIFF, unless the picture itself is larger."""

_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")

_DEPTH = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}
"""Bytes of a pixel in memory by mode (docs of Pillow, Concepts); of all others 4."""

_WEBP = 12
"""Bytes of a pixel of a WebP: its decoder keeps two canvases of four bytes, Pillow takes a third."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
"""What turns a picture upright, by the tag Orientation of Exif (2.3, table 4)."""
_ORIENTATION = 0x0112

PictureSource = str | Path | BinaryIO
"""A picture's path, or its file, open for reading, with a `name` for messages."""

PictureSize = tuple[int, int]


class TooLarge(InputError):
    """A picture has too many pixels, or takes too much memory."""


def called(source: PictureSource) -> str:
    """The name of a source, for messages."""
    return str(source) if isinstance(source, str | Path) else str(getattr(source, "name", "the picture"))


def open_picture(
    source: PictureSource,
    most: int = MAX_PIXELS,
    needed: PictureSize | None = None,
    *,
    alpha: bool = False,
    what: str = "",
) -> Image.Image:
    """The picture in a file, grey (L) or RGB on white, upright, without metadata; with `alpha` also LA or RGBA.

    It may come smaller than it is: never below the size `needed`, or, where that is None, below ENOUGH pixels. `what`
    names it in messages. Raises InputError for what is no picture of the formats known here (PNG, JPEG, WebP, TIFF,
    BMP, the first frame of a GIF, HEIF with the extra `heic`), has more than `most` pixels, or takes too much memory.
    """
    name = what or called(source)
    try:
        with nullcontext(source) if not isinstance(source, str | Path) else Path(source).open("rb") as file:
            return _read(file, name, most, needed, alpha)
    except (InputError, MemoryError):
        raise
    except OSError as error:
        if error.errno is None:
            raise _unreadable(name) from error
        raise InputError(f"cannot read {name}: {error.strerror}") from error
    except Image.DecompressionBombError as error:
        raise TooLarge(f"{name} has far more than {most:,} pixels; make it smaller") from error
    except Exception as error:  # a damaged or hostile file can make a decoder fail in any way
        raise _unreadable(name) from error


def check_size(file: BinaryIO, most: int) -> None:
    """Raises TooLarge where the picture in `file` is known to have more than `most` pixels; decodes nothing."""
    name = called(file)
    try:
        with warnings.catch_warnings(), _opened(file, name, most):
            return
    except TooLarge:
        raise
    except Image.DecompressionBombError as error:
        raise TooLarge(f"{name} has far more than {most:,} pixels; make it smaller") from error
    except Exception:  # what is no picture is refused by who reads it
        return


def _read(file: BinaryIO, name: str, most: int, needed: PictureSize | None, alpha: bool) -> Image.Image:
    with warnings.catch_warnings(), _opened(file, name, most) as image:
        shrink = _shrink(image.size, needed)
        whole = image.size
        image.draft(None, (image.width // shrink, image.height // shrink))
        _check_cost(image, whole, name)
        turn = _TURNS.get(image.getexif().get(_ORIENTATION, 1))
        image.load()
        left = _shrink(image.size, needed)
        plain = _simple(image)
        if left > 1:
            plain = plain.reduce(left)
        if not alpha and plain.mode in ("LA", "RGBA"):
            plain = _on_white(plain)
        if turn is not None:
            plain = plain.transpose(turn)
        plain.info = {}
        return plain


def _opened(file: BinaryIO, name: str, most: int) -> Image.Image:
    """The picture, of which no pixel is decoded yet, and whose size is no more than `most` pixels."""
    file.seek(0)
    start = file.read(64)
    file.seek(0)
    kind = _kind(start)
    if start.startswith(b"%PDF"):
        raise InputError(f"{name} is a PDF; save its page as a PNG or JPEG picture first")
    if kind is None:
        raise _unreadable(name)
    if kind == "HEIF":
        _register_heif(name)
    elif kind == "WEBP":
        # Pillow makes room for the pixels of a WebP as soon as it opens it
        wide, high = _webp_size(start)
        _check_pixels((wide, high), name, most)
        _check_bytes(_WEBP * wide * high, name)
    # what Pillow remarks on a picture is no matter to who gave it
    warnings.simplefilter("ignore")
    image = Image.open(file, formats=(kind,))
    _check_pixels(image.size, name, most)
    return image


def _kind(start: bytes) -> str | None:
    """Pillow's name of the format that begins so."""
    if start[4:8] == b"ftyp" and start[8:12] in _HEIC:
        return "HEIF"
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WEBP"
    heads = {
        b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG", b"BM": "BMP", b"GIF8": "GIF", b"II*\0": "TIFF",
        b"MM\0*": "TIFF",
    }  # fmt: skip
    return next((kind for head, kind in heads.items() if start.startswith(head)), None)


def _webp_size(start: bytes) -> PictureSize:
    """Of the canvas (RFC 9649, 2.5 to 2.7)."""
    chunk, data = start[12:16], start[20:]
    if chunk == b"VP8X":
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def _check_pixels(size: PictureSize, name: str, most: int) -> None:
    wide, high = size
    if wide * high > most:
        raise TooLarge(f"{name} has {wide:,} x {high:,} pixels, more than {most:,}; make it smaller")


def _check_cost(image: Image.Image, whole: PictureSize, name: str) -> None:
    """Raises InputError where decoding takes too much memory or time. `whole`: the size before any draft."""
    pixels, kind = image.width * image.height, image.format
    cost = _DEPTH.get(image.mode, 4) * pixels
    if kind == "HEIF":
        cost = 5 * pixels  # the planes of its decoder, and Pillow's copy
    elif kind == "TIFF":
        cost *= 2  # a strip may be as large as the picture
        wide, high = (image.tag_v2.get(tag, 0) for tag in (322, 323))  # type: ignore[attr-defined]
        if wide * high > max(pixels, _TILE):
            raise _unreadable(name)
    elif "progressive" in image.info:
        # all coefficients are held, of 16 bits, however small the picture becomes
        cost += 2 * len(image.getbands()) * whole[0] * whole[1]
        scans = _scans(image)
        if scans > _SCANS or scans * whole[0] * whole[1] > _SCANNED:
            raise InputError(f"{name} is built in {scans:,} passes; save it again as a plain JPEG")
    # it is made into one of the usual modes
    if image.mode in ("1", "F") or image.mode.startswith("I"):
        cost += pixels
    elif image.mode not in ("L", "LA", "RGB", "RGBA"):
        cost += 4 * pixels
    _check_bytes(cost, name)


def _check_bytes(cost: int, name: str) -> None:
    if cost > BYTES:
        raise TooLarge(f"{name} would take {cost >> 20:,} MB of memory, more than {BYTES >> 20}; make it smaller")


def _scans(image: Image.Image) -> int:
    """Passes of a JPEG: the marker SOS (ITU T.81, B.1.1.3) stands nowhere in the data between them."""
    file: BinaryIO = image.fp  # type: ignore[attr-defined]
    at, count, last = file.tell(), 0, b""
    file.seek(0)
    while block := file.read(1 << 20):
        count += (last + block).count(b"\xff\xda")
        last = block[-1:]
    file.seek(at)
    return count


def _shrink(size: PictureSize, needed: PictureSize | None) -> int:
    """The greatest power of two by which a picture may be made smaller."""
    wide, high = size
    share = math.sqrt(wide * high / ENOUGH) if needed is None else min(wide / needed[0], high / needed[1])
    return 1 << max(0, math.floor(math.log2(share)))


def _simple(image: Image.Image) -> Image.Image:
    """As L, LA, RGB or RGBA of 8 bits."""
    if image.mode.startswith("I"):
        return _grey(image)
    if image.mode in ("RGBa", "La", "PA") or "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("L", "LA", "RGB", "RGBA"):
        return image
    return image.convert("L" if image.mode in ("1", "F") else "RGB")


def _grey(image: Image.Image) -> Image.Image:
    """Of 16 bits of grey the upper 8, strip by strip; of whole numbers up to 255 these."""
    strips = [(0, top, image.width, min(top + 256, image.height)) for top in range(0, image.height, 256)]
    fine = max(int(np.asarray(image.crop(strip)).max()) for strip in strips) > 255
    grey = Image.new("L", image.size)
    for strip in strips:
        values = np.asarray(image.crop(strip))
        grey.paste(Image.fromarray((values >> 8 if fine else values).clip(0, 255).astype(np.uint8)), strip)
    return grey


def _on_white(image: Image.Image) -> Image.Image:
    clear = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), clear).convert("RGB")


def _register_heif(name: str) -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise InputError(
            f"{name} is a HEIC picture, which needs an extra: {install('heic')}, or save it as JPEG"
        ) from error
    register_heif_opener()


def _unreadable(name: str) -> InputError:
    return InputError(f"{name} is no picture that can be read; give a JPEG or PNG file")

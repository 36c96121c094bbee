"""The sheet that ink is laid on in pixel files: its colour or picture, its grain, and what is printed on it."""

from __future__ import annotations

import io
import math
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageOps

from handsynth import noise
from handsynth.errors import InputError
from handsynth.formats import marks
from handsynth.formats.inks import by_ink
from handsynth.formats.look import Look
from handsynth.formats.pictures import open_picture
from handsynth.layout.page import Page
from handsynth.units import MM_PER_INCH, RGBA

_DARKEST = 0.2
_TILE_MM = 60.0


def plain(page: Page, look: Look) -> bool:
    """Whether the sheet is one even colour."""
    return not (len(page.ruling.lines) or len(page.ruling.dots) or look.grain or look.background is not None)


def sheet(page: Page, look: Look, size: tuple[int, int]) -> Image.Image:
    """The sheet of `page`, before anybody writes on it: grey, RGB, or RGBA if it is not opaque.

    Grey only where the ink is grey, too. Raises InputError for a background that is no picture.
    """
    if look.background is not None:
        image = background(look.background, size).copy()
    else:
        inks, ruling = [ink.colour for ink in by_ink(page, look)], page.ruling
        inks += [ink.colour for ink in by_ink(page.behind, look)] if page.behind else []
        used = [*inks, look.paper, *ruling.line_colours, *([ruling.dot_colour] if len(ruling.dots) else [])]
        if look.paper[3] < 255:
            # where nothing is, the colour of the ink: enlarging such a picture must not grow a dark rim
            image = Image.new("RGBA", size, look.paper if look.paper[3] else (*inks[0][:3], 0))
        elif all(red == green == blue for red, green, blue, _ in used):
            image = Image.new("L", size, look.paper[0])
        else:
            image = Image.new("RGB", size, look.paper[:3])
    if look.grain and (look.background is not None or look.paper[3]):
        image = ImageChops.multiply(image, _grain(page, look, size).convert(image.mode))
    return _printed(image, page, look)


def lay(image: Image.Image, colour: RGBA, covered: np.ndarray) -> Image.Image:
    """`image` with a colour over it where `covered` uint8 [h,w] says so; it may be changed in place."""
    mask = Image.fromarray(covered)
    if colour[3] < 255:
        mask = mask.point([(value * colour[3] + 127) // 255 for value in range(256)])
    if image.mode == "RGBA":
        layer = Image.new("RGBA", image.size, (*colour[:3], 0))
        layer.putalpha(mask)
        return Image.alpha_composite(image, layer)
    image.paste(colour[0] if image.mode == "L" else colour[:3], mask=mask)
    return image


def _printed(image: Image.Image, page: Page, look: Look) -> Image.Image:
    ruling = page.ruling
    of_colour: dict[RGBA, list[int]] = {}
    for i, colour in enumerate(ruling.line_colours):
        of_colour.setdefault(colour, []).append(i)
    for colour, chosen in of_colour.items():
        mask = np.zeros((image.height, image.width), np.uint8)
        marks.lines(mask, ruling.lines[chosen] * look.xheight)
        image = lay(image, colour, mask)
    if len(ruling.dots):
        mask = np.zeros((image.height, image.width), np.uint8)
        marks.dots(mask, ruling.dots * look.xheight)
        image = lay(image, ruling.dot_colour, mask)
    return image


def background(path: str | bytes, size: tuple[int, int]) -> Image.Image:
    """The picture file `path`, or with these bytes, upright, as RGB, filling `size` (what is left over is cut off).

    Raises InputError.
    """
    if isinstance(path, bytes):
        return _background(path, 0, size)
    try:
        changed = Path(path).stat().st_mtime_ns
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read the background {path!r}: {reason}; give a picture file") from error
    return _background(path, changed, size)


@lru_cache(maxsize=2)
def _background(path: str | bytes, changed: int, size: tuple[int, int]) -> Image.Image:
    needed = 2 * max(size), 2 * max(size)
    source, name = (
        (io.BytesIO(path), "the background") if isinstance(path, bytes) else (path, f"the background {path!r}")
    )
    picture = open_picture(source, needed=needed, what=name)
    return ImageOps.fit(picture.convert("RGB"), size, Image.Resampling.LANCZOS)


def _grain(page: Page, look: Look, size: tuple[int, int]) -> Image.Image:
    """How bright the paper is, grey, 255 = as bright as its colour; another part of it on every page."""
    bright = 255 * (1 - look.grain * np.clip(0.035 + 0.022 * _tile(page, look), 0, _DARKEST))
    return Image.fromarray(_laid((bright + 0.5).astype(np.uint8), page, size))


def fibres(page: Page, look: Look, size: tuple[int, int]) -> np.ndarray:
    """How dense the paper is at each pixel, float32 [h,w], standardised; the grain of the sheet is the same."""
    return _laid(_tile(page, look), page, size)


def _tile(page: Page, look: Look) -> np.ndarray:
    per_mm = look.dpi / MM_PER_INCH
    return _fibres(page.seed, min(768, max(96, round(_TILE_MM * per_mm))), per_mm)


def _laid(tile: np.ndarray, page: Page, size: tuple[int, int]) -> np.ndarray:
    """A square `tile` over a picture of `size` (width, height), moved by what the page's number says."""
    side = len(tile)
    shift = noise.words(page.seed, "paper", np.array([noise.key_of("grain", page.number)], np.uint64), 2)[0] % side
    repeats = math.ceil(size[1] / side), math.ceil(size[0] / side)
    return np.tile(np.roll(tile, shift.tolist(), axis=(0, 1)), repeats)[: size[1], : size[0]]


@lru_cache(maxsize=2)
def _fibres(seed: int, side: int, per_mm: float) -> np.ndarray:
    """Seamless darkness of paper float32 [side,side], standardised: fibres, clouds, and the tooth of the surface."""
    keys = np.array([noise.key_of("paper", part) for part in ("tooth", "cloud")], np.uint64)
    tooth, cloud = noise.normals(seed, "paper", keys, side * side).reshape(2, side, side)
    count = int(0.8 * (side / per_mm) ** 2) + 8
    drawn = noise.normals(seed, "paper", np.array([noise.key_of("fibre", i) for i in range(count)], np.uint64), 4)
    spot = noise.uniforms(seed, "paper", np.array([noise.key_of("spot", i) for i in range(count)], np.uint64), 3)
    steps = max(8, int(3 * per_mm))
    way = np.linspace(-1, 1, steps)[None]
    angle = 2 * np.pi * spot[:, 2:] + 0.8 * drawn[:, :1] * way
    length = (1.4 + 0.4 * drawn[:, 1:2]) * per_mm / steps
    x = (spot[:, :1] * side + np.cumsum(length * np.cos(angle), axis=1)).astype(np.int64) % side
    y = (spot[:, 1:2] * side + np.cumsum(length * np.sin(angle), axis=1)).astype(np.int64) % side
    fibre = np.zeros((side, side))
    np.add.at(fibre, (y, x), np.broadcast_to(drawn[:, 2:3] * (1 - way**2), x.shape))
    parts = _blurred(tooth, 0.06 * per_mm), _blurred(cloud, 1.2 * per_mm), _blurred(fibre, 0.05 * per_mm)
    whole = sum(share * (part - part.mean()) / part.std() for share, part in zip((0.65, 0.3, 0.7), parts, strict=True))
    result = np.asarray(whole, np.float32)
    result.setflags(write=False)
    return result


def _blurred(image: np.ndarray, radius: float) -> np.ndarray:
    """`image` [s,s] smoothed by about `radius` px, its edges meeting round the back."""
    for axis in (0, 1):
        for reach in (radius, radius * 0.7):
            whole = int(reach)
            # a box of 2 radius + 1 px, its outermost pixels in part
            total = image + (reach - whole) * (np.roll(image, whole + 1, axis) + np.roll(image, -whole - 1, axis))
            for offset in range(1, whole + 1):
                total = total + np.roll(image, offset, axis) + np.roll(image, -offset, axis)
            image = total
    return image

"""A sheet as a scanner or a telephone sees it, and where each of its points is in that picture.

The sheet is flat, so a homography says where (Hartley, Zisserman: "Multiple View Geometry", 2nd ed., chapter 2).
What happens hangs on the seed and the page's number alone.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from handsynth import noise
from handsynth.errors import InputError
from handsynth.formats.look import CAMERAS, Look
from handsynth.homography import homography, project
from handsynth.layout.page import Page

_TILE = 384
"""Side of the square of noise that is laid over the picture again and again."""

_EDGE = 3
"""Pixels by which a sheet is widened before it is cut out."""

_LONGEST = 65_500
"""Side of a JPEG, in px (libjpeg's JPEG_MAX_DIMENSION)."""

_COARSE = 16
"""Light and shadow are reckoned in steps of so many pixels."""

_BORDER = 0.07
"""What a photograph shows of the table on each side, as a share of the sheet's mean side."""

_TABLES = (112, 78, 52), (146, 108, 74), (84, 86, 90), (176, 170, 160), (60, 52, 48)


@dataclass(frozen=True, eq=False)
class Geometry:
    """Where the points of a sheet are in its picture, both in px from their upper left corners."""

    matrix: np.ndarray
    """float64 [3,3]: homography from the sheet to the picture."""
    size: tuple[int, int]
    """Width and height of the picture."""

    def map(self, points: np.ndarray) -> np.ndarray:
        """Points float64 [n,2] (x, y) of the sheet in the picture."""
        return project(self.matrix, np.asarray(points, np.float64))


def camera_geometry(page: Page, look: Look) -> Geometry:
    """Where a picture of `page` by `look` shows its points, as scanned or photographed.

    Multiply the page's x-heights by `look.xheight` to get px of the sheet; `matrix` takes them to px of the picture.
    """
    from handsynth.formats.look import size

    return place(size(page, look), look.camera, page.seed, page.number, look.camera_strength)


def place(size: tuple[int, int], kind: str, seed: int, number: int, strength: float = 1.0) -> Geometry:
    """Where a sheet of `size` (width, height) px comes to lie. `kind` is one of CAMERAS, or empty for no camera."""
    if not kind or not strength:
        return Geometry(np.eye(3), size)
    _check(kind)
    drawn = noise.normals(seed, "paper", _key(kind, number), 12)[0].astype(np.float64)
    drawn = np.clip(drawn, -2, 2)
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    middle = np.array([width, height]) / 2
    if kind == "scanned":
        turned = _turned(corners - middle, math.radians(0.35 * strength * drawn[0]))
        return Geometry(homography(corners, turned + middle + strength * 0.002 * width * drawn[1:3]), size)
    mean = math.sqrt(width * height)
    border = round(min(1.0, strength) * _BORDER * mean)
    # each corner moves by itself: the camera is not held quite above the sheet
    moved = _turned(corners - middle, math.radians(0.9 * strength * drawn[0]))
    moved += 0.009 * strength * mean * drawn[1:9].reshape(4, 2)
    low, high = moved.min(axis=0), moved.max(axis=0)
    full = (math.ceil(width + 2 * border), math.ceil(height + 2 * border))
    room = np.array(full) - 0.5 * border
    # the whole sheet stays in the picture
    moved = (moved - (low + high) / 2) * min(1.0, float((room / (high - low)).min())) + np.array(full) / 2
    return Geometry(homography(corners, moved), full)


def look(image: Image.Image, kind: str, seed: int, number: int, strength: float = 1.0) -> tuple[Image.Image, Geometry]:
    """The opaque picture `image` of a sheet, scanned or photographed, and where its points are now.

    `strength` 0 (nothing changes) … 2. A grey sheet stays grey when it is scanned. Raises InputError for an unknown
    `kind`.
    """
    where = place(image.size, kind, seed, number, strength)
    if not kind or not strength:
        return image, where
    return (_scanned if kind == "scanned" else _photographed)(image, where, seed, number, strength), where


def _scanned(image: Image.Image, where: Geometry, seed: int, number: int, strength: float) -> Image.Image:
    keys = _key("scan", number)
    chance = noise.uniforms(seed, "paper", keys, 8)[0].astype(float).tolist()
    bed = 246 - int(8 * chance[0])
    image = _warped(image, where, Image.new(image.mode, where.size, bed if image.mode == "L" else (bed, bed, bed)))[0]
    width, height = image.size
    # the lid lets some light in at one edge, and the glass is a little darker along the way
    x, y = _coarse(width, height)
    side = int(chance[1] * 4)
    away = (x, width - x, y, height - y)[side] / (width if side < 2 else height)
    shade = 0.075 * np.exp(-away / (0.03 + 0.05 * chance[2])) + 0.018 * (x / width * chance[3] + y / height * chance[4])
    image = _lit(image, 1 - strength * shade[..., None])
    # paper a little below white, ink a little above black
    low, high = 9 * strength * chance[5], 255 - strength * (3 + 5 * chance[6])
    curve = [round(low + (high - low) * _contrast(value / 255, 0.12 * strength)) for value in range(256)]
    image = image.point(curve * len(image.getbands()))
    image = image.filter(ImageFilter.GaussianBlur(0.35 * strength))
    image = _noisy(image, 1.5 * strength, 0.0, seed, number)
    return _compressed(image, round(92 - 14 * strength * chance[7]))


def _photographed(image: Image.Image, where: Geometry, seed: int, number: int, strength: float) -> Image.Image:
    chance = noise.uniforms(seed, "paper", _key("photo", number), 16)[0].astype(float).tolist()
    width, height = where.size
    # all pages lie on the same table
    wood = noise.uniforms(seed, "paper", _key("table", 0), 1)[0, 0]
    table = _table(where.size, seed, number, _TABLES[int(wood * len(_TABLES))])
    picture, mask = _warped(image.convert("RGB"), where, table)
    # the sheet throws a soft shadow on the table
    reach = 0.006 * math.sqrt(width * height)
    small = mask.resize((max(1, width // 4), max(1, height // 4)), Image.Resampling.BOX)
    dark = small.filter(ImageFilter.GaussianBlur(reach / 4)).resize(where.size, Image.Resampling.BILINEAR)
    dark = ImageChops.offset(dark, round(reach * (chance[1] - 0.3)), round(reach * 0.7))
    dark = dark.point([255 - round(0.55 * value) for value in range(256)])
    picture = Image.composite(picture, ImageChops.multiply(picture, Image.merge("RGB", (dark, dark, dark))), mask)

    x, y = _coarse(width, height)
    u, v = x / width - 0.5, y / height - 0.5
    towards = 2 * math.pi * chance[2]
    slope = (0.10 + 0.10 * chance[3]) * (u * math.cos(towards) + v * math.sin(towards))
    light = 0.97 + slope - 0.12 * (u * u + v * v) / 0.5
    # somebody's arm or head stands in the light
    side = towards + math.pi + 0.9 * (chance[4] - 0.5)
    away = (u + 0.12 * np.sin(5 * v + 6 * chance[5])) * math.cos(side) + v * math.sin(side) - 0.27 - 0.15 * chance[6]
    light *= 1 - (0.08 + 0.1 * chance[7]) / (1 + np.exp(-away / (0.03 + 0.04 * chance[8])))
    warm = np.array([1.0, 0.978 - 0.013 * chance[9], 0.935 - 0.06 * chance[9]])
    gain = np.clip(light[..., None] * warm, 0.2, 1.05)
    picture = _lit(picture, 1 + min(1.0, strength) * (gain - 1) + max(0.0, strength - 1) * (gain - gain.mean()) * 0.5)
    picture = picture.filter(ImageFilter.GaussianBlur(strength * (0.45 + 0.25 * chance[10])))
    picture = _noisy(picture, 2.4 * strength, 1.4 * strength, seed, number)
    return _compressed(picture, round(88 - 16 * strength * chance[11]))


def _warped(image: Image.Image, where: Geometry, behind: Image.Image) -> tuple[Image.Image, Image.Image]:
    """`image` where it comes to lie, before `behind`, and the mask of what it covers."""
    # its edges go on for a few pixels, so that they can be cut smoothly afterwards
    array = np.asarray(image)
    wider = Image.fromarray(np.pad(array, [(_EDGE, _EDGE), (_EDGE, _EDGE), (0, 0)][: array.ndim], mode="edge"))
    back = np.array([[1, 0, _EDGE], [0, 1, _EDGE], [0, 0, 1]]) @ np.linalg.inv(where.matrix)
    data = (back / back[2, 2]).ravel()[:8].tolist()
    moved = wider.transform(where.size, Image.Transform.PERSPECTIVE, data, Image.Resampling.BICUBIC)
    mask = _mask(image.size, where)
    return Image.composite(moved, behind, mask), mask


def _mask(size: tuple[int, int], where: Geometry) -> Image.Image:
    """How much of each pixel of the picture the sheet covers: as far as it lies inside all of its edges."""
    corners = where.map(np.array([[0, 0], [size[0], 0], size, [0, size[1]]])).astype(np.float32)
    inside = np.ones((where.size[1], where.size[0]), np.float32)
    x = np.arange(where.size[0], dtype=np.float32) + np.float32(0.5)
    y = np.arange(where.size[1], dtype=np.float32)[:, None] + np.float32(0.5)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        length = np.hypot(x1 - x0, y1 - y0)
        np.minimum(
            inside, (y - y0) * ((x1 - x0) / length) - (x - x0) * ((y1 - y0) / length) + np.float32(0.5), out=inside
        )
    return Image.fromarray((np.clip(inside, 0, 1) * np.float32(255) + np.float32(0.5)).astype(np.uint8))


def _lit(image: Image.Image, gain: np.ndarray) -> Image.Image:
    """`image` times `gain` [h,w,1 or 3] on a coarse grid, 0 … 2."""
    bands = image.split()
    result = []
    for i, band in enumerate(bands):
        coarse = Image.fromarray(gain[..., min(i, gain.shape[2] - 1)].astype(np.float32))
        fine = np.asarray(coarse.resize(image.size, Image.Resampling.BICUBIC))
        result.append(Image.fromarray(np.clip(np.asarray(band) * fine + np.float32(0.5), 0, 255).astype(np.uint8)))
    return result[0] if len(bands) == 1 else Image.merge(image.mode, result)


def _coarse(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Middles x [1,w] and y [h,1] of the coarse grid over a picture, in px."""
    columns, rows = max(4, math.ceil(width / _COARSE)), max(4, math.ceil(height / _COARSE))
    return (np.arange(columns)[None] + 0.5) * width / columns, (np.arange(rows)[:, None] + 0.5) * height / rows


def _noisy(image: Image.Image, grey: float, colour: float, seed: int, number: int) -> Image.Image:
    """`image` with the noise of a sensor: of standard deviation `grey` for all colours, and `colour` for each."""
    drawn = noise.normals(seed, "paper", _key("noise", number), _TILE * _TILE).reshape(_TILE, _TILE)
    # neighbouring pixels of a sensor share some of it
    drawn = (drawn + 0.5 * np.roll(drawn, 1, 1) + 0.5 * np.roll(drawn, 1, 0)) / np.float32(math.sqrt(1.5))
    repeats = math.ceil(image.height / _TILE), math.ceil(image.width / _TILE)
    result = []
    for i, band in enumerate(image.split()):
        tile = grey * drawn + (colour * np.roll(drawn, (67 * (i + 1), 131 * (i + 1)), (0, 1)) if colour else 0)
        over = np.tile(np.rint(tile).astype(np.int16), repeats)[: image.height, : image.width]
        over += np.asarray(band)
        result.append(Image.fromarray(np.clip(over, 0, 255).astype(np.uint8)))
    return result[0] if len(result) == 1 else Image.merge(image.mode, result)


def _compressed(image: Image.Image, quality: int) -> Image.Image:
    """After a round trip through JPEG, where that can hold it."""
    if max(image.size) > _LONGEST:
        return image
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, subsampling=2)
    with Image.open(buffer, formats=("JPEG",)) as again:
        again.load()
        return again.copy()


def _table(size: tuple[int, int], seed: int, number: int, colour: tuple[int, int, int]) -> Image.Image:
    """A table top: streaks along one side, as of wood."""
    drawn = noise.normals(seed, "paper", _key("table", number), 48 * 12 + 96 * 3)[0]
    broad = Image.fromarray(drawn[: 48 * 12].reshape(48, 12)).resize(size, Image.Resampling.BICUBIC)
    narrow = Image.fromarray(drawn[48 * 12 :].reshape(96, 3)).resize(size, Image.Resampling.BICUBIC)
    bright = 1 + 0.05 * np.asarray(broad) + 0.035 * np.asarray(narrow)
    bands = [Image.fromarray(np.clip(value * bright, 0, 255).astype(np.uint8)) for value in colour]
    return Image.merge("RGB", bands)


def _contrast(value: float, amount: float) -> float:
    """A gentle S curve of 0 … 1."""
    return value + amount * (value * value * (3 - 2 * value) - value)


def _turned(points: np.ndarray, angle: float) -> np.ndarray:
    cos, sin = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]))


def _key(what: str, number: int) -> np.ndarray:
    return np.array([noise.key_of("camera", what, number)], np.uint64)


def _check(kind: str) -> None:
    if kind not in CAMERAS:
        raise InputError(f"the camera {kind!r} is unknown; use one of {', '.join(CAMERAS)}, or none")

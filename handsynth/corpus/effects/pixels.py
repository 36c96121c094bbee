"""What several effects do to pixels, quickly."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageChops

from handsynth.arrays import Floats, Pixels

F32 = np.float32


def curved(image: np.ndarray, curve: np.ndarray) -> np.ndarray:
    """`image` uint8 through `curve` [256], or [256,3], which makes colours of greys."""
    table = np.clip(curve + 0.5, 0, 255).astype(np.uint8)
    if table.ndim == 1:
        return np.asarray(table[image])
    bands = [image] * 3 if image.ndim == 2 else [image[..., band] for band in range(3)]
    return np.stack([table[:, band][bands[band]] for band in range(3)], axis=2)


def darkened(image: np.ndarray, shade: np.ndarray) -> np.ndarray:
    """`image` times `shade` uint8 [h,w] or [h,w,3], 255 = as it was; grey or coloured as the more coloured of both."""
    over, under = Image.fromarray(np.ascontiguousarray(shade)), Image.fromarray(np.ascontiguousarray(image))
    if over.mode != under.mode:
        over, under = over.convert("RGB"), under.convert("RGB")
    return np.asarray(ImageChops.multiply(under, over))


def gained(image: Pixels, gain: Floats) -> Pixels:
    """`image` times `gain` float32 [h,w], or [1,w] or [h,1]."""
    product = image * (gain if image.ndim == 2 else gain[..., None])
    return np.clip(product + F32(0.5), 0, 255).astype(np.uint8)


def inked(image: Pixels, share: Floats) -> Pixels:
    """`image` with only a `share` float32 [h,w] (or as for `gained`) of its darkness left."""
    dark = (255 - image) * (share if image.ndim == 2 else share[..., None])
    return (F32(255.5) - dark).astype(np.uint8)


def darkest(image: Pixels) -> Pixels:
    """Each pixel's darkest colour, uint8 [h,w]."""
    if image.ndim == 2:
        return image
    return np.minimum(np.minimum(image[..., 0], image[..., 1]), image[..., 2])


def blurred(image: np.ndarray, radius: float) -> np.ndarray:
    """`image` after a Gaussian of `radius` px, in whole numbers; its edges go on outside."""
    reach = int(2.5 * radius) + 1
    bell = np.exp(-0.5 * (np.arange(1, reach + 1) / max(radius, 1e-3)) ** 2)
    sides = [np.uint16(weight) for weight in np.rint(256 * bell / (1 + 2 * bell.sum()))]
    middle = np.uint16(256 - 2 * sum(map(int, sides)))
    for axis in (0, 1):
        around = [(reach, reach) if axis == at else (0, 0) for at in range(image.ndim)]
        wide = np.moveaxis(np.pad(image, around, mode="edge").astype(np.uint16), axis, 0)
        size = image.shape[axis]
        total = wide[reach : reach + size] * middle
        for step, weight in enumerate(sides, 1):
            if weight:
                total += (wide[reach - step : reach - step + size] + wide[reach + step : reach + step + size]) * weight
        image = np.moveaxis(((total + np.uint16(128)) >> np.uint16(8)).astype(np.uint8), 0, axis)
    return image


def field(values: np.ndarray, height: int, width: int) -> np.ndarray:
    """A coarse grid of numbers [m,n] as a smooth surface float32 [height,width]."""
    coarse = Image.fromarray(values.astype(F32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))


def grid(height: int, width: int, step: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Middles x float32 [1,n] and y [m,1], in px, of the cells of a coarse grid, of about `step` px, over a picture."""
    columns, rows = max(3, -(-width // step)), max(3, -(-height // step))
    x = (np.arange(columns, dtype=F32)[None] + F32(0.5)) * F32(width / columns)
    y = (np.arange(rows, dtype=F32)[:, None] + F32(0.5)) * F32(height / rows)
    return x, y


def neighbours(image: np.ndarray, darkest: bool) -> np.ndarray:
    """The darkest (or lightest) of each pixel and the four beside it, uint8 like `image`."""
    best = np.minimum if darkest else np.maximum
    result = image.copy()
    best(result[1:], image[:-1], out=result[1:])
    best(result[:-1], image[1:], out=result[:-1])
    best(result[:, 1:], image[:, :-1], out=result[:, 1:])
    best(result[:, :-1], image[:, 1:], out=result[:, :-1])
    return result


def blended(image: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """`image` with a share 0 … 1 of another one of its size."""
    return np.asarray(Image.blend(Image.fromarray(image), Image.fromarray(other), share))

"""Made-up photos of one line of writing, with what is in them: all depends on the seed alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from handsynth.api import typeset
from handsynth.drawing.resolve import resolve
from handsynth.formats.look import Look
from handsynth.formats.raster import paint
from handsynth.layout.page import Page
from handsynth.layout.setting import NEAT
from handsynth.layout.spacing import DEFAULT_GAP
from handsynth.learning.place import framed
from handsynth.model.model import Model


@dataclass(frozen=True)
class Scene:
    """How a line is photographed."""

    xheight: float = 40.0
    """px."""
    angle: float = 0.0
    """Degrees, counter-clockwise."""
    blur: float = 0.8
    """px, standard deviation."""
    noise: float = 3.0
    slope: float = 0.2
    """How much darker one side is than the other."""
    quality: int = 85
    paper: tuple[int, int, int] = (238, 236, 228)
    ink: tuple[int, int, int] = (30, 36, 90)
    ruled: float = 0.0
    """x-heights between rules across; none for 0."""
    squared: bool = False
    """Rules down as well."""
    rule: tuple[int, int, int] = (140, 165, 205)
    desk: tuple[int, int, int] | None = None
    """What the paper lies on, where that is in view."""


def scene(seed: int, **changes) -> Scene:
    """A scene drawn by chance."""
    rng = np.random.default_rng([seed, 11])
    dark = rng.random() < 0.15
    drawn = Scene(
        xheight=rng.uniform(16, 90),
        angle=rng.normal(0, 2.5),
        blur=rng.uniform(0.3, 1.0),
        noise=rng.uniform(0, 6),
        slope=rng.uniform(0, 0.5),
        quality=int(rng.integers(60, 95)),
        paper=(30, 46, 38) if dark else tuple(int(v) for v in rng.integers(200, 255, 3)),
        ink=(230, 230, 220) if dark else tuple(int(v) for v in rng.integers(10, 90, 3)),
    )
    return replace(drawn, **changes)


def photograph(page: Page, path: Path, scene: Scene, seed: int = 0) -> Path:
    """Write a photo of a page at `path`."""
    rng = np.random.default_rng([seed, 12])
    image = paint(page, Look(scene.xheight, 300.0, (*scene.ink, 255), (*scene.paper, 255))).convert("RGB")
    if scene.ruled:
        image = _ruled(image, scene)
    ground = scene.desk or scene.paper
    if scene.desk:
        wide, high = (round(0.15 * side) for side in image.size)
        on = Image.new("RGB", (image.width + 2 * wide, image.height + 2 * high), ground)
        on.paste(image, (wide, high))
        image = on
    image = image.rotate(scene.angle, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
    # blur grows with the letters, as in a photo from nearer by
    image = image.filter(ImageFilter.GaussianBlur(scene.blur * scene.xheight / 20))
    array = np.asarray(image, np.float32)
    x, y = np.meshgrid(np.linspace(0, 1, array.shape[1]), np.linspace(0, 1, array.shape[0]))
    turn = rng.uniform(0, 2 * np.pi)
    light = 1 - scene.slope * np.clip(0.5 + 0.5 * (np.cos(turn) * (2 * x - 1) + np.sin(turn) * (2 * y - 1)), 0, 1)
    array = array * light[..., None] + rng.normal(0, scene.noise, array.shape)
    Image.fromarray(np.clip(array, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=scene.quality)
    return path


def _ruled(image: Image.Image, scene: Scene) -> Image.Image:
    """Paper with rules, on which ink is where it was; more paper around, as on a sheet."""
    step = scene.ruled * scene.xheight
    side = round(1.2 * step)
    wide = Image.new("RGB", (image.width + 2 * side, image.height + 2 * side), scene.paper)
    sheet = wide.copy()
    wide.paste(image, (side, side))
    pen = ImageDraw.Draw(sheet)
    width = max(1, round(0.07 * scene.xheight))
    for y in np.arange(0.3 * step, sheet.height, step).tolist():
        pen.line([0, y, sheet.width, y], fill=scene.rule, width=width)
    for x in np.arange(0.7 * step, sheet.width, step).tolist() if scene.squared else []:
        pen.line([x, 0, x, sheet.height], fill=scene.rule, width=width)
    return ImageChops.darker(wide, sheet)


def written(model: Model, text: str, hand: str, seed: int, uneven: float = NEAT, **how) -> Page:
    """A line in letters that do not touch, as somebody writes who takes care."""
    careful = replace(resolve(model, hand, seed), unevenness=uneven)
    return typeset(text, model=model, hand=careful, seed=seed, **{"joined": 0, "gap": DEFAULT_GAP} | how)


def truth(page: Page) -> np.ndarray:
    """The letters of a page of one line, uint8 [n,H,H], centred left to right, as high as they stand on it."""
    images = np.rint(page.glyphs.ink() * 255).astype(np.uint8)
    base = page.frame.baseline + page.frame.xheight * strayed(page)
    return np.stack([framed(image, 1.0, at, page.frame)[0] for image, at in zip(images, base.tolist(), strict=True)])


def strayed(page: Page) -> np.ndarray:
    """How far the letters of a page of one line stand above the straight line through their feet, x-heights [n]."""
    rise = page.baselines[page.line] - page.y
    if len(page) < 3:
        return rise - rise.mean()
    return rise - np.polyval(np.polyfit(page.x, rise, 1), page.x)


def agreement(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union float64 [n] of ink uint8 [n,H,H], by coverage."""
    one, other = images.astype(np.float64), others.astype(np.float64)
    return np.minimum(one, other).sum(axis=(1, 2)) / np.maximum(one, other).sum(axis=(1, 2))

"""Made-up photos of filled forms: glyphs are written into the boxes, and the sheet is photographed or scanned.

All depends on the seed alone, and what is in which box is known.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from handsynth.homography import homography
from handsynth.learning.form import Form
from handsynth.learning.printing import draw, picture

INKS = (22, 22, 26), (30, 44, 120), (18, 24, 66), (70, 70, 74)


@dataclass(frozen=True)
class Scene:
    """How a sheet is photographed; lengths in shares of the picture's shorter side unless said otherwise."""

    size: tuple[int, int] = (3000, 4000)
    per_mm: float = 12.0
    """px in which the sheet is printed."""
    fill: float = 0.9
    """How much of the picture the sheet fills."""
    angle: float = 0.0
    """Degrees beside the quarter turns."""
    turns: int = 0
    """Quarter turns."""
    tilt: float = 0.03
    """How much nearer one side is to the camera."""
    bend: float = 0.0
    """mm by which the middle of the sheet is off its place."""
    blur: float = 1.0
    """px, standard deviation."""
    shadow: float = 0.2
    """How much darker a shadow is."""
    slope: float = 0.2
    """How much darker one side is than the other."""
    noise: float = 3.0
    quality: int = 85
    grey: bool = False
    """A scan without colours."""
    desk: tuple[int, int, int] = (120, 88, 60)
    things: int = 3
    """Other things that lie about."""
    hidden: int | None = None
    """A corner (clockwise from the upper left) that is out of sight."""
    ink: tuple[int, int, int] = INKS[0]
    guide: float = 1.0
    """How dark the guides are printed."""
    ruled: float = 0.0
    """mm between the rules of the paper; none for 0."""
    squared: bool = False
    """Rules down as well."""
    lean: float = 0.0
    """Degrees by which the rules are off the form."""
    grain: float = 0.0
    """How unevenly the ink lies, as a pencil's does."""
    copied: tuple[tuple[Image.Image, float], ...] = ()
    """What is written on the lines to copy: ink (L) at `per_mm`, and the row of its baseline."""


@dataclass
class Photo:
    """A picture and what it shows."""

    image: Image.Image
    form: Form
    page: int
    matrix: np.ndarray
    """From mm to px, without the bend."""
    truth: dict[int, np.ndarray] = field(default_factory=dict)
    """Of each box that was written in, the ink uint8 [H,H] in the frame as it was written, before it was centred."""


def scene(seed: int, **changes) -> Scene:
    """A scene drawn by chance."""
    rng = np.random.default_rng([seed, 1])
    wide = rng.random() < 0.2
    drawn = {
        "size": (4000, 3000) if wide else (3000, 4000),
        "fill": rng.uniform(0.78, 0.97),
        "angle": rng.normal(0, 4),
        "turns": int(rng.integers(4)) if not wide else int(rng.choice([1, 3])),
        "tilt": rng.uniform(0, 0.12),
        "bend": rng.normal(0, 1.2),
        "blur": rng.uniform(0.5, 2.2),
        "shadow": rng.uniform(0, 0.45),
        "slope": rng.uniform(0, 0.4),
        "noise": rng.uniform(1, 7),
        "quality": int(rng.integers(55, 95)),
        "desk": tuple(int(value) for value in rng.integers(30, 210, 3)),
        "things": int(rng.integers(0, 5)),
        "ink": INKS[int(rng.integers(len(INKS)))],
        "guide": rng.uniform(0.6, 1.4),
    }
    if not wide and drawn["turns"] % 2:
        drawn["fill"] *= 0.76
    return Scene(**{**drawn, **changes})


def photograph(
    form: Form, page: int, glyphs: dict[int, np.ndarray], seed: int, scene: Scene, loose: float = 1.0
) -> Photo:
    """A photo of a page in whose boxes `glyphs` (uint8 [H,H], 255 = ink, by box) are written.

    `loose`: how far (in px of the frame) from the middle and from the line they are.
    """
    rng = np.random.default_rng([seed, 2])
    sheet, truth = written(form, page, glyphs, rng, scene, loose)
    image, matrix = _taken(sheet, form, rng, scene)
    image = _lit(image, rng, scene)
    if scene.blur:
        image = image.filter(ImageFilter.GaussianBlur(scene.blur))
    array = np.array(image, np.float32)
    tile = rng.normal(0, scene.noise, (256, 256, 3)).astype(np.float32)
    for y in range(0, array.shape[0], 256):
        for x in range(0, array.shape[1], 256):
            part = array[y : y + 256, x : x + 256]
            part += tile[: part.shape[0], : part.shape[1]]
    image = Image.fromarray(np.clip(array, 0, 255, out=array).astype(np.uint8))
    if scene.grey:
        image = image.convert("L")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=scene.quality)
    return Photo(Image.open(io.BytesIO(buffer.getvalue())), form, page, matrix, truth)


_STEEP = [int(np.clip((value - 127.5) * 3 + 127.5, 0, 255)) for value in range(256)]
"""Steep edges: a pen's, not those of an enlarged picture."""


def written(form: Form, page: int, glyphs, rng, scene: Scene, loose: float):
    """The printed and filled sheet at `scene.per_mm`, and the ink of each box.

    Of `scene.copied`, (masks of ink L, their baselines in px), each is copied on a line of the page.
    """
    sheet = _printed(form, page, scene.guide, scene.per_mm).copy()
    k = form.pixel * scene.per_mm
    size, truth = form.frame.size, {}
    for box, (x, y) in enumerate(form.cells(page).tolist()):
        if box not in glyphs:
            continue
        image = Image.fromarray(glyphs[box])
        dx, dy = rng.normal(0, (2 * loose, 0.6 * loose)).tolist()
        moved = image.transform((size, size), Image.Transform.AFFINE, (1, 0, -dx, 0, 1, -dy), Image.Resampling.BICUBIC)
        truth[box] = np.asarray(moved)
        left, top = x * scene.per_mm, y * scene.per_mm
        low = int(left), int(top)
        side = math.ceil(size * k) + 1
        data = (1 / k, 0, (low[0] - left) / k, 0, 1 / k, (low[1] - top) / k)
        grey = moved.transform((side, side), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
        mask = grey.point(_STEEP)
        if scene.grain:
            rough = rng.uniform(1 - scene.grain, 1, (side // 2 + 1, side // 2 + 1)) * 255
            spots = Image.fromarray(rough.astype(np.uint8)).resize(mask.size)
            mask = ImageChops.multiply(mask, spots)
        sheet.paste(scene.ink, low, mask)
    for (_, top), (line, row) in zip(form.lines(page), scene.copied, strict=False):
        place = 14 * scene.per_mm, (top + form.frame.baseline * form.pixel) * scene.per_mm - row
        sheet.paste(scene.ink, (round(place[0]), round(place[1])), line)
    return (_ruled(sheet, scene) if scene.ruled else sheet), truth


@lru_cache(4)
def _printed(form: Form, page: int, guide: float, per_mm: float) -> Image.Image:
    """The sheet before anybody writes on it, its guides as dark as `guide` says."""
    drawing = draw(form, page)
    drawing.lines = [
        (*line, tuple(int(np.clip(255 - (255 - value) * guide, 0, 255)) for value in colour)) if max(colour) else
        (*line, colour)
        for *line, colour in drawing.lines
    ]  # fmt: skip
    return picture(drawing, per_mm * 25.4)


def _ruled(sheet: Image.Image, scene: Scene) -> Image.Image:
    """The sheet on paper that has rules."""
    paper = Image.new("RGB", sheet.size, "white")
    pen, step = ImageDraw.Draw(paper), scene.ruled * scene.per_mm
    slope, width = math.tan(math.radians(scene.lean)), round(0.25 * scene.per_mm)
    colour = (120, 150, 200)
    for y in np.arange(0.4 * step - sheet.width * abs(slope), sheet.height + sheet.width, step).tolist():
        pen.line([0, y, sheet.width, y + slope * sheet.width], fill=colour, width=width)
        if scene.squared:
            pen.line([y, 0, y - slope * sheet.height, sheet.height], fill=colour, width=width)
    return ImageChops.darker(sheet, paper)


def scanned(
    form: Form, page: int, glyphs, seed: int, *, black: bool, dpi: int = 300, degrees: float = 0.0, copied=()
) -> Photo:
    """A page as scanned in black and white: guides have become black, broken near ink, or have vanished."""
    rng = np.random.default_rng([seed, 2])
    scene = Scene(per_mm=dpi / 25.4, copied=copied)
    sheet, truth = written(form, page, glyphs, rng, scene, 1.0)
    sheet = sheet.rotate(degrees, Image.Resampling.BICUBIC, fillcolor="white").filter(ImageFilter.GaussianBlur(0.7))
    red, _, blue = (np.asarray(band, np.float32) for band in sheet.split())
    ink = red < 170
    seen = blue + rng.normal(0, 6, blue.shape) < 205
    # a scanner's threshold follows what is around
    around = np.asarray(Image.fromarray(ink).convert("L").filter(ImageFilter.BoxBlur(8)), np.float32) > 40
    image = Image.fromarray(~(ink | (seen & ~around) if black else ink)).convert("L")
    return Photo(image, form, page, np.diag([dpi / 25.4, dpi / 25.4, 1.0]), truth)


def _taken(sheet: Image.Image, form: Form, rng, scene: Scene) -> tuple[Image.Image, np.ndarray]:
    """The sheet on a desk, in perspective, and the homography from mm to px."""
    width, height = form.size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]])
    away = corners - corners.mean(axis=0)
    angle = math.radians(scene.angle + 90 * scene.turns)
    turned = away @ np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    towards = rng.uniform(0, 2 * math.pi)
    depth = 1 + scene.tilt * (turned @ (math.cos(towards), math.sin(towards))) / np.abs(turned).max()
    seen = turned / depth[:, None]
    low, high = seen.min(axis=0), seen.max(axis=0)
    scale = (np.array(scene.size) / (high - low)).min() * scene.fill
    room = np.array(scene.size) - (high - low) * scale
    place = (seen - low) * scale + room * rng.uniform(0.3, 0.7, 2)
    matrix = homography(corners, place)
    desk = _desk(scene.size, rng, scene)
    if scene.hidden is not None:
        mark = form.marks[scene.hidden] * scene.per_mm
        ImageDraw.Draw(sheet).ellipse([*(mark - 6 * scene.per_mm), *(mark + 6 * scene.per_mm)], fill=scene.desk)
    moved, mask = _mapped(sheet, matrix, form, rng, scene)
    return Image.composite(moved, desk, mask), matrix


_STEP = 40


def _mapped(sheet: Image.Image, matrix: np.ndarray, form: Form, rng, scene: Scene):
    """The sheet as the picture shows it, piece by piece, since paper is bent."""
    back = np.linalg.inv(matrix)
    wide, high = scene.size
    x, y = np.arange(0, wide + _STEP, _STEP), np.arange(0, high + _STEP, _STEP)
    grid = np.stack(np.meshgrid(x, y), axis=2).astype(float)
    flat = np.concatenate([grid.reshape(-1, 2), np.ones((grid.size // 2, 1))], axis=1) @ back.T
    mm = flat[:, :2] / flat[:, 2:]
    u, v = (2 * mm / form.size - 1).T
    along = rng.uniform(0, 2 * math.pi)
    bulge = scene.bend * (1 - np.clip(u * math.cos(0.3) + v * math.sin(0.3), -1, 1) ** 2)
    mm = mm + bulge[:, None] * (0.4 * math.cos(along), 0.9 * math.sin(along))
    mm = (mm * scene.per_mm).reshape(*grid.shape)
    mesh = []
    for row in range(len(y) - 1):
        for column in range(len(x) - 1):
            quad = mm[[row, row + 1, row + 1, row], [column, column, column + 1, column + 1]]
            if (quad.max(axis=0) > 0).all() and (quad.min(axis=0) < sheet.size).all():
                box = (x[column], y[row], x[column + 1], y[row + 1])
                mesh.append((tuple(int(value) for value in box), tuple(quad.ravel().tolist())))
    moved = sheet.transform(scene.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    mask = Image.new("L", sheet.size, 255).transform(scene.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    return moved, mask


def _desk(size, rng, scene: Scene) -> Image.Image:
    grain = rng.normal(0, 1, (40, 6))
    streaks = Image.fromarray(grain.astype(np.float32)).resize(size, Image.Resampling.BICUBIC)
    bright = 1 + 0.06 * np.asarray(streaks)
    image = Image.merge(
        "RGB", [Image.fromarray(np.clip(value * bright, 0, 255).astype(np.uint8)) for value in scene.desk]
    )
    pen = ImageDraw.Draw(image)
    for _ in range(scene.things):
        x, y = rng.uniform(0, 1, 2) * size
        wide, high = rng.uniform(60, 700, 2)
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        kind = rng.integers(3)
        if kind == 0:
            pen.rectangle([x, y, x + wide, y + high], fill=colour)
        elif kind == 1:
            pen.ellipse([x, y, x + wide, y + wide], fill=colour, outline=(20, 20, 20), width=int(wide / 6))
        else:
            pen.line([x, y, x + wide, y + high], fill=colour, width=int(rng.uniform(8, 40)))
    return image


def _lit(image: Image.Image, rng, scene: Scene) -> Image.Image:
    wide, high = 100, 133
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, wide), np.linspace(-0.5, 0.5, high))
    towards = rng.uniform(0, 2 * math.pi)
    light = 0.92 + scene.slope * (u * math.cos(towards) + v * math.sin(towards)) - scene.slope / 2
    side = rng.uniform(0, 2 * math.pi)
    edge = u * math.cos(side) + v * math.sin(side) - rng.uniform(-0.2, 0.3)
    light = light * (1 - scene.shadow / (1 + np.exp(-edge / rng.uniform(0.01, 0.06))))
    warm = 1, rng.uniform(0.9, 1), rng.uniform(0.78, 1)
    bands = []
    for band, share in zip(image.split(), warm, strict=True):
        gain = Image.fromarray((light * share).astype(np.float32)).resize(image.size, Image.Resampling.BICUBIC)
        bands.append(Image.fromarray(np.clip(np.asarray(band) * np.asarray(gain), 0, 255).astype(np.uint8)))
    return Image.merge("RGB", bands)


def centred(ink: np.ndarray) -> np.ndarray:
    """`ink` uint8 [H,H] moved by whole px so that it is centred left to right."""
    columns = np.flatnonzero((ink >= 128).any(axis=0))
    return np.roll(ink, round(len(ink) / 2 - (columns[0] + columns[-1] + 1) / 2), 1)


def iou(cut: np.ndarray, true: np.ndarray) -> tuple[float, int]:
    """How much of the ink of two uint8 [H,H] they share (intersection over union), and rows that `cut` is too low.

    The best of shifts, since places are rounded to whole px and thin tails may move the middle. More than one row
    counts only where that is clearly better: a slanting line fits nearly as well further up.
    """
    best = 0.0, 0
    one = cut.astype(np.float64)
    for dy in (0, -1, 1, -2, 2, -3, 3):
        for dx in (-2, -1, 0, 1, 2):
            other = np.roll(true, (dy, dx), (0, 1)).astype(np.float64)
            shared = float(np.minimum(one, other).sum() / max(np.maximum(one, other).sum(), 1))
            if shared > best[0] + (0.1 if abs(dy) > 1 else 0.0):
                best = shared, dy
    return best

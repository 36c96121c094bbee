"""Whether ground truth is true: where ink is, seen apart from all that paper, wear and camera add."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from handsynth.corpus.effects import EFFECTS
from handsynth.corpus.sampler import Plain, Sample, Sampler

TOLERANCE = 1.5
"""px by which ink may lie outside its polygon."""

FAINT = 48
"""Differences of grey below this are no ink: the tails of a blur."""


PLACE = "scan", "camera"
"""Effects that move ink: alone, all that is dark is ink."""

OTHER_INK = "underline", "through", "smudge"
"""Effects whose ink is no glyph's: lines of the pen, and ink that was wiped."""

LIGHT = tuple(name for name in EFFECTS if name not in (*PLACE, *OTHER_INK) and not name.startswith("augraphy"))
"""All other effects: with the same picture without ink, the difference is ink."""


class Watched(Sampler):
    """A sampler that also keeps what each picture would be without any ink, where that has the same geometry."""

    bare: np.ndarray | None = None

    def _finished(self, plain: Plain, mask):
        sample = super()._finished(plain, mask)
        baselines = (plain.page.baselines * plain.xheight).tolist()
        how = {"xheight": plain.xheight, "baselines": baselines, "colour": self.recipe.colour}
        blank = np.full_like(plain.image, 255)
        self.bare = self.effects.apply(blank, self.recipe.seed, plain.index, **how).image
        return sample


def inside(polygons, size: tuple[int, int], grown: float) -> np.ndarray:
    """bool [h,w]: pixels whose middle is in one of `polygons`, or at most `grown` px beside it."""
    fine = 4
    canvas = Image.new("1", (size[0] * fine, size[1] * fine))
    pen = ImageDraw.Draw(canvas)
    for polygon in polygons:
        points = [tuple(point) for point in (np.asarray(polygon) * fine).tolist()]
        pen.polygon(points, fill=1)
        pen.line([*points, points[0]], fill=1, width=round(2 * grown * fine))
    middle = np.asarray(canvas)[fine // 2 :: fine, fine // 2 :: fine]
    return middle[: size[1], : size[0]]


def astray(sample: Sample, bare: np.ndarray | None = None) -> tuple[int, int]:
    """Pixels of ink outside the polygon of their glyph, by the mask, and outside all polygons, by the picture.

    `bare`: the picture without ink; None where paper is white.
    """
    size = sample.truth.width, sample.truth.height
    own = 0
    for number, polygon in enumerate(sample.truth.glyph_polygons):
        mine = sample.mask == number + 1
        if mine.any():
            own += int((mine & ~inside([polygon], size, TOLERANCE)).sum())
    bare = np.full_like(sample.image, 255) if bare is None else bare
    seen = np.abs(_grey(sample.image) - _grey(bare)) > FAINT
    return own, int((seen & ~inside(sample.truth.glyph_polygons, size, TOLERANCE)).sum())


def _grey(image: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(image).convert("L")).astype(int)

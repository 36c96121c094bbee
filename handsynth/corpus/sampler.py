"""Samples: pictures of handwriting with their ground truth. Sample i depends on the recipe, the model and i alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from handsynth import noise
from handsynth.corpus.bank import DrawingBank
from handsynth.corpus.capitals import tall
from handsynth.corpus.effects import Effects
from handsynth.corpus.masks import mask_of, warped
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.several import Job, layouts
from handsynth.corpus.sheets import sheet
from handsynth.corpus.texts import Texts
from handsynth.corpus.undrawn import Drawable
from handsynth.corpus.writers import Writers
from handsynth.dials.choices import Missing
from handsynth.document.paper import Paper
from handsynth.drawing import draw
from handsynth.drawing.resolve import joins
from handsynth.drawing.smallcaps import seen
from handsynth.formats.raster import coverages
from handsynth.layout.page import Page
from handsynth.layout.setting import Setting
from handsynth.layout.spacing import DEFAULT_GAP
from handsynth.layout.weld import as_drawn
from handsynth.model.model import Model
from handsynth.text.charset import Charset
from handsynth.text.recipes import Recipes
from handsynth.truth import Truth, truth_of
from handsynth.truth.truth import MARGIN as MARGIN_PX
from handsynth.truth.truth import Hulls, hulls_of

BATCH = 64
"""Glyphs of so many samples are drawn at once."""

MARGIN = 0.35
"""Paper around the ink of a line, in x-heights, before effects."""

SLANT, GAP = 0.06, 0.12
"""Standard deviation of the slant of samples of one hand, and of their spacing as a share of it."""

_SHARE = 5
"""An x of a paragraph is so much smaller than `height`."""


@dataclass(frozen=True, eq=False)
class Sample:
    """One picture and what is on it."""

    index: int
    image: np.ndarray
    """uint8 [h,w], or [h,w,3]."""
    truth: Truth
    """After all effects."""
    mask: np.ndarray | None = None
    """uint16 [h,w]: number + 1 of the glyph that covers most of a pixel, 0 for none."""


@dataclass(frozen=True, eq=False)
class Plain:
    """A picture before effects."""

    index: int
    image: np.ndarray
    page: Page
    xheight: float
    writer: str
    seed: int
    outlines: Hulls | None = None


class Sampler:
    """Makes the samples of a recipe. Raises InputError for what in it cannot be used."""

    def __init__(self, recipe: Recipe, model: Model | None = None) -> None:
        self.recipe = recipe
        self.model = model or Model.open(recipe.model or None, threads=1)
        least, most = recipe.length
        self.characters = Recipes.parse(recipe.characters, "the corpus's characters") if recipe.characters else None
        self.table = Charset(self.model.repertoire, self.characters)
        usable = Drawable(self.table, recipe.missing)
        self.texts = Texts.of(recipe.texts, recipe.kind, recipe.seed, least=least, most=most or None, usable=usable)
        self.missing: Missing = "error" if recipe.missing == "drop" else recipe.missing
        self.writers = Writers(self.model, recipe.hands, recipe.writers, recipe.seed, recipe.pens)
        self.effects = Effects.parse(recipe.effects)
        for paper in recipe.papers:
            Paper.parse(paper)
        warmth = sum(recipe.temperature) / 2
        self.bank = DrawingBank(recipe.bank, recipe.seed, warmth) if recipe.bank else None
        self.drawing = tall(self.bank or draw.several)

    def samples(self, first: int, count: int) -> Iterator[Sample]:
        """Samples `first` … `first + count - 1`, in their order; memory is that of some."""
        for start in range(first, first + count, BATCH):
            yield from self._batch(range(start, min(start + BATCH, first + count)))

    def _batch(self, indices: range) -> Iterator[Sample]:
        drawn = noise.uniforms(self.recipe.seed, "corpus", _places(indices, "sample"), 4).astype(float)
        wild = noise.normals(self.recipe.seed, "corpus", _places(indices, "hand"), 2).astype(float)
        named = self.writers.of(drawn[:, 0].tolist(), indices)
        jobs = [
            self._job(index, text, hand, row, far)
            for index, text, (_, hand), row, far in zip(
                indices, self.texts.several(indices), named, drawn.tolist(), wild.tolist(), strict=True
            )
        ]
        writers = [name for name, _ in named]
        if self.recipe.kind == "page":
            yield from self._sheets(indices, writers, jobs, drawn[:, 2])
        else:
            yield from self._pictures(indices, writers, jobs)

    def _pictures(self, indices: range, writers: Sequence[str], jobs: Sequence[Job]) -> Iterator[Sample]:
        """Samples without paper, all drawn at once."""
        pages = layouts(self.model, jobs, self.recipe.legibility, self.drawing)
        pages = [_labelled(page, job) for page, job in zip(pages, jobs, strict=True)]
        if self.recipe.kind == "paragraph":
            pages = [_fitted(page, jobs[0].setting.margin) for page in pages]
        scales = [self._xheight(page) for page in pages]
        sizes = [self._size(page, k) for page, k in zip(pages, scales, strict=True)]
        covered = coverages([as_drawn(page) for page in pages], scales, sizes)
        outlines = hulls_of(pages)
        for at, index in enumerate(indices):
            plain = Plain(index, 255 - covered[at], pages[at], scales[at], writers[at], jobs[at].seed, outlines[at])
            yield self._finished(plain, self._mask(plain))

    def _sheets(
        self, indices: range, writers: Sequence[str], jobs: Sequence[Job], share: np.ndarray
    ) -> Iterator[Sample]:
        papers = self.recipe.papers
        for index, writer, job, chance in zip(indices, writers, jobs, share.tolist(), strict=True):
            page, k, image = sheet(self.model, self.recipe, job, papers[int(chance * len(papers))])
            plain = Plain(index, image, _labelled(page, job), k, writer, job.seed)
            yield self._finished(plain, self._mask(plain))

    def _job(self, index: int, text: str, hand: Any, row: list[float], far: list[float]) -> Job:
        recipe = self.recipe
        cold, warm = recipe.temperature
        gap = (DEFAULT_GAP if hand.gap is None else hand.gap) * math.exp(GAP * recipe.vary * far[1])
        margin = MARGIN if recipe.kind in ("line", "word") else 1.0
        tied = joins(self.model, hand, recipe.joined)
        if tied and self.bank is not None:
            tied = replace(tied, contextual=False)  # a bank keeps letters that stand anywhere
        setting = Setting(
            self._wrap(), gap, margin=margin, unevenness=hand.uneven, key=hand.key,
            missing=self.missing, recipes=self.characters, joins=tied,
        )  # fmt: skip
        lean = min(max(SLANT * recipe.vary * far[0], -0.3), 0.3)
        seed = noise.key_of("corpus", recipe.seed, index)
        return Job(text, hand.leaning(lean), seed, cold + (warm - cold) * row[1], setting)

    def _wrap(self) -> float | None:
        if self.recipe.kind in ("line", "word"):
            return None
        return self.recipe.width / (self.recipe.height / _SHARE)

    def _xheight(self, page: Page) -> float:
        return self.recipe.height / page.height if self.recipe.kind in ("line", "word") else self.recipe.height / _SHARE

    def _size(self, page: Page, xheight: float) -> tuple[int, int]:
        height = self.recipe.height if self.recipe.kind in ("line", "word") else math.ceil(page.height * xheight)
        return math.ceil(page.width * xheight - 1e-6), height

    def _mask(self, plain: Plain) -> np.ndarray | None:
        tall, wide = plain.image.shape[:2]
        return mask_of(plain.page, plain.xheight, (wide, tall)) if self.recipe.masks else None

    def _finished(self, plain: Plain, mask: np.ndarray | None) -> Sample:
        page, k, index = plain.page, plain.xheight, plain.index
        colour = self.recipe.colour
        done = self.effects.apply(
            plain.image, self.recipe.seed, index, xheight=k, baselines=(page.baselines * k).tolist(), colour=colour
        )
        image = done.image
        height, width = image.shape[:2]
        if mask is not None and done.homography is not None:
            mask = warped(mask, done.homography, width, height)
        if not colour and image.ndim == 3:
            image = np.asarray(Image.fromarray(image).convert("L"))
        elif colour and image.ndim == 2:
            image = np.repeat(image[..., None], 3, axis=2)
        truth = truth_of(
            page,
            k,
            name=f"{index:09d}",
            writer=plain.writer,
            seed=plain.seed,
            index=index,
            homography=done.homography,
            size=(width, height),
            margin_px=MARGIN_PX + done.spread,
            outlines=plain.outlines,
        )
        return Sample(index, image, truth, mask)


def _fitted(page: Page, margin: float) -> Page:
    """The page, no wider than its ink needs."""
    right = page.x + page.glyphs.boxes(page.frame)[:, 2] * page.scale
    return replace(page, width=float(right.max()) + margin)


def _labelled(page: Page, job: Job) -> Page:
    """The page with the letters that are read there: a hand of capitals alone has no other label."""
    return replace(page, texts=tuple(map(seen, page.texts))) if job.hand.small_capitals else page


def _places(indices: range, what: str) -> np.ndarray:
    return np.array([noise.key_of(what, index) for index in indices], np.uint64)

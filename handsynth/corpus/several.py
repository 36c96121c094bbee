"""Many texts to as many Pages: what `text.layout` gives for each, at a fraction of the cost.

Each text has a hand, a seed and a temperature of its own, and none sees the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from handsynth import dials
from handsynth.arrays import Floats
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout import text
from handsynth.layout.page import Page
from handsynth.layout.setting import Setting
from handsynth.layout.typeset import Typesetter
from handsynth.layout.words import Script, split
from handsynth.model.model import Model
from handsynth.text import charset


@dataclass(frozen=True, eq=False)
class Job:
    """One text to be written."""

    text: str
    hand: Hand
    seed: int
    temperature: float
    setting: Setting = Setting()
    """All of those that are written together differ in `wrap`, `gap` and `joins` alone."""


def layouts(
    model: Model,
    jobs: Sequence[Job],
    legibility: int = dials.default("legibility"),
    drawing: Callable[..., Glyphs] = draw.several,
) -> list[Page]:
    """Pages of texts, in their order; `drawing` draws as `draw.several` does. Raises InputError."""
    if not jobs:
        return []
    known = charset.Charset(model.repertoire, jobs[0].setting.recipes)
    read = [charset.read(job.text, known, job.setting.missing) for job in jobs]
    scripts, reports = [split(items) for items, _ in read], [report for _, report in read]
    typesetters = [_typesetter(model, job, legibility) for job in jobs]
    return text.layouts(typesetters, scripts, reports, _PieceDrawer(model, jobs, scripts, legibility, drawing))


class _PieceDrawer:
    """Draws pieces in the order in which `draw_glyphs` asks for them, each by the hand of its text."""

    def __init__(
        self,
        model: Model,
        jobs: Sequence[Job],
        scripts: Sequence[Script],
        legibility: int,
        drawing: Callable[..., Glyphs],
    ) -> None:
        self.model, self.jobs, self.legibility, self.drawing = model, jobs, legibility, drawing
        pieces = [sum(len(item.pieces) for item in script.items) for script in scripts]
        self.owner, self.at = np.repeat(np.arange(len(jobs)), pieces), 0

    def __call__(self, index: np.ndarray, places: np.ndarray, *, contexts: Floats | None = None) -> Glyphs:
        owner = self.owner[self.at : self.at + len(index)]
        self.at += len(index)
        if not len(index):
            return self.drawing(self.model, [], [], owner, index, places, temperature=[], legibility=self.legibility)
        first, last = int(owner[0]), int(owner[-1]) + 1
        some = self.jobs[first:last]
        return self.drawing(
            self.model,
            [job.hand for job in some],
            [job.seed for job in some],
            owner - first,
            index,
            places,
            temperature=[job.temperature for job in some],
            legibility=self.legibility,
            contexts=contexts,
        )


def _typesetter(model: Model, job: Job, legibility: int) -> Typesetter:
    def pen(index: np.ndarray, places: np.ndarray, *, contexts: Floats | None = None) -> Glyphs:
        return draw.glyphs(
            model, job.hand, index, places, job.seed,
            temperature=job.temperature, legibility=legibility, contexts=contexts,
        )  # fmt: skip

    seed = job.hand.seed(job.seed)
    return Typesetter(pen, model.repertoire, model.frame, seed, job.setting, model.card.bearings)

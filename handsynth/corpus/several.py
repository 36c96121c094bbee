"""Many texts to as many Pages: what `text.layout` gives for each, at a fraction of the cost.

Decoder, profiles and spacing cost as much for one line as for some; here all glyphs of many texts go through them at
once. Each text has a hand, a seed and a temperature of its own, and none sees the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout import baseline
from handsynth.layout.drawing import draw_glyphs
from handsynth.layout.joins import following, spread
from handsynth.layout.lines import break_lines
from handsynth.layout.page import Page
from handsynth.layout.setting import Setting, steps
from handsynth.layout.text import indents, page_of
from handsynth.layout.typeset import Typeset, Typesetter, typeset
from handsynth.layout.words import Script, split
from handsynth.model.model import Model
from handsynth.text import charset


@dataclass(frozen=True, eq=False)
class Job:
    """One text to be written."""

    text: str
    hand: Hand
    seed: int
    temperature: float = 0.7
    setting: Setting = Setting()
    """All of those that are written together differ in `wrap`, `gap` and `joins` alone."""


def layouts(
    model: Model, jobs: Sequence[Job], legibility: int = 1, drawing: Callable[..., Glyphs] = draw.several
) -> list[Page]:
    """Pages of texts, in their order; `drawing` draws as `draw.several` does. Raises InputError."""
    if not jobs:
        return []
    known = charset.Charset(model.repertoire, jobs[0].setting.recipes)
    read = [charset.read(job.text, known, job.setting.missing) for job in jobs]
    scripts = [split(items) for items, _ in read]
    counts = [len(script.items) for script in scripts]
    owner = np.repeat(np.arange(len(jobs)), counts)
    glyphs = [(script, glyph) for script, count in zip(scripts, counts, strict=True) for glyph in range(count)]
    drawn = draw_glyphs(
        glyphs, _PieceDrawer(model, jobs, glyphs, owner, legibility, drawing), _index(model), model.frame, jobs[0].seed
    )
    edges = drawn.profiles(model.frame)
    whole = _joined(scripts)
    typesetters = [_typesetter(model, job, legibility) for job in jobs]
    gaps = np.array([job.setting.gap for job in jobs])[owner]
    step = steps(whole, edges, model.frame, jobs[0].setting, typesetters[0].sides, gaps)
    step = _spread(step, scripts, jobs, drawn, model)
    left, right = edges.box()
    seeds = np.array([typesetter.seed for typesetter in typesetters], np.uint64)
    keys = [typesetter.keys(script) for typesetter, script in zip(typesetters, scripts, strict=True)]
    every, word_seeds = np.concatenate(keys), np.repeat(seeds, list(map(len, keys)))
    margins = baseline.margins(word_seeds, every)
    chances = baseline.BaselineNoise.of(word_seeds, every, seeds[owner], whole.place)
    pages, part, some = [], slice(0, 0), slice(0, 0)
    for at, (job, typesetter, script) in enumerate(zip(jobs, typesetters, scripts, strict=True)):
        part, some = slice(part.stop, part.stop + counts[at]), slice(some.stop, some.stop + len(keys[at]))
        indent = indents(job.setting, margins[some])
        lines = break_lines(script, step[part], left[part], right[part], indent(script), job.setting.wrap)
        done, chance = (
            Typeset(script, drawn.take(part), lines),
            baseline.BaselineNoise(chances.words[some], chances.letters[part]),
        )
        if len(lines.torn):
            # words with hyphens are drawn anew: seldom, so one by one
            done = typeset(typesetter, script, drawn.take(part), indent, job.setting.wrap)
            chance = baseline.BaselineNoise.of(typesetter.seed, keys[at], typesetter.seed, done.script.place)
        pages.append(page_of(typesetter, done, chance, read[at][1]))
    return pages


def _spread(
    step: np.ndarray, scripts: Sequence[Script], jobs: Sequence[Job], drawn: Glyphs, model: Model
) -> np.ndarray:
    """Distances [n] of the glyphs of all scripts, with room for their joins."""
    pairs, begin = [], 0
    for script, job in zip(scripts, jobs, strict=True):
        if job.setting.joins is not None:
            pairs.append(np.stack(following(script, job.setting.joins)) + begin)
        begin += len(script.items)
    if not pairs:
        return step
    before, after = np.concatenate(pairs, axis=1)
    texts = [item.text for script in scripts for item in script.items]
    return spread(step, before, after, drawn, model.frame, texts)


class _PieceDrawer:
    """Draws pieces in the order in which `draw_glyphs` asks for them, each by the hand of its text."""

    def __init__(
        self,
        model: Model,
        jobs: Sequence[Job],
        glyphs: Sequence[tuple[Script, int]],
        owner: np.ndarray,
        legibility: int,
        drawing: Callable[..., Glyphs],
    ) -> None:
        self.model, self.jobs, self.legibility, self.drawing = model, jobs, legibility, drawing
        pieces = [len(script.items[glyph].pieces) for script, glyph in glyphs]
        self.owner, self.at = np.repeat(owner, pieces), 0

    def __call__(self, index: np.ndarray, places: np.ndarray) -> Glyphs:
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
        )


def _typesetter(model: Model, job: Job, legibility: int) -> Typesetter:
    def pen(index: np.ndarray, places: np.ndarray) -> Glyphs:
        return draw.glyphs(model, job.hand, index, places, job.seed, temperature=job.temperature, legibility=legibility)

    seed = job.hand.seed(job.seed)
    return Typesetter(pen, model.repertoire, model.frame, seed, job.setting, model.card.bearings)


def _index(model: Model) -> dict[str, int]:
    return {char: i for i, char in enumerate(model.repertoire)}


def _joined(scripts: Sequence[Script]) -> Script:
    """One script of all glyphs, in which every text begins a line of its own."""
    first = scripts[0]
    names = ("word", "letter", "place", "space", "newlines", "breakable", "weak", "optional")
    columns: dict[str, Any] = {name: np.concatenate([getattr(script, name) for script in scripts]) for name in names}
    starts = np.cumsum([0] + [len(script.items) for script in scripts[:-1]])
    columns["newlines"][starts] = np.maximum(columns["newlines"][starts], 1)
    return replace(first, items=[item for script in scripts for item in script.items], **columns)

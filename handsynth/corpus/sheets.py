"""Samples that are whole sheets: paper, rules and a person's faults, as `handsynth page` writes them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.corpus.recipe import Recipe
from handsynth.corpus.several import Job
from handsynth.document.pages import Document
from handsynth.document.paper import Paper
from handsynth.document.style import Style
from handsynth.formats.raster import paint
from handsynth.layout.page import Page
from handsynth.model.model import Model
from handsynth.units import MM_PER_INCH


def sheet(model: Model, recipe: Recipe, job: Job, paper: str) -> tuple[Page, float, np.ndarray]:
    """The first sheet of the text of `job`: the Page, its x-height in px, and the picture uint8 [h,w]."""
    dpi = recipe.width / (Paper.parse(paper).width_mm / MM_PER_INCH)
    faults = {name: value * recipe.vary for name, value in vars(Style().person).items()}
    writing = {"seed": job.seed, "temperature": job.temperature, "slant": job.hand.lean, "missing": job.setting.missing}
    style = Style().changed(
        {
            "writing": writing | {"legibility": recipe.legibility, "joined": recipe.joined},
            "paper": {"name": paper},
            "person": faults | {"slips": recipe.slips},
            "output": {"dpi": dpi, "ink": "black"},
        },
        "the corpus",
    )
    document = Document(job.text, style, hand=replace(job.hand, gap=job.setting.gap), model=model)
    page, look = next(document.pages()), document.plan.look
    return page, look.xheight, np.asarray(paint(page, look).convert("L"))

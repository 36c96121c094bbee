"""Samples to the files of a corpus."""

from __future__ import annotations

import gc
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth import __version__
from handsynth import truth as truths
from handsynth.corpus.entry import Entry
from handsynth.corpus.recipe import Recipe
from handsynth.corpus.sampler import Sample, Sampler
from handsynth.corpus.short import put_together
from handsynth.corpus.store import digest
from handsynth.corpus.undrawn import survey
from handsynth.formats.picture import RUNS


class Producer:
    """Makes the entries of a corpus. Raises InputError for a recipe that cannot be used."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe, self.sampler = recipe, Sampler(recipe)
        self.metadata = {"version": __version__, "model": self.sampler.model.hash}
        """What made it, beside the recipe: another text or hand in a file of the same name is another corpus."""
        self.metadata |= {f"text {file.path}": file.digest for file in self.sampler.texts.files}
        self.metadata |= {f"hand {path}": digest(Path(path))[1] for path in self.sampler.writers.files}

    def notes(self) -> list[str]:
        """What to say of the texts before anything is made. Raises InputError where too few of them can be drawn."""
        texts = self.sampler.texts
        return survey(texts, self.sampler.table, self.recipe.missing) + put_together(texts)

    def entries(self, first: int, count: int) -> Iterator[Entry]:
        """The files of samples `first` … `first + count - 1`."""
        # what is there by now stays: looking through it again and again for what is free takes 3 % of the time
        gc.freeze()
        try:
            yield from map(self._entry, self.sampler.samples(first, count))
        finally:
            gc.unfreeze()

    def _entry(self, sample: Sample) -> Entry:
        picture = self.recipe.picture
        name = f"{sample.truth.name}.{picture}"
        files = {picture: _encoded(sample.image, picture), "txt": sample.truth.text.encode("utf-8")}
        files["json"] = truths.FORMATS["jsonl"].text(sample.truth, name)
        for kind in self.recipe.truth:
            form = truths.FORMATS[kind]
            files[form.ending[1:]] = form.text(sample.truth, name)
        if sample.mask is not None:
            files["mask.png"] = _encoded(sample.mask, "png")
        return Entry(sample.truth.name, files)


def producer(recipe: str) -> Producer:
    """A Producer from a recipe's JSON: what a worker begins with."""
    return Producer(Recipe.from_json(recipe))


def _encoded(image: np.ndarray, picture: str) -> bytes:
    file = io.BytesIO()
    if picture == "jpg":
        Image.fromarray(image).save(file, "JPEG", quality=90)
    else:
        Image.fromarray(image).save(file, "PNG", compress_level=4, compress_type=RUNS)
    return file.getvalue()

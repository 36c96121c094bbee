"""Corpus: labelled handwriting, from Python: samples one by one, or shards in a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from typing import Any

from handsynth.corpus.recipe import Recipe
from handsynth.corpus.run import run
from handsynth.corpus.sampler import Sample, Sampler
from handsynth.dials.renamed import takes_earlier
from handsynth.drawing import options


class Corpus:
    """Labelled handwriting of `texts`: files, folders, or generators like "names:de"; dials as in Recipe.

    Sample i depends on the recipe, the model and i alone. Raises InputError, for an unknown dial one that is a
    TypeError, too.

        for sample in Corpus("sentences:fr", effects="notebook").samples(0, 10):
            print(sample.image.shape, sample.truth.text)
    """

    def __init__(self, *texts: str, **dials: Any) -> None:
        options.check("Corpus", dials, [field.name for field in fields(Recipe) if field.name != "texts"])
        self.recipe = Recipe(texts=texts, **dials)

    @cached_property
    def sampler(self) -> Sampler:
        """What makes the samples; it opens the model and reads the texts."""
        return Sampler(self.recipe)

    @takes_earlier("samples")
    def samples(self, start: int = 0, count: int = 1000) -> Iterator[Sample]:
        """Samples `start` … `start + count - 1`, in their order. Raises InputError."""
        return self.sampler.samples(start, count)

    def write(self, out: str, **how: Any) -> Mapping[str, Any]:
        """Shards in the folder or URL `out`, as `handsynth corpus make`; options and result are those of `run.run`."""
        return run(self.recipe.to_json(), out, **how)

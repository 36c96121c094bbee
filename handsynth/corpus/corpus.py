"""Corpus: labelled handwriting, from Python: samples one by one, or shards in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

from handsynth.corpus.recipe import WORDS, Recipe
from handsynth.corpus.run import run
from handsynth.corpus.sampler import Sample, Sampler
from handsynth.dials.renamed import takes_earlier
from handsynth.drawing import options
from handsynth.errors import InputError

_EARLIER = {"least", "most"}
"""Options of which `length` is made today; Recipe says so."""

_KINDS = {bool: "True or False", int: "a whole number", float: "a number", str: "a str", tuple: "a tuple"}


class Corpus:
    """Labelled handwriting of `texts`: files, folders, or generators like "names:de".

    Sample i depends on the recipe, the model and i alone. Raises InputError, for an unknown dial one that is a
    TypeError, too.

        for sample in Corpus("sentences:fr", effects="notebook").samples(0, 10):
            print(sample.image.shape, sample.truth.text)
    """

    @options.described(Recipe, "corpus", **WORDS)
    def __init__(self, *texts: str, **dials: Any) -> None:
        """The corpus of a Recipe of `texts` and these options. Raises InputError."""
        usual = {field.name: field.default for field in fields(Recipe) if field.name != "texts"}
        options.check_names("Corpus", dials.keys() - _EARLIER, usual)
        self.recipe = Recipe(texts=texts, **{name: _typed(name, value, usual) for name, value in dials.items()})

    @cached_property
    def sampler(self) -> Sampler:
        """What makes the samples; it opens the model and reads the texts."""
        return Sampler(self.recipe)

    @takes_earlier("samples")
    def samples(self, start: int = 0, count: int = 1000) -> Iterator[Sample]:
        """Samples `start` … `start + count - 1`, in their order. Raises InputError."""
        return self.sampler.samples(start, count)

    def write(
        self,
        out: str | Path,
        *,
        container: str = "webdataset",
        shard: int = 1000,
        count: int = 1000,
        start: int = 0,
        workers: int = 1,
        engine: str = "local",
        address: str = "auto",
        progress: Callable[[int, int], None] | None = None,
        say: Callable[[str], None] | None = None,
    ) -> Mapping[str, Any]:
        """Write samples `start` … `start + count - 1` into the folder or URL `out`, in shards; returns its manifest.

        `container`: what shards are written as (webdataset, parquet, lmdb, lmdb-ocr or files); `shard`: how many
        samples each gets; `workers`: processes here; `engine`: local, or ray, a cluster at `address`. What is there is
        not made again. `progress` is called with samples done and in all, `say` with remarks on the texts. Raises
        InputError and OutputError.
        """
        return run(
            self.recipe.to_json(),
            str(out),
            container=container,
            shard=shard,
            count=count,
            start=start,
            workers=workers,
            engine=engine,
            address=address,
            progress=progress,
            say=say,
        )


def _typed(name: str, value: Any, usual: Mapping[str, Any]) -> Any:
    """`value` as a Recipe has it. Raises InputError for one of another type than the usual one."""
    if name == "model" and (value is None or isinstance(value, Path)):
        return str(value or "")
    if isinstance(value, list):
        value = tuple(value)
    kind = type(usual.get(name, 0))
    fits = isinstance(value, kind) or (kind is float and isinstance(value, int))
    if not fits or (isinstance(value, bool) and kind is not bool):
        raise InputError(f"{name} is {options.shown(value)}; give {_KINDS[kind]}", name)
    return value

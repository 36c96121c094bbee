"""Ground truth of a whole corpus in one file, made from its shards when they are done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from handsynth import truth as truths
from handsynth.corpus import containers
from handsynth.corpus.manifest import Beside, load
from handsynth.corpus.manifest import finish as manifest
from handsynth.corpus.store import Store
from handsynth.truth import Truth, jsonl

CORPUS_FORMATS = tuple(name for name, form in truths.FORMATS.items() if form.many)
"""Formats of many pictures: coco, jsonl."""


def finish(out: str, names: Sequence[str]) -> list[str]:
    """Write truth.coco.json, truth.jsonl …; returns what was written. Memory is that of one sample.

    What an earlier run was asked for is written again, too: it would tell of fewer shards than there are. The manifest
    then names all of it.
    """
    store = Store(out)
    there = set(store.names(""))
    wanted = [name for name in CORPUS_FORMATS if name in names or target(name) in there]
    if not wanted:
        return []
    made = load(store)
    written = []
    for name in wanted:
        with store.making(target(name)) as path:
            with path.open("wb") as file:
                truths.FORMATS[name].write(_pairs(store, made), file)
            written.append(Beside.made(target(name), path))
    ours = {target(name) for name in CORPUS_FORMATS}
    kept = [file for file in made["beside"] if file.name not in ours]
    shards = [asdict(shard) for shard in made["shards"]]
    manifest(store, {**made, "shards": shards}, [*kept, *written])
    return [file.name for file in written]


def target(name: str) -> str:
    """What the file of a format is called."""
    return f"truth{truths.FORMATS[name].ending}"


def _pairs(store: Store, made: Mapping[str, Any]) -> Iterator[tuple[Truth, str]]:
    kind = containers.find(made["container"])
    picture = made["recipe"]["picture"]
    for shard in made["shards"]:
        with store.local(shard.name) as path:
            inside = f"{shard.name}/" if kind.plain else ""
            for entry in kind.read(path):
                yield jsonl.read(entry.files["json"]), f"{inside}{entry.key}.{picture}"

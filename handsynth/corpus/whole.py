"""Ground truth of a whole corpus in one file, made from its shards when they are done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handsynth import truth as truths
from handsynth.corpus import containers
from handsynth.corpus.manifest import load
from handsynth.corpus.store import Store
from handsynth.truth import Truth, jsonl

WHOLE = tuple(name for name, form in truths.FORMATS.items() if form.many)
"""Formats of many pictures: coco, jsonl."""


def finish(out: str, names: Sequence[str]) -> list[str]:
    """Write truth.coco.json, truth.jsonl …; returns what was written. Memory is that of one sample."""
    store = Store(out)
    written = []
    for name in names:
        form = truths.FORMATS[name]
        target = f"truth{form.ending}"
        with store.making(target) as path, path.open("wb") as file:
            form.write(_pairs(store), file)
        written.append(target)
    return written


def _pairs(store: Store) -> Iterator[tuple[Truth, str]]:
    made = load(store)
    kind = containers.find(made["container"])
    picture = made["recipe"]["picture"]
    for shard in made["shards"]:
        with store.local(shard.name) as path:
            inside = f"{shard.name}/" if kind.plain else ""
            for entry in kind.read(path):
                yield jsonl.read(entry.files["json"]), f"{inside}{entry.key}.{picture}"

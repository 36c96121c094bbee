"""What lies beside the shards of a corpus, so that other programs open its folder as it is.

README.md has the YAML head from which `datasets.load_dataset(FOLDER)` knows what to read. Where pictures are files of
their own there are also metadata.jsonl (a row a picture, as the `imagefolder` of `datasets` has it) and labels.tsv
(path, tab, text: a list of labels as PaddleOCR and most trainers of text recognition take it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from handsynth.corpus import containers
from handsynth.corpus.manifest import README, Beside
from handsynth.corpus.store import Store

METADATA, LABELS = "metadata.jsonl", "labels.tsv"

_FACTS = "writer", "seed", "index", "width", "height"
"""Of a sample's truth, in a row of METADATA; what is in pictures is in their own JSON."""


def write(store: Store, made: Mapping[str, Any]) -> list[Beside]:
    """Write what belongs beside the shards of the manifest `made`; returns what was written."""
    kind = containers.find(made["container"])
    written = []
    if kind.data_files:
        recipe = made["recipe"]
        with store.making(README) as path:
            path.write_bytes(readme(kind, recipe.get("kind", "line"), recipe.get("picture", "png")))
            written.append(Beside.made(README, path))
    if kind.plain:
        with store.making(METADATA) as metadata, store.making(LABELS) as listed:
            with metadata.open("wb") as rows, listed.open("wb") as labels:
                for row in _rows(store, made):
                    rows.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    # a label is one line and one column
                    labels.write(f"{row['file_name']}\t{' '.join(row['text'].split())}\n".encode())
            written += [Beside.made(METADATA, metadata), Beside.made(LABELS, listed)]
    return written


def _rows(store: Store, made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for shard in made["shards"]:
        with store.local(shard["name"]) as path:
            for text in sorted(path.glob("*.txt")):
                yield _row(shard["name"], text)


def _row(shard: str, text: Path) -> dict[str, Any]:
    """The row of the sample whose text lies at `text`."""
    picture = next(path for path in (text.with_suffix(".png"), text.with_suffix(".jpg")) if path.exists())
    truth = json.loads(text.with_suffix(".json").read_bytes())
    row = {"file_name": f"{shard}/{picture.name}", "text": text.read_text("utf-8")}
    mask = text.with_suffix(".mask.png")
    if mask.exists():
        row["mask_file_name"] = f"{shard}/{mask.name}"
    return row | {name: truth[name] for name in _FACTS if name in truth}


def readme(kind: containers.Container, what: str, picture: str) -> bytes:
    """Markdown with a YAML head, as dataset cards have it."""
    paths = "".join(f'\n    - "{path.format(picture=picture)}"' for path in kind.data_files)
    return f"""---
configs:
- config_name: default
  data_files:
  - split: train
    path:{paths}
task_categories:
- image-to-text
tags:
- handwriting
- synthetic
---

# Synthetic handwriting

Pictures of one {what} each, made by handsynth. `datasets.load_dataset(FOLDER, split="train")` gives rows with
{kind.columns}, and what else was asked for.
""".encode()

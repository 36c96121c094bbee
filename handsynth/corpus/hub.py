"""The README of a corpus in Parquet, from which `datasets` knows what it is."""

from __future__ import annotations

from handsynth.corpus.manifest import Plan


def readme(plan: Plan) -> bytes:
    """Markdown with a YAML head, as dataset cards have it."""
    kind = plan.recipe.get("kind", "line")
    return f"""---
configs:
- config_name: default
  data_files:
  - split: train
    path: data/train-*.parquet
task_categories:
- image-to-text
tags:
- handwriting
- synthetic
---

# Synthetic handwriting

Pictures of one {kind} each, made by handsynth. `datasets.load_dataset(FOLDER, split="train")` gives rows with `key`,
`image`, `text`, `truth` (JSON: boxes, polygons and baselines of lines, words and glyphs) and what else was asked for.
""".encode()

"""How well a model's samples read, beside real writing by people that training never saw."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handsynth import noise
from handsynth.draw import glyphs
from handsynth.errors import DataError
from handsynth.hand import random_styles
from handsynth.model import Model
from train.data.dataset import Dataset
from train.lookalikes import ALNUM, accuracy
from train.reader import unseen_rows


@dataclass(frozen=True)
class Row:
    """One line of the table: accuracies in per cent."""

    what: str
    glyphs: int
    strict: float
    merged: float


def evaluate(model: Model, data: Dataset, each: int = 100, seed: int = 0) -> list[Row]:
    """Read real test writing and `each` samples of each of the 62 classes, every one by a new hand of the prior."""
    charset = list(model.charset)
    chars = "".join(c for c in ALNUM if c in charset)
    rows = unseen_rows(data, chars=chars)
    if not len(rows):
        raise DataError(f"{data.path} has no test writers to compare with; prepare data that has some")
    real = np.asarray(data.images[rows]).astype(np.float32) / 255
    label = model.index([chr(c) for c in data.codepoints[rows]])
    table = [_row("real writing, unseen writers", model.read(real)[0], label, charset)]
    index = model.index(chars * each)
    places = np.array([noise.place("evaluate", i) for i in range(len(index))], np.uint64)
    styles = random_styles(model, seed, np.arange(len(index)))
    for what, temperature, legibility in (
        ("samples, temperature 1", 1.0, 1),
        ("samples, temperature 0.7", 0.7, 1),
        ("samples, temperature 1, best of 4", 1.0, 4),
    ):
        field = glyphs(model, styles, index, places, seed, temperature=temperature, legibility=legibility)
        table.append(_row(what, model.read(np.clip(field + 0.5, 0, 1))[0], index, charset))
    return table


def _row(what: str, scores: np.ndarray, label: np.ndarray, charset: list[str]) -> Row:
    strict, merged = 100 * accuracy(scores, label, charset).mean(1)
    return Row(what, len(label), float(strict), float(merged))


def report(table: list[Row]) -> str:
    """The table in Markdown."""
    lines = ["| read, 62 classes | glyphs | right | case-merged |", "|---|---:|---:|---:|"]
    lines += [f"| {row.what} | {row.glyphs:,} | {row.strict:.1f} % | {row.merged:.1f} % |" for row in table]
    return "\n".join(lines)


def evaluate_folder(model: Path | None, data: Path, each: int, seed: int) -> str:
    return report(evaluate(Model.open(model), Dataset.open(data), each, seed))

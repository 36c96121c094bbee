"""Leaving out training glyphs whose label a reader does not see in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from handsynth.errors import InputError
from train.data.dataset import Dataset
from train.lookalikes import ALNUM, merge_table
from train.model import Reader

MENTIONED = 5
"""Characters that are named of those that a reader leaves out."""

LEAST = 0.10
"""A glyph stays if the reader gives its label, look-alikes included, at least this probability."""


@torch.no_grad()
def agreement(model: Reader, data: Dataset, rows: np.ndarray, charset: list[str], batch: int = 512) -> np.ndarray:
    """Probability [n] that the reader gives to the label of each row, look-alikes taken as one."""
    same = torch.from_numpy(merge_table(charset)).float()
    lookup = {ord(c): i for i, c in enumerate(charset)}
    result = np.zeros(len(rows), np.float32)
    for i in range(0, len(rows), batch):
        part = rows[i : i + batch]
        label = torch.tensor([lookup.get(int(c), -1) for c in data.codepoints[part]])
        probability = model(torch.from_numpy(np.asarray(data.images[part])).float() / 255)[0].softmax(1)
        value = (probability * same[label.clamp(min=0)]).sum(1)
        result[i : i + batch] = torch.where(label >= 0, value, torch.ones_like(value)).numpy()
    return result


def readable(reader: Path, data: Dataset, least: float = LEAST, say: Callable[[str], None] | None = None) -> np.ndarray:
    """bool [n]: glyphs of the train split that the reader agrees with; other splits are kept as they are.

    Of fonts only letters and digits are in question (small letters drawn as capitals): their signs are what they are.
    `say` is told how many are left out.
    """
    from train.reader import is_font, load_reader

    model, state = load_reader(reader)
    if state["frame"] != data.frame.to_dict():
        raise InputError(f"{reader} was trained on another frame than {data.path}; train a reader on this dataset")
    keep = np.ones(len(data), bool)
    plain = np.isin(data.codepoints, [ord(c) for c in ALNUM])
    train = np.flatnonzero((data.split == 0) & (plain | ~is_font(data)))
    keep[train] = agreement(model, data, train, state["charset"]) >= least
    if say:
        for line in left_out(reader, data, train, keep):
            say(line)
    return keep


def left_out(reader: Path, data: Dataset, rows: np.ndarray, keep: np.ndarray) -> list[str]:
    """What is to be said of the glyphs `rows` that a reader left out: how many, and if they are most, which."""
    lost = rows[~keep[rows]]
    lines = [f"the reader leaves out {len(lost):,} of {len(rows):,} training glyphs that it does not read as labelled"]
    if 2 * len(lost) > len(rows):
        ranked = Counter(chr(code) for code in data.codepoints[lost]).most_common(MENTIONED)
        named = ", ".join(f"{char} {count:,}" for char, count in ranked)
        lines.append(
            f"these are most of them (of {named}): labels may be wrong, letters may stand otherwise than {reader} "
            f"knows them, or it reads other writing; look at {data.path}, train a reader on it, or leave out --reader"
        )
    return lines

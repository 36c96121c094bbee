"""The glyphs that a stroke model learns from, in memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from handsynth.errors import DataError
from train.data.dataset import Dataset
from train.strokes.networks import CENTRE, UNIT
from train.strokes.paths import Slots, slotted
from train.strokes.recipe import StrokesConfig

LOSSY = frozenset({"ibm", "kai"})
"""UNIPEN's sources that lost strokes even of checked letters: bars of t, dots of i."""


@dataclass(frozen=True)
class StrokeGlyphs:
    """n glyphs of one split, by people with pens."""

    points: Tensor
    """f32 [n,P,2], in UNIT px about CENTRE."""
    exist: Tensor
    """f32 [n,K]."""
    char: Tensor
    """int64 [n]: place in the charset."""
    writer: np.ndarray
    """int64 [n]: 0 … w - 1."""
    names: tuple[str, ...]
    """[w]: source/writer."""
    rows: np.ndarray
    """int64 [n]: rows of the dataset."""

    def __len__(self) -> int:
        return len(self.char)


def load(
    data: Dataset, config: StrokesConfig, split: int = 0, keep: np.ndarray | None = None, clean: bool = True
) -> StrokeGlyphs:
    """The glyphs of a split that have strokes; `keep` bool [n of the dataset] leaves some out.

    `clean`: leave out letters that lost strokes (training only: what measures must not choose).
    """
    slots = Slots(config.points)
    code = np.asarray(data.codepoints)
    lookup = {ord(char): i for i, char in enumerate(config.characters)}
    usable = (data.split == split) & (data.strokes > 0) & (data.writers >= 0) & np.isin(code, list(lookup))
    if keep is not None:
        usable &= keep
    if clean:
        single = data.strokes == 1
        usable &= ~(single & np.isin(code, [ord(char) for char in config.dotted]))
        lossy = np.array([entry["name"].split("/")[0] in LOSSY for entry in data.manifest["writers"]] or [False])
        usable &= ~(single & np.isin(code, [ord(char) for char in "tf"]) & lossy[np.asarray(data.writers)])
    rows = np.flatnonzero(usable)
    if not len(rows):
        raise DataError(f"{data.path} has no pen strokes of these characters; prepare UNIPEN, or use the recipe field")
    points, exist, fits = slotted(data, rows, slots)
    rows, points, exist = rows[fits], points[fits], exist[fits]
    writers, writer = np.unique(data.writers[rows], return_inverse=True)
    here = np.repeat(exist, slots.points, axis=1)[..., None]
    scaled = np.where(here, (points - np.array(CENTRE, np.float32)) / np.float32(UNIT), np.float32(0))
    return StrokeGlyphs(
        torch.from_numpy(scaled.astype(np.float32)),
        torch.from_numpy(exist.astype(np.float32)),
        torch.tensor([lookup[int(c)] for c in code[rows]]),
        writer.astype(np.int64),
        tuple(data.manifest["writers"][int(w)]["name"] for w in writers),
        rows,
    )

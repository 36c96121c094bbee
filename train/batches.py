"""Which glyphs form a batch: a function of (seed, step) alone, so that a resumed run sees the same ones."""

from __future__ import annotations

import string
from dataclasses import dataclass

import numpy as np

from handsynth.errors import DataError
from train.data.dataset import Dataset
from train.recipe import DataConfig

COMMON = set(string.ascii_letters + string.digits)


@dataclass(frozen=True)
class Batch:
    """g groups of k glyphs, each group by one writer."""

    rows: np.ndarray
    """int64 [g, k]: rows of the dataset."""
    seen: np.ndarray
    """float32 [g, r]: 1 where one of the first r glyphs takes part in reading the hand, else 0."""


class Batches:
    """Draws batches of one split.

    With `group` = 1 an epoch passes once over all glyphs; otherwise writers are drawn with tempered weights, and
    within a writer characters before glyphs, so that a rare letter is seen as often as a common one.
    """

    def __init__(self, data: Dataset, config: DataConfig, rows: np.ndarray, seed: int):
        if not len(rows):
            raise DataError(f"{data.path} has no glyphs to train on for these characters; prepare more data")
        self.config, self.seed, self.rows = config, seed, rows
        self.epoch, self.order = -1, np.empty(0, np.int64)
        self.codepoints = np.asarray(data.codepoints)[rows]
        writers = np.asarray(data.writers)[rows]
        if config.group > 1:
            if (writers >= 0).sum() == 0:
                raise DataError(f"{data.path} names no writers: use a recipe with group = 1, or data with writers")
            rows, writers, codes = rows[writers >= 0], writers[writers >= 0], self.codepoints[writers >= 0]
            order = np.lexsort((rows, codes, writers))
            bounds = np.flatnonzero(np.diff(writers[order])) + 1
            self.by_writer = np.split(order, bounds)
            self.rows, self.codepoints = rows, codes
            names = [source["name"] for source in data.manifest["sources"]]
            source = data.sources[rows]
            share = np.array([config.source_weights.get(name, 1.0) for name in names])
            weight = np.array([len(w) ** config.writer_power for w in self.by_writer])
            group_source = np.array([source[w[0]] for w in self.by_writer])
            for index in np.unique(group_source):  # a source's weight is shared among its writers
                mine = group_source == index
                weight[mine] *= share[index] / weight[mine].sum()
            self.writer_weight = weight / weight.sum()
            self.chars = [_by_character(self.codepoints, w, config.rare_weight) for w in self.by_writer]

    @property
    def size(self) -> int:
        return self.config.groups * self.config.group

    @property
    def steps_per_pass(self) -> int:
        return max(1, len(self.rows) // self.size)

    def __call__(self, step: int) -> Batch:
        return self._pass(step) if self.config.group == 1 else self._groups(step)

    def _random(self, *counter: int) -> np.random.Generator:
        return np.random.Generator(np.random.Philox(key=self.seed, counter=[0, 0, *counter]))

    def _pass(self, step: int) -> Batch:
        epoch, index = divmod(step, self.steps_per_pass)
        if epoch != self.epoch:  # kept: of a million glyphs it takes longer than a GPU's step
            self.epoch, self.order = epoch, self._random(1, epoch).permutation(len(self.rows))
        chosen = self.rows[self.order[index * self.size : (index + 1) * self.size]]
        return Batch(chosen[:, None], np.ones((len(chosen), 1), np.float32))

    def _groups(self, step: int) -> Batch:
        random = self._random(2, step)
        g, k = self.config.groups, self.config.group
        writers = random.choice(len(self.by_writer), g, p=self.writer_weight)
        rows = np.empty((g, k), np.int64)
        most = min(self.config.read or k, k)
        seen = np.zeros((g, most), np.float32)
        for i, writer in enumerate(writers):
            starts, counts, weight = self.chars[writer]
            kinds = random.choice(len(starts), k, p=weight, replace=len(starts) < k)
            pick = starts[kinds] + (random.random(k) * counts[kinds]).astype(np.int64)
            rows[i] = self.rows[self.by_writer[writer][pick]]
            seen[i, random.permutation(most)[: random.integers(1, most + 1)]] = 1  # from one glyph to all of them
        return Batch(rows, seen)


def _by_character(codepoints: np.ndarray, mine: np.ndarray, rare: float) -> tuple[np.ndarray, ...]:
    """Runs of equal characters in one writer's sorted glyphs: starts, counts and the weight of each."""
    kinds, starts, counts = np.unique(codepoints[mine], return_index=True, return_counts=True)
    weight = np.array([1.0 if chr(kind) in COMMON else rare for kind in kinds])
    return starts, counts, weight / weight.sum()

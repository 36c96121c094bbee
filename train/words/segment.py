"""A classifier of a word's points: which letter, whether a new one begins, whether the pen came back for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from handsynth.text.charset import index_table
from train.words.trajectory import FEATURES, Trajectory, features, late

CHARACTERS = "".join(map(chr, range(33, 127)))
INDEX = index_table(CHARACTERS)
OUTPUTS = len(CHARACTERS) + 2
"""Letters, then the logits of `begins` and `late`."""


@dataclass(frozen=True)
class SegmentConfig:
    steps: int = 3000
    batch: int = 32
    learning_rate: float = 2e-3
    width: int = 96
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16, 32, 1, 2, 4, 8)
    dropout: float = 0.1
    marked: float = 0.5
    """Share of the words whose letters people marked; the others are made up of single letters."""
    found: float = 0.35
    """Share of the words whose letters an earlier classifier found, once there are any."""
    slant: float = 0.15
    size: float = 0.12
    turn: float = 0.05
    """Augmentation: standard deviations of shear, of the logarithms of width and height, and of the angle."""


class Points(nn.Module):
    """Dilated convolutions along the pen's way (temporal convolutional network, Bai, Kolter, Koltun 2018)."""

    def __init__(self, config: SegmentConfig) -> None:
        super().__init__()
        self.into = nn.Linear(FEATURES, config.width)
        self.norms = nn.ModuleList(nn.LayerNorm(config.width) for _ in config.dilations)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(config.width, 2 * config.width, 3, padding=step, dilation=step) for step in config.dilations
        )
        self.drop = nn.Dropout(config.dropout)
        self.out = nn.Linear(config.width, OUTPUTS)

    def forward(self, points: Tensor, there: Tensor) -> Tensor:
        """Logits [b,t,OUTPUTS] of features [b,t,FEATURES]; there [b,t]: which are points."""
        x = self.into(points)
        for norm, convolve in zip(self.norms, self.convolutions, strict=True):
            inner = (norm(x) * there[..., None]).transpose(1, 2)
            value, gate = convolve(inner).chunk(2, dim=1)
            x = x + self.drop((value * torch.sigmoid(gate)).transpose(1, 2))
        scores: Tensor = self.out(x)
        return scores


@dataclass(frozen=True)
class WordBatch:
    features: Tensor
    there: Tensor
    letter: Tensor
    """int64 [b,t]: character, -100 where unknown."""
    begins: Tensor
    late: Tensor
    """f32 [b,t]: 0, 1, and nan where unknown."""


def batch(words: list[tuple[str, Trajectory]]) -> WordBatch:
    """Words and their sequences, padded."""
    longest = max(len(some) for _, some in words)
    shape = len(words), longest
    told = torch.zeros(*shape, FEATURES)
    there, letter = torch.zeros(shape), torch.full(shape, -100)
    begins, back = torch.full(shape, torch.nan), torch.full(shape, torch.nan)
    for row, (text, some) in enumerate(words):
        n = len(some)
        told[row, :n] = torch.from_numpy(features(some))
        there[row, :n] = 1
        known = some.letter >= 0
        codes = np.array([INDEX.get(char, -100) for char in text])
        letter[row, :n] = torch.from_numpy(np.where(known, codes[np.maximum(some.letter, 0)], -100))
        behind = late(some)
        back[row, :n] = torch.from_numpy(np.where(known, behind, np.nan).astype(np.float32))
        begins[row, :n] = torch.from_numpy(_begins(some, behind))
    return WordBatch(told, there, letter, begins, back)


def _begins(some: Trajectory, behind: np.ndarray) -> np.ndarray:
    """f32 [t]: 1 at a letter's first point, nan at late strokes and where no one knows."""
    result = np.zeros(len(some), np.float32)
    furthest = -1
    for at, (number, back) in enumerate(zip(some.letter.tolist(), behind.tolist(), strict=True)):
        if number < 0 or back:
            result[at] = np.nan
        elif number > furthest:
            result[at], furthest = 1, number
    return result


def loss(network: Points, some: WordBatch) -> dict[str, Tensor]:
    logits = network(some.features, some.there)
    letters = F.cross_entropy(logits[..., :-2].flatten(0, 1).float(), some.letter.flatten(), ignore_index=-100)
    parts = {"letter": letters}
    for name, place, goal in (("begins", -2, some.begins), ("late", -1, some.late)):
        known = ~goal.isnan()
        parts[name] = F.binary_cross_entropy_with_logits(logits[..., place][known].float(), goal[known])
    return {"loss": sum(parts.values(), torch.zeros(())), **parts}


@torch.no_grad()
def scores(network: Points, words: list[tuple[str, Trajectory]], size: int = 64) -> list[np.ndarray]:
    """Log-probabilities f32 [t,OUTPUTS] of each word's points (letters), and the two logits as they are."""
    result: list[np.ndarray] = []
    for start in range(0, len(words), size):
        some = words[start : start + size]
        made = batch(some)
        logits = network(made.features, made.there).float()
        read = torch.cat([logits[..., :-2].log_softmax(-1), logits[..., -2:]], dim=-1).numpy()
        result += [read[row, : len(points)] for row, (_, points) in enumerate(some)]
    return result


Made = Callable[[int, np.random.Generator], list[tuple[str, Trajectory]]]
"""(how many, chance) -> words with their letters."""

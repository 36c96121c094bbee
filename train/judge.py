"""Training the judge: a classifier that measures the model and that nothing of the model has ever met.

The reader filters training labels, lends the critic its features and turns the legibility dial, so what it says of the
model is flattery. The judge is of another architecture (a residual network, batch norm, an average over the frame), has
another seed and its own split: a hash of the writer decides whom it learns from. It learns from people alone, never
from fonts, never from the test split, and from labels that no reader has filtered. No loss, filter, critic, dial or
choice of a checkpoint may ever see it: whatever does needs another judge.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from handsynth.errors import DataError, InputError
from train import checkpoint
from train.classifier import augmented, fit_classifier, labels
from train.data.dataset import Dataset
from train.data.pen import UNCHECKED_FAULTS
from train.lookalikes import accuracy
from train.model import channels_last
from train.reader import is_font, unseen_rows
from train.recipe import AugmentConfig

NAME = "judge.pt"
CHARS = "".join(chr(c) for c in range(0x21, 0x7F))
WIDTHS = (24, 48, 96, 160)
"""Channels at 1/2, 1/4, 1/8 and 1/16 of the frame; the last are the features."""
BATCH = 256
EPOCHS = 10
SEED = 1789
HELD = 0.12
"""Share of the writers that it validates on."""
RATE = 4e-3
AUGMENT = AugmentConfig(slant=0.15, size=0.08, aspect=0.08, rotation=3.0, pen=(1.4, 4.6), bold=0.8)
"""As the reader's, so that neither is used to pens that the other never saw."""
SHIFT = 1.5  # px


class Network(nn.Module):
    """ink [n, H, H] in 0..1 -> logits [n, C] and features [n, F]."""

    def __init__(self, characters: int, widths: tuple[int, ...] = WIDTHS):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, widths[0], 5, 2, 2, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU())
        pairs = zip(widths, widths[1:], strict=False)
        self.trunk = nn.Sequential(*(ResidualBlock(a, b) for a, b in pairs))
        self.dropout = nn.Dropout(0.2)
        self.logits = nn.Linear(widths[-1], characters)

    def forward(self, ink: Tensor) -> tuple[Tensor, Tensor]:
        x = self.stem(ink.unsqueeze(1).contiguous(memory_format=torch.channels_last))
        features = self.trunk(x).mean((2, 3))
        return self.logits(self.dropout(features)), features


class ResidualBlock(nn.Module):
    """Residual block [n, a, s, s] -> [n, b, s/2, s/2] (He et al. 2016)."""

    def __init__(self, a: int, b: int):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(a, b, 3, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU(),
            nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b),
        )  # fmt: skip
        self.skip = nn.Sequential(nn.AvgPool2d(2), nn.Conv2d(a, b, 1, bias=False), nn.BatchNorm2d(b))

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.skip(x))


@dataclass(frozen=True)
class JudgeScores:
    """Accuracy in per cent, strict and case-merged, on the judge's own held writers and on the test split's."""

    held: tuple[float, float]
    test: tuple[float, float]
    test_glyphs: int


def held_out(name: str) -> bool:
    """Whether the judge validates on this writer (`source/writer`) rather than learn from them; stable anywhere."""
    digest = hashlib.blake2b(f"judge/{name}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64 < HELD


def writer_names(data: Dataset) -> list[str]:
    """Of each writer of the dataset: the source's name, and its name in it."""
    sources = data.manifest["sources"]
    return [f"{sources[w['source']]['name']}/{w['name']}" for w in data.manifest["writers"]]


def own_split(data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Rows that the judge learns from and rows that it validates on: people of the train and val splits.

    Hand-checked glyphs, and others of sources without known faults (which prepared data has left out already).
    """
    known = (data.split != 2) & ~is_font(data) & (data.writers >= 0)
    rows = np.flatnonzero(known & np.isin(data.codepoints, [ord(c) for c in CHARS]))
    collector = np.array([w["name"].split("/")[0] in UNCHECKED_FAULTS for w in data.manifest["writers"]], bool)
    rows = rows[data.checked[rows] | ~collector[data.writers[rows]]]
    held = np.array([held_out(name) for name in writer_names(data)], bool)[data.writers[rows]]
    return rows[~held], rows[held]


def train_judge(
    data: Dataset, output: Path, *, epochs: int = EPOCHS, seed: int = SEED, widths: tuple[int, ...] = WIDTHS,
    batch: int = BATCH,
) -> JudgeScores:  # fmt: skip
    """Train and save `output`/judge.pt; the last step is what is kept, so its held writers chose nothing either."""
    if (output / NAME).is_file():
        raise InputError(f"{output} holds a judge already; choose another folder")
    learn, held = own_split(data)
    charset = [chr(c) for c in np.unique(data.codepoints[learn])]
    if len(charset) < 2:
        raise DataError(f"{data.path} has glyphs of fewer than two characters by people; prepare more data")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {output}: {error.strerror}; choose another folder") from error
    model = _fit(data, learn, charset, epochs, seed, widths, batch)
    test = unseen_rows(data)
    scores = JudgeScores(_score(model, data, held, charset), _score(model, data, test, charset), len(test))
    names = writer_names(data)
    state = {
        "kind": "judge", "charset": charset, "frame": data.frame.to_dict(), "widths": list(widths), "seed": seed,
        "glyphs": len(learn), "writers": [names[w] for w in np.unique(data.writers[learn])],
        "held": [names[w] for w in np.unique(data.writers[held])],
        "scores": {"held": list(scores.held), "test": list(scores.test)},
        "model": model.state_dict(),
    }  # fmt: skip
    checkpoint.save(output / NAME, state)
    return scores


def load_judge(path: str | Path) -> tuple[Network, dict[str, Any]]:
    """A judge saved by `train_judge` (its folder or file), in eval mode."""
    path = Path(path)
    path = path / NAME if path.is_dir() else path
    state = checkpoint.load(path)
    if state.get("kind") != "judge":
        raise InputError(f"{path} is no judge; make one with `python -m train judge`")
    model = Network(len(state["charset"]), tuple(state["widths"]))
    model.load_state_dict(state["model"])
    return channels_last(model).eval(), state


@torch.no_grad()
def run(model: Network, ink: np.ndarray, batch: int = BATCH) -> tuple[np.ndarray, np.ndarray]:
    """ink f32 [n, H, H] in 0..1 -> log-probabilities [n, C] and features [n, F]."""
    parts = [model(torch.from_numpy(np.ascontiguousarray(ink[i : i + batch]))) for i in range(0, len(ink), batch)]
    logits, features = (torch.cat(part) for part in zip(*parts, strict=True))
    return logits.log_softmax(1).numpy(), features.numpy()


def report(scores: JudgeScores) -> str:
    return (
        f"reads, 62 classes: {scores.test[0]:.1f} % right, {scores.test[1]:.1f} % case-merged, of "
        f"{scores.test_glyphs:,} characters of the test split; {scores.held[0]:.1f} %, {scores.held[1]:.1f} % of "
        "its own held writers' letters and digits, checked or not"
    )


def _score(model: Network, data: Dataset, rows: np.ndarray, charset: list[str]) -> tuple[float, float]:
    look = {ord(c): i for i, c in enumerate(charset)}
    rows = rows[[int(c) in look and chr(c).isalnum() for c in data.codepoints[rows]]]
    if not len(rows):
        return 0.0, 0.0
    scores = np.concatenate([
        run(model, np.clip(data.fields[part].astype(np.float32) / 16 + np.float32(0.5), 0, 1))[0]
        for part in np.array_split(rows, -(-len(rows) // 4096))
    ])  # fmt: skip
    strict, merged = accuracy(scores, np.array([look[int(c)] for c in data.codepoints[rows]]), charset).mean(1)
    return round(100 * float(strict), 2), round(100 * float(merged), 2)


def _fit(
    data: Dataset, rows: np.ndarray, charset: list[str], epochs: int, seed: int, widths: tuple[int, ...], batch: int
) -> Network:
    label = labels(data, rows, charset)
    # between natural and equal, of classes and of writers: a few people wrote thousands
    weight = np.bincount(label)[label] ** -0.5 * np.bincount(data.writers[rows])[data.writers[rows]] ** -0.5
    torch.manual_seed(seed)
    model = channels_last(Network(len(charset), widths)).train()
    fit_classifier(
        model, label, weight, lambda chosen, random: augmented(data, rows[chosen], random, AUGMENT, SHIFT),
        steps=max(1, epochs * len(rows) // batch), batch=batch, seed=seed, rate=RATE, weight_decay=2e-2, warmup=0.15,
        title="judge",
    )  # fmt: skip
    return model.eval()

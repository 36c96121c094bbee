"""A small reader of words for benchmarks/recogniser.py: convolutions, a BiGRU and CTC (Graves et al., ICML 2006).

The same training for whatever it is given: AdamW, one cycle of the learning rate, one augmentation.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from benchmarks.recog_words import HEIGHT, LETTERS, Words, batches
from train.arithmetic import autocast

BATCH = 64
RATE = 3e-3


class LineReader(nn.Module):
    """Log probabilities [t,n,1+C] of letters, 0 for none, from ink [n,1,HEIGHT,w] in 0 … 1."""

    def __init__(self) -> None:
        super().__init__()

        def layer(one: int, two: int, stride: int | tuple[int, int] = 1, pool: bool = False) -> list[nn.Module]:
            made: list[nn.Module] = [nn.Conv2d(one, two, 3, stride, 1, bias=False), nn.BatchNorm2d(two), nn.ReLU()]
            return [*made, nn.MaxPool2d((2, 1))] if pool else made

        self.see = nn.Sequential(
            *layer(1, 24, 2), *layer(24, 48, pool=True), *layer(48, 96, pool=True), *layer(96, 128, pool=True)
        )
        self.squeeze = nn.Sequential(nn.Linear(128 * HEIGHT // 16, 160), nn.ReLU(), nn.Dropout(0.1))
        self.read = nn.GRU(160, 144, bidirectional=True)
        self.say = nn.Linear(288, 1 + len(LETTERS))

    def forward(self, ink: torch.Tensor) -> torch.Tensor:
        with autocast():
            seen = self.see(ink.contiguous(memory_format=torch.channels_last))
        seen = seen.float().permute(3, 0, 1, 2).flatten(2)
        return functional.log_softmax(self.say(self.read(self.squeeze(seen))[0]), dim=2)


def together(strips: Sequence[np.ndarray]) -> torch.Tensor:
    """Ink [n,1,HEIGHT,w] in 0 … 1 of strips of several widths."""
    page = np.zeros((len(strips), 1, HEIGHT, max(each.shape[1] for each in strips) + 8), np.float32)
    for at, each in enumerate(strips):
        page[at, 0, :, 4 : 4 + each.shape[1]] = each
    return torch.from_numpy(page / np.float32(255))


def augmented(ink: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
    """Another slant, width, size, place, turn and pen for each; waves; fainter ink; noise."""
    count, _, height, width = ink.shape

    def between(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(count, 1, 1, generator=chance)

    y = torch.linspace(-1, 1, height).view(1, -1, 1)
    x = torch.linspace(-1, 1, width).view(1, 1, -1)
    aspect = width / height
    tall, wide = between(1.0, 1.3), between(0.85, 1.25)
    # what lies at the right moves little: pictures begin at the left
    from_x = (x + 1) * wide - 1 + (between(-0.5, 0.5) * y + between(-0.06, 0.06)) / aspect
    from_y = y * tall + between(-0.06, 0.06) + between(-0.03, 0.03) * x * aspect
    for _ in range(2):
        wave = between(0.3, 1.2) * aspect * (x + 1) + between(0, 2 * math.pi)
        from_y = from_y + between(0, 0.04) * torch.sin(wave * 3)
        from_x = from_x + between(0, 0.06) / aspect * torch.sin(wave * 5 + 2 * y)
    grid = torch.stack([from_x.expand(count, height, width), from_y.expand(count, height, width)], dim=3)
    moved = functional.grid_sample(ink, grid, align_corners=True)
    pen = torch.rand(count, 1, 1, 1, generator=chance)
    thick, thin = functional.max_pool2d(moved, 3, 1, 1), -functional.max_pool2d(-moved, 3, 1, 1)
    moved = torch.where(pen < 0.25, (moved + thick) / 2, torch.where(pen > 0.8, (moved + thin) / 2, moved))
    moved = moved * (0.6 + 0.4 * torch.rand(count, 1, 1, 1, generator=chance))
    return moved + 0.03 * torch.randn(moved.shape, generator=chance)


def fitted(words: Words, steps: int, seed: int, say: Callable[[str], None]) -> LineReader:
    """A reader trained on `words` for `steps` steps."""
    torch.manual_seed(seed)
    random, chance = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    reader = LineReader().to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(reader.parameters(), RATE, weight_decay=1e-3)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.15)
    numbers = {char: 1 + at for at, char in enumerate(LETTERS)}
    labels = [torch.tensor([numbers[char] for char in text]) for text in words.texts]
    started, total, begin = time.perf_counter(), 0.0, 0
    reader.train()
    for step, rows in enumerate(alike(words, steps, random), 1):
        ink = augmented(together([words.strips[row] for row in rows]), chance)
        goal = [labels[row] for row in rows]
        spoken = reader(ink)
        lengths = torch.full((len(rows),), len(spoken))
        loss = functional.ctc_loss(
            spoken, torch.cat(goal), lengths, torch.tensor([len(each) for each in goal]), zero_infinity=True
        )
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(reader.parameters(), 2.0)
        optimiser.step()
        rates.step()
        total += loss.item()
        if step % 100 == 0 or step == steps:
            say(f"step {step}: loss {total / (step - begin):.3f}, {time.perf_counter() - started:.0f} s")
            total, begin = 0.0, step
    return reader


def alike(words: Words, steps: int, random: np.random.Generator, share: int = 8) -> list[np.ndarray]:
    """Batches of words of about one width, in random order."""
    made: list[np.ndarray] = []
    for rows in batches(len(words), BATCH * share, -(-steps // share), random):
        rows = rows[np.argsort([words.strips[row].shape[1] for row in rows], kind="stable")]
        some = np.split(rows, share)
        made += [some[at] for at in random.permutation(share)]
    return made[:steps]


def read(reader: LineReader, words: Words) -> list[str]:
    """What the reader says of each word: the likeliest letter of each step, without any list of words."""
    reader.eval()
    said = [""] * len(words)
    order = np.argsort([each.shape[1] for each in words.strips], kind="stable")
    with torch.inference_mode():
        for rows in np.array_split(order, max(1, len(order) // 128)):
            best = reader(together([words.strips[row] for row in rows])).argmax(dim=2).T.numpy()
            for row, path in zip(rows.tolist(), best, strict=True):
                changes = path[np.flatnonzero(np.diff(path, prepend=-1))]
                said[row] = "".join(LETTERS[number - 1] for number in changes if number)
    return said

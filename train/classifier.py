"""The loop that trains a classifier of glyphs: what the reader and the judge have in common, and all that they have."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from rich.progress import track
from torch import Tensor, nn

from train.arithmetic import autocast
from train.augment import augment, draw_parameters
from train.data.dataset import Dataset
from train.recipe import AugmentConfig

Chance = np.random.Generator


def labels(data: Dataset, rows: np.ndarray, charset: Sequence[str]) -> np.ndarray:
    """The numbers int64 [n] in `charset` of the characters of `rows`."""
    lookup = np.zeros(max(map(ord, charset)) + 1, np.int64)
    lookup[[ord(char) for char in charset]] = np.arange(len(charset))
    return np.asarray(lookup[data.codepoints[rows]])


def fit_classifier(
    model: nn.Module,
    label: np.ndarray,
    weight: np.ndarray,
    ink: Callable[[np.ndarray, Chance], Tensor],
    *,
    steps: int,
    batch: int,
    seed: int,
    rate: float,
    weight_decay: float,
    warmup: float,
    title: str,
) -> None:
    """Train `model`, which gives logits [b,C] first, on examples drawn with `weight` [n] that have `label` [n].

    `ink(chosen, random)` gives the ink f32 [b,H,H] of the examples `chosen` int64 [b]. `rate` is the highest learning
    rate, which a share `warmup` of the steps leads up to. The same seed gives the same batches.
    """
    weight = weight / weight.sum()
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=weight_decay, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps + 1, pct_start=warmup)
    for step in track(range(steps), title):
        random = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 0, step]))
        chosen = random.choice(len(label), min(batch, len(label)), p=weight)
        drawn = ink(chosen, random)
        with autocast():
            logits, _ = model(drawn)
        loss = F.cross_entropy(logits.float(), torch.from_numpy(label[chosen]), label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()


def augmented(data: Dataset, rows: np.ndarray, random: Chance, how: AugmentConfig, shift: float) -> Tensor:
    """Ink [n,H,H] in 0..1 of `rows`, each with another pen, slant and size, and up to `shift` px out of place."""
    order = np.argsort(rows)  # in the order of the file, and back
    field = torch.from_numpy(data.fields[rows[order]][np.argsort(order)]).float() / 16
    parameters = torch.from_numpy(draw_parameters(how, len(rows), random))
    field = augment(field, torch.from_numpy(data.pens[rows]), parameters, data.frame)
    moved = torch.from_numpy(random.uniform(-shift, shift, (len(rows), 2)).astype(np.float32)) * 2 / data.frame.size
    theta = torch.eye(2, 3).repeat(len(rows), 1, 1)
    theta[:, :, 2] = moved
    grid = F.affine_grid(theta, [len(rows), 1, *field.shape[1:]], align_corners=False)
    placed = F.grid_sample(field[:, None], grid, padding_mode="border", align_corners=False).squeeze(1)
    return (placed + 0.5).clamp(0, 1)

"""A sheet of what a stroke model draws: all characters by hands drawn at random."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from train.samples import contact_sheet
from train.strokes.ink import ink
from train.strokes.networks import Steps, StrokeDecoder
from train.strokes.paths import Slots
from train.strokes.recipe import StrokesConfig

PICTURE = Path("generated_images") / "samples.png"
HANDS = 10
PEN = 2.5
"""In frame px."""


@torch.no_grad()
def picture(path: Path, sizes: StrokesConfig, decoder: StrokeDecoder, draw: Steps, seed: int = 7) -> None:
    """Save one hand a row, always from the same noise."""
    chance, count = torch.Generator().manual_seed(seed), len(sizes.characters)
    char = torch.arange(count).repeat(HANDS)
    style = torch.randn(HANDS, sizes.style, generator=chance).repeat_interleave(count, 0)
    noise = torch.randn(len(char), sizes.variation, generator=chance)
    points, exist = decoder(char, draw(noise, char, style))
    drawn = ink(points.numpy(), exist.numpy(), Slots(sizes.points), np.full(len(char), PEN))
    contact_sheet(drawn.reshape(HANDS, count, *drawn.shape[1:]), path)

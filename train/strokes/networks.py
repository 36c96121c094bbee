"""The networks of the stroke model: small stacks of matrix products.

Shapes: n glyphs, P points and K strokes of a glyph (see `paths.Slots`), V the size of the variation (a glyph's latent),
S that of the style (a writer's factors), C the number of characters. Points are in units of `UNIT` frame px about
`CENTRE`.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CENTRE = (32.0, 36.0)
"""Frame px; the middle of a letter."""
UNIT = 12.0
"""Frame px."""
LOGVAR = (-10.0, 4.0)
_WAVES = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)


class LinearBlock(nn.Module):
    """Two linear layers beside an identity."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Linear(width, width)
        self.second = nn.Linear(width, width)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = x + self.second(F.gelu(self.first(F.layer_norm(x, x.shape[-1:]))))
        return y


class Stack(nn.Module):
    """inputs [n,i] -> outputs [n,o] through `blocks` residual blocks; stands for one character each by an embedding."""

    def __init__(
        self, characters: int, inputs: int, width: int, blocks: int, outputs: int, embedding: int = 64
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(characters, embedding)
        self.inner = nn.Linear(inputs + embedding, width)
        self.blocks = nn.Sequential(*(LinearBlock(width) for _ in range(blocks)))
        self.outer = nn.Linear(width, outputs)

    def forward(self, char: Tensor, *inputs: Tensor) -> Tensor:
        x = self.inner(torch.cat([*inputs, self.embedding(char)], dim=1))
        y: Tensor = self.outer(F.gelu(self.blocks(x)))
        return y


class StrokeEncoder(nn.Module):
    """(points, which strokes exist, character) -> mean and log-variance [n,V] of q(v | x, c)."""

    def __init__(self, characters: int, points: int, strokes: int, variation: int, width: int, blocks: int) -> None:
        super().__init__()
        self.stack = Stack(characters, 2 * points + strokes, width, blocks, 2 * variation)

    def forward(self, points: Tensor, exist: Tensor, char: Tensor) -> tuple[Tensor, Tensor]:
        mean, logvar = self.stack(char, points.flatten(1), exist).float().chunk(2, dim=1)
        return mean, logvar.clamp(*LOGVAR)


class StrokeDecoder(nn.Module):
    """(character, variation) -> points [n,P,2] and logits [n,K] of the strokes' existence."""

    def __init__(self, characters: int, points: int, strokes: int, variation: int, width: int, blocks: int) -> None:
        super().__init__()
        self.points = points
        self.stack = Stack(characters, variation, width, blocks, 2 * points + strokes)

    def forward(self, char: Tensor, variation: Tensor) -> tuple[Tensor, Tensor]:
        drawn = self.stack(char, variation).float()
        return drawn[:, : 2 * self.points].view(-1, self.points, 2), drawn[:, 2 * self.points :]


class Flow(nn.Module):
    """The velocity [n,V] at time t of a flow from noise to p(v | c, s): (place, t, character, style, known).

    `known` [n,1] is 0 where the style is withheld.
    """

    def __init__(self, characters: int, variation: int, style: int, width: int, blocks: int) -> None:
        super().__init__()
        self.stack = Stack(characters, variation + style + 1 + 2 * len(_WAVES), width, blocks, variation)
        nn.init.zeros_(self.stack.outer.weight)

    def forward(self, place: Tensor, t: Tensor, char: Tensor, style: Tensor, known: Tensor) -> Tensor:
        waves = t * torch.tensor(_WAVES, dtype=t.dtype, device=t.device)
        velocity: Tensor = self.stack(char, place, style * known, known, waves.sin(), waves.cos())
        return velocity


class FewStepPrior(nn.Module):
    """The prior in a few steps, distilled from the flow: (noise [n,V], character, style [n,S]) -> variation [n,V]."""

    def __init__(self, characters: int, variation: int, style: int, width: int, blocks: int, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.stack = Stack(characters, variation + style + 1, width, blocks, variation)

    def forward(self, noise: Tensor, char: Tensor, style: Tensor) -> Tensor:
        return _walk([self] * self.steps, noise, char, style)

    def velocity(self, place: Tensor, t: Tensor, char: Tensor, style: Tensor) -> Tensor:
        velocity: Tensor = self.stack(char, place, style, t).float()
        return velocity


class Steps(nn.Module):
    """`FewStepPrior` with weights of its own for each step, which begin as those of `draw`."""

    def __init__(self, draw: FewStepPrior) -> None:
        super().__init__()
        self.parts = nn.ModuleList([copy.deepcopy(draw) for _ in range(draw.steps)])

    def forward(self, noise: Tensor, char: Tensor, style: Tensor) -> Tensor:
        return _walk(cast(list[FewStepPrior], list(self.parts)), noise, char, style)


def _walk(parts: Sequence[FewStepPrior], noise: Tensor, char: Tensor, style: Tensor) -> Tensor:
    """From noise by as many steps as there are parts, each with the velocity of its own."""
    place = noise
    for number, part in enumerate(parts):
        t = torch.full_like(place[:, :1], number / len(parts))
        place = place + part.velocity(place, t, char, style) / len(parts)
    return place


class StrokeCritic(nn.Module):
    """How real a glyph looks in a style: (character, variation, what is drawn of it [n,2P+K], style) -> [n]."""

    def __init__(self, characters: int, variation: int, drawn: int, style: int, width: int, blocks: int) -> None:
        super().__init__()
        self.stack = Stack(characters, variation + drawn + style + 1, width, blocks, 1)

    def forward(self, char: Tensor, variation: Tensor, drawn: Tensor, style: Tensor) -> Tensor:
        real: Tensor = self.stack(char, variation, drawn, style, torch.ones_like(style[:, :1])).float().squeeze(1)
        return real


class StrokeReader(nn.Module):
    """Which character strokes are: what is drawn [n,2P+K] -> logits [n,C]. It is part of training alone."""

    def __init__(self, characters: int, drawn: int, width: int = 384) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(drawn, width), nn.GELU(), nn.Dropout(0.1),
            nn.Linear(width, width), nn.GELU(), nn.Dropout(0.1), nn.Linear(width, characters),
        )  # fmt: skip

    def forward(self, drawn: Tensor) -> Tensor:
        logits: Tensor = self.net(drawn).float()
        return logits


class PixelEncoder(nn.Module):
    """(ink [n,H,H] in 0..1, character) -> mean and log-variance [n,V] of the variation that draws it."""

    def __init__(self, characters: int, variation: int, size: int, width: int, blocks: int) -> None:
        super().__init__()
        self.seen = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(16, 64, 3, padding=1), nn.ReLU(),
            nn.Conv2d(64, 96, 3, 2, 1), nn.ReLU(),
            nn.Conv2d(96, 96, 3, 2, 1), nn.ReLU(),
            nn.Flatten(), nn.Linear(96 * (size // 16) ** 2, width), nn.ReLU(),
        )  # fmt: skip
        self.stack = Stack(characters, width, width, blocks, 2 * variation)

    def forward(self, ink: Tensor, char: Tensor) -> tuple[Tensor, Tensor]:
        mean, logvar = self.stack(char, self.seen(ink.unsqueeze(1))).float().chunk(2, dim=1)
        return mean, logvar.clamp(*LOGVAR)

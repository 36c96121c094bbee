"""Letters in context: what changes of an isolated letter where the pen comes from another one or goes on to one.

A decoder of isolated letters stands still; beside it a small network moves its points, given how the letter is entered
and left. The variation means what it does in isolated letters: words' letters are encoded near their writer's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from handsynth.errors import InputError
from handsynth.frame import STANDARD
from handsynth.model.graphs import CONTEXT
from handsynth.text.charset import index_table
from train import checkpoint
from train.strokes.networks import CENTRE, UNIT, Stack
from train.strokes.paths import Slots, resample
from train.strokes.recipe import StrokeRecipe
from train.strokes.vae import Vae
from train.words.beforehand import Beforehand
from train.words.letters import Cut

STAGE = "context"
EASED = 12
"""Points of the first stroke over which what is left of an end's error of height is eased out."""


@dataclass(frozen=True)
class ContextConfig:
    steps: int = 14_000
    batch: int = 256
    learning_rate: float = 1e-3
    width: int = 256
    blocks: int = 2
    embedding: int = 32
    kl: float = 1.0
    legible: float = 1.0
    """Weight of the log-probability by a reader of strokes, for variations of isolated letters."""
    reader_steps: int = 5000


@dataclass(frozen=True)
class Contexts:
    """n letters of words that are joined, as `StrokeGlyphs`, with what is known of their variation beforehand."""

    points: Tensor
    """f32 [n,P,2], in UNIT px about CENTRE."""
    exist: Tensor
    char: Tensor
    context: Tensor
    """f32 [n,CONTEXT]."""
    writer: np.ndarray
    mean: Tensor
    variance: Tensor
    """f32 [n,V]: of the variation, by the writer's isolated letters."""

    def __len__(self) -> int:
        return len(self.char)

    def take(self, rows: Tensor) -> Contexts:
        """Those of `rows` int64 [m]."""
        return Contexts(
            self.points[rows], self.exist[rows], self.char[rows], self.context[rows],
            self.writer[rows.numpy()], self.mean[rows], self.variance[rows],
        )  # fmt: skip


class JoinedDecoder(nn.Module):
    """(character, variation, context, an isolated letter's points and existence) -> those of the letter in a word.

    Without a join the letter is the isolated one. Its first stroke begins and ends at the heights of the context.
    """

    begins: Tensor
    ends: Tensor
    owner: Tensor

    def __init__(self, characters: int, slots: Slots, variation: int, config: ContextConfig) -> None:
        super().__init__()
        self.slots = slots
        inputs = variation + CONTEXT + 2 * slots.total + slots.count
        outputs = 2 * slots.total + slots.count
        self.stack = Stack(characters, inputs, config.width, config.blocks, outputs, config.embedding)
        nn.init.zeros_(self.stack.outer.weight)
        nn.init.zeros_(self.stack.outer.bias)
        ease = (1 - torch.arange(slots.points[0]) / EASED).clamp(min=0).square()
        still = torch.zeros(slots.total - slots.points[0])
        self.register_buffer("begins", torch.cat([ease, still]))
        self.register_buffer("ends", torch.cat([ease.flip(0), still]))
        self.register_buffer("owner", torch.from_numpy(slots.owner))

    def forward(
        self, char: Tensor, variation: Tensor, context: Tensor, points: Tensor, exist: Tensor
    ) -> tuple[Tensor, Tensor]:
        """points [n,P,2] in UNIT px about CENTRE, exist [n,K] logits -> the same."""
        points, exist = self.moved(char, variation, context, points, exist)
        return self.met(points, context), exist

    def moved(
        self, char: Tensor, variation: Tensor, context: Tensor, points: Tensor, exist: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The same before the ends are brought to their heights."""
        here = (exist > 0).float()
        seen = points * here[:, self.owner, None]
        change = self.stack(char, variation, context, seen.flatten(1), here).float()
        change = change * torch.maximum(context[:, :1], context[:, 1:2])
        many = 2 * self.slots.total
        return points + change[:, :many].view(-1, self.slots.total, 2), exist + change[:, many:]

    def met(self, points: Tensor, context: Tensor) -> Tensor:
        last = self.slots.points[0] - 1
        first_off = (rows(context[:, 4]) - points[:, 0, 1]) * context[:, 0]
        last_off = (rows(context[:, 7]) - points[:, last, 1]) * context[:, 1]
        up = first_off[:, None] * self.begins + last_off[:, None] * self.ends
        return torch.stack([points[..., 0], points[..., 1] + up], dim=-1)


def rows(heights: Tensor) -> Tensor:
    """Heights in x-heights over the baseline, in UNIT px about CENTRE, y down."""
    return (STANDARD.baseline - heights * STANDARD.xheight - CENTRE[1]) / UNIT


class ContextEncoder(nn.Module):
    """The stroke encoder, told the context too: (points, exist, character, context) -> mean and log-variance [n,V]."""

    def __init__(self, vae: Vae) -> None:
        super().__init__()
        self.encoder = vae.encoder
        self.told = nn.Linear(CONTEXT, self.encoder.stack.inner.out_features, bias=False)
        nn.init.zeros_(self.told.weight)

    def forward(self, points: Tensor, exist: Tensor, char: Tensor, context: Tensor) -> tuple[Tensor, Tensor]:
        stack = self.encoder.stack
        x = stack.inner(torch.cat([points.flatten(1), exist, stack.embedding(char)], dim=1)) + self.told(context)
        mean, logvar = stack.outer(F.gelu(stack.blocks(x))).float().chunk(2, dim=1)
        return mean, logvar.clamp(-10.0, 4.0)


def contexts(cuts: Sequence[Cut], recipe: StrokeRecipe, beforehand: Beforehand) -> Contexts:
    """Those of the letters that are joined, known to the model, of no more strokes than it has, i and j with a dot."""
    slots, sizes = Slots(recipe.strokes.points), recipe.strokes
    index = index_table(sizes.characters)
    used = [
        cut for cut in cuts
        if any(cut.joined) and cut.char in index and len(cut.strokes) <= slots.count
        and (cut.char not in sizes.dotted or len(cut.strokes) > 1)
    ]  # fmt: skip
    starts = np.concatenate([[0], np.cumsum(slots.points)])
    points, exist = np.zeros((len(used), slots.total, 2), np.float32), np.zeros((len(used), slots.count), np.float32)
    for row, cut in enumerate(used):
        for slot, line in enumerate(cut.strokes):
            path = (resample(line, slots.points[slot]) - np.array(CENTRE)) / UNIT
            points[row, starts[slot] : starts[slot + 1]] = path
            exist[row, slot] = 1
    char, writer = np.array([index[cut.char] for cut in used]), np.array([cut.writer for cut in used])
    mean, variance = beforehand(writer, char)
    return Contexts(
        torch.from_numpy(points), torch.from_numpy(exist), torch.from_numpy(char),
        torch.from_numpy(np.stack([cut.context for cut in used])),
        writer, torch.from_numpy(mean).float(), torch.from_numpy(variance).float(),
    )  # fmt: skip


def centred(points: Tensor, exist: Tensor, owner: Tensor) -> tuple[Tensor, Tensor]:
    """Drawn letters [n,P,2] with their ink in the middle, as graphs give them, and logits [n,K], one above 0."""
    surest = exist.amax(dim=1, keepdim=True)
    exist = torch.where(exist >= surest, exist.clamp(min=1.0), exist)
    here = (exist > 0)[:, owner]
    x = points[..., 0]
    low, high = (torch.where(here, x, torch.full_like(x, far)) for far in (1e4, -1e4))
    middle = (low.amin(dim=1) + high.amax(dim=1)) / 2
    return torch.stack([x - middle[:, None], points[..., 1]], dim=-1), exist


def load_decoder(folder: Path, recipe: StrokeRecipe) -> JoinedDecoder:
    """The averaged decoder of a finished stage, in eval mode. Raises InputError where there is none."""
    path = folder / f"{STAGE}.pt"
    if not path.is_file():
        raise InputError(f"there are no letters in words in {folder}; make them with `python -m train words --run RUN`")
    state = checkpoint.load(path)
    config = ContextConfig(**state["stage"])
    if state["step"] < config.steps:
        raise InputError(f"the stage {STAGE} of {folder} is at step {state['step']:,} of {config.steps:,}; go on")
    sizes = recipe.strokes
    decoder = JoinedDecoder(len(sizes.characters), Slots(sizes.points), sizes.variation, config)
    prefix = "decoder."
    own = {name.removeprefix(prefix): part for name, part in state["average"].items() if name.startswith(prefix)}
    try:
        decoder.load_state_dict(own)
    except RuntimeError as error:
        raise InputError(f"{path} was trained for another model; train it again with `--run`") from error
    return decoder.eval().requires_grad_(False)

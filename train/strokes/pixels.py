"""The last stage: from a picture of a letter to the variation that draws it, for letters out of photos.

Learned from rendered strokes: what is decoded should lie on the ink, whatever the order of its strokes, and the
variation should be near the strokes' own posterior.
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from handsynth.files import atomic_path
from handsynth.frame import STANDARD
from train.arithmetic import autocast
from train.strokes.glyphs import StrokeGlyphs
from train.strokes.ink import ink
from train.strokes.networks import CENTRE, UNIT, PixelEncoder
from train.strokes.paths import Slots
from train.strokes.recipe import EncoderConfig, StrokeRecipe
from train.strokes.stage import RowSampler, Run, train
from train.strokes.vae import BASELINE, Vae

PENS = 1.4, 5.0
"""Widths in frame px, log-uniform."""
COPIES = 2
"""Pictures of each glyph, by different pens."""
LOST = 100.0
"""Squared px beyond which a point is simply lost."""
SHIFT = 1.0
"""Largest error of a picture's place, in px."""
NEAR_POSTERIOR, SURE = 0.05, 0.02
"""Weights of the distance to the strokes' posterior and of how sure the encoder is."""
_STRIDE = 2


def rendered(run: Run, glyphs: StrokeGlyphs, slots: Slots) -> np.ndarray:
    """Coverage uint8 [COPIES,n,H,H] of the glyphs by many pens, centred; kept in the run's folder."""
    path = run.folder / "rendered.npy"
    if not path.is_file():
        random = np.random.default_rng(run.seed)
        points, exist = glyphs.points.numpy(), glyphs.exist.numpy()
        pens = np.exp(random.uniform(math.log(PENS[0]), math.log(PENS[1]), (COPIES, len(points))))
        with atomic_path(path) as temporary, temporary.open("wb") as file:
            np.save(file, np.stack([ink(points, exist, slots, pen) for pen in pens]))
    kept: np.ndarray = np.load(path, mmap_mode="r", allow_pickle=False)
    return kept


def fit_encoder(
    run: Run, recipe: StrokeRecipe, glyphs: StrokeGlyphs, vae: Vae, stop: float | None = None
) -> PixelEncoder:
    """Train the encoder of pictures, or load it where it is trained."""
    torch.manual_seed(recipe.seed + 3)
    config, sizes = recipe.encoder, recipe.strokes
    slots = Slots(sizes.points)
    encoder = PixelEncoder(len(sizes.characters), sizes.variation, STANDARD.size, config.width, config.blocks)
    pictures = rendered(run, glyphs, slots)
    owner = torch.from_numpy(slots.owner)
    sampler = RowSampler(glyphs.writer, glyphs.char.numpy())
    vae = vae.eval().requires_grad_(False)

    def loss(step: int, chance: torch.Generator) -> dict[str, Tensor]:
        rows = sampler(config.batch, chance)
        copy = int(torch.randint(COPIES, (1,), generator=chance))
        char, exist = glyphs.char[rows], glyphs.exist[rows]
        has = exist[:, owner]
        seen, points = shaken(
            torch.from_numpy(pictures[copy, rows.numpy()]).float() / 255, glyphs.points[rows], has, config, chance
        )
        with autocast():
            target, spread = vae.encoder(points, exist, char)
            mean, logvar = encoder(worn(seen, chance), char)
            drawn, logits = vae.decoder(char, mean)
        there = (logits > 0).float()
        there = torch.where(there.sum(1, keepdim=True) > 0, there, F.one_hot(logits.argmax(1), slots.count).float())
        near = chamfer(drawn, there[:, owner], points, has)
        variance = spread.exp()
        off = ((mean - target).square() / (variance + 0.1)).sum(1)
        existence = F.binary_cross_entropy_with_logits(logits, exist, reduction="none").sum(1)
        # how sure it is: a Gaussian about what it says, which itself is not pulled
        sure = 0.5 * (logvar + ((mean.detach() - target).square() + variance) * (-logvar).exp()).sum(1)
        total = near + NEAR_POSTERIOR * off + existence + SURE * sure
        return {
            "loss": total.mean(), "chamfer": near.mean(), "latent": off.mean(), "existence": existence.mean(),
            "sure": sure.mean(),
        }  # fmt: skip

    average = train(run, "encoder", encoder, config, loss, stop)
    assert isinstance(average, PixelEncoder)
    return average


def shaken(
    pictures: Tensor, points: Tensor, has: Tensor, config: EncoderConfig, chance: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Pictures [n,H,H] and their points [n,P,2] with another slant, width, height and place, each glyph by itself.

    The place in the picture is not quite the middle; up and down the points know of it.
    """
    n, size = len(pictures), pictures.shape[-1]
    lean, wide, high = torch.randn(3, n, generator=chance)
    lean, wide, high = config.slant * lean, (config.size * wide).exp(), (config.size * high).exp()
    aside, down = (torch.rand(2, n, generator=chance) * 2 - 1) * (SHIFT / UNIT)
    x, up = points[..., 0], points[..., 1] - BASELINE
    moved = torch.stack(
        [x * wide[:, None] - up * lean[:, None], up * high[:, None] + BASELINE + down[:, None]], dim=-1
    ) * has[..., None]  # fmt: skip
    # a pixel's place, back to where it lay; pictures are centred, before and after
    before, after = middle(points, has), middle(moved, has)
    place = torch.arange(size) + 0.5
    across, below = (place - CENTRE[0]) / UNIT, (place - CENTRE[1]) / UNIT
    source_up = (below - BASELINE - down[:, None]) / high[:, None]
    source_x = (across + (after - aside)[:, None])[:, None] + source_up[:, :, None] * lean[:, None, None]
    source_x = source_x / wide[:, None, None] - before[:, None, None]
    source_y = (source_up + BASELINE)[:, :, None].expand(n, size, size)
    grid = torch.stack([source_x * UNIT + CENTRE[0], source_y * UNIT + CENTRE[1]], dim=-1) * (2 / size) - 1
    return F.grid_sample(pictures[:, None], grid, align_corners=False)[:, 0], moved


def chamfer(a: Tensor, has_a: Tensor, b: Tensor, has_b: Tensor) -> Tensor:
    """Mean squared distance in px [n] from each point of `a` [n,p,2] to the nearest of `b`, and back; both centred.

    `has_a`, `has_b` [n,p] are 0 for points of strokes that do not exist.
    """
    a, b = centred(a, has_a)[:, ::_STRIDE], centred(b, has_b)[:, ::_STRIDE]
    has_a, has_b = has_a[:, ::_STRIDE], has_b[:, ::_STRIDE]
    square = (a[:, :, None] - b[:, None]).square().sum(-1) * UNIT**2
    square = square + 1e4 * (1 - has_a[:, :, None]) + 1e4 * (1 - has_b[:, None, :])
    there = (square.amin(2).clamp(max=LOST) * has_a).sum(1) / has_a.sum(1).clamp(min=1)
    back = (square.amin(1).clamp(max=LOST) * has_b).sum(1) / has_b.sum(1).clamp(min=1)
    return there + back


def centred(points: Tensor, has: Tensor) -> Tensor:
    """Points [n,p,2] moved so that those that exist span as far to the left as to the right of 0."""
    x = middle(points, has)
    return points - torch.stack([x, torch.zeros_like(x)], dim=1)[:, None]


def middle(points: Tensor, has: Tensor) -> Tensor:
    """The middle [n] between the leftmost and the rightmost of the points [n,p,2] that exist."""
    x = points[..., 0]
    low = torch.where(has > 0, x, torch.full_like(x, 1e3)).amin(1)
    high = torch.where(has > 0, x, torch.full_like(x, -1e3)).amax(1)
    return (low + high) / 2


def worn(seen: Tensor, chance: torch.Generator) -> Tensor:
    """Pictures [n,H,H] as a camera gives them: blurred, noisy, with gaps, paler or darker."""
    n, size = len(seen), seen.shape[-1]
    soft = F.avg_pool2d(seen[:, None], 3, 1, 1)[:, 0]
    blur = torch.rand(n, 1, 1, generator=chance) * (torch.rand(n, 1, 1, generator=chance) < 0.5)
    seen = seen + blur * (soft - seen)
    # gaps: a coarse field that is dry in places
    dry = F.interpolate(torch.rand(n, 1, 8, 8, generator=chance), size=(size, size), mode="bilinear")[:, 0]
    some = torch.rand(n, 1, 1, generator=chance) < 0.2
    seen = torch.where(some & (dry < 0.2), seen * 0.3, seen)
    gain = 0.75 + 0.5 * torch.rand(n, 1, 1, generator=chance)
    noise = 0.06 * torch.rand(n, 1, 1, generator=chance) * torch.randn(n, size, size, generator=chance)
    return (seen * gain + noise).clamp(0, 1)

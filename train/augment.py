"""What one writer would share - pen, slant, size - drawn anew once a group, on signed distance fields.

On a field a thicker pen is an addition, so a glyph drawn from strokes can be redrawn with any pen exactly.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from handsynth.frame import Frame
from train.recipe import AugmentConfig


def draw_parameters(config: AugmentConfig, groups: int, random: np.random.Generator) -> np.ndarray:
    """One row a group: slant, log size, log aspect, rotation (radians), pen width (px), bold (px)."""
    normal = random.standard_normal((groups, 4)).clip(-2.5, 2.5)
    spread = np.array([config.slant, config.size, config.aspect, np.deg2rad(config.rotation)])
    low, high = config.pen
    pen = np.exp(random.uniform(np.log(low), np.log(high), groups)) if low > 0 else np.zeros(groups)
    bold = random.uniform(-config.bold, config.bold, groups)
    return np.concatenate([normal * spread, pen[:, None], bold[:, None]], axis=1).astype(np.float32)


def augment(field: Tensor, pens: Tensor, parameters: Tensor, frame: Frame) -> Tensor:
    """Apply one row of parameters to each field.

    field [n, H, H] in px, pens [n] (px as drawn; 0 where unknown), parameters [n, 6] -> field [n, H, H].
    Glyphs stay on their baseline and centred left to right; what would leave the frame is made smaller.
    """
    slant, size, aspect, angle, pen, bold = parameters.unbind(1)
    h = frame.size
    grid = torch.arange(h, dtype=field.dtype, device=field.device) + 0.5
    ink = field > 0
    columns, rows = ink.any(1), ink.any(2)
    big = torch.tensor(float(h), device=field.device)
    left = torch.where(columns, grid, big).amin(1) - 0.5
    right = torch.where(columns, grid, -big).amax(1) + 0.5
    top = frame.baseline - (torch.where(rows, grid, big).amin(1) - 0.5)
    bottom = (torch.where(rows, grid, -big).amax(1) + 0.5) - frame.baseline

    sx, sy = torch.exp(size + aspect / 2), torch.exp(size - aspect / 2)
    # shrink where the glyph or its slanted corners would not fit
    margin = 2.0
    reach = (right - left) * sx + (top + bottom).clamp(min=0) * slant.abs() * sy
    fit = torch.minimum((frame.baseline - margin) / (top * sy).clamp(min=1), (h - 2 * margin) / reach.clamp(min=1))
    fit = torch.minimum(fit, (frame.descent - margin) / (bottom * sy).clamp(min=1)).clamp(max=1)
    sx, sy = sx * fit, sy * fit

    # output -> input, about (centre, baseline): undo slant, rotation and size
    cos, sin = torch.cos(angle), torch.sin(angle)
    m = torch.stack(
        [torch.stack([cos / sx, (sin + slant * cos) / sx], 1), torch.stack([-sin / sy, (cos - slant * sin) / sy], 1)],
        1,
    )
    # centre again: where the slanted rows of ink now lie
    y = grid - frame.baseline
    shift = -(slant * sy)[:, None] * y
    first = torch.where(ink, grid[None, None, :], big).amin(2) - h / 2
    last = torch.where(ink, grid[None, None, :], -big).amax(2) - h / 2
    low = torch.where(rows, first * sx[:, None] + shift, big).amin(1)
    high = torch.where(rows, last * sx[:, None] + shift, -big).amax(1)
    centre = torch.where(rows.any(1), (low + high) / 2, torch.zeros_like(low))

    half = h / 2
    target = torch.stack(torch.meshgrid(grid - half, grid - frame.baseline, indexing="xy"), 2).view(1, -1, 2)
    target = target + torch.stack([centre, torch.zeros_like(centre)], 1)[:, None, :]
    source = target @ m.transpose(1, 2)
    source = torch.stack([source[..., 0] / half, (source[..., 1] + frame.baseline - half) / half], 2)
    warped = F.grid_sample(
        field[:, None], source.view(-1, h, h, 2), "bilinear", padding_mode="border", align_corners=False
    ).squeeze(1)
    warped = warped * torch.sqrt(sx * sy)[:, None, None]
    grow = torch.where((pens > 0) & (pen > 0), (pen - pens * torch.sqrt(sx * sy)) / 2, bold / 2)
    return warped + grow[:, None, None]


def redraw(field: Tensor, pens: Tensor, parameters: Tensor, others: Tensor) -> Tensor:
    """What `augment` drew with `parameters` as the pen of `others` draws it, all else the same."""
    pen = torch.where(
        (pens > 0) & (parameters[:, 4] > 0), others[:, 4] - parameters[:, 4], others[:, 5] - parameters[:, 5]
    )
    return field + (pen / 2)[:, None, None]

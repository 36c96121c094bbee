"""What can be measured on letters: the width of the pen and the slant."""

from __future__ import annotations

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.strokes import half_width

_DIRT = 0.2
_WINDOW, _ROUNDS = 0.6, 12


def pen_width(fields: np.ndarray) -> float:
    """Usual width of strokes in frame px of letters with `fields` [n,H,H]; 0 without ink."""
    widths = [2 * half_width(field, _DIRT) for field in fields]
    inked = [width for width in widths if width]
    return float(np.median(inked)) if inked else 0.0


def slant(fields: np.ndarray, frame: Frame) -> float:
    """The slant, x per height and positive to the right, of letters with `fields` [n,H,H].

    The usual direction of edges that are nearer to upright than to level, by the gradient of the field (as
    structure tensors have it): the mean over all letters, of those within `_WINDOW` of it.
    """
    whole = fields.astype(np.float32)
    down = 0.5 * (whole[:, 2:, 1:-1] - whole[:, :-2, 1:-1])
    across = 0.5 * (whole[:, 1:-1, 2:] - whole[:, 1:-1, :-2])
    edge = (np.abs(whole[:, 1:-1, 1:-1]) < 1.0) & (np.hypot(across, down) > 0.5) & (np.abs(across) > 0.3)
    leans = down[edge] / across[edge]
    middle = 0.0
    for _ in range(_ROUNDS):
        near = leans[np.abs(leans - middle) < _WINDOW]
        if not len(near):
            break
        middle = float(near.mean())
    return middle

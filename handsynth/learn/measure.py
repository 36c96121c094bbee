"""What can be measured on letters: the width of the pen and the slant."""

from __future__ import annotations

import numpy as np

from handsynth.frame import Frame

_WINDOW, _ROUNDS = 0.6, 12


def pen_width(fields: np.ndarray) -> float:
    """Usual width of strokes in frame px of letters with `fields` [n,H,H]; 0 without ink.

    The field is highest in the middle of a stroke: half its width, less half a pixel at most for a grid that misses it.
    """
    widths = []
    for field in fields:
        inner = field[1:-1, 1:-1]
        across = (inner >= field[1:-1, :-2]) & (inner >= field[1:-1, 2:])
        down = (inner >= field[:-2, 1:-1]) & (inner >= field[2:, 1:-1])
        middle = inner[(inner > 0.2) & (across | down)]
        if len(middle):
            widths.append(2 * float(np.median(middle)))
    return float(np.median(widths)) if widths else 0.0


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

"""How wide strokes are, by the field alone."""

from __future__ import annotations

import numpy as np


def half_width(field: np.ndarray, least: float = 0.0) -> float:
    """Half the usual width of the strokes of a field [H,H], in px of the frame; 0 without ink.

    In the middle of a stroke the field is highest in its row or column, and half the stroke's width. Ridges no higher
    than `least` are dirt.
    """
    inner = field[1:-1, 1:-1]
    across = (inner >= field[1:-1, :-2]) & (inner >= field[1:-1, 2:])
    down = (inner >= field[:-2, 1:-1]) & (inner >= field[2:, 1:-1])
    middle = inner[(inner > least) & (across | down)]
    return float(np.median(middle)) if len(middle) else 0.0

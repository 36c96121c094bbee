"""What arrays hold, for signatures: their shapes, and how wide their numbers are, stand in the docstrings."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.floating[Any]]
Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Flags: TypeAlias = npt.NDArray[np.bool_]
Pixels: TypeAlias = npt.NDArray[np.uint8]


def middle(values: np.ndarray, axis: int = -1) -> np.ndarray:
    """The median of `values` along an axis: what `np.median` gives, which imports masked arrays for it."""
    ordered = np.sort(values, axis=axis)
    count = ordered.shape[axis]
    return np.asarray((ordered.take((count - 1) // 2, axis) + ordered.take(count // 2, axis)) / 2)

"""Characters that one cannot tell apart by shape alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

LOOKALIKES = ("0Oo", "1lI|", "'`") + tuple(c + c.upper() for c in "ckopsuvwxyzmijl")
"""Sets of look-alikes; a reading is right, case-merged, if some set holds both it and the label."""


def merge_table(charset: Sequence[str]) -> np.ndarray:
    """bool [C, C]: whether two characters count as the same, case-merged."""
    same = np.eye(len(charset), dtype=bool)
    for group in LOOKALIKES:
        members = [charset.index(c) for c in group if c in charset]
        same[np.ix_(members, members)] = True
    return same

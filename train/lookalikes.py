"""Characters that one cannot tell apart by shape alone, and accuracy with them taken as one ("case-merged")."""

from __future__ import annotations

import string

import numpy as np

from handsynth.text.lookalikes import merge_table as merge_table

ALNUM = string.digits + string.ascii_uppercase + string.ascii_lowercase
"""The 62 classes of NIST SD19."""


def class_mask(charset: list[str], chars: str = ALNUM) -> np.ndarray:
    """bool [C]: which characters of the charset are among `chars`."""
    return np.array([c in chars for c in charset])


def accuracy(log_probabilities: np.ndarray, label: np.ndarray, charset: list[str], chars: str = ALNUM) -> np.ndarray:
    """Whether each reading is right, strictly and case-merged: bool [2, n].

    log_probabilities [n, C], label [n]; only `chars` compete.
    """
    scores = np.where(class_mask(charset, chars), log_probabilities, -np.inf)
    said = scores.argmax(1)
    return np.stack([said == label, merge_table(charset)[said, label]])

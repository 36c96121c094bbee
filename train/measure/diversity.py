"""Do samples differ enough, and are they new?"""

from __future__ import annotations

import numpy as np


def spread(features: np.ndarray, keys: np.ndarray, most: int = 60, seed: int = 0) -> float:
    """Mean distance between features [n, F] of the same key [n], over keys; NaN if no key has two."""
    random = np.random.Generator(np.random.Philox(key=seed))
    means = []
    for key in np.unique(keys):
        mine = random.permutation(np.flatnonzero(keys == key))[:most]
        if len(mine) > 1:
            part = features[mine]
            gap = np.linalg.norm(part[:, None] - part[None], axis=2)
            means.append(gap.sum() / (len(mine) * (len(mine) - 1)))
    return float(np.mean(means)) if means else float("nan")


def nearest(features: np.ndarray, codes: np.ndarray, bank: np.ndarray, bank_codes: np.ndarray) -> np.ndarray:
    """Distance [n] of each row to the nearest of its class in `bank`; NaN where the class has none."""
    result = np.full(len(features), np.nan)
    for code in np.unique(codes):
        mine, theirs = np.flatnonzero(codes == code), bank[bank_codes == code]
        if len(theirs):
            square = (features[mine] ** 2).sum(1)[:, None] + (theirs**2).sum(1) - 2 * features[mine] @ theirs.T
            result[mine] = np.sqrt(np.maximum(square, 0)).min(1)
    return result

"""A row of the report, and confidence intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

DRAWS = 1000


@dataclass(frozen=True)
class Row:
    """One figure with its 95 % interval, its floor and its ceiling where it has them."""

    what: str
    value: float
    low: float | None = None
    high: float | None = None
    floor: float | None = None
    """The same of real writing by other people: what nobody can better."""
    ceiling: float | None = None
    """The same of spoilt real writing: what no one should come near."""
    unit: str = ""


def bootstrap(
    statistic: Callable[[np.ndarray], float], clusters: np.ndarray, draws: int = DRAWS, seed: int = 0
) -> tuple[float, float]:
    """95 % percentile interval of `statistic(rows)`; whole clusters [n] (writers) are drawn with replacement."""
    random = np.random.Generator(np.random.Philox(key=seed))
    groups = [np.flatnonzero(clusters == name) for name in np.unique(clusters)]
    values = [
        statistic(np.concatenate([groups[i] for i in random.integers(len(groups), size=len(groups))]))
        for _ in range(draws)
    ]
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def balanced_of(values: np.ndarray, *keys: np.ndarray) -> Callable[[np.ndarray], float]:
    """`balanced` of chosen rows, as `bootstrap` asks for it."""
    return lambda some: balanced(values[some], *(key[some] for key in keys))


def balanced(values: np.ndarray, *keys: np.ndarray) -> float:
    """Mean of `values` [n] in which each value of every key (class, writer) has nearly equal weight.

    The weight of a row is the product of the inverse counts of its keys' values.
    """
    weight = np.ones(len(values))
    for key in keys:
        _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
        weight /= count[inverse]
    return float((values * weight).sum() / weight.sum())

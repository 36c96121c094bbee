"""Distances between sets of features: Fréchet, kernel, and the manifold measures."""

from __future__ import annotations

import logging
import warnings

import numpy as np
import torch
from torch import nn

SPLITS = 10
NEAREST = 5


class _Features(nn.Identity):
    """torchmetrics asks for a network; ours has run before."""

    num_features: int


def frechet(a: np.ndarray, b: np.ndarray) -> float:
    """Fréchet distance of two sets of features [n, F] (Heusel et al. 2017), by torchmetrics."""
    from torchmetrics.image.fid import FrechetInceptionDistance

    identity = _Features()
    identity.num_features = a.shape[1]
    metric = FrechetInceptionDistance(feature=identity)
    metric.set_dtype(torch.float64)
    metric.update(torch.from_numpy(a).double(), real=True)
    metric.update(torch.from_numpy(b).double(), real=False)
    return float(metric.compute())


def kernel_distance(a: np.ndarray, b: np.ndarray, seed: int = 0) -> float:
    """Kernel distance, cubic kernel (Bińkowski et al. 2018), by torchmetrics: 20 subsets of at most 1,000."""
    from torchmetrics.image.kid import KernelInceptionDistance

    identity = _Features()
    identity.num_features = a.shape[1]
    torch.manual_seed(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        metric = KernelInceptionDistance(feature=identity, subsets=20, subset_size=min(1000, len(a), len(b)))
        metric.update(torch.from_numpy(a), real=True)
        metric.update(torch.from_numpy(b), real=False)
        return float(metric.compute()[0])


def manifold(real: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """precision, recall (Kynkäänniemi et al. 2019), density, coverage (Naeem et al. 2020), by prdc, k = 5."""
    from prdc import compute_prdc

    logging.getLogger("prdc").setLevel(logging.ERROR)
    import contextlib
    import io

    with contextlib.redirect_stdout(io.StringIO()):  # it prints what it counts
        values = compute_prdc(real, other, nearest_k=min(NEAREST, len(real) - 1, len(other) - 1))
    return {name: float(value) for name, value in values.items()}


def compare(real: np.ndarray, other: np.ndarray, splits: int = SPLITS, seed: int = 0) -> dict[str, list[float]]:
    """Every measure over `splits` random halves of equal n of both sets: name -> values."""
    random = np.random.Generator(np.random.Philox(key=seed))
    n = max(2 * NEAREST, min(len(real), len(other)) // 2)
    found: dict[str, list[float]] = {}
    for split in range(splits):
        a = real[random.permutation(len(real))[:n]]
        b = other[random.permutation(len(other))[:n]]
        values = {"fd": frechet(a, b), "kid": kernel_distance(a, b, split)} | manifold(a, b)
        for name, value in values.items():
            found.setdefault(name, []).append(value)
    return found


def worst_classes(real: np.ndarray, other: np.ndarray, codes: np.ndarray, most: int = 8) -> dict[str, float]:
    """Classes whose mean features differ most, over the spread of real features within the class: char -> distance."""
    found = {}
    for code in np.unique(codes):
        a, b = real[codes == code], other[codes == code]
        if len(a) >= 10:
            found[chr(code)] = float(np.linalg.norm(a.mean(0) - b.mean(0)) / np.sqrt(a.var(0).sum()))
    return dict(sorted(found.items(), key=lambda item: -item[1])[:most])

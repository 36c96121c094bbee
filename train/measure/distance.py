"""Distances between sets of features: Fréchet, kernel, and the manifold measures."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import numpy as np
import torch
from torch import nn

from train.measure.bench import Bench
from train.measure.recognise import blurred
from train.measure.report import Section
from train.measure.row import Row, bootstrap

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


def compare(
    real: np.ndarray, other: np.ndarray, splits: int = SPLITS, seed: int = 0, every: bool = True
) -> dict[str, list[float]]:
    """Every measure over `splits` random halves of equal n of both sets: name -> values.

    Not `every`: the Fréchet distance (`fd`) alone.
    """
    random = np.random.Generator(np.random.Philox(key=seed))
    n = max(2 * NEAREST, min(len(real), len(other)) // 2)
    found: dict[str, list[float]] = {}
    for split in range(splits):
        a = real[random.permutation(len(real))[:n]]
        b = other[random.permutation(len(other))[:n]]
        values = {"fd": frechet(a, b)}
        if every:
            values |= {"kid": kernel_distance(a, b, split)} | manifold(a, b)
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


def distances(bench: Bench) -> Section:
    splits = bench.effort.splits
    real = bench.real_features
    sets = {"real writing by other writers (floor)": bench.other_features, "samples": bench.drawn_features}
    for base in bench.baselines:
        sets[f"baseline `{base.name}`"] = bench.judge.read(base.draw(bench.codes, 1.0, bench.seed))[1]
    sets["real writing, blurred (ceiling)"] = bench.judge.read(blurred(bench.real))[1]
    values = {name: compare(real, features, splits, bench.seed) for name, features in sets.items()}
    floor, ceiling = (values[name] for name in (next(iter(sets)), list(sets)[-1]))
    rows = []
    titles = {"fd": "Fréchet distance", "kid": "kernel distance"}
    for measure in ("fd", "kid", "precision", "recall", "density", "coverage"):
        for name in sets:
            mean = float(np.mean(values[name][measure]))
            low = high = None
            if name == "samples" and measure in ("fd", "coverage"):
                low, high = _interval(bench, measure, mean)
            bounds = {"floor": float(np.mean(floor[measure])), "ceiling": float(np.mean(ceiling[measure]))}
            extra: dict[str, Any] = bounds if name == "samples" or name.startswith("baseline") else {}
            rows.append(Row(f"{titles.get(measure, measure)}, {name}", mean, low, high, **extra))
    half = np.isin(bench.writers, np.unique(bench.writers)[::2])
    if min(half.sum(), (~half).sum()) > 2 * NEAREST:
        halves = compare(real[half], real[~half], splits, bench.seed)
        rows.append(Row("Fréchet distance, one half of the test writers from the other", float(np.mean(halves["fd"]))))
    bench.found |= {name: float(np.mean(values["samples"][name])) for name in ("fd", "coverage")}
    bench.found["fd floor"] = float(np.mean(floor["fd"]))
    for base in bench.baselines:
        if base.name == "seed":
            bench.found["fd seed"] = float(np.mean(values["baseline `seed`"]["fd"]))
    worst = worst_classes(real, bench.drawn_features, bench.codes)
    usual = worst_classes(real, bench.other_features, bench.codes, 100)
    note = "Furthest from real in their mean, in spreads of the class (floor in brackets): " + ", ".join(
        f"`{c}` {v:.2f} ({usual.get(c, float('nan')):.2f})" for c, v in worst.items()
    )
    words = (
        f"In the reader's {real.shape[1]} features; as many samples at temperature 1 as real glyphs, of the same "
        f"classes, each by a new hand. Means of {splits} random halves ({len(real) // 2:,} glyphs a side). Fréchet "
        "distance (Heusel et al. 2017) and kernel distance (Bińkowski et al. 2018) by torchmetrics; precision, recall "
        "(Kynkäänniemi et al. 2019), density and coverage (Naeem et al. 2020) by prdc with k = 5. Floor: as "
        "many glyphs by training writers. Intervals: ±1.96 standard errors, "
        "bootstrapped over test writers."
    )
    return Section("Distance from real writing", words, rows, {"splits": values, "worst classes": worst}, [note + "."])


def _interval(bench: Bench, measure: str, mean: float) -> tuple[float, float]:
    """Mean ± 1.96 standard errors, bootstrapped over writers: writers drawn twice bias the draws, not their spread."""

    def statistic(rows: np.ndarray) -> float:
        rows = rows[:: max(1, len(rows) // 2000)]
        a, b = bench.real_features[rows], bench.drawn_features[rows]
        return frechet(a, b) if measure == "fd" else manifold(a, b)["coverage"]

    draws = bench.effort.draws if measure == "fd" else max(10, bench.effort.draws // 8)
    low, high = bootstrap(statistic, bench.writers, draws)
    half = 1.96 * (high - low) / 3.92  # the percentiles of a normal lie 3.92 standard errors apart
    return mean - half, mean + half

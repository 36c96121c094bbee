"""Writers as factors: what the letters of one person have in common, beyond what the tablet adds.

The mean latent of a writer's letter c is mean[c] + loadings[c] f + noise of variance rest[c]: a factor analysis over
letters, of which every writer gave some, fitted by EM (Rubin, Thayer 1982). f is the hand's style: N(0, I) over people,
of whom each is known so well as the letters tell. Drawn from what is known of them, people's styles are N(0, I) again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from handsynth.arrays import Floats
from train import checkpoint

ROUNDS = 40
RIDGE = 8.0
"""Letters' loadings are held near zero as if by so many writers."""
LEAST_WRITERS = 5
"""A character that fewer writers gave says nothing about a hand."""
COMMON = 40
"""A character counts for the share explained from so many writers on."""
SHARED = 4.0
"""Writers that the mean of all counts as, beside those of one source (tablet), whose own mean is taken out."""
STYLE_LIMIT = 3.0
"""Styles are drawn in to so many standard deviations: one odd writer must not stand for a factor."""
FLOOR = 0.05
"""Added to what is left over, in variance: no letter is known so well."""
_ARRAYS = ("style", "unsure", "loadings", "mean", "rest", "spread")


@dataclass(frozen=True)
class Factors:
    """w writers, C characters, V sizes of the variation, S of the style."""

    style: np.ndarray
    """float64 [w,S]: means of the writers' posteriors."""
    unsure: np.ndarray
    """float64 [w,S,S]: their covariances; on average over writers, style style^T + unsure is I."""
    loadings: np.ndarray
    """float64 [C,V,S]."""
    mean: np.ndarray
    """float64 [C,V]."""
    rest: np.ndarray
    """float64 [C,V]: variance of a writer's letter about mean + loadings style."""
    spread: np.ndarray
    """float64 [V]: standard deviation of a writer's copies of a letter."""
    explained: float
    """Share of what differs between writers' letters."""

    def save(self, path: Path) -> None:
        arrays = {name: torch.from_numpy(getattr(self, name)) for name in _ARRAYS}
        checkpoint.save(path, arrays | {"explained": self.explained})

    @classmethod
    def load(cls, path: Path) -> Factors:
        state = checkpoint.load(path)
        arrays = {name: state[name].numpy() for name in _ARRAYS}
        return cls(**arrays, explained=float(state["explained"]))


def fit_factors(
    latents: np.ndarray, chars: np.ndarray, writers: np.ndarray, names: tuple[str, ...], characters: int, size: int,
    seed: int = 0,
) -> Factors:  # fmt: skip
    """From posterior means [n,V] of characters [n] by writers [n], whose names [w] begin with their source."""
    random = np.random.default_rng(seed)
    w, c, v = len(names), characters, latents.shape[1]
    count, letter = np.zeros((w, c)), np.zeros((w, c, v))
    np.add.at(count, (writers, chars), 1)
    np.add.at(letter, (writers, chars), latents)
    letter /= np.maximum(count, 1)[..., None]
    has = count > 0
    given = has.sum(0)
    usual = given >= LEAST_WRITERS
    mean = (letter * has[..., None]).sum(0) / np.maximum(given, 1)[:, None]
    loadings = random.standard_normal((c, v, size)) * 0.1 * usual[:, None, None]
    rest = np.ones((c, v))
    style, unsure = np.zeros((w, size)), np.tile(np.eye(size), (w, 1, 1))
    source = np.unique([name.split("/")[0] for name in names], return_inverse=True)[1]
    for _ in range(ROUNDS):
        style, unsure = _posterior(letter - mean, has, loadings, rest)
        style = STYLE_LIMIT * np.tanh(_without_source(style, source) / STYLE_LIMIT)
        style, unsure = _white(style, unsure)
        for k in np.flatnonzero(usual):
            some, many = has[:, k], given[k]
            design = np.column_stack([style[some], np.ones(many)])
            moment = design.T @ design + np.diag(np.append(np.full(size, RIDGE), 1e-3))
            moment[:-1, :-1] += unsure[some].sum(0)
            solved = np.linalg.solve(moment, design.T @ letter[some, k])
            loadings[k], mean[k] = solved[:-1].T, solved[-1]
            hidden = np.einsum("vi,ij,vj->v", loadings[k], unsure[some].mean(0), loadings[k])
            rest[k] = ((letter[some, k] - design @ solved) ** 2).mean(0) + hidden + FLOOR
    shares = []
    for k in np.flatnonzero(given > COMMON):
        off = letter[has[:, k], k] - mean[k]
        shares.append(1 - ((off - style[has[:, k]] @ loadings[k].T) ** 2).sum() / (off**2).sum())
    return Factors(
        style,
        unsure,
        loadings,
        mean,
        rest,
        _spread(latents, chars, writers, letter, count),
        float(np.mean(shares)) if shares else 0.0,
    )


def _spread(
    latents: np.ndarray, chars: np.ndarray, writers: np.ndarray, letter: np.ndarray, count: np.ndarray
) -> np.ndarray:
    """Standard deviation [V] of copies about the means `letter` [w,C,V] of `count` [w,C] of them."""
    many = count[writers, chars]
    twice = many > 1
    off = latents[twice] - letter[writers[twice], chars[twice]]
    if not twice.any():
        return np.zeros(latents.shape[1])
    return np.asarray(np.sqrt((off**2 * (many[twice] / (many[twice] - 1))[:, None]).mean(0)))


def _posterior(
    off: np.ndarray, has: np.ndarray, loadings: np.ndarray, rest: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means [w,S] and covariances [w,S,S] of styles, from letters about their means [w,C,V], of which some exist."""
    scaled = loadings / rest[..., None]
    single = np.einsum("cvi,cvj->cij", scaled, loadings)
    unsure = np.linalg.inv(np.eye(loadings.shape[2]) + np.tensordot(has.astype(float), single, 1))
    return np.einsum("wij,wj->wi", unsure, np.tensordot(off * has[..., None], scaled, 2)), unsure


def _without_source(style: Floats, source: np.ndarray) -> Floats:
    """Styles [w,S] without what all writers of a tablet share; a tablet of few writers says little."""
    own = np.asarray(style - style.mean(0))
    for k in np.unique(source):
        mine = source == k
        many = int(mine.sum())
        own[mine] -= own[mine].mean(0) * many / (many + SHARED)
    return own


def _white(style: np.ndarray, unsure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both in axes in which styles drawn from the posteriors have mean 0 and covariance I over writers."""
    style = style - style.mean(0)
    values, axes = np.linalg.eigh(style.T @ style / len(style) + unsure.mean(0))
    root = axes / np.sqrt(values) @ axes.T
    return style @ root, root @ unsure @ root

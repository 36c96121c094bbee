"""What isolated letters tell of the variations of letters in words."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from handsynth.arrays import Floats
from train.strokes.factors import Factors
from train.strokes.glyphs import StrokeGlyphs

FORMS = 0.5
"""Variance that a writer's letters in words have beside his isolated ones, as a share of the variance of all."""
COMMON, CENTRED = 60.0, 8.0
"""Letters that the covariance of all characters counts as beside those of one, and that the isolated mean counts as."""


class Beforehand:
    """What is known of the variation of a writer's letter, by his isolated letters: a Gaussian."""

    def __init__(self, glyphs: StrokeGlyphs, latents: Tensor, factors: Factors) -> None:
        """latents [n,V]: the means of the isolated letters' posteriors. Writers are known by number: source/number."""
        self.factors = factors
        numbers = [name.rpartition("/")[2] for name in glyphs.names]
        self.people = {int(number): row for row, number in enumerate(numbers) if number.isdecimal()}
        shape = len(glyphs.names), *factors.mean.shape
        self.count, self.sum = np.zeros(shape[:2]), np.zeros(shape)
        np.add.at(self.count, (glyphs.writer, glyphs.char.numpy()), 1)
        np.add.at(self.sum, (glyphs.writer, glyphs.char.numpy()), latents.double().numpy())

    def __call__(self, writer: np.ndarray, char: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Mean and variance [n,V] for numbers of writers [n] and characters [n]."""
        some = self.factors
        row = np.array([self.people.get(int(number), -1) for number in writer])
        known = row >= 0
        style = np.where(known[:, None], some.style[row], 0.0)
        usual = some.mean[char] + np.einsum("nvs,ns->nv", some.loadings[char], style)
        # between writers of one style, then between the copies of one writer
        copies = some.spread**2
        open_ = np.einsum("nvs,nvs->nv", some.loadings[char], some.loadings[char]) * ~known[:, None]
        between = np.maximum(some.rest[char] - copies, 0.1 * some.rest[char]) + open_
        count = np.where(known, self.count[row, char], 0)[:, None]
        total = np.where(known[:, None], self.sum[row, char], 0.0)
        precision = 1 / between + count / copies
        mean = (usual / between + total / copies) / precision
        return mean, 1 / precision + copies + FORMS * some.rest[char]


class Transport:
    """From variations of letters in words to those of isolated letters, one affine map a character and kind of entry.

    Of two Gaussians the map that moves the least (Knott, Smith 1984): after it, letters in words have the variations
    that isolated letters have, so a hand that is known by these finds its own among them.
    """

    def __init__(self, shifts: Tensor, maps: Tensor, means: Tensor) -> None:
        """[C,2,V], [C,2,V,V] and [C,V], by character and whether the letter is entered by a join."""
        self.shifts, self.maps, self.means = shifts, maps, means

    def __call__(self, variation: Tensor, char: Tensor, entered: Tensor) -> Tensor:
        """[n,V] of characters int64 [n] that are entered by a join or not, int64 [n]."""
        off = variation - self.shifts[char, entered]
        return self.means[char] + (self.maps[char, entered] @ off.unsqueeze(2)).squeeze(2)


def transport(
    joined: tuple[Tensor, Tensor], chars: np.ndarray, entered: np.ndarray, writers: np.ndarray, glyphs: StrokeGlyphs,
    isolated: tuple[Tensor, Tensor], characters: int,
) -> Transport:  # fmt: skip
    """Between means and variances [n,V] of posteriors of letters in words and of isolated letters `glyphs`."""
    own = _moments(isolated, glyphs.char.numpy(), glyphs.writer, characters)
    size = isolated[0].shape[1]
    shifts, maps = np.zeros((characters, 2, size)), np.zeros((characters, 2, size, size))
    for kind in (0, 1):
        rows = entered == kind
        some = _moments((joined[0][rows], joined[1][rows]), chars[rows], writers[rows], characters, own)
        for char in range(characters):
            shifts[char, kind] = some[0][char]
            maps[char, kind] = _monge(some[1][char], own[1][char])
    return Transport(*(torch.from_numpy(part).float() for part in (shifts, maps, own[0])))


Moments = tuple[np.ndarray, np.ndarray]
"""Means [C,V] and covariances [C,V,V]."""


def _moments(
    posteriors: tuple[Tensor, Tensor], chars: np.ndarray, writers: np.ndarray, characters: int,
    centre: Moments | None = None,
) -> Moments:  # fmt: skip
    """Moments of each character; of few letters those of all, about the means of `centre`."""
    mean, variance = (part.double().numpy() for part in posteriors)
    weight = 1 / np.sqrt(np.unique(writers, return_counts=True)[1])[np.unique(writers, return_inverse=True)[1]]
    weight = weight / weight.mean()
    size = mean.shape[1]
    means = np.zeros((characters, size)) if centre is None else centre[0].copy()
    scatter, count = np.zeros((characters, size, size)), np.zeros(characters)
    for char in np.unique(chars):
        rows = chars == char
        count[char] = weight[rows].sum()
        held = 0.0 if centre is None else CENTRED
        means[char] = (held * means[char] + weight[rows] @ mean[rows]) / (held + count[char])
        off = mean[rows] - means[char]
        scatter[char] = (off * weight[rows, None]).T @ off + np.diag(weight[rows] @ variance[rows])
    common = scatter.sum(axis=0) / max(count.sum(), 1e-9)
    return means, (scatter + COMMON * common) / (count + COMMON)[:, None, None]


def _monge(first: Floats, second: Floats) -> Floats:
    """The symmetric matrix A with A first A = second."""
    root = _root(first, 0.5)
    inverse = _root(first, -0.5)
    return inverse @ _root(root @ second @ root, 0.5) @ inverse


def _root(matrix: Floats, power: float) -> Floats:
    values, axes = np.linalg.eigh(matrix)
    return np.asarray((axes * np.maximum(values, 1e-9) ** power) @ axes.T)

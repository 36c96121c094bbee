"""The priors that are sampled, fitted to the posteriors of the training writers and glyphs.

p(s) is a Gaussian. p(v | c, s) is linear in s with a Gaussian rest for each character: a writer's variation of a letter
is not independent of the hand (a slanted hand has slanted letters), and drawn as if it were, letters of one hand would
not belong together.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from train.data.dataset import Dataset
from train.model import CVAE
from train.reader import is_font

LEAN = 60.0  # how many glyphs the regression over all characters is worth to one character
WRITER_GLYPHS = 48  # glyphs read a writer; more hardly narrow the posterior
PENS = (2.2, 2.6, 3.2)  # px; every writer is read with each, since strokes are stored as one pen draws them


@torch.no_grad()
def writer_posteriors(
    model: CVAE, data: Dataset, rows: np.ndarray, lookup: np.ndarray, limit: int = WRITER_GLYPHS, pen: float = 0.0
) -> tuple[np.ndarray, Tensor, Tensor]:
    """q(s) of every writer among the dataset's `rows`: writer numbers [w], mean and log-variance [w, S].

    Each writer is read from at most `limit` glyphs, spread evenly over the rows; those drawn from strokes as a pen of
    `pen` px draws them, if it is given.
    """
    device = model.style_mean.device
    writers = np.asarray(data.writers)[rows]
    names = np.unique(writers[writers >= 0])
    means, logvars = [], []
    for name in names:
        mine = rows[writers == name]
        mine = mine[np.linspace(0, len(mine) - 1, min(limit, len(mine))).astype(int)]
        field = torch.from_numpy(data.fields[mine]).to(device).float() / 16
        if pen:
            drawn = torch.from_numpy(np.asarray(data.pens)[mine]).to(device)
            field = field + torch.where(drawn > 0, (pen - drawn) / 2, torch.zeros_like(drawn))[:, None, None]
        ink = (field + 0.5).clamp(0, 1)
        char = torch.from_numpy(lookup[np.asarray(data.codepoints)[mine]]).to(device)
        mean, logvar, _, _ = model.encoder(ink, char)
        seen = torch.ones(1, len(mine), device=device)
        mean, logvar = model.group_posterior(mean[None], logvar[None], seen)
        means.append(mean)
        logvars.append(logvar)
    return names, torch.cat(means), torch.cat(logvars)


@torch.no_grad()
def fit_priors(model: CVAE, data: Dataset, rows: np.ndarray, lookup: np.ndarray, limit: int = 400) -> None:
    """Fit what the model samples from, reading at most `limit` glyphs of each character.

    p(s) is that of people's hands where the data knows enough of them, else of all: fonts teach characters that people
    rarely write, but nobody should be handed one as a hand. It stays N(0, I) where the data knows no more than twice as
    many writers as the style has dimensions.
    """
    if not model.config.conditional_prior:
        return
    known = data.writers[rows] >= 0
    names, mean = np.array([-1]), torch.zeros(1, 1, model.config.style)
    if model.config.style and known.any():
        rows = rows[known]
        by_pen = [writer_posteriors(model, data, rows, lookup, pen=pen) for pen in PENS]
        names, mean, logvar = by_pen[0][0], torch.stack([m for _, m, _ in by_pen]), torch.stack([v for *_, v in by_pen])
        people = np.isin(names, data.writers[rows[~is_font(data)[rows]]])
        some = people if people.sum() > 2 * model.config.style else np.ones(len(names), bool)
        if some.sum() > 2 * model.config.style:
            hands = torch.from_numpy(np.flatnonzero(some)).to(mean.device)
            theirs = mean[:, hands].flatten(0, 1)
            centre = theirs.mean(0)
            offset = (theirs - centre).double()
            rest = logvar[:, hands].exp().flatten(0, 1).mean(0).double()
            covariance = offset.T @ offset / (len(theirs) - 1) + torch.diag(rest)
            model.style_mean.copy_(centre)
            model.style_root.copy_(torch.linalg.cholesky(covariance).float())
    if model.config.variation == 0:
        return
    chosen = _at_most(data.codepoints[rows], rows, limit)
    char = torch.from_numpy(lookup[data.codepoints[chosen]])
    writer = np.searchsorted(names, data.writers[chosen]).clip(0, len(names) - 1)
    turn = np.arange(len(chosen)) % len(mean)  # a glyph's variation does not know its pen: any will do
    style = mean[turn, writer].cpu().double()
    v, v_logvar = variation_posteriors(model, data, chosen, char)
    own_mean, slope, rest = conditional_gaussians(char, style, v.double(), v_logvar.double().exp(), len(model.charset))
    # a character without glyphs, which came with the weights that a run began from, stays as it is
    met = torch.unique(char)
    model.variation_mean[met] = own_mean[met].to(model.variation_mean)
    model.variation_slope[met] = slope[met].to(model.variation_slope)
    model.variation_root[met] = torch.linalg.cholesky(rest[met]).to(model.variation_root)


def conditional_gaussians(
    char: Tensor, style: Tensor, mean: Tensor, variance: Tensor, characters: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Ridge regression of variations on styles for each character, leaning on that of all characters together.

    char [n], style [n, S], posterior mean and variance [n, V] -> mean [C, V], slope [C, V, S], covariance [C, V, V]
    with v = mean[c] + slope[c] @ s + a rest of that covariance.
    """
    s, v = style.shape[1], mean.shape[1]
    centre_v, centre_s = mean.new_zeros(characters, v), style.new_zeros(characters, s)
    count = torch.bincount(char, minlength=characters).clamp(min=1)[:, None]
    centre_v.index_add_(0, char, mean).div_(count)
    centre_s.index_add_(0, char, style).div_(count)
    x, y = style - centre_s[char], mean - centre_v[char]
    eye = torch.eye(s, dtype=x.dtype)
    scale = x.square().mean() + 1e-6
    shared = torch.linalg.solve(x.T @ x + LEAN * scale * eye, x.T @ y).T
    rest = y - x @ shared.T
    slope = shared.repeat(characters, 1, 1)
    groups = [torch.nonzero(char == c).ravel() for c in range(characters)]
    for c, mine in enumerate(groups):
        xc = x[mine]
        slope[c] += torch.linalg.solve(xc.T @ xc + LEAN * scale * eye, xc.T @ rest[mine]).T
    rest = y - (slope[char] @ x[:, :, None]).squeeze(2)
    pooled = (rest.T @ rest + torch.diag(variance.sum(0))) / len(rest)
    covariance = torch.stack(
        [
            (rest[mine].T @ rest[mine] + torch.diag(variance[mine].sum(0)) + LEAN * pooled) / (len(mine) + LEAN)
            for mine in groups
        ]
    )
    return centre_v - (slope @ centre_s[:, :, None]).squeeze(2), slope, covariance


@torch.no_grad()
def variation_posteriors(
    model: CVAE, data: Dataset, rows: np.ndarray, char: Tensor, batch: int = 512
) -> tuple[Tensor, Tensor]:
    """q(v | x, c) of the dataset's `rows` with character indices `char` [n]: means and log-variances [n, V]."""
    device = model.style_mean.device
    means, logvars = [], []
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        ink = (torch.from_numpy(data.fields[part]).to(device).float() / 16 + 0.5).clamp(0, 1)
        _, _, mean, logvar = model.encoder(ink, char[start : start + batch].to(device))
        means.append(mean.cpu())
        logvars.append(logvar.cpu())
    return torch.cat(means), torch.cat(logvars)


def _at_most(keys: np.ndarray, rows: np.ndarray, limit: int) -> np.ndarray:
    """At most `limit` of the rows with each key, spread evenly, in order."""
    order = np.argsort(keys, kind="stable")
    runs = np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)
    picked = [run[np.linspace(0, len(run) - 1, min(limit, len(run))).astype(int)] for run in runs]
    return np.sort(rows[np.concatenate(picked)])

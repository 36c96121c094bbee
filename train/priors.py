"""The priors that are sampled: Gaussians fitted to the posteriors of the training writers and glyphs."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from train.data.dataset import Dataset
from train.model import CVAE

WRITER_GLYPHS = 48  # glyphs read a writer; more hardly narrow the posterior


@torch.no_grad()
def writer_posteriors(
    model: CVAE, data: Dataset, rows: np.ndarray, lookup: np.ndarray, limit: int = WRITER_GLYPHS
) -> tuple[np.ndarray, Tensor, Tensor]:
    """q(s) of every writer among the dataset's `rows`: writer numbers [w], mean and log-variance [w, S].

    Each writer is read from at most `limit` glyphs, spread evenly over the rows.
    """
    device = model.style_mean.device
    writers = np.asarray(data.writers)[rows]
    names = np.unique(writers[writers >= 0])
    means, logvars = [], []
    for name in names:
        mine = rows[writers == name]
        mine = mine[np.linspace(0, len(mine) - 1, min(limit, len(mine))).astype(int)]
        ink = (torch.from_numpy(data.fields[mine]).to(device).float() / 16 + 0.5).clamp(0, 1)
        char = torch.from_numpy(lookup[np.asarray(data.codepoints)[mine]]).to(device)
        mean, logvar, _, _ = model.encoder(ink, char)
        seen = torch.ones(1, len(mine), device=device)
        mean, logvar = model.group_posterior(mean[None], logvar[None], seen)
        means.append(mean)
        logvars.append(logvar)
    return names, torch.cat(means), torch.cat(logvars)


@torch.no_grad()
def fit_style_prior(model: CVAE, data: Dataset, rows: np.ndarray, lookup: np.ndarray) -> None:
    """Set the model's p(s) to the Gaussian with the moments of the writers' aggregated posterior.

    Left at N(0, I) where there are no more writers than dimensions, or no style at all.
    """
    if model.config.style == 0 or (np.asarray(data.writers)[rows] >= 0).sum() == 0:
        return
    names, mean, logvar = writer_posteriors(model, data, rows, lookup)
    if len(names) <= 2 * model.config.style:
        return
    centre = mean.mean(0)
    offset = (mean - centre).double()
    covariance = offset.T @ offset / (len(names) - 1) + torch.diag(logvar.exp().mean(0).double())
    model.style_mean.copy_(centre)
    model.style_root.copy_(torch.linalg.cholesky(covariance).float())


@torch.no_grad()
def fit_variation_prior(
    model: CVAE, data: Dataset, rows: np.ndarray, lookup: np.ndarray, limit: int = 400, batch: int = 512
) -> None:
    """Set the model's p(v | c) to the moments of the posteriors of at most `limit` glyphs of each character."""
    prior = model.variation_prior
    if not prior.learned or model.config.variation == 0:
        return
    device = model.style_mean.device
    codes = data.codepoints[rows]
    order = np.argsort(codes, kind="stable")
    runs = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    chosen = np.sort(
        np.concatenate([rows[run[np.linspace(0, len(run) - 1, min(limit, len(run))).astype(int)]] for run in runs])
    )
    prior.count.zero_()
    prior.mean.zero_()
    prior.covariance.zero_()
    memory, prior.MEMORY = prior.MEMORY, float("inf")
    for start in range(0, len(chosen), batch):
        part = chosen[start : start + batch]
        ink = (torch.from_numpy(data.fields[part]).to(device).float() / 16 + 0.5).clamp(0, 1)
        char = torch.from_numpy(lookup[data.codepoints[part]]).to(device)
        _, _, mean, logvar = model.encoder(ink, char)
        prior.update(char, mean, logvar)
    prior.MEMORY = memory

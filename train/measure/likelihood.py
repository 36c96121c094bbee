"""ELBO and the importance-weighted bound (Burda et al. 2016) of single binarised glyphs."""

from __future__ import annotations

from functools import partial

import numpy as np

from handsynth.model.model import Model
from train.measure.bench import Bench
from train.measure.drawing import draws_strokes
from train.measure.report import Section
from train.measure.row import Row, bootstrap

CHUNK = 32


def bounds(model: Model, ink: np.ndarray, codes: np.ndarray, samples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """ELBO and importance-weighted bound in nats [n] of ink [n, H, H] binarised at 0.5.

    p(x | c, s, v) is Bernoulli(sigmoid(slope * field)) for each pixel; p(s) and p(v | c, s) are what the model samples
    from; q(s | x) is the glyph's Gaussian factor times N(0, I), q(v | x) the encoder's.
    """
    random = np.random.Generator(np.random.Philox(key=seed))
    index = model.index([chr(c) for c in codes])
    target = (ink > 0.5).astype(np.float32)
    s_mean, s_logvar, v_mean, v_logvar = (part.astype(np.float64) for part in model.encode(target, index))
    precision = 1 + np.exp(-s_logvar)
    s_mean, s_std = s_mean * np.exp(-s_logvar) / precision, precision**-0.5
    v_std = np.exp(0.5 * v_logvar)
    size_s, size_v = model.card.style_size, model.card.variation_size
    probes = np.concatenate([np.zeros((1, size_v)), np.eye(size_v)]).astype(np.float32)
    elbo, bound = np.zeros(len(ink)), np.zeros(len(ink))
    roots: dict[int, tuple[np.ndarray, float] | None] = {}
    units = np.concatenate([np.zeros((1, size_s)), np.eye(size_s)]).astype(np.float32)
    styles = model.prior(np.zeros(len(units), np.int64), units, np.zeros((len(units), size_v), np.float32))[0]
    map_s = (styles[1:] - styles[0]).astype(np.float64)
    has_style = bool(np.abs(map_s).max() > 0)
    inverse_s = np.linalg.inv(map_s) if has_style else np.zeros_like(map_s)
    log_det_s = float(np.linalg.slogdet(map_s)[1]) if has_style else 0.0
    for at in range(0, len(ink), CHUNK):
        part = slice(at, at + CHUNK)
        n = len(index[part])
        shape = (samples, n)
        e_s, e_v = random.standard_normal((*shape, size_s)), random.standard_normal((*shape, size_v))
        s, v = s_mean[part] + s_std[part] * e_s, v_mean[part] + v_std[part] * e_v
        n_s = (s - styles[0]) @ inverse_s
        # log p - log q; the constants of both Gaussians are the same
        log_w = (0.5 * e_s**2 + np.log(s_std[part]) - 0.5 * n_s**2).sum(2) - log_det_s if has_style else np.zeros(shape)
        char = np.tile(index[part], samples)
        flat_s = s.reshape(-1, size_s).astype(np.float32)
        given = model.prior(
            char, n_s.reshape(-1, size_s).astype(np.float32), np.zeros((len(char), size_v), np.float32)
        )[1]
        given = given.reshape(*shape, size_v)
        for j, c in enumerate(index[part]):
            if int(c) not in roots:
                still = np.zeros((1 + size_v, size_s), np.float32)
                drawn = model.prior(np.full(1 + size_v, c), still, probes)[1].astype(np.float64)
                root = drawn[1:] - drawn[0]
                roots[int(c)] = (
                    (np.linalg.inv(root), float(np.linalg.slogdet(root)[1])) if np.abs(root).max() > 0 else None
                )
            found = roots[int(c)]
            if found is not None:  # else the model has no variation
                inverse, log_det = found
                n_v = (v[:, j] - given[:, j]) @ inverse
                log_w[:, j] += (0.5 * e_v[:, j] ** 2 + np.log(v_std[part][j]) - 0.5 * n_v**2).sum(1) - log_det
        logits = model.card.slope * model.decode(char, flat_s, v.reshape(-1, size_v).astype(np.float32))
        logits = logits.reshape(*shape, *ink.shape[1:])
        log_w += (target[part] * logits - np.logaddexp(0, logits)).sum((2, 3))
        top = log_w.max(0)
        elbo[part] = log_w.mean(0)
        bound[part] = top + np.log(np.exp(log_w - top).mean(0))
    return elbo, bound


def likelihoods(bench: Bench) -> Section:
    title = "Likelihood"
    model = bench.subject.model
    if model is None or not model.has("encoder"):
        return Section(title, "Not measured: this needs a model with an encoder.")
    if draws_strokes(model):
        return Section(title, "Not measured: a model that draws strokes has no likelihood of pixels.")
    random = np.random.Generator(np.random.Philox(key=bench.seed))
    some = np.sort(random.permutation(len(bench.codes))[: bench.effort.likelihoods])
    elbo, bound = bounds(model, bench.real[some], bench.codes[some], bench.effort.samples, bench.seed)
    pixels = model.frame.size**2 * np.log(2)
    rows = []
    for name, value in (("ELBO", elbo), (f"importance-weighted, {bench.effort.samples} samples", bound)):
        low, high = bootstrap(partial(_mean_at, value), bench.writers[some], bench.effort.draws)
        rows.append(Row(f"{name}, nats a glyph", float(value.mean()), low, high))
        rows.append(Row(f"{name}, bits a pixel", float(-value.mean() / pixels)))
    words = (
        f"{len(some):,} test glyphs, binarised: ink > 0.5. Every glyph alone: its hand is read from it. "
        f"p(x | c, s, v) is Bernoulli(sigmoid({model.card.slope:g} * field)) a pixel; priors "
        "as sampled (Burda et al. 2016)."
    )
    return Section(title, words, rows)


def _mean_at(values: np.ndarray, some: np.ndarray) -> float:
    return float(values[some].mean())

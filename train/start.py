"""Beginning a run from weights that exist: another run's checkpoint, or an exported model folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from handsynth.errors import InputError
from handsynth.model.model import Model
from handsynth.text.charset import index_table
from train import checkpoint
from train.model import CVAE, VariationPrior

BY_CHARACTER = ("embedding.weight", "variation_")
"""Entries of the state with one row a character."""


@dataclass(frozen=True)
class Start:
    """Weights to begin from."""

    path: Path
    charset: list[str]
    state: dict[str, Tensor]
    """As of `CVAE.state_dict`."""


def load_start(path: Path) -> Start:
    """The weights of a run, a checkpoint or an exported model folder. Raises InputError where they draw no fields."""
    if (path / "decoder.onnx").is_file():
        return Start(path, *exported_state(path))
    saved = checkpoint.load(path)
    return Start(path, saved["charset"], saved["average"])


def load_weights(model: CVAE, begin: Start) -> None:
    """Copy the weights of `begin` into `model`; characters that it does not know keep the weights they have.

    Raises InputError where the networks are of other sizes.
    """
    start, charset, state = begin.path, begin.charset, begin.state
    own = model.state_dict()
    known = index_table(charset)
    shared = [(i, known[char]) for i, char in enumerate(model.charset) if char in known]
    mine, theirs = torch.tensor(shared, dtype=torch.long).view(-1, 2).T
    merged: dict[str, Tensor] = {}
    for name, value in own.items():
        given = state.get(name)
        if given is not None and any(part in name for part in BY_CHARACTER) and given.shape[1:] == value.shape[1:]:
            merged[name] = value.clone()
            merged[name][mine] = given[theirs]
        elif given is not None and given.shape == value.shape:
            merged[name] = given
        else:
            raise InputError(f"{start} has other networks than this recipe ({name}); --from needs the same sizes")
    model.load_state_dict(merged)


def exported_state(folder: Path) -> tuple[list[str], dict[str, Tensor]]:
    """Charset and `CVAE.state_dict` of a model folder, its weights as rounded for export.

    The prior's maps are read off its graph, which is affine in the noise: one probe for the mean, one a dimension.
    """
    import onnx
    from onnx import numpy_helper

    model = Model.open(folder)
    if model.strokes:
        raise InputError(
            f"{folder} draws pen strokes, and --from goes on with a model that draws fields; "
            "to write with your letters by that model, use: handsynth hand learn"
        )
    state: dict[str, Tensor] = {}
    for file in ("decoder.onnx", "encoder.onnx"):
        if not model.has(file.removesuffix(".onnx")):
            raise InputError(f"{folder} has no {file}; export the run with all of its graphs, or give its checkpoint")
        for weight in onnx.load(folder / file).graph.initializer:
            name = weight.name.removesuffix("_half")
            if name.startswith(("decoder.", "encoder.")):
                state[name] = torch.from_numpy(numpy_helper.to_array(weight).astype(np.float32))
    s, v, c = model.card.style_size, model.card.variation_size, len(model.charset)
    probes = np.concatenate([np.zeros((1 + s, v)), np.eye(v)]).astype(np.float32)
    style_probes = np.concatenate([np.zeros((1, s)), np.eye(s), np.zeros((v, s))]).astype(np.float32)
    char = np.repeat(np.arange(c), len(probes))
    styles, variations = model.prior(char, np.tile(style_probes, (c, 1)), np.tile(probes, (c, 1)))
    style = styles[: 1 + s].astype(np.float64)
    by_char = variations.reshape(c, len(probes), v).astype(np.float64)
    style_mean, style_root = style[0], (style[1:] - style[0]).T
    given_mean = by_char[:, 0]  # at the mean style
    slope = np.linalg.solve(style_root.T, by_char[:, 1 : 1 + s] - given_mean[:, None]).transpose(0, 2, 1)
    root = (by_char[:, 1 + s :] - given_mean[:, None]).transpose(0, 2, 1)
    spread = slope @ style_root
    state |= {
        name: torch.from_numpy(value).float()
        for name, value in {
            "style_mean": style_mean,
            "style_root": style_root,
            "variation_mean": given_mean - slope @ style_mean,
            "variation_slope": slope,
            "variation_root": root,
            # p(v | c) of the ELBO, whatever the hand
            "variation_prior.mean": given_mean,
            "variation_prior.covariance": spread @ spread.transpose(0, 2, 1) + root @ root.transpose(0, 2, 1),
            "variation_prior.count": np.full(c, VariationPrior.MEMORY),
        }.items()
    }
    return list(model.charset), state

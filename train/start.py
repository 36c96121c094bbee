"""Beginning a run from weights that exist: another run's checkpoint, or an exported model folder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from handsynth.errors import InputError
from handsynth.model import Model
from train import checkpoint
from train.model import CVAE, ModelConfig, VariationPrior

BY_CHARACTER = ("embedding.weight", "variation_")
"""Entries of the state with one row a character."""
TOLD = "encoder.signature_"
"""Entries that are set by the likeness model of the run, whatever they were."""


def load_weights(model: CVAE, start: Path) -> None:
    """Copy the weights of `start` into `model`; characters that `start` does not know keep the weights they have.

    A `start` whose hands have no signature may begin one that has: its drawing does not depend on it yet. Raises
    InputError where the networks are of other sizes.
    """
    if (start / "decoder.onnx").is_file():
        charset, state = exported_state(start)
    else:
        saved = checkpoint.load(start)
        charset, state = saved["charset"], saved["average"]
    own = model.state_dict()
    if state["style_mean"].shape[0] == model.config.style - model.config.signature:
        state = with_signature(state, model.config)
    known = {char: i for i, char in enumerate(charset)}
    shared = [(i, known[char]) for i, char in enumerate(model.charset) if char in known]
    mine, theirs = torch.tensor(shared, dtype=torch.long).view(-1, 2).T
    merged: dict[str, Tensor] = {}
    for name, value in own.items():
        given = state.get(name)
        if given is not None and any(part in name for part in BY_CHARACTER) and given.shape[1:] == value.shape[1:]:
            merged[name] = value.clone()
            merged[name][mine] = given[theirs]
        elif name.startswith(TOLD):
            merged[name] = value
        elif given is not None and given.shape == value.shape:
            merged[name] = given
        else:
            raise InputError(f"{start} has other networks than this recipe ({name}); --from needs the same sizes")
    model.load_state_dict(merged)


def with_signature(state: dict[str, Tensor], config: ModelConfig) -> dict[str, Tensor]:
    """The state of a model without signatures as one of `config`, whose drawing ignores them."""
    k, free = config.signature, config.style - config.signature
    grown = dict(state)
    inner = state["decoder.inner.weight"]
    at = config.embedding + free
    grown["decoder.inner.weight"] = torch.cat([inner[:, :at], inner.new_zeros(len(inner), k), inner[:, at:]], 1)
    grown["style_mean"] = torch.cat([state["style_mean"], torch.zeros(k)])
    grown["style_root"] = torch.block_diag(state["style_root"], torch.eye(k))
    return grown


def graph_weights(path: Path) -> dict[str, Tensor]:
    """The weights of an exported graph by their names in PyTorch, as rounded for export."""
    import onnx
    from onnx import numpy_helper

    return {
        weight.name.removesuffix("_half"): torch.from_numpy(numpy_helper.to_array(weight).astype(np.float32))
        for weight in onnx.load(path).graph.initializer
        if "." in weight.name
    }


def exported_state(folder: Path) -> tuple[list[str], dict[str, Tensor]]:
    """Charset and `CVAE.state_dict` of a model folder, its weights as rounded for export.

    The prior's maps are read off its graph, which is affine in the noise: one probe for the mean, one a dimension.
    """
    model = Model.open(folder)
    state: dict[str, Tensor] = {}
    for file in ("decoder.onnx", "encoder.onnx"):
        if not model.has(file.removesuffix(".onnx")):
            raise InputError(f"{folder} has no {file}; export the run with all of its graphs, or give its checkpoint")
        state |= {k: v for k, v in graph_weights(folder / file).items() if k.startswith(("decoder.", "encoder."))}
    signature = int(model.card.recipe.get("model", {}).get("signature", 0))
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
            "variation_slope": slope[:, :, : s - signature],
            "variation_root": root,
            # p(v | c) of the ELBO, whatever the hand
            "variation_prior.mean": given_mean,
            "variation_prior.covariance": spread @ spread.transpose(0, 2, 1) + root @ root.transpose(0, 2, 1),
            "variation_prior.count": np.full(c, VariationPrior.MEMORY),
        }.items()
    }
    return list(model.charset), state

"""Signatures: what tells writers apart beside pen and slant, known from a reader's features and kept in the style.

The likelihood weighs pixels, and how round, wide or open somebody writes weighs little in them, so a style that is left
alone hardly carries it. A reader's features of a letter are modelled as

    feature = mean of its class + signature of its writer + rest,

the signature and the rest Gaussian (probabilistic linear discriminant analysis: Prince and Elder 2007). In the
directions where writers differ most the rest has variance one and the signature `variance`, about a twentieth: one
letter tells little, twenty tell enough, and the product of their factors is the posterior. The last dimensions of the
style are the signature in units of its spread. The encoder reads it off a glyph by this very model, the reader's trunk
and all, and the decoder learns to draw letters whose mean shows the signature that it was given.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from handsynth.errors import DataError, InputError
from train.data.dataset import Dataset
from train.model import CVAE, Encoder, Reader

SHARPNESS = 4.0
"""Slope of the sigmoid that lends ink a gradient: that of ink at an edge, and more than none beyond it."""
FLOOR = 0.02  # of the mean variance, added to every direction, since some hardly vary
LEAST = 12  # glyphs of a class that give a mean, and of a writer that give a signature
WEAKEST = 0.004  # least variance of a signature along a direction; less would be noise
READ = 20
"""Letters from which a signature is told: a miss counts as it does in the likelihood of so many."""


class Likeness(nn.Module):
    """A reader's features as signatures: directions in which the rest has variance one and writers differ most."""

    means: Tensor
    """Mean features of each class [C, F]."""
    known: Tensor
    """1 for classes that have a mean, else 0 [C]."""
    directions: Tensor
    """[F, K]."""
    variance: Tensor
    """Variance of the signatures along each direction [K]; the rest has one."""

    def __init__(self, reader: Reader, characters: int, signature: int):
        super().__init__()
        self.trunk = reader.trunk
        width = reader.logits.in_features
        self.register_buffer("means", torch.zeros(characters, width))
        self.register_buffer("known", torch.zeros(characters))
        self.register_buffer("directions", torch.eye(width)[:, :signature])
        self.register_buffer("variance", torch.ones(signature))
        self.eval().requires_grad_(False)

    def features(self, field: Tensor) -> Tensor:
        """Fields [n, H, H] -> features [n, F]."""
        with torch.autocast(field.device.type, enabled=False):
            soft = torch.sigmoid(SHARPNESS * field.float())
            return self.trunk(soft + ((field.float() + 0.5).clamp(0, 1) - soft).detach())

    @torch.no_grad()
    def learn(self, data: Dataset, rows: np.ndarray, char: np.ndarray) -> None:
        """Learn classes and writers from the dataset's `rows` of classes `char` [n]; all writers should use one pen.

        Raises DataError where fewer than two writers have LEAST glyphs of classes with as many.
        """
        device = self.means.device
        parts = [
            self.features(torch.from_numpy(data.fields[rows[i : i + 512]]).to(device).float() / 16)
            for i in range(0, len(rows), 512)
        ]
        features = torch.cat(parts)
        index = torch.from_numpy(char).to(device)
        count = torch.bincount(index, minlength=len(self.known))
        self.known.copy_((count >= LEAST).float())
        self.means.zero_().index_add_(0, index, features)
        self.means.div_(count.clamp(min=1)[:, None])
        usable = self.known[index] > 0
        rest = (features - self.means[index])[usable].double()
        _, writer = np.unique(data.writers[rows][usable.cpu().numpy()], return_inverse=True)
        writers = torch.from_numpy(writer).to(device)
        letters = torch.bincount(writers)[:, None]
        if (letters >= LEAST).sum() < 2:
            raise DataError(
                f"{data.path} has fewer than two writers with {LEAST} glyphs of classes that have {LEAST} glyphs; "
                "use a recipe with likeness = 0, or more data"
            )
        mean = rest.new_zeros(len(letters), rest.shape[1]).index_add_(0, writers, rest) / letters
        rest = rest - mean[writers]
        within = rest.T @ rest / max(1, len(rest) - len(letters))
        scale = within.trace() / len(within)
        value, vector = torch.linalg.eigh(within + (FLOOR * scale + 1e-9) * torch.eye(len(within), device=device))
        whiten = vector / value.sqrt()
        some = letters[:, 0] >= LEAST
        marks = mean[some] @ whiten
        marks = marks - marks.mean(0)
        noise = (1 / letters[some].double()).mean()
        between = marks.T @ marks / max(1, len(marks) - 1) - noise * torch.eye(len(within), device=device)
        value, vector = torch.linalg.eigh(between)
        best = torch.arange(len(value), device=device).flip(0)[: len(self.variance)]
        self.directions.copy_((whiten @ vector[:, best]).float())
        self.variance.copy_(value[best].clamp(min=WEAKEST).float())

    def marks(self, field: Tensor, char: Tensor) -> Tensor:
        """Fields [n, H, H] of classes `char` [n] -> what each shows of a signature, in spreads of signatures [n, K]."""
        return (self.features(field) - self.means[char]) @ self.directions / self.variance.sqrt()

    @torch.no_grad()
    def teach(self, encoder: Encoder) -> None:
        """Set what an encoder reads signatures with."""
        try:
            encoder.signature_trunk.load_state_dict(self.trunk.state_dict())
        except RuntimeError as error:
            width, wanted = len(self.directions), encoder.signature_read.in_features
            raise InputError(
                f"the reader has {width} features, the recipe expects {wanted}: set model.reader = {width}"
            ) from error
        read = self.directions / self.variance.sqrt()
        encoder.signature_read.weight.copy_(read.T)
        encoder.signature_usual.copy_(self.means @ read)
        encoder.signature_logvar.copy_(-self.variance.log())
        encoder.signature_known.copy_(self.known)

    def unlike(self, drawn: Tensor, char: Tensor, signature: Tensor) -> Tensor:
        """Nats per hand by which the mean of a hand's letters misses its signature, if READ letters had that mean.

        drawn [g * m, H, H]: the same m letters, of classes `char` [m], by each of g hands; signature [g, K]. Only what
        differs from hand to hand counts: what all share, as the looks of letters without variation, is nobody's.
        """
        known = self.known[char].view(-1, 1)
        marks = self.marks(drawn, char.repeat(len(signature))).unflatten(0, (len(signature), -1))
        miss = (marks - signature[:, None]) * known
        miss = miss - miss.mean(0)
        # over pairs of different letters: unbiased, so that nothing is gained by letters that vary less
        pairs = miss.sum(1).square() - miss.square().sum(1)
        count = known.sum()
        scale = READ * self.variance * len(miss) / max(1, len(miss) - 1) / (count * (count - 1)).clamp(min=1)
        return 0.5 * (pairs * scale).sum(1).mean()


@torch.no_grad()
def draw_hands(model: CVAE, fields: np.ndarray, char: Tensor, seen: Tensor, noise: Tensor) -> Tensor:
    """Draws of q(s) [g, S] of groups of stored glyphs: fields int8 [g, k, H, H], char [g, k].

    Read from those of the first r of each group that are `seen` [g, r]; noise [g, S].
    """
    g, r = seen.shape
    field = torch.from_numpy(fields[:, :r]).to(char.device).float().flatten(0, 1) / 16
    mean, logvar, _, _ = model.encoder((field + 0.5).clamp(0, 1), char[:, :r].flatten())
    mean, logvar = model.group_posterior(mean.unflatten(0, (g, r)), logvar.unflatten(0, (g, r)), seen)
    return mean + noise * (0.5 * logvar).exp()


def draw_usual(model: CVAE, prior: CVAE, char: Tensor, style: Tensor) -> Tensor:
    """Fields of `char` by the hands `style` with the mean of p(v | c, s) of the priors last fitted.

    The mean, so that nothing is gained by variation that vanishes.
    """
    with torch.no_grad():
        variation = prior.draw_variation(char, style.float(), style.new_zeros(len(char), model.config.variation))
    return model.decoder(char, style, variation)

"""The graphs of a stroke model as torch modules, and a run of one as a model folder."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from export.graphs import GraphExport
from handsynth.frame import Frame
from train.strokes.factors import Factors
from train.strokes.fit import Trained
from train.strokes.networks import CENTRE, UNIT, PixelEncoder, Steps, StrokeDecoder
from train.strokes.paths import Slots

GRID = 1024.0
"""Points lie on a grid of so many steps in a frame px, so that processors that round otherwise draw the same."""


class DecoderGraph(nn.Module):
    """(char, style, variation) -> points [n,P,2] in frame px, and logits [n,K] of the strokes' existence."""

    owner: Tensor
    centre: Tensor

    def __init__(self, decoder: StrokeDecoder, slots: Slots, frame: Frame) -> None:
        super().__init__()
        self.decoder, self.count, self.middle = decoder, slots.count, frame.size / 2
        self.register_buffer("owner", torch.from_numpy(slots.owner))
        self.register_buffer("centre", torch.tensor(CENTRE))

    def forward(self, char: Tensor, style: Tensor, variation: Tensor) -> tuple[Tensor, Tensor]:
        points, exist = self.decoder(char, variation)
        # one stroke at least: the surest
        surest = exist.amax(dim=1, keepdim=True)
        exist = torch.where(exist >= surest, exist.clamp(min=1.0), exist)
        points = points * UNIT + self.centre
        here = (exist > 0)[:, self.owner]
        x = points[:, :, 0]
        far = 1e4
        low = torch.where(here, x, torch.full_like(x, far)).amin(dim=1)
        high = torch.where(here, x, torch.full_like(x, -far)).amax(dim=1)
        shift = self.middle - (low + high) / 2
        # the style takes no part: it is in the variation already
        shift = shift + 0.0 * style.sum(dim=1)
        moved = torch.stack([x + shift[:, None], points[:, :, 1]], dim=2)
        return torch.round(moved * GRID) / GRID, exist


class PriorGraph(nn.Module):
    """(char, style_noise, variation_noise) -> a draw of p(s), and a draw of p(v | c, s = style_noise).

    p(s) is a mixture over the people of training, each as uncertain as their letters leave them and a little more: what
    the flow has learnt from (`train.strokes.prior.People`). A standard normal of the same covariance lies further out
    than most people do. The first number of the noise chooses the person.
    """

    def __init__(self, draw: Steps, factors: Factors, blur: float) -> None:
        super().__init__()
        self.draw = draw
        unsure = factors.unsure + blur**2 * np.eye(factors.style.shape[1])
        self.people = nn.Parameter(torch.from_numpy(factors.style).float(), requires_grad=False)
        self.root = nn.Parameter(torch.from_numpy(np.linalg.cholesky(unsure)).float(), requires_grad=False)

    def forward(self, char: Tensor, style_noise: Tensor, variation_noise: Tensor) -> tuple[Tensor, Tensor]:
        last = len(self.people) - 1
        share = 0.5 + 0.5 * torch.erf(style_noise[:, 0] * 0.5**0.5)
        person = (share * (last + 1)).floor().clamp(0, last).long()
        off = (self.root[person] * style_noise[:, None, :]).sum(dim=2)
        return self.people[person] + off, self.draw(variation_noise, char, style_noise)


class EncoderGraph(nn.Module):
    """(ink, char) -> mean and log-variance of the variation, and the glyph's Gaussian factor of the style.

    Given the style f, a letter's variation is mean[c] + A[c] f + noise of variance R[c], and what is read off its ink
    has a variance of its own: information A' R⁻¹ (v - mean), precision A' R⁻¹ A.
    """

    def __init__(self, encoder: PixelEncoder, factors: Factors) -> None:
        super().__init__()
        self.encoder = encoder
        self.loadings = nn.Parameter(torch.from_numpy(factors.loadings).float(), requires_grad=False)
        self.mean = nn.Parameter(torch.from_numpy(factors.mean).float(), requires_grad=False)
        self.rest = nn.Parameter(torch.from_numpy(factors.rest).float(), requires_grad=False)

    def forward(self, ink: Tensor, char: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        mean, logvar = self.encoder(ink, char)
        loadings = self.loadings[char]
        weighted = loadings / (self.rest[char] + logvar.exp()).unsqueeze(2)
        information = (weighted * (mean - self.mean[char]).unsqueeze(2)).sum(dim=1)
        return mean, logvar, information, weighted.transpose(1, 2) @ loadings


def parts(trained: Trained) -> dict[str, GraphExport]:
    """The graphs by file name, but the reader's."""
    frame = Frame.from_dict(trained.about["frame"])
    decoder = DecoderGraph(trained.decoder, Slots(trained.recipe.strokes.points), frame)
    prior = PriorGraph(trained.draw, trained.factors, trained.recipe.prior.blur)
    return {
        name: GraphExport(module.eval(), inputs, outputs)
        for name, module, inputs, outputs in (
            ("decoder.onnx", decoder, ("char", "style", "variation"), ("points", "exist")),
            ("prior.onnx", prior, ("char", "style_noise", "variation_noise"), ("style", "variation")),
            (
                "encoder.onnx", EncoderGraph(trained.encoder, trained.factors), ("ink", "char"),
                ("variation_mean", "variation_logvar", "style_information", "style_precision"),
            ),
        )
    }  # fmt: skip

"""One run's networks and how a step changes them: by the gradients of all parts of a batch, of all processes."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from train.arithmetic import autocast
from train.augment import augment, redraw
from train.critic import R1_EVERY, FieldCritic, critic_loss, draw_from_prior, fooling_loss, penalised_glyphs
from train.data.dataset import Dataset
from train.loss import Posterior, flat_edges, group_loss
from train.model import CVAE, channels_last
from train.parallel import ProcessGroup
from train.plan import BatchPart
from train.recipe import AugmentConfig, TrainRecipe


class Learner:
    """Model, its average, critic and optimizers, the same in all processes of the group at the end of each step."""

    def __init__(
        self, recipe: TrainRecipe, data: Dataset, charset: list[str], parts: int, processes: ProcessGroup
    ) -> None:
        self.recipe, self.data, self.parts, self.processes = recipe, data, parts, processes
        config, size = recipe.train, data.frame.size
        torch.manual_seed(config.seed)  # initial weights
        self.model, self.average = (CVAE(recipe.model, charset, size) for _ in range(2))
        self.critic = FieldCritic(recipe.model, len(charset), size) if config.critic else None
        self.lookup = char_lookup(charset)

    def begin(self, state: dict[str, Any] | None) -> None:
        """Take the weights to the device and, from the state of a run, go on where that was."""
        config, device = self.recipe.train, self.processes.device
        if state is None:
            self.average.load_state_dict(self.model.state_dict())
        channels_last(self.model.to(device)).train()
        channels_last(self.average.to(device)).eval()
        self.parameters = list(self.model.parameters())
        self.optimizer = torch.optim.AdamW(
            self.parameters, lr=config.learning_rate, weight_decay=config.weight_decay, betas=(0.9, 0.98), fused=True
        )
        if self.critic is not None:
            channels_last(self.critic.to(device))
            self.critic_optimizer = torch.optim.Adam(
                self.critic.parameters(), lr=config.critic_rate, betas=(0.0, 0.99), fused=True
            )
        if state is not None:
            self.model.load_state_dict(state["model"])
            self.average.load_state_dict(state["average"])
            self.optimizer.load_state_dict(state["optimizer"])
            if self.critic is not None:
                self.critic.load_state_dict(state["critic"]["model"])
                self.critic_optimizer.load_state_dict(state["critic"]["optimizer"])
        self.objective: nn.Module = _Objective(self)
        self.judgement: nn.Module | None = _Judgement(self.critic) if self.critic is not None else None
        if self.processes.size > 1:
            self.objective = self._distributed(self.objective)
            self.judgement = self._distributed(self.judgement) if self.judgement is not None else None

    def _distributed(self, module: nn.Module) -> nn.Module:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of another name for this, which torch 2.4 lacks
            # buffers are kept alike by `step` and `share_priors`
            return DistributedDataParallel(module, broadcast_buffers=False)

    def state(self) -> dict[str, Any]:
        """What `begin` goes on from."""
        critic = self.critic and {"model": self.critic.state_dict(), "optimizer": self.critic_optimizer.state_dict()}
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "critic": critic,
        }

    def step(self, step: int, parts: Sequence[BatchPart], rate: float) -> dict[str, float]:
        """One update from this process's `parts` of the batch of `step`; returns the parts of the loss.

        They are means over this process's parts, weighted such that the mean over all processes is that of the batch;
        `norm`, of the gradient, is the same in all. It is not finite where training has failed.
        """
        config = self.recipe.train
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad(set_to_none=True)
        sums: dict[str, float] = {}
        posteriors: list[Posterior] = []
        judged: list[tuple[Tensor, ...]] = []
        for i, part in enumerate(parts):
            char = torch.from_numpy(self.lookup[self.data.codepoints[part.rows.ravel()]]).to(self.processes.device)
            field, other = self._draw(part)
            with self._alone(self.objective, i + 1 < len(parts)):
                found, posterior, shown = self.objective(part, field, other, char)
                (found["total"] / len(parts)).backward()
            del found["total"]
            posteriors += [posterior] if posterior else []
            judged += [shown] if shown else []
            _add(sums, found, len(parts), {"kl_variation": part.share})
        if judged and self.critic is not None and self.judgement is not None:
            self.critic_optimizer.zero_grad(set_to_none=True)
            for i, (real, drawn, char, style) in enumerate(judged):
                penalise = penalised_glyphs(parts[i].index, self.parts, len(real)) if step % R1_EVERY == 0 else (0, 1.0)
                with self._alone(self.judgement, i + 1 < len(judged)):
                    with self._cast():
                        found = self.judgement(real, drawn, char, style, penalise)
                    (found["loss"] / len(judged)).backward()
                _add(sums, {"told": found["told"]}, len(judged), {})
            nn.utils.clip_grad_norm_(self.critic.parameters(), 50.0)
            self.critic_optimizer.step()
        norm = nn.utils.clip_grad_norm_(self.parameters, config.clip)
        sums["norm"] = float(norm)
        if not np.isfinite(sums["norm"]):
            return sums
        if posteriors:
            columns = zip(*posteriors, strict=True)
            self.model.variation_prior.update(*(self.processes.gather(torch.cat(column)) for column in columns))
        self.optimizer.step()
        _update_average(self.average, self.model, config.ema, step + 1)
        return sums

    def share_priors(self) -> None:
        """Let all processes have the priors that the one which leads has fitted."""
        self.processes.share(*self.average.buffers())

    def _cast(self) -> torch.autocast:
        return autocast(self.processes.device.type, wanted=self.recipe.train.precision == "bfloat16")

    def _alone(self, module: nn.Module, more: bool) -> contextlib.AbstractContextManager[None]:
        """Gradients stay in this process until the last part."""
        return module.no_sync() if more and isinstance(module, DistributedDataParallel) else contextlib.nullcontext()

    def _draw(self, part: BatchPart) -> tuple[Tensor, Tensor]:
        """Fields [g * k, H, H] with one pen, slant and size a group, and the shown ones with another pen [m, H, H]."""
        rows, k, device = part.rows.ravel(), part.rows.shape[1], self.processes.device
        field = torch.from_numpy(self.data.fields[rows]).to(device).float() / 16
        shown = part.noise.shown.to(device)
        if self.recipe.augment == AugmentConfig():
            return field, field[shown]
        pens = torch.from_numpy(self.data.pens[rows]).to(device)
        drawn, others = torch.from_numpy(np.repeat(part.pens, k, axis=1)).to(device)
        field = augment(field, pens, drawn, self.data.frame)
        return field, redraw(field[shown], pens[shown], drawn[shown], others[shown])


class _Objective(nn.Module):
    """What the model loses on a part of a batch: the evidence bound, and what the critic tells it."""

    def __init__(self, learner: Learner) -> None:
        super().__init__()
        self.model = learner.model
        self.others = (learner.average, learner.critic)  # in a tuple: no parameters of this module
        self.config, self.device, self.cast = learner.recipe.train, learner.processes.device, learner._cast

    def forward(
        self, part: BatchPart, field: Tensor, other: Tensor, char: Tensor
    ) -> tuple[dict[str, Tensor], Posterior | None, tuple[Tensor, ...] | None]:
        """Parts of the loss, posteriors, and what the critic is to judge: real and drawn fields, char, style."""
        config, (average, critic) = self.config, self.others
        seen = torch.from_numpy(part.seen).to(self.device)
        noise = part.noise.to(self.device)
        with self.cast():
            parts, style, posterior = group_loss(self.model, field, other, char, seen, noise, config)
        if critic is None or not len(part.fresh):
            return parts | {"total": parts["loss"]}, posterior, None
        k = part.rows.shape[1]  # the last of each group: the hand is not read from those
        judged = torch.arange(len(char), device=self.device).view(-1, k)[:, k - config.critic_glyphs :].ravel()
        given = char[judged], style[judged]
        critic.requires_grad_(False)
        with self.cast():  # not that of the bound: gradients of the two meet in full precision
            drawn = draw_from_prior(self.model, average, *given, part.fresh.to(self.device))
            fooling = fooling_loss(critic, drawn, *given)
        critic.requires_grad_(True)
        flat = flat_edges(drawn).mean() * config.edge * len(drawn) / len(field) if config.edge else 0.0
        total = parts["loss"] + config.critic * fooling + flat
        return parts | {"fooling": fooling, "total": total}, posterior, (field[judged], drawn.detach(), *given)


class _Judgement(nn.Module):
    """What the critic loses on a part of a batch."""

    def __init__(self, critic: FieldCritic) -> None:
        super().__init__()
        self.critic = critic

    def forward(
        self, real: Tensor, drawn: Tensor, char: Tensor, style: Tensor, penalise: tuple[int, float]
    ) -> dict[str, Tensor]:
        return critic_loss(self.critic, real, drawn, char, style, *penalise)


def char_lookup(charset: list[str]) -> np.ndarray:
    """int64 table from codepoint to index in the charset."""
    codes = [ord(c) for c in charset]
    table = np.zeros(max(codes) + 1, np.int64)
    table[codes] = np.arange(len(codes))
    return table


def _add(sums: dict[str, float], found: dict[str, Tensor], count: int, shares: dict[str, float]) -> None:
    """Add to the sums a `count`-th of what was found, and of some of it as much as its share."""
    for name, value in found.items():
        sums[name] = sums.get(name, 0.0) + float(value.detach()) * shares.get(name, 1.0) / count


@torch.no_grad()
def _update_average(average: CVAE, model: CVAE, decay: float, step: int) -> None:
    """Exponential moving average; the decay grows with the steps, so that the first weights are soon forgotten."""
    decay = min(decay, step / (step + 10))
    pairs = list(zip(average.parameters(), model.parameters(), strict=True))
    torch._foreach_lerp_([a for a, _ in pairs], [m for _, m in pairs], 1 - decay)

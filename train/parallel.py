"""Processes that train together: who this one is, and what they tell each other. Without torchrun there is one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from handsynth.errors import HandsynthError, InputError
from train import torchrun


def _own_device() -> torch.device:
    if not torch.cuda.is_available():
        return torch.device("cpu")
    return torch.device("cuda", torchrun.number("LOCAL_RANK", 0))


@dataclass(frozen=True)
class ProcessGroup:
    """`size` processes, of which this is number `rank`."""

    rank: int = 0
    size: int = 1
    device: torch.device = field(default_factory=_own_device)

    @property
    def leads(self) -> bool:
        """Whether this is the process that writes files and shows progress."""
        return self.rank == 0

    @contextmanager
    def together(self) -> Iterator[None]:
        """A passage, without any exchange, that all processes pass or none: what one refuses ends all.

        Each raises its own error, or else an InputError with that of the first process which has one.
        """
        own: HandsynthError | None = None
        try:
            yield
        except HandsynthError as error:
            own = error
        except OSError as error:
            own = InputError(f"{error.filename or 'a file'}: {error.strerror or error}")
        if self.size > 1:
            line = f"{' '.join(str(own).split())}\n" if own else ""
            said = self.gather(torch.tensor(list(line.encode()), dtype=torch.uint8, device=self.device))
            if len(said) and own is None:
                raise InputError(bytes(said.tolist()).decode().splitlines()[0])
        if own is not None:
            raise own

    def agree(self, *what: bytes) -> None:
        """Raises InputError in all processes where not all of them give the same."""
        if self.size == 1:
            return
        digest = hashlib.blake2b(digest_size=7)  # fits int64
        for part in what:
            digest.update(part)
        own = torch.tensor([int.from_bytes(digest.digest(), "big")], device=self.device)
        if len(torch.unique(self.gather(own))) > 1:
            raise InputError("processes see other data or another run than the first; give all the same files")

    def mean(self, values: Tensor) -> Tensor:
        """The mean of what all processes give, of the same shape in each."""
        if self.size > 1:
            values = values.to(self.device)
            dist.all_reduce(values)
            values /= self.size
        return values

    def gather(self, rows: Tensor) -> Tensor:
        """What all processes give [n, …], n may differ, one after the other in the order of their ranks."""
        if self.size == 1:
            return rows
        counts = torch.zeros(self.size, dtype=torch.int64, device=rows.device)
        counts[self.rank] = len(rows)
        dist.all_reduce(counts)
        most = int(counts.max())
        padded = rows.new_zeros((most, *rows.shape[1:]))
        padded[: len(rows)] = rows
        parts = [torch.empty_like(padded) for _ in range(self.size)]
        dist.all_gather(parts, padded)
        return torch.cat([part[:count] for part, count in zip(parts, counts.tolist(), strict=True)])

    def share(self, *values: Tensor) -> None:
        """Replace `values`, in place, by those of the process that leads."""
        if self.size > 1:
            for value in values:
                dist.broadcast(value, 0)

    def shared(self, values: np.ndarray) -> np.ndarray:
        """The array of the process that leads; `values` is of the same shape and type in all."""
        if self.size == 1:
            return values
        held = torch.from_numpy(np.array(values).view(np.uint8)).to(self.device)
        self.share(held)
        return held.cpu().numpy().view(values.dtype)


@contextmanager
def process_group() -> Iterator[ProcessGroup]:
    """All processes that torchrun started, or this one alone.

    Raises InputError where they cannot meet, or where one of them ended before the others.
    """
    size = torchrun.number("WORLD_SIZE", 1)
    if size < 2:
        yield ProcessGroup()
        return
    device = _own_device()
    if device.type == "cuda":
        if torchrun.number("LOCAL_RANK", 0) >= torch.cuda.device_count():
            raise InputError(
                f"there are {torch.cuda.device_count()} GPUs for more processes; give that as --nproc-per-node"
            )
        torch.cuda.set_device(device)
    try:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    except (RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0][:200]
        raise InputError(f"the {size} processes cannot meet ({reason}); see the options of torchrun") from error
    try:
        yield ProcessGroup(dist.get_rank(), size, device)
        dist.barrier()  # nobody leaves while another still needs it
    except RuntimeError as error:
        if not isinstance(error, dist.DistError) and "onnection" not in str(error):  # gloo has no class of its own
            raise
        raise InputError("another of the processes has ended; --resume goes on from the last checkpoint") from error
    finally:
        dist.destroy_process_group()

"""What every source of glyphs gives: batches of placed drawings, and a count of what was left out and why."""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from typing import Any, ClassVar

import numpy as np

from handsynth.frame import STANDARD, Frame

TRAIN, VAL, TEST = 0, 1, 2
SPLITS = ("train", "val", "test")
EXAMPLES = 100
"""How many dropped glyphs are named for each reason."""
_ADDRESS = re.compile(r" ?<[^<>]* at 0x[0-9A-Fa-f]+>")
"""How Python shows an object that has no name: it differs from run to run."""
AHEAD = 16
"""Tasks under way at a time."""


@dataclass(frozen=True)
class ReaderOptions:
    """What all readers are told."""

    frame: Frame = STANDARD
    placement: str = "frame"
    """"frame": usual size and height of each character; "resize": cropped pictures fill the whole square."""
    chars: frozenset[str] | None = None
    """Keep these characters only; None keeps all."""
    split_seed: str = "handsynth"
    """Decides, with the writer's name, who is in train, val and test where the source does not say."""
    pen: float = 2.5
    """Width in frame px of the round pen that strokes are drawn with."""

    def wants(self, char: str) -> bool:
        return self.chars is None or char in self.chars


@dataclass
class Drops:
    """What a source left out: for each reason how many, and the names of the first few."""

    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, reason: str, name: str, count: int = 1) -> None:
        name = _ADDRESS.sub("", name)
        self.counts[reason] = self.counts.get(reason, 0) + count
        named = self.examples.setdefault(reason, [])
        if len(named) < EXAMPLES:
            named.append(name)

    def update(self, other: Drops) -> None:
        for reason, count in other.counts.items():
            self.counts[reason] = self.counts.get(reason, 0) + count
            named = self.examples.setdefault(reason, [])
            named.extend(other.examples[reason][: EXAMPLES - len(named)])


@dataclass
class GlyphBatch:
    """Some glyphs in the frame, in order."""

    images: list[np.ndarray] = field(default_factory=list)
    """uint8 [H,H], 255 = ink."""
    fields: list[np.ndarray] = field(default_factory=list)
    """int8 [H,H], sixteenths of a px."""
    chars: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    """A name that is unique within the source; "" where the writer is not known."""
    splits: list[int] = field(default_factory=list)
    checked: list[bool] = field(default_factory=list)
    pens: list[float] = field(default_factory=list)
    strokes: list[list[np.ndarray]] = field(default_factory=list)
    """Pen paths float [m,2] in frame px, in writing order; none where a source has pictures only."""
    drops: Drops = field(default_factory=Drops)
    done: int = 0
    """How many items of the source this batch stands for, kept or not; moves the progress bar."""

    def add(
        self,
        char: str,
        image: np.ndarray,
        fields: np.ndarray,
        *,
        writer: str = "",
        split: int = TRAIN,
        checked: bool = True,
        pen: float = 0.0,
        strokes: Sequence[np.ndarray] = (),
    ) -> None:
        self.images.append(image)
        self.fields.append(fields)
        self.chars.append(char)
        self.writers.append(writer)
        self.splits.append(split)
        self.checked.append(checked)
        self.pens.append(pen)
        self.strokes.append(list(strokes))


@dataclass(frozen=True)
class SourceInfo:
    """Where glyphs come from, for the manifest and the model's card."""

    name: str
    licence: str
    citation: str = ""
    url: str = ""


class Source(ABC):
    """One reader. `tasks` runs in the main process, `draw` in any worker, so tasks must be small and
    picklable."""

    about: SourceInfo
    details: dict[str, Any]
    """More for the manifest: licences of single fonts and the like."""
    unit: ClassVar[str] = "glyphs"

    @abstractmethod
    def total(self) -> int | None:
        """Items to go through, for the progress bar; None where or as long as that is not known."""

    @abstractmethod
    def tasks(self, options: ReaderOptions) -> Iterator[Any]:
        """Portions of work, in order, never all in memory."""

    @staticmethod
    @abstractmethod
    def draw(task: Any, options: ReaderOptions) -> GlyphBatch:
        """Carry out one portion."""

    def complete(self, batch: GlyphBatch) -> None:  # noqa: B027  most sources have nothing to add
        """Add to a drawn batch what only the main process knows."""


def split_place(seed: str, source: str, writer: str) -> float:
    """A number from 0 to 1 for a writer, by a stable hash of source and writer."""
    digest = hashlib.blake2b(f"{seed}/{source}/{writer}".encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def split_of(seed: str, source: str, writer: str, val: float = 0.05, test: float = 0.15) -> int:
    """Train, val or test for a writer."""
    place = split_place(seed, source, writer)
    return TEST if place < test else VAL if place < test + val else TRAIN


def batches(source: Source, options: ReaderOptions, pool: ProcessPoolExecutor | None = None) -> Iterator[GlyphBatch]:
    """All batches of a source in the order of its tasks, drawn by the pool's processes or by this one."""
    work = partial(type(source).draw, options=options)
    if pool is None:
        yield from map(work, source.tasks(options))
        return
    waiting: deque[Future[GlyphBatch]] = deque()
    try:
        # a few tasks ahead keep the processes busy; more would only fill the memory
        for task in source.tasks(options):
            waiting.append(pool.submit(work, task))
            if len(waiting) >= AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


def worker_pool(workers: int) -> ProcessPoolExecutor:
    """Processes that draw; started afresh, so that they hold nothing of this one's memory."""
    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))

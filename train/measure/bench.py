"""What all parts of the report share: who is measured, who judges, how hard, and real glyphs with their features."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from handsynth.errors import InputError
from train.data.dataset import Dataset
from train.measure.reading import Judge, real_ink
from train.measure.subject import Subject
from train.reader import unseen_rows


@dataclass(frozen=True)
class Effort:
    """How much of each measure."""

    each: int = 100
    splits: int = 10
    seeds: int = 3
    epochs: int = 12
    rounds: int = 8
    likelihoods: int = 2000
    samples: int = 64
    draws: int = 200
    missing: int = 2000
    """Drawings of each letter that may lack its dot or bar."""

    @classmethod
    def quick(cls) -> Effort:
        return cls(each=30, splits=2, seeds=1, epochs=3, rounds=2, likelihoods=100, samples=8, draws=40, missing=60)


@dataclass
class Bench:
    """All that the parts share: who is measured, who judges, and real glyphs with their features."""

    subject: Subject
    judge: Judge
    data: Dataset
    effort: Effort
    seed: int
    say: Callable[[str], None]
    baselines: list[Subject] = field(default_factory=list)
    found: dict[str, float] = field(default_factory=dict)
    outsider: Judge | None = None
    """A judge that the model never met, where there is one."""

    def __post_init__(self) -> None:
        chars = "".join(c for c in self.judge.chars if c in self.subject.chars)
        if len(chars) < 2:
            raise InputError(
                f"{self.subject.name} draws fewer than two of the letters and digits that the reader knows"
            )
        self.test = unseen_rows(self.data, chars=chars)
        if len(self.test) < 20:
            raise InputError(
                f"{self.data.path} has only {len(self.test)} test glyphs of these characters; prepare more"
            )
        self.codes = np.asarray(self.data.codepoints)[self.test]
        self.writers = np.asarray(self.data.writers)[self.test]
        self.real = real_ink(self.data, self.test)
        self.real_features = self.judge.read(self.real)[1]
        people = unseen_rows(self.data, split=0, chars=chars)
        self.people = people[np.isin(self.data.codepoints[people], np.unique(self.codes))]
        # as many by other writers, of the same classes
        random = np.random.Generator(np.random.Philox(key=self.seed))
        by = {int(c): self.people[self.data.codepoints[self.people] == c] for c in np.unique(self.codes)}
        usable = np.array([len(by[int(c)]) > 0 for c in self.codes])
        if not usable.all():  # no one else wrote these
            for name in ("test", "codes", "writers", "real", "real_features"):
                setattr(self, name, getattr(self, name)[usable])
        self.others = np.array([random.choice(by[int(c)]) for c in self.codes])
        self.other_features = self.judge.read(real_ink(self.data, self.others))[1]
        self.drawn, self.drawn_strokes = self.subject.draw_strokes(self.codes, 1.0, self.seed)
        self.drawn_features = self.judge.read(self.drawn)[1]

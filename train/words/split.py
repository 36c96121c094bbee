"""Where the letters lie in words that nobody marked: a classifier learnt from marked words, made-up ones and its own.

Two rounds of hard EM: the words that a first classifier is sure of are training words of the second.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from train.arithmetic import autocast
from train.strokes.stage import Run, train
from train.words import segment
from train.words.align import align, overlaps
from train.words.made import WriterLetters, made
from train.words.pack import Word
from train.words.segment import INDEX, Points, SegmentConfig, batch, scores
from train.words.trajectory import LONGEST, SPACING, Trajectory, resampled

LEVEL = 0.1
"""Augmentation: standard deviation of the baseline, in x-heights."""


@dataclass(frozen=True, eq=False)
class SplitWord:
    """A word with its letters as they were found."""

    word: Word
    sure: float
    """Mean log-probability of a point's letter."""


def usable(word: Word) -> bool:
    """Whether a word can be split: two letters and more of what the classifier knows, and not too long."""
    length = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in word.strokes)
    known = all(char in INDEX for char in word.text)
    return len(word.text) > 1 and known and length / SPACING + 3 * len(word.strokes) < LONGEST


@dataclass(frozen=True)
class Material:
    """What a classifier learns from."""

    marked: Sequence[Word]
    """Words whose letters people marked."""
    letters: Sequence[WriterLetters]
    texts: Sequence[str]
    """What is written in `letters`, as made-up words."""
    found: Sequence[Word] = ()
    """Words whose letters an earlier classifier found, and was sure of."""


def fit(
    run: Run, stage: str, config: SegmentConfig, material: Material, start: Points | None = None,
    stop: float | None = None,
) -> Points:  # fmt: skip
    """Train a classifier, from the weights of `start`, or load it where it is trained."""
    torch.manual_seed(run.seed)
    network = Points(config)
    if start is not None:
        network.load_state_dict(start.state_dict())

    def loss(step: int, chance: torch.Generator) -> dict[str, torch.Tensor]:
        random = np.random.Generator(np.random.Philox(key=int(chance.initial_seed()) % 2**63))
        some = batch(drawn(config, material, random))
        torch.manual_seed(int(random.integers(2**31)))  # dropout takes no generator
        with autocast():
            return segment.loss(network, some)

    average = train(run, stage, network, config, loss, stop)
    assert isinstance(average, Points)
    return average


def drawn(config: SegmentConfig, material: Material, random: np.random.Generator) -> list[tuple[str, Trajectory]]:
    """A batch of words with known letters, each shaken by itself."""
    result: list[tuple[str, Trajectory]] = []
    letters, texts = material.letters, material.texts
    while len(result) < config.batch:
        if material.found and random.random() < config.found:
            word = material.found[int(random.integers(len(material.found)))]
        elif random.random() < config.marked:
            word = material.marked[int(random.integers(len(material.marked)))]
        else:
            writer, text = letters[int(random.integers(len(letters)))], texts[int(random.integers(len(texts)))]
            if not all(char in writer.known for char in text):
                continue
            word = made(text, writer, random)
        points = resampled(_shaken(word, config, random))
        if len(points) <= LONGEST:
            result.append((word.text, points))
    return result


def split(network: Points, words: Sequence[Word], say: Callable[[int], None] = lambda done: None) -> list[SplitWord]:
    """The letters of each word."""
    result: list[SplitWord] = []
    # of about equal length together, so that little is padded
    order = np.argsort([sum(map(len, word.strokes)) for word in words], kind="stable")
    for start in range(0, len(order), 256):
        some = [words[row] for row in order[start : start + 256].tolist()]
        points = [resampled(word) for word in some]
        read = scores(network, [(word.text, one) for word, one in zip(some, points, strict=True)])
        for word, one, own in zip(some, points, read, strict=True):
            letter, sure = align(word.text, one, own)
            result.append(SplitWord(replace(word, letters=_back(word, one, letter)), sure))
        say(len(result))
    back = np.argsort(order, kind="stable")
    return [result[row] for row in back.tolist()]


def measured(network: Points, words: Sequence[Word]) -> np.ndarray:
    """Intersection over union f64 of every letter of marked words: shares of its length along the pen's way."""
    points = [resampled(word) for word in words]
    read = scores(network, [(word.text, one) for word, one in zip(words, points, strict=True)])
    parts = [
        overlaps(word.text, one.letter, align(word.text, one, own)[0])
        for word, one, own in zip(words, points, read, strict=True)
    ]
    return np.concatenate(parts)


def _back(word: Word, some: Trajectory, letter: np.ndarray) -> tuple[np.ndarray, ...]:
    """Letters of a word's own points from those of its evenly spaced ones."""
    result = []
    for line, first, last in zip(word.strokes, some.ends[:-1], some.ends[1:], strict=True):
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        share = along / max(float(along[-1]), 1e-9)
        result.append(letter[first:last][np.rint(share * (last - first - 1)).astype(np.int64)])
    return tuple(result)


def _shaken(word: Word, config: SegmentConfig, random: np.random.Generator) -> Word:
    lean, angle = random.normal(0, config.slant), random.normal(0, config.turn)
    wide, high = np.exp(random.normal(0, config.size, 2))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    whole = turned @ np.array([[wide, lean], [0.0, high]])
    up = random.normal(0, LEVEL)
    return replace(word, strokes=tuple(line @ whole.T + (0.0, up) for line in word.strokes))

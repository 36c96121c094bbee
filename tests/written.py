"""Tiny packs of words and letters: sixteen letters of straight lines, by a few writers who join them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from train.words.made import WriterLetters, made
from train.words.pack import Word

SHAPES = {
    "a": [[(0.7, 1), (0, 0.5), (0.4, 0), (0.7, 1), (0.8, 0)]],
    "b": [[(0, 1.5), (0, 0), (0.6, 0.4), (0, 0.8)]],
    "c": [[(0.6, 0.9), (0, 0.5), (0.6, 0)]],
    "d": [[(0.6, 0.8), (0, 0.4), (0.6, 0), (0.6, 1.5), (0.7, 0)]],
    "e": [[(0, 0.5), (0.6, 0.6), (0.3, 1), (0, 0.4), (0.6, 0)]],
    "h": [[(0, 1.5), (0, 0), (0.3, 0.9), (0.6, 0)]],
    "i": [[(0, 1), (0.1, 0), (0.3, 0.1)], [(0, 1.4), (0.05, 1.42)]],
    "l": [[(0, 1.5), (0, 0.1), (0.3, 0)]],
    "m": [[(0, 1), (0, 0), (0.4, 1), (0.5, 0), (0.9, 1), (1, 0)]],
    "n": [[(0, 1), (0, 0), (0.5, 1), (0.6, 0)]],
    "o": [[(0.4, 1), (0, 0.5), (0.4, 0), (0.7, 0.5), (0.4, 1)]],
    "r": [[(0, 1), (0, 0), (0.5, 1)]],
    "s": [[(0.5, 0.9), (0, 0.7), (0.5, 0.3), (0, 0)]],
    "t": [[(0.3, 1.4), (0.3, 0), (0.5, 0)], [(0, 1), (0.6, 1)]],
    "u": [[(0, 1), (0.1, 0), (0.5, 0.1), (0.6, 1), (0.7, 0)]],
    "v": [[(0, 1), (0.3, 0), (0.6, 1)]],
    "w": [[(0, 1), (0.2, 0), (0.4, 0.8), (0.6, 0), (0.8, 1)]],
}
"""Corners in x-heights over the baseline."""

TEXTS = ("main", "hotel", "river", "solid", "cub", "nut", "wave", "drum", "then", "about")


def letter(char: str) -> list[np.ndarray]:
    return [_fine(np.array(corners, float)) for corners in SHAPES[char]]


def _fine(corners: np.ndarray) -> np.ndarray:
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    places = np.linspace(0, at[-1], max(2, int(at[-1] / 0.06)))
    return np.stack([np.interp(places, at, corners[:, axis]) for axis in (0, 1)], axis=1)


def writer(number: int) -> WriterLetters:
    return WriterLetters(number, {char: [letter(char)] for char in SHAPES})


def words(count: int, writers: Sequence[int], seed: int = 0) -> list[Word]:
    """Words with their letters, joined as `made` joins them."""
    random = np.random.default_rng(seed)
    known = [text for text in TEXTS if set(text) <= set(SHAPES)]
    return [made(known[i % len(known)], writer(writers[i % len(writers)]), random) for i in range(count)]


def save_words(path: Path, some: Sequence[Word], folds: bool = False) -> Path:
    """A pack of words; `folds`: marked, in four folds by writer."""
    lines = [line for word in some for line in word.strokes]
    arrays = {
        "text": np.array([word.text for word in some]),
        "writer": np.array([word.writer for word in some]),
        "source": np.zeros(len(some), int),
        "split": np.zeros(len(some), int),
        "strokes_per_word": np.array([len(word.strokes) for word in some]),
        "points_per_stroke": np.array([len(line) for line in lines]),
        "points": np.rint(np.concatenate(lines) * (300, -300)).astype(np.int32),
    }
    if folds:
        arrays["letter"] = np.concatenate([part for word in some for part in word.letters or ()]).astype(np.uint8)
        arrays["fold"] = np.array([word.writer % 4 for word in some])
    np.savez(path, **arrays)
    return path


def save_letters(path: Path, writers: Sequence[int]) -> Path:
    """A pack of single characters."""
    rows = [(number, char) for number in writers for char in SHAPES]
    lines = [line for _, char in rows for line in letter(char)]
    np.savez(
        path,
        codepoint=np.array([ord(char) for _, char in rows]),
        writer=np.array([number for number, _ in rows]),
        source=np.zeros(len(rows), int),
        source_names=np.array(["made"]),
        split=np.zeros(len(rows), int),
        curated=np.ones(len(rows), bool),
        strokes_per_char=np.array([len(SHAPES[char]) for _, char in rows]),
        points_per_stroke=np.array([len(line) for line in lines]),
        points=np.rint(np.concatenate(lines) * (300, -300)).astype(np.int32),
    )
    return path

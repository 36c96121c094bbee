"""Packs of words: strokes in x-heights, with the letter that each point belongs to where people marked it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from handsynth.arrays import Floats
from handsynth.errors import DataError
from handsynth.text.extents import extents
from train.data.npz import load_arrays

ARRAYS = {
    "text": "U", "writer": "iu", "source": "iu", "split": "iu",
    "strokes_per_word": "iu", "points_per_stroke": "iu", "points": "iu",
}  # fmt: skip
MARKED = ARRAYS | {"letter": "iu", "fold": "iu"}
CONNECTING, NOBODYS = -2, -1
"""In place of a letter's number: a stroke marked as a connection, and a point that belongs to none."""


@dataclass(frozen=True, eq=False)
class Word:
    """One word by one writer, in pen order; x-heights, x to the right, y up from the baseline."""

    text: str
    writer: int
    split: int
    """0 train, 1 validation, 2 test: of the writer."""
    strokes: tuple[np.ndarray, ...]
    """f64 [k,2] each."""
    letters: tuple[np.ndarray, ...] | None = None
    """int [k] each: the place in `text` of what a point belongs to, or NOBODYS or CONNECTING."""
    fold: int = 255
    """Of four parts of the training writers, where letters are marked."""


def extent(text: str) -> tuple[float, float]:
    """How high and how low a text usually reaches, in x-heights over the baseline."""
    boxes = [extents(char) for char in text]
    return max(box.top for box in boxes), min(box.bottom for box in boxes)


def open_words(path: Path, marked: bool = False) -> list[Word]:
    """The words of a pack; `marked`: one whose points name their letters. Raises DataError where it is damaged."""
    pack = load_arrays(path, MARKED if marked else ARRAYS)
    _check(path, pack)
    strokes = np.concatenate([[0], np.cumsum(pack["strokes_per_word"].astype(np.int64))])
    ends = np.concatenate([[0], np.cumsum(pack["points_per_stroke"].astype(np.int64))])
    points = pack["points"].astype(np.float64) * (0.01, -0.01)
    people = list(zip(pack["source"].tolist(), pack["writer"].tolist(), strict=True))
    rows = [(ends[a], ends[b]) for a, b in zip(strokes[:-1], strokes[1:], strict=True)]
    texts = [str(text) for text in pack["text"]]
    size = _sizes(texts, people, [points[a:b] for a, b in rows])
    letters = pack["letter"].astype(np.int64) if marked else None
    if letters is not None:
        letters = np.where(letters == 255, NOBODYS, np.where(letters == 254, CONNECTING, letters))
    words = []
    for row, text in enumerate(texts):
        cuts = ends[strokes[row] : strokes[row + 1] + 1]
        placed = _stood(points[cuts[0] : cuts[-1]] / size[people[row]], text)
        inner = cuts[1:-1] - cuts[0]
        words.append(
            Word(
                text,
                people[row][1],
                int(pack["split"][row]),
                tuple(np.split(placed, inner)),
                None if letters is None else tuple(np.split(letters[cuts[0] : cuts[-1]], inner)),
                int(pack["fold"][row]) if marked else 255,
            )
        )
    return words


def _check(path: Path, pack: dict[str, np.ndarray]) -> None:
    count = len(pack["text"])
    rows = [name for name in pack if name not in ("points_per_stroke", "points", "letter")]
    if any(len(pack[name]) != count for name in rows) or any(
        pack[name].ndim != (2 if name == "points" else 1) for name in pack
    ):
        raise DataError(f"{path}: its columns differ in length; it is damaged")
    strokes, points = pack["strokes_per_word"], pack["points_per_stroke"]
    many = len(pack["points"])
    fine = min(strokes.min(initial=1), points.min(initial=1)) > 0
    if (
        not fine
        or (int(strokes.sum()), int(points.sum())) != (len(points), many)
        or len(pack.get("letter", pack["points"])) != many
    ):
        raise DataError(f"{path}: its strokes and points do not add up; it is damaged")
    if pack["points"].shape[1] != 2 or not all(pack["text"].tolist()):
        raise DataError(f"{path}: it holds words without text or points; it is damaged")


def _sizes(
    texts: Sequence[str], people: Sequence[tuple[int, int]], ink: Sequence[np.ndarray]
) -> dict[tuple[int, int], float]:
    """Each writer's x-height in mm: the median over words of their height by the usual height of their text."""
    found: dict[tuple[int, int], list[float]] = {}
    for text, who, points in zip(texts, people, ink, strict=True):
        top, bottom = extent(text)
        found.setdefault(who, []).append(float(np.ptp(points[:, 1])) / (top - bottom))
    return {who: max(float(np.median(sizes)), 0.05) for who, sizes in found.items()}


def _stood(points: Floats, text: str) -> Floats:
    """Points [k,2] moved so that the word stands on the baseline, and begins at 0."""
    top, bottom = extent(text)
    up = (points[:, 1].max() - top + points[:, 1].min() - bottom) / 2
    return np.asarray(points - np.array([points[:, 0].min(), up]))


def by_writer(words: Sequence[Word]) -> Iterator[tuple[int, list[Word]]]:
    """The words of each writer."""
    found: dict[int, list[Word]] = {}
    for word in words:
        found.setdefault(word.writer, []).append(word)
    yield from found.items()

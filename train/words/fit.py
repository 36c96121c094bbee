"""From packs of words and letters to letters in words: the stages of one folder, each resumable.

`segment`: a classifier of points from marked and made-up words. `segment2`: the same once more, with the words of which
the first one was sure. `context`: the letters found so, as a stroke model draws them in words.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from handsynth.errors import DataError, InputError
from handsynth.files import atomic_path
from train.data.npz import load_arrays
from train.strokes.stage import Run
from train.words import split
from train.words.joins import tables
from train.words.letters import Cut, cut
from train.words.made import open_letters
from train.words.pack import Word, open_words
from train.words.segment import Points, SegmentConfig
from train.words.split import Material, SplitWord

CONFIG, TABLES, LETTERS = "words.json", "joins.json", "words_letters.npz"
HELD_OUT = 3
"""The fold of marked words that measures."""
LONGEST = 15
"""Letters of the words that are made up."""


@dataclass(frozen=True)
class WordsConfig:
    seed: int = 0
    segment: SegmentConfig = field(default_factory=lambda: SegmentConfig(steps=1800))
    segment2: SegmentConfig = field(default_factory=lambda: SegmentConfig(steps=1200, learning_rate=1e-3))
    sure: float = -0.3
    """Words of at least this mean log-probability of a point's letter teach the second classifier."""
    most: int = 150
    """Of them, about so many of a writer."""
    kept: float = -1.0
    """The same for words of which letters are kept in the end."""

    def stages(self) -> dict[str, Any]:
        """What a `Run` compares checkpoints with."""
        return {"segment": asdict(self.segment), "segment2": asdict(self.segment2)}


@dataclass(frozen=True, eq=False)
class Result:
    cuts: list[Cut]
    overlap: float
    """Mean intersection over union of the letters of marked words of writers that were held out."""
    kept: int
    words: int
    """Training words that letters were kept of, and all of them."""


def fit(
    words: Path, joined: Path, chars: Path, folder: Path, config: WordsConfig | None = None,
    say: Callable[[str], None] = print, stop: float | None = None,
) -> Result:  # fmt: skip
    """Train the classifiers in `folder`, find the letters of the training words, and write letters and tables there.

    Goes on where it was stopped. Raises DataError for packs that cannot be used, InputError for a folder of other
    settings.
    """
    config = config or WordsConfig()
    marked, all_words = open_words(joined, marked=True), open_words(words)
    measuring = [word for word in marked if word.fold == HELD_OUT]
    held = {word.writer for word in measuring}
    teaching = [word for word in marked if word.fold < HELD_OUT]
    training = [word for word in all_words if word.split == 0]
    rows = [row for row, word in enumerate(all_words) if word.split == 0 and split.usable(word)]
    usable = [all_words[row] for row in rows]
    letters = [some for some in open_letters(chars) if some.writer not in held]
    texts = [word.text for word in training if len(word.text) <= LONGEST]
    for some, what, path in (
        (measuring, f"words of fold {HELD_OUT}", joined), (teaching, "words of other folds", joined),
        (usable, "training words", words), (letters, "writers of most small letters", chars),
    ):  # fmt: skip
        if not some:
            raise DataError(f"{path} has no {what}; give the packs of words, of marked words and of characters")
    run = begin(folder, config)
    material = Material(teaching, letters, texts)
    first = split.fit(run, "segment", config.segment, material, stop=stop)
    say(f"letters of held out writers: overlap {split.measured(first, measuring).mean():.3f}")
    found = _found(folder / "first.npz", first, usable, rows, say)
    sure = _some([one.word for one in found if one.sure > config.sure and one.word.writer not in held], config)
    say(f"{len(sure):,} words teach the second classifier")
    second = split.fit(run, "segment2", config.segment2, replace(material, found=sure), start=first, stop=stop)
    overlap = float(split.measured(second, measuring).mean())
    say(f"letters of held out writers: overlap {overlap:.3f}")
    found = _found(folder / LETTERS, second, usable, rows, say)
    kept = [one.word for one in found if one.sure > config.kept]
    say(f"letters of {len(kept):,} of {len(training):,} words are kept")
    cuts, joins = cut(kept)
    with atomic_path(folder / TABLES) as temporary:
        temporary.write_text(json.dumps(tables(kept, cuts, joins)) + "\n", "utf-8")
    return Result(cuts, overlap, len(kept), len(training))


def begin(folder: Path, config: WordsConfig) -> Run:
    """The run in `folder`, made or found. Raises InputError where there is one of other settings."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot write {folder}: {error.strerror}; choose another folder") from error
    path, text = folder / CONFIG, json.dumps(asdict(config), indent=1) + "\n"
    if path.is_file() and path.read_text("utf-8") != text:
        raise InputError(f"{folder} was begun with other settings; choose another folder")
    path.write_text(text, "utf-8")
    return Run(folder, config.seed, config.stages())


def _some(words: Sequence[Word], config: WordsConfig) -> list[Word]:
    """About `most` words of each writer, chosen by chance."""
    count = Counter(word.writer for word in words)
    random = np.random.default_rng(config.seed)
    return [word for word in words if random.random() < config.most / count[word.writer]]


def _found(
    path: Path, network: Points, words: Sequence[Word], rows: Sequence[int], say: Callable[[str], None]
) -> list[SplitWord]:
    """The letters of `words`, kept in `path` as `save_found` writes them."""
    if not path.is_file():
        save_found(path, split.split(network, words, lambda done: say(f"{done:,} of {len(words):,} words")), rows)
    pack = load_arrays(path, {"row": "iu", "sure": "f", "letter": "iu"})
    counts = [[len(line) for line in word.strokes] for word in words]
    ends = np.cumsum([0, *(sum(each) for each in counts)])
    if pack["row"].tolist() != list(rows) or len(pack["letter"]) != ends[-1] or len(pack["sure"]) != len(words):
        raise DataError(f"{path} is of other words; delete it")
    letter = pack["letter"].astype(np.int64)
    return [
        SplitWord(replace(word, letters=tuple(np.split(letter[a:b], np.cumsum(each)[:-1]))), float(sure))
        for word, each, a, b, sure in zip(words, counts, ends[:-1], ends[1:], pack["sure"], strict=True)
    ]


def save_found(path: Path, found: Sequence[SplitWord], rows: Sequence[int]) -> None:
    """Write of each word its row in the pack of words and how sure it is, and the letter of each of its points."""
    letter = np.concatenate([np.concatenate(one.word.letters or ()) for one in found]).astype(np.uint8)
    sure = np.array([one.sure for one in found], np.float32)
    with atomic_path(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, row=np.array(rows, np.int32), sure=sure, letter=letter)

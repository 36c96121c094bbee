"""How joined our words are beside people's: python -m benchmarks.joined --data FOLDER [--words 600]

FOLDER holds unipen_words.npz. The same words by writers that the model never met and by as many random hands: strokes
of the pen a letter, share of letters joined by how one leaves them, and how much a joined line costs.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

import handsynth
from handsynth import Hand, Model
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.layout.page import Page
from handsynth.layout.weld import welded
from train.words.pack import Word, open_words

LEAST = 4
"""Letters of a word."""

EXTRA = {"i": 1.0, "j": 1.0, "t": 0.9, "x": 0.8, "f": 0.6}
"""Strokes that a joined letter has beside its body: dots and bars."""


def words(path: Path, count: int) -> list[Word]:
    """Small words by writers that training never saw, spread over them."""
    found = [word for word in open_words(path) if word.split == 2 and len(word.text) >= LEAST]
    found = [word for word in found if word.text.isascii() and word.text.isalpha() and word.text.islower()]
    # a dot for a word, or two words for one
    found = [word for word in found if 0.25 < np.ptp(np.concatenate(word.strokes)[:, 0]) / len(word.text) < 2.5]
    chance = np.random.default_rng(0)
    return [found[i] for i in chance.permutation(len(found))[:count]]


def lifts(strokes: int, text: str) -> float:
    """How often the pen was lifted between the letters of a word of so many strokes, about."""
    return strokes - 1 - sum(EXTRA.get(char, 0.0) for char in text)


def ours(word: Word, model: Model, number: int) -> Page:
    return handsynth.typeset(word.text, model=model, hand=Hand.random(model, 5, number), seed=number)


def spread(values: list[float]) -> str:
    return " ".join(f"{value:.2f}" for value in np.quantile(values, (0.05, 0.5, 0.95)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--words", type=int, default=600)
    given = parser.parse_args()
    model = Model.open(threads=1)
    some = words(given.data / "unipen_words.npz", given.words)
    pages = [ours(word, model, number) for number, word in enumerate(some)]
    counts = [
        (len(word.strokes), len(welded(page).glyphs.strokes.width)) for word, page in zip(some, pages, strict=True)
    ]
    print(f"{len(some)} words by {len({word.writer for word in some})} writers")
    print("strokes a letter, 5 50 95 %:")
    for name, side in (("people", 0), ("ours", 1)):
        values = [both[side] / len(word.text) for both, word in zip(counts, some, strict=True)]
        lifted = np.array([lifts(both[side], word.text) for both, word in zip(counts, some, strict=True)])
        pairs = np.array([len(word.text) - 1 for word in some])
        whole, none = np.mean(lifted < 0.5), np.mean(lifted > pairs - 0.5)
        print(f"  {name:7} {spread(values)}; joined throughout {whole:.0%}, not at all {none:.0%}")
    after: dict[str, list[bool]] = defaultdict(list)
    for page in pages:
        for text, tie in zip(page.texts[:-1], page.ties.tolist(), strict=False):
            after[text].append(tie >= 0)
    print("joined after, ours: " + " ".join(f"{c} {np.mean(v):.2f}" for c, v in sorted(after.items()) if len(v) > 20))
    line = " ".join(word.text for word in some[:14])
    for hand in ("Walnut", "Quill"):
        costs = []
        for joined in (0, 1):
            best = np.inf
            for seed in range(7):
                begin = time.process_time()
                coverage(handsynth.typeset(line, model=model, hand=hand, seed=seed, joined=joined), Look(24.0))
                best = min(best, time.process_time() - begin)
            costs.append(best)
        print(f"{hand}: a line of {len(line)} letters {costs[0]:.4f} s as print, {costs[1]:.4f} s joined")


if __name__ == "__main__":
    main()

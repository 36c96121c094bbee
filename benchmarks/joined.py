"""How joined our words are beside people's: python -m benchmarks.joined --data FOLDER [--words 600] [--classifier]

FOLDER holds unipen_words.npz, unipen_joined.npz and unipen_spacing.npz. Words and rows of writers whom the model never
met (of unipen_joined.npz those of fold 3 and the hidden one), and the same by as many random hands, as
`handsynth render --hand random:N` draws them: strokes of the pen a letter, letters joined by how one leaves them, the
lowest point of joins, gaps between letters, what bottoms wander; and how much a joined line costs. `--fitted`: by hands
that join, and set their letters, as other words of the same person tell, in place of random ones. `--classifier`: how
often a small network tells the real words from ours (see joined_net).
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

import handsynth
from benchmarks.joined_rows import by_class, gaps_and_bottoms
from handsynth import Hand, Model
from handsynth.drawing.resolve import resolve
from handsynth.formats.look import Look
from handsynth.formats.raster import coverage
from handsynth.layout.page import Page
from handsynth.layout.weld import welded
from train.words.pack import Word, open_words

LEAST = 4
"""Letters of a word."""

HANDS = 120
"""Random hands that take turns: choosing the forms of one takes longer than a word."""

EXTRA = {"i": 1.0, "j": 1.0, "t": 0.9, "x": 0.8, "f": 0.6}
"""Strokes that a joined letter has beside its body: dots and bars."""

NEAR = 0.15
"""Relative difference within which ours is as people's."""


def words(path: Path, count: int, splits: tuple[int, ...] = (2,)) -> list[Word]:
    """Small words by writers that training never saw, spread over them."""
    found = [word for word in open_words(path) if word.split in splits and len(word.text) >= LEAST]
    found = [word for word in found if word.text.isascii() and word.text.isalpha() and word.text.islower()]
    # a dot for a word, or two words for one
    found = [word for word in found if 0.25 < np.ptp(np.concatenate(word.strokes)[:, 0]) / len(word.text) < 2.5]
    chance = np.random.default_rng(0)
    return [found[i] for i in chance.permutation(len(found))[:count]]


def lifts(strokes: int, text: str) -> float:
    """How often the pen was lifted between the letters of a word of so many strokes, about."""
    return strokes - 1 - sum(EXTRA.get(char, 0.0) for char in text)


def others(some: list[Word]) -> list[float]:
    """For each word, what share of their pairs the same person's other words join; half where there are none."""
    pairs: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for word in some:
        pairs[word.writer].append((lifts(len(word.strokes), word.text), len(word.text) - 1))
    found = []
    for word in some:
        mine = np.array(pairs[word.writer])
        lifted, count = mine.sum(axis=0) - (lifts(len(word.strokes), word.text), len(word.text) - 1)
        found.append(float(np.clip(1 - lifted / count, 0, 1)) if count > 0 else 0.5)
    return found


def ours(text: str, model: Model, hand: Hand, number: int, joined: float = 1.0) -> Page:
    return handsynth.typeset(text, model=model, hand=hand, seed=number, joined=joined)


def row(name: str, people: float, mine: float) -> None:
    """A line of the table; shares, lengths and heights, the difference relative to people's."""
    off = (mine - people) / abs(people) if people else float("inf")
    print(f"  {name:28} {people:7.2f} {mine:7.2f} {off:+7.0%}  {'yes' if abs(off) <= NEAR else 'no'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--words", type=int, default=600)
    parser.add_argument("--fitted", action="store_true", help="hands as the person's other words tell")
    parser.add_argument("--classifier", action="store_true", help="some minutes more")
    given = parser.parse_args()
    model = Model.open(threads=1)
    hands = [resolve(model, f"random:{number}:5", 0) for number in range(HANDS)]
    some = words(given.data / "unipen_words.npz", given.words)
    writers = [hands[number % HANDS] for number in range(len(some))]
    if given.fitted:
        writers = [replace(hand, joined=share) for hand, share in zip(writers, others(some), strict=True)]
    pages = [ours(word.text, model, writers[number], number) for number, word in enumerate(some)]
    counts = [
        (len(word.strokes), len(welded(page).glyphs.strokes.width)) for word, page in zip(some, pages, strict=True)
    ]
    print(f"{len(some)} words by {len({word.writer for word in some})} writers and {HANDS} hands")
    print("                                people    ours     off  within 15 %")
    sides = []
    for side in (0, 1):
        values = [both[side] / len(word.text) for both, word in zip(counts, some, strict=True)]
        lifted = np.array([lifts(both[side], word.text) for both, word in zip(counts, some, strict=True)])
        pairs = np.array([len(word.text) - 1 for word in some])
        whole, none = np.mean(lifted < 0.5), np.mean(lifted > pairs - 0.5)
        sides.append([*np.quantile(values, (0.05, 0.5, 0.95)), whole, 1 - whole - none, none])
    names = ["strokes a letter, 5 %", "strokes a letter, 50 %", "strokes a letter, 95 %"]
    for name, *both in zip([*names, "joined throughout", "in part", "not at all"], *sides, strict=True):
        row(name, *both)
    for name, *both in by_class(given.data / "unipen_joined.npz", model, hands, given.fitted):
        row(name, *both)
    for name, *both in gaps_and_bottoms(given.data / "unipen_spacing.npz", model, hands, given.fitted):
        row(name, *both)
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
    if given.classifier:
        from benchmarks.joined_net import accuracies

        for name, accuracy in accuracies(given.data / "unipen_words.npz", model, hands):
            print(f"told from people's, {name}: {accuracy:.0%} of unseen writers' and hands' words")


if __name__ == "__main__":
    main()

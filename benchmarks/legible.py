"""How well each hand of the gallery is read, and which of its letters are not, by an engine that is not ours.

python -m benchmarks.legible --reader PYTHON            # PYTHON has rapidocr, see benchmarks/ppocr.py
python -m benchmarks.legible --reader PYTHON --hands Walnut random:3:0 --joined 0

Lines of nonsense words, in which every letter comes as often as every other, so that no language helps: read wrong is
a letter in whose place the engine gives none, or another one (Levenshtein's alignment). Some forms of the gallery were
chosen with such lines, of other seeds, so this finds letters to mend; it is no measure of the model.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass, field

import handsynth
from benchmarks.accents import aligned
from benchmarks.ppocr import read
from handsynth import Model

CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxyz", "aeiou"
WORDS, SIZE = 6, 24
"""Words of a line; px of a small x."""


@dataclass
class Score:
    """How often each letter was written, and what it was read as instead."""

    written: Counter[str] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        return self.wrong.total() / max(1, self.written.total())

    def __iadd__(self, other: Score) -> Score:
        self.written.update(other.written)
        self.wrong.update(other.wrong)
        return self


def lines(count: int, seed: int) -> list[str]:
    """Lines of words of two or three syllables, each a consonant and a vowel, half of them with another consonant."""
    chance = random.Random(seed)
    bag: list[str] = []

    def consonant() -> str:
        if not bag:
            bag.extend(chance.sample(CONSONANTS, len(CONSONANTS)))
        return bag.pop()

    def word() -> str:
        syllables = "".join(consonant() + chance.choice(VOWELS) for _ in range(chance.randint(2, 3)))
        return syllables + (consonant() if chance.random() < 0.5 else "")

    return [" ".join(word() for _ in range(WORDS)) for _ in range(count)]


def scored(text: str, said: str) -> Score:
    """A reading of one line; a capital counts as its small letter."""
    score = Score()
    for char, seen in zip(text, aligned(text, said), strict=True):
        if char != " ":
            score.written[char] += 1
            if seen.lower() != char:
                score.wrong[char, seen] += 1
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reader", required=True, help="a Python that has rapidocr")
    parser.add_argument("--hands", nargs="*", help="as --hand takes them; all of the gallery")
    parser.add_argument("--lines", type=int, default=14, help="of each hand")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--joined", type=float, default=1.0, help="0: the same hands as print")
    given = parser.parse_args()
    model = Model.open(threads=1)
    hands = given.hands or [hand.name for hand in model.card.gallery]
    texts = lines(given.lines, given.seed)
    scores: dict[str, Score] = {}
    for hand in hands:
        pictures = [
            handsynth.render(text, model=model, hand=hand, seed=number, size=SIZE, joined=given.joined)
            for number, text in enumerate(texts)
        ]
        scores[hand] = Score()
        for text, said in zip(texts, read(given.reader, pictures), strict=True):
            scores[hand] += scored(text, said)
    every = Score()
    for hand, score in sorted(scores.items(), key=lambda item: -item[1].share):
        every += score
        worst = (f"{a} as {b or 'nothing'} {n}/{score.written[a]}" for (a, b), n in score.wrong.most_common(6))
        print(f"{hand:<12} {score.share:6.1%}  {', '.join(worst)}")
    letters: Counter[str] = Counter()
    for (char, _), number in every.wrong.items():
        letters[char] += number
    print(f"{'all':<12} {every.share:6.1%} of {every.written.total():,} letters wrong")
    print(", ".join(f"{c} {n / every.written[c]:.1%}" for c, n in letters.most_common()))


if __name__ == "__main__":
    main()

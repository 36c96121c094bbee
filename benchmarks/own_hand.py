"""How much of a writer a hand has that was learnt from 1, 5, 20 and 40 letters.

python -m benchmarks.own_hand --data DATASET [--rounds 8] [--picture hands.png]

DATASET: what `python -m train prepare` made, with test writers that the model never saw. For each writer with letters
enough, letters of classes that the hand was not given are generated and compared with the writer's own: the distance
in the reader's features (whitened within writers), how often the writer is found by them among all (as `python -m
train evaluate` does), and the differences of pen and slant. Beside it: hands drawn at random, and the writer's own
other letters.
"""

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from handsynth import noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import FieldGlyphs
from handsynth.ink.measure import pen_width, slant
from handsynth.learning.fields import fields_of
from handsynth.learning.fit import fit
from handsynth.model.model import Model
from train.data.dataset import Dataset
from train.measure.reading import open_judge, real_ink
from train.measure.retrieval import Signatures, usual_letters
from train.reader import unseen_rows

COUNTS = (1, 5, 20, 40)
HELD = 20


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--picture")
    options = parser.parse_args()
    model, data = Model.open(), Dataset.open(options.data)
    judge = open_judge(data, None, model)
    chars = "".join(char for char in judge.chars if char in model.charset)
    test, people = unseen_rows(data, chars=chars), unseen_rows(data, split=0, chars=chars)
    codes, writers = np.asarray(data.codepoints)[test], np.asarray(data.writers)[test]
    people = people[np.isin(data.codepoints[people], np.unique(codes))]
    people = np.random.default_rng(0).permutation(people)[:30_000]
    signatures = Signatures.learn(judge.read(real_ink(data, people))[1], data.codepoints[people], data.writers[people])
    images, features = np.asarray(data.images[test]), judge.read(real_ink(data, test))[1]
    drawn = replace(signatures, means=usual_letters(model, judge, np.unique(codes), 0))
    names = [
        int(w)
        for w in np.unique(writers)
        if (writers == w).sum() >= 2 * max(COUNTS) and len(np.unique(codes[writers == w])) >= HELD
    ]
    kinds = ["a hand at random", *(f"learnt from {count}" for count in COUNTS), "the writer"]
    table: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in kinds}
    hits: dict[str, list[float]] = {kind: [] for kind in kinds}
    rows = []
    for turn in range(options.rounds):
        random = np.random.default_rng(turn)
        marks: dict[str, list[np.ndarray]] = {kind: [] for kind in kinds}
        known = []
        for name in names:
            mine = random.permutation(np.flatnonzero(writers == name))
            held = random.permutation(np.unique(codes[mine]))[:HELD]
            held = held[: max(5, len(np.unique(codes[mine])) // 2)]
            query = np.array([next(r for r in mine if codes[r] == c) for c in held])
            rest = np.setdiff1d(mine, query)
            given = random.permutation(rest[~np.isin(codes[rest], held)])[: max(COUNTS)]
            others = np.setdiff1d(rest, given)
            known.append(signatures.of(features[others], codes[others]))
            real = fields_of(images[query])
            pen, lean = pen_width(real), slant(real, model.frame)
            shown = [FieldGlyphs(real).ink()]
            for kind in kinds:
                if kind == "the writer":
                    again = np.array([next((r for r in others if codes[r] == c), -1) for c in held])
                    found, both = features[again[again >= 0]], features[query[again >= 0]]
                    gap = np.linalg.norm((found - both) @ signatures.whiten, axis=1).mean() if len(found) else np.nan
                    exact = fields_of(images[others])
                    table[kind].append((gap, abs(pen_width(exact) / pen - 1), abs(slant(exact, model.frame) - lean)))
                    marks[kind].append(signatures.of(features[query], codes[query]))
                    continue
                if kind == "a hand at random":
                    hand = Hand.random(model, turn, name)
                else:
                    some = given[: int(kind.split()[-1])]
                    hand = fit(model, [chr(c) for c in codes[some]], images[some], "x", keep=False).hand
                places = np.array([noise.key_of("own", turn, name, int(c)) for c in held], np.uint64)
                index = model.index([chr(c) for c in held])
                ink = draw.glyphs(model, hand, index, places, 0, temperature=0.7).ink()
                found = judge.read(ink)[1]
                gap = np.linalg.norm((found - features[query]) @ signatures.whiten, axis=1).mean()
                exact = fields_of((ink * 255 + 0.5).astype(np.uint8))
                table[kind].append((gap, abs(pen_width(exact) / pen - 1), abs(slant(exact, model.frame) - lean)))
                marks[kind].append(drawn.of(found, held))
                shown.append(ink)
            if not turn:
                rows.append(np.concatenate([np.concatenate(list(ink[:12]), axis=1) for ink in shown]))
        for kind in kinds:
            hits[kind].append(((np.stack(marks[kind]) @ np.stack(known).T).argmax(1) == np.arange(len(names))).mean())
    print(f"{len(names)} writers, {options.rounds} rounds, up to {HELD} letters of classes that were not given")
    for kind in kinds:
        gap, pen, lean = np.nanmean(np.array(table[kind]), axis=0)
        print(
            f"{kind:17} distance {gap:6.2f}, found {100 * np.mean(hits[kind]):5.1f} %, "
            f"pen off by {100 * pen:4.1f} %, slant off by {lean:.3f}"
        )
    if options.picture:
        whole = np.concatenate(rows[:4])
        Image.fromarray(255 - (whole * 255).astype(np.uint8)).save(Path(options.picture))


if __name__ == "__main__":
    main()

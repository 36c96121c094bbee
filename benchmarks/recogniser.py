"""Is a corpus useful? A small reader of words that learns from our pictures alone, tried on real words of strangers.

python -m benchmarks.recogniser --data FOLDER --work FOLDER --words 10000 --steps 1200 --seeds 0 1 2
                                [--sets ours fonts both real] [--picture FOLDER] [--vocabulary FILE]
                                [--joined 1 --vary 1.5 --temperature 0.6 1.1 --hands prior --effects …]

Readers of one kind, by one training, differ in what they see: `ours`, words by Sampler, --joined of them with strokes
from letter to letter; `fonts`, the same texts in as many pictures with the same effects, in the handwriting fonts
(train split, tiers 1 and 2, joined ones too, no fonts of capitals alone) of the data folder; `both`, half of each;
`real`, as many words of UNIPEN's training writers, as they are: what people's own words would teach.

They are tested on words of UNIPEN's test writers, whom nobody here has learned from, drawn with the pen that train/data
draws characters with, filtered by ink width per letter and by height, with at most --cap words of each writer; no list
of words helps. All pictures are cut out around their ink.

Texts to train on: the words of UNIPEN's train split and of the built-in generator, each as likely, or the words of
--vocabulary. Many of the test's texts are among them, as common words are; those that are not stand in a column of
their own. "Joined" words of the test have fewer strokes of the pen than three for four letters.

What is in --work is not made again, so that seeds can be added, or runs made side by side; --table shows what is there.
Intervals are of 95 %, by bootstrap over writers; seeds are averaged. FOLDER of --data has unipen_words.npz,
font_glyphs.npz and font_glyphs.json.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from operator import eq
from pathlib import Path

import numpy as np

from benchmarks.recog_words import LETTERS, Words, in_fonts, ours, real, sheet, vocabulary
from handsynth import dials
from train.lookalikes import merge_table

SETS = "ours", "fonts", "both", "real"
EFFECTS = "wear=0.1..0.8@0.5,camera=0.1..0.6@0.5,blur=0.2..0.8@0.5"
"""The test is clean, so no paper; what changes strokes."""

HEAD = (
    "characters wrong", "… joined words", "… other words", "… case-merged",
    "words right", "… case-merged", "… new texts",
)  # fmt: skip

JOINED, VARY, TEMPERATURE = 1.0, 1.5, (0.6, 1.1)
"""Real words are wilder than a corpus usually is, and about half of them are joined."""
ROUNDS = 2000
REAL = 60
"""Words of each training writer at most."""


def edits(said: str, text: str, same: Callable[[str, str], bool] = eq) -> int:
    """Least number of letters put in, left out or changed (Levenshtein 1966); `same`: whether two count as equal."""
    row = list(range(len(text) + 1))
    for i, one in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, two in enumerate(text, 1):
            change = before + (not same(one, two))
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, change)
    return row[-1]


def scores(said: list[str], words: Words, known: set[str]) -> np.ndarray:
    """Sums float64 [writers,12]: letters, edits, edits case-merged, words, right, right case-merged; words and right of
    texts that are not `known`; letters and edits of joined words; the same of others."""
    alike = merge_table(list(LETTERS))
    number = {char: place for place, char in enumerate(LETTERS)}
    rows = []
    for reading, text, joined in zip(said, words.texts, words.joined, strict=True):
        hard, soft = edits(reading, text), edits(reading, text, lambda a, b: bool(alike[number[a], number[b]]))
        new, length = text not in known, len(text)
        parts = [joined * length, joined * hard, (not joined) * length, (not joined) * hard]
        rows.append([length, hard, soft, 1, hard == 0, soft == 0, new, new and hard == 0, *parts])
    writers, numbers = np.unique(words.writers, return_inverse=True)
    table = np.zeros((len(writers), 12))
    np.add.at(table, numbers, np.array(rows, float))
    return table


def rates(sums: np.ndarray) -> np.ndarray:
    """Per cent [..., 7], as HEAD says."""
    letters, hard, soft, count, right, kind, new, newly, near, nearly, apart, amiss = np.moveaxis(sums, -1, 0)
    shares = hard / letters, nearly / near, amiss / apart, soft / letters, right / count, kind / count, newly / new
    return 100 * np.stack(shares, axis=-1)


def interval(table: np.ndarray, other: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates [7] of a table [writers,12], or how they differ from another's, and their 95 % interval over writers."""
    random = np.random.default_rng(0)
    picks = random.integers(len(table), size=(ROUNDS, len(table)))

    def of(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return rates(sums.sum(axis=0)), rates(sums[picks].sum(axis=1))

    middle, spread = of(table)
    if other is not None:
        less, lesser = of(other)
        middle, spread = middle - less, spread - lesser
    low, high = np.percentile(spread, [2.5, 97.5], axis=0)
    return middle, low, high


def pictures(options: argparse.Namespace, texts: list[str]) -> dict[str, Words]:
    """What the readers learn from, by name; kept in the work folder."""
    lines = options.work / "words.txt"
    lines.write_text("\n".join(texts) + "\n", encoding="utf-8")
    made: dict[str, Words] = {}
    # fonts write the texts of ours
    needed = {"ours": {"ours", "fonts", "both"}, "fonts": {"fonts", "both"}, "real": {"real"}}
    for name in (name for name, sets in needed.items() if sets & set(options.sets)):
        path = options.work / f"{name}.npz"
        if not path.exists():
            begun = time.perf_counter()
            if name == "ours":
                dials = {name: getattr(options, name) for name in ("vary", "joined", "legibility")}
                dials |= {name: tuple(getattr(options, name)) for name in ("hands", "temperature")}
                made[name] = ours(lines, options.words, options.corpus, options.effects, **dials)
            elif name == "fonts":
                made[name] = in_fonts(options.data, made["ours"].texts, options.corpus, options.effects)
            else:
                people = real(options.data, "train", REAL)
                some = np.random.default_rng(options.corpus).permutation(len(people))[: options.words]
                made[name] = people.take(some.tolist())
            say(f"{name}: {len(made[name]):,} words in {time.perf_counter() - begun:.0f} s")
            made[name].save(path)
        made[name] = Words.load(path)
    if "both" in options.sets:
        one, two = made["ours"], made["fonts"]
        made["both"] = one.take(range(0, len(one), 2)) + two.take(range(1, len(two), 2))
    return made


def say(text: str) -> None:
    print(text, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--words", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--corpus", type=int, default=0, help="seed of the pictures")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=["ours", "fonts"])
    parser.add_argument("--effects", default=EFFECTS)
    parser.add_argument("--hands", nargs="+", default=["prior"])
    parser.add_argument("--joined", type=float, default=JOINED, help="share of our words with joined letters")
    parser.add_argument("--vary", type=float, default=VARY)
    parser.add_argument("--temperature", type=float, nargs=2, default=TEMPERATURE)
    parser.add_argument("--legibility", type=int, default=dials.default("legibility"))
    parser.add_argument("--vocabulary", type=Path)
    parser.add_argument("--split", choices=["val", "test"], default="test", help="whose words are read; choose by val")
    parser.add_argument("--cap", type=int, default=150)
    parser.add_argument("--picture", type=Path, help="a folder for sheets of what is learnt and what is misread")
    parser.add_argument("--table", action="store_true", help="only show what is there")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    texts = vocabulary(options.data, options.vocabulary)
    path = options.work / f"real-{options.split}-{options.cap}.npz"
    if not path.exists():
        real(options.data, options.split, options.cap).save(path)
    test, known = Words.load(path), set(texts)
    new = sum(text not in known for text in test.texts)
    count, people = len(test), len(set(test.writers))
    say(f"{len(texts):,} words to train on; {options.split}: {count:,} words by {people} writers, {new:,} new")
    if not options.table:
        learn(options, pictures(options, texts), test)
    tables = {}
    for name in options.sets:
        found = [readings(options, name, seed) for seed in options.seeds]
        runs = [scores(json.loads(each.read_text()), test, known) for each in found if each.exists()]
        if runs:
            tables[name] = np.mean(runs, axis=0)
            each = ", ".join(f"{rates(run.sum(axis=0))[0]:.1f}" for run in runs)
            say(f"{name}: {len(runs)} seed(s), character errors {each} %")
    say(" " * 14 + "".join(f"{each:>22}" for each in HEAD))
    for name, table in tables.items():
        say(f"{name:14}" + shown(*interval(table)))
    for name, table in tables.items():
        if name != "fonts" and "fonts" in tables:
            say(f"{name + ' - fonts':14}" + shown(*interval(table, tables["fonts"])))


def shown(middle: np.ndarray, low: np.ndarray, high: np.ndarray) -> str:
    cells = (f"{m:.1f} ({a:.1f} … {b:.1f})" for m, a, b in zip(middle, low, high, strict=True))
    return "".join(f"{cell:>22}" for cell in cells)


def readings(options: argparse.Namespace, name: str, seed: int) -> Path:
    """Where is kept what a reader said."""
    found: Path = options.work / f"{name}-{options.steps}-{seed}-{options.split}.json"
    return found


def learn(options: argparse.Namespace, made: dict[str, Words], test: Words) -> None:
    import torch
    from PIL import Image

    from benchmarks.recog_net import LineReader, fitted, read

    torch.set_num_threads(1)
    say(f"a reader of {sum(part.numel() for part in LineReader().parameters()):,} parameters, {options.steps} steps")
    for seed in options.seeds:
        for name in options.sets:
            path = readings(options, name, seed)
            if path.exists():
                continue
            weights = options.work / f"{name}-{options.steps}-{seed}.pt"
            if weights.exists():
                reader = LineReader()
                reader.load_state_dict(torch.load(weights, weights_only=True))
            else:
                reader = fitted(made[name], options.steps, seed, lambda text, name=name: say(f"{name}: {text}"))  # type: ignore[misc]
                torch.save(reader.state_dict(), weights)
            said = read(reader, test)
            path.write_text(json.dumps(said))
            if options.picture:
                options.picture.mkdir(parents=True, exist_ok=True)
                Image.fromarray(sheet(made[name])).save(options.picture / f"{name}.png")
                wrong = [at for at, (one, two) in enumerate(zip(said, test.texts, strict=True)) if one != two]
                some = np.random.default_rng(0).permutation(wrong)[:96].tolist()
                Image.fromarray(sheet(test.take(some))).save(options.picture / f"{name}-misread.png")
                say("; ".join(f"{test.texts[at]} > {said[at]}" for at in some))


if __name__ == "__main__":
    main()

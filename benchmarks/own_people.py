"""Is your own hand yours? Test writers through photographed forms: how often their hand is told from all others'.

python -m benchmarks.own_people --data DATASET --judge JUDGE [--writers 40] [--picture people.png]

Each writer fills a form with one copy of each letter; it is photographed and learnt. Letters of the hand, drawn anew
without the ink, are compared with other copies by all writers, in features of the judge that the model never met, all
with one pen: letter by letter where all were given; by signatures (see train.measure.retrieval) where half were given
and the other half is drawn, and beside it real letters of the half that was given.
"""

import argparse
import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import photos

from handsynth import draw, noise
from handsynth.errors import InputError
from handsynth.hand import Hand
from handsynth.learn.api import learn
from handsynth.learn.form import Form
from handsynth.model import Model
from train.data.dataset import Dataset
from train.measure.company import gap, one_pen
from train.measure.reading import Judge, open_outsider, real_ink
from train.measure.retrieval import Signatures
from train.reader import unseen_rows

LEAST = 24
"""Letters of which a writer has two copies."""
COUNTS = (1, 5, 20, 40)


def learnt(model: Model, chars: str, images: np.ndarray, seed: int) -> Hand:
    """The hand of who filled a form with these letters."""
    form = Form.of("".join(chars), 1, "a4")
    kept = []
    for page in range(1, form.pages + 1):
        boxes = form.written(page)
        glyphs = {box: images[chars.index(char)] for box, char in enumerate(boxes) if char in chars}
        taken = photos.photograph(form, page, glyphs, seed, photos.scene(seed))
        file = io.BytesIO()
        taken.image.save(file, "JPEG", quality=90)
        file.seek(0)
        file.name = f"photo{seed}.jpg"
        kept.append(file)
    return learn(model, kept, chars="".join(chars)).hand


def drawn(model: Model, hand: Hand, chars: str, tag: str) -> np.ndarray:
    places = np.array([noise.place("people", tag, char) for char in chars], np.uint64)
    bare = replace(hand, originals=None)
    result: np.ndarray = draw.glyphs(model, bare, model.index(chars), places, 0, temperature=0.7).ink()
    return result


def told(query: np.ndarray, known: np.ndarray) -> float:
    """Share of writers found letter by letter: query [w,m,F] among known [w,m,F], NaN where there is none."""
    hits = []
    for writer, letters in enumerate(query):
        there = np.flatnonzero(np.isfinite(letters[:, 0]))
        far = gap(letters[there][None], known[:, there])
        far = far - np.nanmean(far, axis=0)
        hits.append(np.nanmean(far, axis=1).argmin() == writer)
    return 100 * float(np.mean(hits))


def features(judge: Judge, ink: np.ndarray, width: float) -> np.ndarray:
    result: np.ndarray = judge.read(one_pen(ink, np.zeros(len(ink), np.int64), width))[1]
    return result


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--judge", required=True)
    parser.add_argument("--writers", type=int, default=60)
    parser.add_argument("--picture")
    options = parser.parse_args()
    model, data = Model.open(threads=1), Dataset.open(options.data)
    judge = open_outsider(data, Path(options.judge))
    chars = [char for char in judge.chars if char in model.charset]
    test, people = unseen_rows(data, chars="".join(chars)), unseen_rows(data, split=0, chars="".join(chars))
    people = np.random.default_rng(0).permutation(people)[:20_000]
    signatures = Signatures.learn(judge.read(real_ink(data, people))[1], data.codepoints[people], data.writers[people])
    codes, writers = np.asarray(data.codepoints)[test], np.asarray(data.writers)[test]
    random = np.random.default_rng(1)
    some: list[tuple[str, np.ndarray, np.ndarray]] = []
    for writer in np.unique(writers):
        mine = random.permutation(np.flatnonzero(writers == writer))
        twice = [char for char in chars if (codes[mine] == ord(char)).sum() >= 2]
        if len(twice) >= LEAST and len(some) < options.writers:
            pair = np.array([mine[codes[mine] == ord(char)][:2] for char in twice])
            some.append(("".join(twice), test[pair[:, 0]], test[pair[:, 1]]))
    width = 2.6
    shape = (len(some), len(chars))
    size = judge.read(np.zeros((1, model.frame.size, model.frame.size), np.float32))[1].shape[1]
    real, again, anew, halves = (np.full((*shape, size), np.nan) for _ in range(4))
    by_count = {count: np.full((*shape, size), np.nan) for count in COUNTS}
    given_half = np.zeros(shape, bool)
    shown = []
    for i, (letters, first, second) in enumerate(some):
        where = np.array([chars.index(char) for char in letters])
        images = np.asarray(data.images[first])
        real[i, where] = features(judge, real_ink(data, first), width)
        again[i, where] = features(judge, real_ink(data, second), width)
        order = random.permutation(len(letters))
        try:
            whole = learnt(model, letters, images, i)
            anew[i, where] = features(judge, drawn(model, whole, letters, "all"), width)
            half = order[: len(order) // 2]
            rest = np.setdiff1d(order, half)
            given_half[i, where[half]] = True
            part = learnt(model, "".join(letters[k] for k in half), images[half], i)
            halves[i, where[rest]] = features(judge, drawn(model, part, "".join(letters[k] for k in rest), "h"), width)
            for count in COUNTS:
                few = order[:count]
                hand = learnt(model, "".join(letters[k] for k in few), images[few], i)
                by_count[count][i, where] = features(judge, drawn(model, hand, letters, "c"), width)
        except InputError as error:
            print(f"writer {i}: {error}")
        if len(shown) < 12:
            shown += [images[:24], (drawn(model, whole, letters, "all")[:24] * 255).astype(np.uint8)]
    usual = np.nanmean(anew, axis=0), np.nanmean(again, axis=0)
    print(f"{len(some)} test writers with two copies of {LEAST} letters or more; chance {100 / len(some):.1f} %")
    print(f"all letters given:  real {told(real, again):.0f} %, drawn anew {told(anew, again):.0f} %")
    for count in COUNTS:
        print(f"{count:2} letters given, all drawn: {told(by_count[count], again):.0f} %")

    def mark(rows: np.ndarray, mean: np.ndarray, keep: np.ndarray) -> np.ndarray:
        keep = keep & np.isfinite(rows[:, 0])
        unit = (rows[keep] - mean[keep]).mean(axis=0) @ signatures.whiten
        return unit / np.linalg.norm(unit)

    def by_mark(query: np.ndarray, mean: np.ndarray, keep: np.ndarray) -> float:
        known = np.stack([mark(again[i], usual[1], ~given_half[i]) for i in range(len(some))])
        asked = np.stack([mark(query[i], mean, keep[i]) for i in range(len(some))])
        return 100 * float(((asked @ known.T).argmax(axis=1) == np.arange(len(some))).mean())

    half_usual = np.nanmean(halves, axis=0)
    print(
        f"half given, the other half by signature: real letters of the given half "
        f"{by_mark(real, usual[1], given_half):.0f} %, drawn letters of the other half "
        f"{by_mark(halves, half_usual, ~given_half):.0f} %, real ones {by_mark(real, usual[1], ~given_half):.0f} %"
    )
    if options.picture:
        rows = [np.concatenate(list(np.pad(row, ((0, 24 - len(row)), (0, 0), (0, 0)))), axis=1) for row in shown]
        Image.fromarray(255 - np.concatenate(rows)).save(options.picture)


if __name__ == "__main__":
    main()

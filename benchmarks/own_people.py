"""Is your own hand yours? Test writers through photographed forms: how often their hand is told from all others'.

python -m benchmarks.own_people --data DATASET --judge JUDGE --work FOLDER [--picture people.png]

Each writer fills one form with a copy of each letter; it is photographed (12 megapixels) and learnt. Hands of fewer
letters are made from those that were read on the photo. Letters of a hand, drawn anew without the ink, are compared
with other copies by all writers, in features of the judge that the model never met, all with one pen. Saved hands in
FOLDER are used again, so a run that was stopped goes on.
"""

import argparse
import io
import sys
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import photos

from handsynth import noise
from handsynth.drawing import draw
from handsynth.frame import ink_box
from handsynth.hands.hand import Hand
from handsynth.learning.api import learn
from handsynth.learning.form import Form
from handsynth.learning.refit import refit
from handsynth.model.model import Model
from train.data.dataset import Dataset
from train.lookalikes import ALNUM
from train.measure.company import gap, one_pen
from train.measure.reading import Judge, open_outsider, real_ink
from train.measure.retrieval import Signatures
from train.reader import is_font, unseen_rows

LEAST = 20
"""Letters of which a writer has two copies."""

COUNTS = 1, 5, 20, 40
HALVES = 1
"""Ways that a writer's letters are halved."""

DRAWN = 3
"""Times that each letter is drawn."""

DRAWN_HALF = 20
"""The same of letters of the half that was not given, of which little is told."""

FEW, DRAWS = 5, 200
"""Letters that a writer is also told by, and how many times they are chosen."""

PEN = 2.6
"""Width in frame px that all letters are brought to."""

SHOWN, TEXT = 6, "the quick brown fox jumps over a lazy dog"


@dataclass(frozen=True)
class Person:
    letters: str
    first: np.ndarray
    """uint8 [n,H,H]: what is written on the form."""
    second: np.ndarray
    """uint8 [n,H,H]: what the hand is compared with."""
    seed: int

    @cached_property
    def orders(self) -> np.ndarray:
        """int64 [HALVES,n]: the letters in random orders."""
        random = np.random.default_rng([self.seed, 9])
        return np.stack([random.permutation(len(self.letters)) for _ in range(HALVES)])

    def some(self, turn: int, count: int) -> str:
        return "".join(self.letters[k] for k in self.orders[turn, :count])


def people(data: Dataset) -> list[Person]:
    """Test writers with two copies of `LEAST` letters or more."""
    rows = np.flatnonzero((np.asarray(data.split) == 2) & ~is_font(data))
    codes, writers = np.asarray(data.codepoints)[rows], np.asarray(data.writers)[rows]
    checked = np.asarray(data.checked)[rows]
    random = np.random.default_rng(1)
    found = []
    for writer in np.unique(writers[writers >= 0]):
        mine = random.permutation(np.flatnonzero(writers == writer))
        mine = mine[np.argsort(~checked[mine], kind="stable")]
        letters = "".join(char for char in ALNUM if (codes[mine] == ord(char)).sum() >= 2)
        if len(letters) >= LEAST:
            pairs = rows[np.array([mine[codes[mine] == ord(char)][:2] for char in letters])]
            images = [np.asarray(data.images[pair]) for pair in pairs.T]
            found.append(Person(letters, *images, len(found)))
    return found


class Hands:
    """Hands of people, learnt once and kept in a folder."""

    def __init__(self, model: Model, folder: Path) -> None:
        self.model, self.folder = model, folder
        folder.mkdir(parents=True, exist_ok=True)

    def whole(self, person: Person) -> Hand:
        """From a photo of the form."""
        path = self.folder / f"{person.seed}-all.hand"
        if not path.exists():
            form = Form.of("alphanumeric", 1)
            images = dict(zip(person.letters, person.first, strict=True))
            glyphs = {box: images[char] for box, char in enumerate(form.written(1)) if char in images}
            taken = photos.photograph(form, 1, glyphs, person.seed, photos.scene(person.seed))
            photo = self.folder / f"{person.seed}.jpg"
            taken.image.save(photo, quality=90)
            learnt = learn(self.model, [photo])
            said = "; ".join(note for note in learnt.notes if "empty" not in note)
            print(f"{person.seed}: {len(person.letters)} letters, {said}")
            learnt.hand.save(path)
        return Hand.load(path, self.model)

    def of(self, person: Person, given: str) -> Hand:
        """From these letters alone, as they were read on the photo."""
        path = self.folder / f"{person.seed}-{noise.key_of(given):x}.hand"
        if not path.exists():
            whole = self.whole(person)
            assert whole.originals is not None
            rest = "".join(char for char in dict.fromkeys(whole.originals.chars) if char not in given)
            refit(self.model, whole.without(rest) if rest else whole).hand.save(path)
        return Hand.load(path, self.model)


class Features:
    """What the judge sees: f64 [writers,62,F], NaN where there is no letter."""

    def __init__(self, model: Model, judge: Judge, count: int) -> None:
        self.model, self.judge, self.count = model, judge, count
        self.size = judge.read(np.zeros((1, model.frame.size, model.frame.size), np.float32))[1].shape[1]

    def empty(self) -> np.ndarray:
        return np.full((self.count, len(ALNUM), self.size), np.nan)

    def put(self, table: np.ndarray, person: Person, letters: str, ink: np.ndarray) -> None:
        where = [ALNUM.index(char) for char in letters]
        table[person.seed, where] = self.judge.read(one_pen(ink, np.zeros(len(ink), np.int64), PEN))[1]

    def draw(self, table: np.ndarray, person: Person, hand: Hand, letters: str, turn: int) -> None:
        self.put(table, person, letters, drawn(self.model, hand, letters, turn))


def drawn(model: Model, hand: Hand, letters: str, turn: int) -> np.ndarray:
    """Ink f32 [n,H,H] of the letters, none of it the ink that was given."""
    places = np.array([noise.key_of("people", turn, char) for char in letters], np.uint64)
    bare = replace(hand, originals=None)
    result: np.ndarray = draw.glyphs(model, bare, model.index(letters), places, 0, temperature=0.7).ink()
    return result


def told(query: np.ndarray, known: np.ndarray, few: int | None = None) -> float:
    """Per cent of writers found by their letters [w,62,F] among `known`, each held against the same letter of all.

    By all letters, or by so `few`, chosen `DRAWS` times. A letter's distances are less their mean over writers.
    """
    random = np.random.default_rng(0)
    hits = []
    for writer, letters in enumerate(query):
        there = np.flatnonzero(np.isfinite(letters[:, 0]))
        far = gap(letters[there][None], known[:, there])
        far = far - np.nanmean(far, axis=0)
        for _ in range(1 if few is None else DRAWS):
            chosen = slice(None) if few is None else random.permutation(len(there))[:few]
            off = far[:, chosen]
            # whoever has none of these letters is not found
            there_too = np.isfinite(off)
            away = np.where(there_too, off, 0).sum(axis=1) / np.maximum(there_too.sum(axis=1), 1)
            hits.append(np.where(there_too.any(axis=1), away, np.inf).argmin() == writer)
    return 100 * float(np.mean(hits))


def by_signature(
    query: np.ndarray, theirs: np.ndarray, known: np.ndarray, given: np.ndarray, whiten: np.ndarray
) -> float:
    """Per cent of writers found by the mean of their letters `query` [w,62,F] less the usual ones, among `known`.

    `theirs`, bool [w,62]: letters of the query that count; of `known` those that are not `given`, bool [w,62].
    """

    def marks(table: np.ndarray, keep: np.ndarray) -> np.ndarray:
        off = np.where(keep[:, :, None], table - np.nanmean(table, axis=0), np.nan)
        unit = np.nanmean(off, axis=1) @ whiten
        result: np.ndarray = unit / np.linalg.norm(unit, axis=1, keepdims=True)
        return result

    hits = (marks(query, theirs) @ marks(known, ~given).T).argmax(axis=1) == np.arange(len(query))
    return 100 * float(hits.mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True)
    parser.add_argument("--judge", required=True)
    parser.add_argument("--work", required=True, type=Path)
    parser.add_argument("--picture", type=Path)
    options = parser.parse_args()
    assert isinstance(sys.stdout, io.TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)
    model, data = Model.open(threads=1), Dataset.open(options.data)
    judge = open_outsider(data, Path(options.judge))
    everyone, hands = people(data), Hands(model, options.work)
    seen = Features(model, judge, len(everyone))
    real, again = seen.empty(), seen.empty()
    for person in everyone:
        seen.put(real, person, person.letters, person.first / np.float32(255))
        seen.put(again, person, person.letters, person.second / np.float32(255))
    letters = [len(person.letters) for person in everyone]
    print(f"{len(everyone)} test writers, {np.median(letters):.0f} letters each ({min(letters)} to {max(letters)}); "
          f"chance {100 / len(everyone):.1f} %")  # fmt: skip
    _all(everyone, hands, seen, real, again)
    if options.picture:
        _picture(model, hands, everyone).save(options.picture, optimize=True)
    _halves(everyone, hands, seen, real, again, data, judge)
    _counts(everyone, hands, seen, again)


def _all(everyone: list[Person], hands: Hands, seen: Features, real: np.ndarray, again: np.ndarray) -> None:
    tables = [seen.empty() for _ in range(DRAWN)]
    for person in everyone:
        for turn, table in enumerate(tables):
            seen.draw(table, person, hands.whole(person), person.letters, turn)
    for few, by in ((None, "all"), (FEW, FEW)):
        share = np.mean([told(table, again, few) for table in tables])
        print(f"all letters given, told by {by}: real {told(real, again, few):.0f} %, drawn anew {share:.0f} %")


def _counts(everyone: list[Person], hands: Hands, seen: Features, again: np.ndarray) -> None:
    for count in COUNTS:
        tables = [seen.empty() for _ in range(DRAWN)]
        for person in everyone:
            hand = hands.of(person, person.some(0, count))
            for turn, table in enumerate(tables):
                seen.draw(table, person, hand, person.letters, turn)
        shares = [np.mean([told(table, again, few) for table in tables]) for few in (None, FEW)]
        print(f"{count} letters given, told by all {shares[0]:.0f} %, by {FEW} {shares[1]:.0f} %")


def _halves(
    everyone: list[Person], hands: Hands, seen: Features, real: np.ndarray, again: np.ndarray, data: Dataset,
    judge: Judge,
) -> None:  # fmt: skip
    trained = unseen_rows(data, split=0, chars=ALNUM)
    trained = np.random.default_rng(0).permutation(trained)[:20_000]
    features = judge.read(real_ink(data, trained))[1]
    whiten = Signatures.learn(features, data.codepoints[trained], data.writers[trained]).whiten
    found = []
    for turn, draw_turn in np.ndindex(HALVES, DRAWN_HALF):
        table, given, rest = seen.empty(), *np.zeros((2, len(everyone), len(ALNUM)), bool)
        for person in everyone:
            some = person.some(turn, len(person.letters) // 2)
            others = "".join(char for char in person.letters if char not in some)
            given[person.seed, [ALNUM.index(char) for char in some]] = True
            rest[person.seed, [ALNUM.index(char) for char in others]] = True
            seen.draw(table, person, hands.of(person, some), others, draw_turn)
        left = np.where(rest[..., None], real, np.nan)
        found.append(
            [
                by_signature(real, given, again, given, whiten),
                by_signature(table, rest, again, given, whiten),
                by_signature(real, rest, again, given, whiten),
                told(table, again),
                told(left, again),
            ]
        )
    other, ours, same, by_letter, by_letter_real = np.mean(found, axis=0)
    print(f"half given, the other half told by signature: real letters of the given half {other:.0f} %, drawn ones of "
          f"the other half {ours:.0f} %, real ones {same:.0f} %")  # fmt: skip
    print(f"the same letter by letter: drawn ones {by_letter:.0f} %, real ones {by_letter_real:.0f} %")


def _picture(model: Model, hands: Hands, everyone: list[Person]) -> Image.Image:
    """Lines in pairs: a person's letters that the hand was not given, and the same drawn by the hand."""
    wanted = set(TEXT) - {" "}
    some = [person for person in everyone if wanted <= set(person.letters)][:SHOWN]
    rows = []
    for person in some:
        ours = drawn(model, hands.whole(person), person.letters, 0)
        rows += [_line(person.second / np.float32(255), person.letters), _line(ours, person.letters)]
        rows.append(np.zeros((14, 1), np.float32))
    wide = max(row.shape[1] for row in rows)
    sheet = np.concatenate([np.pad(row, ((0, 0), (0, wide - row.shape[1]))) for row in rows])
    whole = Image.fromarray((255 - 255 * sheet).astype(np.uint8))
    return whole.resize((whole.width * 3 // 2, whole.height * 3 // 2), Image.Resampling.BICUBIC).quantize(16)


def _line(ink: np.ndarray, letters: str) -> np.ndarray:
    """`TEXT` in letters [n,H,H], ink beside ink."""
    parts = []
    for char in TEXT:
        if char == " ":
            parts.append(np.zeros((ink.shape[1], 12), np.float32))
            continue
        image = ink[letters.index(char)]
        left, _, right, _ = ink_box((image * 255).astype(np.uint8)) or (0, 0, 1, 1)
        parts.append(np.pad(image[:, left:right], ((0, 0), (2, 2))))
    whole: np.ndarray = np.concatenate(parts, axis=1)[4:]
    return whole


if __name__ == "__main__":
    main()

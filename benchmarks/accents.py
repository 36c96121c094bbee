"""How well accented letters are read beside the same letters without accents, by tesseract, in nonsense words.

python -m benchmarks.accents                            # a row for each of LANGUAGES, as a Markdown table
python -m benchmarks.accents ces vie --hands 3 --lines 4 --wrong
python -m benchmarks.accents --reader PYTHON            # by PP-OCRv6 instead, see benchmarks/ppocr.py

Each line is written twice by the same hand with the same seed: as it is, and with all its letters bare. Tesseract
(>= 5, with the languages' data) reads both in the language, without its dictionaries; a letter counts if the engine
gives that very letter in its place (Levenshtein's alignment). What counts is accented letters read right over the
same letters bare read right. Needs `tesseract` on the path.
"""

import argparse
import os
import random
import subprocess
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

import handsynth
from benchmarks import ppocr
from handsynth.model.model import Model

LANGUAGES = {
    # by tesseract's names: letters inside words, about as often as the language has them, and letters that begin words
    "ces": ("ááááéééíííííýýěěěěščřžůůťďňššččřřžž", "čšžřú"),
    "dan": ("åååøøøøé", "åø"),
    "deu": ("äääöööüüüü", "äöü"),
    "est": ("ääääõõõõüüüööšž", "äõüö"),
    "fra": ("ééééééééééèèèàààêêêççôîû", "éê"),
    "hrv": ("ččččššššžžžććđ", "čšžđć"),
    "hun": ("áááááéééééíóóóöööőőőúüűű", "áéíóöőúü"),
    "isl": ("áááíííóóóúúööýé", "áíóúöé"),
    "lav": ("āāāāāīīīēēšūūņļķčžģ", "āēīčšž"),
    "lit": ("ėėėėššššąųųžžžūūįęęčč", "čšžįėąū"),
    "pol": ("ąąąęęęłłłłóóóśśśżżżćććńńź", "śżźćł"),
    "por": ("ãããççççáááéééíííóóõõêêâôú", "éáó"),
    "ron": ("ăăăăăîșșșșțțțțâââ", "îșț"),
    "slk": ("ááááíííéééýýúúččššžžľľťťňňďäô", "čšžúľď"),
    "spa": ("áááéééíííóóóóúññ", "áéóú"),
    "swe": ("åååäääöö", "åäö"),
    "tur": ("ıııışşşüüüççğğğöö", "çşöüı"),
    "vie": ("àáạảãâấầậẩẫăắằặẳẵéẹẻẽêếềệểễíịìỉĩóọỏõôốồộổỗơớờợởỡúùụủũưứừựửữýỳỷỹ", "đ"),
}  # fmt: skip
HANDS = "Quill", "Linen", "Cedar", "Willow", "Onyx", "Thistle"
CAPITAL = 0.15
"""Share of the words that begin with a capital."""

FIRST = 0.2
"""Share of the words that begin with an accented letter."""

WORDS = 5
"""Of a line."""

CONSONANTS, VOWELS = "bdfghklmnprstv", "aeiou"
TWINS = {"ron": str.maketrans({"ş": "ș", "ţ": "ț", "Ş": "Ș", "Ţ": "Ț"})}
"""In Romanian both are the same letter."""

WITHOUT = {"ø": "o", "đ": "d", "ł": "l", "ı": "i"}
BARE = str.maketrans(WITHOUT | {key.upper(): value.upper() for key, value in WITHOUT.items() if key != "ı"})
"""Letters whose bare forms no decomposition gives."""

XHEIGHT = 24
"""px: capitals are then about 35 px high, which tesseract likes."""


@dataclass
class Score:
    """How many accented letters there were, how many were read right, with accents and bare, and as what instead."""

    letters: int = 0
    read: int = 0
    bare: int = 0
    wrong: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def ratio(self) -> float:
        return self.read / max(1, self.bare)


def bared(text: str) -> str:
    """The text without accents, letter for letter."""
    return "".join(unicodedata.normalize("NFD", char)[0] for char in text.translate(BARE))


def words(language: str, seed: int) -> Iterator[str]:
    """Words of no language, of consonants and vowels in turn; each has one of the language's letters inside.

    Some begin with another one, some with a capital. Those of Vietnamese have one syllable, as its own do.
    """
    chance = random.Random(f"{language} {seed}")
    inside, first = LANGUAGES[language]
    while True:
        odd = chance.random() < 0.5
        size = 1 if language == "vie" else chance.randint(4, 7)
        word = [chance.choice(CONSONANTS if odd == bool(i % 2) else VOWELS) for i in range(size)]
        if language == "vie":
            word = [chance.choice(CONSONANTS), "a", chance.choice("nmt")]
        letter = chance.choice(inside)
        vowel = bared(letter) in VOWELS + "y"
        word[chance.choice([i for i, char in enumerate(word) if i and (char in VOWELS) == vowel])] = letter
        if chance.random() < FIRST:
            word[0] = chance.choice(first)
        if language != "tur" and chance.random() < CAPITAL:
            word[0] = word[0].upper()
        yield "".join(word)


def lines(language: str, count: int, seed: int) -> list[str]:
    source = words(language, seed)
    return [" ".join(next(source) for _ in range(WORDS)) for _ in range(count)]


def read(pictures: list[Image.Image], language: str) -> list[str]:
    """What tesseract makes of pictures of single lines."""
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder) / f"{i:05d}.png" for i in range(len(pictures))]
        for name, picture in zip(names, pictures, strict=True):
            picture.save(name)
        (Path(folder) / "list.txt").write_text("".join(f"{name}\n" for name in names))
        command = ["tesseract", str(Path(folder) / "list.txt"), "-", "--psm", "7", "--dpi", "300", "-l", language]
        command += ["-c", "load_system_dawg=0", "-c", "load_freq_dawg=0"]
        told = subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
        )
    pages = told.stdout.split("\f")[: len(pictures)]
    return [unicodedata.normalize("NFC", " ".join(page.split())) for page in pages]


def aligned(text: str, found: str) -> list[str]:
    """The character of `found` in the place of each of `text`; "" for none. By the cheapest changes."""
    cost = np.zeros((len(text) + 1, len(found) + 1))
    cost[:, 0], cost[0] = np.arange(len(text) + 1), np.arange(len(found) + 1)
    for i, char in enumerate(text):
        for j, other in enumerate(found):
            change = cost[i, j] + _change(char, other)
            cost[i + 1, j + 1] = min(change, cost[i, j + 1] + 1, cost[i + 1, j] + 1)
    result, i, j = [""] * len(text), len(text), len(found)
    while i and j:
        if cost[i, j] == cost[i - 1, j - 1] + _change(text[i - 1], found[j - 1]):
            i, j = i - 1, j - 1
            result[i] = found[j]
        elif cost[i, j] == cost[i - 1, j] + 1:
            i -= 1
        else:
            j -= 1
    return result


def _change(char: str, other: str) -> float:
    """What it costs to read one for the other: letters that differ by their accents alone are near."""
    return 0.0 if char == other else 0.5 if bared(char) == bared(other) else 1.25


def measure(
    language: str, hands: list[str], count: int, model: Model, seed: int = 0, joined: float | None = None,
    reader: str | None = None,
) -> Score:  # fmt: skip
    """`count` lines by each hand; `joined`: None as `render` does; `reader`: None is tesseract, else see `ppocr`."""
    texts = lines(language, count * len(hands), seed)
    how = [{"hand": hands[i % len(hands)], "seed": i, "size": XHEIGHT, "model": model} for i in range(len(texts))]
    how = how if joined is None else [row | {"joined": joined} for row in how]

    def said(bare: bool) -> list[str]:
        pictures = [handsynth.render(bared(t) if bare else t, **h) for t, h in zip(texts, how, strict=True)]
        found = ppocr.read(reader, pictures) if reader else read(pictures, language)
        return [line.translate(TWINS.get(language, {})) for line in found]

    score = Score()
    for text, found, plain in zip(texts, said(False), said(True), strict=True):
        for char, seen, bare in zip(text, aligned(text, found), aligned(bared(text), plain), strict=True):
            if bared(char) == char:
                continue
            score.letters += 1
            score.read += seen == char
            score.bare += bare == bared(char)
            if seen != char:
                score.wrong[char, seen] += 1
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("languages", nargs="*", default=list(LANGUAGES), help="tesseract's names; all")
    parser.add_argument("--hands", type=int, default=len(HANDS), help="so many of the gallery")
    parser.add_argument("--lines", type=int, default=20, help="of each hand in each language")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--joined", type=float, help="0: as print; not given: as the hands do")
    parser.add_argument("--reader", help="a Python that has rapidocr, which reads in place of tesseract")
    parser.add_argument("--wrong", action="store_true", help="also what was read instead, the most frequent first")
    given = parser.parse_args()
    model = Model.open()
    print("| language | accented letters | read right | bare read right | ratio |\n|---|---:|---:|---:|---:|")
    for language in given.languages:
        score = measure(
            language, list(HANDS[: given.hands]), given.lines, model, given.seed, given.joined, given.reader
        )
        share = f"{score.read / score.letters:.3f} | {score.bare / score.letters:.3f} | {score.ratio:.3f}"
        print(f"| {language} | {score.letters:,} | {share} |", flush=True)
        if given.wrong:
            print("   ", " ".join(f"{a}>{b or '-'}:{n}" for (a, b), n in score.wrong.most_common(24)))


if __name__ == "__main__":
    main()

"""How well Greek and Cyrillic letters are read, beside Latin ones by the same hands, by an engine that is not ours.

python benchmarks/scripts.py [--lines N] [--font FILE] [--letters] [HAND …]

Needs tesseract 5 with the languages eng rus ukr bul srp ell. Words are nonsense: consonants and vowels of a language
by turns, each letter as often as any other; the engine's dictionaries are off. `--font` has the same words read in a
font, which says what the engine can do; `--letters` lists the letters that are misread most.
"""

import argparse
import os
import random
import subprocess
import tempfile
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import handsynth

LANGUAGES = {
    "eng": ("aeiouy", "bcdfghjklmnpqrstvwxz"),
    "rus": ("аеёиоуыэюя", "бвгджзйклмнпрстфхцчшщъь"),
    "ukr": ("аеєиіїоуюя", "бвгґджзйклмнпрстфхцчшщь"),
    "bul": ("аеиоуъюя", "бвгджзйклмнпрстфхцчшщь"),
    "srp": ("аеиоу", "бвгдђжзјклљмнњпрстћфхцчџш"),
    "ell": ("αεηιουωάέήίόύώ", "βγδζθκλμνξπρστφχψς"),
}
"""Of each of the engine's languages the vowels and the consonants."""

HANDS = ("Quill", "Maple", "Linen", "Ember", "Willow", "Cedar", "Sparrow", "Kelp")
WORDS = 6
SIZE = 32
OFF = ("-c", "load_system_dawg=0", "-c", "load_freq_dawg=0")


def line(language: str, number: int) -> str:
    """`WORDS` words of three to six letters; the first has a capital."""
    chance = random.Random(f"{language} {number}")
    sets = LANGUAGES[language]
    words = []
    for _ in range(WORDS):
        first = chance.randrange(2)
        letters = [chance.choice(sets[(first + i) % 2]) for i in range(chance.randint(3, 6))]
        # a sigma has another form at the end of a word, and there alone
        word = "".join(letters).replace("ς", "σ")
        words.append(word[:-1] + "ς" if word.endswith("σ") else word)
    return " ".join([words[0].capitalize(), *words[1:]])


def read(pictures: list[Image.Image], language: str) -> list[str]:
    """What the engine reads in pictures of one line each."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{i}.png" for i in range(len(pictures))]
        for path, picture in zip(paths, pictures, strict=True):
            picture.convert("L").save(path)
        names = Path(folder) / "names.txt"
        names.write_text("\n".join(map(str, paths)))
        command = ["tesseract", str(names), "-", "-l", language, "--psm", "7", *OFF]
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    pages = done.stdout.split("\f")
    # the sign for micro is the letter mu
    return [" ".join(page.replace("µ", "μ").split()) for page in pages[: len(pictures)]]


def right(meant: str, seen: str, missed: Counter[str], met: Counter[str]) -> int:
    """Letters of `meant` that are read as such, in order; counts all and those misread."""
    blocks = SequenceMatcher(None, meant, seen, autojunk=False).get_matching_blocks()
    found = {place for block in blocks for place in range(block.a, block.a + block.size)}
    letters = [i for i, char in enumerate(meant) if char != " "]
    met.update(meant[i] for i in letters)
    missed.update(meant[i] for i in letters if i not in found)
    return sum(i in found for i in letters)


def printed(text: str, font: str) -> Image.Image:
    """The text in a font."""
    drawn = ImageFont.truetype(font, 2 * SIZE)
    picture = Image.new("L", (int(drawn.getlength(text)) + 2 * SIZE, 4 * SIZE), 255)
    ImageDraw.Draw(picture).text((SIZE, SIZE // 2), text, 0, drawn)
    return picture


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("hands", nargs="*", default=HANDS)
    parser.add_argument("--lines", type=int, default=8, help="lines a hand and language")
    parser.add_argument("--font", help="a font file that writes the same words")
    parser.add_argument("--letters", action="store_true", help="list the letters misread most")
    args = parser.parse_args()
    print("| hand | " + " | ".join(LANGUAGES) + " |\n|---" + "|---" * len(LANGUAGES) + "|")
    missed = {language: Counter() for language in LANGUAGES}
    met = {language: Counter() for language in LANGUAGES}
    totals: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for hand in [*args.hands, *(["font"] if args.font else [])]:
        cells = []
        for language in LANGUAGES:
            texts = [line(language, number) for number in range(args.lines)]
            if hand == "font":
                pictures = [printed(text, args.font) for text in texts]
            else:
                pictures = [handsynth.render(text, hand=hand, size=SIZE, seed=1) for text in texts]
            lost, all_ = (missed[language], met[language]) if hand != "font" else (Counter(), Counter())
            seen = read(pictures, language)
            good = sum(right(text, back, lost, all_) for text, back in zip(texts, seen, strict=True))
            count = sum(len(text.replace(" ", "")) for text in texts)
            cells.append(f"{good / count:.3f}")
            if hand != "font":
                totals[language] += good
                counts[language] += count
        print(f"| {hand} | " + " | ".join(cells) + " |", flush=True)
    print("| all hands | " + " | ".join(f"{totals[name] / counts[name]:.3f}" for name in LANGUAGES) + " |")
    if args.letters:
        for language in LANGUAGES:
            worst = sorted(missed[language], key=lambda char: -missed[language][char] / met[language][char])[:20]
            print(language, " ".join(f"{c} {missed[language][c]}/{met[language][c]}" for c in worst))


if __name__ == "__main__":
    main()

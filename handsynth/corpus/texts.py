"""Where the texts of a corpus come from: files, folders, lists of words, and what is made up by rules.

Text number i depends on the seed and on i alone, whatever was taken before.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, get_args

import numpy as np

from handsynth import noise
from handsynth.corpus.generator import MAKERS, Generator
from handsynth.corpus.lexicon import LANGUAGES
from handsynth.corpus.rng import AT_ONCE, CorpusRng
from handsynth.corpus.textfile import TextFile
from handsynth.dials.choices import CorpusKind
from handsynth.errors import InputError

KINDS: tuple[CorpusKind, ...] = get_args(CorpusKind)

MOST = {"line": 60, "word": 30, "paragraph": 400, "page": 1500}
"""Characters of a text at most, unless something else is asked for."""

LIMIT = 100_000
"""Characters of a text that can be asked for at most."""

TRIES = 100
"""If none of so many texts can be used, there is nothing to be had."""


class TextSource(Protocol):
    """What one text is taken from."""

    def item(self, chance: CorpusRng) -> str:
        """A line, a word or whatever else it has, by chance; perhaps an empty text."""


@dataclass(frozen=True)
class TextLines:
    """Text files as one: each of their lines that is not blank is as likely as any other."""

    files: tuple[TextFile, ...]

    def place(self, chance: CorpusRng) -> tuple[TextFile, int]:
        """A file and the number of one of its lines."""
        number = chance.integer(0, sum(file.count for file in self.files) - 1)
        for file in self.files:
            if number < file.count:
                break
            number -= file.count
        return file, number

    def item(self, chance: CorpusRng) -> str:
        file, number = self.place(chance)
        return file.part(number, chance.uniform())


@dataclass(frozen=True)
class _UsableWords:
    """Single words of a source, those that can be used: texts are made of many, which one would spoil."""

    words: TextSource
    usable: Callable[[str], bool]

    def item(self, chance: CorpusRng) -> str:
        for _ in range(TRIES):
            word = self.words.item(chance)
            if self.usable(word):
                break
        return word


@dataclass(frozen=True)
class Texts:
    """Texts by number. Made by `Texts.of`; can be pickled and sent to other processes."""

    kind: CorpusKind
    seed: int
    least: int
    most: int
    sources: tuple[tuple[TextSource, float], ...]
    """What they come from, with their shares, which sum to one."""
    usable: Callable[[str], bool]
    named: tuple[tuple[str, TextSource], ...] = ()
    """The same one by one, by what was given for them."""
    passed: Counter[str] = field(default_factory=Counter, compare=False)
    """How many texts were passed over here so far, by the reason."""

    @classmethod
    def of(
        cls,
        sources: Sequence[str],
        kind: CorpusKind = "line",
        seed: int = 0,
        *,
        least: int = 1,
        most: int | None = None,
        usable: Callable[[str], bool] | None = None,
    ) -> Texts:
        """Texts of `least` to `most` characters from several sources.

        A source is a text file (UTF-8), a folder (its .txt files), or what is made up: one of MAKERS, in English or
        like `names:de` in one of LANGUAGES. `SOURCE=3` gives it a weight. Without, each counts 1, and files without
        weights are taken together, each by its number of lines. A file with one word a line is a list of words.

        A "line" is a line of a file, or a run of whole words of a longer one; a "word" is one of its words; a
        "paragraph" are lines up to an empty one, joined by blanks; a "page" has several, parted by "\\n". What is made
        up is one item (a word: a part of it; a paragraph: several sentences, or items on lines of their own).

        `usable` says which texts to take (see undrawn.py). Raises InputError for what cannot be read, and if hardly a
        text can be used.
        """
        check(kind, least, most)
        given = _given(sources)
        named = tuple((name, source) for name, source, _ in given)
        most = MOST[kind] if most is None else most
        texts = cls(kind, seed, least, most, _shares(given), usable or _anything, named)
        texts.take(0)
        texts.passed.clear()
        return texts

    @property
    def files(self) -> list[TextFile]:
        """The files that texts come from, for a record of what a corpus was made of."""
        return [file for source, _ in self.sources if isinstance(source, TextLines) for file in source.files]

    def take(self, index: int) -> str:
        """Text number `index`. Raises InputError if TRIES texts in its place cannot be used."""
        return self.several([index])[0]

    def several(self, indices: Sequence[int]) -> list[str]:
        """The texts of these numbers, each as `take` gives it; their chance is drawn at once."""
        keys = np.array([noise.key_of("text", index, 0) for index in indices], np.uint64)
        rows = noise.uniforms(self.seed, "corpus", keys, AT_ONCE)
        return [self._take(index, row) for index, row in zip(indices, rows, strict=True)]

    def _take(self, index: int, row: np.ndarray) -> str:
        passed: Counter[str] = Counter()
        for attempt in range(TRIES):
            text = self._text(CorpusRng(self.seed, "text", index, attempt, row=None if attempt else row))
            if not self.least <= len(text) <= self.most:
                passed["too short" if len(text) < self.least else "too long"] += 1
            elif self.usable(text):
                self.passed.update(passed)
                return text
            else:
                passed["cannot be drawn"] += 1
        reasons = ", ".join(f"{count} {reason}" for reason, count in passed.most_common())
        raise InputError(
            f"of {TRIES} texts of {self.least} to {self.most} characters none could be used ({reasons}); "
            "give other texts or lengths"
        )

    def _text(self, chance: CorpusRng) -> str:
        share, source = chance.uniform(), self.sources[-1][0]
        for some, weight in self.sources:
            if share < weight:
                source = some
                break
            share -= weight
        if self.kind == "word":
            return _word(source.item(chance), chance)
        target = chance.integer(max(self.least, self.most // 3), self.most)
        if gives_words(source):
            source = _UsableWords(source, self.usable)
        if self.kind == "line":
            return _line(source, chance, self.least, target, self.most)
        paragraphs, length = [], 0
        while length < (target if self.kind == "page" else 1):
            # what is left of the page, but no sliver
            room = max(self.most - length, 0) if self.kind == "page" else self.most
            text = _paragraph(source, chance, min(room, target if self.kind == "paragraph" else room))
            if not text:
                break
            paragraphs.append(text)
            length += len(text) + 1
        return "\n".join(paragraphs)


def check(kind: str, least: int, most: int | None) -> None:
    """Raises InputError for an unknown kind or for lengths that no text can have."""
    if kind not in KINDS:
        raise InputError(f"the kind {kind[:40]!r} is unknown; give one of {', '.join(KINDS)}")
    greatest = MOST[kind] if most is None else most
    if not 1 <= least <= greatest <= LIMIT:
        raise InputError(f"a {kind} cannot have {least} to {greatest} characters; give 1 to {LIMIT}, the lower first")


def names() -> list[str]:
    """What is made up, by the names that `Texts.of` takes, without languages."""
    return list(MAKERS)


def _anything(text: str) -> bool:
    return bool(text)


def _given(sources: Sequence[str]) -> list[tuple[str, TextSource, float | None]]:
    """Each source by its name, with its weight, if it has one."""
    if not sources:
        raise InputError(f"there is no text; give text files, folders, or some of {', '.join(MAKERS)}")
    pairs = [_weighed(text) for text in sources]
    return [(name, _source(name), weight) for name, weight in pairs]


def _shares(given: Sequence[tuple[str, TextSource, float | None]]) -> tuple[tuple[TextSource, float], ...]:
    loose: list[TextFile] = []
    count = 0
    found: list[tuple[TextSource, float]] = []
    for _, source, weight in given:
        if weight is None and isinstance(source, TextLines):
            loose += source.files
            count += 1
        else:
            found.append((source, 1.0 if weight is None else weight))
    if loose:
        found.insert(0, (TextLines(tuple(loose)), float(count)))
    total = sum(weight for _, weight in found)
    if not total:
        raise InputError("the weights of all texts are 0; give one of them a weight")
    return tuple((source, weight / total) for source, weight in found if weight)


def _weighed(text: str) -> tuple[str, float | None]:
    """A source and its weight, if it has one."""
    name, equals, number = text.rpartition("=")
    if not equals or _is_there(text):
        return text, None
    try:
        weight = float(number)
    except ValueError:
        weight = math.nan
    if not (name and 0 <= weight < 1e9):
        raise InputError(f"the weight in {text[:80]!r} is no number from 0 on; write SOURCE=WEIGHT, like names:de=2")
    return name, weight


def _source(name: str) -> TextSource:
    maker, _, language = name.partition(":")
    if maker in MAKERS:
        if language and language not in LANGUAGES:
            raise InputError(f"there is no language {language[:40]!r} for {maker}; give one of {', '.join(LANGUAGES)}")
        return Generator(maker, language or LANGUAGES[0])
    path = Path(name)
    if name and _is_there(name) and path.is_dir():
        inside = sorted(file for file in path.iterdir() if file.suffix.lower() == ".txt" and file.is_file())
        if not inside:
            raise InputError(f"the folder {name} has no .txt files; give one that has some")
        return TextLines(tuple(TextFile.open(file) for file in inside))
    if name and _is_there(name):
        return TextLines((TextFile.open(path),))
    near = difflib.get_close_matches(maker, MAKERS, 1, 0.7)
    hint = f"did you mean {near[0]}?" if near else f"give a text file, a folder, or one of {', '.join(MAKERS)}"
    raise InputError(f"there is no text {name[:80]!r}; {hint}")


def _is_there(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _word(item: str, chance: CorpusRng) -> str:
    words = item.split()
    return chance.pick(words) if words else ""


def _line(source: TextSource, chance: CorpusRng, least: int, target: int, most: int) -> str:
    text = source.item(chance)
    if gives_words(source):
        # words one by one until there are enough
        while len(text) < target and (word := source.item(chance)):
            if len(text) + 1 + len(word) > most:
                break
            text += " " + word
    while len(text) < least and (more := source.item(chance)):
        text += " " + more
    return text if len(text) <= most else _run(text.split(" "), chance, target)


def gives_words(source: TextSource) -> bool:
    """Whether a source gives single words."""
    if isinstance(source, _UsableWords):
        return True
    if isinstance(source, TextLines):
        return all(file.listed for file in source.files)
    return isinstance(source, Generator) and source.name == "words"


def _run(words: list[str], chance: CorpusRng, target: int) -> str:
    """Whole words from a random one on, up to `target` characters; as near to the end as leaves enough of them."""
    left, last = -1, len(words)
    while last and left < target:
        last -= 1
        left += len(words[last]) + 1
    first = chance.integer(0, last)
    text = words[first]
    for word in words[first + 1 :]:
        if len(text) + 1 + len(word) > target:
            break
        text += " " + word
    return text


def _paragraph(source: TextSource, chance: CorpusRng, most: int) -> str:
    if isinstance(source, TextLines) and not gives_words(source):
        file, number = source.place(chance)
        text, _ = file.paragraph(number, most + 1)
        return _cut(text, most)
    if isinstance(source, Generator) and source.name != "sentences":
        rows: list[str] = []
        for _ in range(chance.integer(2, 6)):
            rows += source.item(chance).split(", ") if source.name == "addresses" else [source.item(chance)]
            if sum(map(len, rows)) + len(rows) > most:
                break
        text = "\n".join(rows)
        return text if len(text) <= most else "\n".join(rows[:-1])[:most]
    text, enough = source.item(chance), chance.integer(most // 3, most)
    while len(text) < enough and (more := source.item(chance)):
        text += " " + more
    return _cut(text, most)


def _cut(text: str, most: int) -> str:
    """The first whole words of a text."""
    if len(text) <= most:
        return text
    return re.sub(r"\s+\S*$", "", text[: most + 1]) if re.search(r"\s", text[: most + 1]) else ""

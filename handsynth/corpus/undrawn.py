"""What of the texts of a corpus a model cannot draw: counted and named before anything is made.

Texts are judged as they are taken: words for words, else lines, those that are longer than a text by pieces of that
length. Of many lines some are looked at, by chance.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import get_args

from handsynth import dials
from handsynth.corpus.rng import CorpusRng
from handsynth.corpus.texts import TextLines, Texts, TextSource
from handsynth.dials.choices import CorpusMissing
from handsynth.errors import InputError
from handsynth.text.charset import Charset
from handsynth.text.clusters import clusters

MISSING: tuple[CorpusMissing, ...] = get_args(CorpusMissing)

MOST_LINES = 20_000
"""Lines of one source that are looked at."""

ITEMS = 200
"""Texts that are made up to look at."""

LEAST = 0.5
"""Share of the texts of each source that must remain."""

_NAMED = 5
_THEN = {
    "drop": "such texts are dropped; --missing skip leaves such characters out, box draws boxes",
    "skip": "such characters are left out, of the labels, too",
    "box": "boxes are drawn for them",
}


@dataclass(frozen=True, eq=False)
class Drawable:
    """Whether a text can be used: drawn, if need be with composed accents or typographic twins."""

    table: Charset
    missing: CorpusMissing = dials.default("corpus.missing")

    def __call__(self, text: str) -> bool:
        resolved = [self.table.resolve(cluster) for cluster in clusters(text)]
        if self.missing == "skip":
            return any(item.kind == "glyph" for items, _, _ in resolved for item in items)
        return self.missing == "box" or all(items or action for items, action, _ in resolved)


@dataclass
class Undrawn:
    """What of one source cannot be drawn."""

    name: str
    unit: str
    seen: int = 0
    lost: int = 0
    """Texts with characters that cannot be drawn."""
    unusable: int = 0
    """Of those the ones that are no text any more."""
    sampled: bool = False
    characters: Counter[str] = field(default_factory=Counter)
    """In how many of the texts each of them stands."""

    def __str__(self) -> str:
        of = f"{self.lost:,} of {self.seen:,} {self.unit}{' looked at' if self.sampled else ''} of {self.name}"
        ranked = sorted(self.characters.items(), key=lambda pair: (-pair[1], pair[0]))
        shown = ", ".join(f"{_code(char)} in {count:,}" for char, count in ranked[:_NAMED])
        more = f" and {len(ranked) - _NAMED} more" if len(ranked) > _NAMED else ""
        return f"{of} have characters that cannot be drawn ({shown}{more})"


def survey(texts: Texts, charset: Charset, missing: CorpusMissing) -> list[str]:
    """What to say of the sources of `texts`, one line each that has anything to say.

    Raises InputError where less than half of a source's texts remain, and for `error` where any is lost.
    """
    usable = Drawable(charset, missing)
    notes = []
    for name, source in texts.named:
        found = _look(name, source, texts, usable)
        if not found.lost:
            continue
        if missing == "error":
            raise InputError(f"{found}; give other texts, or another --missing: drop, skip or box")
        if found.seen - found.unusable < LEAST * found.seen:
            other = "--missing skip or box, or other texts" if missing == "drop" else "other texts"
            raise InputError(f"{found}: less than half of the texts would remain; give {other}")
        notes.append(f"{found}; {_THEN[missing]}")
    return notes


def _look(name: str, source: TextSource, texts: Texts, usable: Drawable) -> Undrawn:
    lines = isinstance(source, TextLines)
    found = Undrawn(name, "words" if texts.kind == "word" else "lines" if lines else "texts")
    fine: set[str] = set()
    for text in _some(source, texts, found):
        found.seen += 1
        if fine.issuperset(text):
            continue
        missed = {char for char in clusters(text) if not any(usable.table.resolve(char)[:2])}
        if not missed:
            fine.update(text)
            continue
        found.lost += 1
        found.unusable += not usable(text)
        found.characters.update(missed)
    return found


def _some(source: TextSource, texts: Texts, found: Undrawn) -> Iterator[str]:
    """Texts of a source, all of them or some."""
    chance = CorpusRng(texts.seed, "undrawn")
    found.sampled = not isinstance(source, TextLines) or sum(file.count for file in source.files) > MOST_LINES
    if not isinstance(source, TextLines):
        items = (source.item(chance) for _ in range(ITEMS))
    elif found.sampled:
        items = (file.line(number) for file, number in (source.place(chance) for _ in range(MOST_LINES)))
    else:
        items = (file.line(number) for file in source.files for number in range(file.count))
    for item in items:
        yield from _parts(item, texts)


def _parts(line: str, texts: Texts) -> Iterator[str]:
    words = line.split(" ")
    if texts.kind == "word":
        yield from words
        return
    part = ""
    for word in words:
        if part and len(part) + 1 + len(word) > texts.most:
            yield part
            part = ""
        part += f" {word}" if part else word
    yield part


def _code(char: str) -> str:
    codes = " ".join(f"U+{ord(part):04X}" for part in char)
    return f"{codes} {char}" if char.isprintable() else codes

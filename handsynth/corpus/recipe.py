"""Recipe: every dial of a corpus. The same recipe and model give the same samples, on any machine."""

from __future__ import annotations

import functools
import json
import math
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from handsynth import dials
from handsynth.dials.choices import CorpusKind, CorpusMissing, CorpusPicture
from handsynth.dials.renamed import RenamedWarning, length_of, said
from handsynth.errors import InputError, option
from handsynth.ink import pens
from handsynth.provenance.exact import exact, seed_of

TRUTHS = ("alto", "page", "hocr")
"""Formats of ground truth that may stand beside the text and its JSON."""

_CHECKED = (
    "kind", "picture", "missing", "seed", "writers", "height", "width", "vary", "joined",
    "legibility", "bank", "slips",
)  # fmt: skip


def _usual(name: str) -> Any:
    return dials.of_corpus(name).default_for("corpus")


def _takes_earlier(kind: type[Recipe]) -> type[Recipe]:
    """Lets a recipe take its length by the earlier names."""
    plain: Any = kind.__init__

    @functools.wraps(plain)
    def made(self: Recipe, *args: Any, **how: Any) -> None:
        for earlier in ("least", "most"):
            if earlier in how:
                warnings.warn(said(earlier, "length"), RenamedWarning, stacklevel=2)
        plain(self, *args, **length_of(how))

    kind.__init__ = made  # type: ignore[method-assign]
    return kind


WORDS = {
    "texts": "Files of text, folders of them, or generators like names:de; each may be followed by =WEIGHT.",
    "length": "Least and most characters of a text, like (5, 40); most 0: as usual for the kind (0 to 100,000).",
    "papers": "Papers of pages; each page has one of them.",
    "truth": "Formats of ground truth beside the JSON of each sample: alto, page, hocr.",
    "pens": "Kinds of pens, of which each writer has one; else the hands' own.",
    "temperature": "How far letters are from the usual, least and most: each sample has one between (0 to 2).",
    "characters": "Recipes of characters of one's own, as their file says them (docs/characters.md).",
}
"""Of fields that are no dials, or other ones."""


@_takes_earlier
@dials.documented("corpus", **WORDS)
@dataclass(frozen=True)
class Recipe:
    """What the samples of a corpus are like."""

    texts: tuple[str, ...] = ()
    """Files of text, folders of them, or generators like names:de; each may be followed by =WEIGHT."""
    kind: CorpusKind = _usual("kind")
    seed: int = _usual("seed")
    hands: tuple[str, ...] = _usual("hands")
    """`prior` (a new hand for each writer), `gallery`, names of it, .hand files or folders of them."""
    writers: int = _usual("writers")
    """How many hands are drawn from the prior; 0: a new one for each sample."""
    model: str = ""
    """A model's folder or zip; empty: the default model."""
    height: int = _usual("height")
    """Of lines and words, in px; of an x in paragraphs and pages it is a fifth."""
    width: int = _usual("width")
    """At which paragraphs and pages wrap, in px."""
    missing: CorpusMissing = _usual("missing")
    """Of texts with characters that cannot be drawn: drop them, refuse them, leave the characters out, draw boxes."""
    length: tuple[int, int] = _usual("length")
    """Least and most characters of a text; most 0: as usual for the kind."""
    temperature: tuple[float, float] = _usual("temperature")
    """How copies of a letter differ; each sample has one between."""
    vary: float = _usual("vary")
    """How much slant and spacing of a hand differ from sample to sample: 0 not at all."""
    joined: float = _usual("joined")
    """How much is written without lifting the pen: 0 print, 1 as each hand does, 2 all of every word."""
    legibility: int = _usual("legibility")
    effects: str = _usual("effects")
    """A preset, or effects with strengths."""
    picture: CorpusPicture = _usual("picture")
    colour: bool = _usual("colour")
    papers: tuple[str, ...] = _usual("papers")
    """Of pages; each has one of these."""
    slips: float = _usual("slips")
    """Words of pages that are struck out and written again, in per cent."""
    truth: tuple[str, ...] = _usual("truth")
    masks: bool = _usual("masks")
    pens: tuple[str, ...] = _usual("pens")
    """Kinds of pens (`handsynth.ink.pens`), of which each writer has one; none: the hands' own."""
    bank: int = _usual("bank")
    """Drawings of each letter of each writer, which are used again and again; 0: every glyph is drawn anew."""
    characters: str = ""
    """The user's own recipes of characters, as their file says them (see handsynth/text/recipes.py)."""

    def __post_init__(self) -> None:
        if not self.texts:
            raise InputError("give texts: files, folders, or generators like numbers, dates or names:de")
        for name in _CHECKED:
            dials.of_corpus(name).check(getattr(self, name), option(name))
        for name in self.truth:
            _among("truth", name, TRUTHS)
        if not self.hands:
            raise InputError("give hands: prior, gallery, names, .hand files or folders of them")
        if len(self.length) != 2 or not all(isinstance(bound, int) for bound in self.length):
            raise InputError(f"{option('length')} is {self.length}; give two whole numbers, like 5 and 40")
        least, most = self.length
        for number in self.length:
            dials.of_corpus("length").check(number, option("length"))
        if most and least > most:
            raise InputError(f"texts of at least {least} and at most {most} characters cannot be; change one")
        if self.slips and self.kind != "page":
            raise InputError(f"slips are of pages, not of {self.kind}s; leave them out, or make pages")
        for pen in self.pens:
            pens.check(pen)
        if self.characters and self.kind == "page":
            raise InputError("recipes of characters are for lines, words and paragraphs; leave them out of pages")
        if not self.papers:
            raise InputError("give papers, like a5-ruled")
        cold, warm = self.temperature
        for bound in self.temperature:
            dials.check("temperature", bound)
        if cold > warm:
            raise InputError(f"temperature is {cold:g} to {warm:g}; give two rising numbers")
        if self.bank and not self.writers and "prior" in self.hands:
            raise InputError(
                f"a bank needs writers that come again; give a number of {option('writers')}, "
                f"or other {option('hands')}"
            )

    def to_json(self) -> str:
        given = asdict(self) | {"seed": exact(self.seed)}
        if not self.pens:
            del given["pens"]  # as recipes were before there were any
        return json.dumps(given, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """Raises InputError for what is no recipe."""
        try:
            given: Mapping[str, Any] = length_of(json.loads(text))
            known = {field.name: field for field in fields(cls)}
            if set(given) - set(known):
                raise ValueError(f"unknown {sorted(set(given) - set(known))[0]}")
            usual = {name: field.default for name, field in known.items()}
            dials: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
            }
            if "seed" in dials:
                dials["seed"] = seed_of(dials["seed"])
            for name, value in dials.items():
                kinds = (int, float) if isinstance(usual[name], float) else type(usual[name])
                if not isinstance(value, kinds):
                    raise ValueError(f"{name} is {str(value)[:30]!r}")
            return cls(**dials)
        except InputError:
            raise
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise InputError(f"this is no recipe of a corpus: {error}") from error


def _among(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise InputError(f"{name} is {str(value)[:30]!r}; give {', '.join(known)}")


def range_of(name: str, text: str) -> tuple[float, float]:
    """Two numbers as people type them, `0.5` or `0.5,0.9`. Raises InputError."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) not in (1, 2) or not all(map(math.isfinite, numbers)):
        raise InputError(f"{name} is {text[:30]!r}; give a number, or two like 0.5,0.9")
    return numbers[0], numbers[-1]


def whole_range(name: str, text: str) -> tuple[int, int]:
    """`range_of` whole numbers. Raises InputError."""
    wrong = InputError(f"{name} is {text[:30]!r}; give whole numbers, like 5,40")
    try:
        low, high = range_of(name, text)
    except InputError:
        raise wrong from None
    if low != int(low) or high != int(high):
        raise wrong
    return int(low), int(high)

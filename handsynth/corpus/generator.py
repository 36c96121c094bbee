"""Texts made up by rules: numbers, dates, names, addresses and the like, in several languages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from handsynth.corpus.lexicon import Lexicon, lexicon
from handsynth.corpus.rng import CorpusRng

_YEARS = date(1900, 1, 1).toordinal(), date(2035, 12, 31).toordinal()


@dataclass(frozen=True)
class Generator:
    """One of MAKERS in one of LANGUAGES."""

    name: str
    language: str

    def item(self, chance: CorpusRng) -> str:
        """One number, date, name, word, sentence …, on one line."""
        return MAKERS[self.name](_Placeholders(chance, lexicon(self.language)))


class _Placeholders(dict[str, str]):
    """What stands in the {slots} of templates; each is made anew wherever it stands, but a date is one date."""

    def __init__(self, chance: CorpusRng, words: Lexicon) -> None:
        super().__init__()
        self.chance, self.words = chance, words
        self._date: date | None = None

    def __missing__(self, name: str) -> str:
        return _SLOTS[name](self)

    def fill(self, templates: tuple[str, ...]) -> str:
        return self.chance.pick(templates).format_map(self)

    @property
    def date(self) -> date:
        if self._date is None:
            self._date = date.fromordinal(self.chance.integer(*_YEARS))
        return self._date

    def digits(self, pattern: str) -> str:
        """`pattern` with digits for #, and such as are not zero for N."""
        return re.sub("[#N]", lambda found: str(self.chance.integer(found[0] == "N", 9)), pattern)

    def grouped(self, number: int) -> str:
        """A whole number with the marks between its thousands, mostly."""
        return f"{number:,}".replace(",", self.words.thousands) if self.chance.happens(0.7) else str(number)

    def large(self, digits: int) -> int:
        """A whole number whose count of digits, up to so many, is as likely as any other."""
        return self.chance.integer(0, 10 ** self.chance.integer(1, digits) - 1)


def _numbers(slots: _Placeholders) -> str:
    chance = slots.chance
    whole = slots.grouped(slots.large(8))
    kind = chance.integer(0, 9)
    if kind < 4:
        return whole
    if kind < 7:
        sign = "-" if chance.happens(0.2) else ""
        return sign + whole + slots.words.decimal + slots.digits("#" * chance.integer(1, 3))
    if kind == 7:
        return f"{chance.integer(0, 100)}{chance.pick(('%', ' %'))}"
    if kind == 8:
        return f"{chance.integer(1, 99)}{chance.pick(('/', '-', ' x ', ':', ' + '))}{chance.integer(1, 99)}"
    return slots.digits(chance.pick(("# #####", "#", "##", "###", "####", "0##-###/##", "(##)", "# ### ###")))


def _amounts(slots: _Placeholders) -> str:
    return slots.fill(slots.words.amounts)


def _dates(slots: _Placeholders) -> str:
    return slots.fill(slots.words.dates)


def _times(slots: _Placeholders) -> str:
    return slots.fill(slots.words.times)


def _names(slots: _Placeholders) -> str:
    kind = slots.chance.integer(0, 9)
    first, last = slots["first"], slots["last"]
    if kind < 6:
        return f"{first} {last}"
    if kind == 6:
        return f"{last}, {first}"
    if kind == 7:
        return f"{first} {slots['first'][0]}. {last}"
    return f"{first[0]}. {last}" if kind == 8 else f"{first} {last}-{slots['last']}"


def _addresses(slots: _Placeholders) -> str:
    street, place = slots["street"], slots.digits(slots.chance.pick(slots.words.codes)).format_map(slots)
    return ", ".join((_names(slots), street, place) if slots.chance.happens(0.5) else (street, place))


def _phones(slots: _Placeholders) -> str:
    return slots.digits(slots.chance.pick(slots.words.phones))


def _emails(slots: _Placeholders) -> str:
    chance = slots.chance
    first, last, word, other = (_plain(slots[slot]) for slot in ("first", "last", "word", "word"))
    name = chance.pick(
        (f"{first}.{last}", f"{first[0]}{last}", f"{first}_{last}", f"{first}{chance.integer(1, 99)}", word)
    )
    home = chance.pick((f"{word}-{other}", f"{last}-{word}", "mail.example", "post.example"))
    return f"{name}@{home}" if home.endswith("example") else f"{name}@{home}.{chance.pick(slots.words.endings)}"


def _words(slots: _Placeholders) -> str:
    return slots["word"]


def _sentences(slots: _Placeholders) -> str:
    if slots.chance.happens(0.4):
        text = slots.fill(slots.words.phrases)
    else:
        parts = (slots.words.subjects, slots.words.predicates, slots.words.adverbials)
        text = " ".join(slots.fill(part) for part in parts) + slots.chance.pick("." * 9 + "!")
    return text[0].upper() + text[1:]


def _plain(text: str) -> str:
    """Small letters without accents."""
    for whole, parts in (("ß", "ss"), ("œ", "oe"), ("æ", "ae")):
        text = text.replace(whole, parts)
    return re.sub("[^a-z0-9]", "", unicodedata.normalize("NFD", text.casefold()))


MAKERS: dict[str, Callable[[_Placeholders], str]] = {
    "numbers": _numbers, "dates": _dates, "times": _times, "amounts": _amounts, "addresses": _addresses,
    "names": _names, "phones": _phones, "emails": _emails, "words": _words, "sentences": _sentences,
}  # fmt: skip
"""What can be made, by name."""

_TH = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}

_SLOTS: dict[str, Callable[[_Placeholders], str]] = {
    "first": lambda s: s.chance.pick(s.words.first),
    "last": lambda s: s.chance.pick(s.words.last),
    "name": _names,
    "town": lambda s: s.chance.pick(s.words.towns),
    "street": lambda s: s.fill(s.words.streets),
    "n": lambda s: str(s.chance.integer(1, 10 ** s.chance.integer(1, 3))),
    "d": lambda s: str(s.date.day),
    "dd": lambda s: f"{s.date.day:02}",
    "th": lambda s: _TH.get(s.date.day, "th"),
    "m": lambda s: str(s.date.month),
    "mm": lambda s: f"{s.date.month:02}",
    "month": lambda s: s.words.months[s.date.month - 1],
    "y": lambda s: str(s.date.year),
    "yy": lambda s: f"{s.date.year % 100:02}",
    "weekday": lambda s: s.words.weekdays[s.date.weekday()],
    "date": _dates,
    "h": lambda s: str(s.chance.integer(2, 23)),
    "hh": lambda s: f"{s.chance.integer(0, 23):02}",
    "h12": lambda s: str(s.chance.integer(2, 12)),
    "half": lambda s: s.chance.pick(("am", "pm", "a.m.", "p.m.")),
    "min": lambda s: f"{s.chance.integer(0, 59):02}",
    "time": _times,
    "a": lambda s: f"{s.grouped(s.large(6))}{s.words.decimal}{s.digits('##')}",
    "w": lambda s: s.grouped(s.large(6)),
    "amount": _amounts,
    "number": lambda s: str(s.large(5)),
    "phone": _phones,
    "word": lambda s: s.chance.pick(s.words.words),
}

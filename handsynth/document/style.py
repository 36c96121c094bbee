"""Style: every dial of a page, as one TOML file or one dataclass a table."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from handsynth.errors import InputError
from handsynth.files import read_bounded
from handsynth.ink.pens import NAMES
from handsynth.provenance.exact import exact

_MAX_FILE = 2**20


def _dial(default: Any, doc: str) -> Any:
    return field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class WritingStyle:
    hand: str = _dial("", "A name from `handsynth hands`, a saved .hand file, or random; empty: the gallery's first.")
    seed: int = _dial(0, "Same seed, same writing; another seed, another one.")
    temperature: float = _dial(0.7, "How far letters are from the usual: 0 not at all, 1 as people's are.")
    variation: float = _dial(0.25, "How far copies of a letter differ: 0 not at all, 1 as if each were by another.")
    pen: str = _dial("", f"Kind of pen: {', '.join(NAMES)}; empty: the hand's own.")
    pen_width: str = _dial("", "Width of the pen, like 0.5mm, or as a share of an x-height; empty: the hand's own.")
    slant: float = _dial(0.0, "How far letters lean beside the hand's own slant, x per height: -0.5 … 0.5.")
    legibility: int = _dial(1, "Draw up to so many of each letter, and keep one that reads well.")
    missing: str = _dial("error", "For characters that cannot be drawn: error, skip or box.")
    originals: str = _dial("vary", "A learnt hand's own letters: vary, always or never.")
    recipes: str = _dial("", "A file with recipes of your own characters; empty: none.")


@dataclass(frozen=True)
class PaperStyle:
    name: str = _dial("a4", "Paper and ruling, like a4-ruled, letter, a5-dotted-landscape, card-3x5 or 210x99mm.")
    margins: str = _dial("", "One length, or four: top, right, bottom, left, like 20mm or 25,20,25,30mm.")
    pitch: str = _dial("", "Distance of the rules, like 8mm.")
    first: str = _dial("", "Height of the first rule, like 25mm; empty: as usual, or as found in the background.")
    colour: str = _dial("", "Of the sheet: a name or a value like #fffdf5; empty: the paper's own.")
    grain: float = _dial(0.0, "Fibres that show, in pictures: 0 none, 1 clearly.")
    bleed: float = _dial(0.0, "Ink that spreads into the paper, in pictures: 0 none, 1 much.")
    show_through: float = _dial(0.0, "What is on the sheet's back, seen through it, in pictures: 0 not, 1 clearly.")
    background: str = _dial("", "A picture to write on, on its own rules, instead of a sheet.")


@dataclass(frozen=True)
class TextStyle:
    size: str = _dial("", "Height of a small x, like 2.5mm; empty: as it suits the rules.")
    format: str = _dial("auto", "text or markdown; auto: by the file's ending.")
    reflow: bool = _dial(False, "Join the lines of plain text up to an empty one.")
    align: str = _dial("left", "left, right, centre or justify.")
    indent: str = _dial("0mm", "How far in the first line of a paragraph begins.")
    hyphenate: str = _dial("", "Break words by the rules of this language, like en_GB or de; empty: do not.")
    letter_spacing: float = _dial(1.0, "Space between letters, times the usual.")
    word_spacing: float = _dial(1.0, "Space between words, times the usual.")
    heading_mark: str = _dial("none", "What the pen draws at headings: none, underline or frame.")
    line_height: float = _dial(1.0, "Distance of the lines, times the usual; on rules, how large the writing is.")


@dataclass(frozen=True)
class PersonStyle:
    wander: float = _dial(1.0, "Baselines that drift and slope. For all of these: 0 none, 1 usual, 3 the most.")
    size: float = _dial(0.7, "Words that grow and shrink.")
    slant: float = _dial(0.7, "Words that lean more and less.")
    margin: float = _dial(0.5, "Lines that do not begin under each other.")
    tiring: float = _dial(0.5, "All of it growing down the page.")
    pressure: float = _dial(0.4, "Strokes that thicken and thin.")
    ink: float = _dial(0.5, "Ink that runs dry along the line, and is refreshed.")
    pool: float = _dial(0.5, "Ink that pools where strokes end.")
    slips: float = _dial(0.0, "Words struck out and written again, in per cent of the words: 0 to 10.")


@dataclass(frozen=True)
class OutputStyle:
    ink: str = _dial("#1b2440", "Colour of the ink: a name or a value like #1a2a6c.")
    ink_heading: str = _dial("", "Colour of headings; empty: as the rest.")
    ink_marked: str = _dial("#c4212b", "Colour of ==marked== words; empty: as the rest.")
    dpi: float = _dial(150.0, "Pixels per inch of pictures.")
    look: str = _dial("", "Pictures as if scanned or photographed; empty: clean.")
    look_strength: float = _dial(1.0, "How much of that look: 0 to 2.")
    title: str = _dial("", "Title of the document, for readers and screen readers.")
    language: str = _dial("en", "Language of the text, for screen readers.")
    text_layer: bool = _dial(True, "A PDF holds its text, so that it can be searched, copied and read aloud.")
    embed_text: bool = _dial(False, "Write the text into the file's metadata, too.")
    centreline: bool = _dial(False, "SVG with single strokes of a pen, one path each, in writing order.")
    outlines: bool = _dial(False, "SVG and PDF with the ink's edges, filled, instead of strokes of the pen.")


@dataclass(frozen=True)
class Style:
    """How a document is written, on what and by whom. `Style.load` reads TOML; `toml` writes it, with comments."""

    writing: WritingStyle = field(default_factory=WritingStyle)
    paper: PaperStyle = field(default_factory=PaperStyle)
    text: TextStyle = field(default_factory=TextStyle)
    person: PersonStyle = field(default_factory=PersonStyle)
    output: OutputStyle = field(default_factory=OutputStyle)

    @classmethod
    def load(cls, path: str | Path) -> Style:
        """Read a TOML style sheet; what it does not say stays as usual. Raises InputError."""
        source = Path(path)
        raw = read_bounded(source, "the style", _MAX_FILE, "give a TOML file")
        try:
            data = tomllib.loads(raw.decode("utf-8-sig"))
        except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError(f"the style {source} is not a TOML file: {error}") from error
        return cls().changed(data, f"the style {source}")

    def changed(self, tables: Mapping[str, Any], where: str = "the style") -> Style:
        """With the given values, by table and dial. Raises InputError for an unknown one or one of a wrong type."""
        result = self
        for name, values in tables.items():
            if name not in _names(self):
                raise InputError(f"{where} has no table [{name}]; known are {', '.join(_names(self))}")
            if not isinstance(values, Mapping):
                raise InputError(f"{where}: '{name}' is no table; write [{name}] and its dials below")
            table = getattr(result, name)
            clean = {dial: _value(table, dial, value, f"{where}: {name}") for dial, value in values.items()}
            result = replace(result, **{name: replace(table, **clean)})
        return result

    def set(self, pairs: Iterable[str]) -> Style:
        """With dials given as text, like `person.slips=0.5`. Raises InputError."""
        result = self
        for pair in pairs:
            path, equals, text = pair.partition("=")
            name, dot, dial = path.strip().partition(".")
            if not (equals and dot):
                raise InputError(f"--set {pair[:60]!r} is no dial; write TABLE.DIAL=VALUE, like person.slips=0.5")
            table = getattr(result, name, None) if name in _names(self) else None
            old = getattr(table, dial, None)
            result = result.changed({name: {dial: _parsed(old, text.strip(), f"--set {name}.{dial}")}}, "--set")
        return result

    def toml(self) -> str:
        """The whole style as a TOML file that explains itself."""
        parts = []
        for name in _names(self):
            table = getattr(self, name)
            rows = [f"# {f.metadata['doc']}\n{f.name} = {_toml(getattr(table, f.name))}" for f in fields(table)]
            parts.append(f"[{name}]\n" + "\n".join(rows) + "\n")
        return "\n".join(parts)

    def arguments(self) -> list[str]:
        """`--set` options that make this style from the usual one."""
        usual, result = Style(), []
        for name in _names(self):
            table, base = getattr(self, name), getattr(usual, name)
            for f in fields(table):
                value = getattr(table, f.name)
                if value != getattr(base, f.name):
                    shown = str(value).lower() if isinstance(value, bool) else str(value)
                    result += ["--set", f"{name}.{f.name}={shown}"]
        return result


def _names(style: Style) -> list[str]:
    return [f.name for f in fields(style)]


def _value(table: Any, dial: str, value: Any, where: str) -> Any:
    known = [f.name for f in fields(table)]
    if dial not in known:
        close = difflib.get_close_matches(dial, known, 2, 0.5)
        hint = f"did you mean {' or '.join(close)}?" if close else f"known are {', '.join(known)}"
        raise InputError(f"{where} has no dial {dial[:60]!r}; {hint}")
    old = getattr(table, dial)
    if isinstance(old, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if isinstance(old, str) and isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if type(old) is int and isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 20:
        value = int(value)  # of more bits than every reader of TOML keeps
    if type(value) is not type(old):
        kinds = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}
        raise InputError(f"{where}.{dial} is {str(value)[:40]!r}; give {kinds[type(old)]}")
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"{where}.{dial} is {value}; give a number")
    if isinstance(value, str) and "\0" in value:
        raise InputError(f"{where}.{dial} holds a null; give text")
    return value


def _parsed(old: Any, text: str, where: str) -> Any:
    try:
        if isinstance(old, bool):
            return {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}[text.lower()]
        return type(old)(text) if isinstance(old, int | float) else text
    except (KeyError, ValueError) as error:
        kind = "true or false" if isinstance(old, bool) else "a number" if isinstance(old, float) else "a whole number"
        raise InputError(f"{where} is {text[:40]!r}; give {kind}") from error


def _toml(value: Any) -> str:
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    value = exact(value) if isinstance(value, int) else value
    # a JSON string is a TOML basic string but for the delete character
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f") if isinstance(value, str) else repr(value)

"""Style: every dial of a page, as one TOML file or one dataclass a table."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from handsynth import dials
from handsynth.dials.renamed import EARLIER, british, current
from handsynth.errors import InputError
from handsynth.files import read_bounded, text_of
from handsynth.provenance.exact import exact

_MAX_FILE = 2**20


def _dial(name: str) -> Any:
    return field(default=dials.default(name, "style"), metadata={"dial": dials.DIALS[name]})


@dataclass(frozen=True)
class WritingStyle:
    hand: str = _dial("hand")
    seed: int = _dial("seed")
    temperature: float = _dial("temperature")
    variation: float = _dial("variation")
    joined: float = _dial("joined")
    pen: str = _dial("pen")
    pen_width: str = _dial("pen_width")
    slant: float = _dial("slant")
    legibility: int = _dial("legibility")
    missing: str = _dial("missing")
    originals: str = _dial("originals")
    recipes: str = _dial("recipes")


@dataclass(frozen=True)
class PaperStyle:
    name: str = _dial("paper.name")
    margins: str = _dial("paper.margins")
    pitch: str = _dial("paper.pitch")
    first: str = _dial("paper.first")
    colour: str = _dial("paper.colour")
    grain: float = _dial("paper.grain")
    bleed: float = _dial("paper.bleed")
    show_through: float = _dial("paper.show_through")
    background: str = _dial("paper.background")


@dataclass(frozen=True)
class TextStyle:
    size: str = _dial("text.size")
    format: str = _dial("text.format")
    reflow: bool = _dial("text.reflow")
    align: str = _dial("text.align")
    indent: str = _dial("text.indent")
    hyphenate: str = _dial("text.hyphenate")
    letter_spacing: float = _dial("letter_spacing")
    word_spacing: float = _dial("word_spacing")
    heading_mark: str = _dial("text.heading_mark")
    line_spacing: float = _dial("line_spacing")


@dataclass(frozen=True)
class PersonStyle:
    wander: float = _dial("wander")
    size: float = _dial("person.size")
    slant: float = _dial("person.slant")
    margin: float = _dial("person.margin")
    tiring: float = _dial("person.tiring")
    pressure: float = _dial("person.pressure")
    ink: float = _dial("person.ink")
    pool: float = _dial("person.pool")
    slips: float = _dial("slips")


@dataclass(frozen=True)
class OutputStyle:
    ink: str = _dial("ink")
    ink_heading: str = _dial("output.ink_heading")
    ink_marked: str = _dial("output.ink_marked")
    dpi: float = _dial("dpi")
    look: str = _dial("output.look")
    look_strength: float = _dial("output.look_strength")
    title: str = _dial("output.title")
    language: str = _dial("output.language")
    text_layer: bool = _dial("output.text_layer")
    embed_text: bool = _dial("output.embed_text")
    centreline: bool = _dial("centreline")
    outlines: bool = _dial("output.outlines")


@dataclass(frozen=True)
class PlotterStyle:
    device: str = _dial("device")
    profile: str = _dial("profile")
    optimise: bool = _dial("optimise")
    hatch: str = _dial("hatch")
    rules: bool = _dial("rules")


@dataclass(frozen=True)
class MotionStyle:
    animate: bool = _dial("animate")
    duration: float = _dial("duration")
    fps: float = _dial("fps")
    pen_shown: bool = _dial("pen_shown")


@dials.documented()
@dataclass(frozen=True)
class Style:
    """How a document is written, on what and by whom. `Style.load` reads TOML; `toml` writes it, with comments."""

    writing: WritingStyle = field(default_factory=WritingStyle)
    paper: PaperStyle = field(default_factory=PaperStyle)
    text: TextStyle = field(default_factory=TextStyle)
    person: PersonStyle = field(default_factory=PersonStyle)
    output: OutputStyle = field(default_factory=OutputStyle)
    plotter: PlotterStyle = field(default_factory=PlotterStyle)
    motion: MotionStyle = field(default_factory=MotionStyle)

    @classmethod
    def load(cls, path: str | Path) -> Style:
        """Read a TOML style sheet; what it does not say stays as usual. Raises InputError."""
        source = Path(path)
        raw = read_bounded(source, "the style", _MAX_FILE, "give a TOML file")
        import tomllib

        try:
            data = tomllib.loads(text_of(raw, f"the style {source}"))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
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
            values = _today(name, values)
            clean = {dial: _value(table, dial, value, f"{where}: {name}") for dial, value in values.items()}
            result = replace(result, **{name: replace(table, **clean)})
        return result

    def set(self, pairs: Iterable[str]) -> Style:
        """With dials given as text, like `person.slips=0.5`. Raises InputError."""
        result = self
        for pair in pairs:
            path, equals, text = pair.partition("=")
            name, dot, dial = british(path.strip()).partition(".")
            if not (equals and dot):
                raise InputError(f"--set {pair[:60]!r} is no dial; write TABLE.DIAL=VALUE, like person.slips=0.5")
            table = getattr(result, name, None) if name in _names(self) else None
            earlier = EARLIER["style"].get(f"{name}.{dial}", "").rpartition(".")[2]
            old = getattr(table, earlier or dial, None)
            result = result.changed({name: {dial: _parsed(old, text.strip(), f"--set {name}.{dial}")}}, "--set")
        return result

    def toml(self) -> str:
        """The whole style as a TOML file that explains itself."""
        parts = []
        for name in _names(self):
            table = getattr(self, name)
            rows = [f"# {f.metadata['dial'].help}\n{f.name} = {_toml(getattr(table, f.name))}" for f in fields(table)]
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


def _today(table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The dials of a table by the names of today."""
    renamed = current("style", {f"{table}.{dial}": value for dial, value in values.items()})
    return {name.removeprefix(f"{table}."): value for name, value in renamed.items()}


def _names(style: Style) -> list[str]:
    return [f.name for f in fields(style)]


def _value(table: Any, dial: str, value: Any, where: str) -> Any:
    known = {f.name: f.metadata["dial"] for f in fields(table)}
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
    if isinstance(value, str) and british(value) in known[dial].choices:
        return british(value)
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

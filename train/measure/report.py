"""A report in Markdown and JSON from the same figures."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from train.measure.bars import Bar
from train.measure.row import Row


@dataclass
class Section:
    """One measure: its title, what it is, its rows, and details for the JSON file."""

    title: str
    words: str
    rows: list[Row] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass
class MeasureReport:
    about: list[str]
    """Lines on what was measured and by what."""
    sections: list[Section]
    bars: list[Bar]
    pictures: dict[str, str] = field(default_factory=dict)
    notes: str = ""
    """Markdown by a person, at the end."""

    def markdown(self, folder: str = "pictures") -> str:
        lines = ["# Quality report", "", *(f"- {line}" for line in self.about), ""]
        if self.bars:
            lines += ["## Bars", "", "| goal | figure | reached |", "|---|---:|---|"]
            lines += [f"| {bar.goal} | {bar.figure} | {'yes' if bar.reached else '**no**'} |" for bar in self.bars]
            lines.append("")
        for section in self.sections:
            lines += [f"## {section.title}", "", section.words, ""]
            if section.rows:
                lines += ["| | value | 95 % interval | floor | ceiling |", "|---|---:|---:|---:|---:|"]
                lines += [_line(row) for row in section.rows] + [""]
            lines += [line for note in section.notes for line in (note, "")]
        for name, words in self.pictures.items():
            lines += [f"{words}:", "", f"![{words}]({folder}/{name})", ""]
        lines.append(self.notes)
        return "\n".join(lines).rstrip() + "\n"

    def json(self) -> str:
        return json.dumps(_plain(asdict(self)), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _line(row: Row) -> str:
    interval = "" if row.low is None or row.high is None else f"{_number(row.low)} … {_number(row.high)}"
    unit = f" {row.unit}" if row.unit else ""
    bounds = ("" if v is None else _number(v) for v in (row.floor, row.ceiling))
    return f"| {row.what} | {_number(row.value)}{unit} | {interval} | " + " | ".join(bounds) + " |"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else f"{value:.1f}" if size >= 10 else f"{value:.3g}"


def _plain(value: Any) -> Any:
    """JSON has no NaN, and no numpy."""
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, float) or hasattr(value, "item"):
        number = float(value)
        return round(number, 6) if math.isfinite(number) else None
    return value

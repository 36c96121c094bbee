"""A style to a plan: all that has to be known to set and draw the pages of a document."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

import numpy as np

from handsynth import dials, units
from handsynth.dials.choices import Align, Missing
from handsynth.document import background, imperfections, paper
from handsynth.document.galley import Measure
from handsynth.document.imperfections import Imperfections
from handsynth.document.pagination import EmptySheet
from handsynth.document.paper import Paper
from handsynth.document.style import Style
from handsynth.drawing.resolve import joins, resolve
from handsynth.errors import InputError, option
from handsynth.formats.look import Look
from handsynth.hands.hand import Hand
from handsynth.layout.page import Ruling
from handsynth.layout.setting import LINE_HEIGHT, Setting
from handsynth.layout.spacing import DEFAULT_GAP
from handsynth.model.model import Model
from handsynth.text.recipes import Recipes
from handsynth.units import RGBA

_SPARE = 0.08  # how much tighter than usual lines may stand before they take every second rule


@dataclass(frozen=True)
class DocumentPlan:
    """All that a worker needs to know; plain data."""

    model: str | None
    hand: Hand
    style: Style
    sheet: EmptySheet
    setting: Setting
    measure: Measure
    imperfections: Imperfections
    look: Look


def _paper(style: Style, below: str | bytes | None) -> Paper:
    given = style.paper
    margins = _margins(given.margins) if given.margins.strip() else None
    pitch = units.length_mm(given.pitch, "paper.pitch", paper.PITCHES) if given.pitch.strip() else None
    first = units.length_mm(given.first, "paper.first", (0.1, paper.SIDES[1])) if given.first.strip() else None
    colour = units.colour(given.colour, "paper.colour") if given.colour.strip() else None
    made = Paper.parse(given.name, margins=margins, pitch_mm=pitch, first_mm=first, colour=colour)
    if below:
        return background.paper(below, made, margins, pitch, first)
    if first is not None and made.ruling in ("plain", "squared", "dotted"):
        raise InputError("paper.first is the first rule of ruled paper or of a background; give one, like a4-ruled")
    return made


def _margins(text: str) -> paper.Margins:
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    unit = next((u for u in ("mm", "cm", "in", "pt") if parts[-1].endswith(u)), "mm")
    parts = [part if part[-1:].isalpha() else part + unit for part in parts]
    if len(parts) not in (1, 4):
        raise InputError(f"paper.margins {text[:40]!r} has {len(parts)} lengths; give one, or top, right, bottom, left")
    lengths = [0.0 if _zero(part) else units.length_mm(part, "paper.margins") for part in parts]
    top, right, bottom, left = lengths * 4 if len(lengths) == 1 else lengths
    return top, right, bottom, left


def _zero(text: str) -> bool:
    try:
        return float(text.rstrip("micnpt")) == 0
    except ValueError:
        return False


def planned(
    style: Style, model: Model, hand: Hand | str | Path | None, where: str | None, picture: bytes | None = None
) -> DocumentPlan:
    """The plan for `style`, by `hand` or the style's own; `where` the model is; `picture`: a file's
    bytes, in place of paper.background. Raises InputError for absurd dials."""
    below = picture or style.paper.background or None
    sheet_paper = _paper(style, below)
    text, output, writing = style.text, style.output, style.writing
    chosen = resolve(model, hand or writing.hand or None, writing.seed, writing.originals).leaning(writing.slant)
    dials.check("text.align", text.align, "text.align")
    dials.check("line_spacing", text.line_spacing, "text.line_spacing")
    amounts = _imperfections(style)
    setting = Setting(
        gap=DEFAULT_GAP if chosen.gap is None else chosen.gap,
        letter_spacing=text.letter_spacing,
        word_spacing=text.word_spacing,
        line_spacing=text.line_spacing,
        wander=style.person.wander,
        unevenness=chosen.uneven,
        key=chosen.key,
        missing=cast(Missing, writing.missing),
        recipes=Recipes.load(writing.recipes) if writing.recipes.strip() else None,
        joins=joins(model, chosen, writing.joined),
    )
    size = _size(style, sheet_paper, chosen.size)
    chosen = chosen.with_pen(units.pen_width(writing.pen_width.strip(), size), model, writing.pen.strip())
    sheet = _sheet(sheet_paper, size, text.line_spacing, blank=bool(below))
    measure_width = sheet.measure - imperfections.WIDEST_MARGIN * amounts.margin
    if measure_width < 2.0:
        raise InputError(
            f"the text would be {units.plain(max(0.0, sheet.measure * size))} mm wide "
            f"at a size of {units.plain(size)} mm; give smaller margins, a smaller size or larger paper"
        )
    indent = 0.0 if _zero(text.indent or "0") else units.length_mm(text.indent, "text.indent") / size
    if indent > measure_width - 1.0:
        raise InputError(f"text.indent is {text.indent[:30]}, as much as the text is wide; give less")
    measure = Measure(measure_width, cast(Align, text.align), indent, text.hyphenate.strip())
    look = Look(
        size / units.MM_PER_INCH * _dpi(output.dpi),
        output.dpi,
        units.colour(output.ink, "output.ink"),
        sheet_paper.colour,
        less=f"give a smaller {option('dpi')} or smaller paper",
        title=output.title or "A handwritten page",
        language=output.language,
        text_layer=output.text_layer,
        centreline=output.centreline,
        outlined=output.outlines,
        heading_ink=_ink(output.ink_heading, "output.ink_heading"),
        marked_ink=_ink(output.ink_marked, "output.ink_marked"),
        grain=style.paper.grain,
        bleed=style.paper.bleed,
        show_through=style.paper.show_through,
        background=below,
        camera=output.look,
        camera_strength=output.look_strength,
    ).told(asdict(style.plotter), asdict(style.motion))
    return DocumentPlan(where, chosen, style, sheet, setting, measure, amounts, look)


def _ink(text: str, what: str) -> RGBA | None:
    return units.colour(text, what) if text.strip() else None


def _dpi(dpi: float) -> float:
    dials.check("dpi", dpi, "output.dpi")
    return dpi


def _imperfections(style: Style) -> Imperfections:
    faults = {name: getattr(style.person, name) for name in Imperfections.__dataclass_fields__}
    for name, value in faults.items():
        dials.check(name if name in ("wander", "slips") else f"person.{name}", value, f"person.{name}")
    return Imperfections(**faults)


def _size(style: Style, sheet_paper: Paper, usual: float) -> float:
    """Height of a small x, in mm; `usual`: how large the hand writes beside others."""
    if style.text.size.strip():
        return units.length_mm(style.text.size, "text.size", (0.1, 1000.0))
    pitch = sheet_paper.pitch_mm
    grid = sheet_paper.ruling in ("squared", "dotted") and pitch < 6.5
    return usual * (1.7 if grid else 1.0) * pitch / (LINE_HEIGHT * style.text.line_spacing)


def _sheet(sheet_paper: Paper, size: float, line_spacing: float, blank: bool) -> EmptySheet:
    """The sheet, in x-heights of `size` mm; `blank`: what is printed on it is in a picture."""
    top, right, bottom, left = sheet_paper.margins
    pitch = LINE_HEIGHT * size * line_spacing
    if sheet_paper.ruling == "plain":
        first = top + 2.0 * size
        last = sheet_paper.height_mm - bottom - 0.4 * size
        slots = first + pitch * np.arange(max(0, math.floor((last - first) / pitch + 1e-9) + 1))
    else:
        every = max(1, math.ceil(pitch / sheet_paper.pitch_mm - _SPARE))
        slots = sheet_paper.baselines(every)
    return EmptySheet(
        sheet_paper.width_mm / size,
        sheet_paper.height_mm / size,
        left / size,
        (sheet_paper.width_mm - left - right) / size,
        slots / size,
        Ruling() if blank else paper.ruling_of(sheet_paper, size),
    )

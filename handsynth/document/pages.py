"""Documents: a text and a Style to Pages, and Pages to files, however many there are."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import numpy as np

from handsynth import units
from handsynth.document import blocks, paper, person
from handsynth.document.blocks import Block
from handsynth.document.galley import ALIGN, Draft, Galley, Manner, Measure, drafts, set_drafts
from handsynth.document.pagination import Sheet, paginate
from handsynth.document.paper import Paper
from handsynth.document.style import Style
from handsynth.drawing import draw
from handsynth.drawing.resolve import resolve
from handsynth.errors import InputError
from handsynth.files import atomic_path, atomic_paths
from handsynth.formats import FORMATS, check_path, unshown
from handsynth.formats.look import Look
from handsynth.formats.picture import RASTER, check_name
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout.page import Page
from handsynth.layout.setting import LINE_HEIGHT, Setting
from handsynth.layout.spacing import DEFAULT_GAP
from handsynth.layout.typeset import Scribe
from handsynth.model.model import Model
from handsynth.provenance.facts import facts
from handsynth.text.charset import Charset, Missing, Reading, Report
from handsynth.text.recipes import Recipes
from handsynth.units import RGBA
from handsynth.workers import Crew

MARKDOWN = (".md", ".markdown")
"""File endings of Markdown."""

PIXELS = tuple(suffix for suffix in FORMATS if suffix in (*RASTER, ".tif", ".tiff"))
"""File endings of pictures."""

BATCH = 1000
"""Glyphs that are set at a time, about."""

BLANK_BACK = "the back of the last page is blank, so nothing shows through it"
"""What is said where it is so."""

_SPARE = 0.08  # how much tighter than usual lines may stand before they take every second rule


@dataclass(frozen=True)
class Plan:
    """All that a worker needs to know; plain data."""

    model: str | None
    hand: Hand
    style: Style
    sheet: Sheet
    setting: Setting
    measure: Measure
    manner: Manner
    look: Look


class PageWorker:
    """Sets drafts and draws pages."""

    def __init__(self, plan: Plan, model: Model | None = None) -> None:
        self.plan = plan
        self.model = model or Model.open(plan.model, threads=1)
        self.scribe = scribe(plan, self.model)

    def do(self, job: str, item: Any) -> Any:
        if job == "set":
            return set_drafts(self.scribe, item, self.plan.measure, self.plan.manner)
        return FORMATS[job].part(item, self.plan.look)


def scribe(plan: Plan, model: Model) -> Scribe:
    writing = plan.style.writing

    def pen(index: np.ndarray, places: np.ndarray) -> Glyphs:
        return draw.glyphs(
            model, plan.hand, index, places, writing.seed,
            temperature=writing.temperature, variation=writing.variation, legibility=writing.legibility,
        )  # fmt: skip

    seed = plan.hand.seed(writing.seed)
    return Scribe(pen, model.repertoire, model.frame, seed, plan.setting, model.card.bearings)


class Document:
    """A text to be written as pages.

        document = Document("Dear Ada,\\n…", Style().set(["paper.name=a4-ruled"]))
        document.write("letter.pdf")

    Raises HandsynthError (InputError, MissingCharacterError) for what cannot be written, before any work.
    """

    def __init__(
        self,
        text: str,
        style: Style | None = None,
        *,
        hand: Hand | None = None,
        model: Model | str | Path | None = None,
        markdown: bool = False,
    ) -> None:
        if not isinstance(text, str):
            raise InputError(f"the text is a {type(text).__name__}; give a str")
        self.text, self.style = text, style or Style()
        self.model = model if isinstance(model, Model) else Model.open(model)
        self.markdown = {"auto": markdown, "markdown": True, "text": False}.get(self.style.text.format)
        if self.markdown is None:
            raise InputError(f"text.format is {self.style.text.format[:30]!r}; give auto, text or markdown")
        path = model if isinstance(model, str | Path) else self.model.where if isinstance(model, Model) else None
        self.plan = _plan(self.style, self.model, hand, None if path is None else str(path))
        self._checked = self._check()
        self.blank_back = False
        """Whether the last page drawn had nothing on its back, where backs are to be seen."""

    @property
    def report(self) -> Report:
        """What is not drawn as it was written."""
        report = self._checked.report
        if self.markdown:
            report = replace(report, unshown=(*report.unshown, *blocks.unsupported(self.text)))
        return report

    def unshown(self, suffix: str) -> list[str]:
        """What files that end in `suffix` cannot show, lines for a person."""
        return unshown(self.plan.hand.pen_kind, suffix, self.plan.look)

    def blocks(self) -> Iterator[Block]:
        if self.markdown:
            return blocks.headed(blocks.markdown(self.text), self.style.text.heading_mark)
        return blocks.plain(self.text, self.style.text.reflow)

    def pages(self, workers: int = 1, progress: Callable[[int, int], None] | None = None) -> Iterator[Page]:
        """The pages one by one; no more than a few are in memory. `progress` gets characters done and in all."""
        with self._crew(workers) as crew:
            yield from self._sheets(self._pages(crew, progress))

    def write(
        self,
        path: str | Path,
        *,
        workers: int = 1,
        command: list[str] | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> list[Path]:
        """Write all pages; returns the files that were written.

        A format of single pages gets a file a page if there are several: letter-001.png, letter-002.png … `command`:
        arguments that made it, for its metadata. Raises HandsynthError; then no page takes its place.
        """
        check_name(path)
        target, form = Path(path), check_path(path)
        suffix = target.suffix.lower()
        self.check_format(suffix)
        self.plan = replace(self.plan, look=replace(self.plan.look, facts=self.made_by(command)))
        with self._crew(workers) as crew:
            parts = crew.map(suffix, self._sheets(self._pages(crew, progress)))
            if form.many:
                with atomic_path(target) as temporary, temporary.open("w+b") as file:
                    form.join(parts, file, self.plan.look)
                return [target]
            return self._single(parts, target, form.join)

    def _single(self, parts: Iterator[Any], target: Path, join: Callable[..., None]) -> list[Path]:
        with atomic_paths(target) as (folder, paths):
            for number, part in enumerate(parts):
                with (folder / str(number)).open("w+b") as file:
                    join(iter([part]), file, self.plan.look)
                paths.append(_numbered(target, number + 1))
            if len(paths) == 1:
                paths[0] = target
            return list(paths)

    def _crew(self, workers: int) -> Crew:
        model = self.model if workers == 1 else None
        return Crew(lambda plan: PageWorker(plan, model), self.plan) if model else Crew(PageWorker, self.plan, workers)

    def _pages(self, crew: Crew, progress: Callable[[int, int], None] | None) -> Iterator[Page]:
        done = 0

        def watched() -> Iterator[Block]:
            nonlocal done
            for block in self.blocks():
                done += len(block.text) + 1
                yield block
                if progress:
                    progress(min(done, len(self.text)), len(self.text))

        plan = self.plan
        reading = self._reading()
        read = drafts(watched(), reading, plan.style.writing.seed, plan.measure, plan.manner)
        galleys: Iterator[Galley] = (galley for part in crew.map("set", _batches(read)) for galley in part)
        yield from paginate(galleys, plan.sheet, scribe(plan, self.model), plan.manner)

    def _sheets(self, pages: Iterator[Page]) -> Iterator[Page]:
        """`pages`, each with what is on its back if that is seen: sheets are written on both sides."""
        if not self.style.paper.show_through:
            yield from pages
            return
        self.blank_back = False
        for front in pages:
            back = next(pages, None)
            if back is None:
                self.blank_back = True
                yield front
            else:
                yield from (replace(front, behind=back), replace(back, behind=front))

    def _reading(self) -> Reading:
        return Reading(Charset(self.model.repertoire, self.plan.setting.recipes), self.plan.setting.missing)

    def _check(self) -> Reading:
        """Read the whole text once; raises for what cannot be written."""
        reading = self._reading()
        ink = False
        for block in self.blocks():
            items = reading.add(block.text, block.line, block.column)
            ink = ink or block.kind == "rule" or any(item.kind in ("glyph", "box") for item in items)
        if reading.missing == "error":
            reading.refuse()
        if not ink:
            raise InputError("there is nothing to write: the text has no character that leaves ink; give some text")
        return reading

    def check_format(self, suffix: str) -> None:
        """Raises InputError for dials that mean nothing in files that end in `suffix`."""
        paper, output = self.style.paper, self.style.output
        asked = {
            "output.look": output.look, "paper.grain": paper.grain, "paper.background": paper.background,
            "paper.bleed": paper.bleed, "paper.show_through": paper.show_through,
        }  # fmt: skip
        for dial, value in asked.items():
            if value and suffix not in PIXELS:
                raise InputError(f"{dial} is made of pixels, which {suffix} has none of; write {', '.join(PIXELS)}")

    def made_by(self, command: list[str] | None) -> dict[str, str]:
        """What made the pages, for their files; `command`: the arguments that ask for them."""
        writing, output = self.style.writing, self.style.output
        made = facts(
            self.model, self.plan.hand.name, writing.seed, writing.temperature, writing.legibility, writing.variation
        )
        if command:
            made["Command"] = json.dumps(command, ensure_ascii=False)
        if output.embed_text:
            made["Text"] = self.text
        return made


def _numbered(target: Path, number: int) -> Path:
    return target.with_name(f"{target.stem}-{number:03d}{target.suffix}")


def stale(target: Path, written: list[Path]) -> list[Path]:
    """Pages of an earlier, longer document beside those that were `written` for `target`, in order."""
    number = len(written) + 1 if len(written) > 1 else 1
    found = [target] if len(written) > 1 and target.is_file() else []
    while (path := _numbered(target, number)).is_file():
        found.append(path)
        number += 1
    return found


def _batches(read: Iterator[Draft]) -> Iterator[list[Draft]]:
    held: list[Draft] = []
    size = 0
    for draft in read:
        held.append(draft)
        size += len(draft.script.items) if draft.script else 0
        if size >= BATCH:
            yield held
            held, size = [], 0
    if held:
        yield held


def _paper(style: Style) -> Paper:
    given = style.paper
    margins = _margins(given.margins) if given.margins.strip() else None
    pitch = units.length_mm(given.pitch, "paper.pitch", paper.PITCHES) if given.pitch.strip() else None
    colour = units.colour(given.colour, "paper.colour") if given.colour.strip() else None
    return Paper.parse(given.name, margins=margins, pitch_mm=pitch, colour=colour)


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


def _plan(style: Style, model: Model, hand: Hand | None, where: str | None) -> Plan:
    sheet_paper = _paper(style)
    text, output, writing = style.text, style.output, style.writing
    chosen = resolve(model, hand or writing.hand or None, writing.seed, writing.originals).leaning(writing.slant)
    if text.align not in ALIGN:
        raise InputError(f"text.align is {text.align[:30]!r}; give {', '.join(ALIGN)}")
    setting = Setting(
        gap=DEFAULT_GAP if chosen.gap is None else chosen.gap,
        letter_spacing=text.letter_spacing,
        word_spacing=text.word_spacing,
        line_spacing=text.line_height,
        wander=style.person.wander,
        missing=cast(Missing, writing.missing),
        recipes=Recipes.load(writing.recipes) if writing.recipes.strip() else None,
    )
    if not 0.5 <= text.line_height <= 20:
        raise InputError(f"text.line_height is {units.plain(text.line_height)}; give 0.5 to 20")
    manner = _manner(style)
    size = _size(style, sheet_paper)
    chosen = chosen.with_pen(units.pen_width(writing.pen_width.strip(), size), model, writing.pen.strip())
    sheet = _sheet(sheet_paper, size, text.line_height)
    measure_width = sheet.measure - person.WIDEST_MARGIN * manner.margin
    if measure_width < 2.0:
        raise InputError(
            f"the text would be {units.plain(max(0.0, sheet.measure * size))} mm wide "
            f"at a size of {units.plain(size)} mm; give smaller margins, a smaller size or larger paper"
        )
    indent = 0.0 if _zero(text.indent or "0") else units.length_mm(text.indent, "text.indent") / size
    if indent > measure_width - 1.0:
        raise InputError(f"text.indent is {text.indent[:30]}, as much as the text is wide; give less")
    measure = Measure(measure_width, text.align, indent, text.hyphenate.strip())
    look = Look(
        size / units.MM_PER_INCH * _dpi(output.dpi),
        output.dpi,
        units.colour(output.ink, "output.ink"),
        sheet_paper.colour,
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
        background=style.paper.background or None,
        camera=output.look,
        camera_strength=output.look_strength,
    )
    return Plan(where, chosen, style, sheet, setting, measure, manner, look)


def _ink(text: str, what: str) -> RGBA | None:
    return units.colour(text, what) if text.strip() else None


def _dpi(dpi: float) -> float:
    if not (math.isfinite(dpi) and 1 <= dpi <= 9600):
        raise InputError(f"output.dpi is {units.plain(dpi)}; give a number from 1 to 9600")
    return dpi


def _manner(style: Style) -> Manner:
    dials = {name: getattr(style.person, name) for name in Manner.__dataclass_fields__}
    for name, value in dials.items():
        most = 100 if name == "slips" else 3
        if not 0 <= value <= most:
            raise InputError(f"person.{name} is {units.plain(value)}; give a number from 0 to {most}")
    return Manner(**dials)


def _size(style: Style, sheet_paper: Paper) -> float:
    """Height of a small x, in mm."""
    if style.text.size.strip():
        return units.length_mm(style.text.size, "text.size", (0.1, 1000.0))
    pitch = sheet_paper.pitch_mm
    grid = sheet_paper.ruling in ("squared", "dotted") and pitch < 6.5
    return (1.7 if grid else 1.0) * pitch / (LINE_HEIGHT * style.text.line_height)


def _sheet(sheet_paper: Paper, size: float, line_height: float) -> Sheet:
    top, right, bottom, left = sheet_paper.margins
    pitch = LINE_HEIGHT * size * line_height
    if sheet_paper.ruling == "plain":
        first = top + 2.0 * size
        last = sheet_paper.height_mm - bottom - 0.4 * size
        slots = first + pitch * np.arange(max(0, math.floor((last - first) / pitch + 1e-9) + 1))
    else:
        every = max(1, math.ceil(pitch / sheet_paper.pitch_mm - _SPARE))
        slots = sheet_paper.baselines(every)
    return Sheet(
        sheet_paper.width_mm / size,
        sheet_paper.height_mm / size,
        left / size,
        (sheet_paper.width_mm - left - right) / size,
        slots / size,
        paper.ground(sheet_paper, size),
    )

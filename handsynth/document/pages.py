"""Documents: a text and a Style to Pages, and Pages to files, however many there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from handsynth.arrays import Floats
from handsynth.document import blocks
from handsynth.document.blocks import Block
from handsynth.document.galley import Draft, Galley, drafts, set_drafts
from handsynth.document.memo import Memo
from handsynth.document.pagination import paginate
from handsynth.document.plan import DocumentPlan, planned
from handsynth.document.style import Style
from handsynth.drawing import draw
from handsynth.errors import InputError
from handsynth.files import atomic_path, atomic_paths
from handsynth.formats import FORMATS, check_kind, check_path, find, unshown
from handsynth.formats.picture import RASTER, Picture, check_name
from handsynth.formats.raster import paint
from handsynth.hands.hand import Hand
from handsynth.ink.glyph import Glyphs
from handsynth.layout.page import Page
from handsynth.layout.typeset import Typesetter
from handsynth.model.model import Model, opened
from handsynth.provenance.metadata import metadata
from handsynth.text.charset import Reading, Report
from handsynth.workers import Do, JobRunner, in_order

MARKDOWN = (".md", ".markdown")
"""File endings of Markdown."""

PIXELS = tuple(suffix for suffix in FORMATS if suffix in (*RASTER, ".tif", ".tiff"))
"""File endings of pictures."""

PICTURED = (".pdf", ".svg")
"""File endings of vectors that hold pictures, too."""

PIXEL_DIALS = {
    "output.look": "camera", "paper.grain": "grain", "paper.bleed": "bleed", "paper.show_through": "show_through",
}  # fmt: skip
"""Dials that are made of pixels, and what a Look calls them."""

BATCH = 1000
"""Glyphs that are set at a time, about."""

BLANK_BACK = "the back of the last page is blank, so nothing shows through it"
"""What is said where it is so."""


def page_worker(plan: DocumentPlan, model: Model | None = None, memo: tuple[Memo, str] | None = None) -> Do:
    """What sets drafts ("lines") and draws pages ("page.pdf"), in a process of its own where no model is given."""
    opened = model or Model.open(plan.model, threads=1)
    sets = typesetter(plan, opened)

    def galleys(batch: Sequence[Draft]) -> list[Galley]:
        return set_drafts(sets, batch, plan.measure, plan.imperfections)

    def do(job: str, item: Any) -> Any:
        if job != "lines":
            return find(job).part(item, plan.look)
        return memo[0].set(memo[1], item, galleys) if memo else galleys(item)

    return do


def typesetter(plan: DocumentPlan, model: Model) -> Typesetter:
    writing = plan.style.writing

    def pen(index: np.ndarray, places: np.ndarray, *, contexts: Floats | None = None) -> Glyphs:
        return draw.glyphs(
            model, plan.hand, index, places, writing.seed,
            temperature=writing.temperature, variation=writing.variation, legibility=writing.legibility,
            contexts=contexts,
        )  # fmt: skip

    seed = plan.hand.seed(writing.seed)
    return Typesetter(pen, model.repertoire, model.frame, seed, plan.setting, model.card.bearings)


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
        hand: Hand | str | Path | None = None,
        model: Model | str | Path | None = None,
        markdown: bool = False,
        background: bytes | None = None,
        memo: tuple[Memo, str] | None = None,
    ) -> None:
        """`hand` and `model` as in `render`; a hand that is given goes before the style's. `background`: a picture file
        to write on, as bytes, in place of `paper.background`. `memo`: where blocks are kept that were set before with
        the same model, hand and style, which the string stands for."""
        if not isinstance(text, str):
            raise InputError(f"the text is a {type(text).__name__}; give a str")
        self.text, self.style, self.memo = text, style or Style(), memo
        self.model = opened(model)
        self.markdown = {"auto": markdown, "markdown": True, "text": False}.get(self.style.text.format)
        if self.markdown is None:
            raise InputError(f"text.format is {self.style.text.format[:30]!r}; give auto, text or markdown")
        path = model if isinstance(model, str | Path) else self.model.where if isinstance(model, Model) else None
        self.plan = planned(self.style, self.model, hand, None if path is None else str(path), background)
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
        lines = unshown(self.plan.hand.pen_kind, suffix, self.plan.look)
        dials = self._of_pixels()
        if dials and suffix in PICTURED:
            lines.append(f"each page is a picture in {suffix}, of {self.plan.look.dpi:g} dpi, because of {dials[0]}")
        return lines

    def blocks(self) -> Iterator[Block]:
        if self.markdown:
            return blocks.headed(blocks.markdown(self.text), self.style.text.heading_mark)
        return blocks.plain(self.text, self.style.text.reflow)

    def pages(self, workers: int = 1, progress: Callable[[int, int], None] | None = None) -> Iterator[Page]:
        """The pages one by one; no more than a few are in memory. `progress` gets characters done and in all."""
        with self._workers(workers) as run:
            yield from self._sheets(self._pages(run, progress))

    def pictures(self, workers: int = 1) -> Iterator[Picture]:
        """The pages one by one as pictures. Raises HandsynthError."""
        look = replace(self.plan.look, metadata=self.made_by(None))
        return (paint(page, look) for page in self.pages(workers))

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
        self.plan = replace(self.plan, look=replace(self.plan.look, metadata=self.made_by(command)))
        with self._workers(workers) as run:
            parts = run(f"page{suffix}", self._sheets(self._pages(run, progress)))
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

    def _workers(self, workers: int) -> AbstractContextManager[JobRunner]:
        if workers != 1:
            return in_order(partial(page_worker, self.plan), workers)
        return in_order(lambda: page_worker(self.plan, self.model, self.memo))

    def _pages(self, run: JobRunner, progress: Callable[[int, int], None] | None) -> Iterator[Page]:
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
        read = drafts(watched(), reading, plan.style.writing.seed, plan.measure, plan.imperfections)
        galleys: Iterator[Galley] = (galley for part in run("lines", _batches(read)) for galley in part)
        yield from paginate(galleys, plan.sheet, typesetter(plan, self.model), plan.imperfections)

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
        return Reading(self.model.repertoire, self.plan.setting.missing, self.plan.setting.recipes)

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
        asked = self._of_pixels() + (["paper.background"] if self.plan.look.background else [])
        if asked and suffix not in (*PIXELS, *PICTURED):
            raise InputError(f"{asked[0]} is made of pixels, which {suffix} has none of; write {', '.join(PIXELS)}")
        if asked and suffix == ".svg" and self.plan.look.centreline:
            raise InputError(f"{asked[0]} is made of pixels, and centre lines are for plotters; leave one of them out")
        check_kind(suffix, self.plan.look)

    def _of_pixels(self) -> list[str]:
        """Dials in force that need the ink as pixels."""
        return [dial for dial, name in PIXEL_DIALS.items() if getattr(self.plan.look, name)]

    def made_by(self, command: list[str] | None) -> dict[str, str]:
        """What made the pages, for their files; `command`: the arguments that ask for them."""
        writing, output = self.style.writing, self.style.output
        made = metadata(
            self.model,
            self.plan.hand.name,
            writing.seed,
            writing.temperature,
            writing.legibility,
            writing.variation,
            writing.joined,
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

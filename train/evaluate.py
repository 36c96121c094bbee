"""The quality of a model, or of anybody's pictures of characters, beside real writing by people never seen.

Every part is a function of (model, data, reader, seed) alone; the report has no date, so it can be made again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from handsynth.errors import InputError
from handsynth.files import atomic_folder
from train.data.dataset import Dataset
from train.measure import pictures
from train.measure.bars import bars
from train.measure.bench import Bench, Effort
from train.measure.cas import classification
from train.measure.company import company
from train.measure.distance import distances
from train.measure.diversity import variety
from train.measure.ink import sharpness
from train.measure.likelihood import likelihoods
from train.measure.outsider import by_outsider
from train.measure.reading import LEAST, open_judge, open_outsider
from train.measure.recognise import recognisability
from train.measure.report import MeasureReport, Section
from train.measure.retrieval import hands
from train.measure.structure import structure
from train.measure.subject import open_subject
from train.reader import is_font

PARTS: tuple[tuple[str, Callable[[Bench], Section]], ...] = (
    ("recognisability", recognisability),
    ("by an outsider", by_outsider),
    ("train on samples, test on real", classification),
    ("distances", distances),
    ("sharpness", sharpness),
    ("structure", structure),
    ("variety", variety),
    ("one hand, one writer", hands),
    ("ten hands, ten people", company),
    ("likelihood", likelihoods),
)


def evaluate(
    model: Path | None, data: Path, *, output: Path | None = None, reader: Path | None = None,
    judge: Path | None = None, baselines: list[Path] | None = None, effort: Effort | None = None, seed: int = 0,
    least: float = LEAST, notes: Path | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> MeasureReport:  # fmt: skip
    """Measure `model` (a folder; None: the shipped one) and write report.md, report.json and pictures/ into `output`.

    `reader` lends most measures its features; `judge` is the classifier of `train.judge` that the model never met.
    Without `output` only recognisability is measured. `notes` is a Markdown file that the report ends with. `say` is
    told what goes on. Raises InputError or DataError where something does not fit, before anything is written.
    """
    dataset, effort = Dataset.open(data), effort or Effort()
    if output is not None and output.exists():
        raise InputError(f"{output} exists; choose another folder for the report")
    words = ""
    if notes is not None:
        try:
            words = notes.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"cannot read the notes {notes}: {error}") from error
    with tempfile.TemporaryDirectory() as scratch:
        subject = open_subject(model, dataset, Path(scratch) / "a")
        reading = open_judge(dataset, reader, subject.model, least)
        outsider = open_outsider(dataset, judge, least) if judge is not None else None
        others = [open_subject(path, dataset, Path(scratch) / f"b{i}") for i, path in enumerate(baselines or [])]
    bench = Bench(subject, reading, dataset, effort, seed, say, others, outsider=outsider)
    sections = []
    for name, part in PARTS if output is not None else PARTS[: 1 if outsider is None else 2]:
        began = time.monotonic()
        sections.append(part(bench))
        say(f"{name}: {time.monotonic() - began:.0f} s")
    if subject.model is not None:
        bench.found["size"] = subject.size
    about = [
        f"Measured: {'model' if subject.model else 'pictures'} {subject.name!r}"
        + (f" (hash {subject.sha256[:16]})" if subject.sha256 else "")
        + f", {subject.size:.2f} MiB.",
        f"Reader: {reading.what}; sha256 {reading.sha256[:16]}. It reads {reading.glyphs:,} hand-checked characters of "
        f"{reading.writers} writers it never saw: {reading.strict:.1f} % right, {reading.merged:.1f} % case-merged.",
        "No judge that the model never met was given: the reader has filtered its training labels, so it flatters."
        if outsider is None
        else f"Judge that the model never met: {outsider.what}; sha256 {outsider.sha256[:16]}; "
        f"{outsider.strict:.1f} % right, {outsider.merged:.1f} % case-merged.",
        f"Test glyphs: {len(bench.codes):,} of {len(np.unique(bench.writers))} writers that training never saw, at "
        f"most 300 each. Training writers for floors: {len(np.unique(dataset.writers[bench.people])):,}, "
        f"{int((~is_font(dataset))[bench.people].sum()):,} glyphs.",
        f"Made by `python -m train evaluate`, seed {seed}"
        + ("." if effort == Effort() else ", with less effort than usual."),
    ]
    report = MeasureReport(about, sections, bars(bench.found) if output is not None else [], notes=words)
    if output is None:
        return report
    with atomic_folder(output) as folder:
        (folder / "pictures").mkdir()
        if subject.model is not None:
            images = np.asarray(dataset.images[bench.test])
            report.pictures = pictures.all_pictures(
                subject.model, bench.real, images, bench.codes, bench.writers, folder / "pictures", seed
            )
        (folder / "report.md").write_text(report.markdown(), "utf-8")
        (folder / "report.json").write_text(report.json(), "utf-8")
    return report


def with_each(effort: Effort, each: int) -> Effort:
    """The same effort with another number of samples of a class (0: as it is)."""
    return replace(effort, each=each) if each else effort

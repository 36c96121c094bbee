"""What a judge says that the model never met: are samples read, and how far do they lie from real writing?

The reader of the other sections has filtered the training labels, and a critic may have begun with its features, so it
sees its own taste again. This one has had no part in the model.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from train.measure.bench import Bench
from train.measure.distance import compare, frechet, worst_classes
from train.measure.reading import Judge, real_ink
from train.measure.recognise import blurred, recognise
from train.measure.report import Section
from train.measure.row import Row, balanced, balanced_of, bootstrap
from train.measure.subject import as_rendered

TITLE = "By a judge that the model never met"
TEMPERATURES = (0.7, 1.0)
"""That of `render`, and the whole of the prior."""


def by_outsider(bench: Bench) -> Section:
    """Recognition and Fréchet distance by `bench.outsider`."""
    judge = bench.outsider
    if judge is None:
        return Section(TITLE, "Not measured: give a judge made by `python -m train judge` with --judge.")
    known = np.isin(bench.codes, [ord(c) for c in judge.chars])
    real, codes, writers = bench.real[known], bench.codes[known], bench.writers[known]
    rows, classes = recognise(bench.subject, judge, real, codes, writers, bench.effort.each, bench.seed, TEMPERATURES)
    titles = {"real": "real writing"} | {f"{t:g}": f"samples, temperature {t:g}" for t in TEMPERATURES}
    for row in rows:
        for key, title in titles.items():
            if row.what == f"{title}, case-merged":
                bench.found[f"judge merged {key}"] = row.value
    if bench.subject.model is not None:
        rows += _rendered(bench, judge, [row for row in rows if row.what.startswith("real writing,")])
    far, worst, usual = _distances(bench, judge, known)
    lowest = sorted(classes, key=lambda c: classes[c]["samples"] - classes[c]["real"])[:10]
    notes = [
        "Read worst beside real writing, temperature 1: "
        + ", ".join(f"`{c}` {classes[c]['samples']:.0f} % (real {classes[c]['real']:.0f} %)" for c in lowest) + ".",
        "Furthest from real in their mean, in spreads of the class (floor in brackets): "
        + ", ".join(f"`{c}` {v:.2f} ({usual.get(c, float('nan')):.2f})" for c, v in worst.items()) + ".",
    ]  # fmt: skip
    words = (
        f"{judge.what}; sha256 {judge.sha256[:16]}. It reads {judge.merged:.1f} % of {judge.glyphs:,} hand-checked "
        f"characters of {judge.writers} unseen writers case-merged, {judge.strict:.1f} % strictly. No loss, critic, "
        "filter, legibility dial or choice of a checkpoint has seen it. Recognition and the Fréchet distance as in the "
        "sections of the reader, with this judge's readings and features; the floor is as many glyphs of the same "
        "classes by training writers. As rendered: every class by each of as many hands as `render --hand random` "
        "draws them, whose letter forms the model's own reader has chosen; intervals over hands."
    )
    details = {"classes": classes, "worst classes": worst}
    return Section(TITLE, words, rows + far, details, notes)


def _rendered(bench: Bench, judge: Judge, real: list[Row]) -> list[Row]:
    """Rows of how random hands are read as `render` draws them by default; `real` are the floors."""
    model, hands = bench.subject.model, bench.effort.each
    assert model is not None
    chars = [c for c in judge.chars if c in model.charset]
    codes, hand = np.array([ord(c) for c in chars] * hands), np.repeat(np.arange(hands), len(chars))
    right = judge.right(judge.read(as_rendered(model, chars, hands, bench.seed))[0], codes).astype(float)
    rows = []
    for kind, name in enumerate(("strict", "case-merged")):
        floor = next((row.value for row in real if row.what == f"real writing, {name}"), None)
        value, draws = 100 * balanced(right[kind], codes), bench.effort.draws
        low, high = bootstrap(balanced_of(right[kind], codes), hand, draws)
        rows.append(Row(f"as rendered, {name}", value, 100 * low, 100 * high, floor=floor, unit="%"))
    bench.found["judge merged rendered"] = rows[-1].value
    return rows


def _distances(bench: Bench, judge: Judge, known: np.ndarray) -> tuple[list[Row], dict[str, float], dict[str, float]]:
    """Rows of the Fréchet distance, the classes furthest from real, and how far those of other writers are."""
    splits, seed = bench.effort.splits, bench.seed
    codes, writers, real = bench.codes[known], bench.writers[known], judge.read(bench.real[known])[1]
    sets = {
        "real writing by other writers (floor)": judge.read(real_ink(bench.data, bench.others[known]))[1],
        "samples": judge.read(bench.drawn[known])[1],
    }
    if bench.subject.model is not None:
        cooler = bench.subject.draw(codes, TEMPERATURES[0], bench.seed)
        sets[f"samples, temperature {TEMPERATURES[0]:g}"] = judge.read(cooler)[1]
    for base in bench.baselines:
        sets[f"baseline `{base.name}`"] = judge.read(base.draw(codes, 1.0, seed))[1]
    sets["real writing, blurred (ceiling)"] = judge.read(blurred(bench.real[known]))[1]
    values = {name: float(np.mean(compare(real, part, splits, seed, False)["fd"])) for name, part in sets.items()}
    floor, ceiling = (values[name] for name in (next(iter(sets)), list(sets)[-1]))

    def statistic(rows: np.ndarray) -> float:
        rows = rows[:: max(1, len(rows) // 2000)]
        return frechet(real[rows], sets["samples"][rows])

    low, high = bootstrap(statistic, writers, bench.effort.draws)
    half = (high - low) / 2  # writers drawn twice bias the draws, not their spread
    rows = []
    for name, value in values.items():
        ours = name.startswith(("samples", "baseline"))
        spread = (value - half, value + half) if name == "samples" else (None, None)
        bounds: dict[str, Any] = {"floor": floor, "ceiling": ceiling} if ours else {}
        rows.append(Row(f"Fréchet distance, {name}", value, *spread, **bounds))
    for name in sets:
        if name.startswith(("samples", "baseline")):
            rows.append(Row(f"Fréchet distance / floor, {name}", values[name] / max(1e-9, floor), floor=1.0))
    bench.found |= {"judge fd": values["samples"], "judge fd floor": floor}
    worst = worst_classes(real, sets["samples"], codes)
    return rows, worst, worst_classes(real, sets["real writing by other writers (floor)"], codes, 100)

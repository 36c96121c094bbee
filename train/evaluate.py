"""The quality of a model, or of anybody's pictures of characters, beside real writing by people never seen.

Every part is a function of (model, data, reader, seed) alone; the report has no date, so it can be made again.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from handsynth.errors import InputError
from handsynth.files import atomic_folder
from train.data.dataset import Dataset
from train.measure import cas, distance, diversity, ink, likelihood, pictures, retrieval
from train.measure.bars import bars
from train.measure.reading import LEAST, Judge, open_judge, real_ink
from train.measure.recognise import blurred, recognise
from train.measure.report import Report, Section
from train.measure.row import Row, bootstrap
from train.measure.subject import Subject, open_subject
from train.reader import is_font, unseen_rows


@dataclass(frozen=True)
class Effort:
    """How much of each measure."""

    each: int = 100
    splits: int = 10
    seeds: int = 3
    epochs: int = 12
    rounds: int = 8
    likelihoods: int = 2000
    samples: int = 64
    draws: int = 200

    @classmethod
    def quick(cls) -> Effort:
        return cls(each=30, splits=2, seeds=1, epochs=3, rounds=2, likelihoods=100, samples=8, draws=40)


@dataclass
class Bench:
    """All that the parts share: who is measured, who judges, and real glyphs with their features."""

    subject: Subject
    judge: Judge
    data: Dataset
    effort: Effort
    seed: int
    say: Callable[[str], None]
    baselines: list[Subject] = field(default_factory=list)
    found: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        chars = "".join(c for c in self.judge.chars if c in self.subject.chars)
        if len(chars) < 2:
            raise InputError(
                f"{self.subject.name} draws fewer than two of the letters and digits that the reader knows"
            )
        self.test = unseen_rows(self.data, chars=chars)
        if len(self.test) < 20:
            raise InputError(
                f"{self.data.path} has only {len(self.test)} test glyphs of these characters; prepare more"
            )
        self.codes = np.asarray(self.data.codepoints)[self.test]
        self.writers = np.asarray(self.data.writers)[self.test]
        self.real = real_ink(self.data, self.test)
        self.real_features = self.judge.read(self.real)[1]
        people = unseen_rows(self.data, split=0, chars=chars)
        self.people = people[np.isin(self.data.codepoints[people], np.unique(self.codes))]
        # as many by other writers, of the same classes
        random = np.random.Generator(np.random.Philox(key=self.seed))
        by = {int(c): self.people[self.data.codepoints[self.people] == c] for c in np.unique(self.codes)}
        usable = np.array([len(by[int(c)]) > 0 for c in self.codes])
        if not usable.all():  # no one else wrote these
            for name in ("test", "codes", "writers", "real", "real_features"):
                setattr(self, name, getattr(self, name)[usable])
        self.others = np.array([random.choice(by[int(c)]) for c in self.codes])
        self.other_features = self.judge.read(real_ink(self.data, self.others))[1]
        self.drawn = self.subject.draw(self.codes, 1.0, self.seed)
        self.drawn_features = self.judge.read(self.drawn)[1]


def recognisability(bench: Bench) -> Section:
    rows, classes = recognise(
        bench.subject, bench.judge, bench.real, bench.codes, bench.writers, bench.effort.each, bench.seed
    )
    for row in rows:
        for key, title in (
            ("real", "real writing"),
            ("0.7", "samples, temperature 0.7"),
            ("1", "samples, temperature 1"),
        ):
            if row.what == f"{title}, case-merged":
                bench.found[f"merged {key}"] = row.value
    worst = sorted(classes, key=lambda c: classes[c]["samples"])[:8]
    note = "Read worst at temperature 1: " + ", ".join(
        f"`{c}` {classes[c]['samples']:.0f} % (real {classes[c]['real']:.0f} %)" for c in worst
    )
    words = (
        f"Share read as meant, of {bench.effort.each} samples of each class, each by a new hand; classes and writers weigh "
        "equally. Case-merged takes look-alikes (0 O o, 1 l I |, c C …) as one. Floor: real writing; ceiling: the same "
        "blurred by 1.5 px. Intervals: over writers for real writing, over samples else."
    )
    return Section("Recognisability", words, rows, {"classes": classes}, [note + "."])


def classification(bench: Bench) -> Section:
    effort = bench.effort
    count = {
        int(c): min(effort.each, int((bench.data.codepoints[bench.people] == c).sum())) for c in np.unique(bench.codes)
    }
    random = np.random.Generator(np.random.Philox(key=bench.seed + 1))
    picked = np.concatenate(
        [random.permutation(bench.people[bench.data.codepoints[bench.people] == c])[:n] for c, n in count.items()]
    )
    codes = np.asarray(bench.data.codepoints)[picked]
    drawn = bench.subject.draw(codes, 1.0, bench.seed + 1)
    rows = cas.accuracy_score(
        drawn, real_ink(bench.data, picked), codes, bench.real, bench.codes, bench.writers, effort.epochs, effort.seeds
    )
    bench.found["cas"] = rows[-1].value
    words = (
        f"A small classifier is trained on {len(codes):,} samples (temperature 1) or as many real glyphs of training writers, "
        "and tested, case-merged, on the test writers (classification accuracy score, Ravuri and Vinyals 2019)."
    )
    return Section("Train on samples, test on real", words, rows)


def distances(bench: Bench) -> Section:
    splits = bench.effort.splits
    real = bench.real_features
    sets = {"real writing by other writers (floor)": bench.other_features, "samples": bench.drawn_features}
    for base in bench.baselines:
        sets[f"baseline `{base.name}`"] = bench.judge.read(base.draw(bench.codes, 1.0, bench.seed))[1]
    sets["real writing, blurred (ceiling)"] = bench.judge.read(blurred(bench.real))[1]
    values = {name: distance.compare(real, features, splits, bench.seed) for name, features in sets.items()}
    floor, ceiling = (values[name] for name in (next(iter(sets)), list(sets)[-1]))
    rows = []
    titles = {"fd": "Fréchet distance", "kid": "kernel distance"}
    for measure in ("fd", "kid", "precision", "recall", "density", "coverage"):
        for name in sets:
            mean = float(np.mean(values[name][measure]))
            low = high = None
            if name == "samples" and measure in ("fd", "coverage"):
                low, high = _interval(bench, measure, mean)
            bounds = {"floor": float(np.mean(floor[measure])), "ceiling": float(np.mean(ceiling[measure]))}
            extra = bounds if name == "samples" or name.startswith("baseline") else {}
            rows.append(Row(f"{titles.get(measure, measure)}, {name}", mean, low, high, **extra))
    half = np.isin(bench.writers, np.unique(bench.writers)[::2])
    if min(half.sum(), (~half).sum()) > 2 * distance.NEAREST:
        halves = distance.compare(real[half], real[~half], splits, bench.seed)
        rows.append(Row("Fréchet distance, one half of the test writers from the other", float(np.mean(halves["fd"]))))
    bench.found |= {name: float(np.mean(values["samples"][name])) for name in ("fd", "coverage")}
    bench.found["fd floor"] = float(np.mean(floor["fd"]))
    for base in bench.baselines:
        if base.name == "seed":
            bench.found["fd seed"] = float(np.mean(values["baseline `seed`"]["fd"]))
    worst = distance.worst_classes(real, bench.drawn_features, bench.codes)
    usual = distance.worst_classes(real, bench.other_features, bench.codes, 100)
    note = "Furthest from real in their mean, in spreads of the class (floor in brackets): " + ", ".join(
        f"`{c}` {v:.2f} ({usual.get(c, float('nan')):.2f})" for c, v in worst.items()
    )
    words = (
        f"In the reader's {real.shape[1]} features; as many samples at temperature 1 as real glyphs, of the same classes, "
        f"each by a new hand. Means of {splits} random halves ({len(real) // 2:,} glyphs a side). Fréchet distance (Heusel "
        "et al. 2017) and kernel distance (Bińkowski et al. 2018) by torchmetrics; precision, recall (Kynkäänniemi et al. "
        "2019), density and coverage (Naeem et al. 2020) by prdc with k = 5. Floor: as many glyphs by training writers. "
        "Intervals: basic bootstrap over test writers."
    )
    return Section("Distance from real writing", words, rows, {"splits": values, "worst classes": worst}, [note + "."])


def _interval(bench: Bench, measure: str, mean: float) -> tuple[float, float]:
    """Basic bootstrap over writers: percentiles turned about the mean, since drawing writers twice adds a bias."""

    def statistic(rows: np.ndarray) -> float:
        rows = rows[:: max(1, len(rows) // 2000)]
        a, b = bench.real_features[rows], bench.drawn_features[rows]
        return distance.frechet(a, b) if measure == "fd" else distance.manifold(a, b)["coverage"]

    draws = bench.effort.draws if measure == "fd" else max(10, bench.effort.draws // 8)
    low, high = bootstrap(statistic, bench.writers, draws)
    whole = statistic(np.arange(len(bench.codes)))
    return mean + whole - high, mean + whole - low


def sharpness(bench: Bench) -> Section:
    real, drawn = ink.looks(bench.real), ink.looks(bench.drawn)
    other, spoilt = ink.looks(real_ink(bench.data, bench.others)), ink.looks(blurred(bench.real))
    means = [ink.summary(found) for found in (real, drawn, other, spoilt)]
    rows = []
    for name in means[0]:
        rows.append(Row(f"{name}, real", means[0][name]))
        rows.append(Row(f"{name}, samples", means[1][name], floor=means[2][name], ceiling=means[3][name]))

        def ratio(i: np.ndarray, name: str = name) -> float:
            return ink.summary(drawn, i)[name] / max(1e-9, ink.summary(real, i)[name])

        low, high = bootstrap(ratio, bench.writers, bench.effort.draws)
        value = means[1][name] / max(1e-9, means[0][name])
        rows.append(Row(f"{name}, samples / real", value, low, high, floor=means[2][name] / max(1e-9, means[0][name])))
        bench.found[name] = value
    excess = {
        chr(c): float(drawn["components"][bench.codes == c].mean() - real["components"][bench.codes == c].mean())
        for c in np.unique(bench.codes)
    }
    most = sorted(excess, key=lambda c: -abs(excess[c]))[:8]
    note = "Most parts too many or too few a glyph: " + ", ".join(f"`{c}` {excess[c]:+.2f}" for c in most)
    words = (
        "Grey: 0.1 < ink < 0.9, as a share of ink > 0.1. Components: 8-connected ink > 0.5. Width: twice the distance to the "
        "edge along the ridge of the ink. Samples at temperature 1, same classes and numbers as the real glyphs. Floor: other "
        "writers; ceiling: blurred."
    )
    return Section("Sharpness and whole strokes", words, rows, {"components beyond real": excess}, [note + "."])


def variety(bench: Bench) -> Section:
    real, drawn, codes = bench.real_features, bench.drawn_features, bench.codes
    rows = [
        Row(
            "spread within a class, samples / real",
            diversity.spread(drawn, codes) / diversity.spread(real, codes),
            floor=diversity.spread(bench.other_features, codes) / diversity.spread(real, codes),
            ceiling=0.0,
        )
    ]
    pair = bench.writers.astype(np.int64) * 0x110000 + codes
    own = diversity.spread(real, pair)
    if bench.subject.model is not None and np.isfinite(own):
        from handsynth.hand import random_styles

        keys = np.arange(min(400, len(codes)))
        styles = random_styles(bench.subject.model, bench.seed + 2, keys)
        both = [pictures_of(bench, codes[keys], styles, turn) for turn in range(2)]
        gap = np.linalg.norm(both[0] - both[1], axis=1).mean()
        rows.append(Row("two of a letter by one hand, samples / real", float(gap) / own, floor=1.0, ceiling=0.0))
    bank, bank_codes = bench.judge.read(real_ink(bench.data, bench.people))[1], bench.data.codepoints[bench.people]
    near_real = diversity.nearest(real, codes, bank, bank_codes)
    near_drawn = diversity.nearest(drawn, codes, bank, bank_codes)
    ratio = float(np.nanmedian(near_drawn) / np.nanmedian(near_real))
    copies = float(np.nanmean(near_drawn < np.nanquantile(near_real, 0.01)))
    rows.append(
        Row("distance to the nearest training glyph, samples / unseen real (medians)", ratio, floor=1.0, ceiling=0.0)
    )
    rows.append(
        Row(
            "samples nearer to one than 99 % of unseen real glyphs are",
            100 * copies,
            floor=1.0,
            ceiling=100.0,
            unit="%",
        )
    )
    words = (
        "Mean distances in the reader's features. A model that repeats itself has a spread near 0; one that copies its "
        "training data lies nearer to it than unseen real writing does."
    )
    return Section("Variety and memory", words, rows)


def pictures_of(bench: Bench, codes: np.ndarray, styles: np.ndarray, turn: int) -> np.ndarray:
    """Features of one letter by each of `styles`, at temperature 1."""
    from handsynth import noise
    from handsynth.draw import glyphs

    model = bench.subject.model
    assert model is not None
    places = np.array([noise.place("variety", turn, i) for i in range(len(codes))], np.uint64)
    field = glyphs(model, styles, model.index([chr(c) for c in codes]), places, bench.seed)
    return bench.judge.read(np.clip(field + np.float32(0.5), 0, 1))[1]


def hands(bench: Bench) -> Section:
    title = "One hand is one writer"
    model = bench.subject.model
    if model is None or not model.has("encoder"):
        return Section(title, "Not measured: this needs a model with an encoder.")
    people = bench.people
    signatures = retrieval.Signatures.learn(
        bench.judge.read(real_ink(bench.data, people))[1], bench.data.codepoints[people], bench.data.writers[people]
    )
    one_pen = bench.data.pens[bench.test]
    usual = np.isclose(one_pen, np.median(one_pen))
    images = np.asarray(bench.data.images[bench.test[usual]])
    hits, names = retrieval.retrieve(
        model, bench.judge, signatures, images, bench.real_features[usual], bench.codes[usual], bench.writers[usual],
        bench.effort.rounds, bench.seed,
    )  # fmt: skip
    if len(names) < 2:
        return Section(title, "Not measured: fewer than two test writers have 80 glyphs of 20 classes or more.")
    rows = []
    random = np.random.Generator(np.random.Philox(key=bench.seed))
    rates = {kind: float(value.mean()) for kind, value in hits.items()}
    for kind, value in hits.items():
        by_writer = value.mean(0)
        draws = [by_writer[random.integers(len(names), size=len(names))].mean() for _ in range(1000)]
        low, high = np.percentile(draws, [2.5, 97.5])
        what = {"real": "the writer's own letters", "shuffled": "another writer's letters"}.get(
            kind, f"generated by a hand fitted to {kind}"
        )
        bounds = {} if kind in ("real", "shuffled") else {"floor": 100 * rates["real"], "ceiling": 100 / len(names)}
        rows.append(Row(what, 100 * rates[kind], 100 * low, 100 * high, unit="%", **bounds))
    bench.found |= {f"retrieval {kind}": rate for kind, rate in rates.items()}
    words = (
        f"How often up to {retrieval.QUERY} letters are attributed to the right one of {len(names)} test writers (chance "
        f"{100 / len(names):.1f} %), over {bench.effort.rounds} rounds. Letters of classes that the hand was not fitted to, "
        "at temperature 0.7; every glyph is drawn with one pen, so the pen gives nobody away. Writers are told apart by the "
        "mean of the reader's features less those of the class, whitened within writers of the training split."
    )
    return Section(title, words, rows)


def likelihoods(bench: Bench) -> Section:
    title = "Likelihood"
    model = bench.subject.model
    if model is None or not model.has("encoder"):
        return Section(title, "Not measured: this needs a model with an encoder.")
    random = np.random.Generator(np.random.Philox(key=bench.seed))
    some = np.sort(random.permutation(len(bench.codes))[: bench.effort.likelihoods])
    elbo, bound = likelihood.bounds(model, bench.real[some], bench.codes[some], bench.effort.samples, bench.seed)
    pixels = model.frame.size**2 * np.log(2)
    rows = []
    for name, value in (("ELBO", elbo), (f"importance-weighted, {bench.effort.samples} samples", bound)):
        low, high = bootstrap(lambda i, v=value: float(v[i].mean()), bench.writers[some], bench.effort.draws)  # type: ignore[misc]
        rows.append(Row(f"{name}, nats a glyph", float(value.mean()), low, high))
        rows.append(Row(f"{name}, bits a pixel", float(-value.mean() / pixels)))
    words = (
        f"{len(some):,} test glyphs, binarised: ink > 0.5. Every glyph alone: its hand is read from it. "
        f"p(x | c, s, v) is Bernoulli(sigmoid({model.card.slope:g} * field)) a pixel; priors as sampled (Burda et al. 2016)."
    )
    return Section(title, words, rows)


PARTS: tuple[tuple[str, Callable[[Bench], Section]], ...] = (
    ("recognisability", recognisability),
    ("train on samples, test on real", classification),
    ("distances", distances),
    ("sharpness", sharpness),
    ("variety", variety),
    ("one hand, one writer", hands),
    ("likelihood", likelihoods),
)


def evaluate(
    model: Path | None, data: Path, *, output: Path | None = None, reader: Path | None = None,
    baselines: list[Path] | None = None, effort: Effort | None = None, seed: int = 0, least: float = LEAST,
    say: Callable[[str], None] = lambda line: None,
) -> Report:  # fmt: skip
    """Measure `model` (a folder; None: the shipped one) and write report.md, report.json and pictures/ into `output`.

    Without `output` only recognisability is measured. `say` is told what goes on. Raises InputError or DataError where
    something does not fit, before anything is written.
    """
    dataset, effort = Dataset.open(data), effort or Effort()
    if output is not None and output.exists():
        raise InputError(f"{output} exists; choose another folder for the report")
    with tempfile.TemporaryDirectory() as scratch:
        subject = open_subject(model, dataset, Path(scratch) / "a")
        judge = open_judge(dataset, reader, subject.model, least)
        others = [open_subject(path, dataset, Path(scratch) / f"b{i}") for i, path in enumerate(baselines or [])]
    bench = Bench(subject, judge, dataset, effort, seed, say, others)
    sections = []
    for name, part in PARTS if output is not None else PARTS[:1]:
        began = time.monotonic()
        sections.append(part(bench))
        say(f"{name}: {time.monotonic() - began:.0f} s")
    if subject.model is not None:
        bench.found["size"] = subject.size
    about = [
        f"Measured: {'model' if subject.model else 'pictures'} {subject.name!r}"
        + (f" (hash {subject.sha256[:16]})" if subject.sha256 else "")
        + f", {subject.size:.2f} MiB.",
        f"Reader: {judge.what}; sha256 {judge.sha256[:16]}. It reads {judge.glyphs:,} hand-checked characters of "
        f"{judge.writers} writers it never saw: {judge.strict:.1f} % right, {judge.merged:.1f} % case-merged.",
        f"Test glyphs: {len(bench.codes):,} of {len(np.unique(bench.writers))} writers that training never saw, at most 300 "
        f"each. Training writers for floors: {len(np.unique(dataset.writers[bench.people])):,}, "
        f"{int((~is_font(dataset))[bench.people].sum()):,} glyphs.",
        f"Made by `python -m train evaluate`, seed {seed}"
        + ("." if effort == Effort() else ", with less effort than usual."),
    ]
    report = Report(about, sections, bars(bench.found) if output is not None else [])
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

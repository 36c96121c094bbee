"""Are ten hands of one seed as different as ten people, and each as steady?

All hands write the same letters with the same seed, as the hands of one corpus or one document do, so noise that they
share shows. Letters are compared in the features of the judge that the model never met, and as blurred ink; in both as
one pen draws them, so that the pen tells nobody apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from handsynth import noise
from handsynth.arrays import Floats
from handsynth.drawing.draw import TEMPERATURE
from handsynth.hands.hand import Hand
from train.data.picture import field_of
from train.measure.bench import Bench
from train.measure.drawing import drawn
from train.measure.ink import looks
from train.measure.reading import Judge
from train.measure.report import Section
from train.measure.row import Row

HANDS, LETTERS = 10, 20
GROUPS = 4
"""Groups of hands, each with a seed of its own."""
BLUR = 1.0  # px
WHAT = "same hand, other copy", "other hand, same seed", "other hand to same hand", "variance between hands"
"""Of what there are rows. The cosine distance is half the square of that of unit features, so in the mean it is the
variance within a hand, or that and the variance between hands: their difference is the latter alone."""
Distance = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Copies:
    """Two copies of each of m letters by w writers; NaN where a writer has none."""

    features: np.ndarray
    """f64 [w, 2, m, F]."""
    ink: np.ndarray
    """f32 [w, 2, m, P]: blurred."""

    def take(self, writers: np.ndarray) -> Copies:
        return Copies(self.features[writers], self.ink[writers])


def gap(a: Floats, b: Floats) -> Floats:
    """Cosine distances [...], 1 - cos, of features [..., F]."""
    unit_a, unit_b = (x / np.maximum(1e-9, np.linalg.norm(x, axis=-1, keepdims=True)) for x in (a, b))
    return np.asarray(1 - (unit_a * unit_b).sum(-1))


def difference(a: Floats, b: Floats) -> Floats:
    """Sum of absolute differences over the sum of the ink of both, [...] of ink [..., P]: 0 equal, 1 nothing shared."""
    return np.asarray(np.abs(a - b).sum(-1) / np.maximum(1e-9, a.sum(-1) + b.sum(-1)))


def within_and_between(values: np.ndarray, distance: Distance) -> tuple[float, float]:
    """Mean distance of a writer's two copies of a letter, and of two writers' first copies; letters weigh equally.

    values [w, 2, m, F]. First copies of all hands are drawn at one place: what noise they share, they share there.
    """
    first, second = np.triu_indices(len(values), 1)
    within = distance(values[:, 0], values[:, 1])
    between = distance(values[first, 0], values[second, 0])
    return _by_letter(within), _by_letter(between)


def identified(copies: Copies, random: np.random.Generator) -> float:
    """Share of writers found by LETTERS second copies among all writers' first copies; chance is 1 / w.

    A letter is compared with the same letter alone, so the forms of letters count; each letter's distances are less
    their mean over the writers who have it, for some letters differ more than others.
    """
    features, hits = copies.features, []
    for writer in range(len(features)):
        both = np.flatnonzero(np.isfinite(features[writer, :, :, 0]).all(0))
        query = random.permutation(both)[:LETTERS]
        far = gap(features[writer, 1, query][None], features[:, 0, query])  # [w, letters]
        far = far - np.nanmean(far, axis=0)
        hits.append(float(np.nanmean(far, axis=1).argmin() == writer))
    return float(np.mean(hits))


def one_pen(ink: np.ndarray, owners: np.ndarray, width: float) -> np.ndarray:
    """Ink f32 [n, H, H] whose edges are moved so that each owner [n] has strokes of the same usual width in px."""
    own = looks(ink)["width"]
    result = np.empty_like(ink)
    for owner in np.unique(owners):
        mine = np.flatnonzero(owners == owner)
        more = (width - float(np.median(own[mine]))) / 2
        for i in mine:
            field = field_of(np.rint(255 * ink[i]).astype(np.uint8))
            result[i] = np.clip(field + np.float32(0.5 + more), 0, 1)
    return result


def company(bench: Bench) -> Section:
    title = f"{HANDS} hands of one seed, and {HANDS} people"
    judge, model = bench.outsider, bench.subject.model
    if judge is None or model is None:
        return Section(title, "Not measured: this needs a model, and a judge given with --judge.")
    random = np.random.Generator(np.random.Philox(key=bench.seed))
    usual = np.isclose(pens := bench.data.pens[bench.test], np.median(pens))
    chars = [c for c in judge.chars if c in model.charset]
    rows, where = _people(bench.codes[usual], bench.writers[usual], chars, random)
    people = len(where)
    if people < 3:
        return Section(title, f"Not measured: fewer than three test writers have two copies of {LETTERS} letters.")
    real = bench.real[usual][rows]
    owner = np.repeat(np.arange(people), [w.sum() for w in where])
    width = float(np.median(looks(real)["width"]))
    real_copies = _copies(one_pen(real, owner, width), np.stack(where), judge)
    hands = min(HANDS, people)
    seeds = [bench.seed + g for g in range(min(GROUPS, bench.effort.rounds))]
    groups = [_hands(bench, chars, s, [Hand.random(model, s, i) for i in range(hands)], width) for s in seeds]
    gallery = _gallery(bench, chars, seeds, hands, width)
    companies = [real_copies.take(random.permutation(people)[:hands]) for _ in range(4 * bench.effort.rounds)]

    made: list[Row] = []
    for name, key, distance in (("features", "features", gap), ("blurred ink", "ink", difference)):
        figures = []
        for sets in (companies, groups, gallery):
            pairs = np.array([within_and_between(getattr(part, key), distance) for part in sets])
            off = [pairs, pairs[:, 1] / pairs[:, 0], pairs[:, 1] - pairs[:, 0]]
            figures.append(np.column_stack(off) if len(sets) else np.empty((0, 4)))
        for i, what in enumerate(WHAT if distance is gap else WHAT[:-1]):
            theirs, ours = (_mean(part[:, i]) for part in figures[:2])
            made.append(Row(f"{what}, {name}, people", *theirs))
            made.append(Row(f"{what}, {name}, hands", *ours, floor=theirs[0]))
            if gallery:
                made.append(Row(f"{what}, {name}, gallery", *_mean(figures[2][:, i]), floor=theirs[0]))
        bench.found |= {f"company {key}": float(figures[1][:, 2].mean()),
                        f"company {key} real": float(figures[0][:, 2].mean())}  # fmt: skip
    told = [[100 * identified(part, random) for part in sets] for sets in (companies, groups, gallery)]
    shares = [_mean(np.array(some)) for some in told if some]
    for number, (who, share) in enumerate(zip(("people", "hands", "gallery"), shares, strict=False)):
        floor = shares[0][0] if number else None
        name = f"found by {LETTERS} letters among {hands}, {who}"
        made.append(Row(name, *share, floor=floor, ceiling=100 / hands, unit="%"))
    bench.found |= {"identified real": shares[0][0], "identified": shares[1][0]}
    words = (
        f"{hands} random hands draw each of {len(chars)} letters and digits twice, at temperature {TEMPERATURE:g}, all "
        f"with one seed and at the same places ({len(groups)} seeds), and so do {hands} of the gallery's; {hands} of "
        f"{people} test writers with two copies of {LETTERS} letters or more ({len(companies)} draws of them). Ink is "
        "brought to one pen first, a writer at a time. Distances, letters weighing equally: the cosine distance of "
        f"features, by the judge that the model never met; and of ink blurred by {BLUR:g} px, the absolute difference "
        "over the ink of both. A cosine distance is half a square, so what two hands' letters are apart less what one "
        f"hand's two copies are is the variance between hands. A writer is found who is nearest by {LETTERS} letters' "
        "features, each held against the same letter of all. Intervals: over the draws of people or the seeds."
    )
    return Section(title, words, made)


def _people(
    codes: np.ndarray, writers: np.ndarray, chars: list[str], random: np.random.Generator
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Rows of two glyphs of each letter by each writer who has enough, and where they belong: bool [2, m] a writer."""
    rows: list[int] = []
    where = []
    for writer in np.unique(writers[writers >= 0]):
        mine = random.permutation(np.flatnonzero(writers == writer))
        found = [mine[codes[mine] == ord(c)][:2] for c in chars]
        if sum(len(f) == 2 for f in found) >= LETTERS:
            rows += [int(f[turn]) for turn in range(2) for f in found if len(f) > turn]
            where.append(np.array([[len(f) > turn for f in found] for turn in range(2)]))
    return np.array(rows, np.int64), where


def _gallery(bench: Bench, chars: list[str], seeds: list[int], count: int, width: float) -> list[Copies]:
    """The same by hands of the gallery, drawn anew for each seed; nothing where it has too few."""
    model = bench.subject.model
    assert model is not None
    named = [Hand.gallery(model, hand.name) for hand in model.card.gallery]
    if len(named) < count:
        return []
    random = np.random.Generator(np.random.Philox(key=bench.seed + 1))
    chosen = [[named[i] for i in random.permutation(len(named))[:count]] for _ in seeds]
    return [_hands(bench, chars, seed, hands, width) for seed, hands in zip(seeds, chosen, strict=True)]


def _hands(bench: Bench, chars: list[str], seed: int, hands: list[Hand], width: float) -> Copies:
    model, judge = bench.subject.model, bench.outsider
    assert model is not None and judge is not None
    text = chars + chars
    places = np.array([noise.key_of("company", turn, c) for turn in range(2) for c in chars], np.uint64)
    ink = np.concatenate([drawn(model, hand, text, places, seed, TEMPERATURE)[0] for hand in hands])
    owner = np.repeat(np.arange(len(hands)), len(text))
    return _copies(one_pen(ink, owner, width), np.ones((len(hands), 2, len(chars)), bool), judge)


def _copies(ink: np.ndarray, where: np.ndarray, judge: Judge) -> Copies:
    """ink [n, H, H] in the order of the true places of where [w, 2, m]."""
    read = judge.read(ink)[1]
    features = np.full((*where.shape, read.shape[1]), np.nan)
    features[where] = read
    soft = gaussian_filter(ink, (0, BLUR, BLUR)).reshape(len(ink), -1)
    blurred = np.full((*where.shape, soft.shape[1]), np.nan, np.float32)
    blurred[where] = soft
    return Copies(features, blurred)


def _by_letter(distances: np.ndarray) -> float:
    """Mean over letters [_, m] of the means of those that are there."""
    there = np.isfinite(distances).any(0)
    return float(np.nanmean(distances[:, there], axis=0).mean())


def _mean(values: np.ndarray) -> tuple[float, float, float]:
    low, high = np.percentile(values, [2.5, 97.5])
    return float(values.mean()), float(low), float(high)

"""Do samples differ enough, and are they new?"""

from __future__ import annotations

import numpy as np

from handsynth import noise
from handsynth.hands.hand import Hand
from train.measure.bench import Bench
from train.measure.drawing import by_hands
from train.measure.reading import real_ink
from train.measure.report import Section
from train.measure.row import Row


def spread(features: np.ndarray, keys: np.ndarray, most: int = 60, seed: int = 0) -> float:
    """Mean distance between features [n, F] of the same key [n], over keys; NaN if no key has two."""
    random = np.random.Generator(np.random.Philox(key=seed))
    means = []
    for key in np.unique(keys):
        mine = random.permutation(np.flatnonzero(keys == key))[:most]
        if len(mine) > 1:
            part = features[mine]
            gap = np.linalg.norm(part[:, None] - part[None], axis=2)
            means.append(gap.sum() / (len(mine) * (len(mine) - 1)))
    return float(np.mean(means)) if means else float("nan")


def nearest(features: np.ndarray, codes: np.ndarray, bank: np.ndarray, bank_codes: np.ndarray) -> np.ndarray:
    """Distance [n] of each row to the nearest of its class in `bank`; NaN where the class has none."""
    result = np.full(len(features), np.nan)
    for code in np.unique(codes):
        mine, theirs = np.flatnonzero(codes == code), bank[bank_codes == code]
        if len(theirs):
            square = (features[mine] ** 2).sum(1)[:, None] + (theirs**2).sum(1) - 2 * features[mine] @ theirs.T
            result[mine] = np.sqrt(np.maximum(square, 0)).min(1)
    return result


def variety(bench: Bench) -> Section:
    real, drawn, codes = bench.real_features, bench.drawn_features, bench.codes
    rows = [
        Row(
            "spread within a class, samples / real",
            spread(drawn, codes) / spread(real, codes),
            floor=spread(bench.other_features, codes) / spread(real, codes),
            ceiling=0.0,
        )
    ]
    pair = bench.writers.astype(np.int64) * 0x110000 + codes
    own = spread(real, pair)
    if bench.subject.model is not None and np.isfinite(own):
        keys = np.arange(min(400, len(codes)))
        owners = [Hand.random(bench.subject.model, bench.seed + 2, int(i)) for i in keys]
        both = [_features_by_hand(bench, codes[keys], owners, turn) for turn in range(2)]
        gap = np.linalg.norm(both[0] - both[1], axis=1).mean()
        rows.append(Row("two of a letter by one hand, samples / real", float(gap) / own, floor=1.0, ceiling=0.0))
    bank, bank_codes = bench.judge.read(real_ink(bench.data, bench.people))[1], bench.data.codepoints[bench.people]
    near_real = nearest(real, codes, bank, bank_codes)
    near_drawn = nearest(drawn, codes, bank, bank_codes)
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


def _features_by_hand(bench: Bench, codes: np.ndarray, owners: list[Hand], turn: int) -> np.ndarray:
    """Features of one letter by each of `owners`, at temperature 1."""
    model = bench.subject.model
    assert model is not None
    places = np.array([noise.key_of("variety", turn, i) for i in range(len(codes))], np.uint64)
    return bench.judge.read(by_hands(model, owners, [chr(c) for c in codes], places, bench.seed))[1]

"""Are samples read as what they are meant to be?"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from train.measure.bench import Bench
from train.measure.reading import Judge
from train.measure.report import Section
from train.measure.row import Row, balanced, bootstrap
from train.measure.subject import Subject

BLUR = 1.5  # px


def blurred(ink: np.ndarray) -> np.ndarray:
    return np.asarray(gaussian_filter(ink, (0, BLUR, BLUR)), np.float32)


def recognise(
    subject: Subject, judge: Judge, real: np.ndarray, codes: np.ndarray, writers: np.ndarray, each: int, seed: int,
    temperatures: tuple[float, ...] = (0.5, 0.7, 1.0),
) -> tuple[list[Row], dict[str, dict[str, float]]]:  # fmt: skip
    """Rows in per cent, and per class the case-merged accuracy of real writing and of samples at the last temperature.

    real [n, H, H], codes [n] and writers [n] are the test glyphs.
    """
    rows = []
    seen = judge.right(judge.read(real)[0], codes).astype(float)

    def score(name: str, right: np.ndarray, chars: np.ndarray, by: np.ndarray | None, **more: float) -> Row:
        keys = (chars,) if by is None else (chars, by)
        spread = bootstrap(
            lambda i: balanced(right[i], *(k[i] for k in keys)), np.arange(len(right)) if by is None else by, 300
        )
        value = 100 * balanced(right, *keys)
        return Row(name, value, 100 * spread[0], 100 * spread[1], unit="%", **more)

    spoilt = judge.right(judge.read(blurred(real))[0], codes).astype(float)
    shuffled = np.random.Generator(np.random.Philox(key=seed)).permutation(codes)
    chance = judge.right(judge.read(real)[0], shuffled).astype(float)
    for kind, name in enumerate(("strict", "case-merged")):
        rows += [
            score(f"real writing, {name}", seen[kind], codes, writers),
            score(f"real writing, blurred, {name}", spoilt[kind], codes, writers),
            score(f"real writing, shuffled labels, {name}", chance[kind], codes, writers),
        ]
    floor = {kind: row.value for kind, row in zip((0, 1), (rows[0], rows[3]), strict=True)}
    ceiling = {kind: row.value for kind, row in zip((0, 1), (rows[1], rows[4]), strict=True)}
    chars = np.array([ord(c) for c in judge.chars if c in subject.chars] * each)
    classes: dict[str, dict[str, float]] = {}
    for temperature in temperatures if subject.model else (1.0,):
        right = judge.right(judge.read(subject.draw(chars, temperature, seed))[0], chars).astype(float)
        title = f"samples, temperature {temperature:g}" if subject.model else "pictures"
        for kind, name in enumerate(("strict", "case-merged")):
            rows.append(score(f"{title}, {name}", right[kind], chars, None, floor=floor[kind], ceiling=ceiling[kind]))
    for code in np.unique(chars):
        mine = codes == code
        classes[chr(code)] = {
            "real": 100 * float(seen[1][mine].mean()) if mine.any() else float("nan"),
            "samples": 100 * float(right[1][chars == code].mean()),
        }
    return rows, classes


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
        f"Share read as meant, of {bench.effort.each} samples of each class, each by a new hand; classes and writers "
        "weigh equally. Case-merged takes look-alikes (0 O o, 1 l I |, c C …) as one. Floor: real writing; ceiling: "
        "the same blurred by 1.5 px. Intervals: over writers for real writing, over samples else."
    )
    return Section("Recognisability", words, rows, {"classes": classes}, [note + "."])

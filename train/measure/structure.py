"""How letters are built, by no reader: parts, dots and bars, pen strokes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import ndimage

from handsynth.ink.skeleton import thinned
from train.measure.bench import Bench
from train.measure.reading import real_ink
from train.measure.report import Section
from train.measure.row import Row, bootstrap

DOTTED, BARRED = "ij", "tf"
LEAST = 3  # px of ink: the dot of a thin pen has about five
EIGHT = np.ones((3, 3))
KINDS = {"small letters": str.islower, "capitals": str.isupper, "digits": str.isdigit}


def parts(ink: np.ndarray) -> np.ndarray:
    """How many 8-connected parts of ink > 0.5 each glyph of ink [n, H, H] has, int64 [n]."""
    found = np.zeros(len(ink), np.int64)
    for i, glyph in enumerate(ink > 0.5):
        label, _ = ndimage.label(glyph, EIGHT)
        found[i] = (np.bincount(label.ravel())[1:] >= LEAST).sum()
    return found


def loose_ends(ink: np.ndarray) -> np.ndarray:
    """How many ends the thinned lines of each glyph of ink [n, H, H] have, int64 [n]: a bar across adds one or two."""
    solid = ink > 0.5
    solid[:, [0, -1]] = solid[:, :, [0, -1]] = False
    lines = thinned(solid)
    around = ndimage.convolve(lines.astype(np.uint8), np.ones((1, 3, 3), np.uint8), mode="constant")
    ends: np.ndarray = (lines & (around == 2)).sum((1, 2))
    return ends


def moved(a: np.ndarray, b: np.ndarray, codes: np.ndarray) -> float:
    """Share of glyphs whose whole number in `b` [n] would have to change to be spread as in `a` [n], by class."""
    total = 0.0
    for code in np.unique(codes):
        mine = codes == code
        top = int(max(a[mine].max(), b[mine].max())) + 1
        gap = np.bincount(a[mine], minlength=top) - np.bincount(b[mine], minlength=top)
        total += np.abs(gap).sum() / 2
    return total / len(codes)


def structure(bench: Bench) -> Section:
    """Of real test glyphs and as many samples at temperature 1 of the same classes; floor: other writers."""
    codes = bench.codes
    real, samples, others = (parts(ink) for ink in (bench.real, bench.drawn, real_ink(bench.data, bench.others)))
    rows = _means("parts", bench, real, samples, others)
    # within the same number of draws chance alone moves some, which the floor shows too
    rows.append(Row("glyphs with another number of parts", 100 * moved(real, samples, codes),
                    floor=100 * moved(real, others, codes), unit="%"))  # fmt: skip
    for title, chars, count, least in (
        ("of one part, so without their dot", DOTTED, parts, 2),
        ("whose line has two ends or fewer, so without a bar", BARRED, loose_ends, 3),
    ):
        rows += _missing(bench, title, chars, count, least)
    real_strokes = np.asarray(bench.data.strokes)[bench.test].astype(np.int64)
    known = real_strokes > 0
    if bench.drawn_strokes is not None and known.any():
        strokes = bench.drawn_strokes.astype(np.int64)
        other_strokes = np.asarray(bench.data.strokes)[bench.others].astype(np.int64)
        rows += _means("strokes", bench, real_strokes, strokes, other_strokes)
        rows.append(Row("glyphs with another number of strokes",
                        100 * moved(real_strokes[known], strokes[known], codes[known]),
                        floor=100 * moved(real_strokes[known], other_strokes[known], codes[known]),
                        unit="%"))  # fmt: skip
        for char in DOTTED + BARRED:
            mine = codes == ord(char)
            if mine.any():
                shares = [100 * float((s[mine] < 2).mean()) for s in (real_strokes, strokes)]
                rows.append(Row(f"`{char}` of one stroke, samples", shares[1], floor=shares[0], unit="%"))
                bench.found[f"one stroke {char}"] = shares[1]
    classes = {
        chr(c): {"real": float(real[codes == c].mean()), "samples": float(samples[codes == c].mean())}
        for c in np.unique(codes)
    }
    most = sorted(classes, key=lambda c: -abs(classes[c]["samples"] - classes[c]["real"]))[:10]
    note = "Parts a glyph, furthest from real: " + ", ".join(
        f"`{c}` {classes[c]['samples']:.2f} (real {classes[c]['real']:.2f})" for c in most
    )
    words = (
        f"By no reader. Parts: 8-connected ink > 0.5 of {LEAST} px or more; ends: of the ink thinned to lines. Samples "
        "at temperature 1, of the same classes and numbers as the real test glyphs; floor: real writing. In the rows "
        f"of dots and bars it is that of the test writers, beside {bench.effort.missing:,} samples of that letter. "
        "People leave dots out too, and some write t and f in one stroke."
    )
    return Section("How letters are built", words, rows, {"parts": classes}, [note + "."])


def _means(name: str, bench: Bench, real: np.ndarray, samples: np.ndarray, others: np.ndarray) -> list[Row]:
    rows = []
    for kind, belongs in KINDS.items():
        mine = np.array([belongs(chr(c)) for c in bench.codes], bool)
        if mine.any():
            ours, theirs, elsewhere = (part[mine].astype(float) for part in (samples, real, others))

            def mean(i: np.ndarray, ours: np.ndarray = ours) -> float:
                return float(ours[i].mean())

            low, high = bootstrap(mean, np.arange(len(ours)), bench.effort.draws)
            title = f"{name} a glyph, {kind}"
            rows.append(Row(f"{title}, real", theirs.mean(), floor=elsewhere.mean()))
            rows.append(Row(f"{title}, samples", ours.mean(), low, high, floor=theirs.mean()))
            bench.found[f"{name} {kind}"] = float(ours.mean())
            bench.found[f"{name} {kind} real"] = float(theirs.mean())
    return rows


def _missing(bench: Bench, title: str, chars: str, count: Callable[[np.ndarray], np.ndarray], least: int) -> list[Row]:
    rows = []
    for char in chars:
        mine = bench.codes == ord(char)
        if mine.any():
            real = 100 * float((count(bench.real[mine]) < least).mean())
            # the test set has few of some letters, of which one more or less would be points
            many = np.full(bench.effort.missing, ord(char))
            lost = count(bench.subject.draw_strokes(many, 1.0, bench.seed + 1)[0]) < least

            def share(i: np.ndarray, lost: np.ndarray = lost) -> float:
                return 100 * float(lost[i].mean())

            low, high = bootstrap(share, np.arange(len(lost)), bench.effort.draws)
            samples = share(np.arange(len(lost)))
            rows.append(Row(f"`{char}` {title}, samples", samples, low, high, floor=real, unit="%"))
            bench.found[f"missing {char}"], bench.found[f"missing {char} real"] = samples, real
    return rows

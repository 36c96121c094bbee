"""Sharpness and wholeness of the ink itself."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from train.measure.bench import Bench
from train.measure.reading import real_ink
from train.measure.recognise import blurred
from train.measure.report import Section
from train.measure.row import Row, bootstrap

SPECK = 6  # px
EIGHT = np.ones((3, 3))


def looks(ink: np.ndarray) -> dict[str, np.ndarray]:
    """Each glyph of ink [n, H, H] has: grey and inked pixels, components, specks, stroke width and its spread in px."""
    grey = ((ink > 0.1) & (ink < 0.9)).sum((1, 2))
    inked = (ink > 0.1).sum((1, 2))
    parts, specks, width, spread = (np.zeros(len(ink)) for _ in range(4))
    for i, glyph in enumerate(ink > 0.5):
        label, parts[i] = ndimage.label(glyph, EIGHT)
        specks[i] = (np.bincount(label.ravel())[1:] < SPECK).sum()
        depth = ndimage.distance_transform_edt(glyph)
        ridge = depth[(depth >= ndimage.maximum_filter(depth, 3)) & (depth > 0)]
        if len(ridge):
            width[i], spread[i] = 2 * ridge.mean() - 1, 2 * ridge.std()
    return {"grey": grey, "inked": inked, "components": parts, "specks": specks, "width": width, "spread": spread}


def summary(found: dict[str, np.ndarray], rows: np.ndarray | slice = slice(None)) -> dict[str, float]:
    """Means over glyphs; the share of grey pixels is over all inked pixels."""
    return {
        "share of grey pixels": float(found["grey"][rows].sum() / max(1, found["inked"][rows].sum())),
        "connected components": float(found["components"][rows].mean()),
        "specks under 6 px": float(found["specks"][rows].mean()),
        "stroke width, px": float(found["width"][rows].mean()),
        "spread of the width within a glyph, px": float(found["spread"][rows].mean()),
    }


def sharpness(bench: Bench) -> Section:
    real, drawn = looks(bench.real), looks(bench.drawn)
    other, spoilt = looks(real_ink(bench.data, bench.others)), looks(blurred(bench.real))
    means = [summary(found) for found in (real, drawn, other, spoilt)]
    rows = []
    for name in means[0]:
        rows.append(Row(f"{name}, real", means[0][name]))
        rows.append(Row(f"{name}, samples", means[1][name], floor=means[2][name], ceiling=means[3][name]))

        def ratio(i: np.ndarray, name: str = name) -> float:
            return summary(drawn, i)[name] / max(1e-9, summary(real, i)[name])

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
        "Grey: 0.1 < ink < 0.9, as a share of ink > 0.1. Components: 8-connected ink > 0.5. Width: twice the distance "
        "to the edge along the ridge of the ink. Samples at temperature 1, same classes and numbers as the real "
        "glyphs. Floor: other writers; ceiling: blurred."
    )
    return Section("Sharpness and whole strokes", words, rows, {"components beyond real": excess}, [note + "."])

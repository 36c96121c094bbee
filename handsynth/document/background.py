"""A picture of paper to write on: where its own rules run, so that writing stands on them.

Rules are narrow, straight, level, and evenly spaced over the picture; a sheet that was photographed at an angle has
none of these, and is to be cropped and straightened first, or described by paper.first and paper.pitch.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from handsynth.document.paper import Margins, Paper
from handsynth.formats import sheet

_PER_MM, _MOST = 6.0, 3000
"""Pixels of a mm in which rules are looked for, and of a side at most."""

_BESIDE = 6
"""px within which it must be lighter on both sides of a rule."""

_DARKER = 8
"""Of 255, by which a rule is darker than beside it."""

_SEEN = 0.55
"""Share of its length in which a rule must be seen."""

_EVEN = 0.12
"""Share of their distance that rules may be off their place."""

_LEAST = 4
"""Rules that are needed to know their distance."""

_RED_MM = 2.0
"""Room between a line that parts a margin and the text."""


def paper(path: str | bytes, made: Paper, margins: Margins | None, pitch: float | None, first: float | None) -> Paper:
    """`made`, whose rules are those of the picture `path`, a file's name or its bytes, which fills it.

    In mm, as given or as found there; `margins` as given. Paper without either keeps its own. Raises InputError where
    there is no picture.
    """
    scale = min(_PER_MM, _MOST / max(made.width_mm, made.height_mm))
    size = round(made.width_mm * scale), round(made.height_mm * scale)
    grey = np.asarray(sheet.background(path, size).convert("L"), np.float32)
    found = None if pitch is not None and first is not None else rules(grey)
    if pitch is None and first is None and (found is None or made.ruling != "plain"):
        return made
    pitch = pitch if pitch is not None else found[1] / scale if found else made.pitch_mm
    first = first if first is not None else found[0] / scale if found else made.first_mm
    edge = min(made.margins[2], 0.6 * pitch)
    if margins is None:
        _, right, _, left = made.margins
        line = margin_line(grey)
        left = left if line is None else line / scale + _RED_MM
        margins = (max(0.0, first - 0.7 * pitch), min(right, left), edge, left)
    last = made.height_mm - edge
    return replace(made, ruling="ruled", pitch_mm=pitch, first_mm=first, last_mm=last, margins=margins)


def rules(grey: np.ndarray) -> tuple[float, float] | None:
    """First rule and distance, in px, of the rules across a picture float32 [h,w]; None: there are none."""
    places = _lines(grey)
    if len(places) < _LEAST:
        return None
    pitch = float(np.median(np.diff(places)))
    number = np.rint((places - places[0]) / pitch)
    if pitch < 2 * _BESIDE:
        return None
    # again without what lies between rules, such as the frame of a heading
    for _ in range(3):
        near = np.abs(places - np.polyval(np.polyfit(number, places, 1), number)) <= _EVEN * pitch
        if near.sum() < _LEAST:
            return None
        places, number = places[near], number[near]
    slope, start = np.polyfit(number, places, 1)
    if len(np.unique(number)) < 0.6 * (number[-1] - number[0] + 1):
        return None
    return float(start + slope * number[0]), float(slope)


def margin_line(grey: np.ndarray) -> float | None:
    """Where a single line down the left third of a picture float32 [h,w] runs, in px; None: there is none."""
    places = _lines(grey.T)
    left = places[places < grey.shape[1] / 3]
    return float(left[0]) if len(left) == 1 and len(places) <= 2 else None


def _lines(grey: np.ndarray) -> np.ndarray:
    """Middles float64 [k] of narrow dark lines across a picture [h,w], from the top, in px."""
    dark = np.zeros(grey.shape, bool)
    middle = grey[_BESIDE:-_BESIDE]
    dark[_BESIDE:-_BESIDE] = np.minimum(grey[: -2 * _BESIDE], grey[2 * _BESIDE :]) - middle > _DARKER
    # of a line that is a little off level, neighbouring rows have a share each
    share = dark.mean(axis=1)
    share = np.maximum(share, np.convolve(share, np.ones(3), "same") * (share > 0))
    rows = np.flatnonzero(share > _SEEN)
    groups = [group for group in np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1) if len(group)]
    weights = [dark.mean(axis=1)[group] + 1e-6 for group in groups]
    return np.array([np.average(group + 0.5, weights=weight) for group, weight in zip(groups, weights, strict=True)])

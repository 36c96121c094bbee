"""The lines of text that were copied on a form: how far apart somebody's letters stand."""

from __future__ import annotations

import numpy as np
from PIL import Image

from handsynth.errors import InputError
from handsynth.frame import ink_box
from handsynth.learning import guides, rules
from handsynth.learning.cut import channel_of
from handsynth.learning.form import XHEIGHT
from handsynth.learning.ink import coverage, darkness
from handsynth.learning.line import LetterLine, read_ink
from handsynth.learning.locate import FoundPage
from handsynth.learning.strip import FINE
from handsynth.model.model import Model

_ABOVE, _BELOW = 2, 3
"""px of the frame around a row of boxes that are looked at: what is printed over a line, and under it, is farther."""

_PARTS = 16
"""Pieces that a line is flattened in, since paper is bent."""


def read_copied(found: FoundPage, model: Model) -> tuple[list[LetterLine], list[str]]:
    """The copied lines of a page, and what is said of those that cannot be read; empty ones are not spoken of."""
    lines, notes = [], []
    for number, (text, top) in enumerate(found.form.lines(found.page), start=1):
        ink = _ink(found, top)
        if ink_box(ink) is None:
            continue
        try:
            lines.append(read_ink(ink, text, model, found.name))
        except InputError:
            notes.append(f"line {number} of text was not read as {text!r}, so it tells nothing of the space of letters")
    return lines, notes


def _ink(found: FoundPage, top: float) -> np.ndarray:
    """The ink uint8 [h,w] of a line whose row of boxes would begin at `top`, without its guides."""
    form = found.form
    step = form.pixel / FINE
    left, right = form.line_ends
    wide = round((right - left) / step / _PARTS)
    high = (form.frame.size + _ABOVE + _BELOW) * FINE
    start = top - _ABOVE * form.pixel
    edges = left + np.arange(_PARTS + 1) * wide * step
    corners = np.stack([np.stack([edges, np.full(_PARTS + 1, y)], axis=1) for y in (start, start + high * step)])
    places = found.rectification.map(corners)
    picture = channel_of(found.picture)
    shrink = max(1, int(np.hypot(*(places[0, 1] - places[0, 0])) / wide))
    if shrink > 1:
        picture, places = picture.reduce(shrink), places / shrink
    mesh = [
        (
            (i * wide, 0, (i + 1) * wide, high),
            tuple(np.concatenate([places[0, i], places[1, i], places[1, i + 1], places[0, i + 1]]).tolist()),
        )
        for i in range(_PARTS)
    ]
    flat = picture.transform((_PARTS * wide, high), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    dark = darkness(np.asarray(flat)[None], FINE)
    base = (_ABOVE + form.frame.baseline) * FINE
    at = [base - XHEIGHT / step, float(base)]
    if guides.are_black(dark, (at, []), FINE):
        guides.erase(dark, (at, []), FINE, True)
    else:
        for rule in rules.grid(dark[0])[0]:
            rules.erase(dark[0], rule.at(np.arange(dark.shape[2]) + 0.5), rule.half)
        guides.erase(dark, (at, []), FINE, False)
    covered, sharp, faintest = coverage(dark, FINE)
    return np.where(sharp[0].max() > faintest, covered[0], 0).astype(np.uint8)

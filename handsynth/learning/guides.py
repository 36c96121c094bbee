"""Printed guides, and rules of the paper, taken out of the boxes of a form by where they are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handsynth.learning import rules
from handsynth.learning.form import XHEIGHT, Form
from handsynth.learning.ink import darkness
from handsynth.learning.locate import FoundPage
from handsynth.learning.rectification import PER_MM, flattened

_NEAR = 1.8
"""px of the frame to both sides of its place at which a guide may be."""

_SOFT = 0.5
"""Darkness up to which ink can be told from the guide under it."""

_SAME = 0.5
"""mm from a guide within which a rule all along it is the guide."""

_COLUMNS = 5
"""Places across a box at which a rule's height is reckoned."""


def places(form: Form, fine: int, left: int, top: int) -> tuple[list[float], list[float]]:
    """Rows and columns in px at which lines are printed in a box that is seen with `left` and `top` around it."""
    size, base = form.frame.size, form.frame.baseline
    rows = [0.0, base - XHEIGHT / form.pixel, float(base), float(size)]
    return [(row + top) * fine for row in rows], [(column + left) * fine for column in (0.0, float(size))]


def are_black(dark: np.ndarray, lines: tuple[list[float], list[float]], fine: int) -> bool:
    """Whether guides at rows and columns `lines` of boxes float32 [n,h,w] came out so dark that they hide ink."""
    ways = dark, dark.transpose(0, 2, 1)
    return max(_usual(way, row, fine) for way, rows in zip(ways, lines, strict=True) for row in rows) > _SOFT


def erase(dark: np.ndarray, lines: tuple[list[float], list[float]], fine: int, black: bool) -> None:
    """Take guides at rows and columns `lines` out of boxes float32 [n,h,w], in place; `black` as `are_black` says."""
    # edges first, or they would count as ink that goes on at both sides of the other lines
    for way, at in ((dark.transpose(0, 2, 1), lines[1]), (dark, lines[0])):
        for row in at:
            (_cut_out if black else _lighten)(way, row, fine)


def _near(row: float, fine: int) -> slice:
    return slice(max(int(row - _NEAR * fine), 0), int(row + _NEAR * fine) + 1)


def _usual(dark: np.ndarray, row: float, fine: int) -> float:
    """How dark a guide is in most of most boxes."""
    return float(np.median(dark[::2, _near(row, fine), ::3], axis=(0, 2)).max())


def _lighten(dark: np.ndarray, row: float, fine: int) -> None:
    """Take away what is as dark all along a row of [n,h,w]; ink covers only some of a row."""
    band = dark[:, _near(row, fine)]
    usual = np.clip(np.percentile(band[:, :, ::3], 35, axis=2), 0, _SOFT)[:, :, None].astype(np.float32)
    band -= usual
    band /= 1 - usual


def _cut_out(dark: np.ndarray, row: float, fine: int) -> None:
    """Take a guide that hides what is on it out of [n,h,w], at the place and in the width that it has in each box."""
    near = _near(row, fine)
    # scanners leave a line out around letters
    profile = np.percentile(dark[:, near], 70, axis=2)
    peak, weight = profile.max(axis=1), profile.sum(axis=1)
    clear = peak > _SOFT
    if not clear.any():
        return
    half = float(np.percentile(weight[clear] / peak[clear], 75)) / 2 + 0.5
    middles = np.arange(near.start, near.stop) + 0.5
    own = (profile * middles).sum(axis=1) / np.maximum(weight, 1e-6)
    at = np.where(clear, own, np.median(own[clear]))
    for box, place in zip(dark, at.tolist(), strict=True):
        rules.cut_out(box, np.full(box.shape[1], place), half)


def paper_rules(found: FoundPage, black: bool) -> tuple[list[rules.Rule], list[rules.Rule]]:
    """Rules of the paper that the form is printed on, across and down, in px of the sheet at `PER_MM`.

    Rows of guides that came out grey may be among them: to take them out twice does no harm. Where guides are `black`
    it would, since what is on them is found by what is beside them, so there rules along guides are theirs.
    """
    flat = 255 - flattened(found.picture, found.form, found.rectification.matrix, "R")
    dark = darkness(flat[None], 1)[0]
    across, down = rules.grid(dark)
    if not black:
        return across, down
    cells, box = found.form.cells(found.page), found.form.box
    base = found.form.frame.baseline * found.form.pixel
    rows = (cells[:, 1, None] + [0.0, base - XHEIGHT, base, box]).ravel()
    columns = (cells[:, 0, None] + [0.0, box]).ravel()
    return _apart(across, rows, dark.shape[1]), _apart(down, columns, dark.shape[0])


def _apart(some: Sequence[rules.Rule], guides: np.ndarray, length: int) -> list[rules.Rule]:
    """The rules that do not run along guides, whose places are in mm."""
    x = np.linspace(0, length, 9)
    away = [np.abs(rule.at(x)[:, None] / PER_MM - np.unique(guides)).min(axis=1) for rule in some]
    return [rule for rule, each in zip(some, away, strict=True) if np.median(each) > _SAME]


def erase_rules(
    dark: np.ndarray, found: FoundPage, some: Sequence[rules.Rule], fine: int, left: int, top: int, *, down: bool
) -> None:
    """Take rules of the paper, as `paper_rules` gives them, out of the boxes float32 [n,h,w], in place."""
    form, axis = found.form, 1 if not down else 0
    way = dark.transpose(0, 2, 1) if down else dark
    length = way.shape[2]
    at = np.linspace(0, length, _COLUMNS)
    room = np.array([left, top]) * form.pixel
    start = form.cells(found.page) - room
    step = form.pixel / fine
    middle = way.shape[1] * step / 2
    for rule in some:
        points = np.empty((len(dark), _COLUMNS, 2))
        points[..., 1 - axis] = start[:, 1 - axis, None] + at * step
        points[..., axis] = start[:, axis, None] + middle
        for _ in range(3):
            seen = found.rectification.bent(points) * PER_MM
            points[..., axis] += (rule.at(seen[..., 1 - axis]) - seen[..., axis]) / PER_MM
        rows = (points[..., axis] - start[:, axis, None]) / step
        half = rule.half / PER_MM / step
        for box, places in zip(way, rows, strict=True):
            if -2 * half < places.max() and places.min() < way.shape[1] + 2 * half:
                rules.erase(box, np.interp(np.arange(length) + 0.5, at, places), half)

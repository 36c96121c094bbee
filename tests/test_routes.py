"""Strokes that run astray are led along the ink's lines: an open bowl stays open, and a bar is gone along."""

from __future__ import annotations

import numpy as np

from handsynth.learning.offsets import offsets
from handsynth.learning.routes import routed

MIDDLE = np.array([32.0, 36.0])


def arc(start: float, end: float, radius: float, count: int) -> np.ndarray:
    angle = np.linspace(start, end, count)
    return MIDDLE + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def furthest(points: np.ndarray, line: np.ndarray) -> float:
    """Of a point from a line, or of the line from all points."""
    apart = np.linalg.norm(points[:, None] - line[None], axis=2)
    return float(max(apart.min(axis=0).max(), apart.min(axis=1).max()))


def test_a_bowl_that_was_left_open_stays_open():
    closed, ink = arc(4.5, 4.5 - 2 * np.pi, 8, 40)[None], arc(-1.3, 4.5, 8, 100)
    there = np.array([[True]])
    _, _, astray = offsets(closed, there, [[ink]], [40], lead=False)
    moves, left, led = offsets(closed, there, [[ink]], [40])
    assert astray[0] > 1.5 and led[0] < 0.6 and left[0] < 0.3
    assert furthest((closed + moves)[0], ink) < 1


def test_one_stroke_goes_back_over_a_stem_to_its_bowl():
    stem = np.stack([np.full(60, 30.0), np.linspace(30, 60, 60)], axis=1)
    bowl = np.concatenate([stem[[0]], arc(-1.5, 1.5, 6, 40)]) + (0, 0.5)
    stroke = np.concatenate([stem[::4], stem[::-4], bowl[::4]]) + 0.7
    (found,) = next(routed([stroke], [bowl, stem]))
    assert len(found) == len(stroke)
    assert furthest(found, np.concatenate([stem, bowl])) < 2.5
    # down and up again before the bowl, in this order
    assert found[0, 1] < 35 and found[:20, 1].max() == 60 and (found[-8:, 0] > 31).all()


def test_two_strokes_share_a_line_and_none_is_made_of_lines_that_do_not_touch():
    line = np.stack([np.full(61, 30.0), np.linspace(20, 50, 61)], axis=1)
    upper, lower = next(routed([line[:31:2], line[30::2]], [line]))
    assert upper[0, 1] == 20 and lower[-1, 1] == 50 and np.ptp(upper[:, 1]) < 22
    assert not list(routed([line[::2]], [line, line + (20, 0)]))

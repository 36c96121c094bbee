"""Strokes moved to where a pen must have gone whose edge is the ink's."""

from __future__ import annotations

import numpy as np
import pytest

from handsynth.frame import STANDARD
from handsynth.hands.letters import OFFSET_STEP, OFFSETS
from handsynth.ink.glyph import PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.learning.edges import edges, half_pen, moved_to_edges
from handsynth.learning.fields import fields_of
from handsynth.learning.offsets import SplineSystem, offsets

PEN = 2.6
SLOT = 24
ANGLE = np.linspace(0.3, 5.6, SLOT)
RING = np.stack([32 + 9 * np.cos(ANGLE), 36 + 9 * np.sin(ANGLE)], axis=1)
STEM = np.stack([np.full(SLOT, 44.3), np.linspace(16, 45, SLOT)], axis=1)


def fields(*strokes: np.ndarray, pen: float = PEN) -> np.ndarray:
    """Of one letter as a pen draws it, [1,H,H]."""
    paths = Paths.of([[stroke.astype(np.float32) for stroke in strokes]], pen)
    return fields_of(np.rint(PenGlyphs(paths, STANDARD.size).ink() * 255).astype(np.uint8))


def moved(drawn: list[np.ndarray], ink: np.ndarray, half: float | None = None) -> list[np.ndarray]:
    """`drawn` after they were moved onto the ink."""
    points, found = np.concatenate(drawn)[None], edges(ink, STANDARD)
    there, slots = np.ones((1, len(drawn)), bool), [len(stroke) for stroke in drawn]
    half = half_pen(found) if half is None else half
    moves = moved_to_edges(points, there, np.zeros(points.shape, np.float32), found, half, slots)
    assert np.abs(moves).max() <= OFFSETS and (moves / OFFSET_STEP == np.rint(moves / OFFSET_STEP)).all()
    return np.split((points + moves)[0], np.cumsum(slots)[:-1])


def apart(line: np.ndarray, other: np.ndarray) -> float:
    """Furthest that a point of the one is from the other [_,2]."""
    fine = np.stack(
        [np.interp(np.linspace(0, 1, 500), np.linspace(0, 1, len(other)), axis) for axis in other.T], axis=1
    )
    return float(np.linalg.norm(line[:, None] - fine, axis=2).min(axis=1).max())


@pytest.mark.parametrize("pen", [1.6, 2.6, 4.0])
def test_the_pen_is_measured(pen):
    assert half_pen(edges(fields(RING, STEM, pen=pen), STANDARD)) == pytest.approx(pen / 2, abs=0.12)


@pytest.mark.parametrize("pen", [1.6, 2.6, 4.0])
def test_strokes_come_to_where_the_pen_went(pen):
    near = [(RING - (32, 36)) * (1.08, 0.93) + (32.3, 36), STEM + (0.7, 0)]
    before = max(apart(*pair) for pair in zip(near, (RING, STEM), strict=True))
    after = moved(near, fields(RING, STEM, pen=pen))
    assert before > 0.6
    assert max(apart(*pair) for pair in zip(after, (RING, STEM), strict=True)) < 0.15 + 0.075 * pen


def test_ends_are_half_a_pen_from_the_end_of_the_ink():
    middle = STEM.mean(axis=0)
    for share in (0.92, 1.08):
        (after,) = moved([middle + share * (STEM - middle)], fields(STEM))
        assert np.abs(after[[0, -1]] - STEM[[0, -1]]).max() < 0.35


def test_strokes_that_ran_together_stay_two():
    # a thinned picture has one line for both
    ink = fields(STEM, STEM + (1.6, 0))
    left, right = moved([STEM + (0.3, 0), STEM + (1.2, 0)], ink, PEN / 2)
    assert apart(left, STEM) < 0.35 and apart(right, STEM + (1.6, 0)) < 0.35
    points = np.concatenate([STEM, STEM + (1.6, 0)])[None]
    middle = np.stack([np.full(100, 45.1), np.linspace(16, 45, 100)], axis=1)
    thinned = points + offsets(points, np.ones((1, 2), bool), [[middle]], [SLOT, SLOT])[0]
    assert np.ptp(thinned[0, :, 0]) < 0.8


def test_what_a_blot_hides_stays_as_it_was_drawn():
    # an eye whose ink has closed
    eye = np.stack([32 + 1.4 * np.cos(ANGLE), 36 + 1.4 * np.sin(ANGLE)], axis=1)
    (after,) = moved([eye], fields(eye, pen=4.0), 2.0)
    assert np.abs(after - eye).max() < 0.4


def test_curls_are_told_from_what_was_drawn():
    letter = SplineSystem([STEM, RING])
    angle = np.linspace(0, 2 * np.pi, SLOT)
    curl = 3 * np.stack([np.cos(angle) - 1, np.sin(angle)], axis=1)
    assert letter.winding(np.zeros((2 * SLOT, 2))) == 0
    assert letter.winding(np.concatenate([curl * (1, 3), np.zeros((SLOT, 2))])) > 4
    assert letter.winding(np.concatenate([(STEM - STEM[0]) * (0, 0.1), np.full((SLOT, 2), 0.5)])) < 0.1


def test_thin_ink_has_its_middle():
    (after,) = moved([STEM + (0.5, 0)], fields(STEM, pen=1.4), PEN / 2)
    assert np.abs(after[2:-2, 0] - 44.3).max() < 0.2


def test_where_the_picture_ends_the_pen_went_on():
    out = np.stack([np.full(SLOT, 20.0), np.linspace(-6, 30, SLOT)], axis=1)
    (after,) = moved([out], fields(out))
    assert after[0, 1] < 0 and abs(after[-1, 1] - 30) < 0.3


def test_strokes_that_are_not_there_and_letters_without_ink_stay():
    points = np.concatenate([RING * 1.03, STEM])[None]
    some = edges(fields(RING, STEM), STANDARD)
    moves = moved_to_edges(points, np.array([[True, False]]), 0 * points, some, PEN / 2, [SLOT, SLOT])[0]
    assert moves[:SLOT].any() and not moves[SLOT:].any()
    none = edges(np.full((1, STANDARD.size, STANDARD.size), -4.0), STANDARD)
    start = np.full(points.shape, 0.5, np.float32)
    assert none == [None] and half_pen(none) == 0
    assert (moved_to_edges(points, np.ones((1, 2), bool), start, none, PEN / 2, [SLOT, SLOT]) == start).all()

"""Offsets of a letter's points: onto the ink, smooth, bounded, in whole steps."""

from __future__ import annotations

import numpy as np
import pytest

from handsynth.hands.letters import OFFSET_STEP, OFFSETS
from handsynth.ink.paths import Paths, splined
from handsynth.learning.offsets import SPACING, offsets

SLOTS = (40, 16)
ANGLE = np.linspace(0.3, 5.6, 400)
RING = np.stack([32 + 9 * np.cos(ANGLE), 36 + 9 * np.sin(ANGLE)], axis=1)
STEM = np.stack([np.full(200, 44.0), np.linspace(16, 45, 200)], axis=1)


def along(line: np.ndarray, count: int) -> np.ndarray:
    return line[np.rint(np.linspace(0, len(line) - 1, count)).astype(int)]


def letter(ring: np.ndarray = RING, stem: np.ndarray = STEM) -> np.ndarray:
    """Points [1,P,2] of a latent that draws both."""
    return np.concatenate([along(ring, SLOTS[0]), along(stem, SLOTS[1])])[None]


def moved(points: np.ndarray, *ink: np.ndarray, there: tuple[bool, bool] = (True, True)) -> np.ndarray:
    return offsets(points, np.array([there]), [list(ink)], SLOTS)[0]


def off(points: np.ndarray, *ink: np.ndarray) -> float:
    """Furthest that a point of the ink is from the lines through `points` [P,2]."""
    paths = splined(Paths.of([np.split(points, [SLOTS[0]])], 1.0), 32).points
    return float(np.linalg.norm(np.concatenate(ink)[:, None] - paths, axis=2).min(axis=1).max())


def test_points_that_lie_amid_the_ink_stay():
    moves = moved(letter(), RING, STEM)
    # along the line they may, by half of the ink's steps
    assert np.abs(moves).max() <= SPACING / 2 and off(letter()[0] + moves[0], RING, STEM) < 0.1


def test_strokes_come_onto_the_ink():
    wider = (RING - (32, 36)) * (1.12, 0.95) + (32, 36)
    bent = STEM + np.stack([1.2 * np.sin(STEM[:, 1] / 9), np.zeros(200)], axis=1)
    moves = moved(letter(), wider, bent)
    before, after = off(letter()[0], wider, bent), off(letter()[0] + moves[0], wider, bent)
    assert before > 1 and after < 0.35


def test_neither_the_order_nor_the_direction_of_the_ink_matters():
    bent = STEM + np.stack([np.sin(STEM[:, 1] / 9), np.zeros(200)], axis=1)
    one, other = moved(letter(), RING, bent), moved(letter(), bent[::-1], RING[::-1])
    assert np.abs(one - other).max() <= SPACING / 2


def test_strokes_that_cross_keep_to_their_own_ink():
    bar = np.stack([np.linspace(32, 56, 200), np.full(200, 30.0)], axis=1)
    points = np.concatenate([along(STEM, SLOTS[0]), along(bar, SLOTS[1])])[None]
    moves = moved(points, STEM + (0.8, 0), bar + (0, 0.8))
    stem, bars = np.split(moves[0], [SLOTS[0]])
    assert np.abs(stem - (0.8, 0)).max() < 0.35 and np.abs(bars - (0, 0.8)).max() < 0.35


def test_a_corner_is_written_and_a_jag_is_not():
    corner = np.concatenate([along(STEM, 100), np.stack([np.linspace(44, 58, 60), np.full(60, 45.0)], axis=1)])
    rounded = splined(Paths.of([[along(corner, 7)]], 1.0), 12).points
    moves = moved(letter(rounded, STEM - (20, 0)), corner, STEM - (20, 0))
    assert off(letter(rounded, STEM - (20, 0))[0] + moves[0], corner) < 0.5
    jag = STEM.copy()
    jag[60:120, 0] += np.interp(np.arange(60), [0, 12, 24, 36, 48, 59], [0, 3, -3, 3, -3, 0])
    steps = np.diff((letter(STEM, RING) + moved(letter(STEM, RING), jag, RING))[0, : SLOTS[0]], axis=0)
    turns = np.abs(np.diff(np.arctan2(steps[:, 1], steps[:, 0])))
    assert turns.max() < 1


@pytest.mark.parametrize("ink", [[], [RING + 20, STEM - 25]])
def test_offsets_are_whole_steps_within_bounds(ink):
    moves = moved(letter(), *ink)
    assert np.abs(moves).max() <= OFFSETS and (moves / OFFSET_STEP == np.rint(moves / OFFSET_STEP)).all()
    assert moves.any() == bool(ink)


def test_strokes_that_are_not_there_do_not_move():
    moves = moved(letter(), RING * (1.05, 1), there=(True, False))[0]
    assert moves[: SLOTS[0]].any() and not moves[SLOTS[0] :].any()


def test_a_dot_is_moved_as_one():
    dot = np.array([[44.0, 20], [44.4, 20]])
    moves = moved(letter(stem=dot + (1, 1)), RING, dot)[0, SLOTS[0] :]
    assert np.abs(moves.mean(axis=0) + 1).max() < 0.4 and np.ptp(moves, axis=0).max() < 0.5

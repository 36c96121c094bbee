"""Letters of the bank as a hand draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.alphabets import likeness
from handsynth.alphabets.bank import bank
from handsynth.alphabets.likeness import Build
from handsynth.frame import Frame
from handsynth.paths import Paths, splined

WAVES = 3
"""The frame is bent by cosines of so many half waves along x and along y, at most."""

BENT = 0.045
"""How far the slowest of them carries a point, in x-heights; a standard deviation, as all of these."""

TURNED, LEANT, STRETCHED, RAISED = 0.035, 0.05, 0.06, 0.02
"""Radians; x per height; share of the size; x-heights."""

LOOSE = 0.022
"""How far a stroke is beside its place, in x-heights."""

STROKES = 8
"""Strokes that are moved by numbers of their own; more share them."""

NOISE = 5 + 2 * (WAVES * WAVES - 1) + 2 * STROKES
"""Numbers that make one drawing differ from another."""

_LEFT, _WIDTH, _FOOT, _HEIGHT = -1.0, 2.0, -0.7, 2.4
"""The part of the plane on which the waves are counted, in x-heights."""


@dataclass(frozen=True, eq=False)
class Alphabet:
    """What a hand makes of the bank."""

    order: tuple[int, ...]
    """The writers, those first whose Latin letters are most like the hand's."""
    build: Build

    def number(self, char: str) -> tuple[int, int]:
        """Writer and number in the bank of a letter: of the first writer who has it."""
        places = bank().places
        writer = next(writer for writer in self.order if (writer, char) in places)
        return writer, places[writer, char]


def alphabet(probes: Sequence[str], drawn: Paths, frame: Frame) -> Alphabet:
    """The alphabet of a hand from its drawings of Latin letters."""
    fine = splined(drawn, 4)
    points = (fine.points.astype(np.float64) - (frame.size / 2, frame.baseline)) / frame.xheight * (1, -1)
    lines = {}
    for row, char in enumerate(probes):
        ends = fine.strokes[fine.glyphs[row] : fine.glyphs[row + 1] + 1]
        if len(ends) > 1:
            lines[char] = likeness.even([points[a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)])
    own = likeness.build(lines)
    near = [(likeness.distance(lines, own, writer), writer.number) for writer in likeness.writers()]
    return Alphabet(tuple(number for _, number in sorted(near)), own)


def draw(own: Alphabet, chars: Sequence[str], noise: np.ndarray, width: float, frame: Frame) -> Paths:
    """Letters `chars` [n] under `noise` float32 [n,NOISE] by a pen of `width` px."""
    store, result = bank(), []
    for char, row in zip(chars, np.asarray(noise, np.float64), strict=True):
        writer, number = own.number(char)
        strokes = store.letter(number)
        points = np.concatenate(strokes).astype(np.float64)
        stroke = np.repeat(np.arange(len(strokes)), [len(one) for one in strokes])
        bent = _bent(points, stroke, row)
        fit = likeness.fitted(bent, char.isupper(), own.build, likeness.writers()[writer].build)
        middle = (fit[:, 0].min() + fit[:, 0].max()) / 2
        px = (fit - (middle, 0.0)) * frame.xheight * (1, -1) + (frame.size / 2, frame.baseline)
        result.append([px[stroke == i] for i in range(len(strokes))])
    return Paths.of(result, width)


def _bent(points: np.ndarray, stroke: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Points [k,2] of one letter, moved smoothly: strokes that meet still do, but for their own looseness."""
    turn, lean, wide, high, up = noise[:5] * (TURNED, LEANT, STRETCHED, STRETCHED, RAISED)
    count = WAVES * WAVES - 1
    waves, loose = noise[5 : 5 + 2 * count].reshape(2, count), noise[5 + 2 * count :].reshape(2, STROKES)
    u = np.pi * np.clip((points[:, 0] - _LEFT) / _WIDTH, 0, 1)
    v = np.pi * np.clip((points[:, 1] - _FOOT) / _HEIGHT, 0, 1)
    shift = np.zeros_like(points)
    pairs = [(i, j) for i in range(WAVES) for j in range(WAVES) if i or j]
    for number, (i, j) in enumerate(pairs):
        shift += BENT / (i + j) * (np.cos(i * u) * np.cos(j * v))[:, None] * waves[:, number]
    shift += LOOSE * loose.T[stroke % STROKES]
    x, y = points.T
    linear = np.stack([wide * x + (lean - turn) * y, turn * x + high * y + up], axis=1)
    return points + shift + linear

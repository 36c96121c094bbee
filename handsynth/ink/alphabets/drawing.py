"""Letters of the bank as a hand draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.alphabets import likeness
from handsynth.ink.alphabets.bank import bank
from handsynth.ink.alphabets.likeness import Build
from handsynth.ink.paths import Paths, splined

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

    def writer(self, char: str) -> int:
        """The number of the first writer who has a letter."""
        places = bank().places
        return next(writer for writer in self.order if (writer, char) in places)


def alphabet(probes: Paths, frame: Frame) -> Alphabet:
    """The alphabet of a hand from its drawings of `PROBES`, in frame px."""
    fine = splined(probes, 4)
    points = (fine.points.astype(np.float64) - (frame.size / 2, frame.baseline)) / frame.xheight * (1, -1)
    own = likeness.likeness(replace(fine, points=points))
    return Alphabet(likeness.nearest(own), own.build)


def draw(own: Alphabet, chars: Sequence[str], noise: np.ndarray, width: float, frame: Frame) -> Paths:
    """Letters `chars` [n] under `noise` float32 [n,NOISE], in frame px, by a pen of `width` px."""
    store = bank()
    writer = np.array([own.writer(char) for char in chars])
    places = [store.places[key] for key in zip(writer.tolist(), chars, strict=True)]
    found = store.letters.take(np.array(places))
    letter = found.owner[found.stroke]
    points = _bent(found, letter, np.asarray(noise, np.float64))
    capital = np.array([char.isupper() for char in chars])[letter]
    for number in np.unique(writer).tolist():
        mine = (writer == number)[letter]
        points[mine] = likeness.fitted(points[mine], capital[mine], own.build, likeness.writers()[number].build)
    first = found.strokes[found.glyphs[:-1]]
    left, right = np.minimum.reduceat(points[:, 0], first), np.maximum.reduceat(points[:, 0], first)
    points[:, 0] -= ((left + right) / 2)[letter]
    px = points * (frame.xheight, -frame.xheight) + (frame.size / 2, frame.baseline)
    return replace(found, points=px.astype(np.float32), width=np.full_like(found.width, width))


def _bent(found: Paths, letter: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """The points float64 [p,2], moved smoothly: strokes that meet still do, but for their own looseness.

    letter: int64 [p], whose row of `noise` [n,NOISE] moves a point.
    """
    points = found.points.astype(np.float64)
    x, y = points.T.copy()
    turn, lean, wide, high, up = (noise[:, :5] * (TURNED, LEANT, STRETCHED, STRETCHED, RAISED))[letter].T
    count = WAVES * WAVES - 1
    waves = noise[:, 5 : 5 + 2 * count].reshape(-1, 2, count)
    loose = noise[:, 5 + 2 * count :].reshape(-1, 2, STROKES)
    # strokes are counted in each letter
    number = found.stroke - found.glyphs[letter]
    points += np.stack([wide * x + (lean - turn) * y, turn * x + high * y + up], axis=1)
    points += LOOSE * loose[letter, :, number % STROKES]
    u = np.pi * np.clip((x - _LEFT) / _WIDTH, 0, 1)
    v = np.pi * np.clip((y - _FOOT) / _HEIGHT, 0, 1)
    pairs = [(i, j) for i in range(WAVES) for j in range(WAVES) if i or j]
    for wave, (i, j) in enumerate(pairs):
        points += BENT / (i + j) * (np.cos(i * u) * np.cos(j * v))[:, None] * waves[letter, :, wave]
    return points

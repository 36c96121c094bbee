"""Advances, bearings and kerning of a font, from the ink: the rule for distances that text on a page follows too."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.ink.profiles import Profiles
from handsynth.layout import spacing
from handsynth.layout.setting import TIGHTEST
from handsynth.text.charset import index_table

PARTNERS = "nohtaeisrldumgyvkHTAo.1"
"""The neighbours that bearings are measured with."""

_NARROWEST = 0.15, 0.6
"""Least advance: so many x-heights and this share of the ink's width."""

_MEASURED = 2
"""Pairs of drawings that kerning is the mean of."""

_CHUNK = 1 << 14


@dataclass(frozen=True, eq=False)
class Fit:
    """How far apart glyphs stand, in x-heights."""

    left: np.ndarray
    """float64 [g]: from a glyph's origin to its frame's centre line."""
    right: np.ndarray
    """float64 [g]: from there to the origin of the next one."""
    kerning: np.ndarray
    """float64 [c,c]: what is added between one character and the next."""


def fit(
    edges: Profiles,
    chars: Sequence[str],
    variants: int,
    frame: Frame,
    gap: float,
    bearings: Mapping[str, tuple[float, float]],
) -> Fit:
    """Fit the glyphs `edges` [c N], N drawings of each of c characters after each other.

    The distances D(a, b) of two glyphs are taken apart as right(a) + left(b) + kerning: bearings are the means over
    common neighbours, kerning is what is left. One number holds for all drawings of two characters, so it is lifted to
    where not even the worst two of them touch.
    """
    clearance = min(spacing.CLEARANCE, max(0.5 * gap, TIGHTEST))
    left, right = _bearings(edges, chars, variants, frame, gap, clearance)
    # letters may stand over or under a dot; its advance stays one that programs can deal with
    ink_left, ink_right = edges.box()
    lacking = 0.5 * (_NARROWEST[0] + _NARROWEST[1] * (ink_right - ink_left) - left - right).clip(0)
    left, right = left + lacking, right + lacking
    kerning = _kerning(edges, chars, variants, frame, gap, clearance, left, right)
    sides = np.repeat([bearings.get(char, (0.0, 0.0)) for char in chars], variants, axis=0)
    return Fit(left + sides[:, 0], right + sides[:, 1], kerning)


def _bearings(
    edges: Profiles, chars: Sequence[str], variants: int, frame: Frame, gap: float, clearance: float
) -> tuple[np.ndarray, np.ndarray]:
    chosen = [chars.index(char) for char in dict.fromkeys(PARTNERS) if char in chars]
    if len(chosen) < 5:
        chosen = np.unique(np.linspace(0, len(chars) - 1, 20).astype(np.int64)).tolist()
    partner = np.array(chosen, np.int64) * variants
    some = len(partner)
    square = _distances(edges, np.repeat(partner, some), np.tile(partner, some), frame, gap, clearance)
    square = square.reshape(some, some)
    # an additive fit; what belongs to which side of it is settled by equal white on both sides
    rows, columns, mean = square.mean(axis=1), square.mean(axis=0), square.mean()
    inks = edges.take(partner).box()
    after, before = rows - 0.5 * mean - inks[1], columns - 0.5 * mean + inks[0]
    shift = 0.5 * float((after - before).mean())
    right, left = rows - 0.5 * mean - shift, columns - 0.5 * mean + shift
    every = np.arange(len(edges))
    one, other = np.repeat(every, some), np.tile(partner, len(every))
    towards = _distances(edges, one, other, frame, gap, clearance).reshape(-1, some)
    away = _distances(edges, other, one, frame, gap, clearance).reshape(-1, some)
    return (away - right).mean(axis=1), (towards - left).mean(axis=1)


def _kerning(
    edges: Profiles,
    chars: Sequence[str],
    variants: int,
    frame: Frame,
    gap: float,
    clearance: float,
    left: np.ndarray,
    right: np.ndarray,
) -> np.ndarray:
    # a letter with an accent keeps the distances of the letter
    known = index_table(chars)
    stem = np.array([known.get(unicodedata.normalize("NFD", char)[0], i) for i, char in enumerate(chars)])
    measured, place = np.unique(stem, return_inverse=True)
    count = len(measured)
    first, second = np.repeat(measured, count) * variants, np.tile(measured, count) * variants
    kerning = np.zeros(count * count)
    turns = min(_MEASURED, variants)
    for turn in range(turns):
        a, b = first + turn, second + (turn + 1) % variants
        kerning += _distances(edges, a, b, frame, gap, clearance) - right[a] - left[b]
    whole = (kerning / turns).reshape(count, count)[np.ix_(place, place)]
    return np.asarray(np.maximum(whole, _bounds(edges, variants, frame, clearance, left, right)))


def _bounds(
    edges: Profiles, variants: int, frame: Frame, clearance: float, left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Least kerning [c,c] at which no two drawings come nearer than `clearance`: that of their envelopes."""
    shape = (-1, variants, edges.left.shape[1])
    envelope = Profiles(
        (edges.left + left[:, None]).reshape(shape).min(axis=1),
        (edges.right - right[:, None]).reshape(shape).max(axis=1),
    )
    count = len(envelope)
    result = np.empty(count * count)
    for start in range(0, count * count, _CHUNK):
        pair = np.arange(start, min(start + _CHUNK, count * count))
        a, b = envelope.take(pair // count), envelope.take(pair % count)
        result[pair] = spacing.touching(a, b, frame, np.full(len(pair), clearance))
    return result.reshape(count, count)


def _distances(
    edges: Profiles, first: np.ndarray, second: np.ndarray, frame: Frame, gap: float, clearance: float
) -> np.ndarray:
    result = np.empty(len(first))
    for start in range(0, len(first), _CHUNK):
        part = slice(start, start + _CHUNK)
        result[part] = spacing.distances(edges.take(first[part]), edges.take(second[part]), frame, gap, clearance)
    return result

"""How like a person their hand is: nearer to what they wrote than how many of a hundred other people are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.drawing.decode import PLAIN_PEN
from handsynth.drawing.draw import TEMPERATURE
from handsynth.hands.hand import Hand, random_styles
from handsynth.model.model import Model

PEOPLE = 100
_LETTERS = 12
"""Letters that are compared, at most."""
_LEAST = 3
_AT_ONCE = 3
"""Letters after which those who are further for sure are looked at no more."""


def likeness(model: Model, hand: Hand, chars: Sequence[str], images: np.ndarray) -> int | None:
    """Of `PEOPLE` random hands, how many are further from `images` uint8 [n,H,H] of `chars` [n] than `hand` is.

    By the cosine distance of the reader's features, letter by letter, all drawn with the hand's pen. None without a
    reader, or of too few letters.
    """
    rows = list({char: row for row, char in reversed(list(enumerate(chars))) if char.isalnum()}.values())[:_LETTERS]
    if not model.has("reader") or len(rows) < _LEAST:
        return None
    some = [chars[row] for row in rows]
    index = model.index(some)
    real = model.read(images[rows].astype(np.float32) / 255)[1]
    places = np.array([noise.key_of("likeness", char) for char in some], np.uint64)
    # their ink itself would be no likeness
    ours = draw.glyphs(model, replace(hand, originals=None), index, places, 0, temperature=TEMPERATURE)
    away = float(_away(model.read(ours.ink())[1], real).sum())
    styles = random_styles(model, 0, range(PEOPLE))
    total = np.zeros(PEOPLE)
    # a person who is further in some of the letters already is so in all: distances are never negative
    for begin in range(0, len(some), _AT_ONCE):
        part = np.arange(begin, min(begin + _AT_ONCE, len(some)))
        people = np.flatnonzero(total <= away)
        if not len(people):
            break
        many = [noise.key_of("people", int(i) * len(some) + int(k)) for i in people for k in part]
        others = draw.glyphs(
            model, np.repeat(styles[people], len(part), axis=0), np.tile(index[part], len(people)),
            np.array(many, np.uint64), 0, temperature=TEMPERATURE,
        )  # fmt: skip
        if model.strokes:
            others = others.thicker((hand.pen_width - PLAIN_PEN) * model.frame.xheight / 2)
        far = _away(model.read(others.ink())[1], np.tile(real[part], (len(people), 1)))
        total[people] += far.reshape(len(people), -1).sum(axis=1)
    return int((total > away).sum())


def _away(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine distances [n] of features [n,F]."""
    length = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray(1 - (a * b).sum(axis=1) / np.maximum(length, 1e-9))

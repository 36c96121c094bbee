"""Letters that are not what they should be: another one in their place, or one that was crossed out."""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from handsynth import noise
from handsynth.drawing import draw
from handsynth.hands.hand import Hand
from handsynth.ink.measure import pen_width
from handsynth.learning.fields import EDGE, fields_of
from handsynth.learning.latents import fitted
from handsynth.learning.struck import struck_through
from handsynth.model.model import Model

_SURE, _NEVER = 0.5, 0.01
"""The reader takes a letter for another where it gives that so much, and what it should be less than this; both with
their look-alikes. Of people's letters 1.1 % are doubted so, and 95 % of those that stand in another's place."""

_UNREAD, _WELL = 0.1, 0.9
"""Where the reader gives less to what a letter should be, much ink in it says that it was crossed out; where it gives
more, no ink does: an I with bars has three times the strokes of one without."""

_MORE, _FAR_MORE = 1.35, 2.5
"""Times the usual length of strokes that a letter has which is not read, and one that is not read well."""

_OFF, _LEFT = 1.0, 0.3
"""A letter whose strokes the model draws so near to all ink, frame px (see `latents.Fitted`), was not crossed out, as
unusual as it may be: of 7 of people's letters that seemed to be 4 are cleared, of 300 that were crossed out 5 %. Nor is
one another letter that is nearer to these strokes than to the other's: of 119 of people's letters that were taken for
others a third is cleared, of 200 in another's place 3 %."""

_ALIKE = (
    "0oO",
    "1lI|i!",
    "2zZ",
    "3zZ",
    "5sS",
    "6b",
    "9gq",
    "8B",
    "uvUV",
    "nr",
    "'`,.´",
    "-_–—~",
    "cC(",
    "xX×",
    "kK",
    "wW",
    "pP",
)
"""Characters, beside the cases of one letter, that may well be taken for each other where they stand alone."""

_BARRED = frozenset("tfHZz047FøØđħŧĐĦŦ")
"""Characters with a line through them, for many people at least."""

_HANDS = 4
"""Hands of the gallery that tell how long the strokes of a letter usually are."""

_PEN_LETTERS = string.ascii_lowercase
"""Letters that their pens are measured on."""

_SCALE = 0.7, 1.4
"""How much longer or shorter all of a person's letters may be."""


def doubts(model: Model, chars: Sequence[str], images: np.ndarray) -> list[str | None]:
    """What is the matter with each of the letters uint8 [n,H,H] (255 = ink) of `chars` [n]: None where nothing is.

    Characters that the model does not know are never doubted, nor is any by a model without a reader.
    """
    result: list[str | None] = [None] * len(chars)
    rows = np.array([i for i, char in enumerate(chars) if char in model.charset], np.int64)
    if not len(rows) or not model.has("reader"):
        return result
    meant = model.index([chars[i] for i in rows.tolist()])
    chance = np.exp(model.read(images[rows].astype(np.float32) / 255)[0].astype(np.float64))
    alike = _alike(model.charset)
    right = (chance * alike[meant]).sum(axis=1)
    others = np.where(alike[meant], 0, chance) @ alike
    seen = np.where(alike[meant], 0, chance).argmax(axis=1)
    other = (right < _NEVER) & (others.max(axis=1) > _SURE)
    pen = pen_width(fields_of(images[rows], EDGE))
    longer, than_seen = _longer(model, meant, seen, images[rows], pen)
    crossed = ((right < _WELL) & (longer > _FAR_MORE)) | ((right < _UNREAD) & (longer > _MORE))
    # another letter may have longer strokes
    crossed &= ~other | (than_seen > _MORE)
    plain = np.array([chars[i].isalnum() and chars[i] not in _BARRED for i in rows.tolist()])
    crossed |= plain & struck_through(images[rows], pen)
    if model.strokes and model.has("encoder") and (crossed | other).any():
        drawn = _followed(model, meant, seen, images[rows], crossed, other & ~crossed)
        crossed, other = crossed & ~drawn, other & ~drawn
    for row, is_crossed, is_other, what in zip(rows.tolist(), crossed, other, seen.tolist(), strict=True):
        if is_crossed:
            result[row] = "looks crossed out"
        elif is_other:
            result[row] = f"looks like {model.charset[what]}"
    return result


def _followed(
    model: Model, meant: np.ndarray, seen: np.ndarray, images: np.ndarray, crossed: np.ndarray, other: np.ndarray
) -> np.ndarray:
    """Which of the letters uint8 [n,H,H] are drawn by strokes of what is `meant` [n] alone, bool [n].

    Of those only that seem to be `crossed` out, bool [n], or an `other` letter, bool [n]: strokes of what is `seen` [n]
    have to be further from their ink.
    """
    style = Hand.fit(model, images, [model.charset[i] for i in meant.tolist()]).style
    result = np.zeros(len(meant), bool)
    some = np.flatnonzero(crossed | other)
    ink = images[some], fields_of(images[some]), style
    fit = fitted(model, meant[some], *ink, lead=False)
    result[some] = (fit.off <= _OFF) & (fit.left <= _LEFT)
    also = result[some] & other[some]
    if also.any():
        ink = images[some[also]], fields_of(images[some[also]]), style
        result[some[also]] = fit.off[also] < fitted(model, seen[some[also]], *ink, lead=False).off
    return result


def _alike(charset: Sequence[str]) -> np.ndarray:
    """Whether one character alone may well be taken for another, bool [C,C]."""
    cases: dict[str, list[str]] = {}
    for char in charset:
        cases.setdefault(char.casefold(), []).append(char)
    result = np.eye(len(charset), dtype=bool)
    for group in (*_ALIKE, *cases.values()):
        members = [charset.index(char) for char in group if char in charset]
        result[np.ix_(members, members)] = True
    return result


def _longer(
    model: Model, meant: np.ndarray, seen: np.ndarray, images: np.ndarray, pen: float
) -> tuple[np.ndarray, np.ndarray]:
    """How much longer than usual the strokes of letters [n] are, of what is meant and of what is seen."""
    names = [each.name for each in model.card.gallery[:_HANDS]]
    if not names or not pen:
        return np.ones(len(meant)), np.ones(len(meant))
    every, which = np.unique(np.concatenate([meant, seen]), return_inverse=True)
    lengths = [_lengths(model, name, tuple(every.tolist())) for name in names]
    usual = np.maximum(np.median(lengths, axis=0), 1.0)[which].reshape(2, -1)
    longer, than_seen = images.sum(axis=(1, 2)) / 255 / pen / usual
    own = np.clip(np.median(longer), *_SCALE)
    return longer / own, than_seen / own


@lru_cache(64)
def _lengths(model: Model, name: str, index: tuple[int, ...]) -> np.ndarray:
    """Length of the strokes, frame px [n], of characters `index` by a hand of the gallery, as pictures tell it."""
    pen = max(_gallery_pen(model, name), 0.1)
    return np.asarray(_gallery_ink(model, name, index).sum(axis=(1, 2)) / 255 / pen)


@lru_cache(64)
def _gallery_pen(model: Model, name: str) -> float:
    """Width in frame px of a gallery hand's strokes, as measured on some letters."""
    some = tuple(model.numbers[char] for char in _PEN_LETTERS if char in model.charset) or (0,)
    return pen_width(fields_of(_gallery_ink(model, name, some), EDGE))


def _gallery_ink(model: Model, name: str, index: tuple[int, ...]) -> np.ndarray:
    places = np.array([noise.key_of("usual", model.charset[i]) for i in index], np.uint64)
    drawn = draw.glyphs(model, Hand.gallery(model, name), np.array(index, np.int64), places, 0)
    return (drawn.ink() * 255).astype(np.uint8)

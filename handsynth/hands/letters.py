"""Letters of one person as latents of the model: each can be drawn anew, as that person would write it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from handsynth import noise

MOST = 4000
"""Letters that a hand may know."""

PUT = 0.35
"""Share of what copies usually differ by that is put on a letter. What is drawn for each number of a latent by itself
spoils letters sooner than what people do: of 24 people's, 94 % are read where they wrote them, 93 % with half of it,
87 % with all of it; and all of it, about one copy, is further from the person than their own next copy is. By five
letters, in the reader's features, nine of 140 people are told in 12.8 % without any, 12.0 % with this, 11.0 % with
half of it; blurred ink of two copies differs by 0 %, 14 % and 19 %."""

STEADY = 0.2, 0.6
"""Least and greatest share."""

OFFSET_STEP, OFFSETS = 1 / 32, 127 / 32
"""Frame px: offsets are whole steps, so that they and the points of decoders add up to the same on every machine; and
how far they go."""

_USUAL = 6.0
"""Repeated letters that what is usual counts as, beside those of the person."""

_ANOTHER = 3.0
"""Times the usual variance beyond which a repetition is another form of the letter, and counts as no more."""

_MIDDLE = 0.5
"""Latents of one letter nearer than so much, root mean square over dimensions, are the same form of it."""


def rows_of(chars: Sequence[str]) -> dict[str, np.ndarray]:
    """The rows int64 [k] of each character among `chars`."""
    rows: dict[str, list[int]] = {}
    for row, char in enumerate(chars):
        rows.setdefault(char, []).append(row)
    return {char: np.array(found) for char, found in rows.items()}


@dataclass(frozen=True, eq=False)
class LetterLatents:
    """n letters; V the size of the model's variation, P its points of a letter."""

    chars: tuple[str, ...]
    """[n]; a character as often as it was written."""
    latents: np.ndarray
    """f32 [n,V]: variations that draw them."""
    deviation: np.ndarray
    """f32 [n,V]: standard deviations of those, as far as the ink told."""
    steady: float = PUT
    """How far copies of a letter are drawn apart, as a share of what those of one person usually differ by."""
    offsets: np.ndarray | None = None
    """f32 [n,P,2]: what is added to the points that the latents draw, frame px, in whole steps of `OFFSET_STEP`; None:
    nothing."""

    def __len__(self) -> int:
        return len(self.chars)

    @cached_property
    def _rows(self) -> dict[str, np.ndarray]:
        return rows_of(self.chars)

    def __contains__(self, char: str) -> bool:
        return char in self._rows

    def chosen(self, charset: Sequence[str], index: np.ndarray, places: np.ndarray, seed: int) -> np.ndarray:
        """Which letter stands at each of `places` uint64 [n] for the characters `index` [n]: its row, or -1."""
        result = np.full(len(index), -1, np.int64)
        for number in np.unique(index).tolist():
            rows = self._rows.get(charset[number])
            if rows is None:
                continue
            here = np.flatnonzero(index == number)
            result[here] = rows[0]
            if len(rows) > 1:
                drawn = noise.uniforms(seed, "hand", places[here], 1)[:, 0].astype(np.float64)
                result[here] = rows[(drawn * len(rows)).astype(np.int64)]
        return result

    def without(self, chars: str | Sequence[str]) -> LetterLatents | None:
        """The others; None if there are none."""
        return self.take(np.array([char not in set(chars) for char in self.chars], bool))

    def take(self, keep: np.ndarray) -> LetterLatents | None:
        """Those of bool [n]; None if there are none."""
        if not keep.any():
            return None
        chars = tuple(char for char, kept in zip(self.chars, keep, strict=True) if kept)
        offsets = None if self.offsets is None else self.offsets[keep]
        return LetterLatents(chars, self.latents[keep], self.deviation[keep], self.steady, offsets)


def steadiness(chars: Sequence[str], latents: np.ndarray, usual: np.ndarray) -> float:
    """How far to draw copies apart, as a share of the `usual` standard deviation f32 [V]: `PUT`, for usual people.

    By the variance within repeated letters, of `chars` [n] with `latents` f32 [n,V]; with few repetitions it is nearer
    to the usual.
    """
    whole = float((usual.astype(np.float64) ** 2).sum())
    squares, count = 0.0, 0
    for char in dict.fromkeys(chars):
        rows = np.array([i for i, other in enumerate(chars) if other == char])
        if len(rows) < 2:
            continue
        off = (latents[rows] - latents[rows].mean(axis=0)).astype(np.float64)
        variance = float((off**2).sum()) / (len(rows) - 1) / whole
        squares += min(variance, _ANOTHER) * (len(rows) - 1)
        count += len(rows) - 1
    share = PUT * np.sqrt((squares + _USUAL) / (count + _USUAL))
    return round(float(np.clip(share, *STEADY)), 3)


def mixed(parts: Sequence[tuple[LetterLatents | None, float]]) -> LetterLatents | None:
    """One letter of each character that all parts know, in these shares, which sum up to 1.

    Where their forms are too far apart to have a middle, that of the greatest share is taken.
    """
    known = [(letters, share) for letters, share in parts if share > 0]
    if not known or any(letters is None for letters, _ in known):
        return None
    first, _ = known[0]
    assert first is not None
    chars = [char for char in dict.fromkeys(first.chars) if all(char in part for part, _ in known if part is not None)]
    if not chars:
        return None
    some = [(part, share) for part, share in known if part is not None]
    points = next((part.offsets.shape[1:] for part, _ in some if part.offsets is not None), None)
    latents, deviations, offsets = [], [], []
    for char in chars:
        ways = [(part, part._rows[char][0], share) for part, share in some]
        main, first_row, _ = max(ways, key=lambda way: way[2])
        form = main.latents[first_row]
        near = all(float(np.sqrt(((part.latents[row] - form) ** 2).mean())) < _MIDDLE for part, row, _ in ways)
        ways = ways if near else [way for way in ways if way[0] is main]
        total = sum(share for *_, share in ways)
        latents.append(sum(part.latents[row] * (share / total) for part, row, share in ways))
        deviations.append(sum(part.deviation[row] * (share / total) for part, row, share in ways))
        moves = [part.offsets[row] * (share / total) for part, row, share in ways if part.offsets is not None]
        if points is not None:
            offsets.append(sum(moves, np.zeros(points, np.float32)))
    steady = sum(part.steady * share for part, share in some)
    return LetterLatents(
        tuple(chars),
        np.array(latents, np.float32),
        np.array(deviations, np.float32),
        steady,
        in_steps(np.array(offsets)) if offsets else None,
    )


def in_steps(offsets: np.ndarray) -> np.ndarray:
    """The nearest f32 whole steps within what offsets may be."""
    steps = np.floor(offsets.astype(np.float64) / OFFSET_STEP + 0.5) * OFFSET_STEP
    return steps.clip(-OFFSETS, OFFSETS).astype(np.float32)


@dataclass(frozen=True)
class Kept:
    """Letter forms that a hand keeps: noise of one key, for each character one of several."""

    key: int
    """64 bits."""
    weight: float = 1.0
    forms: Mapping[str, int] = field(default_factory=dict, hash=False)
    """The number of a character's form, where it is not 0 (see `forms`)."""
    style: tuple[float, ...] | None = None
    """Of the hand whose forms they are; None: of the hand that keeps them."""
    styles: Mapping[str, tuple[float, ...]] = field(default_factory=dict, hash=False)
    """In which single characters are drawn, instead."""

    def noise(self, chars: Sequence[str], size: int) -> np.ndarray:
        """Standard normal f32 [n,size] of characters [n]."""
        numbers = [(char, self.forms.get(char, 0)) for char in chars]
        places = [noise.key_of("letter", char, *([number] if number else [])) for char, number in numbers]
        return noise.normals(self.key, "hand", np.array(places, np.uint64), size)

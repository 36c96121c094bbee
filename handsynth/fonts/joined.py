"""Joined forms of letters, for fonts: the same drawings with the halves of joins that meet those of their neighbours.

A font's letters do not know each other, so joins go through gates, two places over the baseline that all letters
share: a low one, and a high one after letters like o, v and w. A form is entered through one of them or not at all, and
left or not, which makes five beside the letter for itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handsynth.frame import Frame
from handsynth.hands.joining import SMALL, Joining, letter
from handsynth.ink.glyph import Glyphs, PenGlyphs
from handsynth.ink.paths import Paths
from handsynth.layout.arches import ARMED, DOTTED, FALL
from handsynth.layout.ends import ROUND, ends
from handsynth.layout.gates import entries, halves
from handsynth.layout.penends import Ends
from handsynth.text.bases import among

GATES = np.array([(0.2, 0.93, -0.36), (0.78, 1.0, -0.08)])
"""The low and the high gate: height over the baseline in x-heights, and the direction of the pen, y down."""

LOW, HIGH = 0, 1

KINDS: dict[str, tuple[int, bool]] = {
    "init": (-1, True), "medi": (LOW, True), "fina": (LOW, False),
    "medi.high": (HIGH, True), "fina.high": (HIGH, False),
}  # fmt: skip
"""What the names of forms end in: the gate that each is entered through (-1: none), and whether it is left."""


@dataclass(frozen=True, eq=False)
class Forms:
    """f joined forms of a font's characters."""

    glyphs: Glyphs
    """[f]."""
    char: np.ndarray
    """int64 [f]: place in the font's characters."""
    variant: np.ndarray
    """int64 [f]."""
    kind: tuple[str, ...]
    """[f]: of KINDS."""
    left: np.ndarray
    """float64 [f]: from the origin to the frame's centre line, in x-heights."""
    right: np.ndarray
    """float64 [f]: from there to the next glyph's origin."""
    exits: dict[int, int]
    """The gate through which each character is left that can be."""
    pairs: dict[int, tuple[int, ...]]
    """For each of them the characters that it is joined to."""


def forms(
    chars: Sequence[str], variants: int, glyphs: Glyphs, left: np.ndarray, right: np.ndarray, joining: Joining,
    frame: Frame,
) -> Forms | None:  # fmt: skip
    """The joined forms of a font whose drawings are `glyphs` [c N]; None where it joins none.

    `left`, `right` float64 [c N]: from the origin to the frame's centre line and from there to the next origin, in
    x-heights, of letters for themselves.
    """
    if not isinstance(glyphs, PenGlyphs):
        return None
    some, k = ends(glyphs.paths, frame, [char for char in chars for _ in range(variants)]), float(frame.xheight)
    numbers = np.array([letter(char) for char in chars], np.int64)
    count = len(chars)
    shape = (count, variants)
    lettered = (numbers >= 0)[:, None]
    small = lettered & (numbers < len(SMALL))[:, None]
    high = ((frame.baseline - some.exit[: count * variants, 1]) / k > ROUND).reshape(shape)
    leaves = some.leaves[: count * variants].reshape(shape) & lettered
    enters = some.enters[: count * variants].reshape(shape) & small
    # a letter is left at one height in all its drawings
    gate = np.where((leaves & high).sum(axis=1) * 2 > leaves.sum(axis=1), HIGH, LOW)
    leaves &= high == (gate == HIGH)[:, None]
    table = joining.table()
    low = _low(some, glyphs.paths, enters, frame, chars)
    able = np.flatnonzero(leaves.any(axis=1))
    into = np.flatnonzero(enters.any(axis=1))
    arched = (gate == HIGH) & among(chars, np.arange(count), ARMED)
    slopes, pointed = (
        (kind[: count * variants].reshape(shape) & enters).sum(axis=1) * 2 > enters.sum(axis=1)
        for kind in (some.slopes, some.pointed)
    )
    astray = (arched[:, None] & low) | np.where((gate == HIGH)[:, None], slopes, pointed)
    pairs = {int(i): tuple(into[table[numbers[i], numbers[into]] & ~astray[i, into]].tolist()) for i in able}
    pairs = {i: rights for i, rights in pairs.items() if rights}
    if not pairs:
        return None
    reached = sorted({right for rights in pairs.values() for right in rights})
    char, variant, source, kind = [], [], [], []
    for i in sorted({*pairs, *reached}):
        for name, (entered, left_too) in KINDS.items():
            if (entered >= 0 and i not in reached) or (left_too and i not in pairs):
                continue
            usable = np.ones(variants, bool)
            usable &= enters[i] if entered >= 0 else True
            usable &= leaves[i] if left_too else True
            if not usable.any():
                usable = enters[i] if entered >= 0 else leaves[i]
            good = np.flatnonzero(usable)
            for number in range(variants):
                char.append(i)
                variant.append(number)
                # a drawing that cannot be joined so gives way to the next one that can
                source.append(i * variants + int(good[np.searchsorted(good, number) % len(good)]))
                kind.append(name)
    rows = np.array(source, np.int64)
    enter = np.array([KINDS[name][0] for name in kind], np.int64)
    leave = np.where([KINDS[name][1] for name in kind], gate[np.array(char)], -1)
    made, edges = halves(glyphs.paths.take(rows), enter, leave, GATES, frame, [chars[i] for i in char])
    middle = frame.size / 2
    return Forms(
        PenGlyphs(made, frame.size),
        np.array(char, np.int64),
        np.array(variant, np.int64),
        tuple(kind),
        np.where(np.isnan(edges[:, 0]), left[rows], (middle - edges[:, 0]) / k),
        np.where(np.isnan(edges[:, 1]), right[rows], (edges[:, 1] - middle) / k),
        {i: int(gate[i]) for i in pairs},
        pairs,
    )


def _low(some: Ends, paths: Paths, enters: np.ndarray, frame: Frame, chars: Sequence[str]) -> np.ndarray:
    """Which characters bool [c] are entered so far below the high gate that an r before them would be an n.

    `enters` bool [c,N]: which drawings can be entered.
    """
    rows = np.flatnonzero(enters.ravel())
    _, entry = entries(some, paths, rows, np.full(len(rows), GATES[HIGH, 0]), frame)
    low = np.zeros(enters.size, bool)
    low[rows] = (frame.baseline - entry[:, 1]) / frame.xheight < GATES[HIGH, 0] - FALL
    most = low.reshape(enters.shape).sum(axis=1) * 2 > enters.sum(axis=1)
    return np.asarray(most & ~among(chars, np.arange(len(chars)), DOTTED))

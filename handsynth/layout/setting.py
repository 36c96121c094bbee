"""Setting: how text is set, and how far apart the glyphs of a script stand because of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from handsynth import dials
from handsynth.dials.choices import Missing
from handsynth.errors import InputError
from handsynth.frame import Frame
from handsynth.hands.joining import Joining
from handsynth.ink.profiles import Profiles
from handsynth.layout import spacing, unevenness
from handsynth.layout.words import Script
from handsynth.text.recipes import Recipes
from handsynth.units import plain

LINE_HEIGHT = 3.0
"""From baseline to baseline, in x-heights."""

WORD_SPACE = 0.75
"""Clear space between words, in x-heights (see spacing.apart)."""

INDENT = 1.1
"""Width of a blank at the beginning of a line, and of every further one between words, in x-heights."""

WRAP = 2.0, 1e5
"""Least and greatest width to wrap lines at, in x-heights."""

WIDER = 1.0
"""The space between words is wider by so much of what gaps are beyond the usual: words of wide hands hold together."""

NEAT = 0.2
"""How uneven the writing of nobody in particular is, beside most people's."""

TIGHTEST = 0.04
"""Clearance of letters, in x-heights, that no letter spacing goes below."""

RULED, RULE, OVERLAP = "_", 3, 0.05
"""So many of these beside each other are one line to write on: their ends overlap by so much, in x-heights."""

_CHUNK = 1024


@dataclass(frozen=True)
class Setting:
    """How text is set. Lengths are in x-heights."""

    wrap: float | None = None
    """Greatest width of a line; None: lines end only where the text says so."""
    gap: float = spacing.DEFAULT_GAP
    """Clear space between two straight stems."""
    letter_spacing: float = dials.default("letter_spacing")
    """Multiplies the space between letters."""
    word_spacing: float = dials.default("word_spacing")
    """Multiplies the space between words."""
    line_spacing: float = dials.default("line_spacing")
    """Multiplies the distance of the lines."""
    margin: float = dials.default("margin")
    """Paper around the text."""
    wander: float = dials.default("wander")
    """Multiplies what the baseline wanders; 0 is a ruler."""
    missing: Missing = dials.default("missing")
    """What to do with characters that cannot be drawn: error, skip or box."""
    recipes: Recipes | None = None
    """The user's own recipes of characters."""
    joins: Joining | None = None
    """Which letters are joined; None: none."""
    unevenness: float = NEAT
    """How far the hand's letters stray from the line and from even gaps: 0 not at all, 1 as those of most people."""
    key: int = 0
    """Of the hand: its letters stray in part alike wherever they stand."""

    def __post_init__(self) -> None:
        for name in ("gap", "letter_spacing", "word_spacing", "line_spacing", "margin", "wander"):
            dials.check(name, getattr(self, name))
        if self.wrap is not None and not WRAP[0] <= self.wrap <= WRAP[1]:
            raise InputError(
                f"lines are to wrap at {plain(self.wrap)} x-heights; give a width of 2 to 100,000 of them", "wrap"
            )


def steps(
    script: Script,
    edges: Profiles,
    frame: Frame,
    setting: Setting,
    bearings: Mapping[str, tuple[float, float]],
    gaps: np.ndarray,
    stray: unevenness.Strays,
) -> np.ndarray:
    """Distance [n] of each glyph's centre line from the one before it that is not an optional hyphen.

    `gaps` [n]: the gap of the hand that writes each glyph, in place of the setting's.
    """
    count = len(script.items)
    step = np.zeros(count)
    before = np.maximum.accumulate(np.where(script.optional, 0, np.arange(count)))
    before = np.concatenate([[0], before[:-1]]) if count else before
    pairs = np.flatnonzero(script.newlines == 0)
    pairs = pairs[pairs > 0]
    sides = np.array([bearings.get(item.text, (0.0, 0.0)) for item in script.items]).reshape(-1, 2)
    extra = sides[before, 1] + sides[:, 0]
    blank = WORD_SPACE + gaps + WIDER * np.maximum(gaps - spacing.DEFAULT_GAP, 0.0)
    gap = unevenness.gaps(gaps, blank, stray.gap) * setting.letter_spacing
    # by the usual gap: letters that stray nearer still do not touch
    clearance = np.minimum(spacing.CLEARANCE, np.maximum(0.5 * gaps * setting.letter_spacing, TIGHTEST))
    # a blank is wider by its own letter space and that of the letter before it, as in typesetting
    wider = gaps * (setting.letter_spacing - 1) * (2 if setting.letter_spacing > 1 else 1)
    blank = unevenness.blanks(blank, stray.gap)
    raised = setting.wander * (stray.shift - stray.shift[before])
    word_space = np.maximum(0.0, blank * setting.word_spacing + wider)
    ruled = _ruled(script)
    for start in range(0, len(pairs), _CHUNK):
        now = pairs[start : start + _CHUNK]
        near = now[script.space[now] == 0]
        far = now[script.space[now] > 0]
        if len(near):
            first, second = edges.take(before[near]), edges.take(near)
            distance = spacing.distances(first, second, frame, gap[near], clearance[near], raised[near])
            line = first.box()[1] - second.box()[0] - OVERLAP
            step[near] = np.where(ruled[near], line, distance + extra[near] * setting.letter_spacing)
        if len(far):
            wide = script.space[far]
            blanks = np.minimum(wide, 1.0) * word_space[far]
            blanks += np.maximum(wide - 1.0, 0.0) * INDENT * setting.word_spacing
            first, second = edges.take(before[far]), edges.take(far)
            tight = spacing.distances(first, second, frame, gap[far], clearance[far], raised[far])
            step[far] = np.maximum(tight, spacing.apart(first, second, frame, blanks))
    return step


def _ruled(script: Script) -> np.ndarray:
    """Which glyphs go on with a line to write on that the one before is part of, bool [n]."""
    texts = [item.text for item in script.items]
    count, begin = len(texts), 0
    result = np.zeros(count, bool)
    if texts.count(RULED) < RULE:
        return result
    for at in range(1, count + 1):
        on = at < count and texts[at] == RULED == texts[begin]
        if on and script.newlines[at] == 0 and script.space[at] == 0:
            continue
        result[begin + 1 : at] = at - begin >= RULE
        begin = at
    return result

"""From a script to lines: what every layout, of one picture or of a document, does alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from handsynth import noise
from handsynth.arrays import Floats
from handsynth.frame import Frame
from handsynth.ink.glyph import Glyphs, PenGlyphs, joined
from handsynth.ink.profiles import Profiles
from handsynth.layout import spacing, unevenness
from handsynth.layout.contexts import contexts
from handsynth.layout.drawing import GlyphDrawer, draw_glyphs
from handsynth.layout.ends import bodies_first
from handsynth.layout.joins import following, spread
from handsynth.layout.lines import BrokenLines, break_lines
from handsynth.layout.setting import Setting, steps
from handsynth.layout.words import Script, hyphenate
from handsynth.model.graphs import CONTEXT
from handsynth.text import charset as characters
from handsynth.text.signs import Piece


@dataclass(frozen=True, eq=False)
class Typesetter:
    """Sets scripts in lines: what draws their glyphs, and how these are spaced."""

    draw: GlyphDrawer
    charset: Sequence[str]
    """What `draw` can draw, in the order of its indices."""
    frame: Frame
    seed: int = 0
    setting: Setting = field(default_factory=Setting)
    bearings: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Space to add left and right, in x-heights, of characters whose ink misleads, before spacing.BEARINGS."""

    @cached_property
    def index(self) -> dict[str, int]:
        return characters.index_table(self.charset)

    @cached_property
    def sides(self) -> dict[str, tuple[float, float]]:
        return {**spacing.BEARINGS, **self.bearings}

    @cached_property
    def hyphen(self) -> tuple[Piece, ...] | None:
        return characters.Charset(self.charset, self.setting.recipes).pieces("-")

    def drawn(self, glyphs: Sequence[tuple[Script, int]]) -> Glyphs:
        """Glyphs, each given by its script and its number there, none of them joined to another one."""
        seeds = np.full(len(glyphs), self.seed, np.uint64)
        return draw_glyphs(glyphs, self.draw, self.index, self.frame, seeds)

    def written(self, scripts: Sequence[Script]) -> Glyphs:
        """All glyphs of scripts, those that are joined drawn for their neighbours by hands that do so."""
        glyphs = [(script, number) for script in scripts for number in range(len(script.items))]
        seeds = np.full(len(glyphs), self.seed, np.uint64)
        known = told([self] * len(scripts), scripts)
        return draw_glyphs(glyphs, self.draw, self.index, self.frame, seeds, known)

    def keys(self, script: Script) -> np.ndarray:
        """Noise keys uint64 [w] of the words."""
        return np.array([noise.key_of(*pair) for pair in zip(script.words, script.times, strict=True)], np.uint64)


@dataclass(frozen=True, eq=False)
class Typeset:
    """A script in lines; `drawn` and `shift` [n] go with the script's glyphs, `lines` says which are kept."""

    script: Script
    drawn: Glyphs
    lines: BrokenLines
    shift: np.ndarray
    """Baseline shift of each letter, see `unevenness.Strays`."""


def told(typesetters: Sequence[Typesetter], scripts: Sequence[Script]) -> Floats | None:
    """Contexts f32 [n,CONTEXT] of the glyphs of all scripts, one after the other; None: none is drawn in one."""
    parts, any_of_them = [], False
    for typesetter, script in zip(typesetters, scripts, strict=True):
        tied = typesetter.setting.joins
        if tied is not None and tied.contextual:
            any_of_them = True
            texts = [item.text for item in script.items]
            parts.append(contexts(texts, script.word, *following(script, tied), tied))
        else:
            parts.append(np.zeros((len(script.items), CONTEXT), np.float32))
    return np.concatenate(parts) if any_of_them else None


def as_written(typesetters: Sequence[Typesetter], scripts: Sequence[Script], drawn: Glyphs) -> Glyphs:
    """`drawn` [n], of all scripts one after the other, in the order in which who joins letters writes their strokes."""
    if not isinstance(drawn, PenGlyphs) or all(typesetter.setting.joins is None for typesetter in typesetters):
        return drawn
    pairs = zip(typesetters, scripts, strict=True)
    texts = ["" if who.setting.joins is None else item.text for who, script in pairs for item in script.items]
    paths = bodies_first(drawn.paths, typesetters[0].frame, texts)
    return drawn if paths is drawn.paths else PenGlyphs(paths, drawn.size)


def distances(
    typesetters: Sequence[Typesetter], scripts: Sequence[Script], drawn: Glyphs, edges: Profiles
) -> tuple[np.ndarray, np.ndarray]:
    """How far each glyph [n] of all scripts, one after the other, stands from the one before, with room for joins; and
    its baseline shift [n].

    `typesetters`: of each script; their settings differ in `gap`, `unevenness` and `joins` alone. `edges` are those of
    `drawn` [n].
    """
    frame, setting, sides = typesetters[0].frame, typesetters[0].setting, typesetters[0].sides
    counts = [len(script.items) for script in scripts]
    gaps = np.repeat([float(typesetter.setting.gap) for typesetter in typesetters], counts)
    seeds = np.repeat(np.array([typesetter.seed for typesetter in typesetters], np.uint64), counts)
    script = _one(scripts)
    stray = unevenness.strays(script, seeds, [(who.setting.unevenness, who.setting.key) for who in typesetters], counts)
    step = steps(script, edges, frame, setting, sides, gaps, stray)
    pairs = [
        np.stack(following(script, typesetter.setting.joins)) + begin
        for typesetter, script, begin in zip(typesetters, scripts, np.cumsum([0, *counts[:-1]]), strict=True)
        if typesetter.setting.joins is not None
    ]
    if not pairs:
        return step, stray.shift
    before, after = np.concatenate(pairs, axis=1)
    texts = [item.text for script in scripts for item in script.items]
    apart = np.repeat([who.setting.joins is not None and who.setting.joins.contextual for who in typesetters], counts)
    return spread(step, before, after, drawn, frame, texts, edges, apart, gaps), stray.shift


def _one(scripts: Sequence[Script]) -> Script:
    """One script of all glyphs, in which every text begins a line of its own; its words are those of the first, and
    numbers of words come again."""
    if len(scripts) == 1:
        return scripts[0]
    names = [f.name for f in fields(Script) if isinstance(getattr(scripts[0], f.name), np.ndarray)]
    columns: dict[str, Any] = {name: np.concatenate([getattr(script, name) for script in scripts]) for name in names}
    starts = np.cumsum([0] + [len(script.items) for script in scripts[:-1]])
    columns["newlines"][starts] = np.maximum(columns["newlines"][starts], 1)
    return replace(scripts[0], items=[item for script in scripts for item in script.items], **columns)


def typeset(
    typesetter: Typesetter,
    script: Script,
    drawn: Glyphs,
    indent: Callable[[Script], np.ndarray],
    wrap: float | None,
    size: np.ndarray | None = None,
    adjust: Callable[[Script, np.ndarray, Profiles, np.ndarray], np.ndarray] | None = None,
) -> Typeset:
    """Set `script`, drawn as `drawn` [n], in lines no wider than `wrap`.

    `indent` gives, for a script, where a line begins that begins with each of its glyphs [n]; `size` [w] is the size of
    each word; `adjust` may change the distances [n], and is given the baseline shift [n]. All in x-heights.
    """

    def lines_of(script: Script, drawn: Glyphs) -> tuple[BrokenLines, np.ndarray]:
        edges = drawn.profiles(typesetter.frame)
        step, shift = distances([typesetter], [script], drawn, edges)
        left, right = edges.box()
        if size is not None:
            # the distance of two words of different sizes is that of two of the size between
            zoom = size[script.word]
            step *= 0.5 * (zoom + np.concatenate([zoom[:1], zoom[:-1]]))
            left, right = left * zoom, right * zoom
        if adjust is not None:
            step = adjust(script, step, edges, shift)
        return break_lines(script, step, left, right, indent(script), wrap), shift

    drawn = as_written([typesetter], [script], drawn)
    lines, shift = lines_of(script, drawn)
    if len(lines.torn) and typesetter.hyphen:
        script, added = hyphenate(script, set(script.word[lines.torn].tolist()), typesetter.hyphen)
        if len(added):
            marks = typesetter.drawn([(script, at) for at in added.tolist()])
            order = np.insert(np.arange(len(drawn)), added - np.arange(len(added)), len(drawn) + np.arange(len(added)))
            drawn = joined([drawn, marks], typesetter.frame.size).take(order)
            lines, shift = lines_of(script, drawn)
    return Typeset(script, drawn, lines, shift)

"""Text to a Page: characters, words, noise, glyphs, distances, lines, baseline. The only layout path there is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np

from handsynth import charset as characters
from handsynth import noise
from handsynth.charset import Missing
from handsynth.errors import InputError
from handsynth.frame import Frame
from handsynth.layout import baseline, spacing
from handsynth.layout.compose import box, compose
from handsynth.layout.lines import Lines, break_lines
from handsynth.layout.page import Page, ink_boxes
from handsynth.layout.words import Script, hyphenate, split
from handsynth.units import plain

LINE_HEIGHT = 3.0
"""From baseline to baseline, in x-heights."""

WORD_SPACE = 0.75
"""Clear space between words, in x-heights (see spacing.apart)."""

INDENT = 1.1
"""Width of a blank at the beginning of a line, and of every further one between words, in x-heights."""

CLEAR_LINES = 0.1
"""Ink of neighbouring lines stays this far apart, in x-heights."""

WRAP = 2.0, 1e5
"""Least and greatest width to wrap lines at, in x-heights."""

TIGHTEST = 0.04
"""Clearance of letters, in x-heights, that no letter spacing goes below."""

_CHUNK = 1024
_BIN = 0.25


class Draw(Protocol):
    """Draws characters `index` int64 [n] under the noise of `places` uint64 [n]: fields f32 [n,H,H]."""

    def __call__(self, index: np.ndarray, places: np.ndarray) -> np.ndarray: ...


@dataclass(frozen=True)
class Setting:
    """How text is set. Lengths are in x-heights."""

    wrap: float | None = None
    """Greatest width of a line; None: lines end only where the text says so."""
    gap: float = spacing.DEFAULT_GAP
    """Clear space between two straight stems."""
    letter_spacing: float = 1.0
    """Multiplies the space between letters."""
    word_spacing: float = 1.0
    """Multiplies the space between words."""
    line_spacing: float = 1.0
    """Multiplies the distance of the lines."""
    margin: float = 1.0
    """Paper around the text."""
    wander: float = 1.0
    """Multiplies what the baseline wanders; 0 is a ruler."""
    missing: Missing = "error"
    """What to do with characters that cannot be drawn: error, skip or box."""

    def __post_init__(self) -> None:
        limits = {"gap": 5, "letter_spacing": 20, "word_spacing": 50, "line_spacing": 50, "margin": 1000, "wander": 10}
        for entry in fields(self):
            value = getattr(self, entry.name)
            if entry.name in limits and not (math.isfinite(value) and 0 <= value <= limits[entry.name]):
                name = entry.name.replace("_", " ")
                raise InputError(f"{name} is {plain(value)}; give a number from 0 to {limits[entry.name]}")
        if self.wrap is not None and not WRAP[0] <= self.wrap <= WRAP[1]:
            raise InputError(f"lines are to wrap at {plain(self.wrap)} x-heights; give a width of 2 to 100,000 of them")


def layout(
    text: str,
    draw: Draw,
    charset: Sequence[str],
    frame: Frame,
    *,
    seed: int = 0,
    setting: Setting | None = None,
    bearings: Mapping[str, tuple[float, float]] | None = None,
) -> Page:
    """Set `text` on one Page.

    `charset`: what `draw` can draw, in the order of its indices. `bearings`: space to add left and right, in
    x-heights, of characters whose ink misleads; instead of, or beside, spacing.BEARINGS. Raises InputError for text
    that cannot be set (see charset.read).
    """
    setting = setting or Setting()
    items, report = characters.read(text, charset, setting.missing)
    script = split(items)
    index, sides = {char: i for i, char in enumerate(charset)}, {**spacing.BEARINGS, **(bearings or {})}
    drawn = _draw(script, draw, index, frame, seed, range(len(script.items)))
    keys = np.array([noise.place(*pair) for pair in zip(script.words, script.times, strict=True)], np.uint64)
    lines = _lines(script, _profiles(drawn, frame), frame, seed, setting, sides, keys)
    hyphen = characters.Charset(charset).pieces("-") if len(lines.torn) else None
    if hyphen:
        script, added = hyphenate(script, set(script.word[lines.torn].tolist()), hyphen)
        if len(added):
            marks = _draw(script, draw, index, frame, seed, added.tolist())
            drawn = np.insert(drawn, added - np.arange(len(added)), marks, axis=0)
            lines = _lines(script, _profiles(drawn, frame), frame, seed, setting, sides, keys)
    return _page(script, lines, drawn, charset, frame, seed, setting, keys, report)


def _lines(
    script: Script,
    edges: spacing.Profiles,
    frame: Frame,
    seed: int,
    setting: Setting,
    bearings: Mapping[str, tuple[float, float]],
    keys: np.ndarray,
) -> Lines:
    step = _steps(script, edges, frame, setting, bearings)
    left, right = edges.box()
    indent = np.where(script.newlines > 0, script.space, 0.0) * INDENT * setting.word_spacing
    if len(indent):
        indent[0] = script.space[0] * INDENT * setting.word_spacing
    indent += setting.wander * baseline.margins(seed, keys)[script.word]
    return break_lines(script, step, left, right, indent, setting.wrap)


def _draw(
    script: Script, draw: Draw, index: Mapping[str, int], frame: Frame, seed: int, glyphs: Sequence[int]
) -> np.ndarray:
    """Fields float16 [n,H,H] of the given glyphs of `script`; memory beside them is bounded."""
    result = np.empty((len(glyphs), frame.size, frame.size), np.float16)
    for start in range(0, len(glyphs), _CHUNK):
        part = glyphs[start : start + _CHUNK]
        owner, chars, places = [], [], []
        for glyph in part:
            for number, piece in enumerate(script.items[glyph].pieces):
                owner.append(glyph)
                chars.append(index[piece.char])
                places.append(script.piece_place(glyph, number) if number else int(script.place[glyph]))
        fields = draw(np.array(chars, np.int64), np.array(places, np.uint64)) if owner else np.empty(0)
        at = 0
        for row, glyph in enumerate(part, start):
            item = script.items[glyph]
            if item.kind == "box":
                jitter = noise.uniforms(seed, "glyph", script.place[glyph : glyph + 1], 8)[0]
                result[row] = box(frame, jitter)
            else:
                result[row] = compose(item.pieces, fields[at : at + len(item.pieces)], frame)
                at += len(item.pieces)
    return result


def _profiles(drawn: np.ndarray, frame: Frame) -> spacing.Profiles:
    parts = [spacing.profiles(drawn[i : i + _CHUNK], frame) for i in range(0, len(drawn), _CHUNK)]
    return spacing.Profiles(np.concatenate([p.left for p in parts]), np.concatenate([p.right for p in parts]))


def _steps(
    script: Script,
    edges: spacing.Profiles,
    frame: Frame,
    setting: Setting,
    bearings: Mapping[str, tuple[float, float]],
) -> np.ndarray:
    """Distance [n] of each glyph's centre line from the one before it that is not an optional hyphen."""
    count = len(script.items)
    step = np.zeros(count)
    before = np.maximum.accumulate(np.where(script.optional, 0, np.arange(count)))
    before = np.concatenate([[0], before[:-1]]) if count else before
    pairs = np.flatnonzero(script.newlines == 0)
    pairs = pairs[pairs > 0]
    sides = np.array([bearings.get(item.text, (0.0, 0.0)) for item in script.items]).reshape(-1, 2)
    extra = sides[before, 1] + sides[:, 0]
    gap = setting.gap * setting.letter_spacing
    clearance = min(spacing.CLEARANCE, max(0.5 * gap, TIGHTEST))
    # a blank is wider by its own letter space and that of the letter before it, as in typesetting
    wider = setting.gap * (setting.letter_spacing - 1) * (2 if setting.letter_spacing > 1 else 1)
    word_space = max(0.0, (WORD_SPACE + setting.gap) * setting.word_spacing + wider)
    for start in range(0, len(pairs), _CHUNK):
        now = pairs[start : start + _CHUNK]
        near = now[script.space[now] == 0]
        far = now[script.space[now] > 0]
        if len(near):
            distance = spacing.distances(edges.take(before[near]), edges.take(near), frame, gap, clearance)
            step[near] = distance + extra[near] * setting.letter_spacing
        if len(far):
            blank = script.space[far]
            first = np.minimum(blank, 1.0) * word_space
            more = np.maximum(blank - 1.0, 0.0) * INDENT * setting.word_spacing
            tight = spacing.distances(edges.take(before[far]), edges.take(far), frame, gap, clearance)
            step[far] = np.maximum(tight, spacing.apart(edges.take(before[far]), edges.take(far), frame, first + more))
    return step


def _page(
    script: Script,
    lines: Lines,
    drawn: np.ndarray,
    charset: Sequence[str],
    frame: Frame,
    seed: int,
    setting: Setting,
    keys: np.ndarray,
    report: characters.Report,
) -> Page:
    kept = lines.kept
    word, place, x = script.word[kept], script.place[kept], lines.x + setting.margin
    shapes = drawn if len(kept) == len(drawn) else drawn[kept]
    rise, angle = baseline.wander(seed, keys, place, word, lines.line, lines.x)
    rise, angle = rise * setting.wander, angle * setting.wander
    ink = ink_boxes(shapes, frame)
    top, bottom = rise - ink[:, 1], ink[:, 3] - rise
    baselines, height = _stack(lines, x + ink[:, 0], x + ink[:, 2], top, bottom, setting)
    widest = float((x + ink[:, 2]).max())
    if setting.wrap is not None:
        widest = max(widest, setting.margin + setting.wrap)
    number = {char: i for i, char in enumerate(charset)}
    items = [script.items[i] for i in kept.tolist()]
    return Page(
        frame=frame,
        width=widest + setting.margin,
        height=height,
        texts=tuple(item.text for item in items),
        char=np.array([number[item.pieces[0].char] if item.pieces else -1 for item in items], np.int32),
        x=x,
        y=baselines[lines.line] - rise,
        scale=np.ones(len(items), np.float32),
        angle=angle.astype(np.float32),
        slant=np.zeros(len(items), np.float32),
        depth=np.ones(len(items), np.float32),
        struck=np.zeros(len(items), bool),
        word=word,
        line=lines.line,
        letter=script.letter[kept],
        place=place,
        fields=shapes,
        words=script.words,
        baselines=baselines,
        seed=seed,
        report=report,
    )


def _stack(
    lines: Lines, left: np.ndarray, right: np.ndarray, top: np.ndarray, bottom: np.ndarray, setting: Setting
) -> tuple[np.ndarray, float]:
    """Baselines [lines] and the height of the sheet: even, but wider where ink would touch the line above."""
    pitch = LINE_HEIGHT * setting.line_spacing
    first, last = np.floor(left / _BIN).astype(np.int64) - 1, np.ceil(right / _BIN).astype(np.int64) + 1
    first -= (low := int(first.min()))
    last -= low
    bins = int(last.max()) + 1
    used, row = np.unique(lines.line, return_inverse=True)
    over = np.full((len(used), bins), -np.inf, np.float32)
    under = np.full((len(used), bins), -np.inf, np.float32)
    for offset in range(int((last - first).max()) + 1):
        reach = np.flatnonzero(first + offset <= last)
        at = (row[reach], first[reach] + offset)
        np.maximum.at(over, at, top[reach].astype(np.float32))
        np.maximum.at(under, at, bottom[reach].astype(np.float32))
    need = np.zeros(lines.count)
    follows = np.flatnonzero(np.diff(used) == 1)
    need[used[follows + 1]] = (under[follows] + over[follows + 1]).max(axis=1) + CLEAR_LINES
    gaps = np.maximum(pitch, need)
    gaps[0] = setting.margin + max(1.6, float(over[0].max()) if used[0] == 0 else 0.0)
    baselines = np.cumsum(gaps)
    foot = max(0.6, float(under[-1].max()) if used[-1] == lines.count - 1 else 0.0)
    # ink of an earlier line could hang lower than that of the last
    foot = max(foot, float((baselines[lines.line] + bottom).max() - baselines[-1]))
    return baselines, float(baselines[-1] + foot + setting.margin)

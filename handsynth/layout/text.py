"""Text to a Page: one picture of a text, as large as it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from handsynth.frame import Frame
from handsynth.layout import baseline
from handsynth.layout.drawing import GlyphDrawer
from handsynth.layout.joins import join
from handsynth.layout.lines import BrokenLines
from handsynth.layout.page import Page
from handsynth.layout.setting import INDENT, LINE_HEIGHT, Setting
from handsynth.layout.typeset import Typeset, Typesetter, typeset
from handsynth.layout.words import Script, split
from handsynth.text import charset as characters

CLEAR_LINES = 0.1
"""Ink of neighbouring lines stays this far apart, in x-heights."""

_BIN = 0.25


def layout(
    text: str,
    draw: GlyphDrawer,
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
    how = setting or Setting()
    items, report = characters.read(text, characters.Charset(charset, how.recipes), how.missing)
    typesetter = Typesetter(draw, charset, frame, seed, setting or Setting(), bearings or {})
    script = split(items)
    drawn = typesetter.drawn([(script, glyph) for glyph in range(len(script.items))])
    keys = typesetter.keys(script)
    indent = indents(typesetter.setting, baseline.margins(seed, keys))
    done = typeset(typesetter, script, drawn, indent, typesetter.setting.wrap)
    return page_of(typesetter, done, baseline.BaselineNoise.of(seed, keys, seed, done.script.place), report)


def indents(setting: Setting, margins: np.ndarray) -> Callable[[Script], np.ndarray]:
    """What says where a line begins that begins with each glyph of a script; `margins` [w] of its words."""
    inside = setting.wander * margins

    def indent(script: Script) -> np.ndarray:
        result = np.where(script.newlines > 0, script.space, 0.0) * INDENT * setting.word_spacing
        if len(result):
            result[0] = script.space[0] * INDENT * setting.word_spacing
        result += inside[script.word]
        return result

    return indent


def page_of(typesetter: Typesetter, done: Typeset, chance: baseline.BaselineNoise, report: characters.Report) -> Page:
    """The Page of a script in lines; `chance` is that of its words and glyphs."""
    script, lines, drawn, frame, setting = done.script, done.lines, done.drawn, typesetter.frame, typesetter.setting
    kept = lines.kept
    word, place, x = script.word[kept], script.place[kept], lines.x + setting.margin
    shapes = drawn if len(kept) == len(drawn) else drawn.take(kept)
    chance = baseline.BaselineNoise(chance.words, chance.letters[kept])
    rise, angle = baseline.wander(chance, word, lines.line, lines.x)
    rise, angle = rise * setting.wander, angle * setting.wander
    ink = shapes.boxes(frame)
    top, bottom = rise - ink[:, 1], ink[:, 3] - rise
    baselines, height = _stack(lines, x + ink[:, 0], x + ink[:, 2], top, bottom, setting)
    widest = float((x + ink[:, 2]).max())
    if setting.wrap is not None:
        widest = max(widest, setting.margin + setting.wrap)
    items = [script.items[i] for i in kept.tolist()]
    page = Page(
        frame=frame,
        width=widest + setting.margin,
        height=height,
        texts=tuple(item.text for item in items),
        char=np.array([typesetter.index[item.pieces[0].char] if item.pieces else -1 for item in items], np.int32),
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
        glyphs=shapes,
        words=script.words,
        baselines=baselines,
        seed=typesetter.seed,
        report=report,
    )
    return join(page, setting.joins)


def _stack(
    lines: BrokenLines, left: np.ndarray, right: np.ndarray, top: np.ndarray, bottom: np.ndarray, setting: Setting
) -> tuple[np.ndarray, float]:
    """Baselines [lines] and the height of the sheet: even, but wider where ink would touch the line above."""
    if lines.count == 1:
        head = setting.margin + max(1.6, float(top.max()))
        return np.array([head]), head + max(0.6, float(bottom.max())) + setting.margin
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
